/*
 * Sheet: a table of enclosed cells, and the filters as they work on one.
 *
 * A sheet holds every table that a step could give for any values behind its sources' cells: what
 * a cell may be, and which rows may be there.  A filter's stage makes the sheet of its output from
 * that of its input so that this stays true:
 *
 *   filter     a row whose condition is uncertain may be there; where the condition compares a
 *              column with a constant, that narrows the column's bounds in the rows that are
 *   derive     expressions enclosed as in encloser.h
 *   aggregate  count sum min max mean median quantile of bounds, min and max of each in turn being
 *              the worst case; first, last, mode, count(distinct) of what is certain; stddev and
 *              variance of uncertain values are not known; sum(case when RANK <= K then X end)
 *              behind an ordinal rank by X is enclosed as the sum of the K greatest
 *   share      the row's own part at one end and all others of its group at the other: the exact
 *              extremes where the parts are independent of each other
 *   rank       rows that surely come before, and those that may: likewise
 *   pick lookup unpivot pivot   cells move as they are
 *
 * A row whose key may be anything may come before each other and behind it.
 *
 * A sheet cannot be made (fail(), "not enclosed: …") where rows are grouped, looked up or pivoted
 * by an uncertain column, where --limit or --require meets uncertain rows, where a share may be of
 * something negative or of nothing, behind ingest, and past SHEET_CELLS cells.  Columns that are
 * not known as such (share --cumulative, rank --tied …) are KNOWN_NOTHING.
 */
#ifndef WARRANT_SHEET_H
#define WARRANT_SHEET_H

#include "warrant/build.h"
#include "warrant/encloser.h"
#include "warrant/table.h"

enum { SHEET_CELLS = 500 * 1000 }; /* some 60 MB */

/*
 * Rows that were just ranked, in each group from the greatest of a column down, with ordinal ranks:
 * as long as rows and columns are as rank made them, the sum of the column over the first K ranks
 * is the sum of its K greatest values.
 */
typedef struct Ranked {
    bool known;
    size_t rank, column;
    size_t *group; /* of each row */
    size_t *sizes; /* of each group, in rows */
} Ranked;

typedef struct Sheet {
    Header header;
    Enclosed *cells; /* row by row */
    bool *maybe;     /* by row: it may not be there */
    size_t rows, room;
    bool ordered; /* rows that are there stand in this order */
    Ranked ranked;
    Arena *arena;
} Sheet;

/* Sheets of one setting, made when asked for. */
typedef struct Enclosures {
    Builder *builder;
    Setting *setting;
    Arena arena;
    Sheet **sheets;             /* by source, then by step; NULL where not made yet */
    Encloser *strict, *lenient; /* lenient: --invalid missing */
    Table table;                /* the one that is open, if any */
} Enclosures;

void enclosures_open(Enclosures *enclosures, Builder *builder, Setting *setting);
void enclosures_close(Enclosures *enclosures);

/* The sheet of a source or step whose result is there; fails with what stands in the way. */
const Sheet *enclosures_sheet(Enclosures *enclosures, const char *name);

/* ---- for the stages ---- */

Sheet *sheet_make(const Header *header, bool ordered, Arena *arena);

/* A new last row, its cells to be set. */
Enclosed *sheet_add(Sheet *sheet, bool maybe);

static inline Enclosed *sheet_row(const Sheet *sheet, size_t row)
{
    return sheet->cells + row * sheet->header.width;
}

size_t sheet_column(const Sheet *sheet, const char *name);
size_t *sheet_columns(const Sheet *sheet, const ColumnList *list);
bool sheet_certain(const Sheet *sheet); /* no row that may not be there */

/* Makes an expression ready for rows of the sheet. */
void sheet_bind(const Sheet *sheet, Expression *expression);

/*
 * Appends the cells of some columns of a row as one key, lengths before texts; *missing (or NULL)
 * tells whether one is.  Fails where one is uncertain; `what` is done by them.
 */
void sheet_key(const Sheet *sheet, size_t row, const size_t *columns, size_t count, Buffer *key,
               bool *missing, const char *what);

/* The encloser for a stage, and its argument as a source of expressions. */
Encloser *enclosures_encloser(Enclosures *enclosures, const Stage *stage);
Source enclosures_source(const Enclosures *enclosures, const Stage *stage);

/* Options of a stage: a list of columns, empty where it is not given; --places, or -1. */
ColumnList stage_columns(const Stage *stage, const char *option, ColumnSyntax syntax, Arena *arena);
int32_t stage_places(const Stage *stage);

/* Rows by group, in order of first appearance. */
typedef struct SheetGroups {
    size_t count;
    size_t *group; /* of each row */
    size_t *first; /* row of each group */
    size_t **rows; /* of each group, in order */
    size_t *sizes;
} SheetGroups;

SheetGroups sheet_groups(const Sheet *sheet, const ColumnList *keys);

typedef Sheet *SheetStage(Enclosures *enclosures, const Stage *stage, const Sheet *input);

SheetStage sheet_filter, sheet_derive, sheet_pick, sheet_lookup, sheet_unpivot, sheet_pivot;
SheetStage sheet_aggregate, sheet_share, sheet_rank;

#endif
