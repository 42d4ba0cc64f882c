/*
 * Partition: records put apart, by their hash or by ranges, in memory or past a ceiling in a file,
 * and read back one part at a time.
 *
 * What belongs together is in one part, so that a part can be finished on its own: by one of
 * several threads, within the cache, with the other parts out of the way (Leis et al. 2014,
 * "Morsel-driven parallelism", section 4.4).  Records come in pieces, each some thousands of them;
 * a piece is held in memory as it was given, or written to the file (base/spill.h) at once.
 */
#ifndef TABLE_PARTITION_H
#define TABLE_PARTITION_H

#include <pthread.h>
#include <stdbool.h>

#include "base/spill.h"
#include "base/text.h"

enum { PARTITION_BITS = 7, PARTITION_COUNT = 1 << PARTITION_BITS };

typedef struct Piece {
    char *bytes; /* NULL: it lies in the file */
    size_t size;
    uint64_t offset;
} Piece;

typedef struct Part {
    Piece *pieces;
    size_t count, room;
} Part;

typedef struct Partition {
    Part parts[PARTITION_COUNT];
    pthread_mutex_t lock;
    Spill spill;
    size_t held, ceiling;
} Partition;

/* `ceiling`: bytes that may be held in memory. */
void partition_open(Partition *partition, size_t ceiling);

/* The part of records with this hash. */
static inline size_t partition_part(uint32_t hash)
{
    return hash >> (32 - PARTITION_BITS);
}

/* Adds a piece to a part and leaves the buffer empty. From any thread. */
void partition_put(Partition *partition, size_t part, Buffer *piece);

/* What one thread has gathered for the parts; all zero but for the first two is empty. */
typedef struct Pieces {
    Partition *partition;
    size_t size; /* bytes of a part after which they are put there */
    Buffer parts[PARTITION_COUNT];
} Pieces;

/* Where a record of the part is to be appended; pieces_put() after it. */
static inline Buffer *pieces_begin(Pieces *pieces, size_t part)
{
    Buffer *piece = &pieces->parts[part];
    if (piece->room == 0)
        buffer_reserve(piece, pieces->size + pieces->size / 8);
    return piece;
}

static inline void pieces_put(Pieces *pieces, size_t part)
{
    if (pieces->parts[part].size >= pieces->size)
        partition_put(pieces->partition, part, &pieces->parts[part]);
}

/* Puts what is left. */
void pieces_end(Pieces *pieces);

/* Reads a part, once, from the first piece put to the last. */
typedef struct PartCursor {
    Partition *partition;
    size_t part, next;
    char *bytes; /* of the piece at hand */
    size_t held; /* of these, counted in the partition */
} PartCursor;

PartCursor partition_begin(Partition *partition, size_t part);

/* The next piece, good until the call after; false at the end. */
bool partition_next(PartCursor *cursor, Span *piece);

/* Reads a whole part, once: all its pieces, from the first put to the last, into the buffer. */
void partition_take(Partition *partition, size_t part, Buffer *bytes);

void partition_close(Partition *partition);

#endif
