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

/*
 * 0x80 in every byte of the word that equals the pattern's, 0 elsewhere.  Exact: adding 0x7f to
 * seven bits carries into the eighth unless they are zero and never into the next byte.
 */
static inline uint64_t block_equal(uint64_t word, uint64_t pattern)
{
    uint64_t low = BLOCK_EVERY(0x7f);
    uint64_t difference = word ^ pattern;
    return ~(((difference & low) + low) | difference | low);
}

/*
 * Whether any byte is zero, in the bytes' top bits; a byte above a zero one may be reported
 * wrongly (Lamport, "Multiple byte processing with full-word instructions", 1975).
 */
static inline uint64_t block_zero(uint64_t word)
{
    return (word - BLOCK_EVERY(1)) & ~word;
}

/* The top bits of eight bytes as eight bits. */
static inline uint64_t block_gather(uint64_t tops)
{
    return (tops >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static inline uint64_t block_find(const uint64_t words[8], char byte)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 8; i++)
        mask |= block_gather(block_equal(words[i], BLOCK_EVERY(byte))) << 8 * i;
    return mask;
}

static inline uint64_t block_high(const uint64_t words[8])
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 8; i++)
        mask |= block_gather(words[i] & BLOCK_EVERY(0x80)) << 8 * i;
    return mask;
}

/* Most blocks of most files hold delimiters and newlines only: one test spares the other masks. */
static inline uint64_t block_rare(const uint64_t words[8])
{
    uint64_t rare = 0;
    for (unsigned i = 0; i < 8; i++)
        rare |= words[i] | block_zero(words[i]) | block_zero(words[i] ^ BLOCK_EVERY('"')) |
                block_zero(words[i] ^ BLOCK_EVERY('\r'));
    return rare & BLOCK_EVERY(0x80);
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
    if (__builtin_expect(block_rare(words) != 0, 0)) {
        block.quote = block_find(words, '"');
        block.carriage = block_find(words, '\r');
        block.nul = block_find(words, '\0');
        block.high = block_high(words);
    }
    return block;
}

#endif
