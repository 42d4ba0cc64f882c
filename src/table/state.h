/*
 * State: what a summary knows of a group, as entries that a file can hold.
 *
 * An entry is a value with a count: a sum with how many values it is of, a value with how often it
 * occurs, an extreme alone.  Numbers are exact, at the scale they have.  A state is all its
 * entries; entries are added to a state one by one, in any order, but for this: what is first and
 * what is last is told by the ordinal that comes with them.
 */
#ifndef TABLE_STATE_H
#define TABLE_STATE_H

#include "table/summary.h"

typedef struct StateEntry {
    Span value;     /* size 0: none, a count stands alone */
    uint64_t count; /* 0: none, a value stands alone */
    bool squares;   /* the value is a sum of squares */
} StateEntry;

/* Hands the entries of a group's state to `take`, always in the same order; none of an empty one.
 */
typedef void StateTake(void *context, const StateEntry *entry);
void state_each(Summary *summary, size_t group, StateTake *take, void *context);

/*
 * Adds an entry, as if it had come from the row with that ordinal.  NULL, or what is wrong with it:
 * "not a number", "not a positive number", "no count", "no value", "a count too many" …
 */
const char *state_add(Summary *summary, uint32_t group, const StateEntry *entry, uint64_t ordinal);

#endif
