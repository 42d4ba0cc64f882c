/*
 * Sum: an exact running total of decimals, the accumulator behind every summary.
 *
 * The total is kept in 128 bits at the widest scale seen and moves to GMP when it no longer fits;
 * nothing is allocated per value on the common path.  Totals are exact, so any order of adding and
 * any split into parts that are merged gives the same value and the same scale.
 */
#ifndef NUM_SUM_H
#define NUM_SUM_H

#include "num/decimal.h"

typedef struct Sum {
    __int128 small; /* the total at `scale` while big is NULL */
    void *big;      /* an mpz_t on the heap once 128 bits did not suffice (sum.c) */
    int32_t scale;  /* widest scale added so far */
} Sum;              /* all zero is an empty total */

/* Adds mantissa / 10^scale if that is a matter of one addition; else false and nothing done. */
static inline bool sum_add_small(Sum *sum, int64_t mantissa, int32_t scale)
{
    __int128 total;
    if (scale != sum->scale || sum->big != NULL ||
        __builtin_add_overflow(sum->small, mantissa, &total))
        return false;
    sum->small = total;
    return true;
}

static inline void sum_add(Sum *sum, Decimal value)
{
    void sum_add_unlike(Sum *, Decimal); /* other scales or sizes (sum.c) */
    if (sum->small == 0 && sum->big == NULL && value.scale > sum->scale)
        sum->scale = value.scale; /* nothing is shifted */
    if (value.big != NULL || !sum_add_small(sum, value.small, value.scale))
        sum_add_unlike(sum, value);
}

/* Adds value * value, exactly, without an intermediate allocation on the common path. */
void sum_add_square(Sum *sum, Decimal value);

void sum_merge(Sum *sum, const Sum *other);
Decimal sum_total(const Sum *sum, Arena *arena);
void sum_free(Sum *sum);

#endif
