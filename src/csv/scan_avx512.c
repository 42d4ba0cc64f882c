/* The scan with AVX-512: one register of 64 bytes makes a block, and comparisons give masks. */
#include "csv/scanning.h"

#ifdef __x86_64__

#include <immintrin.h>

#define SCAN_TARGET __attribute__((target("avx512f,avx512bw,avx512vbmi2,bmi,popcnt,pclmul")))

SCAN_STEP __m512i lane_load(const char *bytes)
{
    return _mm512_loadu_si512(bytes);
}

SCAN_STEP uint64_t lane_find(__m512i lane, char byte)
{
    return _mm512_cmpeq_epi8_mask(lane, _mm512_set1_epi8(byte));
}

SCAN_STEP Block block_read(const char *bytes, char delimiter)
{
    __m512i lane = lane_load(bytes);
    return (Block){
        .delimiter = lane_find(lane, delimiter),
        .newline = lane_find(lane, '\n'),
        .quote = lane_find(lane, '"'),
        .carriage = lane_find(lane, '\r'),
        .nul = lane_find(lane, '\0'),
        .high = _mm512_movepi8_mask(lane),
    };
}

SCAN_STEP uint64_t block_find(const char *bytes, char byte)
{
    return lane_find(lane_load(bytes), byte);
}

SCAN_STEP size_t bits_count(uint64_t bits)
{
    return (size_t)_mm_popcnt_u64(bits);
}

/* The product without carries by all ones: bit i of it is the sum of the bits up to i. */
SCAN_STEP uint64_t bits_parity(uint64_t bits)
{
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((int64_t)bits), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

/* The numbers of the set bits as bytes, one beside the other, sixteen of them made words at once.
 */
SCAN_STEP void offsets_write(uint32_t *out, size_t base, uint64_t bits, unsigned step)
{
    (void)step;
    const __m512i numbers = _mm512_set_epi64(
        0x3f3e3d3c3b3a3938, 0x3736353433323130, 0x2f2e2d2c2b2a2928, 0x2726252423222120,
        0x1f1e1d1c1b1a1918, 0x1716151413121110, 0x0f0e0d0c0b0a0908, 0x0706050403020100);
    const __m512i before = _mm512_set1_epi32((int)(uint32_t)base);
    __m512i set = _mm512_maskz_compress_epi8(bits, numbers);
    for (size_t left = bits_count(bits);; left -= 16) {
        __m512i sixteen = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(set));
        _mm512_storeu_si512(out, _mm512_add_epi32(sixteen, before));
        if (__builtin_expect(left <= 16, 1))
            return;
        set = _mm512_shuffle_i64x2(set, set, 0x39);
        out += 16;
    }
}

#define SCAN_WRITES_OFFSETS
#define SCAN_VARIANT scan_avx512
#define SCAN_NAME "avx512"
#include "csv/scan_loop.h"

#endif
