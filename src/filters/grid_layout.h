/*
 * Grid layout: how wide the columns of a grid are on a terminal, and which stand beside each other.
 *
 * Where all do not fit, texts are folded, the widest first, and where that is not enough the
 * columns are put into bands, one below the other, each of which begins with the first column.
 * Nothing is cut.
 */
#ifndef FILTERS_GRID_LAYOUT_H
#define FILTERS_GRID_LAYOUT_H

#include "filters/grid.h"

typedef enum PartKind { PART_TEXT, PART_NUMBER, PART_BAR } PartKind;

/* What stands in one strip from top to bottom: a column, or the bars beside it. */
typedef struct Part {
    PartKind kind;
    size_t column;        /* of the grid */
    size_t whole, behind; /* of numbers: width before the point, width from it on */
    size_t width;
    bool folded;      /* cells or the name may take several lines */
    double low, high; /* of bars: least and greatest, with zero */
} Part;

typedef struct Band {
    const Part **parts;
    size_t count;
} Band;

typedef struct GridLayout {
    Part *parts;
    size_t count;
    Band *bands;
    size_t band_count;
    Arena arena;
} GridLayout;

enum { GRID_GAP = 2 }; /* blanks between columns */

void grid_layout(GridLayout *layout, const Grid *grid, const GridStyle *style);

/* Width of a number up to its point, or all of it. */
size_t number_whole(Span number);

void grid_layout_free(GridLayout *layout);

#endif
