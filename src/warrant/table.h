/*
 * Table: a step's result read back, to find the rows that decide a check.
 *
 * A table that was opened is closed by whoever holds it, also after a failure, so it has to live
 * outside the work that may fail.
 */
#ifndef WARRANT_TABLE_H
#define WARRANT_TABLE_H

#include "csv/reader.h"
#include "expr/evaluate.h"

typedef struct Table {
    Reader *reader;
    Evaluation *evaluation;
    char *path;
    uint32_t *chosen; /* rows of the batch that meet a condition */
    size_t chosen_room;
} Table; /* all zero is a closed one */

void table_open(Table *table, const char *path, Arena *arena);
void table_close(Table *table);
const Header *table_header(const Table *table);

/* Index of a column; fails with the step's name and a suggestion. */
size_t table_column(const Table *table, const char *column, const char *step);

/*
 * Hands every row that meets the condition (bound to the table's header; NULL: all rows) to
 * `visit`, with its number in the table from 0. Cells are the batch's: good during the call.
 */
typedef void RowVisitor(void *context, const Batch *batch, size_t row, uint64_t number);
void table_visit(Table *table, const Expression *condition, RowVisitor *visit, void *context);

/* Rows that were found: how many there are, and copies of the first few. */
typedef struct Rows {
    Header header;
    uint64_t count;
    size_t kept;
    Span **cells;      /* of each row kept */
    uint64_t *numbers; /* of each row kept, in the table from 0 */
} Rows;

enum { ROWS_KEPT = 10 };

/* Reads the table through for the rows that meet the condition. */
void table_select(Table *table, const Expression *condition, Rows *rows, Arena *arena);

#endif
