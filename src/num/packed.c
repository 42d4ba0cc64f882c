#include "num/packed.h"

#include <stdlib.h>

#include "num/big.h"

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
