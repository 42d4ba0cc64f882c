/* The scan with SSE4.2: four registers of 16 bytes make a block. */
#include "csv/scanning.h"

#ifdef __x86_64__

#include <immintrin.h>

#define SCAN_TARGET __attribute__((target("sse4.2,popcnt,pclmul")))

SCAN_STEP uint64_t masks_join(__m128i a, __m128i b, __m128i c, __m128i d)
{
    uint64_t low = (uint32_t)_mm_movemask_epi8(a) | (uint32_t)_mm_movemask_epi8(b) << 16;
    uint64_t high = (uint32_t)_mm_movemask_epi8(c) | (uint32_t)_mm_movemask_epi8(d) << 16;
    return low | high << 32;
}

SCAN_STEP uint64_t lanes_find(const __m128i lanes[4], char byte)
{
    __m128i every = _mm_set1_epi8(byte);
    return masks_join(_mm_cmpeq_epi8(lanes[0], every), _mm_cmpeq_epi8(lanes[1], every),
                      _mm_cmpeq_epi8(lanes[2], every), _mm_cmpeq_epi8(lanes[3], every));
}

/* The top bit of every byte that is a quote, a carriage return, NUL or past ASCII. */
SCAN_STEP __m128i lane_rare(__m128i lane)
{
    __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(lane, _mm_set1_epi8('\r')),
                                _mm_cmpeq_epi8(lane, _mm_setzero_si128()));
    __m128i quote = _mm_cmpeq_epi8(lane, _mm_set1_epi8('"'));
    return _mm_or_si128(_mm_or_si128(ends, quote), lane);
}

SCAN_STEP void lanes_load(__m128i lanes[4], const char *bytes)
{
    for (unsigned i = 0; i < 4; i++)
        lanes[i] = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * i));
}

SCAN_STEP Block block_read(const char *bytes, char delimiter)
{
    __m128i lanes[4];
    lanes_load(lanes, bytes);
    Block block = {.delimiter = lanes_find(lanes, delimiter), .newline = lanes_find(lanes, '\n')};
    __m128i rare = _mm_or_si128(_mm_or_si128(lane_rare(lanes[0]), lane_rare(lanes[1])),
                                _mm_or_si128(lane_rare(lanes[2]), lane_rare(lanes[3])));
    if (_mm_movemask_epi8(rare) != 0) {
        block.quote = lanes_find(lanes, '"');
        block.carriage = lanes_find(lanes, '\r');
        block.nul = lanes_find(lanes, '\0');
        block.high = masks_join(lanes[0], lanes[1], lanes[2], lanes[3]);
    }
    return block;
}

SCAN_STEP uint64_t block_find(const char *bytes, char byte)
{
    __m128i lanes[4];
    lanes_load(lanes, bytes);
    return lanes_find(lanes, byte);
}

SCAN_STEP size_t bits_count(uint64_t bits)
{
    return (size_t)_mm_popcnt_u64(bits);
}

/* The bit at the top only keeps the count defined for an empty mask. */
SCAN_STEP unsigned bits_first(uint64_t bits)
{
    return (unsigned)__builtin_ctzll(bits | UINT64_C(1) << 63);
}

/* The product without carries by all ones: bit i of it is the sum of the bits up to i. */
SCAN_STEP uint64_t bits_parity(uint64_t bits)
{
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((int64_t)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

#define SCAN_VARIANT scan_sse
#define SCAN_NAME "sse"
#include "csv/scan_loop.h"

#endif
