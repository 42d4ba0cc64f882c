/*
 * Counts: how often each text occurs in each group, for modes and distinct counts of text.
 *
 * One dictionary serves all groups, so that many small groups cost no more than few large ones:
 * about 70 bytes and the text for each different text of a group.  The entries of a group are a
 * chain, from the newest to the oldest, whose head the caller keeps.
 */
#ifndef TABLE_COUNTS_H
#define TABLE_COUNTS_H

#include <stdint.h>

#include "base/hash.h"

typedef struct CountsEntry {
    uint64_t count;
    size_t older; /* of the same group, plus one; 0: none */
} CountsEntry;

typedef struct Counts {
    Dictionary seen; /* group number and text -> entry */
    CountsEntry *entries;
    size_t room;
    Buffer key;
} Counts; /* all zero is an empty one */

/*
 * Counts the text `times` more; gives its entry.  *newest is the group's newest entry plus one, 0
 * at first, and changes if the text is new to the group.
 */
size_t counts_add(Counts *counts, uint32_t group, Span text, uint64_t times, size_t *newest);

uint64_t counts_of(const Counts *counts, size_t entry);
Span counts_text(const Counts *counts, size_t entry);

/* The entry behind this one in its group's chain, plus one; 0 at the end. */
size_t counts_older(const Counts *counts, size_t entry);

/* Bytes of memory held. */
size_t counts_size(const Counts *counts);

void counts_free(Counts *counts);

#endif
