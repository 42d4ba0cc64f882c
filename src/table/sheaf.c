#include "table/sheaf.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/diagnostic.h"
#include "base/memory.h"
#include "base/pages.h"

enum {
    BLOCK = 32 * 1024,       /* as small as the sheaf of one chunk can bear to leave half empty */
    SMALL_SHEAF = BLOCK / 4, /* less is copied, so that blocks are not passed on nearly empty */
    AHEAD = 12               /* records fetched to the cache before they are copied */
};

struct SheafBlock {
    SheafBlock *older;
    alignas(Record) char bytes[];
};

static void block_add(Sheaf *sheaf, size_t size)
{
    size_t bytes = sizeof(SheafBlock) + size > BLOCK ? sizeof(SheafBlock) + size : BLOCK;
    SheafBlock *block = memory_array(bytes, 1);
    block->older = sheaf->newest;
    sheaf->newest = block;
    sheaf->at = block->bytes;
    sheaf->left = bytes - sizeof *block;
    sheaf->size += bytes;
}

static Record *record_room(Sheaf *sheaf, size_t size)
{
    size = record_aligned(size);
    if (size > sheaf->left)
        block_add(sheaf, size);
    Record *record = (Record *)(void *)sheaf->at;
    sheaf->at += size;
    sheaf->left -= size;
    sheaf->used += size;
    return record;
}

static void entries_reserve(Sheaf *sheaf, size_t count)
{
    while (sheaf->room < count)
        sheaf->entries =
            memory_grow(sheaf->entries, &sheaf->room, sheaf->room, sizeof *sheaf->entries);
}

void sheaf_add(Sheaf *sheaf, const HeldRow *row)
{
    if (row->bytes.size > INT32_MAX || row->key.size > INT32_MAX)
        fail("a row or its key is too long to be held: %zu bytes",
             row->bytes.size > row->key.size ? row->bytes.size : row->key.size);
    Record *record = record_room(sheaf, sizeof *record + row->key.size + row->bytes.size);
    *record = (Record){.group = row->group,
                       .last = row->last,
                       .key_size = (uint32_t)row->key.size & INT32_MAX,
                       .row_size = (uint32_t)row->bytes.size};
    if (row->key.size != 0)
        memcpy(record->bytes, row->key.at, row->key.size);
    if (row->bytes.size != 0)
        memcpy(record->bytes + row->key.size, row->bytes.at, row->bytes.size);
    entries_reserve(sheaf, sheaf->count + 1);
    sheaf->entries[sheaf->count++] = entry_of(record);
}

void sheaf_renumber(Sheaf *sheaf, const uint32_t *groups)
{
    for (size_t i = 0; i < sheaf->count; i++) {
        Entry *entry = &sheaf->entries[i];
        uint32_t group = groups[entry->words[0] >> 1];
        entry->words[0] = (uint64_t)group << 1 | (entry->words[0] & 1);
        entry->record->group = group;
    }
}

/* The other's only block is kept for it to go on with. */
static void take_copies(Sheaf *sheaf, Sheaf *from)
{
    for (size_t i = 0; i < from->count; i++) {
        Entry entry = from->entries[i];
        size_t size = record_size(entry.record);
        entry.record = memcpy(record_room(sheaf, size), entry.record, size);
        sheaf->entries[sheaf->count++] = entry;
    }
    from->at = from->newest->bytes;
    from->left = from->size - sizeof *from->newest;
}

static void take_blocks(Sheaf *sheaf, Sheaf *from)
{
    SheafBlock *oldest = from->newest;
    while (oldest->older != NULL)
        oldest = oldest->older;
    oldest->older = sheaf->newest;
    sheaf->newest = from->newest;
    sheaf->at = from->at;
    sheaf->left = from->left;
    sheaf->size += from->size;
    sheaf->used += from->used;
    memcpy(sheaf->entries + sheaf->count, from->entries, from->count * sizeof *from->entries);
    sheaf->count += from->count;
    from->newest = NULL;
    from->at = NULL;
    from->left = from->size = 0;
}

void sheaf_take(Sheaf *sheaf, Sheaf *from)
{
    if (from->count == 0)
        return;
    entries_reserve(sheaf, sheaf->count + from->count);
    if (from->size - from->left < SMALL_SHEAF)
        take_copies(sheaf, from);
    else
        take_blocks(sheaf, from);
    from->count = from->used = 0;
}

size_t sheaf_memory(const Sheaf *sheaf)
{
    return 2 * (sheaf->size + sheaf->count * sizeof *sheaf->entries);
}

/* Where the records are to go is room for sorting before they do, if it is enough. */
static void entries_sort(Sheaf *sheaf, char *records)
{
    size_t size = sheaf->count * sizeof(Entry);
    bool enough = size <= sheaf->used;
    Entry *room = enough ? (Entry *)(void *)records : pages_take(size);
    sort_entries(sheaf->entries, sheaf->count, room);
    if (!enough)
        pages_free(room, size);
}

Run sheaf_order(Sheaf *sheaf)
{
    Run run = {.bytes = pages_take(sheaf->used)};
    entries_sort(sheaf, run.bytes);
    for (size_t i = 0; i < sheaf->count; i++) {
        if (i + AHEAD < sheaf->count) {
            const char *ahead = (const char *)sheaf->entries[i + AHEAD].record;
            __builtin_prefetch(ahead);
            __builtin_prefetch(ahead + 64);
        }
        const Record *record = sheaf->entries[i].record;
        run_mark(&run, record->group, run.end);
        memcpy(run.bytes + run.end, record, record_size(record));
        run.end += record_aligned(record_size(record));
    }
    sheaf_free(sheaf);
    return run;
}

void sheaf_free(Sheaf *sheaf)
{
    for (SheafBlock *block = sheaf->newest, *older; block != NULL; block = older) {
        older = block->older;
        free(block);
    }
    free(sheaf->entries);
    *sheaf = (Sheaf){0};
}
