#include "table/store.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/diagnostic.h"
#include "base/memory.h"

enum {
    BLOCK = 32 * 1024,       /* as small as the sheaf of one chunk can bear to leave half empty */
    SMALL_SHEAF = BLOCK / 4, /* less is copied, so that blocks are not passed on nearly empty */
    READ_LEAST = 4 * 1024,   /* bytes read of a run at a time */
    READ_MOST = 1024 * 1024,
    CURSORS = 3, /* that go through a spilled store at once */
    FAN_LEAST = 8,
    AHEAD = 12 /* rows fetched to the cache before they are asked for */
};

struct StoreBlock {
    StoreBlock *older;
    alignas(Record) char bytes[];
};

/* ---- sheaves ---- */

static void sheaf_block(Sheaf *sheaf, size_t size)
{
    size_t bytes = sizeof(StoreBlock) + size > BLOCK ? sizeof(StoreBlock) + size : BLOCK;
    StoreBlock *block = memory_array(bytes, 1);
    block->older = sheaf->newest;
    sheaf->newest = block;
    sheaf->at = block->bytes;
    sheaf->left = bytes - sizeof *block;
    sheaf->size += bytes;
}

static Record *sheaf_room(Sheaf *sheaf, size_t size)
{
    size = (size + alignof(Record) - 1) / alignof(Record) * alignof(Record);
    if (size > sheaf->left)
        sheaf_block(sheaf, size);
    Record *record = (Record *)(void *)sheaf->at;
    sheaf->at += size;
    sheaf->left -= size;
    return record;
}

static void sheaf_enter(Sheaf *sheaf, Entry entry)
{
    sheaf->entries =
        memory_grow(sheaf->entries, &sheaf->room, sheaf->count, sizeof *sheaf->entries);
    sheaf->entries[sheaf->count++] = entry;
}

void sheaf_add(Sheaf *sheaf, const HeldRow *row)
{
    if (row->bytes.size > INT32_MAX || row->key.size > INT32_MAX)
        fail("a row or its key is too long to be held: %zu bytes", row->bytes.size);
    Record *record = sheaf_room(sheaf, sizeof *record + row->key.size + row->bytes.size);
    *record = (Record){.group = row->group,
                       .last = row->last,
                       .key_size = (uint32_t)row->key.size & INT32_MAX,
                       .row_size = (uint32_t)row->bytes.size};
    if (row->key.size != 0)
        memcpy(record->bytes, row->key.at, row->key.size);
    if (row->bytes.size != 0)
        memcpy(record->bytes + row->key.size, row->bytes.at, row->bytes.size);
    sheaf_enter(sheaf, entry_of(record));
}

static void blocks_free(StoreBlock *block)
{
    while (block != NULL) {
        StoreBlock *older = block->older;
        free(block);
        block = older;
    }
}

void sheaf_free(Sheaf *sheaf)
{
    blocks_free(sheaf->newest);
    free(sheaf->entries);
    *sheaf = (Sheaf){0};
}

/* ---- what does not fit ---- */

/* With the entries' second place, which sorting needs. */
static size_t sheaf_memory(const Sheaf *sheaf)
{
    return sheaf->size + 2 * sheaf->count * sizeof *sheaf->entries;
}

static void sheaf_sort(Sheaf *sheaf)
{
    Entry *room = memory_array(sheaf->count, sizeof *room);
    sort_entries(sheaf->entries, sheaf->count, room);
    free(room);
}

static void runs_enter(Store *store, Run run)
{
    store->runs = memory_grow(store->runs, &store->run_room, store->run_count, sizeof *store->runs);
    store->runs[store->run_count++] = run;
}

static size_t write_buffer(const Store *store)
{
    return store->budget / 4 > READ_MOST ? READ_MOST : store->budget / 4 + READ_LEAST;
}

static void spill_held(Store *store)
{
    Sheaf *held = &store->held;
    RunWriter writer;
    sheaf_sort(held);
    spill_open(&store->spill);
    run_begin(&writer, &store->spill, write_buffer(store));
    for (size_t i = 0; i < held->count; i++) {
        __builtin_prefetch(held->entries[i + AHEAD < held->count ? i + AHEAD : i].record);
        run_add(&writer, held->entries[i].record);
    }
    runs_enter(store, run_end(&writer));
    sheaf_free(held);
}

static void check_budget(Store *store)
{
    if (store->budget != 0 && store->held.count > 1 && sheaf_memory(&store->held) > store->budget)
        spill_held(store);
}

/* How many runs are merged at once: each cursor reads each of them through a buffer. */
static size_t fan_in(const Store *store)
{
    size_t fan = store->budget / (CURSORS * 8 * READ_LEAST);
    return fan < FAN_LEAST ? FAN_LEAST : fan > 512 ? 512 : fan;
}

static size_t read_buffer(const Store *store, size_t runs, size_t cursors)
{
    size_t size = store->budget / (cursors * (runs + 1));
    return size < READ_LEAST ? READ_LEAST : size > READ_MOST ? READ_MOST : size;
}

static Run merge_runs(const Store *store, Spill *to, const Run *runs, size_t count)
{
    RunWriter writer;
    run_begin(&writer, to, write_buffer(store));
    Merge *merge = merge_open(&store->spill, runs, count, read_buffer(store, count, 1));
    for (const Record *record; (record = merge_next(merge)) != NULL;)
        run_add(&writer, record);
    merge_close(merge);
    return run_end(&writer);
}

/* Merges neighbours until few enough are left for a cursor to merge all of them. */
static void reduce_runs(Store *store)
{
    size_t fan = fan_in(store);
    while (store->run_count > fan) {
        Spill merged = {0};
        size_t count = 0;
        spill_open(&merged);
        for (size_t i = 0; i < store->run_count; i += fan) {
            size_t left = store->run_count - i;
            store->runs[count++] =
                merge_runs(store, &merged, &store->runs[i], left < fan ? left : fan);
        }
        spill_close(&store->spill);
        store->spill = merged;
        store->run_count = count;
    }
}

/* ---- the store ---- */

void store_open(Store *store, size_t budget)
{
    *store = (Store){.budget = budget};
}

void store_add(Store *store, const HeldRow *row)
{
    sheaf_add(&store->held, row);
    check_budget(store);
}

static void take_copies(Store *store, Sheaf *sheaf)
{
    for (size_t i = 0; i < sheaf->count; i++) {
        const Record *record = sheaf->entries[i].record;
        size_t size = sizeof *record + record->key_size + record->row_size;
        Entry entry = sheaf->entries[i];
        entry.record = memcpy(sheaf_room(&store->held, size), record, size);
        sheaf_enter(&store->held, entry);
    }
}

static void take_blocks(Store *store, Sheaf *sheaf)
{
    Sheaf *held = &store->held;
    StoreBlock *oldest = sheaf->newest;
    while (oldest->older != NULL)
        oldest = oldest->older;
    oldest->older = held->newest;
    held->newest = sheaf->newest;
    held->at = sheaf->at;
    held->left = sheaf->left;
    held->size += sheaf->size;
    while (held->room < held->count + sheaf->count)
        held->entries = memory_grow(held->entries, &held->room, held->room, sizeof *held->entries);
    memcpy(held->entries + held->count, sheaf->entries, sheaf->count * sizeof *sheaf->entries);
    held->count += sheaf->count;
    sheaf->newest = NULL;
    sheaf->at = NULL;
    sheaf->left = sheaf->size = 0;
}

static void renumber(Sheaf *sheaf, const uint32_t *groups)
{
    for (size_t i = 0; i < sheaf->count; i++) {
        Entry *entry = &sheaf->entries[i];
        uint32_t group = groups[entry->words[0] >> 1];
        entry->words[0] = (uint64_t)group << 1 | (entry->words[0] & 1);
        entry->record->group = group;
    }
}

void store_take(Store *store, Sheaf *sheaf, const uint32_t *groups)
{
    if (sheaf->count == 0)
        return;
    if (groups != NULL)
        renumber(sheaf, groups);
    if (sheaf->size - sheaf->left < SMALL_SHEAF) {
        take_copies(store, sheaf);
        sheaf->at = sheaf->newest->bytes;
        sheaf->left = sheaf->size - sizeof *sheaf->newest;
    } else {
        take_blocks(store, sheaf);
    }
    sheaf->count = 0;
    check_budget(store);
}

size_t store_held(const Store *store)
{
    return store->held.count;
}

bool store_spilled(const Store *store)
{
    return store->run_count != 0;
}

void store_sort(Store *store)
{
    if (!store_spilled(store)) {
        sheaf_sort(&store->held);
        return;
    }
    if (store->held.count != 0)
        spill_held(store);
    reduce_runs(store);
}

void store_free(Store *store)
{
    sheaf_free(&store->held);
    free(store->runs);
    spill_close(&store->spill);
    *store = (Store){0};
}

/* ---- cursors ---- */

StoreCursor store_begin(const Store *store)
{
    StoreCursor cursor = {.store = store};
    if (store_spilled(store))
        cursor.merge = merge_open(&store->spill, store->runs, store->run_count,
                                  read_buffer(store, store->run_count, CURSORS));
    return cursor;
}

static HeldRow held_row(const Record *record)
{
    return (HeldRow){record->group, record->last != 0, record_key(record), record_row(record)};
}

/* The row moves to a buffer in which it outlives the next two. */
static bool merged_next(StoreCursor *cursor, HeldRow *row)
{
    const Record *record = merge_next(cursor->merge);
    if (record == NULL)
        return false;
    Buffer *copy = &cursor->copies[cursor->next++ % 3];
    copy->size = 0;
    buffer_append(copy, record->bytes, record->key_size + record->row_size);
    *row = held_row(record);
    row->key.at = copy->at;
    row->bytes.at = copy->at + record->key_size;
    return true;
}

bool store_next(StoreCursor *cursor, HeldRow *row)
{
    if (cursor->merge != NULL)
        return merged_next(cursor, row);
    const Sheaf *held = &cursor->store->held;
    if (cursor->next == held->count)
        return false;
    if (cursor->next + AHEAD < held->count) {
        const char *ahead = (const char *)held->entries[cursor->next + AHEAD].record;
        __builtin_prefetch(ahead);
        __builtin_prefetch(ahead + 64);
    }
    *row = held_row(held->entries[cursor->next++].record);
    return true;
}

void store_end(StoreCursor *cursor)
{
    merge_close(cursor->merge);
    for (size_t i = 0; i < sizeof cursor->copies / sizeof *cursor->copies; i++)
        buffer_free(&cursor->copies[i]);
}

/* ---- fields ---- */

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
