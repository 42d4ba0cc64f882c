/* table: shows rows as aligned text. */

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "filters/display.h"
#include "filters/program.h"
#include "num/decimal.h"

/*
 * A text column is padded to no more than this; what is longer pushes the rest of its line to the
 * right, and nothing is cut.
 */
enum { WIDEST_TEXT = 80 };

typedef struct Cell {
    size_t at, size; /* in the table's text; size 0 is missing */
    size_t width;    /* in columns of a terminal */
} Cell;

typedef struct Column {
    Cell name;
    bool filled;          /* some cell is not missing */
    bool number;          /* and none is anything but a number */
    bool fraction;        /* one has digits behind the point */
    size_t whole, behind; /* of numbers: width before the point, width from it on */
    size_t width;
} Column;

typedef struct Table {
    Program program;
    Output *output;
    uint64_t left;  /* rows still to be shown */
    int32_t places; /* -1: as they come */
    Column *columns;
    size_t width;
    Buffer text;
    Cell *cells; /* row after row */
    size_t count, room;
    uint64_t rows;
} Table;

static void parse(Table *table, int argc, char **argv)
{
    Program *program = &table->program;
    program_start(program, &table_specification, argc, argv);
    long limit = command_line_number(&program->line, "limit", 0, LONG_MAX, -1);
    table->left = limit < 0 ? UINT64_MAX : (uint64_t)limit;
    table->places =
        (int32_t)command_line_number(&program->line, "places", 0, DECIMAL_MAX_DIGITS, -1);
    display_start();
}

static Cell keep_text(Table *table, Span text)
{
    size_t at = table->text.size;
    size_t width = display_append(&table->text, text);
    return (Cell){at, table->text.size - at, width};
}

static void open_all(Table *table)
{
    Program *program = &table->program;
    program_check_files(program);
    ReaderOptions options = {.delimiter = program->delimiter, .max_row = program->max_row};
    program->reader = reader_open(program->files, program->file_count, &options);
    table->output = output_open(command_line_value(&program->line, "output"));
    const Header *header = reader_header(program->reader);
    table->width = header->width;
    table->columns = arena_array(&program->arena, header->width, sizeof *table->columns);
    for (size_t i = 0; i < header->width; i++)
        table->columns[i] =
            (Column){.name = keep_text(table, span_of(header->names[i])), .number = true};
}

static Span cell_text(const Table *table, const Cell *cell)
{
    return (Span){table->text.at + cell->at, cell->size};
}

/* Width of a number up to its point, or all of it. */
static size_t whole_width(Span number)
{
    const char *point = number.size == 0 ? NULL : memchr(number.at, '.', number.size);
    return point == NULL ? number.size : (size_t)(point - number.at);
}

static void keep_cell(Table *table, Column *column, Span value)
{
    table->cells = memory_grow(table->cells, &table->room, table->count, sizeof *table->cells);
    Cell *cell = &table->cells[table->count++];
    *cell = keep_text(table, value);
    column->filled |= value.size > 0;
    if (!column->number || value.size == 0)
        return;
    Arena arena = {0};
    Decimal number = {0};
    column->number = decimal_read(value, &number, &arena) == DECIMAL_READ;
    column->fraction |= number.scale > 0;
    arena_free(&arena);
}

static void keep_batch(Table *table, const Batch *batch)
{
    for (size_t row = 0; row < batch->rows && table->left > 0; row++) {
        for (size_t i = 0; i < table->width; i++)
            keep_cell(table, &table->columns[i], batch_value(batch, row, i));
        table->left--;
        table->rows++;
    }
}

static void round_cell(Table *table, Cell *cell)
{
    Arena arena = {0};
    Decimal number;
    if (cell->size > 0 && decimal_read(cell_text(table, cell), &number, &arena) == DECIMAL_READ) {
        cell->at = table->text.size;
        decimal_write(decimal_round(number, table->places, ROUND_HALF_AWAY, &arena), &table->text);
        cell->size = cell->width = table->text.size - cell->at;
    }
    arena_free(&arena);
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void measure_cell(const Table *table, Column *column, const Cell *cell)
{
    size_t width = cell->size == 0 ? 1 : cell->width; /* the mark of a missing cell */
    size_t whole = cell->size == 0 ? 1 : whole_width(cell_text(table, cell));
    if (column->number) {
        column->whole = larger(column->whole, whole);
        column->behind = larger(column->behind, width - whole);
        width = column->whole + column->behind;
    } else if (width > WIDEST_TEXT) {
        width = WIDEST_TEXT;
    }
    column->width = larger(column->width, width);
}

static void measure_column(Table *table, size_t index)
{
    Column *column = &table->columns[index];
    column->number &= column->filled;
    column->width = column->name.width < WIDEST_TEXT ? column->name.width : WIDEST_TEXT;
    for (size_t i = index; i < table->count; i += table->width) {
        if (column->number && column->fraction && table->places >= 0)
            round_cell(table, &table->cells[i]);
        measure_cell(table, column, &table->cells[i]);
    }
}

static void pad(Buffer *line, size_t wanted, size_t width)
{
    if (width < wanted)
        display_blanks(line, wanted - width);
}

static void line_begin(Buffer *line, size_t column)
{
    if (column > 0)
        buffer_text(line, "  ");
}

static void line_write(Table *table, Buffer *line)
{
    while (line->size > 0 && line->at[line->size - 1] == ' ')
        line->size--;
    buffer_byte(line, '\n');
    output_write(table->output, line->at, line->size);
    line->size = 0;
}

static void show_header(Table *table, Buffer *line)
{
    for (size_t i = 0; i < table->width; i++) {
        const Column *column = &table->columns[i];
        Span name = cell_text(table, &column->name);
        line_begin(line, i);
        if (column->number)
            pad(line, column->width, column->name.width);
        buffer_append(line, name.at, name.size);
        if (!column->number)
            pad(line, column->width, column->name.width);
    }
    line_write(table, line);
    for (size_t i = 0; i < table->width; i++) {
        line_begin(line, i);
        for (size_t dash = 0; dash < table->columns[i].width; dash++)
            buffer_byte(line, '-');
    }
    line_write(table, line);
}

static void show_cell(const Table *table, const Column *column, const Cell *cell, Buffer *line)
{
    bool missing = cell->size == 0;
    Span text = !missing         ? cell_text(table, cell)
                : display_utf8() ? SPAN("\xe2\x80\x93") /* an en dash */
                                 : SPAN("-");
    size_t width = missing ? 1 : cell->width;
    if (!column->number) {
        buffer_append(line, text.at, text.size);
        pad(line, column->width, width);
        return;
    }
    /* Points stand under each other; a mark for a missing cell stands where units do. */
    size_t whole = missing ? 1 : whole_width(text);
    pad(line, column->width, whole + column->behind);
    buffer_append(line, text.at, text.size);
    pad(line, column->behind, width - whole);
}

static void show_rows(Table *table, Buffer *line)
{
    const Cell *cell = table->cells;
    for (uint64_t row = 0; row < table->rows; row++) {
        for (size_t i = 0; i < table->width; i++) {
            line_begin(line, i);
            show_cell(table, &table->columns[i], cell++, line);
        }
        line_write(table, line);
    }
    uint64_t more = reader_rows(table->program.reader) - table->rows;
    if (more == 0)
        return;
    buffer_format(line, "%s %llu more row%s", display_utf8() ? "\xe2\x80\xa6" : "...",
                  (unsigned long long)more, more == 1 ? "" : "s");
    line_write(table, line);
}

static void show(Table *table)
{
    Buffer line = {0};
    for (size_t i = 0; i < table->width; i++)
        measure_column(table, i);
    show_header(table, &line);
    show_rows(table, &line);
    buffer_free(&line);
}

static int finish(Table *table)
{
    Program *program = &table->program;
    output_commit(table->output);
    program_report(program, reader_rows(program->reader), table->rows,
                   reader_bytes(program->reader));
    reader_close(program->reader);
    buffer_free(&table->text);
    free(table->cells);
    parameters_free(&program->parameters);
    command_line_free(&program->line);
    arena_free(&program->arena);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    Table table = {0};
    parse(&table, argc, argv);
    open_all(&table);
    Batch batch;
    while (reader_next(table.program.reader, &batch))
        keep_batch(&table, &batch);
    show(&table);
    return finish(&table);
}
