/*
 * Figure: a chart laid out on a page, as a script for gnuplot.
 *
 * All texts are put where they belong in pixels by the estimates of typeset.h: title, legend and
 * remarks one below the other, the data between them.  Gnuplot draws the data, their axis and grid.
 */
#ifndef FILTERS_FIGURE_H
#define FILTERS_FIGURE_H

#include "filters/chart.h"

typedef struct FigureSize {
    int width, height; /* pixels */
} FigureSize;

/* The script; `terminal` is gnuplot's name for what is to be written, with its options. */
FigureSize figure_script(const Chart *chart, const char *terminal, Buffer *script);

#endif
