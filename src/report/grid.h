/*
 * Grid: the trials of a claim laid out for the eye.
 *
 * Readings that stand alone are rows of one table.  Those of a matrix are a grid of their own: the
 * values of its last parameter across, the combinations of the others down.  Verdicts on other
 * vintages of the data are a grid of readings by vintages.  A combination that comes to the same as
 * one that was judged already was not judged again (plan.h); its cell shows the one judged.
 */
#ifndef REPORT_GRID_H
#define REPORT_GRID_H

#include "warrant/verdicts.h"

typedef struct GridCell {
    const Judgement *judgement; /* NULL where nothing was judged */
    bool repeats;               /* it is shown elsewhere under another name */
} GridCell;

typedef struct Grid {
    const char *name;                   /* the matrix's; NULL: readings by vintages */
    const char *row_name, *column_name; /* "since", "through"; row_name "" for a single row */
    const char **rows, **columns;
    size_t row_count, column_count;
    GridCell *cells; /* row by row */
} Grid;

typedef struct Arrangement {
    const Judgement **alone; /* readings that are no part of a matrix, in their own vintage */
    size_t alone_count;
    Grid *matrices;
    size_t matrix_count;
    Grid vintages; /* row_count 0: the claim was judged on one vintage alone */
} Arrangement;

/*
 * The judgement on a claim in a reading, on its own vintage of the data (NULL) or another: the one
 * that was judged in its place if it was not judged itself.
 */
GridCell grid_find(PipelineVerdicts *pipeline, const ClaimVerdicts *verdicts,
                   const Reading *reading, const char *vintage);

Arrangement grid_arrange(PipelineVerdicts *pipeline, const ClaimVerdicts *verdicts, Arena *arena);

#endif
