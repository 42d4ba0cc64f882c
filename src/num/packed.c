#include "num/packed.h"

#include <stdlib.h>

#include "num/big.h"

enum { COUNT_BYTES = 10 }; /* of seven bits each, for 64 */

void pack_count(Buffer *out, uint64_t count)
{
    buffer_reserve(out, COUNT_BYTES);
    for (; count >= 0x80; count >>= 7)
        out->at[out->size++] = (char)(count | 0x80);
    out->at[out->size++] = (char)count;
}

uint64_t unpack_count(const char **at)
{
    uint64_t count = 0;
    for (unsigned shift = 0;; shift += 7) {
        uint64_t byte = (unsigned char)*(*at)++;
        count |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            return count;
    }
}

/* The sign moves to the lowest bit, so that small negative numbers are small counts. */
static uint64_t folded(int64_t value)
{
    return (uint64_t)value << 1 ^ (uint64_t) - (int64_t)(value < 0);
}

static int64_t unfolded(uint64_t value)
{
    return (int64_t)(value >> 1 ^ -(value & 1));
}

/* The scale comes with a bit that says whether limbs follow. */
void pack_decimal(Buffer *out, Decimal value)
{
    pack_count(out, (uint64_t)value.scale << 1 | (value.big != NULL));
    if (value.big == NULL) {
        pack_count(out, folded(value.small));
        return;
    }
    size_t limbs = (size_t)abs(value.big->size);
    pack_count(out, folded(value.big->size));
    buffer_append(out, (const char *)value.big->limbs, limbs * sizeof *value.big->limbs);
}

static Decimal unpack_large(const char **at, int32_t scale, Arena *arena)
{
    int64_t size = unfolded(unpack_count(at));
    size_t bytes = (size_t)llabs(size) * sizeof(mp_limb_t);
    Big *big = arena_take(arena, sizeof *big + bytes);
    big->size = (int)size;
    memcpy(big->limbs, *at, bytes);
    *at += bytes;
    return (Decimal){.big = big, .scale = scale};
}

Decimal unpack_decimal(const char **at, Arena *arena)
{
    uint64_t first = unpack_count(at);
    int32_t scale = (int32_t)(first >> 1);
    if (first & 1)
        return unpack_large(at, scale, arena);
    return (Decimal){.small = unfolded(unpack_count(at)), .scale = scale};
}

void pack_text(Buffer *out, Span text)
{
    pack_count(out, text.size);
    buffer_append(out, text.at, text.size);
}

Span unpack_text(const char **at)
{
    size_t size = (size_t)unpack_count(at);
    Span text = {*at, size};
    *at += size;
    return text;
}
