#include "warrant/manifest.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/attempt.h"
#include "base/diagnostic.h"
#include "base/digest.h"
#include "base/file.h"
#include "csv/reader.h"
#include "num/decimal.h"

enum { COLUMN_PART, COLUMN_PATH, COLUMN_ROWS, COLUMN_BYTES, COLUMN_SHA256, COLUMNS };
static const char *const columns[] = {"part", "path", "rows", "bytes", "sha256"};
static const char first_line[] = "part,path,rows,bytes,sha256\n";

/* A manifest being read: what attempt() hands to the work. */
typedef struct Loading {
    const char *path;
    Arena *arena;
    Reader *reader;
    Parts parts;
    size_t room;
} Loading;

bool manifest_is(const char *path)
{
    char line[sizeof first_line];
    if (access(path, R_OK) != 0)
        return false;
    int file = file_open(path);
    size_t size = file_read(file, path, line, sizeof line - 1);
    close(file);
    return size == sizeof line - 1 && memcmp(line, first_line, size) == 0;
}

static void check_columns(const Loading *loading)
{
    const Header *header = reader_header(loading->reader);
    bool same = header->width == COLUMNS;
    for (size_t i = 0; i < COLUMNS && same; i++)
        same = strcmp(header->names[i], columns[i]) == 0;
    if (!same)
        fail("%s:1: not a manifest: its columns are to be part,path,rows,bytes,sha256",
             loading->path);
}

static _Noreturn void fail_cell(const Batch *batch, size_t row, size_t column, const char *what)
{
    Span value = batch_value(batch, row, column);
    fail("%s: %s: %s: \"%s\"", batch_place(batch, row, column), columns[column], what,
         shown(value.at, value.size));
}

static uint64_t read_count(const Loading *loading, const Batch *batch, size_t row, size_t column)
{
    Decimal number;
    int64_t count;
    if (decimal_read(batch_value(batch, row, column), &number, loading->arena) != DECIMAL_READ ||
        !decimal_integer(number, &count) || count < 0)
        fail_cell(batch, row, column, "not a count");
    return (uint64_t)count;
}

/* Like every path in a catalogue: only below the folder, so that it can travel. */
static bool path_leaves(Span path)
{
    for (size_t at = 0; at <= path.size; at++) {
        const char *slash = memchr(path.at + at, '/', path.size - at);
        size_t size = slash == NULL ? path.size - at : (size_t)(slash - path.at) - at;
        if (size == 0 || (size == 2 && memcmp(path.at + at, "..", 2) == 0))
            return true;
        at += size;
    }
    return false;
}

static const char *read_path(const Loading *loading, const Batch *batch, size_t row)
{
    Span path = batch_value(batch, row, COLUMN_PATH);
    if (path_leaves(path))
        fail_cell(batch, row, COLUMN_PATH, "not a path inside the manifest's folder");
    const char *slash = strrchr(loading->path, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - loading->path) + 1;
    return arena_format(loading->arena, "%.*s%.*s", (int)folder, loading->path, (int)path.size,
                        path.at);
}

static const char *read_digest(const Loading *loading, const Batch *batch, size_t row)
{
    Span hex = batch_value(batch, row, COLUMN_SHA256);
    const char *copy = arena_copy(loading->arena, hex.at, hex.size);
    if (hex.size != DIGEST_SIZE - 1 || strspn(copy, "0123456789abcdef") != hex.size)
        fail_cell(batch, row, COLUMN_SHA256, "not 64 lower-case hex digits");
    return copy;
}

static void read_part(Loading *loading, const Batch *batch, size_t row)
{
    Parts *parts = &loading->parts;
    if (read_count(loading, batch, row, COLUMN_PART) != parts->count + 1)
        fail("%s: part: parts are to be numbered 1, 2, 3 ...; here stands \"%s\" and not %zu",
             batch_place(batch, row, COLUMN_PART),
             shown(batch_value(batch, row, COLUMN_PART).at,
                   batch_value(batch, row, COLUMN_PART).size),
             parts->count + 1);
    parts->items = memory_grow(parts->items, &loading->room, parts->count, sizeof *parts->items);
    parts->items[parts->count++] = (Part){
        .path = read_path(loading, batch, row),
        .rows = read_count(loading, batch, row, COLUMN_ROWS),
        .bytes = read_count(loading, batch, row, COLUMN_BYTES),
        .sha256 = read_digest(loading, batch, row),
    };
}

static void read_parts(void *context)
{
    Loading *loading = context;
    char *paths[] = {(char *)loading->path};
    reader_open(paths, 1, &(ReaderOptions){.held = &loading->reader});
    check_columns(loading);
    Batch batch;
    while (reader_next(loading->reader, &batch))
        for (size_t row = 0; row < batch.rows; row++)
            read_part(loading, &batch, row);
    if (loading->parts.count == 0)
        fail("%s: a manifest of no parts", loading->path);
}

Parts manifest_load(const char *path, Arena *arena)
{
    Loading loading = {.path = path, .arena = arena};
    Trap trap;
    bool read = attempt(read_parts, &loading, &trap);
    if (loading.reader != NULL)
        reader_close(loading.reader);
    Parts parts = {arena_array(arena, loading.parts.count, sizeof *parts.items),
                   loading.parts.count};
    if (parts.count != 0)
        memcpy(parts.items, loading.parts.items, parts.count * sizeof *parts.items);
    free(loading.parts.items);
    if (!read)
        fail("%s", trap.message);
    return parts;
}

Parts parts_joined(const Parts *first, const Parts *second, Arena *arena)
{
    size_t count = first->count + second->count;
    Parts joined = {arena_array(arena, count, sizeof *joined.items), count};
    for (size_t i = 0; i < count; i++)
        joined.items[i] = i < first->count ? first->items[i] : second->items[i - first->count];
    return joined;
}

uint64_t manifest_rows(const Parts *parts)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < parts->count; i++)
        rows += parts->items[i].rows;
    return rows;
}
