/*
 * A second opinion on strict CSV for the tests of src/csv: libcsv in its strict mode, one byte at a
 * time, with what libcsv does not look at (blank lines, carriage returns, widths, NUL, UTF-8)
 * checked in the plainest way.  Nothing of src/csv is used.
 *
 * A table is written down as text, so that two opinions are compared as bytes: each cell as
 * "SIZE:BYTES," and a newline behind each row.
 */
#ifndef CSV_ORACLE_H
#define CSV_ORACLE_H

#include <csv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

typedef struct Oracle {
    Buffer table; /* the rows before the fault */
    size_t rows;
    bool sound;
    size_t fault; /* offset at which the field (or, if ragged or blank, the row) at fault begins */

    Buffer row; /* the current one */
    size_t fields, width;
    bool complete;
    size_t row_start, field_start;
} Oracle;

static void table_cell(Buffer *table, Span cell)
{
    buffer_format(table, "%zu:", cell.size);
    buffer_append(table, cell.at, cell.size);
    buffer_byte(table, ',');
}

static void oracle_cell(void *bytes, size_t size, void *context)
{
    Oracle *oracle = context;
    table_cell(&oracle->row, (Span){bytes, size});
    oracle->fields++;
}

static void oracle_row(int terminator, void *context)
{
    (void)terminator;
    ((Oracle *)context)->complete = true;
}

static int oracle_no_blanks(unsigned char byte)
{
    (void)byte;
    return 0;
}

static bool oracle_fault(Oracle *oracle, size_t at)
{
    oracle->sound = false;
    oracle->fault = at;
    return false;
}

/* Decodes by the first byte's promise and encodes again: only well-formed bytes come back. */
static size_t oracle_character(const unsigned char *bytes, size_t size)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = bytes[0] < 0x80 ? 1 : bytes[0] >> 5 == 6 ? 2 : bytes[0] >> 4 == 14 ? 3 : 4;
    if (length == 1)
        return 1;
    if ((length == 4 && bytes[0] >> 3 != 30) || length > size)
        return 0;
    uint32_t code = bytes[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (bytes[i] >> 6 != 2)
            return 0;
        code = code << 6 | (bytes[i] & 0x3fu);
    }
    bool surrogate = code >= 0xd800 && code < 0xe000;
    return code < least[length] || surrogate || code > 0x10ffff ? 0 : length;
}

/* After a row's end; the next begins at `next`. */
static bool oracle_row_end(Oracle *oracle, size_t next)
{
    if (oracle->width == 0)
        oracle->width = oracle->fields;
    if (oracle->fields != oracle->width)
        return oracle_fault(oracle, oracle->row_start);
    buffer_append(&oracle->table, oracle->row.at, oracle->row.size);
    buffer_byte(&oracle->table, '\n');
    oracle->row.size = oracle->fields = 0;
    oracle->complete = false;
    oracle->rows++;
    oracle->row_start = oracle->field_start = next;
    return true;
}

static bool oracle_bytes(Oracle *oracle, struct csv_parser *parser, const char *bytes, size_t size)
{
    size_t character = 0; /* where the next one begins */
    bool inside = false;
    for (size_t i = 0; i < size; i++) {
        char byte = bytes[i];
        if (i == character) {
            size_t length = oracle_character((const unsigned char *)bytes + i, size - i);
            if (length == 0)
                return oracle_fault(oracle, oracle->field_start);
            character += length;
        }
        bool crlf = byte == '\r' && !inside;
        if (byte == '\0' || (crlf && (i + 1 == size || bytes[i + 1] != '\n')))
            return oracle_fault(oracle, oracle->field_start);
        if ((crlf || (byte == '\n' && !inside)) && i == oracle->row_start)
            return oracle_fault(oracle, i);
        if (csv_parse(parser, &byte, 1, oracle_cell, oracle_row, oracle) != 1)
            return oracle_fault(oracle, oracle->field_start);
        inside ^= byte == '"';
        if (byte == ',' && !inside)
            oracle->field_start = i + 1;
        if (crlf)
            character = ++i + 1; /* the newline belongs to it */
        if (oracle->complete && !oracle_row_end(oracle, i + 1))
            return false;
    }
    return true;
}

static void oracle_read(Oracle *oracle, const char *bytes, size_t size)
{
    struct csv_parser parser;
    oracle->sound = true;
    csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_space_func(&parser, oracle_no_blanks);
    if (oracle_bytes(oracle, &parser, bytes, size)) {
        if (csv_fini(&parser, oracle_cell, oracle_row, oracle) != 0)
            oracle_fault(oracle, oracle->field_start);
        else if (oracle->complete)
            oracle_row_end(oracle, size);
    }
    csv_free(&parser);
}

static void oracle_free(Oracle *oracle)
{
    buffer_free(&oracle->table);
    buffer_free(&oracle->row);
    *oracle = (Oracle){0};
}

/* ---- random tables ---- */

static uint64_t random_state;

static void random_seed(uint64_t seed)
{
    random_state = seed * 2 + 1;
}

/* Below `bound`; Vigna's xorshift64*, "An experimental exploration of Marsaglia's xorshift
 * generators, scrambled", 2016. */
static size_t random_below(size_t bound)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (size_t)((random_state * UINT64_C(2685821657736338717) >> 32) % bound);
}

/* Pieces that a fault or a hidden assumption may hang on. */
static const Span ODDITIES[] = {
    {"a", 1},
    {"0.5", 3},
    {",", 1},
    {"\"", 1},
    {"\n", 1},
    {"\r\n", 2},
    {"\r", 1},
    {"\xc3\xa9", 2},
    {" ", 1},
    {"\xe2\x82\xac", 3},
    {"\"\"", 2},
    {"\xf0\x9f\x98\x80", 4},
    {"text", 4},
    {"a longer piece", 14},
    {"\0", 1},
    {"\xc3", 1},
    {"\xed\xa0\x80", 3},
    {"\x80", 1},
    {"\xff", 1},
    {"\xf4\x90\x80\x80", 4},
    {"\xc0\x80", 2},
};
enum { ODDITY_COUNT = sizeof ODDITIES / sizeof *ODDITIES, ODDITY_VALID = 14 };

/* A cell as strict CSV has it; sometimes quoted without need, sometimes long. */
static void random_cell(Buffer *out, bool last_resort)
{
    size_t pieces = random_below(8) == 0 ? random_below(30) : random_below(4);
    bool quoted = last_resort || random_below(3) == 0;
    if (quoted)
        buffer_byte(out, '"');
    for (size_t i = 0; i < pieces; i++) {
        Span piece = ODDITIES[random_below(ODDITY_VALID)];
        bool plain = strpbrk(piece.at, ",\"\r\n") == NULL;
        if (quoted && piece.at[0] == '"')
            piece = SPAN("\"\"");
        if (quoted || plain)
            buffer_append(out, piece.at, piece.size);
    }
    if (quoted)
        buffer_byte(out, '"');
}

static void random_row(Buffer *out, size_t width)
{
    size_t start = out->size;
    for (size_t i = 0; i < width; i++) {
        if (i != 0)
            buffer_byte(out, ',');
        random_cell(out, false);
    }
    if (out->size == start)
        random_cell(out, true);
}

/* Strict rows. */
static void random_rows(Buffer *out, size_t width, size_t rows)
{
    for (size_t i = 0; i < rows; i++) {
        random_row(out, width);
        if (i + 1 < rows || random_below(4) != 0)
            buffer_text(out, random_below(4) == 0 ? "\r\n" : "\n");
    }
}

/* One edit, most often a fatal one: a piece put in, or some bytes taken away. */
static void random_damage(Buffer *text, size_t from)
{
    size_t at = from + random_below(text->size - from + 1);
    Span piece = ODDITIES[random_below(ODDITY_COUNT)];
    if (at < text->size && random_below(2) == 0) {
        memmove(text->at + at, text->at + at + 1, text->size - at - 1);
        text->size--;
        return;
    }
    buffer_reserve(text, piece.size);
    memmove(text->at + at + piece.size, text->at + at, text->size - at);
    memcpy(text->at + at, piece.at, piece.size);
    text->size += piece.size;
}

/* ---- TAP ---- */

static int test_count, failed_count;
static bool passing; /* so far in the running test */

static void check_at(int line, bool holds, const char *what)
{
    if (!holds && passing)
        printf("# line %d: not so: %s\n", line, what);
    passing = passing && holds;
}

#define CHECK(holds) check_at(__LINE__, (holds), #holds)

static void test(const char *sentence, void (*body)(void))
{
    passing = true;
    body();
    failed_count += !passing;
    printf("%s %d - %s\n", passing ? "ok" : "not ok", ++test_count, sentence);
    fflush(stdout);
}

static void show_bytes(const char *what, Span bytes)
{
    printf("# %s (%zu bytes): ", what, bytes.size);
    for (size_t i = 0; i < bytes.size; i++) {
        unsigned char byte = (unsigned char)bytes.at[i];
        if (byte < 0x20 || byte > 0x7e || byte == '\\')
            printf("\\x%02x", byte);
        else
            putchar(byte);
    }
    putchar('\n');
}

#endif
