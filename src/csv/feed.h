/*
 * Feed: the bytes of a reader's inputs, one input after the other, and if asked for once more.
 *
 * A regular file is read again from where it lies, and must be the same then; what comes through a
 * pipe is kept (tape.h).
 */
#ifndef CSV_FEED_H
#define CSV_FEED_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Feed Feed;

/*
 * No paths, or "-", is standard input.  Each file is opened when it is reached.  `keep`: how many
 * bytes of pipes may be held in memory, more go to a file; 0: there will be no feed_rewind().
 */
Feed *feed_open(char *const *paths, size_t count, size_t keep);

/* Looks at all files, so that a missing one is known early. */
void feed_check(const Feed *feed);

/* Goes on to the next input, at first to the first; false if there is none. */
bool feed_next(Feed *feed);

/* The index of the input at hand. */
size_t feed_index(const Feed *feed);

/* Whether there are inputs behind the one at hand. */
bool feed_has_more(const Feed *feed);

/*
 * Waits for bytes of the input at hand and takes what has come, up to `size`.  Gives how many;
 * *ended says that there are no more.
 */
size_t feed_read(Feed *feed, char *bytes, size_t size, bool *ended);

/* Once there is something to be read from the descriptor `alarm`, who waits for bytes takes the
 * input for ended; negative: no alarm. */
void feed_listen(Feed *feed, int alarm);

/* Before the first input again. */
void feed_rewind(Feed *feed);

/* Whether all inputs are regular files. */
bool feed_is_regular(const Feed *feed);

/* What messages call an input. */
const char *feed_name(const Feed *feed, size_t index);

void feed_close(Feed *feed);

#endif
