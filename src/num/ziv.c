#include "num/ziv.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/diagnostic.h"

enum {
    KEPT_DIGITS = 80,      /* significant digits, and digits behind the point, of a result */
    FIRST_PRECISION = 384, /* bits: enough for nearly every result below 10^20 */
    LAST_PRECISION = 1 << 21,
    SURE_RANGE = 2400 /* |ln y| > 2400 puts y outside 10^±DECIMAL_MAX_DIGITS; that is ln 10^1042 */
};

static const Decimal ONE = {.small = 1};
static const char TOO_LARGE[] = "result too large";

/* ---- exact results, and those that are cut ---- */

void ziv_integer(int64_t integer, Number *result)
{
    *result = (Number){.value = decimal_of(integer), .divisor = &ONE};
}

/* <0, 0, >0 as a is less than b * 10^DECIMAL_MAX_DIGITS, equal or more (a, b >= 0). */
static int compare_shifted(mpz_srcptr a, mpz_srcptr b)
{
    if (mpz_sizeinbase(a, 10) < mpz_sizeinbase(b, 10) + DECIMAL_MAX_DIGITS - 1)
        return -1;
    mpz_t shifted;
    mpz_init_set(shifted, b);
    big_shift(shifted, DECIMAL_MAX_DIGITS);
    int order = mpz_cmp(a, shifted);
    mpz_clear(shifted);
    return order;
}

/* Whether n / d has more than DECIMAL_MAX_DIGITS digits before the point (n >= 0, d > 0). */
static bool too_large(mpz_srcptr n, mpz_srcptr d)
{
    return compare_shifted(n, d) >= 0;
}

/* Whether n / d is below 10^-DECIMAL_MAX_DIGITS. */
static bool too_small(mpz_srcptr n, mpz_srcptr d)
{
    return compare_shifted(d, n) > 0;
}

/* The exact n / d (n >= 0, d > 0), or its negative. */
NumberRefusal ziv_rational(mpz_srcptr n, mpz_srcptr d, bool negative, Number *result, Arena *arena)
{
    if (too_large(n, d))
        return TOO_LARGE;
    if (too_small(n, d)) {
        ziv_integer(0, result);
        return NULL;
    }
    mpz_t copy;
    mpz_init_set(copy, d);
    Decimal *divisor = arena_take(arena, sizeof *divisor);
    *divisor = big_decimal(copy, 0, arena);
    mpz_init_set(copy, n);
    if (negative)
        mpz_neg(copy, copy);
    *result = (Number){.value = big_decimal(copy, 0, arena), .divisor = divisor};
    return NULL;
}

/* What was cut after `scale` digits though more follow, rounded to odd (see number.h). */
NumberRefusal ziv_cut(mpz_srcptr cut, int64_t scale, bool negative, Number *result, Arena *arena)
{
    mpz_t unit, digits;
    mpz_init_set_ui(unit, 1);
    big_shift(unit, scale);
    bool large = too_large(cut, unit);
    bool small = too_small(cut, unit);
    mpz_clear(unit);
    if (large)
        return TOO_LARGE;
    if (small) {
        ziv_integer(0, result);
        return NULL;
    }
    mpz_init_set(digits, cut);
    if (mpz_fdiv_ui(digits, 5) == 0)
        mpz_add_ui(digits, digits, 1);
    if (negative)
        mpz_neg(digits, digits);
    *result = (Number){.value = big_decimal(digits, scale, arena), .divisor = &ONE};
    return NULL;
}

/* Digits behind the point to keep of a result of about 10^exponent. */
int64_t ziv_scale(int64_t exponent)
{
    return exponent < 0 ? KEPT_DIGITS - exponent : KEPT_DIGITS;
}

/* ---- approximations ---- */

static mpfr_exp_t larger(mpfr_exp_t a, mpfr_exp_t b)
{
    return a > b ? a : b;
}

/* e with |a| < 2^e; for zero one that is low enough never to matter. */
mpfr_exp_t ziv_exponent(mpfr_srcptr a)
{
    return mpfr_zero_p(a) ? mpfr_get_emin() / 4 : mpfr_get_exp(a);
}

/*
 * e^t for the t that *a holds.  An error d <= 1 of t changes the result by a factor within
 * 1 ± 2|d|; rounding adds at most 2^(E-p).
 */
void ziv_exp(Approximation *a)
{
    mpfr_exp_t p = mpfr_get_prec(a->value);
    a->unknown = a->error > 0;
    if (a->unknown)
        return;
    a->large = mpfr_cmp_si(a->value, SURE_RANGE) > 0;
    a->small = mpfr_cmp_si(a->value, -SURE_RANGE) < 0;
    if (a->large || a->small)
        return;
    mpfr_exp(a->value, a->value, MPFR_RNDN);
    a->error = ziv_exponent(a->value) + larger(a->error + 1, -p) + 1;
}

/* floor(bound * 10^scale); the rounding of the product moves it outward only. */
static void cut_bound(mpz_t cut, mpfr_ptr bound, mpz_srcptr unit, mpfr_rnd_t outward)
{
    mpfr_mul_z(bound, bound, unit, outward);
    mpfr_get_z(cut, bound, MPFR_RNDD);
}

/* The digits of every number between low and high, up to the scale; false if they differ. */
static bool cut_between(mpz_t cut, mpfr_ptr low, mpfr_ptr high, int64_t scale)
{
    mpz_t unit, other;
    mpz_init(other);
    mpz_init_set_ui(unit, 1);
    big_shift(unit, scale);
    cut_bound(cut, low, unit, MPFR_RNDD);
    cut_bound(other, high, unit, MPFR_RNDU);
    bool same = mpz_cmp(cut, other) == 0;
    mpz_clear(unit);
    mpz_clear(other);
    return same;
}

/* floor(log10 |a|) or one less. */
static int64_t exponent10(mpfr_srcptr a)
{
    int64_t scaled = ((int64_t)mpfr_get_exp(a) - 1) * 30103;
    return (scaled - (scaled < 0 ? 99999 : 0)) / 100000;
}

/* Below 10^-DECIMAL_MAX_DIGITS, whose logarithm to base 2 is -3321.9. */
static bool surely_zero(mpfr_srcptr high)
{
    return mpfr_cmp_ui_2exp(high, 1, -3322) < 0;
}

/* False if the precision does not decide. */
static bool settle(const Approximation *a, bool negative, Number *result, Arena *arena,
                   NumberRefusal *refusal)
{
    *refusal = a->large ? TOO_LARGE : NULL;
    if (a->small)
        ziv_integer(0, result);
    if (a->large || a->small || a->unknown)
        return !a->unknown;
    mpfr_t low, high, error;
    mpfr_inits2(mpfr_get_prec(a->value), low, high, error, (mpfr_ptr)NULL);
    mpfr_set_ui_2exp(error, 1, a->error, MPFR_RNDU);
    mpfr_abs(high, a->value, MPFR_RNDN);
    mpfr_sub(low, high, error, MPFR_RNDD);
    mpfr_add(high, high, error, MPFR_RNDU);
    bool settled = surely_zero(high);
    if (settled) {
        ziv_integer(0, result);
    } else if (mpfr_sgn(low) > 0) {
        int64_t scale = ziv_scale(exponent10(high) - 1);
        mpz_t cut;
        mpz_init(cut);
        settled = cut_between(cut, low, high, scale);
        if (settled)
            *refusal = ziv_cut(cut, scale, negative != (mpfr_sgn(a->value) < 0), result, arena);
        mpz_clear(cut);
    }
    mpfr_clears(low, high, error, (mpfr_ptr)NULL);
    return settled;
}

/* MPFR keeps constants and integers for reuse, apart for each thread. */
static pthread_key_t cached;

static void free_thread_cache(void *unused)
{
    (void)unused;
    mpfr_free_cache2(MPFR_FREE_LOCAL_CACHE);
}

static void cached_key(void)
{
    if (pthread_key_create(&cached, free_thread_cache) != 0)
        fail("a thread cannot be given memory of its own");
    atexit(mpfr_free_cache);
}

/* A thread gives them back at its end, and the program at its own. */
static void free_cache_at_end(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, cached_key);
    if (pthread_getspecific(cached) == NULL)
        pthread_setspecific(cached, &cached);
}

NumberRefusal ziv_endless(Approach *approach, const void *arguments, bool negative, Number *result,
                          Arena *arena)
{
    free_cache_at_end();
    NumberRefusal refusal = NULL;
    bool settled = false;
    for (mpfr_prec_t precision = FIRST_PRECISION; !settled; precision *= 2) {
        if (precision > LAST_PRECISION)
            big_too_long();
        Approximation a = {.large = false};
        mpfr_init2(a.value, precision);
        approach(&a, arguments);
        settled = settle(&a, negative, result, arena, &refusal);
        mpfr_clear(a.value);
    }
    return refusal;
}
