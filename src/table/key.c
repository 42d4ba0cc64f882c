#include "table/key.h"

#include "num/digits.h"

/*
 * A number other than zero is written ±0.ddd… × 10^e with the first and the last digit not zero.
 * Its key is a byte for sign and exponent (a longer form where e is not within ±EXPONENT_NEAR),
 * the digits two to a byte as 1 … 100, and a 0 at the end; all complemented for a negative one.
 */
enum {
    ZERO = 0x80,
    EXPONENT_LOW = 0x81, /* three bytes of exponent follow, offset by EXPONENT_MIDDLE */
    EXPONENT_HIGH = 0xFE,
    EXPONENT_ZERO = 0xBF,
    EXPONENT_NEAR = 60,
    EXPONENT_MIDDLE = 0x800000,
    SMALL_DIGITS = 19 /* of a mantissa in 64 bits with a sign */
};

static void complement(Buffer *key, size_t from)
{
    for (size_t i = from; i < key->size; i++)
        key->at[i] = (char)~key->at[i];
}

static void append_exponent(Buffer *key, int32_t exponent)
{
    if (exponent >= -EXPONENT_NEAR && exponent <= EXPONENT_NEAR) {
        buffer_byte(key, (char)(EXPONENT_ZERO + exponent));
        return;
    }
    uint32_t offset = (uint32_t)(EXPONENT_MIDDLE + exponent);
    buffer_byte(key, (char)(exponent < 0 ? EXPONENT_LOW : EXPONENT_HIGH));
    buffer_byte(key, (char)(offset >> 16));
    buffer_byte(key, (char)(offset >> 8 & 0xFF));
    buffer_byte(key, (char)(offset & 0xFF));
}

/* The digits, not all zero, that stand before and behind the point: `whole` of them before it. */
static void append_magnitude(Buffer *key, const char *digits, size_t size, int32_t whole)
{
    /* NOLINTNEXTLINE: one of the digits is not 0 */
    while (*digits == '0') {
        digits++;
        size--;
        whole--;
    }
    while (digits[size - 1] == '0')
        size--;
    append_exponent(key, whole);
    buffer_reserve(key, size / 2 + 2);
    for (size_t i = 0; i < size; i += 2) {
        int pair = (digits[i] - '0') * 10 + (i + 1 < size ? digits[i + 1] - '0' : 0);
        key->at[key->size++] = (char)(pair + 1);
    }
    key->at[key->size++] = 0;
}

/* The same, two digits at a time: a last one that is alone gets a zero behind it. */
static void append_small(Buffer *key, Decimal value)
{
    unsigned char pairs[SMALL_DIGITS / 2 + 1];
    uint64_t rest = magnitude(value.small);
    int32_t digits = digit_count(rest);
    size_t first = sizeof pairs, end = sizeof pairs;
    if (digits % 2 != 0) {
        pairs[--first] = (unsigned char)(rest % 10 * 10);
        rest /= 10;
    }
    for (; rest != 0; rest /= 100)
        pairs[--first] = (unsigned char)(rest % 100);
    /* NOLINTNEXTLINE: one of the pairs, which are as many as were set, is not 0 */
    while (pairs[end - 1] == 0)
        end--;
    append_exponent(key, digits - value.scale);
    buffer_reserve(key, sizeof pairs + 1);
    for (size_t i = first; i < end; i++)
        key->at[key->size++] = (char)(pairs[i] + 1);
    key->at[key->size++] = 0;
}

static void append_large(Buffer *key, Decimal value)
{
    Buffer text = {0};
    decimal_write((Decimal){.small = value.small, .big = value.big}, &text);
    size_t sign = text.at[0] == '-';
    append_magnitude(key, text.at + sign, text.size - sign,
                     (int32_t)(text.size - sign) - value.scale);
    buffer_free(&text);
}

void key_number(Buffer *key, Decimal value, bool descending)
{
    size_t from = key->size;
    int sign = decimal_sign(value);
    if (sign == 0)
        buffer_byte(key, (char)ZERO);
    else if (value.big == NULL)
        append_small(key, value);
    else
        append_large(key, value);
    if ((sign < 0) != descending)
        complement(key, from);
}

void key_text(Buffer *key, Span value, bool descending)
{
    size_t from = key->size;
    buffer_append(key, value.at, value.size);
    buffer_byte(key, '\0');
    if (descending)
        complement(key, from);
}
