/*
 * Writer: strict CSV to an output, byte for byte where nothing changed.
 *
 * Cells are written one after another and a row is closed with writer_end(); raw spans from a
 * batch pass through unchanged.  A row of one missing cell is written "" so that it is not an
 * empty line.
 */
#ifndef CSV_WRITER_H
#define CSV_WRITER_H

#include "base/file.h"
#include "csv/header.h"
#include "csv/reader.h"
#include "num/decimal.h"

typedef struct Writer Writer;

/* path as output_open(). */
Writer *writer_open(const char *path, char delimiter);

/* The same, where the bytes go to `take`, in pieces of no certain size. */
typedef void WriterSink(void *context, const char *bytes, size_t size);
Writer *writer_open_sink(WriterSink *take, void *context, char delimiter);

void writer_header(Writer *writer, const Header *header);

/* A cell from its value: quoted if it holds the delimiter, a quote, CR or LF. Empty is missing. */
void writer_value(Writer *writer, Span value);

/* A cell from its bytes in a file with the same delimiter: written as they are. */
void writer_field(Writer *writer, Span field);

/* Several cells at once, delimiters included, as they lie in a batch row. */
void writer_fields(Writer *writer, Span fields);

void writer_number(Writer *writer, Decimal value);
void writer_end(Writer *writer);

/* A whole row from a batch, newline added. */
void writer_row(Writer *writer, const Batch *batch, size_t row);

/*
 * `count` whole rows as they lie, one behind the other with newlines between them; the last one's
 * is added if it is not there.  Many go to the output without being copied.
 */
void writer_pass(Writer *writer, Span rows, uint64_t count);

uint64_t writer_rows(const Writer *writer);

/* How many bytes the header and the rows closed so far take. */
uint64_t writer_bytes(const Writer *writer);

/*
 * A writer for another thread: its rows are held until they are put behind those of the one they
 * are for, and it is empty again.
 */
Writer *writer_apart(const Writer *writer);
void writer_take(Writer *writer, Writer *apart);

/* Frees a writer apart, and what it holds. */
void writer_drop(Writer *apart);

/* Everything written and in place, or fail(); frees. */
void writer_close(Writer *writer);

/* The bytes of one cell as the writer would write them, appended to a buffer (for rows that are
 * held before they are written): of a text, of a number. */
void cell_append(Buffer *out, Span value, char delimiter);
void number_append(Buffer *out, Decimal value, char delimiter);

#endif
