#include "table/group.h"

#include <stdlib.h>

#include "base/diagnostic.h"
#include "base/hash.h"

enum { SLOTS_LEAST = 256 };

/* The hash is looked at before the group, so that few groups of other keys are. */
typedef struct GroupSlot {
    uint32_t hash;
    uint32_t number; /* plus one; 0 is a free slot */
} GroupSlot;

/* A key as it is looked for. */
typedef struct Key {
    uint64_t words[2]; /* of a short one, zeros behind it */
    Span bytes;
    uint32_t hash;
} Key;

void groups_open(Groups *groups, const size_t *columns, size_t count)
{
    *groups = (Groups){.columns = columns, .column_count = count};
}

/* ---- keys ---- */

static inline bool is_short(Span bytes)
{
    return bytes.size <= GROUP_INLINE;
}

/* The bytes and zeros behind them, as they lie in memory. */
static inline void words_load(uint64_t words[2], Span bytes)
{
    words[0] = words[1] = 0;
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__) {
        if (bytes.size != 0)
            memcpy(words, bytes.at, bytes.size);
        return;
    }
    words[0] = span_word((Span){bytes.at, bytes.size < 8 ? bytes.size : 8});
    if (bytes.size > 8) /* the last eight, of which the first word has some */
        words[1] = span_word((Span){bytes.at + bytes.size - 8, 8}) >> 8 * (16 - bytes.size);
}

static inline uint32_t hash_half(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

/* What a key is compared by. */
static inline Key key_without_hash(Span bytes)
{
    Key key = {.bytes = bytes};
    if (is_short(bytes))
        words_load(key.words, bytes);
    return key;
}

static Key key_of(Span bytes)
{
    Key key = key_without_hash(bytes);
    key.hash = hash_half(is_short(bytes) ? hash_words(key.words[0], key.words[1], bytes.size)
                                         : hash_bytes(bytes.at, bytes.size));
    return key;
}

static inline bool has_key(const Group *group, const Key *key)
{
    if (group->size != key->bytes.size)
        return false;
    if (is_short(key->bytes))
        return ((group->key.words[0] ^ key->words[0]) | (group->key.words[1] ^ key->words[1])) == 0;
    return memcmp(group->key.elsewhere, key->bytes.at, key->bytes.size) == 0;
}

/* ---- the table ---- */

static void slots_widen(Groups *groups)
{
    groups->slot_count = groups->slot_count == 0 ? SLOTS_LEAST : 2 * groups->slot_count;
    free(groups->slots);
    groups->slots = memory_zeroed(groups->slot_count, sizeof *groups->slots);
    size_t mask = groups->slot_count - 1;
    for (size_t i = 0; i < groups->count; i++) {
        size_t at = groups->groups[i].hash & mask;
        while (groups->slots[at].number != 0)
            at = (at + 1) & mask;
        groups->slots[at] = (GroupSlot){groups->groups[i].hash, (uint32_t)i + 1};
    }
}

static uint32_t group_make(Groups *groups, GroupSlot *slot, const Key *key, uint64_t ordinal)
{
    if (groups->count >= UINT32_MAX - 1)
        fail("too many groups: more than %lu", (unsigned long)UINT32_MAX - 1);
    if (key->bytes.size > UINT32_MAX)
        fail("a group key of %zu bytes", key->bytes.size);
    groups->groups =
        memory_grow(groups->groups, &groups->room, groups->count, sizeof *groups->groups);
    Group *group = &groups->groups[groups->count++];
    *group = (Group){
        .size = (uint32_t)key->bytes.size,
        .hash = key->hash,
        .ordinal = ordinal,
        .key.words = {key->words[0], key->words[1]},
    };
    if (!is_short(key->bytes))
        group->key.elsewhere = arena_copy(&groups->long_keys, key->bytes.at, key->bytes.size);
    *slot = (GroupSlot){key->hash, (uint32_t)groups->count};
    return slot->number - 1;
}

/* A table that stays in the nearest cache anyway has slots to spare, so that nearly every key lies
 * in the first one looked at: a second look is a branch guessed wrong. */
static inline bool is_crowded(const Groups *groups)
{
    enum { NEAR = 4096 };
    return groups->count * (groups->slot_count < NEAR ? 8 : 2) >= groups->slot_count;
}

static inline uint32_t group_number(Groups *groups, const Key *key, uint64_t ordinal)
{
    if (is_crowded(groups))
        slots_widen(groups);
    size_t mask = groups->slot_count - 1;
    for (size_t i = key->hash & mask;; i = (i + 1) & mask) {
        GroupSlot *slot = &groups->slots[i];
        if (slot->number == 0)
            return group_make(groups, slot, key, ordinal);
        if (slot->hash == key->hash && has_key(&groups->groups[slot->number - 1], key))
            return slot->number - 1;
    }
}

/* The group with a key that is there. */
static inline uint32_t group_find(const Groups *groups, const Key *key)
{
    size_t mask = groups->slot_count - 1;
    for (size_t i = key->hash & mask;; i = (i + 1) & mask) {
        const GroupSlot *slot = &groups->slots[i];
        if (slot->hash == key->hash && has_key(&groups->groups[slot->number - 1], key))
            return slot->number - 1;
    }
}

uint32_t groups_add(Groups *groups, Span bytes, uint32_t hash, uint64_t ordinal)
{
    if (groups->column_count == 0)
        return 0;
    Key key = key_without_hash(bytes);
    key.hash = hash;
    uint32_t number = group_number(groups, &key, ordinal);
    if (ordinal < groups->groups[number].ordinal)
        groups->groups[number].ordinal = ordinal;
    return number;
}

uint32_t groups_add_key(Groups *groups, Span bytes, uint64_t ordinal)
{
    return groups_add(groups, bytes, key_of(bytes).hash, ordinal);
}

/* ---- batches ---- */

/* Several columns are joined, a NUL between. */
static Key key_of_row(const Groups *groups, const Batch *batch, size_t row, Buffer *joined)
{
    if (groups->column_count == 1)
        return key_of(batch_value(batch, row, groups->columns[0]));
    joined->size = 0;
    for (size_t i = 0; i < groups->column_count; i++) {
        Span value = batch_value(batch, row, groups->columns[i]);
        if (i > 0)
            buffer_byte(joined, '\0');
        buffer_append(joined, value.at, value.size);
    }
    return key_of(buffer_span(joined));
}

enum { NO_GROUP = UINT32_MAX };

/* A short key as two words, and how many bytes of them it is. */
typedef struct ShortKey {
    uint64_t low, high;
    size_t size;
} ShortKey;

/* A short text in a batch; its size decides no branch, for a batch can be read past its end. */
static inline ShortKey short_key(Span text)
{
    size_t first = text.size < 8 ? text.size : 8;
    return (ShortKey){
        .low = span_word_open((Span){text.at, first}),
        .high = span_word_open((Span){text.at + 8, text.size - first}),
        .size = text.size,
    };
}

/* The cell's value if that is short and a part of the cell; else a size past GROUP_INLINE. */
static inline ShortKey short_key_of_cell(Span cell)
{
    static const ShortKey none = {.size = SIZE_MAX};
    if (__builtin_expect(cell.at[0] != '"', 1))
        return is_short(cell) ? short_key(cell) : none;
    Span inner = {cell.at + 1, cell.size - 2};
    if (cell.size < 2 || !is_short(inner))
        return none;
    ShortKey key = short_key(inner);
    return word_has(key.low, '"') || word_has(key.high, '"') ? none : key;
}

/* The group of a short key that has one, else NO_GROUP: what most rows ask for, and all of it stays
 * in registers. */
static inline uint32_t group_of_short(const Groups *groups, ShortKey key)
{
    uint32_t hash = hash_half(hash_words(key.low, key.high, key.size));
    size_t mask = groups->slot_count - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        const GroupSlot *slot = &groups->slots[i];
        if (slot->number == 0)
            return NO_GROUP;
        const Group *group = &groups->groups[slot->number - 1];
        if (slot->hash == hash && group->size == key.size && group->key.words[0] == key.low &&
            group->key.words[1] == key.high)
            return slot->number - 1;
    }
}

static inline __attribute__((always_inline)) uint32_t group_of_cell(const Groups *groups,
                                                                    const Batch *batch, size_t row)
{
    ShortKey key = short_key_of_cell(batch_field(batch, row, groups->columns[0]));
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ || key.size > GROUP_INLINE)
        return NO_GROUP;
    return group_of_short(groups, key);
}

/* All zero: without key columns they stay so. */
static void numbers_reserve(GroupNumbers *into, size_t rows)
{
    if (rows <= into->room)
        return;
    free(into->numbers);
    into->room = rows;
    into->numbers = memory_zeroed(rows, sizeof *into->numbers);
}

const uint32_t *groups_of_batch(Groups *groups, const Batch *batch)
{
    GroupNumbers *into = &groups->of_batch;
    bool single = groups->column_count == 1 && groups->slot_count != 0;
    numbers_reserve(into, batch->rows);
    for (size_t row = 0; row < batch->rows && groups->column_count != 0; row++) {
        uint32_t number = single ? group_of_cell(groups, batch, row) : NO_GROUP;
        if (number == NO_GROUP) {
            Key key = key_of_row(groups, batch, row, &into->joined);
            number = group_number(groups, &key, batch->ordinal + row);
            single = groups->column_count == 1;
        }
        into->numbers[row] = number;
    }
    return into->numbers;
}

const uint32_t *groups_find_batch(const Groups *groups, const Batch *batch, GroupNumbers *into)
{
    bool single = groups->column_count == 1;
    numbers_reserve(into, batch->rows);
    for (size_t row = 0; row < batch->rows && groups->column_count != 0; row++) {
        uint32_t number = single ? group_of_cell(groups, batch, row) : NO_GROUP;
        if (number == NO_GROUP) {
            Key key = key_of_row(groups, batch, row, &into->joined);
            number = group_find(groups, &key);
        }
        into->numbers[row] = number;
    }
    return into->numbers;
}

Span groups_row_key(Groups *groups, const Batch *batch, size_t row, uint32_t *hash)
{
    Key key = key_of_row(groups, batch, row, &groups->of_batch.joined);
    *hash = key.hash;
    return key.bytes;
}

void group_numbers_free(GroupNumbers *numbers)
{
    free(numbers->numbers);
    buffer_free(&numbers->joined);
    *numbers = (GroupNumbers){0};
}

/* ---- what is known of a group ---- */

Span groups_whole_key(const Groups *groups, size_t number)
{
    if (groups->column_count == 0)
        return (Span){0};
    const Group *group = &groups->groups[number];
    return (Span){group->size <= GROUP_INLINE ? group->key.here : group->key.elsewhere,
                  group->size};
}

Span groups_key(const Groups *groups, size_t group, size_t i)
{
    Span rest = groups_whole_key(groups, group);
    if (groups->column_count == 1)
        return rest;
    for (;; i--) {
        const char *end = rest.size == 0 ? NULL : memchr(rest.at, '\0', rest.size);
        size_t size = end == NULL ? rest.size : (size_t)(end - rest.at);
        if (i == 0)
            return (Span){rest.at, size};
        rest = (Span){rest.at + size + 1, rest.size - size - 1};
    }
}

uint32_t groups_merge(Groups *groups, const Groups *from, size_t group)
{
    return groups_add(groups, groups_whole_key(from, group), groups_hash(from, group),
                      groups_ordinal(from, group));
}

const char *groups_shown(const Groups *groups, const Header *header, size_t group,
                         const char *before, Arena *arena)
{
    if (groups->column_count == 0)
        return "";
    const char *text = arena_format(arena, "%sgroup ", before);
    for (size_t i = 0; i < groups->column_count; i++) {
        Span key = groups_key(groups, group, i);
        text = arena_format(arena, "%s%s%s = %s", text, i == 0 ? "" : ", ",
                            header->names[groups->columns[i]],
                            key.size == 0 ? "(missing)" : shown(key.at, key.size));
    }
    return text;
}

size_t groups_size(const Groups *groups)
{
    return groups->room * sizeof *groups->groups + groups->slot_count * sizeof *groups->slots +
           groups->long_keys.size;
}

void groups_clear(Groups *groups)
{
    if (groups->slots != NULL)
        memset(groups->slots, 0, groups->slot_count * sizeof *groups->slots);
    groups->count = 0;
    arena_reset(&groups->long_keys);
}

void groups_free(Groups *groups)
{
    free(groups->groups);
    free(groups->slots);
    arena_free(&groups->long_keys);
    group_numbers_free(&groups->of_batch);
    *groups = (Groups){0};
}
