/* The scan on any machine: eight words of eight bytes make a block. */
#include "csv/scanning.h"

#include <string.h>

#define SCAN_TARGET

#define BLOCK_EVERY(byte) (UINT64_C(0x0101010101010101) * (unsigned char)(byte))
#define BLOCK_TOPS BLOCK_EVERY(0x80)

typedef struct Words {
    uint64_t of[8];
} Words;

SCAN_STEP Words words_load(const char *bytes)
{
    Words words;
    memcpy(words.of, bytes, sizeof words.of);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    for (unsigned i = 0; i < 8; i++)
        words.of[i] = __builtin_bswap64(words.of[i]);
#endif
    return words;
}

/*
 * The top bit of every byte that equals `byte`, which is ASCII, in a word whose top bits have been
 * cleared: 0x80 less anything but zero has no top bit, and nothing is borrowed from the next byte.
 */
SCAN_STEP uint64_t word_equal(uint64_t low, char byte)
{
    return BLOCK_TOPS - (low ^ BLOCK_EVERY(byte));
}

/*
 * The top bits of eight bytes as eight bits.  The bit at 8i + 7 is multiplied to 56 + i by the
 * factor's bit at 49 - 7i; no two of the 64 products meet, so nothing is carried into the byte.
 */
SCAN_STEP uint64_t word_gather(uint64_t word)
{
    return (word & BLOCK_TOPS) * UINT64_C(0x0002040810204081) >> 56;
}

SCAN_STEP uint64_t words_find(const Words *words, char byte)
{
    uint64_t mask = 0;
#pragma GCC unroll 8
    for (unsigned i = 8; i-- > 0;) {
        uint64_t word = words->of[i];
        mask = mask << 8 | word_gather(word_equal(word & ~BLOCK_TOPS, byte) & ~word);
    }
    return mask;
}

SCAN_STEP uint64_t words_find_high(const Words *words)
{
    uint64_t mask = 0;
    for (unsigned i = 8; i-- > 0;)
        mask = mask << 8 | word_gather(words->of[i]);
    return mask;
}

/* Most blocks hold delimiters and newlines and nothing else of note, which is seen for less than it
 * takes to find things.  (Bytes past ASCII may make a search in vain.) */
SCAN_STEP void block_read_rare(Block *block, const Words *words)
{
    uint64_t quote = 0, carriage = 0, nul = 0, high = 0;
#pragma GCC unroll 8
    for (unsigned i = 0; i < 8; i++) {
        uint64_t low = words->of[i] & ~BLOCK_TOPS;
        quote |= word_equal(low, '"');
        carriage |= word_equal(low, '\r');
        nul |= word_equal(low, '\0');
        high |= words->of[i];
    }
    block->quote = quote & BLOCK_TOPS ? words_find(words, '"') : 0;
    block->carriage = carriage & BLOCK_TOPS ? words_find(words, '\r') : 0;
    block->nul = nul & BLOCK_TOPS ? words_find(words, '\0') : 0;
    block->high = high & BLOCK_TOPS ? words_find_high(words) : 0;
}

SCAN_STEP Block block_read(const char *bytes, char delimiter)
{
    Words words = words_load(bytes);
    Block block = {.delimiter = words_find(&words, delimiter), .newline = words_find(&words, '\n')};
    block_read_rare(&block, &words);
    return block;
}

SCAN_STEP uint64_t block_find(const char *bytes, char byte)
{
    Words words = words_load(bytes);
    return words_find(&words, byte);
}

/* The baseline of some machines has no instruction for it, and a call would cost too much. */
SCAN_STEP size_t bits_count(uint64_t bits)
{
    bits -= bits >> 1 & UINT64_C(0x5555555555555555);
    bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
    bits = (bits + (bits >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (size_t)(bits * UINT64_C(0x0101010101010101) >> 56);
}

/* The bit at the top only keeps the count defined for an empty mask. */
SCAN_STEP unsigned bits_first(uint64_t bits)
{
    return (unsigned)__builtin_ctzll(bits | UINT64_C(1) << 63);
}

SCAN_STEP uint64_t bits_parity(uint64_t bits)
{
    for (unsigned step = 1; step < 64; step *= 2)
        bits ^= bits << step;
    return bits;
}

#define SCAN_VARIANT scan_portable
#define SCAN_NAME "portable"
#include "csv/scan_loop.h"
