/*
 * Counts: how often each text occurs in each group, for modes and distinct counts of text.
 *
 * One dictionary serves all groups, so that many small groups cost no more than few large ones:
 * about 60 bytes and the text for each different text of a group.
 */
#ifndef TABLE_COUNTS_H
#define TABLE_COUNTS_H

#include <stdint.h>

#include "base/hash.h"

typedef struct Counts {
    Dictionary seen;  /* group number and text -> entry */
    uint64_t *counts; /* by entry */
    size_t room;
    Buffer key;
} Counts; /* all zero is an empty one */

/* Counts the text once more; gives the number of its entry and whether it is new to the group. */
size_t counts_add(Counts *counts, uint32_t group, Span text, bool *added);

uint64_t counts_of(const Counts *counts, size_t entry);
Span counts_text(const Counts *counts, size_t entry);
void counts_free(Counts *counts);

#endif
