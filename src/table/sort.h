/*
 * Sort: the stable order of rows by group and key bytes (key.h).
 */
#ifndef TABLE_SORT_H
#define TABLE_SORT_H

#include <stdint.h>

#include "base/text.h"

/* A row as it is held: its key and its bytes stand behind the struct. */
typedef struct Record {
    uint32_t group;
    uint32_t last; /* 1: behind all rows of its group that are 0 */
    uint32_t key_size;
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

/*
 * By group, `last` and key; equal ones keep their order.  A merge sort that takes order where it
 * finds it; 36 bytes a record while it runs.
 */
void sort_records(const Record **records, size_t count);

#endif
