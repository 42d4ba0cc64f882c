#include "csv/reader.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/hash.h"
#include "csv/scanner.h"

/*
 * The chunk holds bytes[taken, filled); all before `taken` has been given out and is dropped when
 * the chunk is filled again.  The scan's offsets count from `taken`, so that they stay true when
 * the bytes move.
 */
struct Reader {
    char *const *paths; /* NULL: standard input alone */
    size_t count;
    size_t file; /* index of the current one */
    const char *name;
    int descriptor;

    char *bytes;
    size_t room; /* one byte more is allocated, for a NUL behind the last row */
    size_t taken, filled;
    size_t chunk;  /* bytes to read at a time */
    bool ended;    /* the file has no more bytes */
    uint64_t line; /* in which bytes[taken] stands */

    Scan scan;
    Header header;
    Arena names;
    Arena values; /* of the batch given out last */
    uint64_t total_rows, total_bytes;
};

/* Line and column of an offset in a text whose first byte begins `line`. */
typedef struct Position {
    uint64_t line;
    size_t column;
} Position;

static Position position_of(const char *bytes, size_t offset, uint64_t line)
{
    Position position = {line, 1};
    size_t start = 0;
    for (const char *at; (at = memchr(bytes + start, '\n', offset - start)) != NULL;) {
        start = (size_t)(at - bytes) + 1;
        position.line++;
    }
    position.column = offset - start + 1;
    return position;
}

static Position reader_position(const Reader *reader, size_t offset)
{
    return position_of(reader->bytes + reader->taken, offset, reader->line);
}

static _Noreturn void fail_at(const Reader *reader, Position position, const char *sentence)
{
    fail("%s:%llu:%zu: %s", reader->name, (unsigned long long)position.line, position.column,
         sentence);
}

/* Where the field around `offset` begins; the row begins at 0 and is sound up to there. */
static size_t field_start(const Reader *reader, size_t offset)
{
    const char *bytes = reader->bytes + reader->taken;
    size_t start = 0;
    bool inside = false;
    for (size_t i = 0; i < offset; i++) {
        if (bytes[i] == '"')
            inside = !inside;
        else if (bytes[i] == reader->scan.delimiter && !inside)
            start = i + 1;
    }
    return start;
}

static const char *breach_sentence(ScanFault fault)
{
    switch (fault) {
    case SCAN_QUOTE_IN_FIELD:
        return "a quote inside a field that is not quoted";
    case SCAN_AFTER_QUOTE:
        return "text after a closing quote";
    case SCAN_CARRIAGE_RETURN:
        return "a carriage return that is not part of a line end";
    case SCAN_NUL:
        return "a NUL byte";
    default:
        return "not UTF-8";
    }
}

static _Noreturn void fail_ragged(const Reader *reader)
{
    char sentence[128];
    size_t fields = reader->scan.fault_fields, width = reader->scan.width;
    if (width == 0)
        snprintf(sentence, sizeof sentence, "%zu columns, which is more than %d", fields,
                 SCAN_MAX_WIDTH);
    else
        snprintf(sentence, sizeof sentence, "%zu field%s where the header has %zu", fields,
                 fields == 1 ? "" : "s", width);
    fail_at(reader, reader_position(reader, reader->scan.fault_at), sentence);
}

/* A row without end is most often a quote that is never closed. */
static _Noreturn void fail_long(const Reader *reader)
{
    size_t limit = reader->scan.max_row;
    size_t start = field_start(reader, limit);
    char sentence[192], hint[96] = "";
    if (reader->bytes[reader->taken + start] == '"') {
        Position quote = reader_position(reader, start);
        snprintf(hint, sizeof hint, "; is the quote at %llu:%zu ever closed?",
                 (unsigned long long)quote.line, quote.column);
    }
    snprintf(sentence, sizeof sentence, "a row longer than %zu bytes (see --max-row)%s", limit,
             hint);
    fail_at(reader, reader_position(reader, 0), sentence);
}

/* Room for at least half a chunk behind what is kept; the scan stops at a row past the limit. */
static void chunk_make_room(Reader *reader)
{
    size_t kept = reader->filled - reader->taken;
    if (reader->taken != 0)
        memmove(reader->bytes, reader->bytes + reader->taken, kept);
    reader->taken = 0;
    reader->filled = kept;
    if (reader->room - kept >= (reader->chunk + 1) / 2)
        return;
    size_t most = reader->scan.max_row + 2 + reader->chunk;
    reader->room = 2 * reader->room < most ? 2 * reader->room : most;
    reader->bytes = memory_resize(reader->bytes, reader->room + 1, 1);
}

static bool bytes_waiting(int descriptor)
{
    struct pollfd source = {.fd = descriptor, .events = POLLIN};
    return poll(&source, 1, 0) > 0;
}

/* Waits for the next bytes and takes what is there, up to a chunk. */
static void chunk_fill(Reader *reader)
{
    chunk_make_room(reader);
    size_t start = reader->filled, target = start + reader->chunk;
    if (target > reader->room)
        target = reader->room;
    do {
        size_t got = file_read(reader->descriptor, reader->name, reader->bytes + reader->filled,
                               target - reader->filled);
        reader->ended = got == 0;
        reader->filled += got;
    } while (!reader->ended && reader->filled < target && bytes_waiting(reader->descriptor));
    reader->bytes[reader->filled] = '\0';
    reader->total_bytes += reader->filled - start;
}

/* How much of a field `offset` lies in is worth showing: to its end, if that is not far. */
static size_t field_reach(const Reader *reader, size_t offset)
{
    enum { IN_SIGHT = 256 };
    const char *bytes = reader->bytes + reader->taken;
    size_t end = offset, size = reader->filled - reader->taken;
    while (end < size && end - offset < IN_SIGHT && bytes[end] != reader->scan.delimiter &&
           bytes[end] != '\n')
        end++;
    return end;
}

/*
 * The breach is shown with its field; far into a long one, with the byte's number too.  The rest of
 * the field may have to be read first, so that what is said does not depend on how it was cut.
 */
static _Noreturn void fail_breach(Reader *reader)
{
    enum { LONG = 40 };
    size_t at = reader->scan.fault_at;
    while (!reader->ended && reader->taken + field_reach(reader, at) == reader->filled)
        chunk_fill(reader);
    size_t start = field_start(reader, at);
    size_t size = field_reach(reader, at) - start;
    char sentence[512], number[48] = "";
    if (at - start > LONG)
        snprintf(number, sizeof number, " (byte %zu of the field)", at - start + 1);
    snprintf(sentence, sizeof sentence, "%s: %s%s", breach_sentence(reader->scan.fault),
             shown(reader->bytes + reader->taken + start, size), number);
    fail_at(reader, reader_position(reader, start), sentence);
}

/* The fault stands in the first row that has not been given out. */
static _Noreturn void fail_fault(Reader *reader)
{
    const Scan *scan = &reader->scan;
    switch (scan->fault) {
    case SCAN_EMPTY_LINE:
        fail_at(reader, reader_position(reader, scan->fault_at),
                scan->width == 1 ? "an empty line (a missing cell is written \"\")"
                                 : "an empty line");
    case SCAN_TOO_NARROW:
    case SCAN_TOO_WIDE:
        fail_ragged(reader);
    case SCAN_TOO_LONG:
        fail_long(reader);
    case SCAN_QUOTE_OPEN:
        fail_at(reader, reader_position(reader, field_start(reader, scan->fault_at)),
                "a quote that is never closed");
    default:
        fail_breach(reader);
    }
}

/* Leaves behind the rows of the last scan. */
static void rows_drop(Reader *reader)
{
    Scan *scan = &reader->scan;
    reader->line =
        scan->folded ? reader_position(reader, scan->used).line : reader->line + scan->rows;
    reader->taken += scan->used;
    scan->fault_at -= scan->fault != SCAN_SOUND ? scan->used : 0;
}

/* Scans on, reading when there is no complete row; false at the end of the file. */
static bool rows_find(Reader *reader, size_t limit)
{
    Scan *scan = &reader->scan;
    rows_drop(reader);
    for (;;) {
        if (scan->fault != SCAN_SOUND)
            fail_fault(reader);
        scan_rows(scan, reader->bytes + reader->taken, reader->filled - reader->taken, limit,
                  reader->ended);
        if (scan->rows != 0)
            return true;
        if (scan->fault != SCAN_SOUND)
            continue;
        if (reader->ended)
            return false;
        chunk_fill(reader);
    }
}

static Batch batch_of(Reader *reader)
{
    return (Batch){
        .bytes = reader->bytes + reader->taken,
        .line = reader->line,
        .ordinal = reader->total_rows,
        .starts = reader->scan.starts,
        .ends = reader->scan.ends,
        .rows = reader->scan.rows,
        .width = reader->scan.width,
        .reader = reader,
        .file = reader->file,
        .arena = &reader->values,
    };
}

static const char *reader_path(const Reader *reader, size_t file)
{
    return reader->count == 0 ? NULL : reader->paths[file];
}

static bool is_standard(const char *path)
{
    return path == NULL || strcmp(path, "-") == 0;
}

/*
 * Looks at a file that will be opened later.  Opening all at once would run out of descriptors, and
 * wait for ever on two pipes that one program fills in turn.
 */
static void path_check(const char *path)
{
    struct stat status;
    if (is_standard(path))
        return;
    if (stat(path, &status) != 0 || access(path, R_OK) != 0)
        fail_errno("%s", path);
    if (S_ISDIR(status.st_mode))
        fail("%s: is a directory", path);
}

static void paths_check(const Reader *reader)
{
    size_t standard = 0;
    for (size_t i = 0; i < reader->count; i++) {
        path_check(reader->paths[i]);
        standard += is_standard(reader->paths[i]);
    }
    if (standard > 1)
        fail_usage("standard input is named %zu times as a file", standard);
}

static void bom_skip(Reader *reader)
{
    static const char bom[] = "\xef\xbb\xbf";
    while (!reader->ended && reader->filled < 3 && memcmp(reader->bytes, bom, reader->filled) == 0)
        chunk_fill(reader);
    if (reader->filled >= 3 && memcmp(reader->bytes, bom, 3) == 0)
        reader->taken = 3;
}

/* Opens the current file; its header is then the first row of the batch. */
static Batch file_begin(Reader *reader)
{
    const char *path = reader_path(reader, reader->file);
    reader->descriptor = file_open(path);
    reader->name = file_name(path);
    reader->taken = reader->filled = 0;
    reader->ended = false;
    reader->line = 1;
    scan_restart(&reader->scan);
    reader->scan.width = 0;
    reader->scan.rows = reader->scan.used = 0;
    reader->scan.folded = false;
    bom_skip(reader);
    if (!rows_find(reader, 1))
        fail("%s: empty file: no header line", reader->name);
    return batch_of(reader);
}

static void header_read(Reader *reader)
{
    Batch batch = file_begin(reader);
    Header *header = &reader->header;
    Dictionary seen = {0};
    header->width = batch.width;
    header->names = arena_array(&reader->names, batch.width, sizeof *header->names);
    for (size_t i = 0; i < batch.width; i++) {
        Span name = batch_value(&batch, 0, i);
        bool added;
        if (name.size == 0)
            fail("%s: column %zu has no name", batch_place(&batch, 0, i), i + 1);
        size_t first = dictionary_add(&seen, name, &added);
        if (!added)
            fail("%s: columns %zu and %zu have the same name: %s", batch_place(&batch, 0, i),
                 first + 1, i + 1, shown(name.at, name.size));
        header->names[i] = arena_copy(&reader->names, name.at, name.size);
    }
    dictionary_free(&seen);
}

/* The header of a further file must be that of the first. */
static void header_compare(Reader *reader)
{
    Batch batch = file_begin(reader);
    const Header *header = &reader->header;
    for (size_t i = 0; i < batch.width && i < header->width; i++) {
        Span name = batch_value(&batch, 0, i);
        if (!span_equal(name, span_of(header->names[i])))
            fail("%s: column %zu is \"%s\" where %s has \"%s\"", batch_place(&batch, 0, i), i + 1,
                 shown(name.at, name.size), reader_name(reader),
                 shown(header->names[i], strlen(header->names[i])));
    }
    if (batch.width != header->width)
        fail("%s: %zu column%s where %s has %zu", batch_place(&batch, 0, 0), batch.width,
             batch.width == 1 ? "" : "s", reader_name(reader), header->width);
}

/* A test build reads as little at a time as the environment says. */
static size_t chunk_size(const ReaderOptions *options)
{
#ifdef WARRANT_TEST
    const char *size = getenv("WARRANT_CHUNK");
    if (size != NULL && atol(size) > 0)
        return (size_t)atol(size);
#endif
    return options->chunk != 0 ? options->chunk : READER_CHUNK;
}

static void delimiter_check(char delimiter)
{
    if ((unsigned char)delimiter > 0x7f || strchr("\"\r\n", delimiter) != NULL)
        fail_usage("not a delimiter: %s", shown(&delimiter, 1));
}

Reader *reader_open(char *const *paths, size_t count, const ReaderOptions *options)
{
    enum { LEAST_ROOM = 64 };
    scanner_choose(getenv("WARRANT_SCANNER"));
    Reader *reader = memory_zeroed(1, sizeof *reader);
    reader->paths = paths;
    reader->count = count;
    reader->chunk = chunk_size(options);
    reader->scan.delimiter = options->delimiter != 0 ? options->delimiter : ',';
    reader->scan.max_row = options->max_row != 0 ? options->max_row : READER_MAX_ROW;
    delimiter_check(reader->scan.delimiter);
    if (reader->scan.max_row > READER_TOP_ROW)
        fail_usage("--max-row is at most %d bytes", READER_TOP_ROW);
    paths_check(reader);
    reader->room = reader->chunk > LEAST_ROOM ? reader->chunk : LEAST_ROOM;
    reader->bytes = memory_array(reader->room + 1, 1);
    header_read(reader);
    return reader;
}

/* Moves on to the next file; false when there is none. */
static bool file_next(Reader *reader)
{
    if (reader->file + 1 >= reader->count)
        return false;
    close(reader->descriptor);
    reader->file++;
    header_compare(reader);
    return true;
}

bool reader_next(Reader *reader, Batch *batch)
{
    arena_reset(&reader->values);
    while (!rows_find(reader, READER_BATCH))
        if (!file_next(reader))
            return false;
    *batch = batch_of(reader);
    reader->total_rows += reader->scan.rows;
    return true;
}

const Header *reader_header(const Reader *reader)
{
    return &reader->header;
}

char reader_delimiter(const Reader *reader)
{
    return reader->scan.delimiter;
}

uint64_t reader_rows(const Reader *reader)
{
    return reader->total_rows;
}

uint64_t reader_bytes(const Reader *reader)
{
    return reader->total_bytes;
}

const char *reader_name(const Reader *reader)
{
    return file_name(reader_path(reader, 0));
}

void reader_close(Reader *reader)
{
    if (reader == NULL)
        return;
    close(reader->descriptor);
    scan_free(&reader->scan);
    arena_free(&reader->names);
    arena_free(&reader->values);
    free(reader->bytes);
    free(reader);
}

Span field_value_quoted(Span field, Arena *arena)
{
    Span inner = {field.at + 1, field.size - 2};
    if (memchr(inner.at, '"', inner.size) == NULL)
        return inner;
    char *value = arena_take(arena, inner.size), *out = value;
    for (size_t i = 0; i < inner.size; i++) {
        *out++ = inner.at[i];
        i += inner.at[i] == '"';
    }
    return (Span){value, (size_t)(out - value)};
}

const char *batch_place(const Batch *batch, size_t row, size_t column)
{
    enum { RING = 8, LONGEST = 4096 + 64 };
    static _Thread_local char ring[RING][LONGEST];
    static _Thread_local unsigned turn;
    char *place = ring[turn++ % RING];
    size_t offset = (size_t)(batch_field(batch, row, column).at - batch->bytes);
    Position position = position_of(batch->bytes, offset, batch->line);
    const char *name = file_name(reader_path(batch->reader, batch->file));
    snprintf(place, LONGEST, "%s:%llu:%zu", name, (unsigned long long)position.line,
             position.column);
    return place;
}
