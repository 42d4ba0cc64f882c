/*
 * Digits: decimal digits a word at a time, and powers of ten.
 *
 * A word holds eight characters, the first in its lowest byte, and stands for a number of eight
 * digits once each byte is the digit itself.
 */
#ifndef NUM_DIGITS_H
#define NUM_DIGITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define DIGITS_ONES UINT64_C(0x0101010101010101)

/* 10^0 … 10^19, all that fit 64 bits. */
enum { POWER10_COUNT = 20 };
extern const uint64_t power10[POWER10_COUNT];

/* Without the overflow that -INT64_MIN would be. */
static inline uint64_t magnitude(int64_t a)
{
    return a < 0 ? -(uint64_t)a : (uint64_t)a;
}

/* Digits of n > 0. Its length in bits times log10(2), 1233 / 4096, is the count or one less. */
static inline int32_t digit_count(uint64_t n)
{
    int32_t count = (64 - __builtin_clzll(n)) * 1233 >> 12;
    return count + (n >= power10[count]);
}

/* The high bit of bytes that are no digit (0 to 9): of all, and perhaps of some behind the first.
 */
static inline uint64_t not_digits(uint64_t word)
{
    return ((word + (0x80 - 10) * DIGITS_ONES) | word) & 0x80 * DIGITS_ONES;
}

/*
 * Eight digits as a number.  Pairs of digits, then of pairs, are added by one multiplication each
 * (Lemire, "Quickly parsing eight digits", 2018).
 */
static inline uint64_t join_digits(uint64_t word)
{
    word = word * (10 * 256 + 1) >> 8;
    word = (word & UINT64_C(0x00FF00FF00FF00FF)) * (100 * 65536 + 1) >> 16;
    return (word & UINT64_C(0x0000FFFF0000FFFF)) * (10000 * (UINT64_C(1) << 32) + 1) >> 32;
}

/*
 * A number cell of at most 8 bytes as one word (span_word()): digits with at most one point among
 * them, and a minus in front.  What this refuses may still be a number.
 */
static inline __attribute__((always_inline)) bool digits_short(uint64_t word, size_t size,
                                                               int64_t *mantissa, int32_t *scale)
{
    bool negative = (word & 0xff) == '-';
    word >>= 8 * negative;
    size -= negative;
    uint64_t points = word ^ '.' * DIGITS_ONES;
    points = (points - DIGITS_ONES) & ~points & 0x80 * DIGITS_ONES;
    *scale = 0;
    if (points != 0) {
        size_t before = (size_t)__builtin_ctzll(points) / 8;
        if (before == 0 || before + 1 >= size)
            return false;
        /* NOLINTNEXTLINE: of eight bytes at most seven are before one */
        uint64_t whole = (UINT64_C(1) << 8 * before) - 1;
        word = (word & whole) | (word >> 8 & ~whole);
        *scale = (int32_t)(--size - before);
    }
    if (size == 0)
        return false;
    word = (word ^ '0' * DIGITS_ONES) << (64 - 8 * size);
    if (not_digits(word) != 0)
        return false;
    int64_t value = (int64_t)join_digits(word);
    *mantissa = negative ? -value : value;
    return true;
}

/* The same of 16 bytes besides the minus: nearly every number cell there is. */
bool digits_read(Span text, int64_t *mantissa, int32_t *scale);

#endif
