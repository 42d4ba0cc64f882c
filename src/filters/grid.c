#include "filters/grid.h"

#include <stdlib.h>

#include "base/memory.h"
#include "num/decimal.h"

void grid_open(Grid *grid, const Header *header)
{
    *grid = (Grid){.width = header->width};
    grid->columns = memory_zeroed(header->width, sizeof *grid->columns);
    for (size_t i = 0; i < header->width; i++)
        grid->columns[i] =
            (GridColumn){.name = span_of(header->names[i]), .number = true, .plain = true};
}

/* -?(0|[1-9][0-9]*)… of a text that is a number. */
static bool is_plain(Span number)
{
    size_t sign = number.at[0] == '-';
    return number.at[0] != '+' && (number.at[sign] != '0' || number.size == sign + 1 ||
                                   number.at[sign + 1] < '0' || number.at[sign + 1] > '9');
}

static void look_at(GridColumn *column, Span value)
{
    column->filled |= value.size > 0;
    if (!column->number || value.size == 0)
        return;
    Arena arena = {0};
    Decimal number = {0};
    column->number = decimal_read(value, &number, &arena) == DECIMAL_READ;
    column->fraction |= number.scale > 0;
    column->plain = column->plain && column->number && is_plain(value);
    arena_free(&arena);
}

static void add_value(Grid *grid, size_t column, Span value)
{
    grid->cells = memory_grow(grid->cells, &grid->room, grid->count, sizeof *grid->cells);
    grid->cells[grid->count++] = (GridCell){grid->text.size, value.size};
    buffer_append(&grid->text, value.at, value.size);
    look_at(&grid->columns[column], value);
}

void grid_add(Grid *grid, const Batch *batch, size_t row)
{
    for (size_t i = 0; i < grid->width; i++)
        add_value(grid, i, batch_value(batch, row, i));
    grid->rows++;
}

void grid_add_values(Grid *grid, const Span *values)
{
    for (size_t i = 0; i < grid->width; i++)
        add_value(grid, i, values[i]);
    grid->rows++;
}

size_t grid_size(const Grid *grid)
{
    return grid->text.room + grid->room * sizeof *grid->cells;
}

static void round_cell(Grid *grid, GridCell *cell, int32_t places)
{
    Arena arena = {0};
    Decimal number;
    Span text = {grid->text.at + cell->at, cell->size};
    if (cell->size > 0 && decimal_read(text, &number, &arena) == DECIMAL_READ) {
        cell->at = grid->text.size;
        decimal_write(decimal_round(number, places, ROUND_HALF_AWAY, &arena), &grid->text);
        cell->size = grid->text.size - cell->at;
    }
    arena_free(&arena);
}

void grid_close(Grid *grid, int32_t places)
{
    for (size_t column = 0; column < grid->width; column++) {
        GridColumn *here = &grid->columns[column];
        here->number &= here->filled;
        if (!here->number || !here->fraction || places < 0)
            continue;
        here->plain = true;
        for (size_t i = column; i < grid->count; i += grid->width)
            round_cell(grid, &grid->cells[i], places);
    }
}

Span grid_cell(const Grid *grid, size_t row, size_t column)
{
    const GridCell *cell = &grid->cells[row * grid->width + column];
    return (Span){grid->text.at + cell->at, cell->size};
}

double grid_number(const Grid *grid, size_t row, size_t column)
{
    Span cell = grid_cell(grid, row, column);
    Arena arena = {0};
    double number = cell.size == 0 ? 0 : strtod(arena_copy(&arena, cell.at, cell.size), NULL);
    arena_free(&arena);
    return number;
}

void grid_free(Grid *grid)
{
    free(grid->columns);
    free(grid->cells);
    buffer_free(&grid->text);
}
