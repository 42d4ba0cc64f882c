#include "num/decimal.h"

#include <stdlib.h>
#include <string.h>

#include "num/big.h"
#include "num/digits.h"

/* ---- any cell ---- */

static inline bool is_digit(char byte)
{
    return (unsigned)(byte - '0') <= 9;
}

/* A numeral in its parts, as it was written. */
typedef struct Numeral {
    bool negative;
    Span whole;    /* digits before the point, at least one */
    Span fraction; /* digits behind it, perhaps none */
    int64_t exponent;
} Numeral;

/* Takes the digits at the front of *rest. */
static Span take_digits(Span *rest)
{
    size_t size = 0;
    while (size < rest->size && is_digit(rest->at[size]))
        size++;
    Span digits = {rest->at, size};
    rest->at += size;
    rest->size -= size;
    return digits;
}

static bool take_byte(Span *rest, char byte)
{
    if (rest->size == 0 || *rest->at != byte)
        return false;
    rest->at++;
    rest->size--;
    return true;
}

/* Takes a sign, if there is one; true for a minus. */
static bool take_minus(Span *rest)
{
    if (take_byte(rest, '-'))
        return true;
    take_byte(rest, '+');
    return false;
}

/* Far past what any text in memory could make up for with its digits, and safe to add to. */
static const int64_t EXPONENT_BOUND = INT64_C(100000000000000000);

static int64_t exponent_value(Span digits, bool negative)
{
    int64_t exponent = 0;
    for (size_t i = 0; i < digits.size && exponent < EXPONENT_BOUND; i++)
        exponent = exponent * 10 + (digits.at[i] - '0');
    return negative ? -exponent : exponent;
}

static bool numeral_scan(Span text, Numeral *numeral)
{
    *numeral = (Numeral){.negative = take_minus(&text)};
    numeral->whole = take_digits(&text);
    if (numeral->whole.size == 0)
        return false;
    if (take_byte(&text, '.')) {
        numeral->fraction = take_digits(&text);
        if (numeral->fraction.size == 0)
            return false;
    }
    if (take_byte(&text, 'e') || take_byte(&text, 'E')) {
        bool negative = take_minus(&text);
        Span digits = take_digits(&text);
        if (digits.size == 0)
            return false;
        numeral->exponent = exponent_value(digits, negative);
    }
    return text.size == 0;
}

static Span without_leading_zeros(Span digits)
{
    while (digits.size > 0 && *digits.at == '0')
        digits = (Span){digits.at + 1, digits.size - 1};
    return digits;
}

enum {
    READ_DIGITS = 2 * DECIMAL_MAX_DIGITS,
    READ_LIMBS = READ_DIGITS / 19 + 2 /* 19 digits fit a limb; mpn_set_str may touch one more */
};

/* The digits with `zeros` behind them as an integer; they are READ_DIGITS at most, and not none. */
static Decimal integer_read(const Numeral *numeral, Span whole, Span fraction, size_t zeros,
                            int32_t scale, Arena *arena)
{
    unsigned char digits[READ_DIGITS];
    mp_limb_t limbs[READ_LIMBS];
    size_t count = 0;
    for (size_t i = 0; i < whole.size; i++)
        digits[count++] = (unsigned char)(whole.at[i] - '0');
    for (size_t i = 0; i < fraction.size; i++)
        digits[count++] = (unsigned char)(fraction.at[i] - '0');
    memset(digits + count, 0, zeros);
    mp_size_t size = mpn_set_str(limbs, digits, count + zeros, 10);
    return big_decimal_limbs(limbs, (size_t)size, numeral->negative, scale, arena);
}

/* Leading zeros do not count as digits before the point: they ask for nothing. */
static DecimalSyntax numeral_value(const Numeral *numeral, Decimal *value, Arena *arena)
{
    Span whole = without_leading_zeros(numeral->whole);
    Span fraction = whole.size > 0 ? numeral->fraction : without_leading_zeros(numeral->fraction);
    int64_t scale = (int64_t)numeral->fraction.size - numeral->exponent;
    int64_t digits = (int64_t)(whole.size + fraction.size);
    if (scale > DECIMAL_MAX_DIGITS || (digits > 0 && digits - scale > DECIMAL_MAX_DIGITS))
        return DECIMAL_TOO_LONG;
    int32_t shown = scale < 0 ? 0 : (int32_t)scale;
    size_t zeros = scale < 0 ? (size_t)-scale : 0;
    if (digits == 0)
        *value = (Decimal){.scale = shown};
    else
        *value = integer_read(numeral, whole, fraction, zeros, shown, arena);
    return DECIMAL_READ;
}

/* Out of line, so that the common cell pays for none of its registers. */
static __attribute__((noinline)) DecimalSyntax read_closely(Span text, Decimal *value, Arena *arena)
{
    Numeral numeral;
    if (!numeral_scan(text, &numeral))
        return DECIMAL_NOT_READ;
    return numeral_value(&numeral, value, arena);
}

DecimalSyntax decimal_read(Span text, Decimal *value, Arena *arena)
{
    int64_t mantissa;
    int32_t scale;
    if (!digits_read(text, &mantissa, &scale))
        return read_closely(text, value, arena);
    /* Member by member: a whole Decimal would be put together elsewhere and copied, with a stall.
     */
    value->small = mantissa;
    value->big = NULL;
    value->scale = scale;
    return DECIMAL_READ;
}

/* The numeral's digits without its point, as GMP reads them. */
static Decimal read_back_long(Span text, Arena *arena)
{
    char *digits = memory_array(text.size + 1, 1);
    const char *point = memchr(text.at, '.', text.size);
    size_t whole = point == NULL ? text.size : (size_t)(point - text.at);
    size_t fraction = point == NULL ? 0 : text.size - whole - 1;
    memcpy(digits, text.at, whole);
    memcpy(digits + whole, text.at + text.size - fraction, fraction);
    digits[whole + fraction] = '\0';
    mpz_t mantissa;
    mpz_init_set_str(mantissa, digits, 10);
    free(digits);
    return big_decimal(mantissa, (int64_t)fraction, arena);
}

bool decimal_read_back(Span text, Decimal *value, Arena *arena)
{
    if (text.size == 0 || *text.at == '+')
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] == 'e' || text.at[i] == 'E')
            return false;
    DecimalSyntax syntax = decimal_read(text, value, arena);
    if (syntax == DECIMAL_TOO_LONG)
        *value = read_back_long(text, arena);
    return syntax != DECIMAL_NOT_READ;
}

/* ---- arithmetic ---- */

static inline bool both_small(Decimal a, Decimal b)
{
    return a.big == NULL && b.big == NULL;
}

static inline int32_t wider(Decimal a, Decimal b)
{
    return a.scale > b.scale ? a.scale : b.scale;
}

/* Both mantissas at the wider scale in 128 bits; their sum fits too, as only one is scaled up. */
static inline bool align_wide(Decimal a, Decimal b, __int128 *x, __int128 *y)
{
    int32_t more = a.scale - b.scale;
    if (!both_small(a, b) || more >= POWER10_COUNT || -more >= POWER10_COUNT)
        return false;
    *x = more >= 0 ? (__int128)a.small : (__int128)a.small * power10[-more];
    *y = more <= 0 ? (__int128)b.small : (__int128)b.small * power10[more];
    return true;
}

/* The same for any size; initialises both. */
static void align_big(Decimal a, Decimal b, mpz_t x, mpz_t y)
{
    BigView view;
    mpz_init_set(x, big_view(&view, a));
    mpz_init_set(y, big_view(&view, b));
    if (a.scale < b.scale)
        big_shift(x, b.scale - a.scale);
    else
        big_shift(y, a.scale - b.scale);
}

static Decimal combine_big(Decimal a, Decimal b, void (*operation)(mpz_ptr, mpz_srcptr, mpz_srcptr),
                           Arena *arena)
{
    mpz_t x, y;
    align_big(a, b, x, y);
    operation(x, x, y);
    mpz_clear(y);
    return big_decimal(x, wider(a, b), arena);
}

Decimal decimal_add(Decimal a, Decimal b, Arena *arena)
{
    __int128 x, y;
    if (align_wide(a, b, &x, &y))
        return big_decimal_wide(x + y, wider(a, b), arena);
    return combine_big(a, b, mpz_add, arena);
}

Decimal decimal_subtract(Decimal a, Decimal b, Arena *arena)
{
    __int128 x, y;
    if (align_wide(a, b, &x, &y))
        return big_decimal_wide(x - y, wider(a, b), arena);
    return combine_big(a, b, mpz_sub, arena);
}

Decimal decimal_remainder(Decimal a, Decimal b, Arena *arena)
{
    __int128 x, y;
    if (align_wide(a, b, &x, &y))
        return big_decimal_wide(x % y, wider(a, b), arena);
    return combine_big(a, b, mpz_tdiv_r, arena);
}

Decimal decimal_multiply(Decimal a, Decimal b, Arena *arena)
{
    int64_t scale = (int64_t)a.scale + b.scale;
    if (both_small(a, b))
        return big_decimal_wide((__int128)a.small * b.small, scale, arena);
    BigView x, y;
    mpz_t product;
    mpz_init(product);
    mpz_mul(product, big_view(&x, a), big_view(&y, b));
    return big_decimal(product, scale, arena);
}

Decimal decimal_negate(Decimal a, Arena *arena)
{
    if (a.big == NULL)
        return big_decimal_wide(-(__int128)a.small, a.scale, arena);
    size_t size = (size_t)(a.big->size < 0 ? -a.big->size : a.big->size);
    return big_decimal_limbs(a.big->limbs, size, a.big->size > 0, a.scale, arena);
}

Decimal decimal_absolute(Decimal a, Arena *arena)
{
    return decimal_sign(a) < 0 ? decimal_negate(a, arena) : a;
}

int decimal_sign(Decimal a)
{
    int64_t signed_like = a.big != NULL ? a.big->size : a.small;
    return (signed_like > 0) - (signed_like < 0);
}

int decimal_compare_unlike(Decimal a, Decimal b)
{
    __int128 x, y;
    if (align_wide(a, b, &x, &y))
        return (x > y) - (x < y);
    int sign = decimal_sign(a);
    if (sign != decimal_sign(b))
        return sign - decimal_sign(b);
    if (a.scale == b.scale) {
        BigView view_a, view_b;
        return mpz_cmp(big_view(&view_a, a), big_view(&view_b, b));
    }
    mpz_t p, q;
    align_big(a, b, p, q);
    int order = mpz_cmp(p, q);
    mpz_clear(p);
    mpz_clear(q);
    return order;
}

/* ---- places ---- */

static Decimal pad(Decimal a, int32_t places, Arena *arena)
{
    int32_t more = places - a.scale;
    if (a.big == NULL && more < POWER10_COUNT)
        return big_decimal_wide((__int128)a.small * power10[more], places, arena);
    if (places > DECIMAL_MAX_SCALE)
        big_too_long();
    BigView view;
    mpz_t mantissa;
    mpz_init_set(mantissa, big_view(&view, a));
    big_shift(mantissa, more);
    return big_decimal(mantissa, places, arena);
}

static Decimal round_big(Decimal a, int64_t drop, int32_t places, Rounding rounding, Arena *arena)
{
    BigView view;
    mpz_srcptr mantissa = big_view(&view, a);
    /* A unit that exceeds twice the mantissa rounds it as any larger one would. */
    int64_t most = (int64_t)mpz_sizeinbase(mantissa, 10) + 1;
    mpz_t unit, rounded;
    mpz_init(unit);
    mpz_init(rounded);
    mpz_ui_pow_ui(unit, 10, (unsigned long)(drop < most ? drop : most));
    big_divide_rounded(rounded, mantissa, unit, rounding);
    mpz_clear(unit);
    return big_decimal(rounded, places, arena);
}

Decimal decimal_round(Decimal a, int32_t places, Rounding rounding, Arena *arena)
{
    int64_t drop = (int64_t)a.scale - places;
    if (drop <= 0)
        return pad(a, places, arena);
    if (a.big != NULL)
        return round_big(a, drop, places, rounding, arena);
    /* 10^20 exceeds twice any small mantissa and so rounds it as any larger unit would. */
    uint32_t power = drop < 20 ? (uint32_t)drop : 20;
    __int128 rounded = wide_divide_rounded(a.small, power10_wide(power), rounding);
    if (places >= 0)
        return big_decimal_wide(rounded, places, arena);
    mpz_t mantissa;
    mpz_init_set_si(mantissa, (int64_t)rounded);
    return big_decimal(mantissa, places, arena);
}

static Decimal trim_big(Decimal a, Arena *arena)
{
    BigView view;
    mpz_t mantissa, ten;
    mpz_init(mantissa);
    mpz_init_set_ui(ten, 10);
    int64_t zeros = (int64_t)mpz_remove(mantissa, big_view(&view, a), ten);
    mpz_clear(ten);
    return big_decimal(mantissa, a.scale - zeros, arena);
}

Decimal decimal_trim(Decimal a, Arena *arena)
{
    if (a.scale == 0)
        return a;
    if (a.big != NULL)
        return trim_big(a, arena);
    if (a.small == 0)
        return decimal_of(0);
    return small_trimmed(a.small, a.scale);
}

bool decimal_integer(Decimal a, int64_t *integer)
{
    if (a.big == NULL && a.scale < POWER10_COUNT) {
        __int128 unit = power10[a.scale];
        if (a.small % unit != 0)
            return false;
        *integer = (int64_t)(a.small / unit);
        return true;
    }
    BigView view;
    mpz_t whole, rest;
    mpz_init_set_ui(whole, 1);
    mpz_init(rest);
    big_shift(whole, a.scale);
    mpz_tdiv_qr(whole, rest, big_view(&view, a), whole);
    bool fits = mpz_sgn(rest) == 0 && mpz_fits_slong_p(whole);
    if (fits)
        *integer = mpz_get_si(whole);
    mpz_clear(whole);
    mpz_clear(rest);
    return fits;
}

/* ---- writing and keeping ---- */

/* Appends digits with the point put in, and zeros before it where there are too few digits. */
static void write_digits(const char *digits, size_t count, size_t scale, bool negative, Buffer *out)
{
    size_t lead = count > scale ? count - scale : 0;
    size_t zeros = scale > count ? scale - count : 0;
    buffer_reserve(out, count + zeros + 3);
    char *at = out->at + out->size;
    if (negative)
        *at++ = '-';
    if (lead == 0)
        *at++ = '0';
    memcpy(at, digits, lead);
    at += lead;
    if (scale > 0) {
        *at++ = '.';
        memset(at, '0', zeros);
        at += zeros;
        memcpy(at, digits + lead, count - lead);
        at += count - lead;
    }
    out->size = (size_t)(at - out->at);
}

static void write_big(Decimal a, Buffer *out)
{
    BigView view;
    mpz_srcptr mantissa = big_view(&view, a);
    char *text = memory_array(mpz_sizeinbase(mantissa, 10) + 2, 1);
    mpz_get_str(text, 10, mantissa);
    bool negative = *text == '-';
    write_digits(text + negative, strlen(text + negative), (size_t)a.scale, negative, out);
    free(text);
}

/*
 * The eight digits of n < 10^8 as a word, the first one lowest: join_digits() backwards.  Halves,
 * then quarters, then single digits come apart side by side; their reciprocals (10486 / 2^20 for a
 * hundredth, 103 / 2^10 for a tenth) give the right quotient of every number of four or two digits.
 */
static inline uint64_t split_digits(uint32_t n)
{
    uint64_t fours = n / 10000 | (uint64_t)(n % 10000) << 32;
    uint64_t hundreds = fours * 10486 >> 20 & UINT64_C(0x0000007f0000007f);
    uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    uint64_t tens = twos * 103 >> 10 & UINT64_C(0x000f000f000f000f);
    return tens | (twos - 10 * tens) << 8;
}

static inline void store_digits(char *at, uint64_t word)
{
    word |= '0' * DIGITS_ONES;
    word = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? word : __builtin_bswap64(word);
    memcpy(at, &word, sizeof word);
}

/*
 * What most numbers are: fewer than eight digits behind the point and eight in all.  The word is
 * stored twice, the second time behind the point: what stands behind the last digit is of no
 * meaning.
 */
static inline void write_short(uint32_t rest, size_t scale, bool negative, Buffer *out)
{
    size_t count = rest == 0 ? 1 : (size_t)digit_count(rest);
    count = count > scale ? count : scale + 1; /* a zero before the point */
    size_t lead = count - scale;
    uint64_t word = (split_digits(rest) | '0' * DIGITS_ONES) >> 8 * (8 - count);
    buffer_reserve(out, 2 + 2 * sizeof word);
    char *at = out->at + out->size;
    *at = '-';
    at += negative;
    memcpy(at, &word, sizeof word);
    if (scale > 0) {
        word >>= 8 * lead;
        at[lead] = '.';
        memcpy(at + lead + 1, &word, sizeof word);
    }
    out->size = (size_t)(at - out->at) + count + (scale > 0);
}

void decimal_write(Decimal a, Buffer *out)
{
    enum { EIGHT = 100000000, MOST = 24 };
    if (a.big != NULL) {
        write_big(a, out);
        return;
    }
    uint64_t rest = magnitude(a.small);
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && a.scale < 8 && rest < EIGHT) {
        write_short((uint32_t)rest, (size_t)a.scale, a.small < 0, out);
        return;
    }
    char digits[MOST];
    store_digits(digits + 16, split_digits((uint32_t)(rest % EIGHT)));
    store_digits(digits + 8, split_digits((uint32_t)(rest / EIGHT % EIGHT)));
    store_digits(digits, split_digits((uint32_t)(rest / EIGHT / EIGHT)));
    size_t count = rest == 0 ? 0 : (size_t)digit_count(rest);
    write_digits(digits + MOST - count, count, (size_t)a.scale, a.small < 0, out);
}

Decimal decimal_keep(Decimal a, Arena *arena)
{
    if (a.big == NULL)
        return a;
    size_t size = (size_t)(a.big->size < 0 ? -a.big->size : a.big->size);
    return big_decimal_limbs(a.big->limbs, size, a.big->size < 0, a.scale, arena);
}
