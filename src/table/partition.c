#include "table/partition.h"

#include <stdlib.h>

#include "base/diagnostic.h"
#include "base/memory.h"

void partition_open(Partition *partition, size_t ceiling)
{
    *partition = (Partition){.ceiling = ceiling};
    pthread_mutex_init(&partition->lock, NULL);
}

/* Others must not wait for ever for a lock whose holder failed. */
static _Noreturn void unlock_and_fail(Partition *partition, const Trap *failure)
{
    pthread_mutex_unlock(&partition->lock);
    fail_again(failure);
}

/* Whether the piece may stay in memory: then it is counted, else there is a file. */
static bool reserve(Partition *partition, size_t size)
{
    Trap failure;
    pthread_mutex_lock(&partition->lock);
    if (!TRAP_SET(&failure))
        unlock_and_fail(partition, &failure);
    bool fits = size <= partition->ceiling && partition->held <= partition->ceiling - size;
    if (fits)
        partition->held += size;
    else
        spill_open(&partition->spill);
    trap_end(&failure);
    pthread_mutex_unlock(&partition->lock);
    return fits;
}

static void give_back(Partition *partition, size_t size)
{
    pthread_mutex_lock(&partition->lock);
    partition->held -= size;
    pthread_mutex_unlock(&partition->lock);
}

static void append(Partition *partition, Part *part, Piece piece)
{
    Trap failure;
    pthread_mutex_lock(&partition->lock);
    if (!TRAP_SET(&failure))
        unlock_and_fail(partition, &failure);
    part->pieces = memory_grow(part->pieces, &part->room, part->count, sizeof *part->pieces);
    part->pieces[part->count++] = piece;
    trap_end(&failure);
    pthread_mutex_unlock(&partition->lock);
}

void partition_put(Partition *partition, size_t part, Buffer *bytes)
{
    if (bytes->size == 0)
        return;
    Piece piece = {.size = bytes->size};
    if (reserve(partition, bytes->size)) {
        piece.bytes = memory_resize(bytes->at, bytes->size, 1);
        *bytes = (Buffer){0};
    } else {
        piece.offset = spill_put(&partition->spill, bytes->at, bytes->size);
        bytes->size = 0;
    }
    append(partition, &partition->parts[part], piece);
}

void pieces_end(Pieces *pieces)
{
    for (size_t part = 0; part < PARTITION_COUNT; part++) {
        partition_put(pieces->partition, part, &pieces->parts[part]);
        buffer_free(&pieces->parts[part]);
    }
}

PartCursor partition_begin(Partition *partition, size_t part)
{
    return (PartCursor){.partition = partition, .part = part};
}

static void drop_piece(PartCursor *cursor)
{
    free(cursor->bytes);
    cursor->bytes = NULL;
    if (cursor->held != 0)
        give_back(cursor->partition, cursor->held);
    cursor->held = 0;
}

bool partition_next(PartCursor *cursor, Span *bytes)
{
    drop_piece(cursor);
    Part *part = &cursor->partition->parts[cursor->part];
    if (cursor->next == part->count)
        return false;
    Piece *piece = &part->pieces[cursor->next++];
    if (piece->bytes != NULL) {
        cursor->held = piece->size;
        cursor->bytes = piece->bytes;
        piece->bytes = NULL;
    } else {
        cursor->bytes = memory_array(piece->size, 1);
        spill_get(&cursor->partition->spill, piece->offset, cursor->bytes, piece->size);
    }
    *bytes = (Span){cursor->bytes, piece->size};
    return true;
}

void partition_take(Partition *partition, size_t part, Buffer *bytes)
{
    PartCursor cursor = partition_begin(partition, part);
    bytes->size = 0;
    for (Span piece; partition_next(&cursor, &piece);)
        buffer_append(bytes, piece.at, piece.size);
}

void partition_close(Partition *partition)
{
    for (size_t i = 0; i < PARTITION_COUNT; i++) {
        for (size_t j = 0; j < partition->parts[i].count; j++)
            free(partition->parts[i].pieces[j].bytes);
        free(partition->parts[i].pieces);
    }
    pthread_mutex_destroy(&partition->lock);
    spill_close(&partition->spill);
}
