/*
 * Reader, seen from inside: what it shares with the crew (crew.c), whose threads scan for
 * themselves what a reader has cut for them.
 */
#ifndef CSV_READING_H
#define CSV_READING_H

#include "csv/excerpt.h"
#include "csv/reader.h"

/* Whole rows of one file. */
typedef struct Chunk {
    char *bytes; /* behind them a NUL and the rest of READER_BEHIND */
    size_t size, room;
    bool last;        /* the file ends here */
    size_t file;      /* its index */
    uint64_t line;    /* in which the chunk begins, if it is a file's first; else 0 */
    uint64_t ordinal; /* of its first row: the input's bytes before it, so that it need not wait for
                         others to be counted */
} Chunk;

/*
 * The next rows, as many as fit in a chunk or have come, at least one; false at the end.  Finds
 * the end of the last row by counting quotes and nothing else: what is wrong with the text is the
 * scanner's to find, in this chunk at the latest.  Fails like reader_next() on the header of a
 * further file.  Not to be mixed with reader_next().
 */
bool reader_cut(Reader *reader, Chunk *chunk);

void chunk_free(Chunk *chunk);

/* Bytes that one chunk holds unless a row is longer. */
size_t reader_chunk(const Reader *reader);

/* There is more to read behind what was cut, as far as is known. */
bool reader_goes_on(const Reader *reader);

/* Whether all inputs are regular files. */
bool reader_is_regular(const Reader *reader);

/* Once there is something to be read from `alarm`, a reader that waits for bytes takes the input
 * for ended. */
void reader_listen(Reader *reader, int alarm);

/* A scan of rows of this reader. */
Scan reader_scan(const Reader *reader);

/* Counts rows that were worked on as given out. */
void reader_count(Reader *reader, uint64_t rows);

/* What messages call an input. */
const char *reader_file_name(const Reader *reader, size_t file);

#endif
