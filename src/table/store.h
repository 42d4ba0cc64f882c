/*
 * Store: rows held as bytes for an operation that must see them all before it can write one.
 *
 * Rows are added with a group and, where they have one, a key (key.h); then they are read by
 * cursors, which go through all rows from the first to the last in order of group and key, equal
 * ones as they were added.  There is no access by number: rows are put in order pile by pile, each
 * small enough for the cache, and the cursors merge the piles; past its budget a store merges those
 * it holds into one run (run.h) in a file.
 *
 * Memory is the bytes of row and key and 12 more a row, at most the budget with the pile that grows
 * and those that are being ordered; besides, a few MiB for what goes to files.
 *
 * Threads gather rows in sheaves of their own, which the store takes in the order of the input, and
 * order the piles in turn.
 */
#ifndef TABLE_STORE_H
#define TABLE_STORE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "table/bar.h"
#include "table/run.h"
#include "table/sheaf.h"

/* Rows that follow each other in the input. */
typedef struct Pile {
    struct Store *store;
    size_t memory; /* until it is ordered, */
    Sheaf rows;
    Run run; /* and from then on */
    atomic_bool ordered;
} Pile;

typedef struct Store {
    Sheaf held;    /* the pile that grows */
    size_t budget; /* SIZE_MAX: there is none */
    size_t threads;
    Bar *bar; /* NULL: all rows are wanted */
    atomic_size_t pile_size;
    Pile **piles; /* in the order of the input */
    size_t pile_count, pile_room;
    Spill spill;
    Run *runs; /* of the rows before those of the piles; of all, once sorted */
    size_t run_count, run_room;
} Store; /* all zero is an empty one with a budget of next to nothing */

/*
 * `budget`: bytes after which rows go to files; SIZE_MAX: never.  `threads`: how many order piles
 * at once.  Of rows that do not pass the bar, which must outlive the store, most are dropped; NULL:
 * none are.
 */
void store_open(Store *store, size_t budget, size_t threads, Bar *bar);

/* Adds a copy of the row. */
void store_add(Store *store, const HeldRow *row);

/*
 * Adds the rows of the sheaf, which is empty then.  A row's group is groups[its group]; NULL leaves
 * them as they are.  Gives a pile that has become full, or NULL: the caller should soon order it,
 * which may be done while others add.
 */
Pile *store_take(Store *store, Sheaf *sheaf, const uint32_t *groups);

/* Does nothing if it has been ordered, or is NULL. */
void pile_order(Pile *pile);

/* Ends the adding; whoever was given a pile is done with it, or will never begin. */
void store_sort(Store *store);

typedef struct StoreCursor {
    Merge *merge;
    size_t next;
    Buffer copies[3]; /* of the rows given last */
} StoreCursor;

/*
 * Ranges of groups that follow each other and are all of them together, to be freed with free().
 * Each but the last has some kilobytes of rows, up to a megabyte, or its last group has more.
 */
GroupRange *store_ranges(const Store *store, size_t *count);

/* How many threads may read at once, at most as many as wanted: each takes memory. */
size_t store_readers(const Store *store, size_t wanted);

/*
 * Goes through the rows of a range of groups.  The store must have been sorted and outlive the
 * cursor; as many threads as `readers` says, each with cursors of its own, may go through it.
 */
StoreCursor store_begin(const Store *store, GroupRange range, size_t readers);

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
