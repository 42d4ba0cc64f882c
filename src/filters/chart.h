/*
 * Chart: the rows that a picture shows, and what is said about it in words.
 */
#ifndef FILTERS_CHART_H
#define FILTERS_CHART_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/text.h"
#include "num/decimal.h"

typedef enum ChartKind { CHART_LINE, CHART_BAR, CHART_RANKED, CHART_STACKED } ChartKind;

enum { CHART_SERIES = 12 }; /* at most: more can't be told apart */

typedef struct Datum {
    Decimal value;
    double at; /* the same, for geometry */
    bool missing;
} Datum;

typedef struct ChartRow {
    Span label; /* of x; "–" when missing */
    double x;   /* where it stands on the axis */
    bool marked;
    Datum *values; /* by series */
    size_t number; /* in the input */
} ChartRow;

/* Texts are clean (typeset.h); size 0: there is none. */
typedef struct Chart {
    ChartKind kind;
    Span title, source, unit, x_name, mark;
    Span *series;
    size_t series_count;
    ChartRow *rows;
    size_t count, room;
    uint64_t total;   /* rows of the input */
    bool numeric;     /* x is a number, and rows stand where it says */
    int places;       /* digits behind the point to show */
    int32_t scale;    /* most digits behind the point met */
    bool any_missing; /* among what is shown */
    double low, high; /* least and greatest value shown; 0 and 0 when there is none */
    double step;      /* of numeric bars: the least distance between two */
    size_t values;    /* that are not missing */
    Arena *arena;
} Chart;

/*
 * Puts the rows in the order in which they are drawn, drops those past the limit, decides where
 * they stand and how many digits are shown.
 */
void chart_settle(Chart *chart, size_t limit);

/* What stands above the picture when no title was given: "share, tiv by recipient". */
Span chart_default_title(const Chart *chart);

/* What the axis of values is called: "share (percent)"; several series: the unit alone. */
Span chart_value_name(const Chart *chart);

/* The remarks below the picture, one a line: rows left out, what is marked, gaps, the source. */
size_t chart_notes(const Chart *chart, Span notes[4]);

/* A value as it is shown; a value that is not 0 never reads as 0. Appends. */
void chart_write(const Chart *chart, Decimal value, Buffer *out);

/* The picture in words, for who can't see it: the values, or of lines where they begin and end. */
void chart_describe(const Chart *chart, Buffer *out);

#endif
