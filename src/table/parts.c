#include "table/parts.h"

#include <stdlib.h>

#include "table/key.h"

void parts_open(Parts *parts, Decimal whole, int32_t places, size_t memory)
{
    *parts = (Parts){.whole = whole, .places = places};
    store_open(&parts->claims, memory, 1, NULL);
}

static PartGroup *part_group(Parts *parts, size_t group)
{
    while (parts->count <= group) {
        parts->groups =
            memory_grow(parts->groups, &parts->room, parts->count, sizeof *parts->groups);
        parts->groups[parts->count++] = (PartGroup){0};
    }
    return &parts->groups[group];
}

void parts_add(Parts *parts, uint32_t group, Decimal part)
{
    PartGroup *of = part_group(parts, group);
    of->any = true;
    sum_add(&of->sum, part);
}

void parts_refuse(Parts *parts, uint32_t group)
{
    part_group(parts, group)->refused = true;
}

void parts_merge(Parts *into, uint32_t group, const Parts *from, uint32_t other)
{
    if (other >= from->count)
        return;
    PartGroup *to = part_group(into, group);
    const PartGroup *of = &from->groups[other];
    to->any |= of->any;
    to->refused |= of->refused;
    sum_merge(&to->sum, &of->sum);
}

static bool total_is_zero(const PartGroup *group)
{
    return group->any && !group->refused && decimal_sign(group->total) == 0;
}

static void group_close(PartGroup *group, Arena *arena)
{
    group->total = sum_total(&group->sum, arena);
    group->divisor = group->total;
    group->divisor.scale = 0;
    group->shares = !group->refused && !total_is_zero(group);
}

void parts_close(Parts *parts, size_t group_count)
{
    if (group_count > 0)
        part_group(parts, group_count - 1);
    for (size_t i = 0; i < parts->count; i++)
        group_close(&parts->groups[i], &parts->arena);
}

bool parts_is_zero(const Parts *parts, size_t group)
{
    return total_is_zero(&parts->groups[group]);
}

bool parts_has_shares(const Parts *parts, uint32_t group)
{
    return parts->groups[group].shares;
}

uint64_t parts_refused(const Parts *parts)
{
    uint64_t refused = 0;
    for (size_t i = 0; i < parts->count; i++)
        refused += !parts_has_shares(parts, (uint32_t)i);
    return refused;
}

/*
 * part * whole / total.  No part has a wider scale than the total, and most have the same: then the
 * divisor is the total's mantissa, made ready once.
 */
static Number exact_share(const Parts *parts, uint32_t group, Decimal part, Arena *arena)
{
    const PartGroup *of = &parts->groups[group];
    Decimal value = parts->whole.small == 1 ? part : decimal_multiply(part, parts->whole, arena);
    if (value.scale != of->total.scale)
        return number_divide(number_of(value), number_of(of->total), arena);
    value.scale = 0;
    return (Number){value, &of->divisor};
}

static Decimal rounded(const Parts *parts, Number share, Arena *arena)
{
    if (parts->places < 0)
        return number_settle(share, arena);
    return number_round(share, parts->places, ROUND_HALF_AWAY, arena);
}

/* ---- the largest remainder ---- */

static Decimal floor_share(const Parts *parts, uint32_t group, Decimal part, Arena *arena)
{
    return number_round(exact_share(parts, group, part, arena), parts->places, ROUND_DOWN, arena);
}

/*
 * What rounding down took from the part, times the total: part * whole - floor * total.  Within a
 * group it orders as the remainder does, and it is a decimal.
 */
static Decimal loss(const Parts *parts, uint32_t group, Decimal part, Decimal floor, Arena *arena)
{
    return decimal_subtract(decimal_multiply(part, parts->whole, arena),
                            decimal_multiply(floor, parts->groups[group].total, arena), arena);
}

void parts_claim(Parts *parts, uint32_t group, Decimal part, Arena *arena)
{
    Decimal floor = floor_share(parts, group, part, arena);
    sum_add(&parts->groups[group].floors, floor);
    parts->key.size = 0;
    key_number(&parts->key, loss(parts, group, part, floor, arena), true);
    Span number = {(const char *)&parts->claimed, sizeof parts->claimed};
    store_add(&parts->claims,
              &(HeldRow){.group = group, .key = buffer_span(&parts->key), .bytes = number});
    parts->claimed++;
}

/* The difference has the places asked for as its scale, so its mantissa counts units. */
static void count_units(Parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        PartGroup *group = &parts->groups[i];
        if (!group->any || !parts_has_shares(parts, (uint32_t)i))
            continue;
        Decimal left =
            decimal_subtract(parts->whole, sum_total(&group->floors, &parts->arena), &parts->arena);
        int64_t units = 0;
        left.scale = 0;
        decimal_integer(left, &units);
        group->left = (uint64_t)units;
    }
}

void parts_apportion(Parts *parts)
{
    count_units(parts);
    parts->raised = memory_zeroed(parts->claimed, sizeof *parts->raised);
    store_sort(&parts->claims);
    StoreCursor cursor = store_begin(&parts->claims, ALL_GROUPS, 1);
    HeldRow claim;
    while (store_next(&cursor, &claim)) {
        PartGroup *group = &parts->groups[claim.group];
        if (group->left == 0)
            continue;
        group->left--;
        uint64_t number;
        memcpy(&number, claim.bytes.at, sizeof number);
        parts->raised[number] = 1;
    }
    store_end(&cursor);
    store_free(&parts->claims);
}

/* ---- results ---- */

/* A share of the whole 1 by significant digits, of mantissas in 64 bits at one scale. */
static bool is_ratio(const Parts *parts, const PartGroup *group, Decimal part)
{
    return parts->places < 0 && parts->whole.small == 1 && part.big == NULL && part.small >= 0 &&
           group->divisor.big == NULL && part.scale == group->total.scale;
}

Decimal parts_share(const Parts *parts, uint32_t group, Decimal part, uint64_t claim, Arena *arena)
{
    const PartGroup *of = &parts->groups[group];
    if (is_ratio(parts, of, part))
        return number_ratio((uint64_t)part.small, (uint64_t)of->divisor.small);
    if (parts->raised == NULL)
        return rounded(parts, exact_share(parts, group, part, arena), arena);
    Decimal floor = floor_share(parts, group, part, arena);
    Decimal unit = {.small = parts->raised[claim], .scale = parts->places};
    return decimal_add(floor, unit, arena);
}

Decimal parts_cumulative(Parts *parts, uint32_t group, Decimal part, Decimal share, Arena *arena)
{
    Sum *running = &parts->groups[group].running;
    if (parts->raised != NULL) {
        sum_add(running, share);
        return sum_total(running, arena);
    }
    sum_add(running, part);
    return rounded(parts, exact_share(parts, group, sum_total(running, arena), arena), arena);
}

void parts_free(Parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        sum_free(&parts->groups[i].sum);
        sum_free(&parts->groups[i].running);
        sum_free(&parts->groups[i].floors);
    }
    free(parts->groups);
    free(parts->raised);
    store_free(&parts->claims);
    buffer_free(&parts->key);
    arena_free(&parts->arena);
}
