/*
 * Figure: numbers as a person wants to see them. Exact values go into tables, these into sentences.
 */
#ifndef WARRANT_FIGURE_H
#define WARRANT_FIGURE_H

#include "warrant/interval.h"

/*
 * The number with at most `places` digits behind the point; one that would become 0 by that keeps
 * three significant digits.
 */
const char *figure_text(Decimal value, int32_t places, Arena *arena);

/* The same, with more digits where fewer would put the value on the other side of an end. */
const char *figure_beside(Decimal value, const Interval *interval, int32_t places, Arena *arena);

/* All digits. */
const char *figure_exact(Decimal value, Arena *arena);

#endif
