/*
 * Inset: an SVG file made fit to stand inside a page.
 *
 * Only elements and attributes that draw are let through - shapes, text, groups, definitions - and
 * the description; whatever could run or load is left out with all that is in it.  Names (id, and
 * what refers to one) get a prefix, so that many drawings can stand on one page.  The drawing's own
 * rules of style are handed out, for the page to take into its stylesheet: the page's policy allows
 * no others.  Black becomes the page's own ink.
 *
 * The file is taken apart token by token, and anything that is not well-formed makes the whole
 * drawing unfit.
 */
#ifndef REPORT_INSET_H
#define REPORT_INSET_H

#include <stdbool.h>

#include "base/memory.h"
#include "base/text.h"

typedef struct Inset {
    const char *markup;  /* an <svg class="plot" role="img"> with `label` as its name; NULL */
    const char *style;   /* rules for what is in it; "" */
    const char *problem; /* why there is no markup */
} Inset;

/* The prefix is a name fit for an id. */
Inset inset_make(Span svg, const char *prefix, const char *label, Arena *arena);

#endif
