#include "report/report.h"

#include <stdlib.h>

#include "base/diagnostic.h"
#include "report/markup.h"
#include "report/placeholder.h"
#include "warrant/sentence.h"

static const char *take(Buffer *buffer, Arena *arena)
{
    const char *copy = arena_copy(arena, buffer->at, buffer->size);
    buffer_free(buffer);
    return copy;
}

static const char *id_of(const char *pipeline, const char *claim, Arena *arena)
{
    Buffer id = {0};
    markup_id(&id, pipeline);
    if (claim != NULL) {
        buffer_byte(&id, '.');
        markup_id(&id, claim);
    }
    return take(&id, arena);
}

/* Prose with its placeholders filled, still Markdown. */
static const char *fill_prose(Report *report, const char *prose, const char *place)
{
    if (prose == NULL)
        return NULL;
    Template template = {
        .text = span_of(prose), .place = place, .form = FORM_MARKDOWN, .strict = false};
    Buffer filled = {0};
    placeholder_fill(&filled, &template, &report->library, &report->arena);
    return take(&filled, &report->arena);
}

static void find_exhibits(const Chapter *chapter, Section *section, Arena *arena)
{
    const Exhibits *all = &chapter->exhibits;
    section->exhibits = arena_array(arena, all->count, sizeof(Exhibit *));
    for (size_t i = 0; i < all->count; i++)
        if (inventory_stands_on(section->verdicts, all->items[i].step))
            section->exhibits[section->exhibit_count++] = &all->items[i];
}

const Section *report_owner(const Chapter *chapter, const Exhibit *exhibit)
{
    for (size_t s = 0; s < chapter->count; s++)
        for (size_t i = 0; i < chapter->sections[s].exhibit_count; i++)
            if (chapter->sections[s].exhibits[i] == exhibit)
                return &chapter->sections[s];
    return NULL;
}

static void find_beside(Chapter *chapter, Arena *arena)
{
    chapter->beside = arena_array(arena, chapter->exhibits.count, sizeof(Exhibit *));
    for (size_t i = 0; i < chapter->exhibits.count; i++)
        if (report_owner(chapter, &chapter->exhibits.items[i]) == NULL)
            chapter->beside[chapter->beside_count++] = &chapter->exhibits.items[i];
}

static void make_section(Report *report, Chapter *chapter, const ClaimVerdicts *verdicts)
{
    Arena *arena = &report->arena;
    PipelineVerdicts *pipeline = chapter->pipeline;
    const Claim *claim = verdicts->claim;
    Section *section = &chapter->sections[chapter->count++];
    *section = (Section){.verdicts = verdicts};
    section->name = arena_format(arena, "%s.%s", pipeline->name, claim->name);
    section->id = id_of(pipeline->name, claim->name, arena);
    section->stand = standing_of(verdicts, arena);
    section->arrangement = grid_arrange(pipeline, verdicts, arena);
    section->note = fill_prose(report, claim->note,
                               arena_format(arena, "%s: %s: note", pipeline->path, claim->name));
    find_exhibits(chapter, section, arena);
}

static void make_chapter(Report *report, Volume *volume)
{
    Arena *arena = &report->arena;
    PipelineVerdicts *pipeline = &volume->pipeline;
    const Document *document = pipeline->document;
    Chapter *chapter = &report->chapters[report->count++];
    *chapter = (Chapter){.pipeline = pipeline};
    chapter->id = id_of(pipeline->name, NULL, arena);
    chapter->title = document->title != NULL ? document->title : pipeline->name;
    chapter->about =
        fill_prose(report, document->about, arena_format(arena, "%s: about", pipeline->path));
    chapter->exhibits = exhibits_make(pipeline, arena);
    chapter->sections = arena_array(arena, pipeline->count, sizeof *chapter->sections);
    for (size_t i = 0; i < pipeline->count; i++)
        make_section(report, chapter, &pipeline->claims[i]);
    find_beside(chapter, arena);
}

void report_make(Report *report, char *const *paths, size_t count, const char *title)
{
    for (size_t i = 0; i < count; i++)
        library_open(&report->library, paths[i]);
    for (size_t i = 0; i < count; i++)
        verdicts_judge(&report->library.volumes[i]->pipeline, "all");
    report->chapters = arena_array(&report->arena, count, sizeof *report->chapters);
    for (size_t i = 0; i < count; i++)
        make_chapter(report, report->library.volumes[i]);
    report->inventory = inventory_make(&report->library, &report->arena);
    report->title = title != NULL ? title
                    : count == 1  ? report->chapters[0].title
                                  : "Every claim, and the rows behind it";
}

void report_free(Report *report)
{
    inventory_free(&report->inventory);
    library_close(&report->library);
    arena_free(&report->arena);
}

static size_t tell_failures(const Section *section, Arena *arena)
{
    const ClaimVerdicts *verdicts = section->verdicts;
    size_t count = 0;
    for (size_t i = 0; i < verdicts->count; i++) {
        const Judgement *judgement = &verdicts->judgements[i];
        for (size_t c = 0; c < verdicts->claim->check_count; c++) {
            if (judgement->outcomes[c].verdict != VERDICT_FAILED)
                continue;
            count++;
            warn("%s@%s: failed: %s", section->name, judgement->trial->reading->name,
                 sentence_outcome(&judgement->outcomes[c], arena));
        }
    }
    return count;
}

size_t report_shortcomings(const Report *report)
{
    size_t count = 0;
    Arena arena = {0};
    for (size_t c = 0; c < report->count; c++) {
        const Chapter *chapter = &report->chapters[c];
        for (size_t i = 0; i < chapter->count; i++)
            count += tell_failures(&chapter->sections[i], &arena);
        for (size_t i = 0; i < chapter->exhibits.count; i++) {
            const Exhibit *exhibit = &chapter->exhibits.items[i];
            bool missing = exhibit->problem != NULL && exhibit->result->state != RESULT_UNAVAILABLE;
            count += missing;
            if (missing)
                warn("%s: %s: %s is missing from the report: %s", chapter->pipeline->name,
                     exhibit->step->name, exhibit->is_plot ? "a plot" : "a table",
                     exhibit->problem);
        }
    }
    arena_free(&arena);
    return count;
}

static bool same_columns(const Excerpt *excerpt, const Header *header)
{
    return header_equal(&(Header){excerpt->names, excerpt->width}, header);
}

static Excerpt *excerpt_for(Decisions *decisions, const char *step, const Header *header,
                            Arena *arena)
{
    for (size_t i = 0; i < decisions->count; i++)
        if (strcmp(decisions->items[i].step, step) == 0 &&
            same_columns(&decisions->items[i].excerpt, header))
            return &decisions->items[i].excerpt;
    if (decisions->count == decisions->room) {
        Decision *old = decisions->items;
        decisions->room = decisions->room * 2 + 2;
        decisions->items = arena_array(arena, decisions->room, sizeof *old);
        if (decisions->count != 0)
            memcpy(decisions->items, old, decisions->count * sizeof *old);
    }
    Decision *decision = &decisions->items[decisions->count++];
    *decision = (Decision){.step = step};
    excerpt_begin(&decision->excerpt, header, arena);
    return &decision->excerpt;
}

static void add_finding(Decisions *decisions, const Finding *finding, ExcerptRow row, size_t limit,
                        Arena *arena)
{
    const Rows *rows = &finding->rows;
    if (rows->kept == 0)
        return;
    Excerpt *excerpt = excerpt_for(decisions, finding->result->name, &rows->header, arena);
    size_t shown = 0;
    for (; shown < rows->kept && shown < limit; shown++) {
        row.cells = rows->cells[shown];
        excerpt_add(excerpt, row, arena);
    }
    excerpt->more += rows->count - shown;
}

void decisions_add(Decisions *decisions, const Outcome *outcome, const char *reading, size_t limit,
                   Arena *arena)
{
    const Finding *observed = &outcome->observed;
    ExcerptRow row = {.role = ROW_DECIDES, .reading = reading};
    add_finding(decisions, observed, row, limit, arena);
    if (outcome->rival.found && outcome->check->other == NULL && observed->rows.kept != 0) {
        Excerpt *excerpt =
            excerpt_for(decisions, observed->result->name, &observed->rows.header, arena);
        row.role = ROW_RIVAL;
        row.cells = outcome->rival.cells;
        excerpt_add(excerpt, row, arena);
    }
    row.role = ROW_OTHER;
    add_finding(decisions, &outcome->other, row, limit, arena);
}

void decisions_finish(Decisions *decisions, int32_t places, Arena *arena)
{
    for (size_t i = 0; i < decisions->count; i++)
        excerpt_finish(&decisions->items[i].excerpt, places, arena);
}

static void add_stand(Totals *totals, const Stand *stand)
{
    totals->claims++;
    totals->standings[stand->standing]++;
    totals->readings += stand->readings;
    for (size_t v = 0; v <= VERDICT_FAILED; v++)
        totals->verdicts[v] += stand->verdicts[v];
}

Totals report_totals(const Report *report)
{
    Totals totals = {0};
    for (size_t c = 0; c < report->count; c++)
        for (size_t i = 0; i < report->chapters[c].count; i++) {
            const Section *section = &report->chapters[c].sections[i];
            if (section->verdicts->claim->beside)
                totals.beside++;
            else
                add_stand(&totals, &section->stand);
        }
    return totals;
}
