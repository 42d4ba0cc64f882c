#include "table/summary.h"

#include <stdlib.h>

#include "table/accumulator.h"

enum { LARGE_LIMIT = 1024 * 1024 };

void summary_open(Summary *summary, const SummaryCall *call)
{
    *summary =
        (Summary){.accumulator = accumulator_of(call), .call = call, .large_limit = LARGE_LIMIT};
}

static void make_states(Summary *summary, size_t group_count)
{
    size_t size = summary->accumulator->size;
    if (group_count > summary->room) {
        size_t room = group_count + group_count / 2;
        summary->states = memory_resize(summary->states, room, size);
        summary->room = room;
    }
    if (group_count > summary->count) {
        memset(summary_state(summary, summary->count), 0, (group_count - summary->count) * size);
        summary->count = group_count;
    }
}

/* Values that were replaced leave their limbs behind: once the arena doubled, live ones move on. */
static void drop_dead_limbs(Summary *summary)
{
    Arena live = {0};
    for (size_t group = 0; group < summary->count; group++)
        summary->accumulator->keep(summary_state(summary, group), &live);
    arena_free(&summary->large);
    summary->large = live;
    summary->large_limit = 2 * live.size + LARGE_LIMIT;
}

Decimal summary_keep(Summary *summary, Decimal value)
{
    if (value.big == NULL)
        return value;
    return decimal_keep(value, &summary->large);
}

static void add_rows(Summary *summary, Selection rows, const uint32_t *groups)
{
    for (size_t i = 0; i < rows.count; i++)
        summary->accumulator->add_row(summary, groups[rows.rows[i]]);
}

static void add_numbers(Summary *summary, Evaluation *evaluation, Selection rows,
                        const uint32_t *groups)
{
    const Vector *values = evaluate_numbers(evaluation, summary->call->argument, rows);
    Arena *arena = evaluation_arena(evaluation);
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        if (!values->missing[row])
            summary->accumulator->add_number(summary, groups[row],
                                             number_settle(values->numbers[row], arena));
    }
    if (summary->large.size > summary->large_limit)
        drop_dead_limbs(summary);
}

static void add_texts(Summary *summary, Evaluation *evaluation, Selection rows,
                      const uint32_t *groups)
{
    const Vector *values = evaluate_texts(evaluation, summary->call->argument, rows);
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        if (values->texts[row].size != 0)
            summary->accumulator->add_text(summary, groups[row], values->texts[row]);
    }
}

void summary_add(Summary *summary, Evaluation *evaluation, const uint32_t *groups,
                 size_t group_count)
{
    make_states(summary, group_count);
    Selection rows = evaluation_all(evaluation);
    if (summary->call->argument == NULL)
        add_rows(summary, rows, groups);
    else if (summary->accumulator->add_number != NULL)
        add_numbers(summary, evaluation, rows, groups);
    else
        add_texts(summary, evaluation, rows, groups);
}

void summary_results(Summary *summary, size_t first, size_t count, Vector *results, Arena *arena)
{
    const Accumulator *accumulator = summary->accumulator;
    make_states(summary, first + count);
    results->type = summary_type(summary->call);
    for (size_t i = 0; i < count; i++) {
        if (accumulator->number == NULL)
            results->texts[i] = accumulator->text(summary, first + i);
        else
            results->missing[i] =
                !accumulator->number(summary, first + i, &results->numbers[i], arena);
    }
}

void summary_close(Summary *summary)
{
    if (summary->accumulator->free != NULL)
        for (size_t group = 0; group < summary->count; group++)
            summary->accumulator->free(summary_state(summary, group));
    free(summary->states);
    arena_free(&summary->large);
    counts_free(&summary->texts);
}
