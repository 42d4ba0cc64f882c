/*
 * Spread: groups that are too many for one table, on their way to rows in order.
 *
 * Threads put their groups apart by hash (table/partition.h) whenever a table has outgrown the
 * cache or its share of memory.  In the end each part is gathered in a table of its own, which
 * gives its rows by the ordinals of the groups' first rows; and since every part's rows are in
 * order, the order of all is a merge.  Both records and rows are held in memory or in files, as
 * much as there may be of them.
 */
#ifndef FILTERS_SPREAD_H
#define FILTERS_SPREAD_H

#include "filters/result.h"
#include "table/partition.h"

typedef struct Spread {
    Partition records;
    size_t memory;
    size_t piece;      /* bytes of a part's records that are gathered before they are put there */
    _Atomic bool used; /* there are groups in it */
} Spread;

/* Records that a thread has gathered; all zero at first. */
typedef struct SpreadPieces {
    Buffer parts[PARTITION_COUNT];
} SpreadPieces;

/* `threads`: how many add at once. */
void spread_open(Spread *spread, size_t memory, size_t threads);

/* Moves all groups of a partial here, by way of the thread's pieces. From any thread. */
void spread_add(Spread *spread, SpreadPieces *pieces, Partial *partial);

/* The thread adds no more. */
void spread_end(Spread *spread, SpreadPieces *pieces);

/* Gives the rows of all groups in order; `columns` and calls are those of the partials. */
void spread_rows(Spread *spread, const ResultForm *form, const size_t *columns, size_t threads,
                 ResultRow *take, void *context);

void spread_close(Spread *spread);

#endif
