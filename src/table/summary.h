/*
 * Summary: one summary function - sum, median, count distinct - over every group at once.
 *
 * A summary keeps one state per group in an array, all zero at first.  What a function does is one
 * entry in a table (accumulator.c): the size of its state, how a value is added, how the result is
 * drawn from it.  A new function is one more entry.
 *
 * States are exact and know nothing of order, except `first` and `last`, so that parts of a table
 * can be summarised apart and merged: a count, a total, a total of squares, an extreme, values with
 * their counts.  Memory by group: count, sum, mean, min, max, variance, stddev, first, last have a
 * state of fixed size (text extremes: the longest text met); median, quantile, mode and count
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
    Counts texts; /* of all groups, for functions that count texts */
} Summary;

/* The call, already bound, must outlive the summary. */
void summary_open(Summary *summary, const SummaryCall *call);

/*
 * Adds the rows of the batch that the evaluation stands on: groups[row] is a row's group, below
 * `group_count`.  The argument's values are settled (number_settle) before they are added.
 */
void summary_add(Summary *summary, Evaluation *evaluation, const uint32_t *groups,
                 size_t group_count);

/*
 * The results of groups [first, first + count) as rows 0 … count-1 of a vector with that much
 * room, unrounded; texts are good until the summary is closed, large numbers live in `arena`.
 */
void summary_results(Summary *summary, size_t first, size_t count, Vector *results, Arena *arena);

void summary_close(Summary *summary);

#endif
