/* The listing that a person reads. */

#include "warrant/listing.h"

#include <stdio.h>

#include "warrant/overview.h"
#include "warrant/sentence.h"
#include "warrant/tell.h"

enum { VERDICT_WIDTH = 12 };

typedef struct Totals {
    size_t verdicts[VERDICT_FAILED + 1];
    size_t judgements, claims, unexpected, unbound, faults, problems;
} Totals;

static size_t widest_name(const PipelineVerdicts *pipelines, size_t count, Arena *arena)
{
    size_t widest = 0;
    for (size_t p = 0; p < count; p++)
        for (size_t c = 0; c < pipelines[p].count; c++) {
            const ClaimVerdicts *verdicts = &pipelines[p].claims[c];
            for (size_t i = 0; i < verdicts->count; i++) {
                size_t width = utf8_count(span_of(sentence_name(
                    &pipelines[p], verdicts->claim, verdicts->judgements[i].trial, arena)));
                widest = width > widest ? width : widest;
            }
        }
    return widest;
}

static void print_line(const char *name, size_t width, const char *verdict, const char *text,
                       const char *mark, Arena *arena)
{
    size_t padding = width - utf8_count(span_of(name));
    printf("%s%*s  %-*s  %s%s\n", name, (int)padding, "", VERDICT_WIDTH, verdict,
           on_one_line(span_of(text), arena), mark);
}

/* Behind the line: what was expected, where that is not simply the verdict "reproduced". */
static const char *mark_of(const Judgement *judgement, Arena *arena)
{
    if (judgement->expected == EXPECTED_NO)
        return arena_format(arena, "  UNEXPECTED: %s was expected", judgement->expectation);
    if (judgement->expected == EXPECTED_YES && judgement->verdict != VERDICT_REPRODUCED)
        return " (as expected)";
    return "";
}

static void print_judgement(const char *name, size_t width, const Claim *claim,
                            const Judgement *judgement, Arena *arena)
{
    const char *mark = mark_of(judgement, arena);
    for (size_t i = 0; i < claim->check_count; i++) {
        const Outcome *outcome = &judgement->outcomes[i];
        bool tells = outcome->verdict == judgement->verdict; /* the claim's verdict comes from it */
        print_line(name, width, verdict_name(outcome->verdict), sentence_outcome(outcome, arena),
                   tells ? mark : "", arena);
    }
    if (claim->untestable != NULL)
        print_line(name, width, verdict_name(judgement->verdict), claim->untestable, mark, arena);
}

static void count_judgement(Totals *totals, const Judgement *judgement)
{
    totals->judgements++;
    totals->verdicts[judgement->verdict]++;
    totals->unexpected += judgement->expected == EXPECTED_NO;
    totals->unbound += judgement->expected == EXPECTED_UNBOUND;
}

static void print_claim(const PipelineVerdicts *pipeline, const ClaimVerdicts *verdicts,
                        size_t width, Totals *totals, Arena *arena)
{
    const Claim *claim = verdicts->claim;
    totals->claims++;
    for (size_t i = 0; i < verdicts->count; i++) {
        const Judgement *judgement = &verdicts->judgements[i];
        print_judgement(sentence_name(pipeline, claim, judgement->trial, arena), width, claim,
                        judgement, arena);
        count_judgement(totals, judgement);
    }
    const char *name =
        on_one_line(span_of(arena_format(arena, "%s.%s", pipeline->name, claim->name)), arena);
    if (verdicts->count > 1)
        print_line(name, width, "overall", overview_of(verdicts, arena).text, "", arena);
    for (size_t i = 0; i < verdicts->fault_count; i++)
        print_line(name, width, "CONTROL", verdicts->faults[i], "", arena);
    totals->faults += verdicts->fault_count != 0;
}

static void print_totals(const Totals *totals)
{
    printf("%zu verdict%s on %zu claim%s:", totals->judgements, totals->judgements == 1 ? "" : "s",
           totals->claims, totals->claims == 1 ? "" : "s");
    const char *separator = " ";
    static const Verdict order[] = {VERDICT_REPRODUCED, VERDICT_CONTRADICTED, VERDICT_NOT_TESTABLE,
                                    VERDICT_FAILED};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (totals->verdicts[order[i]] != 0) {
            printf("%s%zu %s", separator, totals->verdicts[order[i]], verdict_name(order[i]));
            separator = ", ";
        }
    if (totals->unexpected != 0)
        printf("; %zu not as expected", totals->unexpected);
    else if (totals->judgements != totals->unbound)
        printf("; all as expected");
    if (totals->unbound != 0)
        printf("; %zu without expectation", totals->unbound);
    if (totals->faults != 0)
        printf("; controls of %zu claim%s do not hold", totals->faults,
               totals->faults == 1 ? "" : "s");
    if (totals->problems != 0)
        printf("; %zu pipeline%s could not be read", totals->problems,
               totals->problems == 1 ? "" : "s");
    printf("\n");
}

void listing_text(const PipelineVerdicts *pipelines, size_t count, Arena *arena)
{
    Totals totals = {0};
    size_t width = widest_name(pipelines, count, arena);
    for (size_t p = 0; p < count; p++) {
        const PipelineVerdicts *pipeline = &pipelines[p];
        totals.problems += pipeline->problem != NULL;
        if (pipeline->problem != NULL)
            printf("%s  %s  %s\n", on_one_line(span_of(pipeline->name), arena),
                   verdict_name(VERDICT_FAILED), on_one_line(span_of(pipeline->problem), arena));
        for (size_t c = 0; c < pipeline->count; c++)
            print_claim(pipeline, &pipeline->claims[c], width, &totals, arena);
    }
    print_totals(&totals);
}
