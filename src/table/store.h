/*
 * Store: rows held as bytes for an operation that must see them all before it can write one.
 *
 * Rows are added with a group and, where they are to be ordered, a key (key.h); then they are read
 * by cursors, which go through all rows from the first to the last: in the order in which they were
 * added or, after store_sort(), in order of group and key.  There is no access by number, so that
 * what a store holds may also lie in files.  Memory is the bytes of row and key and some 32 more a
 * row, 68 while it is sorted.
 */
#ifndef TABLE_STORE_H
#define TABLE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/text.h"
#include "table/sort.h"

typedef struct Store {
    Arena bytes;
    const Record **records;
    size_t count, room;
} Store; /* all zero is an empty one */

typedef struct HeldRow {
    uint32_t group;
    bool last; /* it has no key and stands behind the others of its group */
    Span key;
    Span bytes; /* as they were given */
} HeldRow;

/* Adds a copy of the row. */
void store_add(Store *store, const HeldRow *row);

/* Rows from now on come by group, those that are `last` behind the others, by key, and as added. */
void store_sort(Store *store);

typedef struct StoreCursor {
    const Store *store;
    size_t next;
} StoreCursor;

StoreCursor store_begin(const Store *store);

/* The next row, good as long as the store; false at the end. */
bool store_next(StoreCursor *cursor, HeldRow *row);

void store_free(Store *store);

/*
 * A field of a row as it stands in strict CSV, quotes included (batch_field() for a held row).
 * Costs a pass over the fields before it.
 */
Span held_field(Span row, size_t column, char delimiter);

#endif
