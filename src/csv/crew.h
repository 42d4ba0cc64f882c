/*
 * Crew: the batches of a reader worked on by several threads, in effect as if by one.
 *
 * The reader cuts its input into chunks of whole rows, one thread at a time (for a quote may reach
 * over any newline, so only who has seen all before knows where a row ends; that takes a search for
 * quotes, far less than a scan).  A worker scans its chunk, works on its batches with a state of
 * its own, and when all chunks before have been delivered, delivers what it made of it.
 *
 * A failure is that of a run with one thread: a worker that fails waits for its turn, lets what is
 * before the failure be delivered, and works on that batch again, which now knows its true lines;
 * that failure ends the program.  Nothing behind it is delivered.
 *
 * With one job everything runs in the calling thread, and so it does while the input is smaller
 * than a chunk.
 */
#ifndef CSV_CREW_H
#define CSV_CREW_H

#include "csv/reader.h"

typedef struct CrewJob {
    void *context; /* the filter */

    /* A worker's state. Called in the calling thread. */
    void *(*open)(void *context);

    /* In any thread, the batches of a chunk in order. */
    void (*work)(void *state, const Batch *batch);

    /* In the order of the input, one at a time, once a chunk, whose bytes are still there; false:
     * no more is wanted.  NULL if there is nothing to be done in order. */
    bool (*deliver)(void *context, void *state);

    /* In any thread, after a delivery: work that no later chunk needs to wait for, and the worker
     * has none in hand.  A failure ends the program, at whatever place in the input.  NULL if there
     * is none. */
    void (*rest)(void *state);

    /* In the end, for each state in the calling thread; NULL: the filter has kept them itself. */
    void (*close)(void *context, void *state);
} CrewJob;

/*
 * Works through the reader's rows.  `jobs`: threads; 0: one for each core where the inputs are
 * regular files, else two.
 */
void crew_run(Reader *reader, size_t jobs, const CrewJob *job);

/* How many workers there will be at most. */
size_t crew_size(const Reader *reader, size_t jobs);

#endif
