#include "table/summary.h"

#include <stdlib.h>

#include "num/packed.h"
#include "table/accumulator.h"

enum { LARGE_LIMIT = 1024 * 1024 };

static bool keeps_same(const Summary *a, const Summary *b)
{
    return a->lender == NULL && a->accumulator->shape == b->accumulator->shape &&
           a->accumulator->add_number == b->accumulator->add_number &&
           a->accumulator->add_text == b->accumulator->add_text &&
           expression_equal(a->call->argument, b->call->argument);
}

void summary_open(Summary *summary, const SummaryCall *call, size_t count)
{
    *summary =
        (Summary){.accumulator = accumulator_of(call), .call = call, .large_limit = LARGE_LIMIT};
    for (Summary *other = summary - count; other < summary && summary->lender == NULL; other++)
        if (keeps_same(other, summary))
            summary->lender = other;
}

static void widen_states(Summary *summary, size_t group_count)
{
    size_t size = summary->accumulator->size;
    if (group_count > summary->room) {
        size_t room = group_count + group_count / 2;
        summary->states = memory_resize(summary->states, room, size);
        summary->room = room;
    }
    memset(summary_state(summary, summary->count), 0, (group_count - summary->count) * size);
    summary->count = group_count;
}

static inline void make_states(Summary *summary, size_t group_count)
{
    if (group_count > summary->count)
        widen_states(summary, group_count);
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

static void add_numbers(Summary *summary, const SummaryRows *rows, uint64_t ordinal)
{
    for (size_t row = 0; row < rows->count; row++) {
        /* NOLINTNEXTLINE: only count(*) has no values, and does not come here */
        if (rows->values->missing[row])
            continue;
        summary->ordinal = ordinal + row;
        summary->accumulator->add_number(summary, rows->groups[row], summary_value(rows, row));
    }
}

static void add_texts(Summary *summary, const SummaryRows *rows, uint64_t ordinal)
{
    for (size_t row = 0; row < rows->count; row++) {
        /* NOLINTNEXTLINE: only count(*) has no values, and does not come here */
        Span text = rows->values->texts[row];
        if (text.size == 0)
            continue;
        summary->ordinal = ordinal + row;
        summary->accumulator->add_text(summary, rows->groups[row], text);
    }
}

/* The argument's values; NULL for count(*). */
static const Vector *argument_values(const Summary *summary, Evaluation *evaluation)
{
    const Expression *argument = summary->call->argument;
    if (argument == NULL)
        return NULL;
    if (summary->accumulator->add_text != NULL)
        return evaluate_texts(evaluation, argument, evaluation_all(evaluation));
    return evaluate_numbers(evaluation, argument, evaluation_all(evaluation));
}

/* Values that the function has no result for are errors of their rows, as a logarithm's are. */
static void refuse_unfit(const Summary *summary, const SummaryRows *rows, Evaluation *evaluation)
{
    for (size_t row = 0; row < rows->count; row++)
        /* NOLINTNEXTLINE: only count(*) has no values, and does not come here */
        if (!rows->values->missing[row] && decimal_sign(summary_value(rows, row)) <= 0)
            evaluation_refuse(evaluation, row, summary->call->argument,
                              "geometric mean of a number that is not positive");
}

SummaryRows summary_rows(const Summary *summary, Evaluation *evaluation)
{
    bool positive = summary->accumulator->positive;
    SummaryRows rows = {.count = evaluation_all(evaluation).count,
                        .arena = evaluation_arena(evaluation)};
    if (summary->lender == NULL || positive)
        rows.values = argument_values(summary, evaluation);
    if (positive)
        refuse_unfit(summary, &rows, evaluation);
    return rows;
}

void summary_add(Summary *summary, Evaluation *evaluation, const uint32_t *groups,
                 size_t group_count, uint64_t ordinal)
{
    SummaryRows rows = summary_rows(summary, evaluation);
    if (summary->lender != NULL)
        return;
    rows.groups = groups;
    make_states(summary, group_count);
    if (summary->accumulator->add_rows != NULL)
        summary->accumulator->add_rows(summary, &rows);
    else if (summary->accumulator->add_number != NULL)
        add_numbers(summary, &rows, ordinal);
    else
        add_texts(summary, &rows, ordinal);
    if (summary->large.size > summary->large_limit)
        drop_dead_limbs(summary);
}

/* A number comes behind whether there is one; of count(*) there is nothing to say. */
void summary_save_value(const Summary *summary, const SummaryRows *rows, size_t row, Buffer *out)
{
    if (summary->lender != NULL || rows->values == NULL)
        return;
    if (summary->accumulator->add_text != NULL) {
        pack_text(out, rows->values->texts[row]);
        return;
    }
    bool missing = rows->values->missing[row];
    buffer_byte(out, !missing);
    if (!missing)
        pack_decimal(out, summary_value(rows, row));
}

static void load_text(Summary *summary, uint32_t group, const char **at)
{
    bool counts_rows = summary->call->argument == NULL;
    Span text = {0};
    if (!counts_rows)
        text = unpack_text(at);
    if (counts_rows || text.size != 0)
        summary->accumulator->add_text(summary, group, text);
}

static void load_number(Summary *summary, uint32_t group, const char **at)
{
    Arena arena = {0};
    if (*(*at)++)
        summary->accumulator->add_number(summary, group, unpack_decimal(at, &arena));
    arena_free(&arena);
}

void summary_load_value(Summary *summary, uint32_t group, uint64_t ordinal, const char **at)
{
    if (summary->lender != NULL)
        return;
    make_states(summary, (size_t)group + 1);
    summary->ordinal = ordinal;
    if (summary->accumulator->add_text != NULL)
        load_text(summary, group, at);
    else
        load_number(summary, group, at);
    if (summary->large.size > summary->large_limit)
        drop_dead_limbs(summary);
}

void summary_save(Summary *summary, size_t group, Buffer *out)
{
    if (summary->lender != NULL)
        return;
    make_states(summary, group + 1);
    summary->accumulator->save(summary, group, out);
}

void summary_load(Summary *summary, uint32_t group, const char **at)
{
    if (summary->lender != NULL)
        return;
    make_states(summary, (size_t)group + 1);
    summary->accumulator->load(summary, group, at);
    if (summary->large.size > summary->large_limit)
        drop_dead_limbs(summary);
}

void summary_merge(Summary *into, uint32_t group, Summary *from, size_t other)
{
    const Accumulator *accumulator = into->accumulator;
    if (into->lender != NULL)
        return;
    make_states(into, (size_t)group + 1);
    make_states(from, other + 1);
    if (accumulator->merge != NULL && accumulator->merge(into, group, from, other))
        return;
    Buffer state = {0};
    summary_save(from, other, &state);
    const char *at = state.at;
    summary_load(into, group, &at);
    buffer_free(&state);
}

void summary_settle(Summary *summary)
{
    if (summary->accumulator->settle != NULL)
        for (size_t group = 0; group < summary->count; group++)
            summary->accumulator->settle(summary_state(summary, group));
}

size_t summary_slow_size(const Summary *summary)
{
    return summary->accumulator->merge != NULL ? 0 : summary_size(summary);
}

/* A borrower is its lender with a result of its own. */
static Summary lent(const Summary *summary)
{
    Summary view = *summary->lender;
    view.accumulator = summary->accumulator;
    view.call = summary->call;
    return view;
}

void summary_results(Summary *summary, const uint32_t *groups, size_t count, Vector *results,
                     Arena *arena)
{
    Summary view;
    for (size_t i = 0; i < count; i++)
        make_states(summary->lender != NULL ? summary->lender : summary, (size_t)groups[i] + 1);
    if (summary->lender != NULL) {
        view = lent(summary);
        summary = &view;
    }
    const Accumulator *accumulator = summary->accumulator;
    results->type = summary_type(summary->call);
    for (size_t i = 0; i < count; i++) {
        if (accumulator->number == NULL)
            results->texts[i] = accumulator->text(summary, groups[i]);
        else
            results->missing[i] =
                !accumulator->number(summary, groups[i], &results->numbers[i], arena);
    }
}

size_t summary_size(const Summary *summary)
{
    return summary->room * summary->accumulator->size + summary->large.size + summary->held +
           counts_size(&summary->texts);
}

static void free_states(Summary *summary)
{
    if (summary->accumulator->free != NULL)
        for (size_t group = 0; group < summary->count; group++)
            summary->accumulator->free(summary_state(summary, group));
    summary->count = 0;
    summary->held = 0;
}

void summary_clear(Summary *summary)
{
    free_states(summary);
    arena_reset(&summary->large);
    counts_free(&summary->texts);
}

void summary_close(Summary *summary)
{
    free_states(summary);
    free(summary->states);
    arena_free(&summary->large);
    counts_free(&summary->texts);
}
