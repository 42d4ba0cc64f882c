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

/* The script; `terminal` is gnuplot's name for what is to be written, with its options. */
DrawingSize drawing_script(const Chart *chart, const char *terminal, Buffer *script);

#endif
