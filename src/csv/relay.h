/*
 * Relay: rows of one output written by several threads, a part each, in the order of the parts.
 *
 * Whose turn it is writes through to the output; others hold their rows, up to a ceiling for all of
 * them together, until it is theirs, and need not wait when their part ends before.
 */
#ifndef CSV_RELAY_H
#define CSV_RELAY_H

#include "csv/writer.h"

typedef struct Relay Relay;

/* A thread with a part. */
typedef struct RelayHand {
    Relay *relay; /* NULL: there is one thread, and the writer is that of the output */
    size_t part;
    Writer *writer;
    size_t held;   /* bytes of its rows that the relay has counted */
    uint64_t next; /* when they are to be counted again */
} RelayHand;

/* Writes the part's rows to the hand's writer, with a relay_row() after each. */
typedef void RelayWork(void *context, RelayHand *hand);

/* Parts 0 … parts-1 to the writer.  `most`: bytes of rows that may wait for their turn. */
void relay_run(Writer *writer, size_t parts, size_t threads, size_t most, RelayWork *work,
               void *context);

void relay_count(RelayHand *hand);

static inline void relay_row(RelayHand *hand)
{
    if (hand->relay != NULL && writer_bytes(hand->writer) >= hand->next)
        relay_count(hand);
}

#endif
