/*
 * Parts: shares of the totals of groups, exact until they are rounded once.
 *
 * Works in passes over the same parts in the same order:
 *
 *     parts_add() each, parts_close()                 totals
 *     parts_claim() each, parts_apportion()           only for the largest remainder
 *     parts_share(), parts_cumulative() each          results
 *
 * The largest remainder (Hamilton's method) rounds every share down to the places asked for and
 * gives what is then missing from the whole, unit by unit, to the parts that lost most; of equals
 * to the earlier.  It holds one ordering key for each part while it works.
 */
#ifndef TABLE_PARTS_H
#define TABLE_PARTS_H

#include "num/number.h"
#include "num/sum.h"
#include "table/store.h"

typedef struct PartGroup {
    Sum sum;         /* of its parts */
    Sum running;     /* of the parts, or of their shares as shown, up to the one at hand */
    Sum floors;      /* of the shares rounded down */
    Decimal total;   /* the sum, once closed */
    Decimal divisor; /* its mantissa, at scale 0 */
    uint64_t left;   /* units that are missing from the whole when all are rounded down */
    bool any;        /* there are parts */
    bool refused;    /* it can have no shares: a part is negative or the total zero */
    bool shares;     /* it has them, once closed */
} PartGroup;

typedef struct Parts {
    Decimal whole;  /* what the shares add up to: 1 or 100 */
    int32_t places; /* -1: 17 significant digits */
    PartGroup *groups;
    size_t count, room;
    Arena arena;     /* large totals */
    Store claims;    /* remainders, each with the number of its part */
    uint8_t *raised; /* by part: 1 when it gets a unit more */
    uint64_t claimed;
    Buffer key;
} Parts;

/* `memory`: bytes the claims may take, past which they go to files. */
void parts_open(Parts *parts, Decimal whole, int32_t places, size_t memory);

/* Adds a part that is not missing. */
void parts_add(Parts *parts, uint32_t group, Decimal part);

/* The group will have no shares. */
void parts_refuse(Parts *parts, uint32_t group);

/* Adds the parts of a group of `from` to one of `into`. */
void parts_merge(Parts *into, uint32_t group, const Parts *from, uint32_t other);

/* Ends the first pass over `group_count` groups. */
void parts_close(Parts *parts, size_t group_count);

/* The group has parts and they add up to zero; once closed. */
bool parts_is_zero(const Parts *parts, size_t group);

/* Groups without shares: refused, or of total zero. */
uint64_t parts_refused(const Parts *parts);
bool parts_has_shares(const Parts *parts, uint32_t group);

/* The arena is for what can be forgotten after the call. */
void parts_claim(Parts *parts, uint32_t group, Decimal part, Arena *arena);
void parts_apportion(Parts *parts);

/* The share as it is shown; `claim` is the part's number in the second pass, from 0. */
Decimal parts_share(const Parts *parts, uint32_t group, Decimal part, uint64_t claim, Arena *arena);

/* The shares up to this part, `share` being what was shown for it. */
Decimal parts_cumulative(Parts *parts, uint32_t group, Decimal part, Decimal share, Arena *arena);

void parts_free(Parts *parts);

#endif
