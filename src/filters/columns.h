/*
 * Columns: choices of columns, and copying them from rows as they lie.
 *
 * Columns that stand side by side in the input and in the output are copied in one piece, their
 * delimiters with them.
 */
#ifndef FILTERS_COLUMNS_H
#define FILTERS_COLUMNS_H

#include "csv/reader.h"
#include "csv/writer.h"
#include "expr/expression.h"

/* Columns first … last of a row. */
typedef struct ColumnRun {
    size_t first, last;
} ColumnRun;

typedef struct ColumnRuns {
    ColumnRun *runs;
    size_t count;
} ColumnRuns;

/* The columns, in their order, as runs; in the arena. */
ColumnRuns column_runs(const size_t *columns, size_t count, Arena *arena);

/* Those columns of a row as they stand in the file, delimiters between them. */
static inline Span column_run_span(ColumnRun run, const Batch *batch, size_t row)
{
    Span first = batch_field(batch, row, run.first);
    Span last = batch_field(batch, row, run.last);
    return (Span){first.at, (size_t)(last.at + last.size - first.at)};
}

static inline void column_run_write(ColumnRun run, Writer *writer, const Batch *batch, size_t row)
{
    writer_fields(writer, column_run_span(run, batch, row));
}

static inline void column_runs_write(const ColumnRuns *runs, Writer *writer, const Batch *batch,
                                     size_t row)
{
    for (size_t i = 0; i < runs->count; i++)
        column_run_write(runs->runs[i], writer, batch, row);
}

/* The columns of a header that are not among those `named`, in the header's order; in the arena. */
size_t *columns_except(const size_t *named, size_t named_count, size_t width, size_t *count,
                       Arena *arena);

/* Fails as usage when two columns of the list would have one name in the output. */
void columns_check_names(const ColumnList *list, const char *label);

/* header_add(), where a name that is taken was given with an option or argument called `label`. */
void columns_add(Header *header, const char *name, const char *label);

/* The name a column of the list has in the output. */
static inline const char *column_new_name(const ColumnName *column)
{
    return column->as != NULL ? column->as : column->name;
}

#endif
