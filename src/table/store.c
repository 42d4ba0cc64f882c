#include "table/store.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/pages.h"

enum {
    PILE_LEAST = 16 * 1024,
    PILE_MOST = 32 * 1024 * 1024, /* its rows are dealt out and copied within the caches */
    PILE_FIRST = 256 * 1024,      /* where there is a bar, which should be set early */
    READ_LEAST = 4 * 1024,        /* bytes read of a run at a time */
    READ_MOST = 1024 * 1024,
    CURSORS = 3,      /* that go through a store at once */
    RANGE_MOST = 128, /* marks, about a megabyte of rows */
    FAN_LEAST = 8,
    FAN_MOST = 512
};

/* ---- piles ---- */

/* One grows, and each thread may be at work on another, which takes twice its memory. */
static size_t pile_most(const Store *store)
{
    return clamp(store->budget / 8 / (1 + store->threads), PILE_LEAST, PILE_MOST);
}

/* Where there is little to drop, piles grow to what they are without a bar. */
static void pile_shrink(Pile *pile)
{
    Store *store = pile->store;
    Run *run = &pile->run;
    size_t size = run->end, kept = bar_cut(store->bar, run->bytes, size);
    if (kept > size / 2 && atomic_load(&store->pile_size) < pile_most(store))
        atomic_store(&store->pile_size, clamp(2 * size, PILE_LEAST, pile_most(store)));
    run->bytes = pages_shrink(run->bytes, size, kept);
    run->end = kept;
    run_unmark(run);
}

void pile_order(Pile *pile)
{
    if (pile == NULL || atomic_load(&pile->ordered))
        return;
    pile->run = sheaf_order(&pile->rows);
    if (pile->store->bar != NULL)
        pile_shrink(pile);
    atomic_store(&pile->ordered, true);
}

static size_t pile_memory(const Pile *pile)
{
    return atomic_load(&pile->ordered) ? (size_t)pile->run.end : pile->memory;
}

static void pile_free(Pile *pile)
{
    sheaf_free(&pile->rows);
    pages_free(pile->run.bytes, pile->run.end);
    run_unmark(&pile->run);
    free(pile);
}

/* What grows becomes a pile of its own. */
static Pile *pile_cut(Store *store)
{
    Pile *pile = memory_zeroed(1, sizeof *pile);
    pile->store = store;
    pile->rows = store->held;
    pile->memory = sheaf_memory(&pile->rows);
    store->held = (Sheaf){0};
    store->piles =
        memory_grow(store->piles, &store->pile_room, store->pile_count, sizeof *store->piles);
    store->piles[store->pile_count++] = pile;
    return pile;
}

static bool pile_is_full(const Store *store)
{
    return store->held.size - store->held.left > atomic_load(&store->pile_size);
}

/* ---- what does not fit ---- */

static void runs_enter(Store *store, Run run)
{
    store->runs = memory_grow(store->runs, &store->run_room, store->run_count, sizeof *store->runs);
    store->runs[store->run_count++] = run;
}

/* How many runs are merged at once: each cursor reads each of them through a buffer. */
static size_t fan_in(const Store *store)
{
    return clamp(store->budget / (CURSORS * 8 * READ_LEAST), FAN_LEAST, FAN_MOST);
}

static size_t read_buffer(const Store *store, size_t runs, size_t cursors)
{
    return clamp(store->budget / (cursors * (runs + 1)), READ_LEAST, READ_MOST);
}

/* Merges runs into one behind what is in a spill. */
static Run merge_runs(const Store *store, Spill *to, const Run *runs, size_t count)
{
    RunWriter writer;
    run_begin(&writer, to, clamp(store->budget / 4, READ_LEAST, READ_MOST));
    Merge *merge = merge_open(&store->spill, runs, count, ALL_GROUPS, read_buffer(store, count, 1));
    bool lasting;
    for (const Record *record; (record = merge_next(merge, &lasting)) != NULL;)
        run_add(&writer, record);
    merge_close(merge);
    return run_end(&writer);
}

/* Piles that are not ordered yet are somebody else's, and those behind them have to wait. */
static size_t piles_ordered(const Store *store)
{
    size_t count = 0;
    while (count < store->pile_count && atomic_load(&store->piles[count]->ordered))
        count++;
    return count;
}

static void piles_spill(Store *store)
{
    size_t count = piles_ordered(store);
    if (count == 0)
        return;
    Run *runs = memory_array(count, sizeof *runs);
    for (size_t i = 0; i < count; i++)
        runs[i] = store->piles[i]->run;
    spill_open(&store->spill);
    runs_enter(store, merge_runs(store, &store->spill, runs, count));
    free(runs);
    for (size_t i = 0; i < count; i++)
        pile_free(store->piles[i]);
    store->pile_count -= count;
    memmove(store->piles, store->piles + count, store->pile_count * sizeof *store->piles);
}

static size_t store_memory(const Store *store)
{
    size_t memory = 0;
    for (size_t i = 0; i < store->pile_count; i++)
        memory += pile_memory(store->piles[i]);
    return memory;
}

static void check_budget(Store *store)
{
    if (store_memory(store) > store->budget / 8 * 5)
        piles_spill(store);
}

static void runs_unmark(Run *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        run_unmark(&runs[i]);
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
            size_t left = store->run_count - i, merging = left < fan ? left : fan;
            Run run = merge_runs(store, &merged, &store->runs[i], merging);
            runs_unmark(&store->runs[i], merging);
            store->runs[count++] = run;
        }
        spill_close(&store->spill);
        store->spill = merged;
        store->run_count = count;
    }
}

/* ---- the store ---- */

void store_open(Store *store, size_t budget, size_t threads, Bar *bar)
{
    *store = (Store){.budget = budget, .threads = threads, .bar = bar};
    size_t most = pile_most(store);
    atomic_store(&store->pile_size, bar != NULL && most > PILE_FIRST ? PILE_FIRST : most);
}

void store_add(Store *store, const HeldRow *row)
{
    sheaf_add(&store->held, row);
    if (!pile_is_full(store))
        return;
    pile_order(pile_cut(store));
    check_budget(store);
}

Pile *store_take(Store *store, Sheaf *sheaf, const uint32_t *groups)
{
    if (groups != NULL)
        sheaf_renumber(sheaf, groups);
    sheaf_take(&store->held, sheaf);
    if (!pile_is_full(store))
        return NULL;
    check_budget(store);
    return pile_cut(store);
}

/* Piles of a store that spills go to files all of them, so that its memory is free for reading. */
void store_sort(Store *store)
{
    if (store->held.count != 0)
        pile_cut(store);
    for (size_t i = 0; i < store->pile_count; i++)
        pile_order(store->piles[i]);
    if (store->run_count != 0)
        piles_spill(store);
    reduce_runs(store);
    for (size_t i = 0; i < store->pile_count; i++)
        runs_enter(store, store->piles[i]->run);
}

/* ---- ranges ---- */

static int compare_groups(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;
    return (one > other) - (one < other);
}

/* The groups that the marks of all runs tell of, ascending. */
static uint32_t *marked_groups(const Store *store, size_t *count)
{
    size_t marks = 0;
    for (size_t i = 0; i < store->run_count; i++)
        marks += store->runs[i].mark_count;
    uint32_t *groups = memory_array(marks, sizeof *groups);
    *count = 0;
    for (size_t i = 0; i < store->run_count; i++)
        for (size_t j = 0; j < store->runs[i].mark_count; j++)
            groups[(*count)++] = store->runs[i].marks[j].group;
    qsort(groups, marks, sizeof *groups, compare_groups);
    return groups;
}

GroupRange *store_ranges(const Store *store, size_t *count)
{
    size_t marks, taken = 0, least = clamp(store->budget / MARK_STEP / 64, 1, RANGE_MOST);
    uint32_t *groups = marked_groups(store, &marks);
    GroupRange *ranges = memory_array(marks / least + 1, sizeof *ranges);
    ranges[0] = ALL_GROUPS;
    *count = 1;
    for (size_t i = 0; i < marks; i++) {
        GroupRange *last = &ranges[*count - 1];
        if (i - taken < least || groups[i] == groups[i - 1])
            continue;
        last->end = groups[i];
        ranges[(*count)++] = (GroupRange){groups[i], ALL_GROUPS.end};
        taken = i;
    }
    free(groups);
    return ranges;
}

size_t store_readers(const Store *store, size_t wanted)
{
    size_t most = store->budget / 4 / (CURSORS * (store->run_count + 1) * READ_LEAST);
    return clamp(wanted, 1, most < 1 ? 1 : most);
}

void store_free(Store *store)
{
    sheaf_free(&store->held);
    for (size_t i = 0; i < store->run_count; i++)
        if (store->runs[i].bytes == NULL)
            run_unmark(&store->runs[i]);
    for (size_t i = 0; i < store->pile_count; i++)
        pile_free(store->piles[i]);
    free(store->piles);
    free(store->runs);
    spill_close(&store->spill);
    *store = (Store){0};
}

/* ---- cursors ---- */

StoreCursor store_begin(const Store *store, GroupRange range, size_t readers)
{
    size_t buffer = read_buffer(store, store->run_count, CURSORS * readers);
    return (StoreCursor){
        .merge = merge_open(&store->spill, store->runs, store->run_count, range, buffer)};
}

/* A row of a file moves to a buffer in which it outlives the next two. */
static const char *lasting_bytes(StoreCursor *cursor, const Record *record, bool lasting)
{
    if (lasting)
        return record->bytes;
    Buffer *copy = &cursor->copies[cursor->next++ % 3];
    copy->size = 0;
    buffer_append(copy, record->bytes, record->key_size + record->row_size);
    return copy->at;
}

bool store_next(StoreCursor *cursor, HeldRow *row)
{
    bool lasting;
    const Record *record = merge_next(cursor->merge, &lasting);
    if (record == NULL)
        return false;
    const char *bytes = lasting_bytes(cursor, record, lasting);
    *row = (HeldRow){record->group,
                     record->last != 0,
                     {bytes, record->key_size},
                     {bytes + record->key_size, record->row_size}};
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
