/*
 * Sort: the stable order of rows by group and key bytes (key.h).
 */
#ifndef TABLE_SORT_H
#define TABLE_SORT_H

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* A row as it is held: its key and its bytes stand behind the struct. */
typedef struct Record {
    uint32_t group;
    uint32_t last : 1; /* behind all rows of its group that are 0 */
    uint32_t key_size : 31;
    uint32_t row_size;
    char bytes[];
} Record;

static inline Span record_key(const Record *record)
{
    return (Span){record->bytes, record->key_size};
}

static inline Span record_row(const Record *record)
{
    return (Span){record->bytes + record->key_size, record->row_size};
}

static inline size_t record_size(const Record *record)
{
    return sizeof *record + record->key_size + record->row_size;
}

/* A size as it is where one record follows another. */
static inline size_t record_aligned(size_t size)
{
    return (size + alignof(Record) - 1) / alignof(Record) * alignof(Record);
}

/* What sorting needs most, beside each other in memory. */
typedef struct Entry {
    uint64_t words[2]; /* group and `last`; the key's first eight bytes, the first one highest */
    Record *record;
} Entry;

Entry entry_of(Record *record);

/* <0, 0, >0: by key, of entries whose words, as entry_of() made them, are equal. */
int entry_compare_keys(const Entry *a, const Entry *b);

/*
 * By group, `last` and key; equal ones keep their order.  `room` has space for as many entries.
 * Afterwards words[1] is of no meaning, unless all words[0] are different: then nothing else is
 * looked at.
 *
 * From the highest byte down entries are dealt out by the first that differs; eight bytes of the
 * key are at hand in the entry, and the next eight are fetched when these are all equal (Ng and
 * Kakehi, Cache Efficient Radix Sort for String Sorting, 2007).  Small piles are merge sorted.
 */
void sort_entries(Entry *entries, size_t count, Entry *room);

#endif
