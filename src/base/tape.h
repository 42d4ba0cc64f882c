/*
 * Tape: bytes put one behind the other that can be read again, in memory up to a ceiling and past
 * it in a file (spill.h).
 */
#ifndef BASE_TAPE_H
#define BASE_TAPE_H

#include <stddef.h>
#include <stdint.h>

#include "base/spill.h"

typedef struct Tape {
    size_t ceiling;
    char **blocks; /* of TAPE_BLOCK bytes */
    size_t block_count, block_room;
    uint64_t held; /* bytes in them; those behind are in the spill */
    Spill spill;
    uint64_t size;
} Tape; /* all zero but for the ceiling is an empty one */

enum { TAPE_BLOCK = 1 << 20 };

void tape_put(Tape *tape, const char *bytes, size_t size);

/* Reads up to `size` bytes from an offset on; gives how many, 0 at the end. */
size_t tape_get(const Tape *tape, uint64_t offset, char *bytes, size_t size);

void tape_free(Tape *tape);

#endif
