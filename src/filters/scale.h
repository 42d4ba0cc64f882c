/*
 * Scale: a range of numbers with round steps, for the axis of a picture.
 */
#ifndef FILTERS_SCALE_H
#define FILTERS_SCALE_H

#include "num/decimal.h"

typedef struct Scale {
    double low, high; /* low < high */
    double step;      /* 1, 2 or 5 times a power of ten */
    int places;       /* digits behind the point that its steps need */
} Scale;

/*
 * A scale that takes in both numbers, with about `steps` steps.  `whole` keeps its ends where the
 * numbers are, instead of on a step: for years.
 */
Scale scale_make(double low, double high, int steps, bool whole);

/* The first step at or above the low end, and how many there are up to the high one. */
double scale_first(const Scale *scale);
int scale_count(const Scale *scale);

/*
 * Whether thousands are set apart in numbers up to that one: not in those of four digits, which may
 * be years.
 */
bool scale_apart(double greatest);

/* A number with so many digits behind the point. Appends. */
void scale_write(Decimal number, int places, bool apart, Buffer *out);

/* The same for a step of the scale. */
void scale_write_step(const Scale *scale, int index, Buffer *out);

#endif
