#include "csv/intake.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"

enum { INTAKE_CHUNK = 64 * 1024 };

/*
 * libcsv knows no escape byte.  Bytes that one protects travel through it as bytes that no UTF-8
 * text holds, and are put back when a value comes out.
 */
enum { STAND_IN = 0xf8, STAND_INS = 4 };

/* Where the next byte stands, as libcsv sees it: it does not tell. */
typedef enum QuoteState { FIELD_START, FIELD_BARE, FIELD_QUOTED, FIELD_CLOSED } QuoteState;

struct Intake {
    IntakeSource *source;
    void *context;
    const char *name;
    IntakeDialect dialect;
    char protected[STAND_INS]; /* the byte that each stand-in stands for */

    char bytes[INTAKE_CHUNK + 1];
    size_t taken, filled;
    bool ended;
    bool escaped; /* the byte before was an escape */

    struct csv_parser parser;
    Buffer text;  /* the values, one after another */
    size_t *ends; /* of the values, in it */
    size_t ends_room;
    Span *values;
    size_t values_room;
    size_t width;
    bool complete; /* libcsv has seen the row's end */

    uint64_t line;       /* of the next byte */
    bool after_carriage; /* a newline here belongs to the line end before */
    size_t row_size;     /* bytes of the current row */
    uint64_t row_line;
    QuoteState quotes;
    uint64_t quote_line; /* where the field opened that is quoted now */
    bool stray, swallowing;
    uint64_t stray_rows;
};

static _Noreturn void fail_line(const Intake *intake, uint64_t line, const char *sentence)
{
    fail("%s:%llu: %s", intake->name, (unsigned long long)line, sentence);
}

static int no_blanks(unsigned char byte)
{
    (void)byte;
    return 0;
}

/* libcsv calls this with a value; it is valid only now. */
static void value_take(void *bytes, size_t size, void *context)
{
    Intake *intake = context;
    Buffer *text = &intake->text;
    if (intake->width == intake->dialect.max_columns)
        fail("%s:%llu: more than %zu columns (see --max-columns)", intake->name,
             (unsigned long long)intake->row_line, intake->dialect.max_columns);
    buffer_append(text, bytes, size);
    if (intake->dialect.escape != '\0')
        for (char *at = text->at + text->size - size; at < text->at + text->size; at++)
            if ((unsigned char)*at >= STAND_IN)
                *at = intake->protected[(unsigned char)*at - STAND_IN];
    intake->ends =
        memory_grow(intake->ends, &intake->ends_room, intake->width, sizeof *intake->ends);
    intake->ends[intake->width++] = text->size;
}

static void row_take(int terminator, void *context)
{
    (void)terminator;
    ((Intake *)context)->complete = true;
}

/* libcsv asks for memory as everybody here does: what it can't have ends the program. */
static void *block_resize(void *block, size_t size)
{
    return memory_resize(block, size, 1);
}

Intake *intake_open(IntakeSource *source, void *context, const IntakeDialect *dialect,
                    const char *name)
{
    Intake *intake = memory_zeroed(1, sizeof *intake);
    intake->source = source;
    intake->context = context;
    intake->name = name;
    intake->dialect = *dialect;
    const char protected[STAND_INS] = {dialect->delimiter, dialect->quote, '\n', '\r'};
    memcpy(intake->protected, protected, sizeof protected);
    intake->line = 1;
    buffer_reserve(&intake->text, 1); /* an empty value needs a place, too */
    if (csv_init(&intake->parser, 0) != 0)
        fail("out of memory");
    csv_set_delim(&intake->parser, (unsigned char)dialect->delimiter);
    csv_set_quote(&intake->parser, (unsigned char)dialect->quote);
    csv_set_space_func(&intake->parser, no_blanks); /* blanks are data */
    csv_set_blk_size(&intake->parser, INTAKE_CHUNK);
    csv_set_realloc_func(&intake->parser, block_resize);
    return intake;
}

/* A byte behind an escape: itself, or its stand-in if it would mean something. */
static char byte_protect(const Intake *intake, char byte)
{
    for (int i = 0; i < STAND_INS; i++)
        if (byte == intake->protected[i] && byte != '\0')
            return (char)(STAND_IN + i);
    return byte;
}

/* Takes the escapes out of what was read, from `start` on. */
static void escapes_resolve(Intake *intake, size_t start)
{
    size_t out = start;
    for (size_t i = start; i < intake->filled; i++) {
        char byte = intake->bytes[i];
        if ((unsigned char)byte >= STAND_IN)
            fail_line(intake, intake->line, "not UTF-8 on this line or soon after");
        if (intake->escaped || byte != intake->dialect.escape) {
            intake->bytes[out++] = intake->escaped ? byte_protect(intake, byte) : byte;
            intake->escaped = false;
        } else {
            intake->escaped = true;
        }
    }
    intake->filled = out;
}

static void chunk_fill(Intake *intake)
{
    size_t start = intake->filled;
    size_t got = intake->source(intake->context, intake->bytes + start, INTAKE_CHUNK - start);
    intake->filled += got;
    intake->ended = got == 0;
    if (intake->dialect.escape == '\0')
        return;
    escapes_resolve(intake, start);
    if (intake->ended && intake->escaped) /* nothing to protect: an ordinary byte */
        intake->bytes[intake->filled++] = intake->dialect.escape;
    intake->escaped = intake->escaped && !intake->ended;
}

static void bom_skip(Intake *intake)
{
    while (intake->filled < 3 && !intake->ended)
        chunk_fill(intake);
    if (intake->filled >= 3 && memcmp(intake->bytes, "\xef\xbb\xbf", 3) == 0)
        intake->taken = 3;
}

/* The next bytes up to the end of a line or of what was read, the line end included. */
static bool piece_next(Intake *intake, Span *piece)
{
    if (intake->filled == 0)
        bom_skip(intake);
    while (intake->taken == intake->filled) {
        if (intake->ended)
            return false;
        intake->taken = intake->filled = 0;
        chunk_fill(intake);
    }
    const char *start = intake->bytes + intake->taken, *end = intake->bytes + intake->filled;
    const char *at = start;
    while (at < end && *at != '\n' && *at != '\r')
        at++;
    *piece = (Span){start, (size_t)(at - start) + (at < end)};
    intake->taken += piece->size;
    return true;
}

static bool is_line_end(char byte)
{
    return byte == '\n' || byte == '\r';
}

static QuoteState quotes_after(Intake *intake, char byte)
{
    bool quote = byte == intake->dialect.quote;
    bool separator = byte == intake->dialect.delimiter || is_line_end(byte);
    switch (intake->quotes) {
    case FIELD_START:
        intake->quote_line = intake->line;
        return quote ? FIELD_QUOTED : separator ? FIELD_START : FIELD_BARE;
    case FIELD_BARE:
        intake->stray |= quote;
        return separator ? FIELD_START : FIELD_BARE;
    case FIELD_QUOTED:
        return quote ? FIELD_CLOSED : FIELD_QUOTED;
    default:
        if (separator)
            return FIELD_START;
        /* libcsv takes the quote for text and goes on inside. */
        intake->stray |= !quote;
        intake->swallowing |= !quote;
        return FIELD_QUOTED;
    }
}

/* Follows the quotes; pieces without any, which are most, cost only a search. */
static void quotes_watch(Intake *intake, Span piece)
{
    char quote = intake->dialect.quote;
    bool bare = intake->quotes == FIELD_START || intake->quotes == FIELD_BARE;
    if (quote == '\0' || (bare && memchr(piece.at, quote, piece.size) == NULL)) {
        char last = piece.at[piece.size - 1];
        bool separator = last == intake->dialect.delimiter || is_line_end(last);
        intake->quotes = separator ? FIELD_START : FIELD_BARE;
        return;
    }
    for (size_t i = 0; i < piece.size; i++)
        intake->quotes = quotes_after(intake, piece.at[i]);
}

static void lines_count(Intake *intake, Span piece)
{
    char last = piece.at[piece.size - 1];
    bool second = piece.size == 1 && last == '\n' && intake->after_carriage;
    intake->line += is_line_end(last) && !second;
    intake->after_carriage = last == '\r';
    if (intake->dialect.escape != '\0')
        for (size_t i = 0; i < piece.size; i++)
            intake->line += (unsigned char)piece.at[i] == STAND_IN + 2; /* a newline */
}

static void piece_parse(Intake *intake, Span piece)
{
    if (memchr(piece.at, '\0', piece.size) != NULL)
        fail_line(intake, intake->line, "a NUL byte");
    intake->row_size += piece.size;
    if (intake->row_size > intake->dialect.max_row)
        fail("%s:%llu: a row longer than %zu bytes (see --max-row)%s", intake->name,
             (unsigned long long)intake->row_line, intake->dialect.max_row,
             intake->quotes == FIELD_QUOTED ? "; is a quote never closed?" : "");
    quotes_watch(intake, piece);
    if (csv_parse(&intake->parser, piece.at, piece.size, value_take, row_take, intake) !=
        piece.size)
        fail_line(intake, intake->line, csv_strerror(csv_error(&intake->parser)));
    bool line_end = is_line_end(piece.at[piece.size - 1]);
    if (line_end && !intake->complete && intake->swallowing)
        fail_line(intake, intake->row_line,
                  "text after a closing quote, and no telling where the row ends");
    lines_count(intake, piece);
}

static void row_begin(Intake *intake)
{
    intake->text.size = 0;
    intake->width = 0;
    intake->complete = false;
    intake->row_size = 0;
    intake->row_line = intake->line;
    intake->stray = intake->swallowing = false;
}

static bool row_give(Intake *intake, IntakeRow *row)
{
    size_t start = 0;
    for (size_t i = 0; i < intake->width; i++) {
        intake->values =
            memory_grow(intake->values, &intake->values_room, i, sizeof *intake->values);
        intake->values[i] = (Span){intake->text.at + start, intake->ends[i] - start};
        start = intake->ends[i];
    }
    intake->stray_rows += intake->stray;
    *row = (IntakeRow){intake->values, intake->width, intake->row_line};
    return true;
}

/* libcsv passes over blank lines without a word. */
static bool blank_give(Intake *intake, Span piece, IntakeRow *row)
{
    lines_count(intake, piece);
    value_take("", 0, intake);
    return row_give(intake, row);
}

/* The input has ended within a row. */
static bool row_finish(Intake *intake, IntakeRow *row)
{
    if (intake->quotes == FIELD_QUOTED)
        fail_line(intake, intake->quote_line, "a quote that is never closed");
    csv_fini(&intake->parser, value_take, row_take, intake);
    return row_give(intake, row);
}

bool intake_next(Intake *intake, IntakeRow *row)
{
    Span piece;
    row_begin(intake);
    while (piece_next(intake, &piece)) {
        bool line_end = piece.size == 1 && is_line_end(piece.at[0]);
        if (intake->row_size != 0 || !line_end) {
            piece_parse(intake, piece);
        } else if (intake->after_carriage && piece.at[0] == '\n') {
            intake->after_carriage = false;
            continue;
        } else {
            return blank_give(intake, piece, row);
        }
        if (intake->complete)
            return row_give(intake, row);
    }
    return intake->row_size != 0 && row_finish(intake, row);
}

uint64_t intake_stray_quotes(const Intake *intake)
{
    return intake->stray_rows;
}

void intake_close(Intake *intake)
{
    if (intake == NULL)
        return;
    csv_free(&intake->parser);
    buffer_free(&intake->text);
    free(intake->ends);
    free(intake->values);
    free(intake);
}
