/* pivot: turns rows into columns. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/hash.h"
#include "csv/lines.h"
#include "filters/columns.h"
#include "filters/program.h"
#include "table/group.h"
#include "table/store.h"

/* Where a cell stood; it is put before the cell's bytes when it is held. */
typedef struct Place {
    uint64_t line;
    uint32_t column; /* byte of the line, from 1 */
    uint32_t file;
} Place;

typedef struct Pivot {
    Program program;
    const char *name, *value; /* the columns by name … */
    size_t name_column, value_column;
    ColumnList keys;
    const size_t *key_columns;
    Groups groups;
    Dictionary names; /* of the new columns, in order of first appearance */
    size_t name_bytes;
    Store cells; /* by group and number of the new column */
    Buffer held;
} Pivot;

static const char *parse_column(Program *program, const char *text, const char *what)
{
    ColumnList list = expression_columns(text, what, COLUMNS_PLAIN, &program->arena);
    if (list.count != 1)
        fail_usage("%s: one column is wanted: %s", what, shown(text, strlen(text)));
    return list.columns[0].name;
}

static void check_kept(const Pivot *pivot, const char *name, const char *what)
{
    for (size_t i = 0; i < pivot->keys.count; i++)
        if (strcmp(pivot->keys.columns[i].name, name) == 0)
            fail_usage("column %s can't both stay (-g) and be %s", shown(name, strlen(name)), what);
}

static void parse(Pivot *pivot, int argc, char **argv)
{
    Program *program = &pivot->program;
    program_start(program, &pivot_specification, argc, argv);
    pivot->name = parse_column(program, program->argument, "NAME");
    pivot->value = parse_column(program, program->second, "VALUE");
    pivot->keys = program_columns(program, "group", COLUMNS_PLAIN);
    columns_check_names(&pivot->keys, "group");
    check_kept(pivot, pivot->name, "NAME");
    check_kept(pivot, pivot->value, "VALUE");
}

static size_t require(Program *program, const char *name, const char *what)
{
    return header_require(
        reader_header(program->reader), span_of(name),
        arena_format(&program->arena, "%s: %s", reader_name(program->reader), what));
}

static void open_all(Pivot *pivot)
{
    Program *program = &pivot->program;
    program_open(program);
    pivot->name_column = require(program, pivot->name, "NAME");
    pivot->value_column = require(program, pivot->value, "VALUE");
    pivot->key_columns =
        program_resolve(program, &pivot->keys, reader_header(program->reader), "group");
    groups_open(&pivot->groups, pivot->key_columns, pivot->keys.count);
    store_open(&pivot->cells, program->memory, 1, NULL);
}

/* ---- reading ---- */

static Place place_of(Lines *lines, const Batch *batch, Span field)
{
    Position position = lines_position(lines, field);
    return (Place){position.line, (uint32_t)position.column, (uint32_t)batch->file};
}

static _Noreturn void refuse_name(const Pivot *pivot, const Batch *batch, size_t row,
                                  const char *reason)
{
    fail("%s: %s: %s", batch_place(batch, row, pivot->name_column), pivot->name, reason);
}

/* The name of a column that has just been added. */
static void check_name(Pivot *pivot, const Batch *batch, size_t row, Span name)
{
    const Program *program = &pivot->program;
    char reason[512];
    if (name.size == 0)
        refuse_name(pivot, batch, row, "missing, where the name of a column is wanted");
    for (size_t i = 0; i < pivot->keys.count; i++)
        if (span_equal(name, span_of(pivot->keys.columns[i].name))) {
            snprintf(reason, sizeof reason, "column %s is already there: -g names it",
                     shown(name.at, name.size));
            refuse_name(pivot, batch, row, reason);
        }
    pivot->name_bytes += name.size + 1;
    if (pivot->keys.count + pivot->names.count > program->max_columns)
        refuse_name(pivot, batch, row, "this name makes too many columns (see --max-columns)");
    if (pivot->name_bytes > program->max_row)
        refuse_name(pivot, batch, row, "this name makes the header too long (see --max-row)");
}

/* The number of the new column that the row's cell goes to. */
static uint32_t column_of(Pivot *pivot, const Batch *batch, size_t row)
{
    Span name = batch_value(batch, row, pivot->name_column);
    bool added;
    size_t number = dictionary_add(&pivot->names, name, &added);
    if (!added)
        return (uint32_t)number;
    check_name(pivot, batch, row, name);
    return (uint32_t)number;
}

/* So that keys compare bytewise as numbers do. */
static void big_endian(uint32_t number, char bytes[4])
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (char)(number >> (24 - 8 * i));
}

static uint32_t number_of_key(Span key)
{
    uint32_t number = 0;
    for (size_t i = 0; i < 4; i++)
        number = number << 8 | (unsigned char)key.at[i];
    return number;
}

static void hold_batch(Pivot *pivot, const Batch *batch)
{
    const uint32_t *groups = groups_of_batch(&pivot->groups, batch);
    Lines lines = lines_of(batch);
    for (size_t row = 0; row < batch->rows; row++) {
        Span field = batch_field(batch, row, pivot->value_column);
        Place place = place_of(&lines, batch, field);
        char key[4];
        big_endian(column_of(pivot, batch, row), key);
        pivot->held.size = 0;
        buffer_append(&pivot->held, (const char *)&place, sizeof place);
        buffer_append(&pivot->held, field.at, field.size);
        HeldRow held = {
            .group = groups[row], .key = {key, sizeof key}, .bytes = buffer_span(&pivot->held)};
        store_add(&pivot->cells, &held);
    }
}

/* ---- writing ---- */

static void write_header(Pivot *pivot)
{
    Arena *arena = &pivot->program.arena;
    size_t width = pivot->keys.count + pivot->names.count;
    if (width == 0)
        fail("%s: no row, so no column either", reader_name(pivot->program.reader));
    Header header = {arena_array(arena, width, sizeof *header.names), 0};
    for (size_t i = 0; i < pivot->keys.count; i++)
        header.names[header.width++] = pivot->keys.columns[i].name;
    for (size_t i = 0; i < pivot->names.count; i++)
        header.names[header.width++] =
            arena_copy(arena, pivot->names.keys[i].at, pivot->names.keys[i].size);
    writer_header(pivot->program.writer, &header);
}

static Place held_place(const HeldRow *cell)
{
    Place place;
    memcpy(&place, cell->bytes.at, sizeof place);
    return place;
}

static Span held_bytes(const HeldRow *cell)
{
    return (Span){cell->bytes.at + sizeof(Place), cell->bytes.size - sizeof(Place)};
}

/* Of two cells for one place the one that comes later in the input is named. */
static _Noreturn void fail_twice(Pivot *pivot, const HeldRow *first, const HeldRow *second)
{
    const Program *program = &pivot->program;
    Place place = held_place(second), other = held_place(first);
    const char *path = program->file_count == 0 ? NULL : program->files[place.file];
    Span name = pivot->names.keys[number_of_key(second->key)];
    Arena arena = {0};
    fail(
        "%s:%llu:%u: %s: a second cell for %s %s%s; the first is in line %llu%s%s", file_name(path),
        (unsigned long long)place.line, place.column, pivot->value, pivot->name,
        shown(name.at, name.size),
        groups_shown(&pivot->groups, reader_header(program->reader), second->group, " of ", &arena),
        (unsigned long long)other.line, other.file == place.file ? "" : " of ",
        other.file == place.file ? "" : file_name(program->files[other.file]));
}

static void write_missing(Writer *writer, size_t count)
{
    for (size_t i = 0; i < count; i++)
        writer_field(writer, SPAN(""));
}

static void write_keys(const Pivot *pivot, size_t group)
{
    for (size_t i = 0; i < pivot->keys.count; i++)
        writer_value(pivot->program.writer, groups_key(&pivot->groups, group, i));
}

/* One row: the cells of a group, of which the cursor's row is the first. */
static bool write_group(Pivot *pivot, StoreCursor *cursor, HeldRow *cell)
{
    Writer *writer = pivot->program.writer;
    HeldRow before = {0};
    size_t next = 0; /* new column to be written next */
    bool more = true;
    write_keys(pivot, cell->group);
    do {
        size_t column = number_of_key(cell->key);
        if (next > column)
            fail_twice(pivot, &before, cell);
        write_missing(writer, column - next);
        writer_field(writer, held_bytes(cell));
        next = column + 1;
        before = *cell;
        more = store_next(cursor, cell);
    } while (more && cell->group == before.group);
    write_missing(writer, pivot->names.count - next);
    writer_end(writer);
    return more;
}

static void write_rows(Pivot *pivot)
{
    store_sort(&pivot->cells);
    StoreCursor cursor = store_begin(&pivot->cells, ALL_GROUPS, 1);
    HeldRow cell;
    bool more = store_next(&cursor, &cell);
    while (more)
        more = write_group(pivot, &cursor, &cell);
    store_end(&cursor);
}

static void close_all(Pivot *pivot)
{
    store_free(&pivot->cells);
    groups_free(&pivot->groups);
    dictionary_free(&pivot->names);
    buffer_free(&pivot->held);
}

int main(int argc, char **argv)
{
    Pivot pivot = {0};
    parse(&pivot, argc, argv);
    open_all(&pivot);
    Batch batch;
    while (reader_next(pivot.program.reader, &batch))
        hold_batch(&pivot, &batch);
    write_header(&pivot);
    write_rows(&pivot);
    close_all(&pivot);
    return program_finish(&pivot.program);
}
