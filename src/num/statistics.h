/*
 * Statistics: means, variances and quantiles as exact rationals of exact totals, and the geometric
 * mean as number.h holds what may be irrational.
 */
#ifndef NUM_STATISTICS_H
#define NUM_STATISTICS_H

#include <stdint.h>

#include "num/number.h"
#include "num/sum.h"

/* total / count; count > 0. */
Number statistics_mean(Decimal total, uint64_t count, Arena *arena);

/*
 * (count * squares - total^2) / (count * (count - less)), exact: `less` is 1 for the sample's
 * variance, 0 for the population's; count > less.
 */
Number statistics_variance(Decimal total, Decimal squares, uint64_t count, unsigned less,
                           Arena *arena);

/*
 * The p-quantile of sorted values by linear interpolation (Hyndman & Fan 1996, type 7: R's default,
 * SQL's percentile_cont); 0 <= p <= 1, count > 0.  `smallest(context, i)` gives the i-th smallest,
 * 0-based.  An exact rational (with a divisor: shown without trailing zeros).
 */
Number statistics_quantile(Decimal (*smallest)(void *context, uint64_t i), void *context,
                           uint64_t count, Decimal p, Arena *arena);

/*
 * The next of some values, each once with how often it is there: *at is 0 at first and moves on;
 * false behind the last.  The same values whenever it starts anew.
 */
typedef bool StatisticsNext(void *context, size_t *at, Decimal *value, uint64_t *times);

/* The n-th root of the product of n values, all of them positive; n > 0. */
Number statistics_geomean(StatisticsNext *next, void *context, Arena *arena);

#endif
