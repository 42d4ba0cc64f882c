/*
 * Sheaf: rows as bytes, gathered in the order in which they come and then put in order.
 *
 * A row is held with its group and, where it is to be ordered, its key (key.h).  A sheaf belongs to
 * one thread at a time.
 */
#ifndef TABLE_SHEAF_H
#define TABLE_SHEAF_H

#include <stdbool.h>

#include "table/run.h"

typedef struct HeldRow {
    uint32_t group;
    bool last; /* it has no key and stands behind the others of its group */
    Span key;
    Span bytes; /* as they were given */
} HeldRow;

typedef struct SheafBlock SheafBlock;

typedef struct Sheaf {
    SheafBlock *newest;
    char *at;    /* next free byte of it */
    size_t left; /* bytes left there */
    size_t size; /* bytes of all blocks */
    size_t used; /* by records, at their alignment */
    Entry *entries;
    size_t count, room;
} Sheaf; /* all zero is an empty one */

/* Adds a copy of the row. */
void sheaf_add(Sheaf *sheaf, const HeldRow *row);

/* A row's group becomes groups[its group]. */
void sheaf_renumber(Sheaf *sheaf, const uint32_t *groups);

/* Adds all rows of another, which is empty then. */
void sheaf_take(Sheaf *sheaf, Sheaf *from);

/* Bytes in use, with those that sheaf_order() is going to need besides. */
size_t sheaf_memory(const Sheaf *sheaf);

/*
 * The records by group, `last` and key, equal ones as they were added, one behind the other at
 * their alignment: a run in memory.  The sheaf is empty then.
 */
Run sheaf_order(Sheaf *sheaf);

void sheaf_free(Sheaf *sheaf);

#endif
