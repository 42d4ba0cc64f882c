/*
 * Interval: the values with which a check holds, and how far a value is from its ends.
 */
#ifndef WARRANT_INTERVAL_H
#define WARRANT_INTERVAL_H

#include "warrant/document.h"

typedef struct Interval {
    bool has_low, has_high;
    bool open; /* the ends do not belong to it: more_than, less_than */
    Decimal low, high;
} Interval;

/* The check's interval about its target (which may be another observed value). */
Interval interval_of(const Check *check, Decimal target, Arena *arena);

bool interval_holds(const Interval *interval, Decimal value);

/*
 * How far the value is from changing the verdict: inside, the distance to the nearer end; outside,
 * the distance to the interval. Never negative, exact, no zeros at the end.
 */
Decimal interval_margin(const Interval *interval, Decimal value, Arena *arena);

#endif
