/*
 * Number: an exact rational, the value of an arithmetic expression before it is rounded once.
 *
 * value / divisor, where the divisor is a positive integer and NULL means 1.  A number without a
 * divisor is a decimal by nature (made by + - * % abs from decimals): it is shown at its own scale
 * and never rounded unless places are asked for.  A number that has been divided, or is a root,
 * keeps its divisor even if the division came out even: it is shown rounded to 17 significant
 * digits without trailing zeros.
 *
 * Irrational results (square root, power, ln, exp) are held as finite decimals of at least 80
 * significant digits and at least 80 behind the point, "rounded to odd" with divisor 1 (present,
 * not NULL): truncated, and if the last digit is then 0 or 5 it is made 1 or 6, so that any later
 * rounding to fewer digits is the correct rounding of the true value (the decimal form of Boldo &
 * Melquiond 2008, "Emulation of FMA and correctly rounded sums").
 */
#ifndef NUM_NUMBER_H
#define NUM_NUMBER_H

#include "num/decimal.h"

enum { NUMBER_DIGITS = 17 };

typedef struct Number {
    Decimal value;
    const Decimal *divisor; /* positive integer (scale 0) in the arena, or NULL for a decimal */
} Number;

static inline Number number_of(Decimal value)
{
    return (Number){.value = value};
}

/* A decimal by nature whose mantissa is `value.small`. */
static inline bool number_is_short(const Number *a)
{
    return a->divisor == NULL && a->value.big == NULL;
}

Number number_add(Number a, Number b, Arena *arena);
Number number_subtract(Number a, Number b, Arena *arena);
Number number_multiply(Number a, Number b, Arena *arena);

/* b must not be zero: the caller says where the division by zero stands. Always has a divisor. */
Number number_divide(Number a, Number b, Arena *arena);
Number number_remainder(Number a, Number b, Arena *arena);

Number number_negate(Number a, Arena *arena);
Number number_absolute(Number a, Arena *arena);
int number_compare(Number a, Number b);
int number_sign(Number a);

/* Rounded to `places`; the result is a decimal with exactly that scale (see decimal_round). */
Decimal number_round(Number a, int32_t places, Rounding rounding, Arena *arena);

/*
 * Rounded half away from zero to `digits` significant digits (at least 1), but to no more than
 * DECIMAL_MAX_DIGITS behind the point so that it can be read again; zeros at the end trimmed.
 */
Decimal number_round_digits(Number a, int32_t digits, Arena *arena);

/*
 * What leaves an expression: a decimal by nature as it is, anything else rounded to 17 significant
 * digits and trimmed.
 */
static inline Decimal number_settle(Number a, Arena *arena)
{
    return a.divisor == NULL ? a.value : number_round_digits(a, NUMBER_DIGITS, arena);
}

/* Why a function has no value for its argument: NULL, or a phrase for the message. */
typedef const char *NumberRefusal;

/*
 * Square root, power and the rest (functions.c): correctly rounded when later rounded once (see
 * above); exact where the result is rational: sqrt(6.25), power(2, -3), power(8, 1/3.0 as an exact
 * rational).  power(0, 0) is 1, as in SQL.
 * On refusal *result is untouched: "square root of a negative number", "zero to a negative power",
 * "negative number to a fractional power", "logarithm of a number that is not positive",
 * "result too large" (more than DECIMAL_MAX_DIGITS digits before the point).
 * A result smaller than 10^-DECIMAL_MAX_DIGITS is 0.
 */
NumberRefusal number_sqrt(Number a, Number *result, Arena *arena);
NumberRefusal number_power(Number base, Number exponent, Number *result, Arena *arena);
NumberRefusal number_ln(Number a, Number *result, Arena *arena);
NumberRefusal number_exp(Number a, Number *result, Arena *arena);

/* n / d, d not zero, as number_settle() makes of it: what a share of a total mostly is. */
Decimal number_ratio(uint64_t n, uint64_t d);

Number number_keep(Number a, Arena *arena);

#endif
