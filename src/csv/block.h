/*
 * Block: 64 bytes of text as bit masks, bit i for byte i.
 *
 * This is the only step of the scanner that looks at single bytes, so it is the one that a variant
 * for wider registers replaces.  Here it works on eight words of eight bytes.
 */
#ifndef CSV_BLOCK_H
#define CSV_BLOCK_H

#include <stdint.h>
#include <string.h>

enum { BLOCK_SIZE = 64 };

typedef struct Block {
    uint64_t delimiter;
    uint64_t newline;
    uint64_t quote;
    uint64_t carriage; /* carriage return */
    uint64_t nul;
    uint64_t high; /* bytes past ASCII */
} Block;

#define BLOCK_EVERY(byte) (UINT64_C(0x0101010101010101) * (unsigned char)(byte))
#define BLOCK_TOPS BLOCK_EVERY(0x80)

/*
 * The top bit of every byte that equals `byte`, which is ASCII, in a word whose top bits have been
 * cleared: 0x80 less anything but zero has no top bit, and nothing is borrowed from the next byte.
 */
static inline uint64_t block_equal(uint64_t low, char byte)
{
    return BLOCK_TOPS - (low ^ BLOCK_EVERY(byte));
}

/*
 * The top bits of eight bytes as eight bits.  The bit at 8i + 7 is multiplied to 56 + i by the
 * factor's bit at 49 - 7i; no two of the 64 products meet, so nothing is carried into the byte.
 */
static inline uint64_t block_gather(uint64_t word)
{
    return (word & BLOCK_TOPS) * UINT64_C(0x0002040810204081) >> 56;
}

static inline uint64_t block_find(const uint64_t words[8], char byte)
{
    uint64_t mask = 0;
#pragma GCC unroll 8
    for (unsigned i = 8; i-- > 0;)
        mask = mask << 8 | block_gather(block_equal(words[i] & ~BLOCK_TOPS, byte) & ~words[i]);
    return mask;
}

static inline uint64_t block_find_high(const uint64_t words[8])
{
    uint64_t mask = 0;
    for (unsigned i = 8; i-- > 0;)
        mask = mask << 8 | block_gather(words[i]);
    return mask;
}

/* Most blocks hold delimiters and newlines and nothing else of note, which is seen for less than it
 * takes to find things.  (Bytes past ASCII may make a search in vain.) */
static inline void block_read_rare(Block *block, const uint64_t words[8])
{
    uint64_t quote = 0, carriage = 0, nul = 0, high = 0;
#pragma GCC unroll 8
    for (unsigned i = 0; i < 8; i++) {
        uint64_t low = words[i] & ~BLOCK_TOPS;
        quote |= block_equal(low, '"');
        carriage |= block_equal(low, '\r');
        nul |= block_equal(low, '\0');
        high |= words[i];
    }
    block->quote = quote & BLOCK_TOPS ? block_find(words, '"') : 0;
    block->carriage = carriage & BLOCK_TOPS ? block_find(words, '\r') : 0;
    block->nul = nul & BLOCK_TOPS ? block_find(words, '\0') : 0;
    block->high = high & BLOCK_TOPS ? block_find_high(words) : 0;
}

static inline Block block_read(const char *bytes, char delimiter)
{
    uint64_t words[8];
    memcpy(words, bytes, sizeof words);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    for (unsigned i = 0; i < 8; i++)
        words[i] = __builtin_bswap64(words[i]);
#endif
    Block block = {.delimiter = block_find(words, delimiter), .newline = block_find(words, '\n')};
    block_read_rare(&block, words);
    return block;
}

#endif
