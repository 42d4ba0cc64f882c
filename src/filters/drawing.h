/*
 * Drawing: a chart laid out on a page, as a script for gnuplot.
 *
 * All texts are put where they belong in pixels by the estimates of typeset.h: title, legend and
 * remarks one below the other, the data between them.  Gnuplot draws the data, their axis and grid.
 */
#ifndef FILTERS_DRAWING_H
#define FILTERS_DRAWING_H

#include "filters/chart.h"

typedef struct DrawingSize {
    int width, height; /* pixels */
} DrawingSize;

/* What is written. */
typedef struct DrawingMedium {
    const char *terminal; /* gnuplot's name for it, with its options */
    int scale;            /* its pixels for one of ours */
    bool hatches;         /* the script draws the hatching, nobody adds it later */
} DrawingMedium;

extern const DrawingMedium drawing_svg, drawing_png;

DrawingSize drawing_script(const Chart *chart, const DrawingMedium *medium, Buffer *script);

#endif
