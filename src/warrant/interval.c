#include "warrant/interval.h"

static Interval interval_around(Decimal middle, Decimal reach, Arena *arena)
{
    return (Interval){.has_low = true,
                      .has_high = true,
                      .low = decimal_trim(decimal_subtract(middle, reach, arena), arena),
                      .high = decimal_trim(decimal_add(middle, reach, arena), arena)};
}

Interval interval_of(const Check *check, Decimal target, Arena *arena)
{
    switch (check->comparison) {
    case COMPARE_PRINTED:
        /*
         * Half a unit of the last printed digit each way.  Both ends belong to it: an author may
         * have rounded halves up, down or to even, and the print does not say which.
         */
        return interval_around(target, (Decimal){.small = 5, .scale = check->printed_places + 1},
                               arena);
    case COMPARE_NEAR:
        return interval_around(target, check->within, arena);
    case COMPARE_EQUALS:
        return interval_around(target, decimal_of(0), arena);
    case COMPARE_AT_LEAST:
        return (Interval){.has_low = true, .low = target};
    case COMPARE_AT_MOST:
        return (Interval){.has_high = true, .high = target};
    case COMPARE_MORE_THAN:
        return (Interval){.has_low = true, .low = target, .open = true};
    case COMPARE_LESS_THAN:
        return (Interval){.has_high = true, .high = target, .open = true};
    }
    return (Interval){0};
}

bool interval_holds(const Interval *interval, Decimal value)
{
    int least = interval->open ? 1 : 0;
    return (!interval->has_low || decimal_compare(value, interval->low) >= least) &&
           (!interval->has_high || decimal_compare(interval->high, value) >= least);
}

Decimal interval_margin(const Interval *interval, Decimal value, Arena *arena)
{
    Decimal nearest = decimal_of(0);
    bool found = false;
    const Decimal *ends[] = {interval->has_low ? &interval->low : NULL,
                             interval->has_high ? &interval->high : NULL};
    for (size_t i = 0; i < 2; i++) {
        if (ends[i] == NULL)
            continue;
        Decimal distance = decimal_absolute(decimal_subtract(value, *ends[i], arena), arena);
        if (!found || decimal_compare(distance, nearest) < 0)
            nearest = distance;
        found = true;
    }
    return decimal_trim(nearest, arena);
}
