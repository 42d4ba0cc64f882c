/*
 * Partial: the groups of some of the rows, with their summaries.
 *
 * Each thread has one for the rows it reads.  A group leaves it as a record - key, ordinal of the
 * first row, the states of its summaries - and is added to another partial's by loading that; a row
 * alone is a record too, with values for states.  Which rows went where, and in which order records
 * are loaded, leaves no trace in the result.
 */
#ifndef TABLE_PARTIAL_H
#define TABLE_PARTIAL_H

#include "table/group.h"
#include "table/partition.h"
#include "table/summary.h"

typedef struct Partial {
    Groups groups;
    Summary *summaries; /* by call */
    SummaryRows *rows;  /* by call */
    size_t count;
} Partial;

/* The calls, already bound, and the key's columns must outlive it. */
void partial_open(Partial *partial, const SummaryCalls *calls, const size_t *columns,
                  size_t column_count);

/* Adds the rows of a batch. */
void partial_add(Partial *partial, Evaluation *evaluation, const Batch *batch);

/* Puts all groups apart as records, by their hash; the partial is empty then. */
void partial_spread(Partial *partial, Pieces *pieces);

/* The same with the rows of a batch, each a record, without adding them first: for groups that
 * hardly have two. */
void partial_spread_rows(Partial *partial, Evaluation *evaluation, const Batch *batch,
                         Pieces *pieces);

/* Adds a record of a partial with the same calls, and moves the cursor behind it. */
void partial_load(Partial *partial, const char **at);

/* Adds all groups of another with the same calls. */
void partial_merge(Partial *into, Partial *from);

/* Does beforehand what saving, merging and results are going to need. */
void partial_settle(Partial *partial);

/* Bytes of memory held that partial_merge() has to go through value by value. */
size_t partial_slow_size(const Partial *partial);

/* The groups as they are numbered; freed with free(). */
uint32_t *partial_groups(const Partial *partial);

/* The groups by the ordinals of their first rows; likewise. */
uint32_t *partial_order(const Partial *partial);

/* Bytes of memory held. */
size_t partial_size(const Partial *partial);

/* Back to no groups. */
void partial_clear(Partial *partial);
void partial_close(Partial *partial);

#endif
