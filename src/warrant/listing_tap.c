/* The listing as a test report. */

#include "warrant/listing.h"

#include <stdio.h>

#include "warrant/sentence.h"
#include "warrant/tell.h"

static size_t count_points(const PipelineVerdicts *pipelines, size_t count)
{
    size_t points = 0;
    for (size_t p = 0; p < count; p++) {
        points += pipelines[p].problem != NULL;
        for (size_t c = 0; c < pipelines[p].count; c++)
            points += pipelines[p].claims[c].count;
    }
    return points;
}

/* A `#` in a point's description would begin a directive. */
static void print_described(const char *text, Arena *arena)
{
    for (text = on_one_line(span_of(text), arena); *text != '\0'; text++) {
        if (*text == '#' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
}

static void print_comment(const char *text, Arena *arena)
{
    printf("# %s\n", on_one_line(span_of(text), arena));
}

static void print_point(size_t number, const PipelineVerdicts *pipeline,
                        const ClaimVerdicts *verdicts, const Judgement *judgement, Arena *arena)
{
    const Claim *claim = verdicts->claim;
    bool good = judgement->expected != EXPECTED_NO && judgement->verdict != VERDICT_FAILED &&
                !judgement->control_wrong;
    printf("%s %zu - ", good ? "ok" : "not ok", number);
    print_described(sentence_name(pipeline, claim, judgement->trial, arena), arena);
    printf(" %s\n", verdict_name(judgement->verdict));
    for (size_t i = 0; i < claim->check_count; i++)
        print_comment(sentence_outcome(&judgement->outcomes[i], arena), arena);
    if (claim->untestable != NULL)
        print_comment(claim->untestable, arena);
    if (judgement->expected == EXPECTED_NO)
        print_comment(arena_format(arena, "expected: %s", judgement->expectation), arena);
    for (size_t i = 0; judgement->control_wrong && i < verdicts->fault_count; i++)
        print_comment(arena_format(arena, "control %s", verdicts->faults[i]), arena);
}

void listing_tap(const PipelineVerdicts *pipelines, size_t count, Arena *arena)
{
    size_t number = 0;
    printf("TAP version 13\n1..%zu\n", count_points(pipelines, count));
    for (size_t p = 0; p < count; p++) {
        const PipelineVerdicts *pipeline = &pipelines[p];
        if (pipeline->problem != NULL) {
            printf("not ok %zu - ", ++number);
            print_described(pipeline->name, arena);
            printf(" failed\n");
            print_comment(pipeline->problem, arena);
        }
        for (size_t c = 0; c < pipeline->count; c++)
            for (size_t i = 0; i < pipeline->claims[c].count; i++)
                print_point(++number, pipeline, &pipeline->claims[c],
                            &pipeline->claims[c].judgements[i], arena);
    }
}
