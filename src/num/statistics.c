#include "num/statistics.h"

#include "num/big.h"

static Decimal decimal_of_count(uint64_t count, Arena *arena)
{
    return big_decimal_wide((__int128)count, 0, arena);
}

Number statistics_mean(Decimal total, uint64_t count, Arena *arena)
{
    return number_divide(number_of(total), number_of(decimal_of_count(count, arena)), arena);
}

Number statistics_variance(Decimal total, Decimal squares, uint64_t count, unsigned less,
                           Arena *arena)
{
    Decimal n = decimal_of_count(count, arena);
    Decimal m = decimal_of_count(count - less, arena);
    Decimal spread = decimal_subtract(decimal_multiply(n, squares, arena),
                                      decimal_multiply(total, total, arena), arena);
    return number_divide(number_of(spread), number_of(decimal_multiply(n, m, arena)), arena);
}

/* With h = (count - 1) p: the floor(h)-th smallest, and the rest of h of the way to the next. */
Number statistics_quantile(Decimal (*smallest)(void *context, uint64_t i), void *context,
                           uint64_t count, Decimal p, Arena *arena)
{
    Decimal h = decimal_multiply(decimal_of_count(count - 1, arena), p, arena);
    Decimal whole = decimal_round(h, 0, ROUND_DOWN, arena);
    Decimal part = decimal_subtract(h, whole, arena);
    int64_t i = 0;
    decimal_integer(whole, &i);
    Decimal low = smallest(context, (uint64_t)i);
    Number one = number_of(decimal_of(1));
    if (decimal_sign(part) == 0)
        return number_divide(number_of(low), one, arena);
    Decimal step = decimal_subtract(smallest(context, (uint64_t)i + 1), low, arena);
    Decimal value = decimal_add(low, decimal_multiply(part, step, arena), arena);
    return number_divide(number_of(value), one, arena);
}
