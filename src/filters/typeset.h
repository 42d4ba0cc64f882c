/*
 * Typeset: how much room text takes in a picture, and how to fit it in.
 *
 * The font is the reader's own sans-serif, so widths are estimates on the generous side: those of
 * the widest of the common ones.  Measures are in pixels of the picture.
 */
#ifndef FILTERS_TYPESET_H
#define FILTERS_TYPESET_H

#include "base/memory.h"
#include "base/text.h"

/* The text as it may stand in a picture: control characters and turned writing as escapes. */
Span typeset_clean(Span text, Arena *arena);

/* Its width at a font size. */
double typeset_width(Span text, double size);

/*
 * Breaks the text at blanks, or where it must, into at most `most` lines of that width; what does
 * not fit is cut from the last, which then ends with "…".  Gives how many lines there are (0 for no
 * text).
 */
size_t typeset_fold(Span text, double size, double width, Span *lines, size_t most, Arena *arena);

#endif
