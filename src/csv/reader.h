/*
 * Reader: strict CSV files with one header, as batches of rows.
 *
 * A reader opens one file or several that share a header and gives their rows in order, some
 * thousands at a time, as spans into the bytes that were read: nothing is copied but the incomplete
 * row at the end of a chunk, which moves to the front of the next.  Any breach of strict CSV ends
 * the program with "FILE:LINE:COLUMN: what is wrong"; rows before the fault are delivered first.
 */
#ifndef CSV_READER_H
#define CSV_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/text.h"
#include "csv/header.h"

typedef struct Reader Reader;

typedef struct ReaderOptions {
    char delimiter;     /* ',' by default when 0 */
    size_t max_row;     /* longest row in bytes, its newline not counted; 0: READER_MAX_ROW */
    size_t max_columns; /* 0: SCAN_MAX_WIDTH */
    size_t chunk;       /* bytes to read at a time, which changes no result; 0: READER_CHUNK */
    size_t keep;   /* bytes of pipes held in memory for reader_again(); 0: it will not be asked */
    Reader **held; /* NULL, or where the reader hangs from the start, for who survives a failure */
} ReaderOptions;

/* The default and the highest max_row, the bytes read at a time, the most rows in a batch. */
enum { READER_MAX_ROW = 16 << 20, READER_TOP_ROW = 1 << 30 };
enum { READER_CHUNK = 256 * 1024, READER_BATCH = 4096 };

/* Bytes behind the last row of a batch that may be read, the first of them not a cell's; what they
 * hold means nothing.  Short cells are so read by whole words. */
enum { READER_BEHIND = 16 };

/* Rows as they lie in the chunk.  Good until the next reader_next(). */
typedef struct Batch {
    const char *bytes; /* the first row begins here */
    uint64_t line;     /* in which it does, from 1 */
    uint64_t ordinal;  /* its place: grows from row to row of all inputs, within a batch by 1 */
    const uint32_t *starts; /* see scanner.h */
    const uint32_t *ends;
    size_t rows;
    size_t width;
    const Reader *reader; /* for places */
    size_t file;          /* index of the file these rows come from: a batch never spans two */
    Arena *arena;         /* for values that had to be unquoted; emptied by reader_next() */
} Batch;

/*
 * Opens the first path and reads the header.  No paths, or "-", is standard input.  The array must
 * outlive the reader.  Fails on an empty file, a bad header (empty or repeated name), a missing
 * file, standard input named twice.  All files are looked at before the first row is given, so that
 * a missing one is known early; each is opened, and its header compared with the first, when it is
 * reached.
 */
Reader *reader_open(char *const *paths, size_t count, const ReaderOptions *options);

const Header *reader_header(const Reader *reader);
char reader_delimiter(const Reader *reader);

/*
 * The next rows; false at the end.  Never gives an empty batch.  From a pipe it gives the rows that
 * have come and does not wait for more.
 */
bool reader_next(Reader *reader, Batch *batch);

/*
 * Goes back to the first row.  A regular file is read again, and fails if it has been changed
 * meanwhile; what came through a pipe has been kept, past `keep` bytes in a file.
 */
void reader_again(Reader *reader);

/* Totals so far, for --stats. */
uint64_t reader_rows(const Reader *reader);
uint64_t reader_bytes(const Reader *reader);
/* Name of the first input as messages call it. */
const char *reader_name(const Reader *reader);
void reader_close(Reader *reader);

/* The field as it stands in the file, quotes included. */
static inline Span batch_field(const Batch *batch, size_t row, size_t column)
{
    const uint32_t *ends = batch->ends + row * batch->width;
    uint32_t start = column == 0 ? batch->starts[row] : ends[column - 1] + 1;
    return (Span){batch->bytes + start, ends[column] - start};
}

/* The whole row as it stands in the file, without its newline. */
static inline Span batch_row(const Batch *batch, size_t row)
{
    uint32_t start = batch->starts[row];
    return (Span){batch->bytes + start, batch->ends[(row + 1) * batch->width - 1] - start};
}

/* A field's value from its bytes: quotes removed, doubled ones made single (in `arena`). */
Span field_value_quoted(Span field, Arena *arena);

static inline Span field_value(Span field, Arena *arena)
{
    if (field.size == 0 || field.at[0] != '"')
        return field;
    return field_value_quoted(field, arena);
}

/* The cell's text; size 0 is missing. */
static inline Span batch_value(const Batch *batch, size_t row, size_t column)
{
    return field_value(batch_field(batch, row, column), batch->arena);
}

/* Where a cell stands, for messages: "FILE:LINE:COLUMN", the line in which the field begins and its
 * 1-based byte there.  Costs a pass over the chunk: for errors only.  Ring of static buffers as
 * shown(). */
const char *batch_place(const Batch *batch, size_t row, size_t column);

#endif
