#include "table/counts.h"

#include <stdlib.h>

size_t counts_add(Counts *counts, uint32_t group, Span text, bool *added)
{
    counts->key.size = 0;
    buffer_append(&counts->key, (const char *)&group, sizeof group);
    buffer_append(&counts->key, text.at, text.size);
    size_t entry = dictionary_add(&counts->seen, buffer_span(&counts->key), added);
    if (*added) {
        counts->counts = memory_grow(counts->counts, &counts->room, entry, sizeof *counts->counts);
        counts->counts[entry] = 0;
    }
    counts->counts[entry]++;
    return entry;
}

uint64_t counts_of(const Counts *counts, size_t entry)
{
    return counts->counts[entry];
}

Span counts_text(const Counts *counts, size_t entry)
{
    Span key = counts->seen.keys[entry];
    return (Span){key.at + sizeof(uint32_t), key.size - sizeof(uint32_t)};
}

void counts_free(Counts *counts)
{
    dictionary_free(&counts->seen);
    free(counts->counts);
    buffer_free(&counts->key);
    *counts = (Counts){0};
}
