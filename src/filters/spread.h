/*
 * Spread: groups that are too many for one table, on their way to rows in order.
 *
 * Threads put their groups apart by hash (table/partition.h) whenever a table has outgrown the
 * cache or its share of memory.  In the end each part is gathered in a table of its own, and its
 * rows are put apart once more, by ranges of the ordinals of the groups' first rows.  Ranges are
 * put in order and written one after the other, by several threads (csv/relay.h).  Both records and
 * rows are held in memory or in files, as much as there may be of them.
 */
#ifndef FILTERS_SPREAD_H
#define FILTERS_SPREAD_H

#include "csv/relay.h"
#include "filters/result.h"
#include "table/partition.h"

typedef struct Spread {
    Partition records;
    size_t memory;
    size_t piece; /* bytes of a part that a thread gathers before they are put there */
} Spread;

/* `threads`: how many add at once. */
void spread_open(Spread *spread, size_t memory, size_t threads);

/* What a thread puts its groups or rows into (partial_spread()); pieces_end() after the last. */
Pieces spread_pieces(Spread *spread);

/* Where the rows go. */
typedef struct SpreadOutput {
    Writer *writer;
    size_t writers; /* threads that write */
    /* Takes a row, good until it returns, to a writer of the calling thread's. */
    void (*take)(void *context, Writer *writer, Span row);
    void *context;
} SpreadOutput;

/*
 * Writes the rows of all groups in order and gives their number; `columns` and calls are those of
 * the partials.
 */
uint64_t spread_rows(Spread *spread, const ResultForm *form, const size_t *columns, size_t threads,
                     const SpreadOutput *output);

void spread_close(Spread *spread);

#endif
