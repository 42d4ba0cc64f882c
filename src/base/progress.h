/*
 * Progress: a line on standard error that says how far a long work has come.
 *
 *     filter: 34%, 1.2 of 3.4 GB, 12.3 million rows, 410 MB/s, 5 s left
 *
 * It appears after two seconds, is written anew a few times a second, and goes before anything else
 * is written.  Nothing is counted until progress_start(); then a call costs an addition and a look
 * at the clock, once for each piece that is read.
 */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdint.h>

/* `total`: bytes there are to read, 0 if that is not known.  The name must last. */
void progress_start(const char *program, uint64_t total);

/* Read, and given out, so far: more by that much.  From any thread. */
void progress_bytes(uint64_t bytes);
void progress_rows(uint64_t rows);

/* The input is read once more from its beginning. */
void progress_again(void);

/* Takes the line away, if it is there; or only if the descriptor is a terminal's. */
void progress_clear(void);
void progress_clear_before(int descriptor);

#endif
