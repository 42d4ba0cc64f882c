/*
 * The geometric mean of statistics.h.
 *
 * Brought to one scale all values are integers; with n of them in all, their mean is H / 10^scale,
 * H being the n-th root of their product.  The root of an integer is an integer or irrational.  So
 * the nearest integer to H is tried first, exactly; if that is not H, its digits never end.
 */
#include <stdlib.h>

#include "num/statistics.h"
#include "num/ziv.h"

/* Positive values, of which those that are equal are counted. */
typedef struct Values {
    StatisticsNext *next;
    void *context;
    uint64_t count; /* of all */
    int32_t scale;  /* the widest */
    size_t bits;    /* of the largest as an integer at that scale */
} Values;

/* The next value as an integer at the common scale; false behind the last. */
static bool next_integer(const Values *values, size_t *at, mpz_t integer, uint64_t *times)
{
    Decimal value;
    BigView view;
    if (!values->next(values->context, at, &value, times))
        return false;
    mpz_set(integer, big_view(&view, value));
    big_shift(integer, values->scale - value.scale);
    return true;
}

static Values values_of(StatisticsNext *next, void *context)
{
    Values values = {.next = next, .context = context};
    Decimal value;
    uint64_t times;
    for (size_t at = 0; next(context, &at, &value, &times); values.count += times)
        if (value.scale > values.scale)
            values.scale = value.scale;
    mpz_t integer;
    mpz_init(integer);
    for (size_t at = 0; next_integer(&values, &at, integer, &times);) {
        size_t bits = mpz_sizeinbase(integer, 2);
        values.bits = bits > values.bits ? bits : values.bits;
    }
    mpz_clear(integer);
    return values;
}

/* ---- an approximation ---- */

/*
 * ln H, with p bits off by at most 2^(19-p).  The product of n numbers, each rounded, raised to how
 * often it occurs and multiplied in, is off by a factor within 1 ± 4n 2^-p, which a logarithm, n
 * times below 2^17 as numbers have at most 40,000 digits, and a division by n turn into less than
 * that.  A product stays within the widest exponents that MPFR has, not within those it begins
 * with, for up to 2^44 numbers.
 */
static void logarithm(mpfr_ptr result, const Values *values)
{
    mpz_t integer;
    mpfr_t power;
    uint64_t times;
    mpfr_exp_t most = mpfr_get_emax();
    mpfr_set_emax(mpfr_get_emax_max());
    mpz_init(integer);
    mpfr_init2(power, mpfr_get_prec(result));
    mpfr_set_ui(result, 1, MPFR_RNDN);
    for (size_t at = 0; next_integer(values, &at, integer, &times);) {
        mpfr_set_z(power, integer, MPFR_RNDN);
        mpfr_pow_ui(power, power, times, MPFR_RNDN);
        mpfr_mul(result, result, power, MPFR_RNDN);
    }
    mpfr_log(result, result, MPFR_RNDN);
    mpfr_div_ui(result, result, values->count, MPFR_RNDN);
    mpfr_set_emax(most);
    mpfr_clear(power);
    mpz_clear(integer);
}

/* H / 10^scale = e^(ln H - scale ln 10), where the second part, below 2^16, is as far off. */
static void approach_mean(Approximation *a, const void *arguments)
{
    const Values *values = arguments;
    mpfr_t tens;
    mpfr_init2(tens, mpfr_get_prec(a->value));
    mpfr_log_ui(tens, 10, MPFR_RNDN);
    mpfr_mul_ui(tens, tens, (unsigned long)values->scale, MPFR_RNDN);
    logarithm(a->value, values);
    mpfr_sub(a->value, a->value, tens, MPFR_RNDN);
    a->error = 20 - mpfr_get_prec(a->value);
    mpfr_clear(tens);
    ziv_exp(a);
}

/* The integer nearest to H: e^(ln H) is off by less than H 2^(21-p), with these bits by 2^-43. */
static void nearest(mpz_t result, const Values *values)
{
    mpfr_t root;
    mpfr_init2(root, (mpfr_prec_t)values->bits + 64);
    logarithm(root, values);
    mpfr_exp(root, root, MPFR_RNDN);
    mpfr_get_z(result, root, MPFR_RNDN);
    mpfr_clear(root);
}

/* ---- whether it is exact ---- */

/*
 * Integers without common factors, of which others are products: two products are equal if each of
 * these divides them as often (Bernstein 2005, "Factoring into coprimes in essentially linear
 * time", with less in hand: here all divide one number, so that they are few).
 */
typedef struct Base {
    mpz_t *items;
    size_t count, room;
} Base;

static void base_add(Base *base, mpz_srcptr item)
{
    if (base->count == base->room) {
        base->room = 2 * base->room + 8;
        base->items = memory_resize(base->items, base->room, sizeof *base->items);
    }
    mpz_init_set(base->items[base->count++], item);
}

static void base_remove(Base *base, size_t item)
{
    mpz_swap(base->items[item], base->items[--base->count]);
    mpz_clear(base->items[base->count]);
}

static void base_free(Base *base)
{
    while (base->count > 0)
        base_remove(base, 0);
    free(base->items);
}

/* Makes a positive integer a product of items.  What two share is put in once, so it ends. */
static void base_refine(Base *base, mpz_srcptr integer)
{
    mpz_t common, rest, other;
    size_t item = 0;
    if (mpz_cmp_ui(integer, 1) == 0)
        return;
    mpz_inits(common, rest, other, NULL);
    for (; item < base->count; item++) {
        mpz_gcd(common, base->items[item], integer);
        if (mpz_cmp_ui(common, 1) != 0)
            break;
    }
    if (item == base->count) {
        base_add(base, integer);
    } else {
        mpz_divexact(other, base->items[item], common);
        mpz_divexact(rest, integer, common);
        base_remove(base, item);
        base_refine(base, common);
        base_refine(base, other);
        base_refine(base, rest);
    }
    mpz_clears(common, rest, other, NULL);
}

/* Whether every prime that divides a divides b; a is used up. */
static bool primes_among(mpz_t a, mpz_srcptr b)
{
    mpz_t common;
    mpz_init(common);
    bool more = mpz_cmp_ui(a, 1) != 0;
    while (more) {
        mpz_gcd(common, a, b);
        mpz_divexact(a, a, common);
        more = mpz_cmp_ui(common, 1) != 0;
    }
    mpz_clear(common);
    return mpz_cmp_ui(a, 1) == 0;
}

/* False if some value has a prime that the root has not; most often that is soon seen. */
static bool base_of(Base *base, const Values *values, mpz_srcptr root)
{
    mpz_t integer, left;
    uint64_t times;
    bool among = true;
    mpz_inits(integer, left, NULL);
    base_refine(base, root);
    for (size_t at = 0; among && next_integer(values, &at, integer, &times);) {
        mpz_set(left, integer);
        among = primes_among(left, root);
        if (among)
            base_refine(base, integer);
    }
    mpz_clears(integer, left, NULL);
    return among;
}

/* Whether the item divides the product of all values n times as often as the root. */
static bool divides_alike(mpz_srcptr item, const Values *values, mpz_srcptr root)
{
    mpz_t integer;
    uint64_t times;
    mpz_init_set(integer, root);
    __int128 left = (__int128)mpz_remove(integer, integer, item) * values->count;
    for (size_t at = 0; next_integer(values, &at, integer, &times);)
        left -= (__int128)mpz_remove(integer, integer, item) * times;
    mpz_clear(integer);
    return left == 0;
}

/* Whether root^n is the product of all values. */
static bool is_root(mpz_srcptr root, const Values *values)
{
    Base base = {0};
    bool alike = base_of(&base, values, root);
    for (size_t i = 0; alike && i < base.count; i++)
        alike = divides_alike(base.items[i], values, root);
    base_free(&base);
    return alike;
}

/* ---- the mean ---- */

static NumberRefusal result_exact(mpz_srcptr root, int32_t scale, Number *result, Arena *arena)
{
    mpz_t unit;
    mpz_init_set_ui(unit, 1);
    big_shift(unit, scale);
    NumberRefusal refusal = ziv_rational(root, unit, false, result, arena);
    mpz_clear(unit);
    return refusal;
}

Number statistics_geomean(StatisticsNext *next, void *context, Arena *arena)
{
    Number result = {0};
    mpz_t root;
    Values values = values_of(next, context);
    mpz_init(root);
    nearest(root, &values);
    NumberRefusal refusal = is_root(root, &values)
                                ? result_exact(root, values.scale, &result, arena)
                                : ziv_endless(approach_mean, &values, false, &result, arena);
    mpz_clear(root);
    if (refusal != NULL)
        big_too_long();
    return result;
}
