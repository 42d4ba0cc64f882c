#include "table/counts.h"

#include <stdlib.h>

size_t counts_add(Counts *counts, uint32_t group, Span text, uint64_t times, size_t *newest)
{
    counts->key.size = 0;
    buffer_append(&counts->key, (const char *)&group, sizeof group);
    buffer_append(&counts->key, text.at, text.size);
    bool added;
    size_t entry = dictionary_add(&counts->seen, buffer_span(&counts->key), &added);
    if (added) {
        counts->entries =
            memory_grow(counts->entries, &counts->room, entry, sizeof *counts->entries);
        counts->entries[entry] = (CountsEntry){.older = *newest};
        *newest = entry + 1;
    }
    counts->entries[entry].count += times;
    return entry;
}

uint64_t counts_of(const Counts *counts, size_t entry)
{
    return counts->entries[entry].count;
}

Span counts_text(const Counts *counts, size_t entry)
{
    Span key = counts->seen.keys[entry];
    return (Span){key.at + sizeof(uint32_t), key.size - sizeof(uint32_t)};
}

size_t counts_older(const Counts *counts, size_t entry)
{
    return counts->entries[entry].older;
}

size_t counts_size(const Counts *counts)
{
    return dictionary_size(&counts->seen) + counts->room * sizeof *counts->entries;
}

void counts_free(Counts *counts)
{
    dictionary_free(&counts->seen);
    free(counts->entries);
    buffer_free(&counts->key);
    *counts = (Counts){0};
}
