#include "table/bar.h"

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"

void bar_open(Bar *bar, uint64_t first, bool dense)
{
    *bar = (Bar){.first = first, .dense = dense};
    pthread_rwlock_init(&bar->lock, NULL);
}

void bar_hold(Bar *bar)
{
    pthread_rwlock_rdlock(&bar->lock);
}

void bar_release(Bar *bar)
{
    pthread_rwlock_unlock(&bar->lock);
}

/* A walk over records in order: where the one at hand stands in its group. */
typedef struct Standing {
    const Record *record;
    uint64_t rows;   /* of its group, up to it */
    uint64_t before; /* of these, those whose key is less */
    uint64_t keys;   /* different ones, its own among them */
} Standing;

static void standing_next(Standing *at, const Record *record)
{
    const Record *before = at->record;
    if (before == NULL || before->group != record->group)
        *at = (Standing){.record = before};
    if (at->rows == 0 || !span_equal(record_key(before), record_key(record))) {
        at->before = at->rows;
        at->keys++;
    }
    at->rows++;
    at->record = record;
}

/* Until there are enough before it. */
static bool stands_high(const Bar *bar, const Standing *at)
{
    return bar->dense ? at->keys <= bar->first : at->before < bar->first;
}

/* The record is the last one that the bar lets pass, if there were enough before those behind it.
 */
static bool sets_bar(const Bar *bar, const Standing *at)
{
    return bar->dense ? at->keys == bar->first : at->rows >= bar->first;
}

static void bar_raise(Bar *bar, uint32_t group, Span key)
{
    while (bar->count <= group) {
        bar->keys = memory_grow(bar->keys, &bar->room, bar->count, sizeof *bar->keys);
        bar->keys[bar->count++] = (Span){0};
    }
    if (bar_passes(bar, group, key) && !span_equal(bar->keys[group], key))
        bar->keys[group] = (Span){arena_copy(&bar->arena, key.at, key.size), key.size};
}

/* Moves the records that stand high to the front and raises the bar. */
static size_t records_cut(Bar *bar, char *records, size_t size)
{
    Standing at = {0};
    size_t kept = 0;
    for (size_t from = 0; from < size;) {
        Record *record = (Record *)(void *)(records + from);
        size_t span = record_aligned(record_size(record));
        from += span;
        if (record->last)
            continue;
        standing_next(&at, record);
        if (!stands_high(bar, &at))
            continue;
        if (sets_bar(bar, &at))
            bar_raise(bar, record->group, record_key(record));
        at.record = memmove(records + kept, record, span);
        kept += span;
    }
    return kept;
}

size_t bar_cut(Bar *bar, char *records, size_t size)
{
    Trap failure;
    pthread_rwlock_wrlock(&bar->lock);
    if (!TRAP_SET(&failure)) {
        pthread_rwlock_unlock(&bar->lock);
        fail_again(&failure);
    }
    size_t kept = records_cut(bar, records, size);
    trap_end(&failure);
    pthread_rwlock_unlock(&bar->lock);
    return kept;
}

void bar_close(Bar *bar)
{
    free(bar->keys);
    arena_free(&bar->arena);
    pthread_rwlock_destroy(&bar->lock);
    *bar = (Bar){0};
}
