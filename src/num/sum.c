#include "num/sum.h"

#include <stdlib.h>

#include "num/big.h"

/* The total as a GMP integer, moved there from 128 bits the first time it is asked for. */
static mpz_ptr total_big(Sum *sum)
{
    if (sum->big == NULL) {
        sum->big = memory_array(1, sizeof(mpz_t));
        mpz_init(sum->big);
        big_set_wide(sum->big, sum->small);
        sum->small = 0;
    }
    return sum->big;
}

/* a * 10^power, if 128 bits hold it. */
static bool shift_wide(__int128 a, int32_t power, __int128 *shifted)
{
    *shifted = 0;
    if (a == 0)
        return true;
    return power <= POWER10_WIDE &&
           !__builtin_mul_overflow(a, power10_wide((uint32_t)power), shifted);
}

/* Brings the total to a wider scale. */
static void widen(Sum *sum, int32_t scale)
{
    int32_t more = scale - sum->scale;
    __int128 shifted;
    if (sum->big == NULL && shift_wide(sum->small, more, &shifted))
        sum->small = shifted;
    else
        big_shift(total_big(sum), more);
    sum->scale = scale;
}

/* Adds an integer at the total's scale or a narrower one. */
static void add_big(Sum *sum, mpz_t integer, int32_t scale)
{
    big_shift(integer, sum->scale - scale);
    mpz_add(total_big(sum), total_big(sum), integer);
    mpz_clear(integer);
}

static void add_wide(Sum *sum, __int128 value, int32_t scale)
{
    if (scale > sum->scale)
        widen(sum, scale);
    __int128 shifted, total;
    if (sum->big == NULL && shift_wide(value, sum->scale - scale, &shifted) &&
        !__builtin_add_overflow(sum->small, shifted, &total)) {
        sum->small = total;
        return;
    }
    mpz_t integer;
    mpz_init(integer);
    big_set_wide(integer, value);
    add_big(sum, integer, scale);
}

void sum_add_unlike(Sum *sum, Decimal value)
{
    int32_t more = sum->scale - value.scale;
    __int128 total;
    if (value.big == NULL && sum->big == NULL && more >= 0 && more < POWER10_COUNT &&
        !__builtin_add_overflow(sum->small, (__int128)value.small * power10[more], &total)) {
        sum->small = total; /* 64 bits times 10^19 fit 128 */
        return;
    }
    if (value.big == NULL) {
        add_wide(sum, value.small, value.scale);
        return;
    }
    if (value.scale > sum->scale)
        widen(sum, value.scale);
    BigView view;
    mpz_t integer;
    mpz_init_set(integer, big_view(&view, value));
    add_big(sum, integer, value.scale);
}

void sum_add_square(Sum *sum, Decimal value)
{
    int32_t scale = 2 * value.scale;
    if (value.big == NULL) {
        add_wide(sum, (__int128)value.small * value.small, scale);
        return;
    }
    if (scale > sum->scale)
        widen(sum, scale);
    BigView view;
    mpz_t square;
    mpz_init(square);
    mpz_mul(square, big_view(&view, value), big_view(&view, value));
    add_big(sum, square, scale);
}

void sum_merge(Sum *sum, const Sum *other)
{
    if (other->big == NULL) {
        add_wide(sum, other->small, other->scale);
        return;
    }
    if (other->scale > sum->scale)
        widen(sum, other->scale);
    mpz_t integer;
    mpz_init_set(integer, other->big);
    add_big(sum, integer, other->scale);
}

Decimal sum_total(const Sum *sum, Arena *arena)
{
    if (sum->big == NULL)
        return big_decimal_wide(sum->small, sum->scale, arena);
    mpz_t total;
    mpz_init_set(total, sum->big);
    return big_decimal(total, sum->scale, arena);
}

void sum_free(Sum *sum)
{
    if (sum->big != NULL)
        mpz_clear(sum->big);
    free(sum->big);
    *sum = (Sum){0};
}
