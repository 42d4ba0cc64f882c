/* Claims by readings: what was observed in each, and what follows. */

#include "report/gauge.h"
#include "report/markup.h"
#include "report/page_part.h"
#include "warrant/figure.h"
#include "warrant/sentence.h"

enum { CELL_PLACES = 4, ROWS_OF_READING = 3 };

/* Past so many the rows that decided are folded. */
enum { MANY_READINGS = 12 };

static const Outcome *outcome_of(const Judgement *judgement, size_t check)
{
    return &judgement->outcomes[check];
}

/* Readings of one check share a scale. */
static Scale scale_of(const Section *section, size_t check, Arena *arena)
{
    Scale scale = {0};
    for (size_t i = 0; i < section->arrangement.alone_count; i++)
        scale_include(&scale, outcome_of(section->arrangement.alone[i], check), arena);
    scale_finish(&scale, arena);
    return scale;
}

static const char *expected_word(const Judgement *judgement)
{
    if (judgement->expected == EXPECTED_NO)
        return "not expected";
    return judgement->expected == EXPECTED_YES && judgement->verdict != VERDICT_REPRODUCED
               ? "as expected"
               : "";
}

static void write_reading(Page *page, const Section *section, const Judgement *judgement)
{
    const Reading *reading = judgement->trial->reading;
    buffer_text(page->out, "<th role=\"rowheader\" scope=\"row\"><a href=\"#");
    page_trial_id(page, section, judgement);
    MARKUP(page->out, "\">$</a>", reading->name);
    const char *changes = standing_reading(reading, page->arena);
    if (changes[0] != '\0')
        MARKUP(page->out, "<small>$</small>", changes);
    buffer_text(page->out, "</th>");
}

static void write_verdict(Page *page, const Judgement *judgement, const Outcome *outcome)
{
    buffer_text(page->out, "<td role=\"cell\" class=\"is\">");
    page_verdict(page, outcome->verdict);
    if (outcome->verdict == judgement->verdict)
        MARKUP(page->out, "<small>$</small>", expected_word(judgement));
    buffer_text(page->out, "</td>");
}

static void write_outcome(Page *page, const Section *section, const Judgement *judgement,
                          size_t check, const Scale *scale)
{
    const Outcome *outcome = outcome_of(judgement, check);
    const char *sentence = sentence_outcome(outcome, page->arena);
    MARKUP(page->out, "<tr role=\"row\" class=\"$\">", verdict_class(outcome->verdict));
    write_reading(page, section, judgement);
    write_verdict(page, judgement, outcome);
    buffer_text(page->out, "<td role=\"cell\" class=\"drawn\">");
    gauge_draw(page->out, scale, outcome, sentence, page->arena);
    MARKUP(page->out, "</td><td role=\"cell\" class=\"found\">$<small>$</small></td></tr>\n",
           sentence, standing_rounding(outcome, page->arena));
}

static void write_check_head(Page *page, const Check *check, const Scale *scale, bool named)
{
    buffer_text(page->out, "<tr role=\"row\" class=\"check\">");
    if (named)
        MARKUP(page->out, "<th role=\"columnheader\" scope=\"colgroup\" colspan=\"2\">$</th>",
               check->name);
    else
        buffer_text(page->out, "<th role=\"columnheader\" scope=\"col\">reading</th>"
                               "<th role=\"columnheader\" scope=\"col\">verdict</th>");
    buffer_text(page->out, "<th role=\"columnheader\" scope=\"col\" class=\"drawn\">"
                           "<span class=\"unseen\">allowed and observed</span>");
    gauge_axis(page->out, scale, page->arena);
    MARKUP(page->out, "</th><th role=\"columnheader\" scope=\"col\">observed$$</th></tr>\n",
           check->unit == NULL ? "" : ", ", check->unit == NULL ? "" : check->unit);
}

static void write_check(Page *page, const Section *section, size_t check)
{
    const Claim *claim = section->verdicts->claim;
    const Arrangement *arrangement = &section->arrangement;
    Scale scale = scale_of(section, check, page->arena);
    buffer_text(page->out, "<tbody role=\"rowgroup\">\n");
    write_check_head(page, &claim->checks[check], &scale, claim->check_count > 1);
    for (size_t i = 0; i < arrangement->alone_count; i++)
        write_outcome(page, section, arrangement->alone[i], check, &scale);
    buffer_text(page->out, "</tbody>\n");
}

void page_readings(Page *page, const Section *section)
{
    if (section->arrangement.alone_count == 0 || section->verdicts->claim->check_count == 0)
        return;
    buffer_text(page->out, "<table class=\"readings\" role=\"table\">\n"
                           "<caption>Verdict in each reading</caption>\n");
    for (size_t i = 0; i < section->verdicts->claim->check_count; i++)
        write_check(page, section, i);
    buffer_text(page->out, "</table>\n");
}

static const char *cell_text(const Outcome *outcome, Arena *arena)
{
    const Value *value = &outcome->observed.value;
    if (outcome->verdict != VERDICT_REPRODUCED && outcome->verdict != VERDICT_CONTRADICTED)
        return "";
    if (!value->is_number)
        return arena_copy(arena, value->text.at, value->text.size);
    return outcome->has_interval
               ? figure_beside(value->number, &outcome->interval, CELL_PLACES - 2, arena)
               : figure_text(value->number, CELL_PLACES, arena);
}

static void write_cell(Page *page, const Section *section, const GridCell *cell, size_t check)
{
    if (cell->judgement == NULL) {
        buffer_text(page->out, "<td><span class=\"missing\">–</span></td>");
        return;
    }
    const Outcome *outcome = outcome_of(cell->judgement, check);
    MARKUP(page->out, "<td class=\"$\"><a class=\"$\" href=\"#", verdict_class(outcome->verdict),
           cell->repeats ? "repeats" : "own");
    page_trial_id(page, section, cell->judgement);
    buffer_text(page->out, "\">");
    page_sign(page, verdict_class(outcome->verdict));
    MARKUP(page->out, "<span class=\"unseen\">$ </span>$</a></td>", verdict_name(outcome->verdict),
           cell_text(outcome, page->arena));
}

/* A matrix of one parameter is a single row, which has no name. */
static bool has_rows(const Grid *grid)
{
    return grid->row_name[0] != '\0';
}

static void write_columns(Page *page, const Grid *grid)
{
    buffer_text(page->out, "<thead>\n<tr>");
    if (has_rows(grid))
        MARKUP(page->out, "<th scope=\"col\" rowspan=\"2\">$</th>", grid->row_name);
    MARKUP(page->out, "<th scope=\"colgroup\" colspan=\"$\">$</th></tr>\n<tr>",
           arena_format(page->arena, "%zu", grid->column_count), grid->column_name);
    for (size_t i = 0; i < grid->column_count; i++)
        MARKUP(page->out, "<th scope=\"col\">$</th>", grid->columns[i]);
    buffer_text(page->out, "</tr>\n</thead>\n<tbody>\n");
}

static void write_grid(Page *page, const Section *section, const Grid *grid, size_t check)
{
    const Claim *claim = section->verdicts->claim;
    const char *what = grid->name == NULL ? "Verdict by vintage of the data"
                                          : arena_format(page->arena, "Readings %s", grid->name);
    const char *caption = claim->check_count == 1 ? what
                                                  : arena_format(page->arena, "%s: %s", what,
                                                                 claim->checks[check].name);
    MARKUP(page->out,
           "<div class=\"scroll\" role=\"group\" aria-label=\"$\" tabindex=\"0\">\n"
           "<table class=\"grid\">\n<caption>$</caption>\n",
           caption, caption);
    write_columns(page, grid);
    for (size_t row = 0; row < grid->row_count; row++) {
        buffer_text(page->out, "<tr>");
        if (has_rows(grid))
            MARKUP(page->out, "<th scope=\"row\">$</th>", grid->rows[row]);
        for (size_t i = 0; i < grid->column_count; i++)
            write_cell(page, section, &grid->cells[row * grid->column_count + i], check);
        buffer_text(page->out, "</tr>\n");
    }
    buffer_text(page->out, "</tbody>\n</table>\n</div>\n");
}

void page_grids(Page *page, const Section *section)
{
    const Arrangement *arrangement = &section->arrangement;
    size_t checks = section->verdicts->claim->check_count;
    for (size_t i = 0; i < arrangement->matrix_count; i++)
        for (size_t c = 0; c < checks; c++)
            write_grid(page, section, &arrangement->matrices[i], c);
    for (size_t c = 0; c < checks && arrangement->vintages.row_count != 0; c++)
        write_grid(page, section, &arrangement->vintages, c);
}

static bool is_own(const Judgement *judgement)
{
    return judgement->trial->other == NULL;
}

void page_decisions(Page *page, const Section *section)
{
    Decisions decisions = {0};
    const ClaimVerdicts *verdicts = section->verdicts;
    for (size_t c = 0; c < verdicts->claim->check_count; c++)
        for (size_t i = 0; i < verdicts->count; i++)
            if (is_own(&verdicts->judgements[i]))
                decisions_add(&decisions, outcome_of(&verdicts->judgements[i], c),
                              verdicts->judgements[i].trial->reading->name, ROWS_OF_READING,
                              page->arena);
    decisions_finish(&decisions, PLACES_NEAT, page->arena);
    if (decisions.count == 0)
        return;
    MARKUP(page->out, "<details class=\"decisions\"$><summary>The rows that decided</summary>\n",
           section->stand.readings > MANY_READINGS ? "" : " open");
    for (size_t i = 0; i < decisions.count; i++)
        page_excerpt(page, &decisions.items[i].excerpt,
                     arena_format(page->arena, "Rows of %s", decisions.items[i].step), "deciding");
    buffer_text(page->out, "</details>\n");
}
