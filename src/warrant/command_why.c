/* warrant why: the derivation behind one number. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/option.h"
#include "warrant/commands.h"
#include "warrant/locate.h"
#include "warrant/provenance.h"
#include "warrant/sentence.h"
#include "warrant/tell.h"
#include "warrant/worst_case.h"

static const Option why_options[] = {
    {"reading", 0, "READING", "show this reading alone", 0},
    {"help", 'h', NULL, "show this help", 0},
    {0},
};

static const Claim *find_claim(const Document *document, const char *name, Arena *arena)
{
    const Claim *claim = document_claim(document, name);
    if (claim != NULL)
        return claim;
    const char **names = arena_array(arena, document->claim_count, sizeof *names);
    for (size_t i = 0; i < document->claim_count; i++)
        names[i] = document->claims[i].name;
    fail("%s: unknown claim: %s%s", document->path, shown(name, strlen(name)),
         text_suggestion(span_of(name), names, document->claim_count));
}

static void require_reading(const Document *document, const Claim *claim, const char *name,
                            Arena *arena)
{
    const ReadingList *list = document_readings(document, claim);
    const char **names = arena_array(arena, list->count, sizeof *names);
    for (size_t i = 0; i < list->count; i++) {
        names[i] = list->items[i].name;
        if (name == NULL || strcmp(names[i], name) == 0)
            return;
    }
    fail("%s: %s has no reading %s%s", document->path, claim->name, shown(name, strlen(name)),
         text_suggestion(span_of(name), names, list->count));
}

static void print_chain(const Chain *chain, Arena *arena)
{
    for (size_t i = 0; i < chain->count; i++) {
        const Result *result = chain->items[i];
        if (result->step == NULL) {
            tell(stdout, "\n  source %s\n", result->name);
            provenance_source(stdout, result, "    ");
            continue;
        }
        const char *why = result->step->why == NULL ? "" : result->step->why;
        tell(stdout, "\n  step %s%s%s\n", result->name, *why == '\0' ? "" : ": ",
             on_one_line(span_of(why), arena));
        provenance_commands(stdout, result, "    ", arena);
        if (result->state == RESULT_THERE)
            tell(stdout, "    # kept in %s\n",
                 result->path); /* a comment, so that all can be pasted */
    }
}

/* Rows as aligned columns behind a mark; widths are those of the widest cell. */
typedef struct Grid {
    const Header *header;
    size_t *widths;
    Arena *arena;
} Grid;

static const char *grid_cell(const Grid *grid, Span cell)
{
    return on_one_line(cell, grid->arena);
}

static void grid_fit(Grid *grid, const Span *cells)
{
    for (size_t column = 0; column < grid->header->width; column++) {
        size_t width = utf8_count(span_of(grid_cell(grid, cells[column])));
        if (width > grid->widths[column])
            grid->widths[column] = width;
    }
}

static void grid_row(const Grid *grid, const char *mark, const Span *cells)
{
    printf("  %s", mark);
    for (size_t column = 0; column < grid->header->width; column++) {
        const char *cell = grid_cell(grid, cells[column]);
        size_t padding = grid->widths[column] - utf8_count(span_of(cell));
        bool last = column + 1 == grid->header->width;
        printf(" %s%*s", cell, last ? 0 : (int)padding + 1, "");
    }
    printf("\n");
}

static void print_rows(const Finding *finding, const Rival *rival, Arena *arena)
{
    const Rows *rows = &finding->rows;
    if (rows->kept == 0)
        return;
    size_t width = rows->header.width;
    Grid grid = {&rows->header, arena_array(arena, width, sizeof *grid.widths), arena};
    Span *names = arena_array(arena, width, sizeof *names);
    for (size_t i = 0; i < width; i++) {
        names[i] = span_of(rows->header.names[i]);
        grid.widths[i] = 0;
    }
    grid_fit(&grid, names);
    for (size_t i = 0; i < rows->kept; i++)
        grid_fit(&grid, rows->cells[i]);
    bool beside = rival != NULL && rival->found;
    if (beside)
        grid_fit(&grid, rival->cells);
    /* NOLINTNEXTLINE: a finding has a result */
    tell(stdout, "\n  rows of %s that decide (>)%s\n", finding->result->name,
         beside ? " and the rival (~)" : "");
    grid_row(&grid, " ", names);
    for (size_t i = 0; i < rows->kept; i++)
        grid_row(&grid, ">", rows->cells[i]);
    if (beside)
        grid_row(&grid, "~", rival->cells);
    if (rows->count > rows->kept)
        tell(stdout, "    and %llu more\n", (unsigned long long)(rows->count - rows->kept));
}

static void print_judgement(const ClaimVerdicts *verdicts, const Judgement *judgement, Arena *arena)
{
    const Claim *claim = verdicts->claim;
    const Trial *trial = judgement->trial;
    tell(stdout, "\n[%s] %s\n", trial->reading->name, verdict_name(judgement->verdict));
    Chain chain = {0};
    for (size_t i = 0; i < claim->check_count; i++) {
        const Outcome *outcome = &judgement->outcomes[i];
        const char *rounding =
            sentence_rounding(outcome, worst_case_name(outcome->worst_case.state), arena);
        tell(stdout, "  %s: %s\n", verdict_name(outcome->verdict),
             on_one_line(span_of(sentence_outcome(outcome, arena)), arena));
        if (rounding[0] != '\0')
            tell(stdout, "    rounding of the inputs: %s\n", rounding);
        if (outcome->observed.result != NULL)
            chain_add(&chain, outcome->observed.result);
        if (outcome->other.result != NULL)
            chain_add(&chain, outcome->other.result);
    }
    if (claim->untestable != NULL)
        tell(stdout, "  %s\n", on_one_line(span_of(claim->untestable), arena));
    print_chain(&chain, arena);
    for (size_t i = 0; i < claim->check_count; i++) {
        const Outcome *outcome = &judgement->outcomes[i];
        bool from_other = outcome->check->other != NULL; /* the rival is that row: shown below */
        print_rows(&outcome->observed, from_other ? NULL : &outcome->rival, arena);
        print_rows(&outcome->other, NULL, arena);
    }
    free(chain.items);
}

static int show(PipelineVerdicts *pipeline, const Claim *claim, const char *reading)
{
    Arena *arena = &pipeline->builder.arena;
    ClaimVerdicts verdicts = verdicts_claim(pipeline, claim, reading, NULL);
    int status = EXIT_SUCCESS;
    const char *at = claim->at == NULL ? "" : claim->at;
    tell(stdout, "%s.%s%s%s\n", pipeline->name, claim->name, *at == '\0' ? "" : ": ",
         on_one_line(span_of(at), arena));
    tell(stdout, "%s\n", on_one_line(span_of(claim->says), arena));
    for (size_t i = 0; i < verdicts.count; i++) {
        print_judgement(&verdicts, &verdicts.judgements[i], arena);
        if (verdicts.judgements[i].verdict == VERDICT_FAILED)
            status = EXIT_FAILED;
    }
    command_flush();
    return status;
}

int why_command(int argc, char **argv)
{
    const Option *const tables[] = {why_options, NULL};
    CommandLine line;
    command_line_parse(&line, argc, argv, tables);
    if (command_line_has(&line, "help")) {
        command_help("why [options] PIPELINE.CLAIM", "show the derivation behind one number",
                     tables);
        command_line_free(&line);
        return EXIT_SUCCESS;
    }
    if (line.operand_count != 1)
        fail_usage("why: one PIPELINE.CLAIM is wanted");
    Arena arena = {0};
    const char *name;
    const char *path = locate_claim(line.operands[0], &name, &arena);
    PipelineVerdicts pipeline;
    verdicts_open(&pipeline, path);
    if (pipeline.problem != NULL)
        fail("%s", pipeline.problem);
    const Claim *claim = find_claim(pipeline.document, name, &arena);
    const char *reading = command_line_value(&line, "reading");
    require_reading(pipeline.document, claim, reading, &arena);
    int status = show(&pipeline, claim, reading);
    verdicts_close(&pipeline);
    command_line_free(&line);
    arena_free(&arena);
    return status;
}
