/*
 * Grid: rows held to be shown to a person, and the ways to show them.
 *
 * A column is one of numbers if all its cells are numbers or missing, as far as they are held.
 */
#ifndef FILTERS_GRID_H
#define FILTERS_GRID_H

#include "base/file.h"
#include "base/option.h"
#include "csv/reader.h"

typedef struct GridCell {
    size_t at, size; /* in the grid's text; size 0 is missing */
} GridCell;

typedef struct GridColumn {
    Span name;
    bool filled;   /* some cell is not missing */
    bool number;   /* and none is anything but a number */
    bool fraction; /* one has digits behind the point */
    bool plain;    /* all numbers are written as JSON has them: no 007, no +1 */
} GridColumn;

typedef struct Grid {
    GridColumn *columns;
    size_t width;
    Buffer text;
    GridCell *cells; /* row after row */
    size_t count, room;
    size_t rows;
} Grid;

/* The header's names must outlive the grid. */
void grid_open(Grid *grid, const Header *header);
void grid_add(Grid *grid, const Batch *batch, size_t row);

/* The same for values that come from elsewhere: as many as there are columns. */
void grid_add_values(Grid *grid, const Span *values);

/* Bytes of memory held. */
size_t grid_size(const Grid *grid);

/* Ends the adding; `places` rounds columns of numbers that have a fraction, -1 leaves them. */
void grid_close(Grid *grid, int32_t places);

Span grid_cell(const Grid *grid, size_t row, size_t column);

/* The cell of a column of numbers, as near as a double is; 0 if it is missing. */
double grid_number(const Grid *grid, size_t row, size_t column);

void grid_free(Grid *grid);

typedef struct GridStyle {
    size_t width;  /* columns to fit into; 0: as wide as it is */
    size_t height; /* lines after which the header comes again; 0: never */
    bool colour;
    size_t bar;    /* the column that gets bars, or COLUMN_NONE */
    uint64_t more; /* rows that are not held, told at the end */
} GridStyle;

/*
 * What --width, --color and --output say, and the terminal if the text goes to one: no bar, no rows
 * left out.
 */
GridStyle grid_style(const CommandLine *line);

/* Aligned text (grid_text.c). */
void grid_show_text(const Grid *grid, const GridStyle *style, Output *output);

/* A table of GitHub's Markdown (grid_markdown.c). */
void grid_show_markdown(const Grid *grid, uint64_t more, Output *output);

/* An array of objects; numbers where the column is one of numbers, exact (grid_json.c). */
void grid_show_json(const Grid *grid, Output *output);

#endif
