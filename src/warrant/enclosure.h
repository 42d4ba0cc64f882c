/*
 * Enclosure: a value of which only bounds are known, and sums with such values.
 *
 * A cell of a table whose precision is declared stands for any value up to so far from it.  What is
 * computed from such cells is enclosed between two bounds: whatever the values behind the cells
 * were, the result a filter would have given lies between them, both ends included (interval
 * arithmetic: Moore 1966, "Interval Analysis").  Each operation encloses on its own, so the bounds
 * of a whole pipeline are sound, but they may be wider than need be where one cell has several
 * parts in a result: of x - x they say what they would say of x - y.
 *
 * Within an expression bounds are exact rationals; on leaving it they are rounded outward to 17
 * digits where a filter would round to 17, so that a filter's rounding stays between them too.
 *
 * Where some of the values would make a filter stop - a division by zero, the logarithm of nothing
 * - there is nothing to be enclosed: fail("not enclosed: …").
 */
#ifndef WARRANT_ENCLOSURE_H
#define WARRANT_ENCLOSURE_H

#include <stdbool.h>

#include "base/memory.h"
#include "base/text.h"
#include "num/number.h"
#include "warrant/influence.h"

/* A cell of an enclosed table. */
typedef enum Known {
    KNOWN_TEXT,   /* exactly these bytes; size 0 is missing */
    KNOWN_BOUNDS, /* a number from low to high */
    KNOWN_NOTHING /* anything, also missing */
} Known;

/*
 * That a value is part of a whole whose rest is known by bounds of its own: of a / (a + rest) the
 * ends can be had though a stands in it twice.  Neither is negative.
 */
typedef struct Portion {
    const void *whole; /* what Enclosed.whole of the whole says */
    Number factor;     /* by which the part was multiplied since, positive */
    Number low, high, rest_low, rest_high;
} Portion;

typedef struct Enclosed {
    Known known;
    Span text;
    Decimal low, high;
    bool optional;              /* of bounds: it may also be missing */
    bool nonzero;               /* of bounds: it is not zero though that may lie between them */
    const Influence *influence; /* of bounds; NULL for none */
    const Portion *portion;     /* of bounds; NULL */
    const void *whole;          /* of bounds: its name as a whole; NULL */
} Enclosed;

/* A number within an expression. */
typedef struct Range {
    enum { RANGE_MISSING, RANGE_BOUNDS, RANGE_NOTHING } state;
    Number low, high;
    bool optional, nonzero;
    const Influence *influence;
    const Portion *portion;
    const void *whole;
} Range;

Range range_missing(void);
Range range_nothing(void);
Range range_point(Number number);
double range_middle(Range range);                        /* roughly */
Range range_of_cell(const Enclosed *cell, Arena *arena); /* text that is no number: nothing */

/*
 * Missing if a part is missing, nothing if a part is nothing, optional if a part is, as for the
 * functions below.
 */
Range range_add(Range a, Range b, Arena *arena);
Range range_subtract(Range a, Range b, Arena *arena);
/* same: both factors are one and the same value, so that a product of negatives is none. */
Range range_multiply(Range a, Range b, bool same, Arena *arena);
/* Fails if b may be zero; nothing if it can't, but comes near it from both sides or one. */
Range range_divide(Range a, Range b, Arena *arena);
Range range_negate(Range a, Arena *arena);
Range range_absolute(Range a, Arena *arena);
/*
 * base to the power of exponent: where the base is positive, or the exponent one whole number above
 * zero.  Fails where the power may not exist, or is not known how far it goes.
 */
Range range_power(Range base, Range exponent, Arena *arena);

/*
 * A function that never falls; fails if it refuses an end.  irrational: its values may have no
 * end of digits.
 */
typedef NumberRefusal Rising(Number a, Number *result, void *context, Arena *arena);
Range range_rising(Range a, Rising *function, void *context, bool irrational, Arena *arena);

/* Whatever may be either: the least range that holds both. */
Range range_either(Range a, Range b, Arena *arena);

/* least and greatest in SQL's sense: what is missing does not count. */
Range range_extreme(Range a, Range b, bool greatest, Arena *arena);

/*
 * The cell that a filter would write: of `places` digits behind the point, or settled as
 * number_settle() does with places -1.
 */
Enclosed range_cell(Range range, int32_t places, Arena *arena);

/* Which orders of a and b are possible, neither being missing or nothing. */
enum { MAY_BE_LESS = 1, MAY_BE_EQUAL = 2, MAY_BE_GREATER = 4 };
unsigned bounds_orders(const Decimal *low, const Decimal *high, const Decimal *other_low,
                       const Decimal *other_high);
unsigned range_orders(Range a, Range b);

#endif
