/* The scan with AVX2: two registers of 32 bytes make a block. */
#include "csv/scanning.h"

#ifdef __x86_64__

#include <immintrin.h>

#define SCAN_TARGET __attribute__((target("avx2,bmi,popcnt,pclmul")))

SCAN_STEP uint64_t masks_join(__m256i a, __m256i b)
{
    return (uint32_t)_mm256_movemask_epi8(a) | (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32;
}

SCAN_STEP uint64_t lanes_find(const __m256i lanes[2], char byte)
{
    __m256i every = _mm256_set1_epi8(byte);
    return masks_join(_mm256_cmpeq_epi8(lanes[0], every), _mm256_cmpeq_epi8(lanes[1], every));
}

/* The top bit of every byte that is a quote, a carriage return, NUL or past ASCII. */
SCAN_STEP __m256i lane_rare(__m256i lane)
{
    __m256i ends = _mm256_or_si256(_mm256_cmpeq_epi8(lane, _mm256_set1_epi8('\r')),
                                   _mm256_cmpeq_epi8(lane, _mm256_setzero_si256()));
    __m256i quote = _mm256_cmpeq_epi8(lane, _mm256_set1_epi8('"'));
    return _mm256_or_si256(_mm256_or_si256(ends, quote), lane);
}

SCAN_STEP void lanes_load(__m256i lanes[2], const char *bytes)
{
    for (unsigned i = 0; i < 2; i++)
        lanes[i] = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32 * i));
}

SCAN_STEP Block block_read(const char *bytes, char delimiter)
{
    __m256i lanes[2];
    lanes_load(lanes, bytes);
    Block block = {.delimiter = lanes_find(lanes, delimiter), .newline = lanes_find(lanes, '\n')};
    __m256i rare = _mm256_or_si256(lane_rare(lanes[0]), lane_rare(lanes[1]));
    if (_mm256_movemask_epi8(rare) != 0) {
        block.quote = lanes_find(lanes, '"');
        block.carriage = lanes_find(lanes, '\r');
        block.nul = lanes_find(lanes, '\0');
        block.high = masks_join(lanes[0], lanes[1]);
    }
    return block;
}

SCAN_STEP uint64_t block_find(const char *bytes, char byte)
{
    __m256i lanes[2];
    lanes_load(lanes, bytes);
    return lanes_find(lanes, byte);
}

SCAN_STEP size_t bits_count(uint64_t bits)
{
    return (size_t)_mm_popcnt_u64(bits);
}

SCAN_STEP unsigned bits_first(uint64_t bits)
{
    return (unsigned)_tzcnt_u64(bits);
}

/* The product without carries by all ones: bit i of it is the sum of the bits up to i. */
SCAN_STEP uint64_t bits_parity(uint64_t bits)
{
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((int64_t)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

#define SCAN_VARIANT scan_avx2
#define SCAN_NAME "avx2"
#include "csv/scan_loop.h"

#endif
