/*
 * Ziv: correctly rounded results of functions that may be irrational, private to src/num.
 *
 * A function first looks whether its result is rational and then gives it exactly.  What is left is
 * irrational (or so long that it cannot end within the digits kept), so its digits never end and a
 * sufficiently precise approximation always decides where to cut them: Ziv's strategy, to try again
 * with twice the precision until the error bound no longer contains a place to cut (Ziv 1991, "Fast
 * evaluation of elementary mathematical functions with correctly rounded last bit").
 *
 * Every result has a divisor, is "result too large" past DECIMAL_MAX_DIGITS digits before the
 * point, and 0 below 10^-DECIMAL_MAX_DIGITS.
 */
#ifndef NUM_ZIV_H
#define NUM_ZIV_H

#include <mpfr.h>

#include "num/big.h"
#include "num/number.h"

void ziv_integer(int64_t integer, Number *result);

/* The exact n / d (n >= 0, d > 0), or its negative. */
NumberRefusal ziv_rational(mpz_srcptr n, mpz_srcptr d, bool negative, Number *result, Arena *arena);

/* Digits behind the point to keep of a result of about 10^exponent. */
int64_t ziv_scale(int64_t exponent);

/* What was cut after `scale` digits though more follow, rounded to odd (see number.h). */
NumberRefusal ziv_cut(mpz_srcptr cut, int64_t scale, bool negative, Number *result, Arena *arena);

typedef struct Approximation {
    mpfr_t value;      /* its precision is the one to work with */
    mpfr_exp_t error;  /* |true - value| <= 2^error */
    bool large, small; /* surely outside 10^±DECIMAL_MAX_DIGITS: value and error are not set */
    bool unknown;      /* the precision was too low to say anything */
} Approximation;

/* Sets the approximation of a function of these arguments, at the precision that its value has. */
typedef void Approach(Approximation *a, const void *arguments);

/* The value, irrational or at least endless, that `approach` comes near to, or its negative. */
NumberRefusal ziv_endless(Approach *approach, const void *arguments, bool negative, Number *result,
                          Arena *arena);

/* e with |a| < 2^e; for zero one that is low enough never to matter. */
mpfr_exp_t ziv_exponent(mpfr_srcptr a);

/* e^t for the t that *a holds. */
void ziv_exp(Approximation *a);

#endif
