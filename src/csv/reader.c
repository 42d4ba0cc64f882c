#define _GNU_SOURCE /* memrchr */
#include "csv/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/hash.h"
#include "base/progress.h"
#include "csv/feed.h"
#include "csv/reading.h"

/*
 * The chunk holds bytes[taken, filled); all before `taken` has been given out and is dropped when
 * the chunk is filled again.  The scan's offsets count from `taken`, so that they stay true when
 * the bytes move.
 */
struct Reader {
    Feed *feed;
    char *bytes;
    size_t
        room; /* READER_BEHIND bytes more are allocated, the first for a NUL behind the last row */
    size_t taken, filled;
    size_t chunk;  /* bytes to read at a time */
    bool ended;    /* the file has no more bytes */
    uint64_t line; /* in which bytes[taken] stands; not while chunks are cut */
    bool cut;      /* a chunk of this file was cut */

    Scan scan;
    Header header;
    Dictionary seen; /* names, while the header is read */
    Arena names;
    Arena values; /* of the batch given out last */
    uint64_t total_rows, total_bytes;
};

static const char *file_at_hand(const Reader *reader)
{
    return feed_name(reader->feed, feed_index(reader->feed));
}

static Excerpt reader_excerpt(const Reader *reader)
{
    return (Excerpt){file_at_hand(reader), reader->bytes + reader->taken,
                     reader->filled - reader->taken, reader->line};
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
    reader->bytes = memory_resize(reader->bytes, reader->room + READER_BEHIND, 1);
}

/* Waits for the next bytes and takes what is there, until `filled` is `target`. */
static size_t bytes_read(Reader *reader, char *bytes, size_t filled, size_t target)
{
    size_t got = feed_read(reader->feed, bytes + filled, target - filled, &reader->ended);
    bytes[filled + got] = '\0';
    reader->total_bytes += got;
    return filled + got;
}

static void chunk_fill(Reader *reader)
{
    chunk_make_room(reader);
    size_t target = reader->filled + reader->chunk;
    reader->filled = bytes_read(reader, reader->bytes, reader->filled,
                                target < reader->room ? target : reader->room);
}

/* The fault stands in the first row that has not been given out. */
static _Noreturn void fail_fault(Reader *reader)
{
    Excerpt excerpt = reader_excerpt(reader);
    while (!reader->ended && !excerpt_shows_fault(&excerpt, &reader->scan)) {
        chunk_fill(reader);
        excerpt = reader_excerpt(reader);
    }
    excerpt_fail(&excerpt, &reader->scan);
}

/* Leaves behind the rows of the last scan. */
static void rows_drop(Reader *reader)
{
    Scan *scan = &reader->scan;
    reader->line +=
        scan->folded ? scanner_count(reader->bytes + reader->taken, scan->used, '\n') : scan->rows;
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
        .file = feed_index(reader->feed),
        .arena = &reader->values,
    };
}

static void bom_skip(Reader *reader)
{
    static const char bom[] = "\xef\xbb\xbf";
    while (!reader->ended && reader->filled < 3 && memcmp(reader->bytes, bom, reader->filled) == 0)
        chunk_fill(reader);
    if (reader->filled >= 3 && memcmp(reader->bytes, bom, 3) == 0)
        reader->taken = 3;
}

/* Begins with the file at hand; its header is then the first row of the batch. */
static Batch file_begin(Reader *reader)
{
    reader->taken = reader->filled = 0;
    reader->ended = reader->cut = false;
    reader->line = 1;
    scan_restart(&reader->scan);
    reader->scan.width = 0;
    reader->scan.rows = reader->scan.used = 0;
    reader->scan.folded = false;
    bom_skip(reader);
    if (!rows_find(reader, 1))
        fail("%s: empty file: no header line", file_at_hand(reader));
    return batch_of(reader);
}

static void header_read(Reader *reader)
{
    Batch batch = file_begin(reader);
    Header *header = &reader->header;
    header->width = batch.width;
    header->names = arena_array(&reader->names, batch.width, sizeof *header->names);
    for (size_t i = 0; i < batch.width; i++) {
        Span name = batch_value(&batch, 0, i);
        bool added;
        if (name.size == 0)
            fail("%s: column %zu has no name", batch_place(&batch, 0, i), i + 1);
        size_t first = dictionary_add(&reader->seen, name, &added);
        if (!added)
            fail("%s: columns %zu and %zu have the same name: %s", batch_place(&batch, 0, i),
                 first + 1, i + 1, shown(name.at, name.size));
        header->names[i] = arena_copy(&reader->names, name.at, name.size);
    }
    dictionary_free(&reader->seen);
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
    reader->feed = feed_open(paths, count, options->keep);
    if (options->held != NULL)
        *options->held = reader;
    reader->chunk = chunk_size(options);
    reader->scan.delimiter = options->delimiter != 0 ? options->delimiter : ',';
    reader->scan.max_row = options->max_row != 0 ? options->max_row : READER_MAX_ROW;
    reader->scan.max_width = options->max_columns;
    delimiter_check(reader->scan.delimiter);
    if (reader->scan.max_row > READER_TOP_ROW)
        fail_usage("--max-row is at most %d bytes", READER_TOP_ROW);
    feed_check(reader->feed);
    reader->room = reader->chunk > LEAST_ROOM ? reader->chunk : LEAST_ROOM;
    reader->bytes = memory_array(reader->room + READER_BEHIND, 1);
    feed_next(reader->feed);
    header_read(reader);
    return reader;
}

/* Moves on to the next file; false when there is none. */
static bool file_next(Reader *reader)
{
    if (!feed_next(reader->feed))
        return false;
    header_compare(reader);
    return true;
}

/* ---- rows as batches ---- */

bool reader_next(Reader *reader, Batch *batch)
{
    arena_reset(&reader->values);
    while (!rows_find(reader, READER_BATCH))
        if (!file_next(reader))
            return false;
    *batch = batch_of(reader);
    reader->total_rows += reader->scan.rows;
    progress_rows(reader->scan.rows);
    return true;
}

void reader_again(Reader *reader)
{
    progress_again();
    feed_rewind(reader->feed);
    reader->total_rows = reader->total_bytes = 0;
    file_next(reader);
}

/* ---- rows as chunks ---- */

/*
 * Behind the last newline outside quotes among the bytes [from, size), 0 if there is none.
 * `inside` is whether quotes are open at `from`, then at the end.
 */
static size_t rows_end(const char *bytes, size_t from, size_t size, bool *inside)
{
    *inside ^= scanner_count(bytes + from, size - from, '"') % 2 != 0;
    bool open = *inside;
    for (const char *end = bytes + size;;) {
        const char *newline = memrchr(bytes + from, '\n', (size_t)(end - (bytes + from)));
        if (newline == NULL)
            return 0;
        open ^= scanner_count(newline, (size_t)(end - newline), '"') % 2 != 0;
        if (!open)
            return (size_t)(newline - bytes) + 1;
        end = newline;
    }
}

static void chunk_reserve(Chunk *chunk, size_t room)
{
    if (room <= chunk->room)
        return;
    chunk->bytes = memory_resize(chunk->bytes, room + READER_BEHIND, 1);
    chunk->room = room;
}

/* What was read already and not given out moves to the chunk. */
static void chunk_begin(Reader *reader, Chunk *chunk)
{
    rows_drop(reader);
    reader->scan.rows = reader->scan.used = 0;
    size_t kept = reader->filled - reader->taken;
    chunk_reserve(chunk, kept > reader->chunk ? kept : reader->chunk);
    memcpy(chunk->bytes, reader->bytes + reader->taken, kept);
    chunk->bytes[kept] = '\0';
    chunk->size = kept;
    chunk->file = feed_index(reader->feed);
    chunk->line = reader->cut ? 0 : reader->line;
    chunk->ordinal = reader->total_bytes - kept;
    reader->cut = true;
}

static void chunk_read(Reader *reader, Chunk *chunk)
{
    if (chunk->size == chunk->room)
        chunk_reserve(chunk, 2 * chunk->room);
    chunk->size = bytes_read(reader, chunk->bytes, chunk->size, chunk->room);
}

/* The bytes behind the last whole row are the next chunk's. */
static void chunk_end(Reader *reader, Chunk *chunk, size_t end)
{
    reader->taken = 0;
    reader->filled = chunk->size - end;
    if (reader->filled > reader->room) {
        reader->room = reader->filled;
        reader->bytes = memory_resize(reader->bytes, reader->room + READER_BEHIND, 1);
    }
    memcpy(reader->bytes, chunk->bytes + end, reader->filled);
    chunk->size = end;
}

/* A row that is longer than it may be is a chunk without an end: the scanner says so. */
static bool chunk_cut(Reader *reader, Chunk *chunk)
{
    chunk_begin(reader, chunk);
    bool inside = false;
    size_t searched = 0, end;
    while ((end = rows_end(chunk->bytes, searched, chunk->size, &inside)) == 0 && !reader->ended &&
           chunk->size <= reader->scan.max_row + 2) {
        searched = chunk->size;
        chunk_read(reader, chunk);
    }
    chunk->last = reader->ended;
    chunk_end(reader, chunk, end == 0 || chunk->last ? chunk->size : end);
    return chunk->size != 0;
}

bool reader_cut(Reader *reader, Chunk *chunk)
{
    while (!chunk_cut(reader, chunk))
        if (!file_next(reader))
            return false;
    return true;
}

void chunk_free(Chunk *chunk)
{
    free(chunk->bytes);
    *chunk = (Chunk){0};
}

bool reader_is_regular(const Reader *reader)
{
    return feed_is_regular(reader->feed);
}

void reader_listen(Reader *reader, int alarm)
{
    feed_listen(reader->feed, alarm);
}

size_t reader_chunk(const Reader *reader)
{
    return reader->chunk;
}

bool reader_goes_on(const Reader *reader)
{
    return !reader->ended || feed_has_more(reader->feed);
}

Scan reader_scan(const Reader *reader)
{
    return (Scan){.delimiter = reader->scan.delimiter,
                  .width = reader->header.width,
                  .max_row = reader->scan.max_row};
}

void reader_count(Reader *reader, uint64_t rows)
{
    reader->total_rows += rows;
}

/* ---- what is known of it ---- */

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

const char *reader_file_name(const Reader *reader, size_t file)
{
    return feed_name(reader->feed, file);
}

const char *reader_name(const Reader *reader)
{
    return reader_file_name(reader, 0);
}

void reader_close(Reader *reader)
{
    if (reader == NULL)
        return;
    feed_close(reader->feed);
    dictionary_free(&reader->seen);
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
    Span field = batch_field(batch, row, column);
    Excerpt excerpt = {reader_file_name(batch->reader, batch->file), batch->bytes, 0, batch->line};
    Position position = excerpt_position(&excerpt, (size_t)(field.at - batch->bytes));
    snprintf(place, LONGEST, "%s:%llu:%zu", excerpt.name, (unsigned long long)position.line,
             position.column);
    return place;
}
