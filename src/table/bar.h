/*
 * Bar: how far down the order a row may stand and still be among the first of its group.
 *
 * Whoever wants only ranks up to N need not hold the rest.  From rows that are in order, be it only
 * some of all, the bar learns the key behind which no row of a group can have such a rank: N rows
 * come before it, or for dense ranks rows of N different keys.  What passes may still turn out to
 * be too far down; what does not never matters.  Rows without a key have no rank.
 */
#ifndef TABLE_BAR_H
#define TABLE_BAR_H

#include <pthread.h>
#include <stdbool.h>

#include "base/memory.h"
#include "table/sort.h"

typedef struct Bar {
    uint64_t first; /* how many */
    bool dense;     /* that many different keys */
    pthread_rwlock_t lock;
    Span *keys; /* by group: the last key that passes; at is NULL if all do */
    size_t count, room;
    Arena arena; /* of the keys, those that were replaced too: they are few */
} Bar;

void bar_open(Bar *bar, uint64_t first, bool dense);

/*
 * Whether a row with this key has to be held.  Between bar_hold() and bar_release(), which keep the
 * bar where it is; several threads may hold it.
 */
void bar_hold(Bar *bar);
void bar_release(Bar *bar);

static inline bool bar_passes(const Bar *bar, uint32_t group, Span key)
{
    return group >= bar->count || bar->keys[group].at == NULL ||
           span_compare(key, bar->keys[group]) <= 0;
}

/*
 * Drops from records in order, one behind the other at their alignment, those that do not pass, and
 * raises the bar by what they tell.  Gives the size in bytes of what is left.  From any thread.
 */
size_t bar_cut(Bar *bar, char *records, size_t size);

void bar_close(Bar *bar);

#endif
