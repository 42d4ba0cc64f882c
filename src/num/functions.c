/*
 * The functions of number.h whose results may be irrational.
 */
#include "num/ziv.h"

enum { EXACT_BITS = 16610 }; /* 5000 digits: a longer exact power is approximated */

static const Decimal ONE = {.small = 1};

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
    int64_t scale = ziv_scale((longer - (int64_t)mpz_sizeinbase(mpq_denref(q), 10)) / 2 - 1);
    mpz_t root;
    mpz_init_set(root, mpq_numref(q));
    big_shift(root, 2 * scale);
    mpz_tdiv_q(root, root, mpq_denref(q));
    mpz_sqrt(root, root);
    NumberRefusal refusal = ziv_cut(root, scale, false, result, arena);
    mpz_clear(root);
    return refusal;
}

static NumberRefusal sqrt_rational(mpq_ptr q, Number *result, Arena *arena)
{
    if (!mpz_perfect_square_p(mpq_numref(q)) || !mpz_perfect_square_p(mpq_denref(q)))
        return sqrt_irrational(q, result, arena);
    mpz_sqrt(mpq_numref(q), mpq_numref(q));
    mpz_sqrt(mpq_denref(q), mpq_denref(q));
    return ziv_rational(mpq_numref(q), mpq_denref(q), false, result, arena);
}

NumberRefusal number_sqrt(Number a, Number *result, Arena *arena)
{
    int sign = number_sign(a);
    if (sign < 0)
        return "square root of a negative number";
    if (sign == 0) {
        ziv_integer(0, result);
        return NULL;
    }
    mpq_t q;
    rational_init(q, a);
    NumberRefusal refusal = sqrt_rational(q, result, arena);
    mpq_clear(q);
    return refusal;
}

/* ---- approximations ---- */

/* Arguments of a function; y is that of power alone. */
typedef struct Rationals {
    mpq_srcptr x, y;
} Rationals;

/*
 * ln x, x > 0.  With p bits x is off by a factor 1 ± 2^-p, which moves the logarithm by less than
 * 2^(1-p); rounding the logarithm adds at most 2^(E-p).
 */
static void approach_ln(Approximation *a, const void *arguments)
{
    const Rationals *of = arguments;
    mpfr_exp_t p = mpfr_get_prec(a->value);
    mpfr_set_q(a->value, of->x, MPFR_RNDN);
    mpfr_log(a->value, a->value, MPFR_RNDN);
    mpfr_exp_t e = ziv_exponent(a->value);
    a->error = (e > 1 ? e : 1) - p + 1;
}

static void approach_exp(Approximation *a, const void *arguments)
{
    const Rationals *of = arguments;
    mpfr_set_q(a->value, of->x, MPFR_RNDN);
    a->error = ziv_exponent(a->value) - mpfr_get_prec(a->value);
    ziv_exp(a);
}

/*
 * x^y = e^(y ln x), x > 0.  With |y| < 2^F and ln x off by 2^e, the product is off by 2^(F+e), by
 * |ln x| times the error of y, 2^(F-p), and by its own rounding: four times the first covers all.
 */
static void approach_power(Approximation *a, const void *arguments)
{
    const Rationals *of = arguments;
    mpfr_t factor;
    approach_ln(a, of);
    mpfr_init2(factor, mpfr_get_prec(a->value));
    mpfr_set_q(factor, of->y, MPFR_RNDN);
    mpfr_mul(a->value, a->value, factor, MPFR_RNDN);
    a->error += ziv_exponent(factor) + 2;
    mpfr_clear(factor);
    ziv_exp(a);
}

/* ---- logarithm and exponential ---- */

/* The logarithm of a rational but 1 is transcendental, the exponential of one but 0 likewise
 * (Lindemann 1882). */
NumberRefusal number_ln(Number a, Number *result, Arena *arena)
{
    if (number_sign(a) <= 0)
        return "logarithm of a number that is not positive";
    if (number_compare(a, number_of(ONE)) == 0) {
        ziv_integer(0, result);
        return NULL;
    }
    mpq_t x;
    rational_init(x, a);
    NumberRefusal refusal = ziv_endless(approach_ln, &(Rationals){.x = x}, false, result, arena);
    mpq_clear(x);
    return refusal;
}

NumberRefusal number_exp(Number a, Number *result, Arena *arena)
{
    if (number_sign(a) == 0) {
        ziv_integer(1, result);
        return NULL;
    }
    mpq_t x;
    rational_init(x, a);
    NumberRefusal refusal = ziv_endless(approach_exp, &(Rationals){.x = x}, false, result, arena);
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
 * the digits kept either, so that ziv_endless() ends: with n/d in lowest terms, a long d^y
 * means d^y >= 10^2500, which does not divide 10^scale; a long n^y over a short d^y is too large.
 */
static NumberRefusal power_integer(mpq_ptr x, mpq_srcptr y, bool negative, Number *result,
                                   Arena *arena)
{
    mpz_srcptr exponent = mpq_numref(y);
    unsigned long times = mpz_get_ui(exponent);
    if (mpz_size(exponent) > 1 || !power_is_short(mpq_numref(x), times) ||
        !power_is_short(mpq_denref(x), times))
        return ziv_endless(approach_power, &(Rationals){x, y}, negative, result, arena);
    if (mpz_sgn(exponent) < 0)
        mpq_inv(x, x);
    mpz_pow_ui(mpq_numref(x), mpq_numref(x), times);
    mpz_pow_ui(mpq_denref(x), mpq_denref(x), times);
    return ziv_rational(mpq_numref(x), mpq_denref(x), negative, result, arena);
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
        ziv_integer(negative ? -1 : 1, result);
        return NULL;
    }
    if (!whole && !take_root(x, mpq_denref(y)))
        return ziv_endless(approach_power, &(Rationals){x, y}, negative, result, arena);
    mpz_set_ui(mpq_denref(y), 1);
    return power_integer(x, y, negative, result, arena);
}

NumberRefusal number_power(Number base, Number exponent, Number *result, Arena *arena)
{
    int sign = number_sign(exponent);
    if (sign == 0) {
        ziv_integer(1, result);
        return NULL;
    }
    if (number_sign(base) == 0) {
        if (sign < 0)
            return "zero to a negative power";
        ziv_integer(0, result);
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
