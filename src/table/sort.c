#include "table/sort.h"

#include <stdbool.h>

enum {
    INSERTION_COUNT = 12, /* fewer are sorted by insertion */
    MERGE_COUNT = 48,     /* fewer are merge sorted */
    DEEPEST = 64,         /* past so many deals only merging is sure to need little stack */
    PILES = 256
};

enum { WORD = sizeof(uint64_t) };

/* Eight bytes of a key; behind its end zeros, which order it right: no key begins another. */
static uint64_t key_word(const Record *record, size_t from)
{
    uint64_t word = 0;
    size_t left = record->key_size > from ? record->key_size - from : 0;
    if (left == 0)
        return 0;
    if (from + WORD > record->key_size + (size_t)record->row_size) {
        memcpy(&word, record->bytes + from, left);
    } else { /* what the row has behind the key is cut off */
        memcpy(&word, record->bytes + from, sizeof word);
    }
    word = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap64(word) : word;
    return left < WORD ? word & ~(UINT64_MAX >> 8 * left) : word;
}

Entry entry_of(Record *record)
{
    return (Entry){{(uint64_t)record->group << 1 | record->last, key_word(record, 0)}, record};
}

int entry_compare_keys(const Entry *a, const Entry *b)
{
    if (a->record->key_size <= WORD && b->record->key_size <= WORD)
        return 0;
    return span_compare(record_key(a->record), record_key(b->record));
}

/*
 * The level of a sort says what its entries have been found equal in: at 0 nothing, at n > 0 the
 * part and the key's first (n - 1) * 8 bytes; words[1] has the next ones.
 */
static bool entry_before(const Entry *a, const Entry *b, size_t level)
{
    if (a->words[0] != b->words[0])
        return a->words[0] < b->words[0];
    if (a->words[1] != b->words[1])
        return a->words[1] < b->words[1];
    size_t known = (level > 0 ? level : 1) * WORD;
    if (a->record->key_size <= known && b->record->key_size <= known)
        return false;
    return span_compare(record_key(a->record), record_key(b->record)) < 0;
}

/* ---- small piles ---- */

static void insertion_sort(Entry *entries, size_t count, size_t level)
{
    for (size_t i = 1; i < count; i++) {
        Entry entry = entries[i];
        size_t j = i;
        for (; j > 0 && entry_before(&entry, &entries[j - 1], level); j--)
            entries[j] = entries[j - 1];
        entries[j] = entry;
    }
}

/* Merges the sorted halves of `entries`; the first one moves to `room`. */
static void merge_halves(Entry *entries, size_t half, size_t count, Entry *room, size_t level)
{
    memcpy(room, entries, half * sizeof *room);
    size_t left = 0, right = half, out = 0;
    while (left < half && right < count)
        entries[out++] =
            entry_before(&entries[right], &room[left], level) ? entries[right++] : room[left++];
    memcpy(&entries[out], &room[left], (half - left) * sizeof *room);
}

static void merge_sort(Entry *entries, size_t count, Entry *room, size_t level)
{
    if (count <= INSERTION_COUNT) {
        insertion_sort(entries, count, level);
        return;
    }
    size_t half = count / 2;
    merge_sort(entries, half, room, level);
    merge_sort(entries + half, count - half, room, level);
    if (entry_before(&entries[half], &entries[half - 1], level))
        merge_halves(entries, half, count, room, level);
}

/* ---- large ones ---- */

/* The bits in which the entries' words are not all the same. */
static uint64_t difference(const Entry *entries, size_t count, size_t word)
{
    uint64_t bits = 0;
    for (size_t i = 1; i < count; i++)
        bits |= entries[i].words[word] ^ entries[0].words[word];
    return bits;
}

/* Fetches the next bytes of the keys; false if there are none, and so the entries equal. */
static bool next_words(Entry *entries, size_t count, size_t level)
{
    size_t from = (level - 1) * WORD;
    bool more = level == 1; /* the first ones are there */
    for (size_t i = 0; i < count && level > 1; i++) {
        const Record *record = entries[i].record;
        more |= record->key_size > from;
        entries[i].words[1] = key_word(record, from);
    }
    return more;
}

/* Deals the entries out by eight bits of a word, in their order; ends[i] is the end of pile i. */
static void deal(Entry *entries, size_t count, Entry *room, size_t word, unsigned shift,
                 size_t ends[PILES])
{
    memset(ends, 0, PILES * sizeof *ends);
    for (size_t i = 0; i < count; i++)
        ends[entries[i].words[word] >> shift & (PILES - 1)]++;
    size_t start = 0;
    for (size_t i = 0; i < PILES; i++) {
        size_t size = ends[i];
        ends[i] = start;
        start += size;
    }
    for (size_t i = 0; i < count; i++)
        room[ends[entries[i].words[word] >> shift & (PILES - 1)]++] = entries[i];
    memcpy(entries, room, count * sizeof *entries);
}

static void radix_sort(Entry *entries, size_t count, Entry *room, size_t level, size_t depth)
{
    if (count < MERGE_COUNT || depth == DEEPEST) {
        merge_sort(entries, count, room, level);
        return;
    }
    uint64_t bits;
    while ((bits = difference(entries, count, level > 0)) == 0)
        if (!next_words(entries, count, ++level))
            return;
    unsigned highest = 63 - (unsigned)__builtin_clzll(bits);
    size_t ends[PILES], start = 0;
    deal(entries, count, room, level > 0, highest < 7 ? 0 : highest - 7, ends);
    for (size_t i = 0; i < PILES; start = ends[i++])
        if (ends[i] - start > 1)
            radix_sort(entries + start, ends[i] - start, room, level, depth + 1);
}

void sort_entries(Entry *entries, size_t count, Entry *room)
{
    radix_sort(entries, count, room, 0, 0);
}
