#include "base/hash.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/diagnostic.h"

typedef struct DictionarySlot {
    uint64_t hash;
    size_t number; /* of the key, plus one; 0 is a free slot */
} DictionarySlot;

uint64_t hash_key[2];

__attribute__((constructor)) static void hash_key_draw(void)
{
    if (getrandom(hash_key, sizeof hash_key, 0) != sizeof hash_key)
        hash_key[0] = (uint64_t)(uintptr_t)&hash_key; /* address randomisation is what is left */
    hash_key[0] |= 1;
    hash_key[1] |= 1;
}

static uint64_t word_at(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

uint64_t hash_bytes(const char *bytes, size_t size)
{
    uint64_t state = hash_key[0] ^ size;
    size_t left = size;
    for (; left > 8; left -= 8, bytes += 8)
        state = hash_fold(state ^ word_at(bytes), hash_key[1] ^ UINT64_C(0x9e3779b97f4a7c15));
    uint64_t tail = 0;
    if (left != 0)
        memcpy(&tail, bytes, left);
    state = hash_fold(state ^ tail, hash_key[1] ^ UINT64_C(0xd6e8feb86659fd93));
    return hash_fold(state ^ hash_key[0], hash_key[1]);
}

static DictionarySlot *slot_of(const Dictionary *dictionary, Span key, uint64_t hash)
{
    size_t mask = dictionary->slot_count - 1;
    for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
        DictionarySlot *slot = &dictionary->slots[i];
        if (slot->number == 0)
            return slot;
        if (slot->hash == hash && span_equal(dictionary->keys[slot->number - 1], key))
            return slot;
    }
}

static void dictionary_widen(Dictionary *dictionary)
{
    size_t old_count = dictionary->slot_count;
    DictionarySlot *old = dictionary->slots;
    dictionary->slot_count = old_count == 0 ? 64 : old_count * 2;
    dictionary->slots = memory_zeroed(dictionary->slot_count, sizeof *old);
    size_t mask = dictionary->slot_count - 1;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].number == 0)
            continue;
        size_t j = (size_t)old[i].hash & mask;
        while (dictionary->slots[j].number != 0)
            j = (j + 1) & mask;
        dictionary->slots[j] = old[i];
    }
    free(old);
}

size_t dictionary_add(Dictionary *dictionary, Span key, bool *added)
{
    if (dictionary->count * 2 >= dictionary->slot_count)
        dictionary_widen(dictionary);
    uint64_t hash = hash_bytes(key.at, key.size);
    DictionarySlot *slot = slot_of(dictionary, key, hash);
    if (added != NULL)
        *added = slot->number == 0;
    if (slot->number == 0) {
        dictionary->keys = memory_grow(dictionary->keys, &dictionary->room, dictionary->count,
                                       sizeof *dictionary->keys);
        dictionary->keys[dictionary->count] =
            (Span){arena_copy(&dictionary->bytes, key.at, key.size), key.size};
        slot->hash = hash;
        slot->number = ++dictionary->count;
    }
    return slot->number - 1;
}

size_t dictionary_find(const Dictionary *dictionary, Span key)
{
    if (dictionary->count == 0)
        return DICTIONARY_NONE;
    const DictionarySlot *slot = slot_of(dictionary, key, hash_bytes(key.at, key.size));
    return slot->number == 0 ? DICTIONARY_NONE : slot->number - 1;
}

size_t dictionary_size(const Dictionary *dictionary)
{
    return dictionary->bytes.size + dictionary->room * sizeof *dictionary->keys +
           dictionary->slot_count * sizeof *dictionary->slots;
}

void dictionary_free(Dictionary *dictionary)
{
    arena_free(&dictionary->bytes);
    free(dictionary->keys);
    free(dictionary->slots);
    *dictionary = (Dictionary){0};
}
