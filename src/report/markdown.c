#include "report/markdown.h"

#include <stdlib.h>

#include "report/prose.h"
#include "report/recipe.h"
#include "warrant/figure.h"
#include "warrant/sentence.h"

enum { ROWS_OF_READING = 3 };

typedef struct Text {
    Buffer *out;
    const Report *report;
    Arena *arena;
} Text;

/* The template with each `$` replaced by the next value, escaped; as MARKUP() does for HTML. */
#define FILL(out, template, ...) fill(out, template, (const char *const[]){__VA_ARGS__, NULL})
static void fill(Buffer *out, const char *template, const char *const *values)
{
    for (; *template != '\0'; template ++)
        if (*template == '$')
            prose_escape(out, span_of(*values++));
        else
            buffer_byte(out, *template);
}

static void cell(Buffer *out, Span text)
{
    buffer_text(out, " ");
    if (text.size == 0)
        buffer_text(out, "–");
    else
        prose_escape(out, text);
    buffer_text(out, " |");
}

/* Commands hold no fence of backticks that is longer than the longest run in them. */
static void block(Buffer *out, Span text)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < text.size; i++) {
        run = text.at[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    size_t fence = longest < 3 ? 3 : longest + 1;
    buffer_byte(out, '\n');
    for (size_t i = 0; i < fence; i++)
        buffer_byte(out, '`');
    buffer_text(out, "sh\n");
    buffer_visible(out, text, "\n");
    for (size_t i = 0; i < fence; i++)
        buffer_byte(out, '`');
    buffer_text(out, "\n\n");
}

static bool has_roles(const Excerpt *excerpt)
{
    return excerpt->count != 0 && excerpt->rows[0].role != ROW_PLAIN;
}

static void write_rule(Text *text, const Excerpt *excerpt, bool roles)
{
    buffer_text(text->out, roles ? "\n|---|---|" : "\n|");
    for (size_t i = 0; i < excerpt->width; i++)
        buffer_text(text->out, excerpt->numeric[i] ? "---:|" : "---|");
    buffer_byte(text->out, '\n');
}

static void write_excerpt(Text *text, const Excerpt *excerpt, const char *caption)
{
    static const char *const words[] = {"", "decides", "rival", "compared with"};
    bool roles = has_roles(excerpt);
    FILL(text->out, "\n*$*\n\n|", caption);
    buffer_text(text->out, roles ? " reading | row |" : "");
    for (size_t i = 0; i < excerpt->width; i++)
        cell(text->out, span_of(excerpt->names[i]));
    write_rule(text, excerpt, roles);
    for (size_t r = 0; r < excerpt->count; r++) {
        const ExcerptRow *row = &excerpt->rows[r];
        buffer_byte(text->out, '|');
        if (roles) {
            cell(text->out, span_of(row->reading == NULL ? "" : row->reading));
            cell(text->out, span_of(words[row->role]));
        }
        for (size_t i = 0; i < excerpt->width; i++)
            cell(text->out, row->cells[i]);
        buffer_byte(text->out, '\n');
    }
    if (excerpt->more != 0)
        buffer_format(text->out, "\nand %llu more row%s\n", (unsigned long long)excerpt->more,
                      excerpt->more == 1 ? "" : "s");
    buffer_byte(text->out, '\n');
}

static void write_glance(Text *text)
{
    const Report *report = text->report;
    Totals totals = report_totals(report);
    FILL(text->out, "# $\n\n", report->title);
    buffer_format(text->out, "%zu claim%s in %zu passage%s, %zu verdict%s.\n", totals.claims,
                  totals.claims == 1 ? "" : "s", report->count, report->count == 1 ? "" : "s",
                  totals.readings, totals.readings == 1 ? "" : "s");
    if (totals.beside != 0)
        buffer_format(text->out,
                      "Not counted: %zu claim%s beside the text, which it does not make.\n",
                      totals.beside, totals.beside == 1 ? "" : "s");
    buffer_text(text->out, "\n| claim | overall | holds in |\n|---|---|---|\n");
    for (size_t c = 0; c < report->count; c++)
        for (size_t i = 0; i < report->chapters[c].count; i++) {
            const Section *section = &report->chapters[c].sections[i];
            const Stand *stand = &section->stand;
            FILL(text->out, "| [$](#$)$ | $ | ", section->verdicts->claim->says, section->id,
                 section->verdicts->claim->beside ? " (beside the text)" : "",
                 standing_word(stand));
            buffer_format(text->out, "%zu of %zu |\n", stand->verdicts[VERDICT_REPRODUCED],
                          stand->readings);
        }
}

static const char *expected(const Judgement *judgement)
{
    if (judgement->expected == EXPECTED_NO)
        return " (not expected)";
    return judgement->expected == EXPECTED_YES && judgement->verdict != VERDICT_REPRODUCED
               ? " (as expected)"
               : "";
}

static void write_judgement(Text *text, const Section *section, const Judgement *judgement)
{
    const Claim *claim = section->verdicts->claim;
    const Trial *trial = judgement->trial;
    const char *name = trial->other == NULL ? trial->reading->name
                                            : arena_format(text->arena, "%s, vintage %s",
                                                           trial->reading->name, trial->other);
    for (size_t i = 0; i < claim->check_count; i++) {
        const Outcome *outcome = &judgement->outcomes[i];
        const char *rounding = standing_rounding(outcome, text->arena);
        FILL(text->out, "| $ | $$ | $$$ |\n", name, verdict_name(outcome->verdict),
             outcome->verdict == judgement->verdict ? expected(judgement) : "",
             sentence_outcome(outcome, text->arena), rounding[0] == '\0' ? "" : "; ", rounding);
    }
    if (claim->untestable != NULL)
        FILL(text->out, "| $ | $$ | $ |\n", name, verdict_name(judgement->verdict),
             expected(judgement), claim->untestable);
}

static void write_readings(Text *text, const Section *section)
{
    buffer_text(text->out, "\n| reading | verdict | observed |\n|---|---|---|\n");
    for (size_t i = 0; i < section->verdicts->count; i++)
        write_judgement(text, section, &section->verdicts->judgements[i]);
    buffer_byte(text->out, '\n');
}

static void write_decisions(Text *text, const Section *section)
{
    Decisions decisions = {0};
    const ClaimVerdicts *verdicts = section->verdicts;
    for (size_t c = 0; c < verdicts->claim->check_count; c++)
        for (size_t i = 0; i < verdicts->count; i++) {
            const Trial *trial = verdicts->judgements[i].trial;
            if (trial->other == NULL)
                decisions_add(&decisions, &verdicts->judgements[i].outcomes[c],
                              trial->reading->name, ROWS_OF_READING, text->arena);
        }
    decisions_finish(&decisions, PLACES_NEAT, text->arena);
    for (size_t i = 0; i < decisions.count; i++)
        write_excerpt(
            text, &decisions.items[i].excerpt,
            arena_format(text->arena, "Rows of %s that decided", decisions.items[i].step));
}

static void write_step(Text *text, const Result *result)
{
    Buffer commands = {0};
    const char *why = result->step == NULL ? NULL : result->step->why;
    FILL(text->out, "- step $$$\n", result->name, why == NULL ? "" : ": ", why == NULL ? "" : why);
    for (size_t i = 0; i < result->command_count; i++) {
        recipe_stage(&commands, result, i, text->arena);
        recipe_rows(&commands, result, i);
        buffer_byte(&commands, '\n');
    }
    if (commands.size != 0)
        block(text->out, buffer_span(&commands));
    buffer_free(&commands);
}

static void write_derivation(Text *text, const Section *section, const Judgement *judgement)
{
    Chain chain = {0};
    inventory_judgement(&chain, section->verdicts, judgement);
    if (chain.count != 0)
        FILL(text->out, "\nHow the verdict in $ came about:\n\n", judgement->trial->reading->name);
    for (size_t i = 0; i < chain.count; i++) {
        const Result *result = chain.items[i];
        if (inventory_is_step(result))
            write_step(text, result);
        else if (result->resource != NULL)
            FILL(text->out, "- source $: [$](#source-$)$$\n", result->name, result->resource->name,
                 result->resource->name, result->state == RESULT_THERE ? "" : ", ",
                 result->state == RESULT_THERE ? "" : result->reason);
    }
    free(chain.items);
}

static void write_exhibit(Text *text, const Exhibit *exhibit)
{
    const char *where = exhibit->reading == NULL ? "" : ", reading ";
    const char *caption =
        arena_format(text->arena, "%s (step %s%s%s)", exhibit->title, exhibit->step->name, where,
                     exhibit->reading == NULL ? "" : exhibit->reading);
    if (exhibit->problem != NULL)
        FILL(text->out, "\n*$*: cannot be shown: $\n", caption, exhibit->problem);
    if (exhibit->excerpt.width != 0)
        write_excerpt(text, &exhibit->excerpt, caption);
    if (!exhibit->is_plot || exhibit->command == NULL)
        return;
    Buffer command = {0};
    recipe_command(&command, exhibit->command, exhibit->result, text->arena);
    buffer_byte(&command, '\n');
    buffer_text(text->out, "Drawn by\n");
    block(text->out, buffer_span(&command));
    buffer_free(&command);
}

static void write_section(Text *text, const Chapter *chapter, const Section *section)
{
    const Claim *claim = section->verdicts->claim;
    FILL(text->out, "\n<a id=\"$\"></a>\n\n### $\n\n", section->id, claim->says);
    if (claim->at != NULL)
        FILL(text->out, "$ · ", claim->at);
    FILL(text->out, "`$`\n\n**$.** $\n", section->name, standing_word(&section->stand),
         section->stand.line);
    if (section->note != NULL) {
        buffer_byte(text->out, '\n');
        prose_markdown(text->out, section->note, 3);
    }
    write_readings(text, section);
    write_decisions(text, section);
    for (size_t i = 0; i < section->exhibit_count; i++)
        if (report_owner(chapter, section->exhibits[i]) == section)
            write_exhibit(text, section->exhibits[i]);
    for (size_t i = 0; i < section->verdicts->count; i++)
        write_derivation(text, section, &section->verdicts->judgements[i]);
    for (size_t i = 0; i < section->verdicts->fault_count; i++)
        FILL(text->out, "\nThe control $.\n", section->verdicts->faults[i]);
}

static void write_chapter(Text *text, const Chapter *chapter)
{
    FILL(text->out, "\n## $\n\n", chapter->title);
    if (chapter->about != NULL)
        prose_markdown(text->out, chapter->about, 2);
    for (size_t i = 0; i < chapter->count; i++)
        write_section(text, chapter, &chapter->sections[i]);
    for (size_t i = 0; i < chapter->beside_count; i++)
        write_exhibit(text, chapter->beside[i]);
}

static void write_item(Text *text, const char *name, const char *value)
{
    if (value != NULL)
        FILL(text->out, "- $: $\n", name, value);
}

static void write_sources(Text *text)
{
    const Inventory *inventory = &text->report->inventory;
    buffer_text(text->out, "\n## Sources\n");
    for (size_t i = 0; i < inventory->source_count; i++) {
        const Resource *resource = inventory->sources[i]->resource;
        FILL(text->out, "\n<a id=\"source-$\"></a>\n\n### $\n\n", resource->name,
             resource->title == NULL ? resource->name : resource->title);
        write_item(text, "from", resource->source);
        write_item(text, "vintage", resource->vintage);
        write_item(text, "licence", resource->licence);
        write_item(text, "file", resource->path);
        write_item(text, "sha256", resource->sha256);
        if (inventory->sources[i]->parts.count == 0)
            write_item(text, "to obtain it", resource->obtain);
    }
    buffer_text(text->out, "\n## Programs\n\n| program | sha256 |\n|---|---|\n");
    for (size_t i = 0; i < inventory->tool_count; i++)
        FILL(text->out, "| $ | $ |\n", inventory->tools[i].name, inventory->tools[i].sha256);
    FILL(text->out, "\nMade by warrant " WARRANT_VERSION ":\n", "");
    Buffer command = {0};
    buffer_format(&command, "%s\n", text->report->command);
    block(text->out, buffer_span(&command));
    buffer_free(&command);
}

void markdown_write(Buffer *out, const Report *report)
{
    Arena arena = {0};
    Text text = {out, report, &arena};
    write_glance(&text);
    for (size_t i = 0; i < report->count; i++)
        write_chapter(&text, &report->chapters[i]);
    write_sources(&text);
    arena_free(&arena);
}
