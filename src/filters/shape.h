/*
 * Shape: what a cell that is no number may be meant for, and what makes it one.
 */
#ifndef FILTERS_SHAPE_H
#define FILTERS_SHAPE_H

#include "base/text.h"

typedef enum Shape {
    SHAPE_NUMBER,
    SHAPE_BLANKS,    /* a number but for blanks around it */
    SHAPE_THOUSANDS, /* a number but for marks between thousands */
    SHAPE_COMMA,     /* a number with a decimal comma, marks between thousands or not */
    SHAPE_MISSING,   /* a word for nothing: n/a, .., - */
    SHAPE_TEXT,
    SHAPES
} Shape;

/* `mark` is set to what stands between thousands, or to an empty span. */
Shape shape_of(Span cell, Span *mark);

#endif
