#include "warrant/table.h"

#include <stdlib.h>
#include <string.h>

void table_open(Table *table, const char *path, Arena *arena)
{
    *table = (Table){.path = arena_copy(arena, path, strlen(path))};
    reader_open(&table->path, 1, &(ReaderOptions){.held = &table->reader});
    table->evaluation = evaluation_open(false);
}

void table_close(Table *table)
{
    if (table->evaluation != NULL)
        evaluation_close(table->evaluation);
    if (table->reader != NULL)
        reader_close(table->reader);
    free(table->chosen);
    *table = (Table){0};
}

const Header *table_header(const Table *table)
{
    return reader_header(table->reader);
}

size_t table_column(const Table *table, const char *column, const char *step)
{
    return header_require(table_header(table), span_of(column), step);
}

static void visit_batch(Table *table, const Batch *batch, const Expression *condition,
                        uint64_t before, RowVisitor *visit, void *context)
{
    if (condition == NULL) {
        for (size_t row = 0; row < batch->rows; row++)
            visit(context, batch, row, before + row);
        return;
    }
    if (batch->rows > table->chosen_room) {
        table->chosen = memory_resize(table->chosen, batch->rows, sizeof *table->chosen);
        table->chosen_room = batch->rows;
    }
    evaluation_batch(table->evaluation, batch);
    size_t chosen = evaluate_condition(
        table->evaluation, condition, evaluation_all(table->evaluation), TRUTH_TRUE, table->chosen);
    for (size_t i = 0; i < chosen; i++)
        visit(context, batch, table->chosen[i], before + table->chosen[i]);
}

void table_visit(Table *table, const Expression *condition, RowVisitor *visit, void *context)
{
    Batch batch;
    for (uint64_t before = 0; reader_next(table->reader, &batch); before += batch.rows)
        visit_batch(table, &batch, condition, before, visit, context);
}

typedef struct Selecting {
    Rows *rows;
    Arena *arena;
} Selecting;

static void keep_row(void *context, const Batch *batch, size_t row, uint64_t number)
{
    Selecting *selecting = context;
    Rows *rows = selecting->rows;
    rows->count++;
    if (rows->kept == ROWS_KEPT)
        return;
    Span *cells = arena_array(selecting->arena, batch->width, sizeof *cells);
    for (size_t column = 0; column < batch->width; column++) {
        Span value = batch_value(batch, row, column);
        cells[column] = (Span){arena_copy(selecting->arena, value.at, value.size), value.size};
    }
    rows->cells[rows->kept] = cells;
    rows->numbers[rows->kept++] = number;
}

void table_select(Table *table, const Expression *condition, Rows *rows, Arena *arena)
{
    *rows = (Rows){.header = header_copy(table_header(table), 0, arena),
                   .cells = arena_array(arena, ROWS_KEPT, sizeof *rows->cells),
                   .numbers = arena_array(arena, ROWS_KEPT, sizeof *rows->numbers)};
    Selecting selecting = {rows, arena};
    table_visit(table, condition, keep_row, &selecting);
}
