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

void pack_count(Buffer *out, uint64_t count);
void pack_decimal(Buffer *out, Decimal value);
void pack_text(Buffer *out, Span text);

uint64_t unpack_count(const char **at);

/* Limbs of a large one go into the arena. */
Decimal unpack_decimal(const char **at, Arena *arena);

/* The text as it lies there. */
Span unpack_text(const char **at);

#endif
