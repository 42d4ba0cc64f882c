/*
 * Tests of src/num, printed as TAP: num_test [SEED]
 *
 * Fixed cases first, then random ones held against GMP's rationals and MPFR at a precision far
 * beyond what is asked for.  Nothing of src/num is used to know what is right.
 */
#include <inttypes.h>
#include <mpfr.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/diagnostic.h"
#include "num/decimal.h"
#include "num/number.h"
#include "num/packed.h"
#include "num/statistics.h"
#include "num/sum.h"

enum { ROUNDS = 20000, FUNCTION_ROUNDS = 400 };

/* ---- TAP ---- */

static int test_count, failed_count;
static bool passing; /* so far in the running test */

static void check_at(int line, bool holds, const char *what, const char *got, const char *wanted)
{
    if (holds)
        return;
    passing = false;
    printf("# line %d: %s\n#    got: %s\n# wanted: %s\n", line, what, got, wanted);
}

#define CHECK(holds, what) check_at(__LINE__, (holds), (what), "false", "true")
#define SAME(got, wanted, what) same_at(__LINE__, (got), (wanted), (what))

static void same_at(int line, const char *got, const char *wanted, const char *what)
{
    check_at(line, strcmp(got, wanted) == 0, what, got, wanted);
}

static void test(const char *sentence, void (*body)(void))
{
    passing = true;
    body();
    failed_count += !passing;
    printf("%s %d - %s\n", passing ? "ok" : "not ok", ++test_count, sentence);
    fflush(stdout);
}

/* ---- values from and to text ---- */

static Arena arena;

static Decimal decimal(const char *text)
{
    Decimal value = {0};
    if (decimal_read(span_of(text), &value, &arena) != DECIMAL_READ)
        CHECK(false, text);
    return value;
}

static Number number(const char *text)
{
    return number_of(decimal(text));
}

static Number ratio(const char *a, const char *b)
{
    return number_divide(number(a), number(b), &arena);
}

static const char *text_of(Decimal value)
{
    Buffer buffer = {0};
    decimal_write(value, &buffer);
    const char *text = arena_copy(&arena, buffer.at, buffer.size);
    buffer_free(&buffer);
    return text;
}

/* Equal values have equal texts without zeros at the end. */
static const char *key_of(Decimal value)
{
    return text_of(decimal_trim(value, &arena));
}

static const char *settled(Number a)
{
    return text_of(number_settle(a, &arena));
}

/* `count` times the byte, then the tail. */
static const char *repeated(const char *head, char byte, size_t count, const char *tail)
{
    Buffer buffer = {0};
    buffer_text(&buffer, head);
    for (size_t i = 0; i < count; i++)
        buffer_byte(&buffer, byte);
    buffer_text(&buffer, tail);
    const char *text = arena_copy(&arena, buffer.at, buffer.size);
    buffer_free(&buffer);
    return text;
}

/* ---- the grammar ---- */

static void reads(const char *text, const char *wanted)
{
    Decimal value = {0};
    DecimalSyntax syntax = decimal_read(span_of(text), &value, &arena);
    CHECK(syntax == DECIMAL_READ, text);
    SAME(text_of(value), wanted, text);
}

static void refuses(const char *text, DecimalSyntax wanted)
{
    Decimal value = {.small = 77};
    CHECK(decimal_read(span_of(text), &value, &arena) == wanted, shown(text, strlen(text)));
    CHECK(value.small == 77, "a refused text leaves the value alone");
}

static void test_grammar(void)
{
    static const char *const pairs[][2] = {
        {"0", "0"},
        {"-0", "0"},
        {"+0", "0"},
        {"-0.00", "0.00"},
        {"+1.0", "1.0"},
        {"011", "11"},
        {"-007.50", "-7.50"},
        {"1.50", "1.50"},
        {"1e0", "1"},
        {"1.5e3", "1500"},
        {"1.5E+3", "1500"},
        {"15e-1", "1.5"},
        {"1.50e1", "15.0"},
        {"1.50e2", "150"},
        {"1.50e3", "1500"},
        {"-2.5e-3", "-0.0025"},
        {"1e16", "10000000000000000"},
        {"0e5", "0"},
        {"0e999999999999999999999999", "0"},
        {"0.0e-1", "0.00"},
        {"1e-0001", "0.1"},
        {"9223372036854775807", "9223372036854775807"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"9223372036854775808", "9223372036854775808"},
        {"-9223372036854775809", "-9223372036854775809"},
        {"18446744073709551616", "18446744073709551616"},
        {"9999999999999999999", "9999999999999999999"},
        {"0.9999999999999999999", "0.9999999999999999999"},
        {"123456789.0123456789", "123456789.0123456789"},
        {"0000000000000000000000000000001", "1"},
        {"-170141183460469231731687303715884105728", "-170141183460469231731687303715884105728"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        reads(pairs[i][0], pairs[i][1]);
}

static void test_not_numbers(void)
{
    static const char *const texts[] = {"",
                                        "+",
                                        "-",
                                        ".",
                                        "1.",
                                        ".5",
                                        "-.5",
                                        "1.e3",
                                        "1e",
                                        "1e+",
                                        "e5",
                                        "1e5.",
                                        "1 ",
                                        " 1",
                                        "1,234",
                                        "0,5",
                                        "1.2.3",
                                        "--1",
                                        "+-1",
                                        "0x10",
                                        "NA",
                                        "n/a",
                                        "nan",
                                        "inf",
                                        "1_000",
                                        "1e5e5",
                                        "1.5-",
                                        "1..5",
                                        "1d5",
                                        "1e 5",
                                        "\xd9\xa1",
                                        "1\xc2\xa0",
                                        "1e999999999x",
                                        "12345678901234567890123.",
                                        "123456789012a",
                                        "1/2"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        refuses(texts[i], DECIMAL_NOT_READ);
    Decimal value;
    CHECK(decimal_read((Span){"1\0", 2}, &value, &arena) == DECIMAL_NOT_READ, "1 and a NUL byte");
    CHECK(decimal_read((Span){NULL, 0}, &value, &arena) == DECIMAL_NOT_READ, "nothing");
}

static void test_digit_limits(void)
{
    refuses("1e999999999", DECIMAL_TOO_LONG);
    refuses("1e-999999999", DECIMAL_TOO_LONG);
    refuses("1e99999999999999999999999999999999999999", DECIMAL_TOO_LONG);
    refuses("-1.5e-99999999999999999999999999999999999999", DECIMAL_TOO_LONG);
    refuses("0e-1001", DECIMAL_TOO_LONG);
    refuses("1e1000", DECIMAL_TOO_LONG);
    refuses("1e-1001", DECIMAL_TOO_LONG);
    reads("1e999", repeated("1", '0', 999, ""));
    reads("1e-1000", repeated("0.", '0', 999, "1"));
    reads(repeated("", '9', 1000, ""), repeated("", '9', 1000, ""));
    refuses(repeated("", '9', 1001, ""), DECIMAL_TOO_LONG);
    reads(repeated("-1.", '7', 1000, ""), repeated("-1.", '7', 1000, ""));
    refuses(repeated("-1.", '7', 1001, ""), DECIMAL_TOO_LONG);
    reads(repeated("", '0', 5000, "12.5"), "12.5");
    reads(repeated("0.", '0', 2000, "1e2001"), "1");
    refuses(repeated("1", '0', 1001, "e-1001"), DECIMAL_TOO_LONG);
    const char *longest = repeated(repeated("", '8', 1000, "."), '3', 1000, "");
    reads(longest, longest);
}

/* ---- decimals ---- */

static void test_scales(void)
{
    SAME(text_of(decimal_add(decimal("1.50"), decimal("1.5"), &arena)), "3.00", "1.50 + 1.5");
    SAME(text_of(decimal_subtract(decimal("1.5"), decimal("1.50"), &arena)), "0.00", "1.5 - 1.50");
    SAME(text_of(decimal_multiply(decimal("1.50"), decimal("1.5"), &arena)), "2.250", "1.50 * 1.5");
    SAME(text_of(decimal_remainder(decimal("-7.5"), decimal("2.00"), &arena)), "-1.50", "-7.5 % 2");
    SAME(text_of(decimal_add(decimal("0.1"), decimal("0.2"), &arena)), "0.3", "0.1 + 0.2");
    SAME(text_of(decimal_negate(decimal("0.0"), &arena)), "0.0", "- 0.0");
    SAME(text_of(decimal_absolute(decimal("-1.20"), &arena)), "1.20", "abs");
    SAME(text_of(decimal_trim(decimal("1.500"), &arena)), "1.5", "trim");
    SAME(text_of(decimal_trim(decimal("1500"), &arena)), "1500", "trim left of the point");
    SAME(text_of(decimal_trim(decimal("0.000"), &arena)), "0", "trim of zero");
    SAME(key_of(decimal("-0.0")), "0", "key of -0.0");
    SAME(key_of(decimal("1.500")), "1.5", "key of 1.500");
    SAME(key_of(decimal("100")), "100", "key of 100");
}

static void rounds(const char *text, int32_t places, Rounding rounding, const char *wanted)
{
    SAME(text_of(decimal_round(decimal(text), places, rounding, &arena)), wanted, text);
}

static void test_rounding(void)
{
    rounds("2.5", 0, ROUND_HALF_AWAY, "3");
    rounds("-2.5", 0, ROUND_HALF_AWAY, "-3");
    rounds("2.49", 0, ROUND_HALF_AWAY, "2");
    rounds("-0.4", 0, ROUND_HALF_AWAY, "0");
    rounds("1250", -2, ROUND_HALF_AWAY, "1300");
    rounds("1249", -2, ROUND_HALF_AWAY, "1200");
    rounds("50", -2, ROUND_HALF_AWAY, "100");
    rounds("49", -3, ROUND_HALF_AWAY, "0");
    rounds("1.5", 3, ROUND_HALF_AWAY, "1.500");
    rounds("-2.1", 0, ROUND_DOWN, "-3");
    rounds("-2.1", 0, ROUND_UP, "-2");
    rounds("2.1", 0, ROUND_UP, "3");
    rounds("-0.1", 0, ROUND_UP, "0");
    rounds("9223372036854775807", -19, ROUND_HALF_AWAY, "10000000000000000000");
    rounds("4999999999999999999", -19, ROUND_HALF_AWAY, "0");
    rounds("9223372036854775807", -20, ROUND_HALF_AWAY, "0");
    rounds("9223372036854775807", INT32_MIN, ROUND_HALF_AWAY, "0");
    rounds("-99999999999999999999.5", 0, ROUND_HALF_AWAY, "-100000000000000000000");
    rounds("1e30", -1000000000, ROUND_HALF_AWAY, "0");
    rounds("1e-900", 0, ROUND_UP, "1");
}

static void too_long(void (*work)(void), const char *what)
{
    Trap trap;
    if (TRAP_SET(&trap)) {
        work();
        trap_end(&trap);
        CHECK(false, what);
    } else {
        SAME(trap.message, "too many digits in a result", what);
    }
}

static void pad_small(void)
{
    decimal_round(decimal("1"), INT32_MAX, ROUND_HALF_AWAY, &arena);
}

static void pad_big(void)
{
    decimal_round(decimal("1e100"), 2000000000, ROUND_HALF_AWAY, &arena);
}

static void raise_far_left(void)
{
    decimal_round(decimal("1"), INT32_MIN, ROUND_UP, &arena);
}

static void round_ratio_far(void)
{
    number_round(ratio("1", "3"), INT32_MAX, ROUND_DOWN, &arena);
}

static void square_for_ever(void)
{
    Decimal a = decimal("1e-500");
    for (int i = 0; i < 100; i++)
        a = decimal_multiply(a, a, &arena);
}

static void grow_for_ever(void)
{
    Decimal a = decimal("3e900");
    for (int i = 0; i < 100; i++)
        a = decimal_multiply(a, a, &arena);
}

static void test_giants(void)
{
    too_long(pad_small, "one with two thousand million places");
    too_long(pad_big, "1e100 with two thousand million places");
    too_long(raise_far_left, "up to the next 10^2147483648");
    too_long(round_ratio_far, "a third with two thousand million places");
    too_long(square_for_ever, "repeated squares of a small number");
    too_long(grow_for_ever, "repeated squares of a large number");
}

static void test_integers(void)
{
    int64_t integer = 0;
    CHECK(decimal_integer(decimal("-9223372036854775808"), &integer) && integer == INT64_MIN,
          "the least");
    CHECK(decimal_integer(decimal("12.000"), &integer) && integer == 12, "12.000");
    CHECK(decimal_integer(decimal("7.0000000000000000000000000"), &integer) && integer == 7,
          "7 with many zeros");
    CHECK(!decimal_integer(decimal("12.001"), &integer), "12.001");
    CHECK(!decimal_integer(decimal("9223372036854775808"), &integer), "one more than fits");
    CHECK(!decimal_integer(decimal("1e-30"), &integer), "1e-30");
}

/* ---- the outside opinion ---- */

static uint64_t random_state;

/* xorshift64* (Vigna 2014) */
static uint64_t random_bits(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return random_state * UINT64_C(2685821657736338717);
}

static size_t random_below(size_t bound)
{
    return (size_t)(random_bits() % bound);
}

static void append_digits(Buffer *text, size_t count)
{
    static const char bytes[] = "0123456789000999555";
    size_t kinds = random_below(3) == 0 ? sizeof bytes - 1 : 10;
    for (size_t i = 0; i < count; i++)
        buffer_byte(text, bytes[random_below(kinds)]);
}

static size_t random_length(void)
{
    static const size_t most[] = {3, 6, 12, 20, 40, 200};
    return 1 + random_below(most[random_below(sizeof most / sizeof *most)]);
}

/* Where 64 and 128 bits end, and powers of ten. */
static const char *random_boundary(void)
{
    static const char *const texts[] = {"9223372036854775807",
                                        "9223372036854775808",
                                        "9223372036854775809",
                                        "18446744073709551615",
                                        "18446744073709551616",
                                        "170141183460469231731687303715884105727",
                                        "170141183460469231731687303715884105728",
                                        "1000000000000000000",
                                        "10000000000000000000",
                                        "3037000499.9",
                                        "0",
                                        "1",
                                        "0.5",
                                        "922337203685477580.8"};
    return texts[random_below(sizeof texts / sizeof *texts)];
}

static const char *random_numeral(void)
{
    Buffer text = {0};
    if (random_below(2) == 0)
        buffer_byte(&text, '-');
    if (random_below(6) == 0) {
        buffer_text(&text, random_boundary());
    } else {
        append_digits(&text, random_length());
        if (random_below(3) != 0) {
            buffer_byte(&text, '.');
            append_digits(&text, random_length());
        }
    }
    const char *copy = arena_copy(&arena, text.at, text.size);
    buffer_free(&text);
    return copy;
}

static size_t scale_in(const char *text)
{
    const char *point = strchr(text, '.');
    return point == NULL ? 0 : strlen(point + 1);
}

/* What a plain numeral says, without src/num. */
static void rational_of(mpq_t q, const char *text)
{
    Buffer digits = {0};
    for (const char *at = text; *at != '\0'; at++)
        if (*at != '.')
            buffer_byte(&digits, *at);
    mpz_set_str(mpq_numref(q), buffer_string(&digits), 10);
    mpz_ui_pow_ui(mpq_denref(q), 10, scale_in(text));
    mpq_canonicalize(q);
    buffer_free(&digits);
}

static bool is_rational(Decimal value, const mpq_t wanted)
{
    mpq_t q;
    mpq_init(q);
    rational_of(q, text_of(value));
    bool same = mpq_equal(q, wanted) != 0;
    mpq_clear(q);
    return same;
}

/* The promise of decimal.h: what fits 64 bits is small. */
static bool is_normal(Decimal value)
{
    if (value.big == NULL)
        return true;
    mpq_t q;
    mpq_init(q);
    value.scale = 0;
    rational_of(q, text_of(value));
    bool fits = mpz_fits_slong_p(mpq_numref(q)) != 0;
    mpq_clear(q);
    return !fits;
}

/* q rounded to a multiple of 10^-places. */
static void round_rational(mpq_t q, int32_t places, Rounding rounding)
{
    mpq_t unit;
    mpq_init(unit);
    mpz_ui_pow_ui(mpq_numref(unit), 10, (unsigned long)abs(places));
    mpz_set_ui(mpq_denref(unit), 1);
    if (places < 0)
        mpq_inv(unit, unit);
    mpq_mul(q, q, unit);
    mpz_t whole;
    mpz_init(whole);
    if (rounding == ROUND_DOWN) {
        mpz_fdiv_q(whole, mpq_numref(q), mpq_denref(q));
    } else if (rounding == ROUND_UP) {
        mpz_cdiv_q(whole, mpq_numref(q), mpq_denref(q));
    } else { /* toward zero of |q| + 1/2 */
        mpz_mul_2exp(mpq_numref(q), mpq_numref(q), 1);
        int sign = mpq_sgn(q);
        if (sign >= 0)
            mpz_add(mpq_numref(q), mpq_numref(q), mpq_denref(q));
        else
            mpz_sub(mpq_numref(q), mpq_numref(q), mpq_denref(q));
        mpz_mul_2exp(mpq_denref(q), mpq_denref(q), 1);
        mpz_tdiv_q(whole, mpq_numref(q), mpq_denref(q));
    }
    mpq_set_z(q, whole);
    mpq_div(q, q, unit);
    mpz_clear(whole);
    mpq_clear(unit);
}

/* p - q trunc(p / q) */
static void remainder_rational(mpq_t r, const mpq_t p, const mpq_t q)
{
    mpq_t quotient;
    mpq_init(quotient);
    mpq_div(quotient, p, q);
    mpz_tdiv_q(mpq_numref(quotient), mpq_numref(quotient), mpq_denref(quotient));
    mpz_set_ui(mpq_denref(quotient), 1);
    mpq_mul(quotient, quotient, q);
    mpq_sub(r, p, quotient);
    mpq_clear(quotient);
}

/* ---- random decimals ---- */

static void agrees(Decimal value, const mpq_t wanted, size_t scale, const char *operation,
                   const char *a, const char *b)
{
    if (is_rational(value, wanted) && is_normal(value) && (size_t)value.scale == scale)
        return;
    CHECK(false, arena_format(&arena, "%s %s %s gave %s", a, operation, b, text_of(value)));
}

static void check_pair(const char *a, const char *b)
{
    Decimal x = decimal(a), y = decimal(b);
    size_t wider = scale_in(a) > scale_in(b) ? scale_in(a) : scale_in(b);
    mpq_t p, q, r;
    mpq_inits(p, q, r, NULL);
    rational_of(p, a);
    rational_of(q, b);
    agrees(x, p, scale_in(a), "read", a, "");
    mpq_add(r, p, q);
    agrees(decimal_add(x, y, &arena), r, wider, "+", a, b);
    mpq_sub(r, p, q);
    agrees(decimal_subtract(x, y, &arena), r, wider, "-", a, b);
    mpq_mul(r, p, q);
    agrees(decimal_multiply(x, y, &arena), r, scale_in(a) + scale_in(b), "*", a, b);
    if (mpq_sgn(q) != 0) {
        remainder_rational(r, p, q);
        agrees(decimal_remainder(x, y, &arena), r, wider, "%", a, b);
    }
    mpq_neg(r, p);
    agrees(decimal_negate(x, &arena), r, scale_in(a), "negate", a, "");
    mpq_abs(r, p);
    agrees(decimal_absolute(x, &arena), r, scale_in(a), "abs", a, "");
    int order = mpq_cmp(p, q), ours = decimal_compare(x, y);
    CHECK((order > 0) - (order < 0) == (ours > 0) - (ours < 0), "compare");
    CHECK((strcmp(key_of(x), key_of(y)) == 0) == (order == 0), "keys are equal as values are");
    CHECK(decimal_sign(x) == mpq_sgn(p), "sign");
    mpq_clears(p, q, r, NULL);
}

static void check_places(const char *a)
{
    int32_t places = (int32_t)random_below(90) - 45;
    Rounding rounding = (Rounding)random_below(3);
    Decimal x = decimal(a);
    mpq_t p;
    mpq_init(p);
    rational_of(p, a);
    Decimal trimmed = decimal_trim(x, &arena);
    CHECK(is_rational(trimmed, p) && is_normal(trimmed), "trim keeps the value");
    CHECK(trimmed.scale == 0 || strchr("123456789", text_of(trimmed)[strlen(text_of(trimmed)) - 1]),
          "trim leaves no zero");
    int64_t integer;
    bool whole = mpz_cmp_ui(mpq_denref(p), 1) == 0 && mpz_fits_slong_p(mpq_numref(p));
    CHECK(decimal_integer(x, &integer) == whole, "integer");
    CHECK(!whole || integer == mpz_get_si(mpq_numref(p)), "integer's value");
    Arena other = {0};
    CHECK(is_rational(decimal_keep(x, &other), p), "keep");
    arena_free(&other);
    round_rational(p, places, rounding);
    agrees(decimal_round(x, places, rounding, &arena), p, places > 0 ? (size_t)places : 0,
           arena_format(&arena, "round %d", (int)rounding), a,
           arena_format(&arena, "%d", (int)places));
    mpq_clear(p);
}

/* Mostly digits, and all that could be taken for part of a number by mistake. */
static const char *random_cell(void)
{
    static const char odd[] = ".......+-eE, /:;^n\x80\xb0\xff\x1e\x01";
    Buffer text = {0};
    size_t strangeness = 2 + random_below(40);
    for (size_t size = random_below(26); size > 0; size--)
        if (random_below(strangeness) == 0)
            buffer_byte(&text, odd[random_below(sizeof odd - 1)]);
        else
            buffer_byte(&text, (char)('0' + random_below(10)));
    const char *copy = arena_copy(&arena, buffer_string(&text), text.size);
    buffer_free(&text);
    return copy;
}

/* The bytes alone, so that a sanitizer sees any look at what stands behind them. */
static DecimalSyntax read_alone(const char *text, Decimal *value)
{
    size_t size = strlen(text);
    char *alone = memory_array(size, 1);
    memcpy(alone, text, size);
    DecimalSyntax syntax = decimal_read((Span){alone, size}, value, &arena);
    free(alone);
    return syntax;
}

static void check_cell(const regex_t *grammar, const char *text)
{
    Decimal value = {0};
    bool wanted = regexec(grammar, text, 0, NULL, 0) == 0;
    DecimalSyntax syntax = read_alone(text, &value);
    CHECK((syntax != DECIMAL_NOT_READ) == wanted, shown(text, strlen(text)));
    if (syntax != DECIMAL_READ || strpbrk(text, "eE") != NULL)
        return;
    mpq_t q;
    mpq_init(q);
    rational_of(q, *text == '+' ? text + 1 : text);
    agrees(value, q, scale_in(text), "read", text, "");
    mpq_clear(q);
}

static void test_random_cells(void)
{
    regex_t grammar;
    regcomp(&grammar, "^[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?$", REG_EXTENDED | REG_NOSUB);
    for (int i = 0; i < 10 * ROUNDS && passing; i++) {
        check_cell(&grammar, random_cell());
        arena_reset(&arena);
    }
    regfree(&grammar);
}

static void test_random_decimals(void)
{
    for (int i = 0; i < ROUNDS && passing; i++) {
        check_pair(random_numeral(), random_numeral());
        check_places(random_numeral());
        arena_reset(&arena);
    }
}

/* ---- rationals ---- */

static void test_division(void)
{
    SAME(settled(ratio("2", "3")), "0.66666666666666667", "2 / 3");
    SAME(settled(ratio("-2", "3")), "-0.66666666666666667", "-2 / 3");
    SAME(settled(ratio("2", "-3")), "-0.66666666666666667", "2 / -3");
    SAME(settled(ratio("6.00", "3")), "2", "6.00 / 3");
    SAME(settled(ratio("600", "0.003")), "200000", "600 / 0.003");
    SAME(settled(ratio("1e20", "3")), "33333333333333333000", "1e20 / 3");
    SAME(settled(ratio("0.00", "7")), "0", "0.00 / 7");
    SAME(settled(ratio("-9223372036854775808", "1")), "-9223372036854775800", "least / 1");
    SAME(settled(ratio("99999999999999999.5", "1")), "100000000000000000", "carry");
    SAME(settled(ratio("999999999999999999", "10")), "100000000000000000", "carry over the point");
    SAME(settled(ratio("1", "9223372036854775807")), "0.00000000000000000010842021724855044",
         "1 / greatest");
    Number third = ratio("1", "3");
    SAME(settled(number_multiply(third, number("3"), &arena)), "1", "1 / 3 * 3");
    SAME(settled(number_add(third, ratio("1", "6"), &arena)), "0.5", "1 / 3 + 1 / 6");
    SAME(settled(number_add(number("1.50"), number("1.5"), &arena)), "3.00", "no divisor");
    SAME(text_of(number_round(ratio("5", "2"), 0, ROUND_HALF_AWAY, &arena)), "3", "5 / 2");
    SAME(text_of(number_round(ratio("-5", "2"), 0, ROUND_HALF_AWAY, &arena)), "-3", "-5 / 2");
    SAME(text_of(number_round(third, 3, ROUND_UP, &arena)), "0.334", "a third, up");
    SAME(text_of(number_round(ratio("-1", "3"), 3, ROUND_DOWN, &arena)), "-0.334", "down");
    SAME(text_of(number_round(ratio("1", "3"), -1000000, ROUND_HALF_AWAY, &arena)), "0",
         "a third to a million places left of the point");
    CHECK(number_compare(ratio("1", "3"), ratio("2", "6")) == 0, "1 / 3 = 2 / 6");
    CHECK(number_compare(ratio("1", "3"), number("0.33333333333333333333333333")) > 0,
          "1/3 > 0.33");
    SAME(settled(ratio("1e-1000", "3")), "0", "below what can be read again");
}

typedef struct Pair {
    Number ours;
    mpq_t theirs;
} Pair;

static void random_leaf(Pair *pair)
{
    const char *text = random_numeral();
    pair->ours = number(text);
    rational_of(pair->theirs, text);
}

/* a = a op b, on both sides; returns false if it would divide by zero. */
static bool apply(Pair *a, const Pair *b)
{
    size_t operation = random_below(5);
    if (operation >= 3 && mpq_sgn(b->theirs) == 0)
        return false;
    if (operation == 0) {
        a->ours = number_add(a->ours, b->ours, &arena);
        mpq_add(a->theirs, a->theirs, b->theirs);
    } else if (operation == 1) {
        a->ours = number_subtract(a->ours, b->ours, &arena);
        mpq_sub(a->theirs, a->theirs, b->theirs);
    } else if (operation == 2) {
        a->ours = number_multiply(a->ours, b->ours, &arena);
        mpq_mul(a->theirs, a->theirs, b->theirs);
    } else if (operation == 3) {
        a->ours = number_divide(a->ours, b->ours, &arena);
        mpq_div(a->theirs, a->theirs, b->theirs);
    } else {
        a->ours = number_remainder(a->ours, b->ours, &arena);
        remainder_rational(a->theirs, a->theirs, b->theirs);
    }
    return true;
}

/* q rounded to significant digits, by trying exponents from far above. */
static void round_rational_digits(mpq_t q, int32_t digits)
{
    if (mpq_sgn(q) == 0)
        return;
    mpq_t size, unit;
    mpq_inits(size, unit, NULL);
    mpq_abs(size, q);
    int32_t exponent =
        (int32_t)mpz_sizeinbase(mpq_numref(q), 10) - (int32_t)mpz_sizeinbase(mpq_denref(q), 10) + 2;
    for (;; exponent--) {
        mpz_ui_pow_ui(mpq_numref(unit), 10, (unsigned long)abs(exponent));
        mpz_set_ui(mpq_denref(unit), 1);
        if (exponent < 0)
            mpq_inv(unit, unit);
        if (mpq_cmp(size, unit) >= 0)
            break;
    }
    int32_t places = digits - 1 - exponent;
    round_rational(q, places > DECIMAL_MAX_DIGITS ? DECIMAL_MAX_DIGITS : places, ROUND_HALF_AWAY);
    mpq_clears(size, unit, NULL);
}

static void check_result(Pair *pair)
{
    int32_t places = (int32_t)random_below(60) - 30;
    Rounding rounding = (Rounding)random_below(3);
    int32_t digits = random_below(2) == 0 ? NUMBER_DIGITS : 1 + (int32_t)random_below(30);
    mpq_t q;
    mpq_init(q);
    mpq_set(q, pair->theirs);
    round_rational(q, places, rounding);
    Decimal rounded = number_round(pair->ours, places, rounding, &arena);
    agrees(rounded, q, places > 0 ? (size_t)places : 0, "round", "a number", "");
    mpq_set(q, pair->theirs);
    round_rational_digits(q, digits);
    Decimal short_one = number_round_digits(pair->ours, digits, &arena);
    CHECK(is_rational(short_one, q) && is_normal(short_one), "significant digits");
    CHECK(strcmp(text_of(short_one), key_of(short_one)) == 0, "no zeros at the end");
    mpq_clear(q);
}

static void test_random_numbers(void)
{
    Pair a, b;
    mpq_inits(a.theirs, b.theirs, NULL);
    for (int i = 0; i < ROUNDS && passing; i++) {
        random_leaf(&a);
        for (size_t steps = random_below(4); steps > 0; steps--) {
            random_leaf(&b);
            Pair *operand = random_below(8) == 0 ? &a : &b;
            if (operand == &a) {
                b.ours = a.ours;
                mpq_set(b.theirs, a.theirs);
            }
            apply(&a, &b);
        }
        check_result(&a);
        random_leaf(&b);
        int order = mpq_cmp(a.theirs, b.theirs), ours = number_compare(a.ours, b.ours);
        CHECK((order > 0) - (order < 0) == (ours > 0) - (ours < 0), "compare");
        Arena other = {0};
        CHECK(number_compare(number_keep(a.ours, &other), a.ours) == 0, "keep");
        arena_free(&other);
        arena_reset(&arena);
    }
    mpq_clears(a.theirs, b.theirs, NULL);
}

/* ---- sums and statistics ---- */

static const char *sum_of(const char *const *texts, size_t count)
{
    Sum sum = {0};
    for (size_t i = 0; i < count; i++)
        sum_add(&sum, decimal(texts[i]));
    const char *total = text_of(sum_total(&sum, &arena));
    sum_free(&sum);
    return total;
}

static void test_sums(void)
{
    SAME(sum_of(NULL, 0), "0", "nothing");
    SAME(sum_of((const char *[]){"0.1", "0.2", "1e16", "-1e16"}, 4), "0.3", "cancellation");
    SAME(sum_of((const char *[]){"0.7", "0.79", "1", "1.1"}, 4), "3.59", "0.7 0.79 1 1.1");
    SAME(sum_of((const char *[]){"1.50", "1.5"}, 2), "3.00", "1.50 1.5");
    SAME(sum_of((const char *[]){"0", "1e-60"}, 2), text_of(decimal("1e-60")), "0 and 1e-60");
    const char *big = "170141183460469231731687303715884105727";
    SAME(sum_of((const char *[]){big, "1"}, 2), "170141183460469231731687303715884105728", "2^127");
    SAME(sum_of((const char *[]){big, "1", "-1", "-170141183460469231731687303715884105727.0"}, 4),
         "0.0", "2^127 and back");
}

/* Overflow of the 128 bits themselves, from small values only. */
static void test_sum_overflow(void)
{
    Sum sum = {0}, squares = {0};
    Decimal greatest = decimal_of(INT64_MAX);
    for (int i = 0; i < 3; i++)
        sum_add_square(&squares, greatest);
    SAME(text_of(sum_total(&squares, &arena)), "255211775190703847542190723352697503747",
         "three greatest squares");
    sum_add(&sum, decimal("9223372036854775807e19"));
    sum_add(&sum, decimal("9223372036854775807e19"));
    SAME(text_of(sum_total(&sum, &arena)), "184467440737095516140000000000000000000", "twice e19");
    sum_merge(&sum, &squares);
    sum_add(&sum, decimal("0.5"));
    SAME(text_of(sum_total(&sum, &arena)), "439679215927799363682190723352697503747.5", "merged");
    sum_free(&sum);
    sum_free(&squares);
}

static void test_random_sums(void)
{
    mpq_t total, squares, q;
    mpq_inits(total, squares, q, NULL);
    for (int i = 0; i < ROUNDS / 20 && passing; i++) {
        Sum sums[2] = {{0}, {0}}, square = {0};
        mpq_set_ui(total, 0, 1);
        mpq_set_ui(squares, 0, 1);
        size_t scale = 0;
        for (size_t n = random_below(40); n > 0; n--) {
            const char *text = random_numeral();
            scale = scale > scale_in(text) ? scale : scale_in(text);
            rational_of(q, text);
            mpq_add(total, total, q);
            mpq_mul(q, q, q);
            mpq_add(squares, squares, q);
            sum_add(&sums[random_below(2)], decimal(text));
            sum_add_square(&square, decimal(text));
        }
        sum_merge(&sums[0], &sums[1]);
        agrees(sum_total(&sums[0], &arena), total, scale, "sum", "", "");
        agrees(sum_total(&square, &arena), squares, 2 * scale, "squares", "", "");
        sum_free(&sums[0]);
        sum_free(&sums[1]);
        sum_free(&square);
        arena_reset(&arena);
    }
    mpq_clears(total, squares, q, NULL);
}

typedef struct Moments {
    Sum total, squares;
    uint64_t count;
} Moments;

static void moments_add(Moments *moments, Decimal value)
{
    sum_add(&moments->total, value);
    sum_add_square(&moments->squares, value);
    moments->count++;
}

/* Mean and sample standard deviation at `digits`, against NIST's certified values. */
static void certified(Moments *moments, int32_t digits, const char *mean, const char *deviation,
                      const char *name)
{
    Decimal total = sum_total(&moments->total, &arena);
    Decimal squares = sum_total(&moments->squares, &arena);
    Number average = statistics_mean(total, moments->count, &arena);
    SAME(text_of(number_round_digits(average, digits, &arena)), mean, name);
    Number variance = statistics_variance(total, squares, moments->count, 1, &arena);
    Number root;
    CHECK(number_sqrt(variance, &root, &arena) == NULL, name);
    SAME(text_of(number_round_digits(root, digits, &arena)), deviation, name);
    sum_free(&moments->total);
    sum_free(&moments->squares);
    *moments = (Moments){0};
}

/* NIST StRD NumAcc2 to NumAcc4: one middle value, then 500 pairs of neighbours. */
static void alternate(Moments *moments, const char *middle, const char *low, const char *high)
{
    moments_add(moments, decimal(middle));
    for (int i = 0; i < 500; i++) {
        moments_add(moments, decimal(low));
        moments_add(moments, decimal(high));
    }
}

/* NIST StRD Michelson (1879): the speed of light in km/s less 299 000. */
static const int michelson[] = {
    850,  740, 900, 1070, 930, 850, 950, 980, 980, 880, 1000, 980, 930, 650, 760, 810, 1000,
    1000, 960, 960, 960,  940, 960, 940, 880, 800, 850, 880,  900, 840, 830, 790, 810, 880,
    880,  830, 800, 790,  760, 800, 880, 880, 880, 860, 720,  720, 620, 860, 970, 950, 880,
    910,  850, 870, 840,  840, 850, 840, 840, 840, 890, 810,  810, 820, 800, 770, 760, 740,
    750,  760, 910, 920,  890, 860, 880, 720, 840, 850, 850,  780, 890, 840, 780, 810, 760,
    810,  790, 810, 820,  850, 870, 870, 810, 740, 810, 940,  950, 800, 810, 870};

static void test_certified(void)
{
    Moments moments = {0};
    for (int i = 1; i <= 3; i++)
        moments_add(&moments, decimal_of(10000000 + (i == 1 ? 1 : i == 2 ? 3 : 2)));
    certified(&moments, 17, "10000002", "1", "NumAcc1");
    alternate(&moments, "1.2", "1.1", "1.3");
    certified(&moments, 17, "1.2", "0.1", "NumAcc2");
    alternate(&moments, "1000000.2", "1000000.1", "1000000.3");
    certified(&moments, 17, "1000000.2", "0.1", "NumAcc3");
    alternate(&moments, "10000000.2", "10000000.1", "10000000.3");
    certified(&moments, 17, "10000000.2", "0.1", "NumAcc4");
    for (size_t i = 0; i < sizeof michelson / sizeof *michelson; i++)
        moments_add(&moments, decimal(arena_format(&arena, "%.3f", 299 + michelson[i] / 1e3)));
    certified(&moments, 15, "299.8524", "0.0790105478190518", "Michelson");
}

static void test_variances(void)
{
    Moments moments = {0};
    for (int i = 1; i <= 4; i++)
        moments_add(&moments, decimal_of(i));
    Decimal total = sum_total(&moments.total, &arena),
            squares = sum_total(&moments.squares, &arena);
    SAME(settled(statistics_variance(total, squares, 4, 1, &arena)), "1.6666666666666667",
         "sample");
    SAME(settled(statistics_variance(total, squares, 4, 0, &arena)), "1.25", "population");
    SAME(settled(statistics_variance(decimal("5.50"), decimal("30.2500"), 1, 0, &arena)), "0",
         "population of one");
}

static Decimal nth(void *context, uint64_t i)
{
    return decimal(((const char *const *)context)[i]);
}

static void quantile(const char *const *sorted, uint64_t count, const char *p, const char *wanted)
{
    Number q = statistics_quantile(nth, (void *)(uintptr_t)sorted, count, decimal(p), &arena);
    CHECK(q.divisor != NULL, "a quantile is no decimal by nature");
    SAME(settled(q), wanted, p);
}

static void test_quantiles(void)
{
    static const char *const values[] = {"1", "2.0", "4", "8", "16", "32.50"};
    quantile(values, 6, "0", "1");
    quantile(values, 6, "1", "32.5");
    quantile(values, 6, "1.00", "32.5");
    quantile(values, 6, "0.5", "6");
    quantile(values, 6, "0.25", "2.5");
    quantile(values, 6, "0.9", "24.25");
    quantile(values, 6, "0.333", "3.33");
    quantile(values, 5, "0.5", "4");
    quantile(values, 1, "0.7", "1");
    quantile(values, 2, "0.123456789012345678901", "1.1234567890123457");
}

/* ---- functions ---- */

typedef NumberRefusal (*Unary)(Number, Number *, Arena *);

static void gives(Unary function, const char *argument, const char *wanted)
{
    Number result = {0};
    NumberRefusal refusal = function(number(argument), &result, &arena);
    SAME(refusal != NULL ? refusal : settled(result), wanted, argument);
    CHECK(refusal != NULL || result.divisor != NULL, "the result of a function has a divisor");
}

static void power_gives(Number base, Number exponent, const char *wanted)
{
    Number result = {0};
    NumberRefusal refusal = number_power(base, exponent, &result, &arena);
    SAME(refusal != NULL ? refusal : settled(result), wanted, settled(base));
}

static void test_roots(void)
{
    gives(number_sqrt, "6.25", "2.5");
    gives(number_sqrt, "0.00", "0");
    gives(number_sqrt, "2", "1.414213562373095");
    gives(number_sqrt, "3", "1.7320508075688773");
    gives(number_sqrt, "1e-1000", text_of(decimal("1e-500")));
    gives(number_sqrt, "1e-999", text_of(decimal("3.1622776601683793e-500")));
    gives(number_sqrt, "1e900", text_of(decimal("1e450")));
    gives(number_sqrt, "-0.01", "square root of a negative number");
    gives(number_sqrt, "9999999999999999999999999999999999999998", "100000000000000000000");
    Number result;
    number_sqrt(ratio("1", "9"), &result, &arena);
    SAME(settled(number_multiply(result, number("3"), &arena)), "1", "sqrt(1 / 9) * 3");
    Number whole = number_multiply(result, number("3"), &arena);
    SAME(text_of(number_round(whole, 0, ROUND_DOWN, &arena)), "1", "floor(sqrt(1 / 9) * 3)");
}

static void test_powers(void)
{
    power_gives(number("8"), ratio("1", "3"), "2");
    power_gives(number("27"), ratio("-2", "3"), "0.11111111111111111");
    power_gives(ratio("8", "27"), ratio("4", "6"), "0.44444444444444444");
    power_gives(number("0.5"), number("-3"), "8");
    power_gives(number("2"), number("0.5"), "1.414213562373095");
    power_gives(number("2"), number("-3"), "0.125");
    power_gives(number("1.10"), number("2"), "1.21");
    power_gives(number("-2"), number("3"), "-8");
    power_gives(number("-2"), number("-2"), "0.25");
    power_gives(number("-1"), number("1e900"), "1");
    power_gives(number("1.000"), number("1e-900"), "1");
    power_gives(number("0"), number("0"), "1");
    power_gives(number("0.0"), number("2.5"), "0");
    power_gives(number("0"), number("-1"), "zero to a negative power");
    power_gives(number("-8"), ratio("1", "3"), "negative number to a fractional power");
    power_gives(number("10"), number("999"), text_of(decimal("1e999")));
    power_gives(number("10"), number("1000"), "result too large");
    power_gives(number("0.1"), number("-1000"), "result too large");
    power_gives(number("10"), number("-1000"), text_of(decimal("1e-1000")));
    power_gives(number("10"), number("-1001"), "0");
    power_gives(number("2"), number("1e900"), "result too large");
    power_gives(number("2"), number("-1e900"), "0");
    power_gives(number("0.99"), number("1e900"), "0");
    power_gives(number("1.0001"), number("100000"), "22015.456048552199");
    power_gives(number("-1.0001"), number("100001"), "-22017.657594157054");
    power_gives(number("7"), number("1e-900"), "1");
    power_gives(ratio("9", "4"), number("0.5"), "1.5");
}

static bool read_back(const char *text, Decimal *value)
{
    return decimal_read_back(span_of(text), value, &arena);
}

/* States hold sums of more digits than a cell may have; an exponent or a plus is never written. */
static void test_read_back(void)
{
    const char *whole = repeated("", '7', 1500, ""), *below = repeated("-0.", '3', 1500, "");
    const char *both = repeated(repeated("-12", '4', 1200, "."), '5', 1300, "6");
    const char *written[] = {"0", "7", "-1.50", "0.001", whole, below, both};
    Decimal value;
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        CHECK(read_back(written[i], &value), written[i]);
        SAME(text_of(value), written[i], "read back");
    }
    const char *never[] = {"", "+1", "1e5", "1E5", "x", "1.", repeated("", '1', 1500, "e1")};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        CHECK(!read_back(never[i], &value), never[i]);
}

static void test_packed_decimals(void)
{
    const char *large = repeated("-1.", '7', 900, "");
    const char *values[] = {"0",
                            "0.000",
                            "-1",
                            "63",
                            "-64.5",
                            "64",
                            "9223372036854775807",
                            "-9223372036854775808",
                            large,
                            "1.5",
                            repeated("", '9', 40, ".125")};
    enum { COUNT = sizeof values / sizeof *values };
    Buffer bytes = {0};
    for (size_t i = 0; i < COUNT; i++)
        pack_decimal(&bytes, decimal(values[i]));
    const char *at = bytes.at;
    for (size_t i = 0; i < COUNT; i++)
        SAME(text_of(unpack_decimal(&at, &arena)), values[i], "unpacked");
    CHECK(at == bytes.at + bytes.size, "all bytes belong to a decimal");
    buffer_free(&bytes);
}

static void test_packed_counts(void)
{
    const uint64_t counts[] = {0,         1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX - 1,
                               UINT64_MAX};
    const size_t sizes[] = {1, 1, 1, 2, 2, 3, 5, 10, 10};
    Buffer bytes = {0};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        size_t before = bytes.size;
        pack_count(&bytes, counts[i]);
        CHECK(bytes.size - before == sizes[i], "a count takes a byte for each seven bits");
    }
    pack_text(&bytes, span_of("two words"));
    const char *at = bytes.at;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        CHECK(unpack_count(&at) == counts[i], "a count comes back");
    CHECK(span_equal(unpack_text(&at), span_of("two words")), "a text comes back");
    CHECK(at == bytes.at + bytes.size, "all bytes belong to a count or the text");
    buffer_free(&bytes);
}

static void test_logarithms(void)
{
    gives(number_ln, "1", "0");
    gives(number_ln, "1.00", "0");
    gives(number_ln, "2", "0.69314718055994531");
    gives(number_ln, "10", "2.3025850929940457");
    gives(number_ln, "0.1", "-2.3025850929940457");
    gives(number_ln, "0", "logarithm of a number that is not positive");
    gives(number_ln, "-1", "logarithm of a number that is not positive");
    gives(number_ln, "1e999", "2300.2825079010516");
    const char *near_one = repeated("1.", '0', 400, "1");
    gives(number_ln, near_one, text_of(decimal("1e-401")));
    gives(number_exp, "0.0", "1");
    gives(number_exp, "1", "2.7182818284590452");
    gives(number_exp, "-1", "0.36787944117144232");
    gives(number_exp, "2302.5", text_of(decimal("9.1842687219959505e999")));
    gives(number_exp, "2302.6", "result too large");
    gives(number_exp, "-2302.6", "0");
    gives(number_exp, "-2350", "0");
    gives(number_exp, "1e999", "result too large");
    gives(number_exp, "-1e999", "0");
    gives(number_exp, "1e-900", "1");
}

/* A hair beside the middle between two results of 17 digits, or beside a result itself. */
static void beside(const char *middle, const char *hair, int32_t places, Rounding rounding,
                   const char *wanted)
{
    Decimal t = decimal(middle);
    Decimal square = decimal_add(decimal_multiply(t, t, &arena), decimal(hair), &arena);
    Number root, power;
    number_sqrt(number_of(square), &root, &arena);
    number_power(number_of(square), ratio("1", "2"), &power, &arena);
    SAME(text_of(number_round(root, places, rounding, &arena)), wanted, hair);
    SAME(text_of(number_round(power, places, rounding, &arena)), wanted, hair);
}

static void test_hard_cases(void)
{
    beside("1.23456789012345675", "1e-300", 16, ROUND_HALF_AWAY, "1.2345678901234568");
    beside("1.23456789012345675", "0", 16, ROUND_HALF_AWAY, "1.2345678901234568");
    beside("1.23456789012345675", "-1e-300", 16, ROUND_HALF_AWAY, "1.2345678901234567");
    beside("3", "1e-900", 5, ROUND_UP, "3.00001");
    beside("3", "1e-900", 5, ROUND_DOWN, "3.00000");
    beside("3", "0", 5, ROUND_UP, "3.00000");
    beside("3", "-1e-900", 5, ROUND_DOWN, "2.99999");
    beside("3", "-1e-900", 5, ROUND_UP, "3.00000");
    beside("123456789e500", "1", 0, ROUND_UP,
           text_of(decimal_add(decimal("123456789e500"), decimal("1"), &arena)));
}

/* The root of two cut after 130 digits, and its power, which is just below or above two. */
static void check_near_two(unsigned long degree, mpfr_rnd_t side, Rounding rounding,
                           const char *wanted)
{
    mpfr_t root;
    mpfr_init2(root, 2000);
    mpfr_set_ui(root, 2, MPFR_RNDN);
    mpfr_rootn_ui(root, root, degree, MPFR_RNDN);
    mpfr_exp_t exponent;
    char *digits = mpfr_get_str(NULL, &exponent, 10, 130, root, side);
    const char *base = arena_format(&arena, "1.%s", digits + 1);
    Number result;
    number_power(number(base), number_of(decimal_of((int64_t)degree)), &result, &arena);
    SAME(text_of(number_round(result, 20, rounding, &arena)), wanted, base);
    mpfr_free_str(digits);
    mpfr_clear(root);
}

static void test_near_two(void)
{
    for (unsigned long degree = 1000; degree < 1020; degree++) {
        check_near_two(degree, MPFR_RNDD, ROUND_DOWN, "1.99999999999999999999");
        check_near_two(degree, MPFR_RNDU, ROUND_DOWN, "2.00000000000000000000");
        check_near_two(degree, MPFR_RNDU, ROUND_UP, "2.00000000000000000001");
    }
}

/* A number as MPFR has it, its parts put together at a precision of its own. */
static void real_of(mpfr_t real, const char *text)
{
    mpq_t q;
    mpq_init(q);
    rational_of(q, text);
    mpfr_set_q(real, q, MPFR_RNDN);
    mpq_clear(q);
}

/* Whether ours is the real number cut to 17 digits; ties do not happen at random. */
static void agrees_with_real(Number ours, const mpfr_t real, const char *what)
{
    mpfr_exp_t exponent;
    char *digits = mpfr_get_str(NULL, &exponent, 10, NUMBER_DIGITS, real, MPFR_RNDN);
    bool negative = *digits == '-';
    const char *wanted =
        arena_format(&arena, "%s.%se%ld", negative ? "-0" : "0", digits + negative, (long)exponent);
    mpfr_free_str(digits);
    SAME(settled(ours), key_of(decimal(wanted)), what);
}

static const char *random_positive(size_t before, size_t behind)
{
    Buffer text = {0};
    append_digits(&text, 1 + random_below(before));
    buffer_byte(&text, '.');
    append_digits(&text, random_below(behind));
    buffer_byte(&text, (char)('1' + random_below(9)));
    const char *copy = arena_copy(&arena, text.at, text.size);
    buffer_free(&text);
    return copy;
}

static void check_functions(mpfr_t x, mpfr_t y)
{
    const char *a = random_positive(3, 30);
    const char *b = random_positive(2, 6);
    Number result;
    real_of(x, a);
    mpfr_sqrt(y, x, MPFR_RNDN);
    number_sqrt(number(a), &result, &arena);
    agrees_with_real(result, y, arena_format(&arena, "sqrt(%s)", a));
    mpfr_log(y, x, MPFR_RNDN);
    number_ln(number(a), &result, &arena);
    agrees_with_real(result, y, arena_format(&arena, "ln(%s)", a));
    mpfr_neg(y, x, MPFR_RNDN);
    mpfr_exp(y, y, MPFR_RNDN);
    number_exp(number_negate(number(a), &arena), &result, &arena);
    agrees_with_real(result, y, arena_format(&arena, "exp(-%s)", a));
    real_of(y, b);
    mpfr_pow(y, x, y, MPFR_RNDN);
    number_power(number(a), number(b), &result, &arena);
    agrees_with_real(result, y, arena_format(&arena, "power(%s, %s)", a, b));
}

static void test_random_functions(void)
{
    mpfr_t x, y;
    mpfr_inits2(6000, x, y, (mpfr_ptr)NULL);
    for (int i = 0; i < FUNCTION_ROUNDS && passing; i++) {
        check_functions(x, y);
        arena_reset(&arena);
    }
    mpfr_clears(x, y, (mpfr_ptr)NULL);
}

int main(int count, char **arguments)
{
    diagnostic_program("num_test");
    uint64_t seed = count > 1 ? strtoull(arguments[1], NULL, 10) : (uint64_t)time(NULL);
    random_state = seed * 2 + 1;
    printf("# seed %" PRIu64 "\n", seed);
    test("a numeral is digits, perhaps a point between digits, perhaps an exponent", test_grammar);
    test("anything else is not a number", test_not_numbers);
    test("a thousand digits on a side of the point are read and more are refused",
         test_digit_limits);
    test("a number that was written is read back, however long", test_read_back);
    test("packed decimals come back one after the other", test_packed_decimals);
    test("packed counts and texts come back, small ones in few bytes", test_packed_counts);
    test("sums keep the wider scale and products add scales", test_scales);
    test("rounding is half away from zero, floor and ceil are toward infinity", test_rounding);
    test("giant results are refused with a sentence", test_giants);
    test("whole numbers that fit 64 bits are recognised at any scale", test_integers);
    test("random cells are numbers just when a regular expression says so", test_random_cells);
    test("random decimals agree with GMP's rationals", test_random_decimals);
    test("quotients are exact until they are rounded once to 17 digits", test_division);
    test("random expressions agree with GMP's rationals", test_random_numbers);
    test("sums are exact and keep the widest scale", test_sums);
    test("sums grow past 128 bits", test_sum_overflow);
    test("random sums and squares agree with GMP, in parts or whole", test_random_sums);
    test("means and deviations are NIST's certified ones", test_certified);
    test("variances are the sample's or the population's", test_variances);
    test("quantiles interpolate as R's type 7", test_quantiles);
    test("square roots are exact or correctly rounded", test_roots);
    test("powers are exact or correctly rounded", test_powers);
    test("ln and exp are correctly rounded", test_logarithms);
    test("results a hair beside a boundary fall on the right side", test_hard_cases);
    test("powers are tried again at higher precision until their digits are certain",
         test_near_two);
    test("random roots, powers, logarithms agree with MPFR at 6000 bits", test_random_functions);
    printf("1..%d\n", test_count);
    arena_free(&arena);
    mpfr_free_cache();
    return failed_count != 0;
}
