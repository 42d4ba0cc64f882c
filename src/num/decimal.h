/*
 * Decimal: exact finite decimal numbers, mantissa / 10^scale.
 *
 * A mantissa that fits int64_t is kept inline; a larger one is an immutable GMP integer whose limbs
 * live in an arena, so values are copied freely and never cleared one by one.  The scale is the
 * number of digits behind the point as they are to be shown: 1.50 is 150 at scale 2, and stays
 * distinct from 1.5 in print though equal in comparison.  Binary floating point is used nowhere.
 *
 * Functions take the arena that large results may be put into; small ones never touch it.
 */
#ifndef NUM_DECIMAL_H
#define NUM_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/text.h"

typedef struct Big Big; /* an integer past 64 bits (big.h) */

typedef struct Decimal {
    int64_t small;  /* the mantissa when big is NULL */
    const Big *big; /* never an integer that would fit `small` */
    int32_t scale;  /* digits behind the point, 0 … DECIMAL_MAX_SCALE */
} Decimal;

/*
 * At most DECIMAL_MAX_DIGITS digits on either side of the point can be asked for by a cell or a
 * literal; results may grow past that by arithmetic to DECIMAL_MAX_SCALE digits behind the point
 * and twice that many in all, then fail() says "too many digits in a result".
 */
enum { DECIMAL_MAX_DIGITS = 1000, DECIMAL_MAX_SCALE = 20000 };

/* How the reading of a cell ended. */
typedef enum DecimalSyntax {
    DECIMAL_READ,     /* a number */
    DECIMAL_NOT_READ, /* not the grammar [+-]digits[.digits][e±digits] */
    DECIMAL_TOO_LONG  /* the grammar, but past DECIMAL_MAX_DIGITS on a side of the point */
} DecimalSyntax;

/*
 * Reads the whole of `text`: no blanks, no thousands separators, no empty text; "1.", ".5" are not
 * numbers (digits on both sides of a point); leading zeros are decimal and count for nothing.
 * 1.5e3 is 1500 at scale 0, 15e-1 is 1.5 at scale 1, 1.50e1 is 15.0 at scale 1 (scale = digits
 * behind the point less the exponent, at least 0).  *value is set only for DECIMAL_READ.
 */
DecimalSyntax decimal_read(Span text, Decimal *value, Arena *arena);

/*
 * Reads what decimal_write() wrote, of any length that a result may have; false on anything else.
 */
bool decimal_read_back(Span text, Decimal *value, Arena *arena);

static inline Decimal decimal_of(int64_t integer)
{
    return (Decimal){.small = integer};
}

/* Exact. + - take the wider scale, * adds the scales. */
Decimal decimal_add(Decimal a, Decimal b, Arena *arena);
Decimal decimal_subtract(Decimal a, Decimal b, Arena *arena);
Decimal decimal_multiply(Decimal a, Decimal b, Arena *arena);

/*
 * Remainder of division truncated toward zero, with the sign of the dividend (SQL's %) and the
 * wider scale; b is not zero.
 */
Decimal decimal_remainder(Decimal a, Decimal b, Arena *arena);

Decimal decimal_negate(Decimal a, Arena *arena);
Decimal decimal_absolute(Decimal a, Arena *arena);

int decimal_sign(Decimal a);

/* <0, 0, >0 by value: 1.50 equals 1.5. */
static inline int decimal_compare(Decimal a, Decimal b)
{
    int decimal_compare_unlike(Decimal, Decimal); /* other scales or sizes (decimal.c) */
    if (a.scale == b.scale && a.big == NULL && b.big == NULL)
        return (a.small > b.small) - (a.small < b.small);
    /* NOLINTNEXTLINE: values are set where there are any */
    return decimal_compare_unlike(a, b);
}

/* Ways to bring a value to fewer places. */
typedef enum Rounding {
    ROUND_HALF_AWAY, /* SQL's numeric: 2.5 -> 3, -2.5 -> -3 */
    ROUND_DOWN,      /* toward minus infinity: floor */
    ROUND_UP         /* toward plus infinity: ceil */
} Rounding;

/*
 * Exactly `places` digits behind the point: rounded if there were more, padded with zeros if fewer.
 * Negative places round left of the point (round(1250, -2) = 1300, at scale 0).
 */
Decimal decimal_round(Decimal a, int32_t places, Rounding rounding, Arena *arena);

/* The same value with no zeros at the end behind the point (scale as small as can be). */
Decimal decimal_trim(Decimal a, Arena *arena);

/* Appends the number: no exponent, no "-0", exactly `scale` digits behind the point. */
void decimal_write(Decimal a, Buffer *out);

/* The value as an int64_t if it is a whole number in its range. */
bool decimal_integer(Decimal a, int64_t *integer);

/* A copy whose limbs (if any) live in `arena`. */
Decimal decimal_keep(Decimal a, Arena *arena);

#endif
