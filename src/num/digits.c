#include "num/digits.h"

#include <string.h>

const uint64_t power10[POWER10_COUNT] = {
    UINT64_C(1),
    UINT64_C(10),
    UINT64_C(100),
    UINT64_C(1000),
    UINT64_C(10000),
    UINT64_C(100000),
    UINT64_C(1000000),
    UINT64_C(10000000),
    UINT64_C(100000000),
    UINT64_C(1000000000),
    UINT64_C(10000000000),
    UINT64_C(100000000000),
    UINT64_C(1000000000000),
    UINT64_C(10000000000000),
    UINT64_C(100000000000000),
    UINT64_C(1000000000000000),
    UINT64_C(10000000000000000),
    UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000),
    UINT64_C(10000000000000000000),
};

static inline uint64_t load_word(const char *at)
{
    return span_word((Span){at, sizeof(uint64_t)});
}

/* Takes out the byte at a bit offset: what was before it moves up, a zero comes in front. */
static inline uint64_t squeeze(uint64_t word, unsigned offset)
{
    uint64_t before = word & ((UINT64_C(1) << offset) - 1);
    uint64_t behind = word & (~UINT64_C(0) << offset << 8);
    return behind | before << 8;
}

/* Nine to sixteen characters as two words, of which the first has zeros in front. */
static inline bool read_words(const char *at, size_t size, int64_t *mantissa, int32_t *scale)
{
    uint64_t high = (load_word(at) ^ '0' * DIGITS_ONES) << 8 * (16 - size);
    uint64_t low = load_word(at + size - 8) ^ '0' * DIGITS_ONES;
    uint64_t strange_high = not_digits(high), strange_low = not_digits(low);
    *scale = 0;
    if ((strange_high | strange_low) != 0) {
        uint64_t strange = strange_high != 0 ? strange_high : strange_low;
        unsigned offset = (unsigned)__builtin_ctzll(strange) - 7;
        uint64_t word = strange_high != 0 ? high : low;
        if ((strange_high != 0 && strange_low != 0) || (strange & (strange - 1)) != 0 ||
            (word >> offset & 0xff) != ('.' ^ '0') || *at == '.' || at[size - 1] == '.')
            return false;
        *scale = (int32_t)(56 - offset) / 8;
        if (strange_high != 0) {
            high = squeeze(high, offset);
            *scale += 8;
        } else {
            low = squeeze(low, offset) | high >> 56;
            high <<= 8;
        }
    }
    *mantissa = (int64_t)(join_digits(high) * 100000000 + join_digits(low));
    return true;
}

bool digits_read(Span text, int64_t *mantissa, int32_t *scale)
{
    if (text.size <= 8)
        return text.size != 0 && digits_short(span_word(text), text.size, mantissa, scale);
    bool negative = *text.at == '-';
    text = (Span){text.at + negative, text.size - negative};
    if (text.size < 9 || text.size > 16 || !read_words(text.at, text.size, mantissa, scale))
        return false;
    if (negative)
        *mantissa = -*mantissa;
    return true;
}
