#include "table/tally.h"

#include <stdlib.h>

static int compare_entries(const void *a, const void *b)
{
    return decimal_compare(((const TallyEntry *)a)->value, ((const TallyEntry *)b)->value);
}

void tally_settle(Tally *tally)
{
    if (tally->settled == tally->count)
        return;
    TallyEntry *entries = tally->entries;
    qsort(entries, tally->count, sizeof *entries, compare_entries);
    size_t kept = 0;
    for (size_t i = 1; i < tally->count; i++) {
        if (decimal_compare(entries[kept].value, entries[i].value) != 0) {
            entries[++kept] = entries[i];
            continue;
        }
        entries[kept].count += entries[i].count;
        if (entries[i].value.scale > entries[kept].value.scale)
            entries[kept].value = entries[i].value;
    }
    tally->settled = tally->count = kept + 1;
}

static void tally_make_room(Tally *tally)
{
    tally_settle(tally);
    if (tally->count > tally->room / 2 || tally->room == 0) {
        tally->room = tally->room == 0 ? 2 : tally->room * 2;
        tally->entries = memory_resize(tally->entries, tally->room, sizeof *tally->entries);
    }
}

void tally_add(Tally *tally, Decimal value, uint64_t times)
{
    if (tally->count == tally->room)
        tally_make_room(tally);
    tally->entries[tally->count++] = (TallyEntry){value, times};
    tally->total += times;
}

Decimal tally_smallest(const Tally *tally, uint64_t i)
{
    const TallyEntry *entry = tally->entries;
    while (i >= entry->count)
        i -= entry++->count;
    return entry->value;
}

Decimal tally_mode(const Tally *tally)
{
    const TallyEntry *best = tally->entries;
    for (size_t i = 1; i < tally->count; i++)
        if (tally->entries[i].count > best->count)
            best = &tally->entries[i];
    return best->value;
}

void tally_keep(Tally *tally, Arena *arena)
{
    tally_settle(tally);
    for (size_t i = 0; i < tally->count; i++)
        tally->entries[i].value = decimal_keep(tally->entries[i].value, arena);
}

void tally_free(Tally *tally)
{
    free(tally->entries);
    *tally = (Tally){0};
}
