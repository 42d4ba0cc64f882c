/*
 * Tally: numbers with how often each occurs, for quantiles, modes and distinct counts.
 *
 * Values that are equal (1.5 and 1.50) are one entry, shown at the widest scale.  New values are
 * put at the end; when the room is full they are sorted in and equal ones merged, and the room
 * doubles only if that left it more than half full.  So memory is 32 bytes for each distinct value
 * (times 4 at worst) however many rows there are, and adding n values costs O(n log n) in all.
 * Tallies of parts merge by adding the entries of one to the other.
 */
#ifndef TABLE_TALLY_H
#define TABLE_TALLY_H

#include "num/decimal.h"

typedef struct TallyEntry {
    Decimal value;
    uint64_t count;
} TallyEntry;

typedef struct Tally {
    TallyEntry *entries;
    size_t count, room;
    size_t settled; /* entries at the front that are ascending and distinct */
    uint64_t total; /* the sum of counts */
} Tally;            /* all zero is an empty one */

/* Adds the value `times`. A large value's limbs are the caller's to keep (tally_keep). */
void tally_add(Tally *tally, Decimal value, uint64_t times);

/* Sorts and merges: entries are ascending and distinct until the next tally_add(). */
void tally_settle(Tally *tally);

/* The i-th smallest of all values, 0-based, i < total; of a settled tally. */
Decimal tally_smallest(const Tally *tally, uint64_t i);

/* The value that occurs most often, of equals the least; of a settled tally that is not empty. */
Decimal tally_mode(const Tally *tally);

/* Settles, and moves the limbs of large values into `arena`. */
void tally_keep(Tally *tally, Arena *arena);

void tally_free(Tally *tally);

#endif
