#include "base/tape.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static size_t least(size_t a, uint64_t b)
{
    return a < b ? a : (size_t)b;
}

/* Where the next byte is held; blocks are made whole, so that none is moved. */
static char *block_end(Tape *tape)
{
    size_t used = (size_t)(tape->held % TAPE_BLOCK);
    if (used == 0) {
        tape->blocks =
            memory_grow(tape->blocks, &tape->block_room, tape->block_count, sizeof *tape->blocks);
        tape->blocks[tape->block_count++] = memory_array(TAPE_BLOCK, 1);
    }
    return tape->blocks[tape->block_count - 1] + used;
}

/* As many of the bytes as there is room for in memory. */
static size_t hold(Tape *tape, const char *bytes, size_t size)
{
    size_t done = 0;
    while (done < size && tape->held < tape->ceiling && tape->spill.file == 0) {
        char *at = block_end(tape);
        size_t room = TAPE_BLOCK - (size_t)(tape->held % TAPE_BLOCK);
        size_t piece = least(size - done, tape->ceiling - tape->held);
        piece = piece < room ? piece : room;
        memcpy(at, bytes + done, piece);
        tape->held += piece;
        done += piece;
    }
    return done;
}

void tape_put(Tape *tape, const char *bytes, size_t size)
{
    size_t held = hold(tape, bytes, size);
    tape->size += size;
    if (held == size)
        return;
    spill_open(&tape->spill);
    spill_put(&tape->spill, bytes + held, size - held);
}

size_t tape_get(const Tape *tape, uint64_t offset, char *bytes, size_t size)
{
    size = least(size, tape->size - offset);
    if (offset >= tape->held) {
        spill_get(&tape->spill, offset - tape->held, bytes, size);
        return size;
    }
    size_t from = (size_t)(offset % TAPE_BLOCK);
    size = least(size, tape->held - offset);
    size = least(size, TAPE_BLOCK - from);
    memcpy(bytes, tape->blocks[offset / TAPE_BLOCK] + from, size);
    return size;
}

void tape_free(Tape *tape)
{
    for (size_t i = 0; i < tape->block_count; i++)
        free(tape->blocks[i]);
    free(tape->blocks);
    spill_close(&tape->spill);
    *tape = (Tape){0};
}
