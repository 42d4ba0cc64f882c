#include "csv/writer.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    WRITER_PIECE = 128 * 1024, /* rows gather to this and go to the output without another copy */
    WRITER_DIRECT = 32 * 1024  /* as many bytes of rows that need no change are not gathered */
};

struct Writer {
    Output *output; /* NULL: the bytes go to `take`, or if that is NULL, are held */
    WriterSink *take;
    void *context;
    uint64_t passed;  /* bytes that have gone there */
    Buffer rows;      /* whole rows and the current one */
    size_t row_start; /* where the current row begins in them */
    bool row_begun;   /* it has a cell, be it an empty one */
    char delimiter;
    uint64_t count; /* rows closed, the header not among them */
};

static Writer *writer_new(char delimiter)
{
    Writer *writer = memory_zeroed(1, sizeof *writer);
    writer->delimiter = delimiter != 0 ? delimiter : ',';
    buffer_reserve(&writer->rows, WRITER_PIECE + WRITER_PIECE / 2);
    return writer;
}

Writer *writer_open(const char *path, char delimiter)
{
    Writer *writer = writer_new(delimiter);
    writer->output = output_open(path);
    return writer;
}

Writer *writer_open_sink(WriterSink *take, void *context, char delimiter)
{
    Writer *writer = writer_new(delimiter);
    writer->take = take;
    writer->context = context;
    return writer;
}

static bool word_needs_quotes(uint64_t word, char delimiter)
{
    return word_has(word, delimiter) || word_has(word, '"') || word_has(word, '\n') ||
           word_has(word, '\r');
}

static bool needs_quotes(Span value, char delimiter)
{
    enum { WORD = sizeof(uint64_t) };
    for (; value.size >= WORD; value = (Span){value.at + WORD, value.size - WORD})
        if (word_needs_quotes(span_word((Span){value.at, WORD}), delimiter))
            return true;
    return word_needs_quotes(span_word(value), delimiter);
}

static void quoted_append(Buffer *out, Span value)
{
    buffer_reserve(out, value.size + 2);
    buffer_byte(out, '"');
    for (;;) {
        const char *quote = value.size == 0 ? NULL : memchr(value.at, '"', value.size);
        if (quote == NULL)
            break;
        size_t piece = (size_t)(quote - value.at) + 1;
        buffer_append(out, value.at, piece);
        buffer_byte(out, '"');
        value = (Span){value.at + piece, value.size - piece};
    }
    buffer_append(out, value.at, value.size);
    buffer_byte(out, '"');
}

void cell_append(Buffer *out, Span value, char delimiter)
{
    if (needs_quotes(value, delimiter))
        quoted_append(out, value);
    else
        buffer_append(out, value.at, value.size);
}

/* Whether it is an odd one (-d . or -d 0), which can stand in a number: one of -./0123456789. */
static bool delimits_numbers(char delimiter)
{
    return (unsigned char)(delimiter - '-') <= '9' - '-';
}

void number_append(Buffer *out, Decimal value, char delimiter)
{
    size_t start = out->size;
    decimal_write(value, out);
    if (!delimits_numbers(delimiter) ||
        !needs_quotes((Span){out->at + start, out->size - start}, delimiter))
        return;
    buffer_byte(out, '"');
    memmove(out->at + start + 1, out->at + start, out->size - 1 - start);
    out->at[start] = '"';
    buffer_byte(out, '"');
}

static void cell_begin(Writer *writer)
{
    if (writer->row_begun)
        buffer_byte(&writer->rows, writer->delimiter);
    writer->row_begun = true;
}

void writer_value(Writer *writer, Span value)
{
    cell_begin(writer);
    cell_append(&writer->rows, value, writer->delimiter);
}

void writer_fields(Writer *writer, Span fields)
{
    cell_begin(writer);
    buffer_append(&writer->rows, fields.at, fields.size);
}

void writer_field(Writer *writer, Span field)
{
    writer_fields(writer, field);
}

void writer_number(Writer *writer, Decimal value)
{
    cell_begin(writer);
    number_append(&writer->rows, value, writer->delimiter);
}

static void bytes_out(Writer *writer, const char *bytes, size_t size)
{
    if (writer->output != NULL)
        output_write(writer->output, bytes, size);
    else
        writer->take(writer->context, bytes, size);
    writer->passed += size;
}

static void rows_flush(Writer *writer)
{
    bytes_out(writer, writer->rows.at, writer->rows.size);
    writer->rows.size = 0;
}

static bool is_apart(const Writer *writer)
{
    return writer->output == NULL && writer->take == NULL;
}

static void rows_pass(Writer *writer)
{
    if (writer->rows.size >= WRITER_PIECE && !is_apart(writer))
        rows_flush(writer);
    writer->row_start = writer->rows.size;
    writer->row_begun = false;
}

/* A row without a byte would be an empty line, which nobody reads as a row. */
static void row_close(Writer *writer)
{
    if (writer->rows.size == writer->row_start)
        buffer_text(&writer->rows, "\"\"");
    buffer_byte(&writer->rows, '\n');
    rows_pass(writer);
}

void writer_end(Writer *writer)
{
    writer->count++;
    row_close(writer);
}

/* A first name that begins like a byte order mark would be read as one, if it were not quoted. */
void writer_header(Writer *writer, const Header *header)
{
    for (size_t i = 0; i < header->width; i++) {
        Span name = span_of(header->names[i]);
        if (i == 0 && name.size >= 3 && memcmp(name.at, "\xef\xbb\xbf", 3) == 0) {
            cell_begin(writer);
            quoted_append(&writer->rows, name);
        } else {
            writer_value(writer, name);
        }
    }
    row_close(writer);
}

void writer_pass(Writer *writer, Span rows, uint64_t count)
{
    if (rows.size >= WRITER_DIRECT && !is_apart(writer)) {
        rows_flush(writer);
        bytes_out(writer, rows.at, rows.size);
    } else {
        buffer_append(&writer->rows, rows.at, rows.size);
    }
    if (rows.at[rows.size - 1] != '\n')
        buffer_byte(&writer->rows, '\n');
    writer->count += count;
    rows_pass(writer);
}

void writer_row(Writer *writer, const Batch *batch, size_t row)
{
    Span bytes = batch_row(batch, row);
    /* The newline is most often there already, and goes along. */
    bytes.size += bytes.at[bytes.size] == '\n';
    writer_pass(writer, bytes, 1);
}

uint64_t writer_rows(const Writer *writer)
{
    return writer->count;
}

uint64_t writer_bytes(const Writer *writer)
{
    return writer->passed + writer->row_start;
}

Writer *writer_apart(const Writer *writer)
{
    Writer *apart = memory_zeroed(1, sizeof *apart);
    apart->delimiter = writer->delimiter;
    return apart;
}

void writer_take(Writer *writer, Writer *apart)
{
    if (apart->count != 0)
        writer_pass(writer, (Span){apart->rows.at, apart->row_start}, apart->count);
    apart->rows.size = apart->row_start = 0;
    apart->count = 0;
}

void writer_drop(Writer *apart)
{
    buffer_free(&apart->rows);
    free(apart);
}

void writer_close(Writer *writer)
{
    rows_flush(writer);
    if (writer->output != NULL)
        output_commit(writer->output);
    buffer_free(&writer->rows);
    free(writer);
}
