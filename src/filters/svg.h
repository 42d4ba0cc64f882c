/*
 * Svg: gnuplot's SVG made fit for a reader, a printer and a report.
 *
 * Of what gnuplot writes only shapes and texts are kept, each with its own attributes: no ids that
 * would clash when several pictures stand in one page, no name or version of gnuplot.  Added are a
 * title and a description as alternative text, a size that follows the page, colours for a dark
 * ground, and hatching for bars of several series.  The text of the style element is the same for
 * every picture.
 */
#ifndef FILTERS_SVG_H
#define FILTERS_SVG_H

#include "filters/drawing.h"

typedef struct SvgText {
    Span title, description;
} SvgText;

/* Appends the picture; `hatched` puts patterns over the bars of the second series and further. */
void svg_write(Span gnuplot, DrawingSize size, const SvgText *text, int hatched, Buffer *out);

#endif
