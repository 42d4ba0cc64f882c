/*
 * Spill: bytes put aside in a temporary file when there are more than memory may hold.
 *
 * The file lies in $TMPDIR, or /tmp, and never has a name that outlives its making, so that nothing
 * is left behind however the program ends.  Pieces are put one behind the other and read back by
 * where they lie; to cut pieces large enough (64 KiB and more) is the caller's part, there is no
 * buffer in between.  Several threads may put and get at once.
 *
 * Fails with "DIRECTORY: cannot write a temporary file: REASON (…)".
 */
#ifndef BASE_SPILL_H
#define BASE_SPILL_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Where the files go: $TMPDIR, or /tmp. */
const char *spill_folder(void);

typedef struct Spill {
    int file; /* descriptor plus one; 0: nothing was put yet */
    _Atomic uint64_t size;
} Spill; /* all zero is an empty one; the file is made by spill_open() */

/* Makes the file; nothing happens when it is there. Not to be raced for. */
void spill_open(Spill *spill);

/* Adds the bytes; gives the offset at which they lie. */
uint64_t spill_put(Spill *spill, const void *bytes, size_t size);

/* Reads bytes that were put. */
void spill_get(const Spill *spill, uint64_t offset, void *bytes, size_t size);

/* Bytes put so far. */
uint64_t spill_size(const Spill *spill);

void spill_close(Spill *spill);

#endif
