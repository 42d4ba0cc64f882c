/*
 * Numbers against GMP: two numerals, read and calculated with here and as GMP's rationals.
 *
 * The input is two texts with a newline between.
 */
#include <ctype.h>
#include <gmp.h>

#include "fuzz.h"
#include "num/decimal.h"
#include "num/number.h"

typedef struct Pair {
    Span texts[2];
    DecimalSyntax syntax[2];
    Decimal values[2];
    Arena arena;
} Pair;

static size_t digits_at(Span text, size_t *at)
{
    size_t start = *at;
    while (*at < text.size && isdigit((unsigned char)text.at[*at]))
        ++*at;
    return *at - start;
}

/* The grammar of numerals, in the plainest way: sign, digits, point and digits, exponent. */
static bool numeral(Span text, mpq_t value)
{
    size_t at = 0, whole, behind = 0, exponent_digits = 0;
    bool negative = text.size > 0 && text.at[0] == '-';
    long exponent = 0;
    if (text.size > 0 && (text.at[0] == '-' || text.at[0] == '+'))
        at++;
    size_t start = at;
    if ((whole = digits_at(text, &at)) == 0)
        return false;
    if (at < text.size && text.at[at] == '.') {
        at++;
        if ((behind = digits_at(text, &at)) == 0)
            return false;
    }
    Buffer digits = {0};
    buffer_append(&digits, text.at + start, whole);
    if (behind != 0)
        buffer_append(&digits, text.at + start + whole + 1, behind);
    buffer_byte(&digits, '\0');
    if (at < text.size && (text.at[at] == 'e' || text.at[at] == 'E')) {
        at++;
        bool down = at < text.size && text.at[at] == '-';
        if (at < text.size && (text.at[at] == '-' || text.at[at] == '+'))
            at++;
        size_t from = at;
        exponent_digits = digits_at(text, &at);
        for (size_t i = from; i < at && exponent < 100000; i++)
            exponent = 10 * exponent + (text.at[i] - '0');
        exponent = down ? -exponent : exponent;
        if (exponent_digits == 0) {
            buffer_free(&digits);
            return false;
        }
    }
    if (at == text.size && labs(exponent) < 3000) {
        mpz_t power;
        mpz_init(power);
        mpz_set_str(mpq_numref(value), digits.at, 10);
        mpz_set_ui(mpq_denref(value), 1);
        long shift = exponent - (long)behind;
        mpz_ui_pow_ui(power, 10, (unsigned long)labs(shift));
        if (shift >= 0)
            mpz_mul(mpq_numref(value), mpq_numref(value), power);
        else
            mpz_set(mpq_denref(value), power);
        mpq_canonicalize(value);
        if (negative)
            mpq_neg(value, value);
        mpz_clear(power);
    }
    buffer_free(&digits);
    return at == text.size;
}

static void value_of(mpq_t value, Decimal decimal)
{
    Buffer text = {0};
    decimal_write(decimal, &text);
    FUZZ_CHECK(numeral((Span){text.at, text.size}, value));
    buffer_free(&text);
}

static void same(Decimal got, mpq_t wanted)
{
    mpq_t value;
    mpq_init(value);
    value_of(value, got);
    FUZZ_CHECK(mpq_equal(value, wanted));
    mpq_clear(value);
}

/* Half away from zero to whole numbers. */
static void round_rational(mpq_t value)
{
    mpz_t twice;
    mpz_init(twice);
    int sign = mpq_sgn(value);
    mpq_abs(value, value);
    mpz_mul_2exp(twice, mpq_numref(value), 1);
    mpz_add(twice, twice, mpq_denref(value));
    mpz_mul_2exp(mpq_denref(value), mpq_denref(value), 1);
    mpz_fdiv_q(mpq_numref(value), twice, mpq_denref(value));
    mpz_set_ui(mpq_denref(value), 1);
    if (sign < 0)
        mpq_neg(value, value);
    mpz_clear(twice);
}

static void calculate(void *context)
{
    Pair *pair = context;
    Arena *arena = &pair->arena;
    Decimal a = pair->values[0], b = pair->values[1];
    mpq_t p, q, r;
    mpq_inits(p, q, r, NULL);
    FUZZ_CHECK(numeral(pair->texts[0], p) && numeral(pair->texts[1], q));
    same(a, p);
    mpq_add(r, p, q);
    same(decimal_add(a, b, arena), r);
    mpq_sub(r, p, q);
    same(decimal_subtract(a, b, arena), r);
    mpq_mul(r, p, q);
    same(decimal_multiply(a, b, arena), r);
    int order = decimal_compare(a, b), wanted = mpq_cmp(p, q);
    FUZZ_CHECK((order < 0) == (wanted < 0) && (order > 0) == (wanted > 0));
    FUZZ_CHECK(decimal_sign(a) == mpq_sgn(p));
    if (mpq_sgn(q) != 0) {
        mpq_div(r, p, q);
        Number ratio = number_divide(number_of(a), number_of(b), arena);
        round_rational(r);
        same(number_round(ratio, 0, ROUND_HALF_AWAY, arena), r);
    }
    Buffer keys[2] = {{0}, {0}};
    decimal_write(decimal_trim(a, arena), &keys[0]);
    decimal_write(decimal_trim(b, arena), &keys[1]);
    FUZZ_CHECK(span_equal((Span){keys[0].at, keys[0].size}, (Span){keys[1].at, keys[1].size}) ==
               (wanted == 0));
    buffer_free(&keys[0]);
    buffer_free(&keys[1]);
    mpq_clears(p, q, r, NULL);
}

static void read_both(void *context)
{
    Pair *pair = context;
    for (size_t i = 0; i < 2; i++)
        pair->syntax[i] = decimal_read(pair->texts[i], &pair->values[i], &pair->arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzInput input = {(const char *)bytes, size};
    Pair pair = {.texts = {fuzz_until(&input, '\n'), {0}}};
    pair.texts[1] = fuzz_rest(&input);
    FUZZ_CHECK(fuzz_attempt(read_both, &pair));
    bool both = true;
    for (size_t i = 0; i < 2; i++) {
        mpq_t value;
        mpq_init(value);
        FUZZ_CHECK(numeral(pair.texts[i], value) == (pair.syntax[i] != DECIMAL_NOT_READ));
        mpq_clear(value);
        both = both && pair.syntax[i] == DECIMAL_READ;
    }
    if (both)
        fuzz_attempt(calculate, &pair); /* a product may have too many digits */
    arena_free(&pair.arena);
    return 0;
}
