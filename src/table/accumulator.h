/*
 * Accumulator: the table of summary functions, private to src/table.
 *
 * A function has an entry for numbers, one for texts, or both; which is used follows from the
 * function and its argument's type.  An entry's functions take the summary and the group and find
 * the group's state by summary_state().
 */
#ifndef TABLE_ACCUMULATOR_H
#define TABLE_ACCUMULATOR_H

#include "table/summary.h"

typedef struct Accumulator {
    size_t size;                                       /* of a group's state */
    void (*add_row)(Summary *summary, uint32_t group); /* count(*) only */
    void (*add_number)(Summary *summary, uint32_t group, Decimal value);
    void (*add_text)(Summary *summary, uint32_t group, Span value);

    /* The result: one of them; `number` gives false, `text` an empty span, when it is missing. */
    bool (*number)(Summary *summary, size_t group, Number *result, Arena *arena);
    Span (*text)(Summary *summary, size_t group);

    void (*keep)(void *state, Arena *arena); /* moves limbs into `arena`; NULL: holds none */
    void (*free)(void *state);               /* NULL: nothing to free */
} Accumulator;

const Accumulator *accumulator_of(const SummaryCall *call);

static inline void *summary_state(const Summary *summary, size_t group)
{
    return (char *)summary->states + group * summary->accumulator->size;
}

/* The number with its limbs in the summary's arena. */
Decimal summary_keep(Summary *summary, Decimal value);

#endif
