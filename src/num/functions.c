/*
 * The functions of number.h whose results may be irrational.
 *
 * Each first looks whether its result is rational and then gives it exactly.  What is left is
 * irrational (or so long that it cannot end within the digits kept), so its digits never end and a
 * sufficiently precise approximation always decides where to cut them: Ziv's strategy, to try again
 * with twice the precision until the error bound no longer contains a place to cut (Ziv 1991, "Fast
 * evaluation of elementary mathematical functions with correctly rounded last bit").
 */
#include <mpfr.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "num/big.h"
#include "num/number.h"

enum {
    KEPT_DIGITS = 80,      /* significant digits, and digits behind the point, of a result */
    EXACT_BITS = 16610,    /* 5000 digits: a longer exact power is approximated */
    FIRST_PRECISION = 384, /* bits: enough for nearly every result below 10^20 */
    LAST_PRECISION = 1 << 21,
    SURE_RANGE = 2400 /* |ln y| > 2400 puts y outside 10^±DECIMAL_MAX_DIGITS; that is ln 10^1042 */
};

static const Decimal ONE = {.small = 1};
static const char TOO_LARGE[] = "result too large";

/* ---- results ---- */

static void result_integer(int64_t integer, Number *result)
{
    *result = (Number){.value = decimal_of(integer), .divisor = &ONE};
}

/* Whether n / d has more than DECIMAL_MAX_DIGITS digits before the point (n >= 0, d > 0). */
static bool too_large(mpz_srcptr n, mpz_srcptr d)
{
    if (mpz_sizeinbase(n, 10) < mpz_sizeinbase(d, 10) + DECIMAL_MAX_DIGITS - 1)
        return false;
    mpz_t bound;
    mpz_init_set(bound, d);
    big_shift(bound, DECIMAL_MAX_DIGITS);
    bool large = mpz_cmp(n, bound) >= 0;
    mpz_clear(bound);
    return large;
}

/* Whether n / d is below 10^-DECIMAL_MAX_DIGITS. */
static bool too_small(mpz_srcptr n, mpz_srcptr d)
{
    if (mpz_sizeinbase(d, 10) < mpz_sizeinbase(n, 10) + DECIMAL_MAX_DIGITS - 1)
        return false;
    mpz_t scaled;
    mpz_init_set(scaled, n);
    big_shift(scaled, DECIMAL_MAX_DIGITS);
    bool small = mpz_cmp(scaled, d) < 0;
    mpz_clear(scaled);
    return small;
}

/* The exact n / d (n >= 0, d > 0), or its negative. */
static NumberRefusal result_rational(mpz_srcptr n, mpz_srcptr d, bool negative, Number *result,
                                     Arena *arena)
{
    if (too_large(n, d))
        return TOO_LARGE;
    if (too_small(n, d)) {
        result_integer(0, result);
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
static NumberRefusal result_cut(mpz_srcptr cut, int64_t scale, bool negative, Number *result,
                                Arena *arena)
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
        result_integer(0, result);
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
static int64_t kept_scale(int64_t exponent)
{
    return exponent < 0 ? KEPT_DIGITS - exponent : KEPT_DIGITS;
}

/* The number in lowest terms; initialises q. */
static void rational_init(mpq_t q, Number a)
{
    BigView value, divisor;
    mpq_init(q);
    mpz_set(mpq_numref(q), big_view(&value, a.value));
    if (a.divisor != NULL)
        mpz_set(mpq_denref(q), big_view(&divisor, *a.divisor));
    big_shift(mpq_denref(q), a.value.scale);
    mpq_canonicalize(q);
}

/* ---- square root ---- */

static NumberRefusal sqrt_irrational(mpq_srcptr q, Number *result, Arena *arena)
{
    int64_t longer = (int64_t)mpz_sizeinbase(mpq_numref(q), 10);
    int64_t scale = kept_scale((longer - (int64_t)mpz_sizeinbase(mpq_denref(q), 10)) / 2 - 1);
    mpz_t root;
    mpz_init_set(root, mpq_numref(q));
    big_shift(root, 2 * scale);
    mpz_tdiv_q(root, root, mpq_denref(q));
    mpz_sqrt(root, root);
    NumberRefusal refusal = result_cut(root, scale, false, result, arena);
    mpz_clear(root);
    return refusal;
}

static NumberRefusal sqrt_rational(mpq_ptr q, Number *result, Arena *arena)
{
    if (!mpz_perfect_square_p(mpq_numref(q)) || !mpz_perfect_square_p(mpq_denref(q)))
        return sqrt_irrational(q, result, arena);
    mpz_sqrt(mpq_numref(q), mpq_numref(q));
    mpz_sqrt(mpq_denref(q), mpq_denref(q));
    return result_rational(mpq_numref(q), mpq_denref(q), false, result, arena);
}

NumberRefusal number_sqrt(Number a, Number *result, Arena *arena)
{
    int sign = number_sign(a);
    if (sign < 0)
        return "square root of a negative number";
    if (sign == 0) {
        result_integer(0, result);
        return NULL;
    }
    mpq_t q;
    rational_init(q, a);
    NumberRefusal refusal = sqrt_rational(q, result, arena);
    mpq_clear(q);
    return refusal;
}

/* ---- approximations ---- */

typedef struct Approximation {
    mpfr_t value;      /* its precision is the one to work with */
    mpfr_exp_t error;  /* |true - value| <= 2^error */
    bool large, small; /* surely outside 10^±DECIMAL_MAX_DIGITS: value and error are not set */
    bool unknown;      /* the precision was too low to say anything */
} Approximation;

static mpfr_exp_t larger(mpfr_exp_t a, mpfr_exp_t b)
{
    return a > b ? a : b;
}

/* e with |a| < 2^e; for zero one that is low enough never to matter. */
static mpfr_exp_t exponent_of(mpfr_srcptr a)
{
    return mpfr_zero_p(a) ? mpfr_get_emin() / 4 : mpfr_get_exp(a);
}

/*
 * ln x, x > 0.  With p bits x is off by a factor 1 ± 2^-p, which moves the logarithm by less than
 * 2^(1-p); rounding the logarithm adds at most 2^(E-p).
 */
static void approach_ln(Approximation *a, mpq_srcptr x)
{
    mpfr_exp_t p = mpfr_get_prec(a->value);
    mpfr_set_q(a->value, x, MPFR_RNDN);
    mpfr_log(a->value, a->value, MPFR_RNDN);
    a->error = larger(1, exponent_of(a->value)) - p + 1;
}

/*
 * e^t for the t that *a holds.  An error d <= 1 of t changes the result by a factor within
 * 1 ± 2|d|; rounding adds at most 2^(E-p).
 */
static void approach_exp_of(Approximation *a)
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
    a->error = exponent_of(a->value) + larger(a->error + 1, -p) + 1;
}

static void approach_exp(Approximation *a, mpq_srcptr x)
{
    mpfr_set_q(a->value, x, MPFR_RNDN);
    a->error = exponent_of(a->value) - mpfr_get_prec(a->value);
    approach_exp_of(a);
}

/*
 * x^y = e^(y ln x), x > 0.  With |y| < 2^F and ln x off by 2^e, the product is off by 2^(F+e), by
 * |ln x| times the error of y, 2^(F-p), and by its own rounding: four times the first covers all.
 */
static void approach_power(Approximation *a, mpq_srcptr x, mpq_srcptr y)
{
    mpfr_t factor;
    approach_ln(a, x);
    mpfr_init2(factor, mpfr_get_prec(a->value));
    mpfr_set_q(factor, y, MPFR_RNDN);
    mpfr_mul(a->value, a->value, factor, MPFR_RNDN);
    a->error += exponent_of(factor) + 2;
    mpfr_clear(factor);
    approach_exp_of(a);
}

/* ---- cutting approximations ---- */

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
        result_integer(0, result);
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
        result_integer(0, result);
    } else if (mpfr_sgn(low) > 0) {
        int64_t scale = kept_scale(exponent10(high) - 1);
        mpz_t cut;
        mpz_init(cut);
        settled = cut_between(cut, low, high, scale);
        if (settled)
            *refusal = result_cut(cut, scale, negative != (mpfr_sgn(a->value) < 0), result, arena);
        mpz_clear(cut);
    }
    mpfr_clears(low, high, error, (mpfr_ptr)NULL);
    return settled;
}

/* MPFR keeps constants for reuse; given back at the end so that leak checkers stay silent. */
static void free_cache_at_exit(void)
{
    static atomic_flag registered = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&registered))
        atexit(mpfr_free_cache);
}

typedef enum Function { LN, EXP, POWER } Function;

static void approach(Approximation *a, Function function, mpq_srcptr x, mpq_srcptr y)
{
    a->large = a->small = a->unknown = false;
    if (function == LN)
        approach_ln(a, x);
    else if (function == EXP)
        approach_exp(a, x);
    else
        approach_power(a, x, y);
}

/* The value of the function, irrational or at least endless, or its negative. y is POWER's. */
static NumberRefusal approximate(Function function, mpq_srcptr x, mpq_srcptr y, bool negative,
                                 Number *result, Arena *arena)
{
    free_cache_at_exit();
    NumberRefusal refusal = NULL;
    bool settled = false;
    for (mpfr_prec_t precision = FIRST_PRECISION; !settled; precision *= 2) {
        if (precision > LAST_PRECISION)
            big_too_long();
        Approximation a;
        mpfr_init2(a.value, precision);
        approach(&a, function, x, y);
        settled = settle(&a, negative, result, arena, &refusal);
        mpfr_clear(a.value);
    }
    return refusal;
}

/* ---- logarithm and exponential ---- */

/* The logarithm of a rational but 1 is transcendental, the exponential of one but 0 likewise
 * (Lindemann 1882). */
NumberRefusal number_ln(Number a, Number *result, Arena *arena)
{
    if (number_sign(a) <= 0)
        return "logarithm of a number that is not positive";
    if (number_compare(a, number_of(ONE)) == 0) {
        result_integer(0, result);
        return NULL;
    }
    mpq_t x;
    rational_init(x, a);
    NumberRefusal refusal = approximate(LN, x, NULL, false, result, arena);
    mpq_clear(x);
    return refusal;
}

NumberRefusal number_exp(Number a, Number *result, Arena *arena)
{
    if (number_sign(a) == 0) {
        result_integer(1, result);
        return NULL;
    }
    mpq_t x;
    rational_init(x, a);
    NumberRefusal refusal = approximate(EXP, x, NULL, false, result, arena);
    mpq_clear(x);
    return refusal;
}

/* ---- power ---- */

/* Whether an exact a^times stays within EXACT_BITS. */
static bool power_is_short(mpz_srcptr a, unsigned long times)
{
    return times <= EXACT_BITS / mpz_sizeinbase(a, 2);
}

/*
 * x^y for a positive x but 1 and an integer y.  A power too long to be exact does not end within
 * the digits kept either, so that approximate() ends: with n/d in lowest terms, a long d^y means
 * d^y >= 10^2500, which does not divide 10^scale; a long n^y over a short d^y is too large.
 */
static NumberRefusal power_integer(mpq_ptr x, mpq_srcptr y, bool negative, Number *result,
                                   Arena *arena)
{
    mpz_srcptr exponent = mpq_numref(y);
    unsigned long times = mpz_get_ui(exponent);
    if (mpz_size(exponent) > 1 || !power_is_short(mpq_numref(x), times) ||
        !power_is_short(mpq_denref(x), times))
        return approximate(POWER, x, y, negative, result, arena);
    if (mpz_sgn(exponent) < 0)
        mpq_inv(x, x);
    mpz_pow_ui(mpq_numref(x), mpq_numref(x), times);
    mpz_pow_ui(mpq_denref(x), mpq_denref(x), times);
    return result_rational(mpq_numref(x), mpq_denref(x), negative, result, arena);
}

/* Replaces x by its root if that is rational, as it is if both parts have one. */
static bool take_root(mpq_ptr x, mpz_srcptr degree)
{
    size_t bits = mpz_sizeinbase(mpq_numref(x), 2) + mpz_sizeinbase(mpq_denref(x), 2);
    if (mpz_cmp_ui(degree, bits) > 0)
        return false; /* the only such root is that of 1 */
    mpq_t root;
    mpq_init(root);
    unsigned long n = mpz_get_ui(degree);
    bool rational = mpz_root(mpq_numref(root), mpq_numref(x), n) != 0 &&
                    mpz_root(mpq_denref(root), mpq_denref(x), n) != 0;
    if (rational)
        mpq_swap(x, root);
    mpq_clear(root);
    return rational;
}

/* x^y in lowest terms, neither zero; x may be changed. */
static NumberRefusal power_rational(mpq_ptr x, mpq_ptr y, Number *result, Arena *arena)
{
    bool whole = mpz_cmp_ui(mpq_denref(y), 1) == 0;
    if (mpq_sgn(x) < 0 && !whole)
        return "negative number to a fractional power";
    bool negative = mpq_sgn(x) < 0 && mpz_odd_p(mpq_numref(y));
    mpq_abs(x, x);
    if (mpq_cmp_ui(x, 1, 1) == 0) {
        result_integer(negative ? -1 : 1, result);
        return NULL;
    }
    if (!whole && !take_root(x, mpq_denref(y)))
        return approximate(POWER, x, y, negative, result, arena);
    mpz_set_ui(mpq_denref(y), 1);
    return power_integer(x, y, negative, result, arena);
}

NumberRefusal number_power(Number base, Number exponent, Number *result, Arena *arena)
{
    int sign = number_sign(exponent);
    if (sign == 0) {
        result_integer(1, result);
        return NULL;
    }
    if (number_sign(base) == 0) {
        if (sign < 0)
            return "zero to a negative power";
        result_integer(0, result);
        return NULL;
    }
    mpq_t x, y;
    rational_init(x, base);
    rational_init(y, exponent);
    NumberRefusal refusal = power_rational(x, y, result, arena);
    mpq_clear(x);
    mpq_clear(y);
    return refusal;
}
