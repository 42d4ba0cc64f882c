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

/* What a state is made of, in the order in which it is saved. */
typedef enum StateShape {
    STATE_COUNT,   /* a count */
    STATE_TOTAL,   /* a count, a sum */
    STATE_MOMENTS, /* a count, a sum, a sum of squares */
    STATE_NUMBER,  /* the ordinal of a row plus one, a number; 0: nothing */
    STATE_TEXT,    /* the same with a text */
    STATE_NUMBERS, /* how many, then numbers with their counts */
    STATE_TEXTS    /* the same with texts */
} StateShape;

typedef struct Accumulator {
    StateShape shape;
    size_t size;   /* of a group's state */
    bool positive; /* takes positive numbers alone */

    /* One value; summary->ordinal is its row. */
    void (*add_number)(Summary *summary, uint32_t group, Decimal value);
    void (*add_text)(Summary *summary, uint32_t group, Span value);

    /* All at once, for what most aggregations do; NULL: one by one. */
    void (*add_rows)(Summary *summary, const SummaryRows *rows);

    /* The state as bytes (packed.h), and a state added to another: in any order, but for equal
     * ordinals, the result is as if all values had been added to one state. */
    void (*save)(Summary *summary, size_t group, Buffer *out);
    void (*load)(Summary *summary, uint32_t group, const char **at);

    /* Adds a state to another without bytes between, where that can be done; NULL: it never can. */
    bool (*merge)(Summary *summary, uint32_t group, Summary *from, size_t other);

    void (*settle)(void *state); /* work that results and saving need done first; NULL: none */

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

/* What is added. */
static inline Decimal summary_value(const SummaryRows *rows, size_t row)
{
    /* NOLINTNEXTLINE: only count(*) has no values, and does not come here */
    return number_settle(rows->values->numbers[row], rows->arena);
}

#endif
