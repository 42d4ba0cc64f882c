/*
 * Big: the bridge between Decimal and GMP, private to src/num.
 *
 * A mantissa past 64 bits is an immutable row of limbs in an arena.  GMP reads it in place through
 * a view; results are made in a scratch mpz_t and copied into the arena, so nothing outside this
 * folder ever has an integer to clear.
 */
#ifndef NUM_BIG_H
#define NUM_BIG_H

#include <gmp.h>

#include "num/decimal.h"
#include "num/digits.h"

_Static_assert(GMP_NUMB_BITS == 64 && sizeof(long) == 8, "mantissas are moved in limbs of 64 bits");

struct Big {
    int size; /* limbs in use, negative for a negative integer, as in mpz_t */
    mp_limb_t limbs[];
};

/* 10^n for n <= POWER10_WIDE, all that fit 127 bits. */
enum { POWER10_WIDE = 38 };
static inline __int128 power10_wide(uint32_t n)
{
    if (n < POWER10_COUNT)
        return power10[n];
    return (__int128)power10[POWER10_COUNT - 1] * power10[n - (POWER10_COUNT - 1)];
}

/* mantissa / 10^scale without zeros at the end behind the point. */
static inline Decimal small_trimmed(int64_t mantissa, int32_t scale)
{
    for (; scale > 0 && mantissa % 10 == 0; scale--)
        mantissa /= 10;
    return (Decimal){.small = mantissa, .scale = scale};
}

typedef struct BigView {
    mpz_t integer;
    mp_limb_t limb; /* where a small mantissa is shown from */
} BigView;

/* The mantissa as GMP reads it; good as long as the view and the decimal's arena. */
mpz_srcptr big_view(BigView *view, Decimal a);

/*
 * The decimal mantissa / 10^scale; clears `mantissa`.  A negative scale is made 0 by appending
 * zeros.  Fails with "too many digits" past DECIMAL_MAX_SCALE digits on either side.
 */
Decimal big_decimal(mpz_t mantissa, int64_t scale, Arena *arena);

/* The same from 128 bits (scale >= 0). */
Decimal big_decimal_wide(__int128 mantissa, int64_t scale, Arena *arena);

/* The same from `size` limbs, least first (0 <= scale <= DECIMAL_MAX_SCALE). */
Decimal big_decimal_limbs(const mp_limb_t *limbs, size_t size, bool negative, int32_t scale,
                          Arena *arena);

/* a *= 10^power; fails as above. */
void big_shift(mpz_t a, int64_t power);

void big_set_wide(mpz_t a, __int128 value);

/* quotient = numerator / denominator (positive), rounded; may be the numerator itself. */
void big_divide_rounded(mpz_t quotient, mpz_srcptr numerator, mpz_srcptr denominator,
                        Rounding rounding);

/* The same in 128 bits; denominator * 2 must fit. */
__int128 wide_divide_rounded(__int128 numerator, __int128 denominator, Rounding rounding);

_Noreturn void big_too_long(void);

#endif
