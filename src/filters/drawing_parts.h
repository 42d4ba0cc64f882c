/*
 * Drawing parts: what the files that lay out a chart share; private to them.
 */
#ifndef FILTERS_DRAWING_PARTS_H
#define FILTERS_DRAWING_PARTS_H

#include "filters/drawing.h"
#include "filters/page.h"
#include "filters/scale.h"
#include "filters/typeset.h"

enum { DRAWING_WIDTH = 640, DRAWING_HEIGHT = 300 /* of the data of an upright chart */ };

#define TITLE_SIZE 18.0
#define TEXT_SIZE 14.0
#define LABEL_SIZE 13.0
#define NOTE_SIZE 12.5

/* The data's part of the page and what its edges stand for. */
typedef struct Drawing {
    const Chart *chart;
    const DrawingMedium *medium;
    Page page;
    double left, right, top, bottom; /* pixels */
    double x_low, x_high;            /* of the axis of rows */
    Scale scale;                     /* of values */
    Buffer blocks;                   /* data */
    Buffer plots;                    /* what is drawn of them, commas between */
    size_t block_count;
    Arena arena;
} Drawing;

static inline double larger(double a, double b)
{
    return a > b ? a : b;
}

/* Where in an upright chart a row or a value stands, in pixels. */
double x_pixel(const Drawing *drawing, double x);
double y_pixel(const Drawing *drawing, double value);

/* Numbers as texts, in the drawing's arena. */
Span value_text(Drawing *drawing, Decimal value);
Span step_text(Drawing *drawing, const Scale *scale, int index);

/* The width of the widest value beside the data. */
double widest_value(Drawing *drawing);

void write_value(Drawing *drawing, double x, double y, Anchor anchor, const Datum *datum,
                 bool marked);

/* "No rows." or "No values.", where that is so. */
void write_remark(Drawing *drawing);

/* ---- data (drawing_data.c) ---- */

/* Where a series' bar stands around the middle of its row, in parts of a row. */
typedef struct Band {
    double low, high;
} Band;

/* All series stand beside each other, or, stacked, in one place. */
Band band_of(const Chart *chart, size_t series);

/* The sum of the parts below a series. */
double stacked_below(const ChartRow *row, size_t series);

void write_all_bars(Drawing *drawing);
void write_all_curves(Drawing *drawing);

/* ---- axes ---- */

/* Rows from left to right, values upward (drawing_upright.c). */
void lay_upright(Drawing *drawing);

/* Rows from top to bottom, values to the right (drawing_ranked.c). */
void lay_ranked(Drawing *drawing);

#endif
