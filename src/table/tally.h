/*
 * Tally: numbers with how often each occurs, for quantiles, modes and distinct counts.
 *
 * Values that are equal (1.5 and 1.50) count as one, shown at the widest scale.  New values are put
 * at the end; when the room is full they are sorted in, and the room doubles.  A value that occurs
 * again is there again, until more than half of them are such: from then on each is there once,
 * with its count, and the room doubles only if it is more than half full of different ones.  So
 * memory is 8 bytes for each of few values, and never more than 64 for each distinct one.
 *
 * A value is one word, its mantissa at the tally's scale with its own scale in the low bits, so
 * that words order as values do and sorting is by bytes; the tally's scale is the widest met.  When
 * a value does not fit 58 bits, all become decimals with counts, sorted by comparing.
 */
#ifndef TABLE_TALLY_H
#define TABLE_TALLY_H

#include <stdbool.h>

#include "num/decimal.h"

enum { TALLY_SCALE_BITS = 5 };

typedef struct LargeEntry {
    Decimal value;
    uint64_t count;
} LargeEntry;

typedef struct Tally {
    int64_t *words;
    uint64_t *counts;  /* of the words; NULL: each is one */
    LargeEntry *large; /* instead of both, or NULL */
    size_t count, room;
    size_t settled; /* how many at the front are ascending */
    int32_t scale;  /* of the words */
} Tally;            /* all zero is an empty one */

/* Adds the value `times`. A large value's limbs are the caller's to keep (tally_keep). */
void tally_add(Tally *tally, Decimal value, uint64_t times);

/* The same, once, where nothing is in the way; false, with nothing done, if something is. */
static inline bool tally_append(Tally *tally, Decimal value)
{
    int64_t word;
    if (tally->count == tally->room || tally->counts != NULL || tally->words == NULL ||
        value.big != NULL || value.scale != tally->scale ||
        __builtin_mul_overflow(value.small, INT64_C(1) << TALLY_SCALE_BITS, &word))
        return false;
    tally->words[tally->count++] = word | value.scale;
    return true;
}

/* Adds the values of another, large ones with the limbs they have. */
void tally_merge(Tally *tally, const Tally *other);

/* Puts the values in order until the next one is added; the functions that follow need that. */
void tally_settle(Tally *tally);

/* How many values there are, equal ones each counted. */
uint64_t tally_total(const Tally *tally);

/* How many different ones. */
size_t tally_distinct(const Tally *tally);

/*
 * The different values, ascending, with how often they occur: *at is 0 at first and moves on; false
 * at the end.
 */
bool tally_next(const Tally *tally, size_t *at, Decimal *value, uint64_t *times);

/* The i-th smallest of all values, 0-based, i < total. */
Decimal tally_smallest(const Tally *tally, uint64_t i);

/* The value that occurs most often, of equals the least; there must be one. */
Decimal tally_mode(const Tally *tally);

/* Settles, and moves the limbs of large values into `arena`. */
void tally_keep(Tally *tally, Arena *arena);

/* Bytes of memory held. */
size_t tally_size(const Tally *tally);

void tally_free(Tally *tally);

#endif
