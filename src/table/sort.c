#include "table/sort.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

enum { INSERTION_COUNT = 12 }; /* fewer are sorted by insertion */

/* What most comparisons need, beside each other in memory. */
typedef struct Entry {
    uint64_t part;   /* group and last */
    uint64_t prefix; /* the key's first eight bytes, the first one highest */
    const Record *record;
} Entry;

static Entry entry_of(const Record *record)
{
    Entry entry = {.part = (uint64_t)record->group << 1 | record->last, .record = record};
    for (size_t i = 0; i < sizeof entry.prefix; i++)
        entry.prefix =
            entry.prefix << 8 | (i < record->key_size ? (unsigned char)record->bytes[i] : 0);
    return entry;
}

static bool entry_before(const Entry *a, const Entry *b)
{
    if (a->part != b->part)
        return a->part < b->part;
    if (a->prefix != b->prefix)
        return a->prefix < b->prefix;
    if (a->record->key_size <= sizeof a->prefix && b->record->key_size <= sizeof b->prefix)
        return false;
    return span_compare(record_key(a->record), record_key(b->record)) < 0;
}

static void insertion_sort(Entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        Entry entry = entries[i];
        size_t j = i;
        for (; j > 0 && entry_before(&entry, &entries[j - 1]); j--)
            entries[j] = entries[j - 1];
        entries[j] = entry;
    }
}

/* Merges the sorted halves of `entries`; the first one moves to `room`. */
static void merge_halves(Entry *entries, size_t half, size_t count, Entry *room)
{
    memcpy(room, entries, half * sizeof *room);
    size_t left = 0, right = half, out = 0;
    while (left < half && right < count)
        entries[out++] =
            entry_before(&entries[right], &room[left]) ? entries[right++] : room[left++];
    memcpy(&entries[out], &room[left], (half - left) * sizeof *room);
}

static void merge_sort(Entry *entries, size_t count, Entry *room)
{
    if (count <= INSERTION_COUNT) {
        insertion_sort(entries, count);
        return;
    }
    size_t half = count / 2;
    merge_sort(entries, half, room);
    merge_sort(entries + half, count - half, room);
    if (entry_before(&entries[half], &entries[half - 1]))
        merge_halves(entries, half, count, room);
}

void sort_records(const Record **records, size_t count)
{
    Entry *entries = memory_array(count, sizeof *entries);
    Entry *room = memory_array(count / 2 + 1, sizeof *room);
    for (size_t i = 0; i < count; i++)
        entries[i] = entry_of(records[i]);
    merge_sort(entries, count, room);
    for (size_t i = 0; i < count; i++)
        records[i] = entries[i].record;
    free(room);
    free(entries);
}
