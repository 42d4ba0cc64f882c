/*
 * Store: rows held as bytes for an operation that must see them all before it can write one.
 *
 * Rows are added with a group and, where they are to be ordered, a key (key.h); then they are read
 * by cursors, which go through all rows from the first to the last in order of group and key, or,
 * of one that was not sorted, in the order in which they were added.  There is no access by number:
 * past its budget a store sorts what it holds and puts it into a file (run.h), and the cursors
 * merge what lies there.
 *
 * Memory is the bytes of row and key and some 16 more a row, 48 more while it is sorted, and that
 * is what the budget is for.  A store that spills holds half a MiB or so besides.
 *
 * Threads gather rows in sheaves of their own, which the store takes in the order of the input.
 */
#ifndef TABLE_STORE_H
#define TABLE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "table/run.h"
#include "table/sort.h"

typedef struct HeldRow {
    uint32_t group;
    bool last; /* it has no key and stands behind the others of its group */
    Span key;
    Span bytes; /* as they were given */
} HeldRow;

typedef struct StoreBlock StoreBlock;

/* Rows in the order in which they were added. All zero is an empty one. */
typedef struct Sheaf {
    StoreBlock *newest;
    char *at;    /* next free byte of it */
    size_t left; /* bytes left there */
    size_t size; /* bytes of all blocks */
    Entry *entries;
    size_t count, room;
} Sheaf;

/* Adds a copy of the row. */
void sheaf_add(Sheaf *sheaf, const HeldRow *row);

void sheaf_free(Sheaf *sheaf);

typedef struct Store {
    Sheaf held;
    size_t budget; /* 0: there is none */
    Spill spill;
    Run *runs;
    size_t run_count, run_room;
} Store;

/* `budget`: bytes after which rows go to files; they must be sorted then. */
void store_open(Store *store, size_t budget);

/* Adds a copy of the row. */
void store_add(Store *store, const HeldRow *row);

/*
 * Adds the rows of the sheaf, which is empty then.  A row's group is groups[its group]; NULL leaves
 * them as they are.
 */
void store_take(Store *store, Sheaf *sheaf, const uint32_t *groups);

/* Rows in memory; none of those that were spilled. */
size_t store_held(const Store *store);
bool store_spilled(const Store *store);

/*
 * Ends the adding: rows come by group, those that are `last` behind the others, by key, and as
 * added.
 */
void store_sort(Store *store);

typedef struct StoreCursor {
    const Store *store;
    size_t next;
    Merge *merge;     /* NULL: all is in memory */
    Buffer copies[3]; /* of the rows given last */
} StoreCursor;

StoreCursor store_begin(const Store *store);

/* The next row, good until two more have been asked for; false at the end. */
bool store_next(StoreCursor *cursor, HeldRow *row);

void store_end(StoreCursor *cursor);

void store_free(Store *store);

/*
 * A field of a row as it stands in strict CSV, quotes included (batch_field() for a held row).
 * Costs a pass over the fields before it.
 */
Span held_field(Span row, size_t column, char delimiter);

#endif
