/*
 * Page: what stands around and over the data of a picture, in pixels from its top left corner.
 *
 * Things are gathered first and turned into gnuplot's commands when the height of the page is
 * known.
 */
#ifndef FILTERS_PAGE_H
#define FILTERS_PAGE_H

#include "base/memory.h"
#include "base/text.h"
#include "filters/palette.h"

typedef enum Anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END } Anchor;

typedef struct PageText {
    Span text;
    double x, y; /* of its middle in height */
    double size;
    Anchor anchor;
    bool bold, slanted; /* slanted: upward by 45 degrees, ending there */
    const Colour *colour;
} PageText;

/* A swatch of the legend: a box, or a piece of line with a marker. */
typedef struct PageSwatch {
    double x, y, width;
    size_t series;
    bool line;
} PageSwatch;

typedef struct Page {
    double width;
    double y; /* next free line */
    PageText *texts;
    size_t text_count, text_room;
    PageSwatch *swatches;
    size_t swatch_count, swatch_room;
    bool hatches; /* boxes of the legend are hatched here, not later */
    Arena *arena;
} Page;

enum { PAGE_MARGIN = 14 };

void page_text(Page *page, const PageText *text);

/* Folds a text into lines below each other, from page->y on. */
void page_paragraph(Page *page, Span text, double size, bool bold, const Colour *colour);

/* The legend, as many rows as it takes. */
void page_legend(Page *page, const Span *names, size_t count, bool lines);

/* Appends the commands. */
void page_write(const Page *page, double height, Buffer *script);

void page_free(Page *page);

/* How gnuplot is told of a series' dashes and marker. */
const char *series_dash(size_t series);
int series_marker(size_t series);

/* Gnuplot's number for the hatching of its bars; 0: none. */
int series_hatch(size_t series);
const Colour *series_colour(size_t series);

#endif
