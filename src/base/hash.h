/*
 * Hash: a keyed hash of bytes and a dictionary from byte strings to dense numbers.
 *
 * The key is drawn anew in every process, so that no input can be made to collide on purpose.
 * Nothing a program prints may depend on hash values: entries are numbered in order of arrival.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/text.h"

uint64_t hash_bytes(const char *bytes, size_t size);

extern uint64_t hash_key[2]; /* the process's own, never printed */

/* Both halves of a 128-bit product, folded: one multiplication mixes every bit with the key. */
static inline uint64_t hash_fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Of up to 16 bytes as two words; `size` tells apart what only differs in zeros at the end. */
static inline uint64_t hash_words(uint64_t a, uint64_t b, uint64_t size)
{
    return hash_fold(hash_fold(a ^ hash_key[0], b ^ hash_key[1]) ^ size, hash_key[1]);
}

/* Byte strings numbered 0, 1, 2 … in order of first appearance. All zero is an empty one. */
typedef struct Dictionary {
    Arena bytes;  /* copies of the keys */
    Span *keys;   /* by number */
    size_t count; /* how many */
    size_t room;
    struct DictionarySlot *slots; /* open addressing, a power of two */
    size_t slot_count;
} Dictionary;

#define DICTIONARY_NONE SIZE_MAX

/* The key's number, given if it is new (*added says so; it may be NULL). Keys are copied. */
size_t dictionary_add(Dictionary *dictionary, Span key, bool *added);

/* The key's number or DICTIONARY_NONE. */
size_t dictionary_find(const Dictionary *dictionary, Span key);

/* Bytes of memory held. */
size_t dictionary_size(const Dictionary *dictionary);

void dictionary_free(Dictionary *dictionary);

#endif
