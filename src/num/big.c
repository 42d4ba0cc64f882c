#include "num/big.h"

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"

/* GMP and MPFR would abort where memory runs out; ours ends with a sentence. */
static void *limbs_take(size_t size)
{
    return memory_array(size, 1);
}

static void *limbs_resize(void *limbs, size_t old, size_t size)
{
    (void)old;
    return memory_resize(limbs, size, 1);
}

static void limbs_free(void *limbs, size_t size)
{
    (void)size;
    free(limbs);
}

__attribute__((constructor)) static void limbs_are_ours(void)
{
    mp_set_memory_functions(limbs_take, limbs_resize, limbs_free);
}

/* DECIMAL_MAX_SCALE digits on either side of the point, in bits: 2 * 20000 * log2(10), rounded up.
 */
enum { MAX_BITS = 132878 };

/* No two results are further apart: a shift by more asks for what cannot be a result. */
enum { MAX_SHIFT = 3 * DECIMAL_MAX_SCALE };

_Noreturn void big_too_long(void)
{
    fail("too many digits in a result");
}

mpz_srcptr big_view(BigView *view, Decimal a)
{
    if (a.big != NULL)
        return mpz_roinit_n(view->integer, a.big->limbs, a.big->size);
    view->limb = magnitude(a.small);
    return mpz_roinit_n(view->integer, &view->limb, (a.small > 0) - (a.small < 0));
}

Decimal big_decimal_limbs(const mp_limb_t *limbs, size_t size, bool negative, int32_t scale,
                          Arena *arena)
{
    while (size > 0 && limbs[size - 1] == 0)
        size--;
    uint64_t limit = (uint64_t)INT64_MAX + negative;
    if (size == 0 || (size == 1 && limbs[0] <= limit)) {
        uint64_t low = size == 0 ? 0 : limbs[0];
        return (Decimal){.small = (int64_t)(negative ? -low : low), .scale = scale};
    }
    Big *big = arena_take(arena, sizeof *big + size * sizeof *limbs);
    big->size = negative ? -(int)size : (int)size;
    memcpy(big->limbs, limbs, size * sizeof *limbs);
    return (Decimal){.big = big, .scale = scale};
}

void big_shift(mpz_t a, int64_t power)
{
    if (mpz_sgn(a) == 0 || power == 0)
        return;
    if (power > MAX_SHIFT) {
        mpz_clear(a);
        big_too_long();
    }
    mpz_t factor;
    mpz_init(factor);
    mpz_ui_pow_ui(factor, 10, (unsigned long)power);
    mpz_mul(a, a, factor);
    mpz_clear(factor);
}

Decimal big_decimal(mpz_t mantissa, int64_t scale, Arena *arena)
{
    if (scale < 0) {
        big_shift(mantissa, -scale);
        scale = 0;
    }
    if (scale > DECIMAL_MAX_SCALE || mpz_sizeinbase(mantissa, 2) > MAX_BITS) {
        mpz_clear(mantissa);
        big_too_long();
    }
    Decimal result = big_decimal_limbs(mpz_limbs_read(mantissa), mpz_size(mantissa),
                                       mpz_sgn(mantissa) < 0, (int32_t)scale, arena);
    mpz_clear(mantissa);
    return result;
}

Decimal big_decimal_wide(__int128 mantissa, int64_t scale, Arena *arena)
{
    if (scale > DECIMAL_MAX_SCALE)
        big_too_long();
    int64_t small = (int64_t)mantissa;
    if (small == mantissa)
        return (Decimal){.small = small, .scale = (int32_t)scale};
    bool negative = mantissa < 0;
    unsigned __int128 size = negative ? -(unsigned __int128)mantissa : (unsigned __int128)mantissa;
    mp_limb_t limbs[2] = {(mp_limb_t)size, (mp_limb_t)(size >> 64)};
    return big_decimal_limbs(limbs, 2, negative, (int32_t)scale, arena);
}

void big_set_wide(mpz_t a, __int128 value)
{
    unsigned __int128 size = value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;
    mp_limb_t *limbs = mpz_limbs_write(a, 2);
    limbs[0] = (mp_limb_t)size;
    limbs[1] = (mp_limb_t)(size >> 64);
    mpz_limbs_finish(a, value < 0 ? -2 : 2);
}

static void divide_half_away(mpz_t quotient, mpz_srcptr numerator, mpz_srcptr denominator)
{
    int sign = mpz_sgn(numerator);
    mpz_t remainder;
    mpz_init(remainder);
    mpz_tdiv_qr(quotient, remainder, numerator, denominator);
    mpz_mul_2exp(remainder, remainder, 1);
    if (mpz_cmpabs(remainder, denominator) >= 0) {
        if (sign < 0)
            mpz_sub_ui(quotient, quotient, 1);
        else
            mpz_add_ui(quotient, quotient, 1);
    }
    mpz_clear(remainder);
}

void big_divide_rounded(mpz_t quotient, mpz_srcptr numerator, mpz_srcptr denominator,
                        Rounding rounding)
{
    if (rounding == ROUND_HALF_AWAY)
        divide_half_away(quotient, numerator, denominator);
    else if (rounding == ROUND_DOWN)
        mpz_fdiv_q(quotient, numerator, denominator);
    else
        mpz_cdiv_q(quotient, numerator, denominator);
}

__int128 wide_divide_rounded(__int128 numerator, __int128 denominator, Rounding rounding)
{
    __int128 quotient = numerator / denominator;
    __int128 rest = numerator - quotient * denominator;
    if (rounding == ROUND_DOWN)
        return quotient - (rest < 0);
    if (rounding == ROUND_UP)
        return quotient + (rest > 0);
    if (rest < 0)
        return quotient - (-rest >= denominator + rest);
    return quotient + (rest >= denominator - rest);
}
