#include "table/store.h"

#include <stdlib.h>

#include "base/diagnostic.h"

static uint32_t held_size(size_t size)
{
    if (size > UINT32_MAX)
        fail("a row or its key is too long to be held: %zu bytes", size);
    return (uint32_t)size;
}

void store_add(Store *store, const HeldRow *row)
{
    size_t size = sizeof(Record) + row->key.size + row->bytes.size;
    Record *record = arena_take(&store->bytes, size);
    *record = (Record){.group = row->group,
                       .last = row->last,
                       .key_size = held_size(row->key.size),
                       .row_size = held_size(row->bytes.size)};
    if (row->key.size != 0)
        memcpy(record->bytes, row->key.at, row->key.size);
    if (row->bytes.size != 0)
        memcpy(record->bytes + row->key.size, row->bytes.at, row->bytes.size);
    store->records =
        memory_grow(store->records, &store->room, store->count, sizeof *store->records);
    store->records[store->count++] = record;
}

void store_sort(Store *store)
{
    sort_records(store->records, store->count);
}

StoreCursor store_begin(const Store *store)
{
    return (StoreCursor){store, 0};
}

bool store_next(StoreCursor *cursor, HeldRow *row)
{
    if (cursor->next == cursor->store->count)
        return false;
    const Record *record = cursor->store->records[cursor->next++];
    *row = (HeldRow){record->group, record->last != 0, record_key(record), record_row(record)};
    return true;
}

void store_free(Store *store)
{
    arena_free(&store->bytes);
    free(store->records);
    *store = (Store){0};
}

/* Quotes stand around whole fields or doubled in them, so each one turns inside to outside. */
static const char *field_end(const char *at, const char *end, char delimiter)
{
    bool inside = false;
    for (; at < end && (inside || *at != delimiter); at++)
        inside ^= *at == '"';
    return at;
}

Span held_field(Span row, size_t column, char delimiter)
{
    const char *end = row.at + row.size;
    const char *start = row.at;
    const char *stop = field_end(start, end, delimiter);
    for (; column > 0; column--) {
        start = stop + 1;
        stop = field_end(start, end, delimiter);
    }
    return (Span){start, (size_t)(stop - start)};
}
