/*
 * Summary: one summary function - sum, median, count distinct - over every group at once.
 *
 * A summary keeps one state per group in an array, all zero at first.  What a function does is one
 * entry in a table (accumulator.c): the size of its state, how a value is added, how the result is
 * drawn from it.  A new function is one more entry.  Functions that keep the same of the same
 * argument - median and quantile, sum and mean - share one state: the others borrow it.
 *
 * States are exact, and where order matters - `first` and `last` - they know the ordinal of their
 * row, so that parts of a table can be summarised apart and merged: a count, a total, a total of
 * squares, an extreme, values with their counts.  A state leaves memory as a few bytes and comes
 * back by being added to another: one way for threads, for spilling and for parts.  Memory by
 * group: count, sum, mean, min, max, variance, stddev, first, last have a state of fixed size (text
 * extremes: the longest text met); geomean, median, quantile, mode and count
 * distinct hold every distinct value with its count (tally.h, counts.h).
 */
#ifndef TABLE_SUMMARY_H
#define TABLE_SUMMARY_H

#include "expr/evaluate.h"
#include "table/counts.h"

typedef struct Summary {
    const struct Accumulator *accumulator;
    const SummaryCall *call;
    void *states; /* by group */
    size_t count, room;
    Arena large; /* limbs of numbers that states hold */
    size_t large_limit;
    Counts texts;           /* of all groups, for functions that count texts */
    size_t held;            /* bytes that states hold on the heap */
    uint64_t ordinal;       /* of the row that is being added */
    struct Summary *lender; /* whose states these are; NULL: its own */
} Summary;

/* The rows of a batch, those to be passed over among them. */
typedef struct SummaryRows {
    const uint32_t *groups; /* by row */
    size_t count;
    const Vector *values; /* of the argument; NULL for count(*) */
    Arena *arena;
} SummaryRows;

/*
 * The call, already bound, must outlive the summary.  It borrows from the first of the `count`
 * summaries before it in the array that keeps the same.
 */
void summary_open(Summary *summary, const SummaryCall *call, size_t count);

/*
 * Adds the rows of the batch that the evaluation stands on: groups[row] is a row's group, below
 * `group_count`, and ordinal + row its place among all rows.  The argument's values are settled
 * (number_settle) before they are added.  Stands between evaluation_hold() and its release, at
 * which a value that the function does not take ends the program.
 */
void summary_add(Summary *summary, Evaluation *evaluation, const uint32_t *groups,
                 size_t group_count, uint64_t ordinal);

/* Appends a group's state as bytes, good in this process only. */
void summary_save(Summary *summary, size_t group, Buffer *out);

/* Adds a saved state of the same call to a group's, and moves the cursor behind it. */
void summary_load(Summary *summary, uint32_t group, const char **at);

/*
 * The values of the batch that the evaluation stands on, which summary_add() would add; between
 * evaluation_hold() and its release, like that.
 */
SummaryRows summary_rows(const Summary *summary, Evaluation *evaluation);

/* Appends a row's value as bytes, good in this process only. */
void summary_save_value(const Summary *summary, const SummaryRows *rows, size_t row, Buffer *out);

/* Adds a saved value of the same call to a group, as that of the row with this ordinal, and moves
 * the cursor behind it. */
void summary_load_value(Summary *summary, uint32_t group, uint64_t ordinal, const char **at);

/* Adds the state of a group of `from`, a summary of the same call, to one of `into`. */
void summary_merge(Summary *into, uint32_t group, Summary *from, size_t other);

/* Does beforehand what saving, merging and results are going to need. */
void summary_settle(Summary *summary);

/* Bytes of memory held that summary_merge() has to go through value by value. */
size_t summary_slow_size(const Summary *summary);

/*
 * The results of groups[0] … groups[count-1] as rows 0 … count-1 of a vector with that much room,
 * unrounded; texts are good until the summary changes, large numbers live in `arena`.
 */
void summary_results(Summary *summary, const uint32_t *groups, size_t count, Vector *results,
                     Arena *arena);

/* Bytes of memory held. */
size_t summary_size(const Summary *summary);

/* Back to no groups; some room is kept. */
void summary_clear(Summary *summary);
void summary_close(Summary *summary);

#endif
