#include "num/number.h"

#include "num/big.h"

static const Decimal ONE = {.small = 1};

/* ---- arithmetic ---- */

static bool is_one(const Decimal *divisor)
{
    return divisor == NULL || (divisor->big == NULL && divisor->small == 1);
}

static const Decimal *divisor_of(Decimal divisor, Arena *arena)
{
    Decimal *kept = arena_take(arena, sizeof *kept);
    *kept = divisor;
    return kept;
}

/* The numerator over the product of two divisors; a decimal only if there is none. */
static Number over(Decimal value, const Decimal *a, const Decimal *b, Arena *arena)
{
    if (is_one(a))
        return (Number){value, b != NULL ? b : a};
    if (is_one(b))
        return (Number){value, a};
    return (Number){value, divisor_of(decimal_multiply(*a, *b, arena), arena)};
}

static Decimal times(Decimal value, const Decimal *divisor, Arena *arena)
{
    return is_one(divisor) ? value : decimal_multiply(value, *divisor, arena);
}

static bool same_divisor(Number a, Number b)
{
    if (a.divisor == b.divisor)
        return true;
    return a.divisor != NULL && b.divisor != NULL && decimal_compare(*a.divisor, *b.divisor) == 0;
}

/* a and b over one divisor, combined: the divisor of the result is that one. */
static Number combine(Number a, Number b, Decimal (*operation)(Decimal, Decimal, Arena *),
                      Arena *arena)
{
    if (same_divisor(a, b))
        return (Number){operation(a.value, b.value, arena), a.divisor};
    Decimal x = times(a.value, b.divisor, arena);
    Decimal y = times(b.value, a.divisor, arena);
    return over(operation(x, y, arena), a.divisor, b.divisor, arena);
}

Number number_add(Number a, Number b, Arena *arena)
{
    return combine(a, b, decimal_add, arena);
}

Number number_subtract(Number a, Number b, Arena *arena)
{
    return combine(a, b, decimal_subtract, arena);
}

Number number_remainder(Number a, Number b, Arena *arena)
{
    return combine(a, b, decimal_remainder, arena);
}

Number number_multiply(Number a, Number b, Arena *arena)
{
    return over(decimal_multiply(a.value, b.value, arena), a.divisor, b.divisor, arena);
}

/* (m/10^s / d) / (n/10^t / e)  =  (m e / 10^(s-t)) / (d n), the minus of n moved upstairs. */
Number number_divide(Number a, Number b, Arena *arena)
{
    Decimal value = times(a.value, b.divisor, arena);
    Decimal divisor = b.value;
    if (decimal_sign(divisor) < 0) {
        value = decimal_negate(value, arena);
        divisor = decimal_negate(divisor, arena);
    }
    if (value.scale < divisor.scale)
        value = decimal_round(value, divisor.scale, ROUND_HALF_AWAY, arena);
    value.scale -= divisor.scale;
    divisor.scale = 0;
    divisor = times(divisor, a.divisor, arena);
    return (Number){value, divisor_of(divisor, arena)};
}

Number number_negate(Number a, Arena *arena)
{
    return (Number){decimal_negate(a.value, arena), a.divisor};
}

Number number_absolute(Number a, Arena *arena)
{
    return (Number){decimal_absolute(a.value, arena), a.divisor};
}

int number_sign(Number a)
{
    return decimal_sign(a.value);
}

/* The value's mantissa times the other's divisor; initialises `product`. */
static void cross(mpz_t product, Decimal value, const Decimal *divisor)
{
    BigView view, divisor_view;
    mpz_init_set(product, big_view(&view, value));
    if (!is_one(divisor))
        mpz_mul(product, product, big_view(&divisor_view, *divisor));
}

/* Value and divisor in 64 bits: no product of two such has too many digits. */
static bool both_fit(Number a)
{
    return a.value.big == NULL && (a.divisor == NULL || a.divisor->big == NULL);
}

/* As integers of any size, so that no comparison has too many digits. */
static int compare_products(Number a, Number b)
{
    mpz_t x, y;
    cross(x, a.value, b.divisor);
    cross(y, b.value, a.divisor);
    if (a.value.scale < b.value.scale)
        big_shift(x, b.value.scale - a.value.scale);
    else
        big_shift(y, a.value.scale - b.value.scale);
    int order = mpz_cmp(x, y);
    mpz_clear(x);
    mpz_clear(y);
    return order;
}

int number_compare(Number a, Number b)
{
    if (same_divisor(a, b))
        return decimal_compare(a.value, b.value);
    if (number_sign(a) != number_sign(b))
        return number_sign(a) - number_sign(b);
    if (!both_fit(a) || !both_fit(b))
        return compare_products(a, b);
    Arena arena = {0};
    int order =
        decimal_compare(times(a.value, b.divisor, &arena), times(b.value, a.divisor, &arena));
    arena_free(&arena);
    return order;
}

Number number_keep(Number a, Arena *arena)
{
    Number kept = number_of(decimal_keep(a.value, arena));
    if (a.divisor != NULL)
        kept.divisor = divisor_of(decimal_keep(*a.divisor, arena), arena);
    return kept;
}

/* ---- rounding ---- */

/* Mantissa and divisor in 64 bits, and nothing about the power of ten that leaves 128. */
static bool round_wide(Number a, Decimal divisor, int64_t shift, Rounding rounding,
                       __int128 *rounded)
{
    if (a.value.big != NULL || divisor.big != NULL || shift >= POWER10_COUNT ||
        -shift >= POWER10_COUNT)
        return false;
    __int128 numerator = a.value.small;
    __int128 denominator = divisor.small;
    if (shift >= 0)
        numerator *= power10[shift];
    else
        denominator *= power10[-shift];
    *rounded = wide_divide_rounded(numerator, denominator, rounding);
    return true;
}

static Decimal round_big(Number a, Decimal divisor, int32_t places, Rounding rounding, Arena *arena)
{
    if (places > DECIMAL_MAX_SCALE)
        big_too_long();
    BigView value_view, divisor_view;
    mpz_t numerator, denominator;
    mpz_init_set(numerator, big_view(&value_view, a.value));
    mpz_init_set(denominator, big_view(&divisor_view, divisor));
    int64_t shift = (int64_t)places - a.value.scale;
    /* A unit that exceeds twice the numerator rounds it as any larger one would. */
    int64_t most = (int64_t)mpz_sizeinbase(numerator, 10) + 1;
    if (shift >= 0)
        big_shift(numerator, shift);
    else
        big_shift(denominator, -shift < most ? -shift : most);
    big_divide_rounded(numerator, numerator, denominator, rounding);
    mpz_clear(denominator);
    return big_decimal(numerator, places, arena);
}

Decimal number_round(Number a, int32_t places, Rounding rounding, Arena *arena)
{
    if (is_one(a.divisor))
        return decimal_round(a.value, places, rounding, arena);
    __int128 rounded;
    int64_t shift = (int64_t)places - a.value.scale;
    if (places >= 0 && round_wide(a, *a.divisor, shift, rounding, &rounded))
        return big_decimal_wide(rounded, places, arena);
    return round_big(a, *a.divisor, places, rounding, arena);
}

/* ---- significant digits ---- */

/* floor(log10(n / d)) for n, d > 0. The products are below 10^19, or 10^20 in 128 bits. */
static int32_t exponent_small(uint64_t n, uint64_t d)
{
    int32_t exponent = digit_count(n) - digit_count(d);
    bool less = exponent >= 0 ? n < (unsigned __int128)d * power10[exponent]
                              : (unsigned __int128)n * power10[-exponent] < d;
    return exponent - less;
}

static bool below_power(mpz_srcptr n, mpz_srcptr d, int64_t exponent)
{
    mpz_t scaled;
    mpz_init_set(scaled, exponent >= 0 ? d : n);
    big_shift(scaled, exponent >= 0 ? exponent : -exponent);
    bool below = exponent >= 0 ? mpz_cmpabs(n, scaled) < 0 : mpz_cmpabs(scaled, d) < 0;
    mpz_clear(scaled);
    return below;
}

/* floor(log10(|value's mantissa| / divisor)), the value not zero. */
static int64_t exponent_of(Decimal value, Decimal divisor)
{
    if (value.big == NULL && divisor.big == NULL)
        return exponent_small(magnitude(value.small), magnitude(divisor.small));
    BigView value_view, divisor_view;
    mpz_srcptr n = big_view(&value_view, value);
    mpz_srcptr d = big_view(&divisor_view, divisor);
    /* GMP may count a digit too many in either, so this is the right one or up to three above. */
    int64_t exponent = (int64_t)mpz_sizeinbase(n, 10) - (int64_t)mpz_sizeinbase(d, 10) + 1;
    while (below_power(n, d, exponent))
        exponent--;
    return exponent;
}

/*
 * n / d for n, d > 0 to at most 18 significant digits, rounded half up: the mantissa, of which
 * *shift digits stand behind the point.  The quotient is below 10^18, so n * 10^shift is below
 * 10^18 * 2^63, and a divisor is scaled up only when n has more than 18 digits.
 */
static inline uint64_t quotient_round(uint64_t n, uint64_t d, int32_t digits, int32_t *shift)
{
    unsigned __int128 numerator = n, denominator = d;
    *shift = digits - 1 - exponent_small(n, d);
    if (*shift >= 0)
        numerator *= (unsigned __int128)power10_wide((uint32_t)*shift);
    else
        denominator *= (unsigned __int128)power10_wide((uint32_t) - *shift);
    uint64_t quotient = (uint64_t)(numerator / denominator);
    unsigned __int128 rest = numerator - quotient * denominator;
    return quotient + (rest >= denominator - rest);
}

Decimal number_ratio(uint64_t n, uint64_t d)
{
    int32_t shift;
    if (n == 0)
        return decimal_of(0);
    uint64_t mantissa = quotient_round(n, d, NUMBER_DIGITS, &shift);
    return small_trimmed((int64_t)mantissa, shift);
}

/* Mantissa and divisor in 64 bits and not zero; false if the places are out of bounds. */
static bool round_digits_small(int64_t mantissa, int32_t scale, int64_t divisor, int32_t digits,
                               Decimal *result)
{
    int32_t shift;
    int64_t rounded =
        (int64_t)quotient_round(magnitude(mantissa), magnitude(divisor), digits, &shift);
    int64_t places = (int64_t)scale + shift;
    if (places < 0 || places > DECIMAL_MAX_DIGITS)
        return false;
    *result = small_trimmed(mantissa < 0 ? -rounded : rounded, (int32_t)places);
    return true;
}

Decimal number_round_digits(Number a, int32_t digits, Arena *arena)
{
    if (number_sign(a) == 0)
        return decimal_of(0);
    Decimal result, divisor = a.divisor != NULL ? *a.divisor : ONE;
    if (a.value.big == NULL && divisor.big == NULL && digits <= 18 &&
        round_digits_small(a.value.small, a.value.scale, divisor.small, digits, &result))
        return result;
    int64_t places = a.value.scale + digits - 1 - exponent_of(a.value, divisor);
    if (places > DECIMAL_MAX_DIGITS)
        places = DECIMAL_MAX_DIGITS;
    return decimal_trim(number_round(a, (int32_t)places, ROUND_HALF_AWAY, arena), arena);
}
