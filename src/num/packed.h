/*
 * Packed: counts, decimals and texts as few bytes, for states that leave memory.
 *
 * A value is appended to a buffer and read back, exactly and in the same order, from a cursor that
 * it moves on: a small count takes one byte, a decimal such as 1346.42 four.  The bytes are for the
 * process that wrote them: what is read is trusted.
 */
#ifndef NUM_PACKED_H
#define NUM_PACKED_H

#include <stdint.h>

#include "num/decimal.h"

enum { PACKED_COUNT = 10 }; /* of seven bits each, for 64 */

static inline void pack_count(Buffer *out, uint64_t count)
{
    buffer_reserve(out, PACKED_COUNT);
    for (; count >= 0x80; count >>= 7)
        out->at[out->size++] = (char)(count | 0x80);
    out->at[out->size++] = (char)count;
}

static inline uint64_t unpack_count(const char **at)
{
    uint64_t count = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint64_t byte = (unsigned char)*(*at)++;
        count |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            return count;
    }
}

void pack_decimal(Buffer *out, Decimal value);

/* Limbs of a large one go into the arena. */
Decimal unpack_decimal(const char **at, Arena *arena);

static inline void pack_text(Buffer *out, Span text)
{
    pack_count(out, text.size);
    buffer_append(out, text.at, text.size);
}

/* The text as it lies there. */
static inline Span unpack_text(const char **at)
{
    size_t size = (size_t)unpack_count(at);
    Span text = {*at, size};
    *at += size;
    return text;
}

#endif
