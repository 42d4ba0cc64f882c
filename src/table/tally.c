#include "table/tally.h"

#include <stdlib.h>

#include "num/digits.h"

enum {
    SCALE_MOST = 18,      /* as much as 64 bits can tell */
    INSERTION_COUNT = 32, /* fewer words are sorted by insertion */
    DIGITS = 256,
    ROOM_LEAST = 4
};

/* ---- words ---- */

/* mantissa * 10^power with the scale behind it; false if a word does not hold them. */
static bool word_of(int64_t mantissa, int32_t power, int32_t scale, int64_t *word)
{
    int64_t shifted;
    if (__builtin_mul_overflow(mantissa, (int64_t)power10[power], &shifted) ||
        __builtin_mul_overflow(shifted, INT64_C(1) << TALLY_SCALE_BITS, &shifted))
        return false;
    *word = shifted | scale;
    return true;
}

static int64_t word_mantissa(int64_t word)
{
    return word >> TALLY_SCALE_BITS;
}

static int32_t word_scale(int64_t word)
{
    return (int32_t)(word & ((1 << TALLY_SCALE_BITS) - 1));
}

static Decimal word_value(const Tally *tally, int64_t word)
{
    int32_t scale = word_scale(word);
    return (Decimal){.small = word_mantissa(word) / (int64_t)power10[tally->scale - scale],
                     .scale = scale};
}

/* Brings all words to a wider scale; false, with nothing changed, if one would not fit. */
static bool widen(Tally *tally, int32_t scale)
{
    int32_t power = scale - tally->scale;
    int64_t word;
    for (size_t i = 0; i < tally->count; i++)
        if (!word_of(word_mantissa(tally->words[i]), power, 0, &word))
            return false;
    for (size_t i = 0; i < tally->count; i++)
        word_of(word_mantissa(tally->words[i]), power, word_scale(tally->words[i]),
                &tally->words[i]);
    tally->scale = scale;
    return true;
}

static bool fits(Tally *tally, Decimal value, int64_t *word)
{
    if (value.big != NULL || value.scale > SCALE_MOST)
        return false;
    if (value.scale > tally->scale && !widen(tally, value.scale))
        return false;
    return word_of(value.small, tally->scale - value.scale, value.scale, word);
}

/* ---- what is at a place ---- */

static uint64_t times_at(const Tally *tally, size_t i)
{
    if (tally->large != NULL)
        return tally->large[i].count;
    return tally->counts != NULL ? tally->counts[i] : 1;
}

static Decimal value_at(const Tally *tally, size_t i)
{
    return tally->large != NULL ? tally->large[i].value : word_value(tally, tally->words[i]);
}

/* Large ones are different once they are settled. */
static bool words_equal(const Tally *tally, size_t i, size_t j)
{
    return tally->large == NULL && word_mantissa(tally->words[i]) == word_mantissa(tally->words[j]);
}

/* The last of those that are equal to this one, which has the widest scale. */
static size_t last_equal(const Tally *tally, size_t i)
{
    while (i + 1 < tally->count && words_equal(tally, i, i + 1))
        i++;
    return i;
}

/* ---- sorting words, and their counts with them ---- */

/* Words and, if there are any, counts. */
typedef struct Part {
    int64_t *words;
    uint64_t *counts;
} Part;

static Part part_make(size_t count, bool counted)
{
    return (Part){memory_array(count, sizeof(int64_t)),
                  counted ? memory_array(count, sizeof(uint64_t)) : NULL};
}

static void part_free(Part part)
{
    free(part.words);
    free(part.counts);
}

static inline void part_move(Part to, size_t i, Part from, size_t j)
{
    to.words[i] = from.words[j];
    if (to.counts != NULL)
        to.counts[i] = from.counts[j];
}

static Part part_behind(Part part, size_t i)
{
    return (Part){part.words + i, part.counts == NULL ? NULL : part.counts + i};
}

static void insertion_sort(Part part, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        int64_t word = part.words[i];
        uint64_t times = part.counts == NULL ? 1 : part.counts[i];
        size_t j = i;
        for (; j > 0 && word < part.words[j - 1]; j--)
            part_move(part, j, part, j - 1);
        part.words[j] = word;
        if (part.counts != NULL)
            part.counts[j] = times;
    }
}

/* Negative words come first. */
static inline size_t digit_of(int64_t word, unsigned shift)
{
    return ((uint64_t)word ^ UINT64_C(1) << 63) >> shift & (DIGITS - 1);
}

/* Deals the words out by one digit, in their order. */
static void deal(Part to, Part from, size_t count, unsigned shift)
{
    size_t starts[DIGITS] = {0}, start = 0;
    for (size_t i = 0; i < count; i++)
        starts[digit_of(from.words[i], shift)]++;
    for (size_t i = 0; i < DIGITS; i++) {
        size_t size = starts[i];
        starts[i] = start;
        start += size;
    }
    for (size_t i = 0; i < count; i++)
        part_move(to, starts[digit_of(from.words[i], shift)]++, from, i);
}

/* From the lowest digit in which they differ up. */
static void radix_sort(Part part, size_t count)
{
    uint64_t differ = 0;
    for (size_t i = 1; i < count; i++)
        differ |= (uint64_t)(part.words[i] ^ part.words[0]);
    Part room = part_make(count, part.counts != NULL), from = part, to = room;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if ((differ >> shift & (DIGITS - 1)) == 0)
            continue;
        deal(to, from, count, shift);
        Part swapped = from;
        from = to;
        to = swapped;
    }
    if (from.words != part.words)
        for (size_t i = 0; i < count; i++)
            part_move(part, i, from, i);
    part_free(room);
}

static bool is_sorted(const int64_t *words, size_t count)
{
    size_t i = 1;
    while (i < count && words[i - 1] <= words[i])
        i++;
    return i >= count;
}

static void part_sort(Part part, size_t count)
{
    if (is_sorted(part.words, count))
        return;
    if (count < INSERTION_COUNT)
        insertion_sort(part, count);
    else
        radix_sort(part, count);
}

/* Merges the words from `half` on into those before: from the end, the later ones out of the way.
 */
static void part_merge(Part part, size_t half, size_t count)
{
    if (half == 0 || half == count || part.words[half - 1] <= part.words[half])
        return;
    size_t later = count - half;
    Part room = part_make(later, part.counts != NULL);
    for (size_t i = 0; i < later; i++)
        part_move(room, i, part, half + i);
    for (size_t out = count; later > 0;)
        if (half > 0 && part.words[half - 1] > room.words[later - 1])
            part_move(part, --out, part, --half);
        else
            part_move(part, --out, room, --later);
    part_free(room);
}

/* ---- settling ---- */

static size_t count_distinct(const Tally *tally)
{
    size_t distinct = 0;
    for (size_t i = 0; i < tally->count; i = last_equal(tally, i) + 1)
        distinct++;
    return distinct;
}

/* Each word once, with its count. */
static void join_equals(Tally *tally)
{
    size_t kept = 0;
    for (size_t i = 0, last; i < tally->count; i = last + 1) {
        last = last_equal(tally, i);
        uint64_t times = 0;
        for (size_t j = i; j <= last; j++)
            times += tally->counts[j];
        tally->words[kept] = tally->words[last];
        tally->counts[kept++] = times;
    }
    tally->count = kept;
}

static void make_counts(Tally *tally)
{
    if (tally->counts != NULL)
        return;
    tally->counts = memory_array(tally->room, sizeof *tally->counts);
    for (size_t i = 0; i < tally->count; i++)
        tally->counts[i] = 1;
}

static void settle_words(Tally *tally)
{
    Part part = {tally->words, tally->counts};
    part_sort(part_behind(part, tally->settled), tally->count - tally->settled);
    part_merge(part, tally->settled, tally->count);
    if (tally->counts == NULL && count_distinct(tally) <= tally->count / 2)
        make_counts(tally);
    if (tally->counts != NULL)
        join_equals(tally);
}

static int compare_large(const void *a, const void *b)
{
    return decimal_compare(((const LargeEntry *)a)->value, ((const LargeEntry *)b)->value);
}

static void settle_large(Tally *tally)
{
    LargeEntry *entries = tally->large;
    qsort(entries, tally->count, sizeof *entries, compare_large);
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
    tally->count = kept + 1;
}

void tally_settle(Tally *tally)
{
    if (tally->settled == tally->count)
        return;
    if (tally->large != NULL)
        settle_large(tally);
    else
        settle_words(tally);
    tally->settled = tally->count;
}

/* ---- adding ---- */

static void set_room(Tally *tally, size_t room)
{
    tally->room = room;
    if (tally->large != NULL) {
        tally->large = memory_resize(tally->large, room, sizeof *tally->large);
        return;
    }
    tally->words = memory_resize(tally->words, room, sizeof *tally->words);
    if (tally->counts != NULL)
        tally->counts = memory_resize(tally->counts, room, sizeof *tally->counts);
}

/* Few values are cheaper to keep than to settle. */
static void make_room(Tally *tally)
{
    if (tally->count >= INSERTION_COUNT)
        tally_settle(tally);
    if (tally->room == 0)
        set_room(tally, ROOM_LEAST);
    else if (tally->count > tally->room / 2)
        set_room(tally, 2 * tally->room);
}

static void enlarge(Tally *tally)
{
    LargeEntry *large = memory_array(tally->room, sizeof *large);
    for (size_t i = 0; i < tally->count; i++)
        large[i] = (LargeEntry){value_at(tally, i), times_at(tally, i)};
    free(tally->words);
    free(tally->counts);
    tally->words = NULL;
    tally->counts = NULL;
    tally->large = large;
    tally->settled = 0; /* equal ones may be there twice */
}

void tally_add(Tally *tally, Decimal value, uint64_t times)
{
    int64_t word = 0;
    if (tally->count == tally->room)
        make_room(tally);
    if (tally->large == NULL && !fits(tally, value, &word))
        enlarge(tally);
    if (tally->large != NULL) {
        tally->large[tally->count++] = (LargeEntry){value, times};
        return;
    }
    if (times != 1)
        make_counts(tally);
    if (tally->counts != NULL)
        tally->counts[tally->count] = times;
    /* NOLINTNEXTLINE: there is room for one more */
    tally->words[tally->count++] = word;
}

static bool is_plain(const Tally *tally)
{
    return tally->large == NULL && tally->counts == NULL;
}

static void append_words(Tally *tally, const Tally *other)
{
    size_t room = tally->room != 0 ? tally->room : ROOM_LEAST;
    while (room < tally->count + other->count)
        room *= 2;
    set_room(tally, room);
    memcpy(tally->words + tally->count, other->words, other->count * sizeof *other->words);
    tally->count += other->count;
}

void tally_merge(Tally *tally, const Tally *other)
{
    if (tally->count == 0 && is_plain(tally))
        tally->scale = other->scale;
    if (is_plain(tally) && is_plain(other) && tally->scale == other->scale) {
        tally_settle(tally);
        if (is_plain(tally) && other->count != 0) {
            append_words(tally, other);
            return;
        }
    }
    for (size_t i = 0; i < other->count; i++)
        tally_add(tally, value_at(other, i), times_at(other, i));
}

/* ---- results ---- */

uint64_t tally_total(const Tally *tally)
{
    uint64_t total = 0;
    if (is_plain(tally))
        return tally->count;
    for (size_t i = 0; i < tally->count; i++)
        total += times_at(tally, i);
    return total;
}

size_t tally_distinct(const Tally *tally)
{
    return count_distinct(tally);
}

bool tally_next(const Tally *tally, size_t *at, Decimal *value, uint64_t *times)
{
    if (*at == tally->count)
        return false;
    size_t last = last_equal(tally, *at);
    *value = value_at(tally, last);
    for (*times = 0; *at <= last; ++*at)
        *times += times_at(tally, *at);
    return true;
}

Decimal tally_smallest(const Tally *tally, uint64_t i)
{
    if (is_plain(tally))
        return value_at(tally, last_equal(tally, (size_t)i));
    size_t at = 0;
    for (uint64_t times; i >= (times = times_at(tally, at)); at++)
        i -= times;
    return value_at(tally, at);
}

Decimal tally_mode(const Tally *tally)
{
    Decimal value, best = {0};
    uint64_t times, most = 0;
    for (size_t at = 0; tally_next(tally, &at, &value, &times);) {
        if (times <= most)
            continue;
        best = value;
        most = times;
    }
    return best;
}

void tally_keep(Tally *tally, Arena *arena)
{
    tally_settle(tally);
    for (size_t i = 0; tally->large != NULL && i < tally->count; i++)
        tally->large[i].value = decimal_keep(tally->large[i].value, arena);
}

size_t tally_size(const Tally *tally)
{
    if (tally->large != NULL)
        return tally->room * sizeof *tally->large;
    return tally->room *
           (sizeof *tally->words + (tally->counts != NULL ? sizeof *tally->counts : 0));
}

void tally_free(Tally *tally)
{
    free(tally->words);
    free(tally->counts);
    free(tally->large);
    *tally = (Tally){0};
}
