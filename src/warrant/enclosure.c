#include "warrant/enclosure.h"

#include <math.h>
#include <stdlib.h>

#include "base/diagnostic.h"

/* ---- roughly ---- */

/* For weights of influences alone. */
static double approximate(Decimal value)
{
    Buffer text = {0};
    decimal_write(value, &text);
    double number = strtod(buffer_string(&text), NULL);
    buffer_free(&text);
    return number;
}

static double approximate_number(Number number)
{
    double value = approximate(number.value);
    return number.divisor == NULL ? value : value / approximate(*number.divisor);
}

double range_middle(Range range)
{
    if (range.state != RANGE_BOUNDS)
        return 0;
    return (approximate_number(range.low) + approximate_number(range.high)) / 2;
}

/* ---- ranges ---- */

Range range_missing(void)
{
    return (Range){.state = RANGE_MISSING};
}

Range range_nothing(void)
{
    return (Range){.state = RANGE_NOTHING};
}

Range range_point(Number number)
{
    return (Range){.state = RANGE_BOUNDS, .low = number, .high = number};
}

Range range_of_cell(const Enclosed *cell, Arena *arena)
{
    Decimal number;
    switch (cell->known) {
    case KNOWN_TEXT:
        if (cell->text.size == 0)
            return range_missing();
        if (decimal_read(cell->text, &number, arena) != DECIMAL_READ)
            return range_nothing();
        return range_point(number_of(number));
    case KNOWN_BOUNDS:
        return (Range){.state = RANGE_BOUNDS,
                       .low = number_of(cell->low),
                       .high = number_of(cell->high),
                       .optional = cell->optional,
                       .nonzero = cell->nonzero,
                       .influence = cell->influence,
                       .portion = cell->portion,
                       .whole = cell->whole};
    case KNOWN_NOTHING:
        break;
    }
    return range_nothing();
}

/* Whether both have bounds; if not, *result is what comes of them. */
static bool both(Range a, Range b, Range *result)
{
    if (a.state == RANGE_MISSING || b.state == RANGE_MISSING)
        *result = range_missing();
    else
        *result = range_nothing();
    return a.state == RANGE_BOUNDS && b.state == RANGE_BOUNDS;
}

/* The same, which may be missing where one of those that it was made of may. */
static Range optional_as(Range result, Range a, Range b)
{
    result.optional = a.optional || b.optional;
    return result;
}

static Range bounded(Number low, Number high, const Influence *influence)
{
    return (Range){.state = RANGE_BOUNDS, .low = low, .high = high, .influence = influence};
}

Range range_add(Range a, Range b, Arena *arena)
{
    Range result;
    if (!both(a, b, &result))
        return result;
    result = bounded(number_add(a.low, b.low, arena), number_add(a.high, b.high, arena),
                     influence_join(a.influence, 1, b.influence, 1, arena));
    return optional_as(result, a, b);
}

Range range_subtract(Range a, Range b, Arena *arena)
{
    Range result;
    if (!both(a, b, &result))
        return result;
    result = bounded(number_subtract(a.low, b.high, arena), number_subtract(a.high, b.low, arena),
                     influence_join(a.influence, 1, b.influence, -1, arena));
    return optional_as(result, a, b);
}

/* The least and the greatest of four values at the corners. */
static Range corners(const Number values[4], const Influence *influence)
{
    Range range = bounded(values[0], values[0], influence);
    for (size_t i = 1; i < 4; i++) {
        if (number_compare(values[i], range.low) < 0)
            range.low = values[i];
        if (number_compare(values[i], range.high) > 0)
            range.high = values[i];
    }
    return range;
}

/* A part that is multiplied by something certain is as much of the whole as before, so many times.
 */
static const Portion *portion_times(Range part, Range factor, Arena *arena)
{
    if (part.portion == NULL || number_compare(factor.low, factor.high) != 0 ||
        number_sign(factor.low) <= 0)
        return NULL;
    Portion *portion = arena_take(arena, sizeof *portion);
    *portion = *part.portion;
    portion->factor = number_multiply(portion->factor, factor.low, arena);
    return portion;
}

Range range_multiply(Range a, Range b, bool same, Arena *arena)
{
    Range result;
    if (!both(a, b, &result))
        return result;
    const Number values[] = {
        number_multiply(a.low, b.low, arena), number_multiply(a.low, b.high, arena),
        number_multiply(a.high, b.low, arena), number_multiply(a.high, b.high, arena)};
    result = corners(
        values, influence_join(a.influence, range_middle(b), b.influence, range_middle(a), arena));
    if (same && number_sign(result.low) < 0)
        result.low = number_of(decimal_of(0));
    result.portion = portion_times(a, b, arena);
    if (result.portion == NULL)
        result.portion = portion_times(b, a, arena);
    return optional_as(result, a, b);
}

/* factor a / (a + rest): false where the whole may be nothing. */
static bool portion_end(const Portion *portion, Number part, Number rest, Number *end, Arena *arena)
{
    Number whole = number_add(part, rest, arena);
    if (number_sign(whole) <= 0)
        return false;
    *end = number_divide(number_multiply(portion->factor, part, arena), whole, arena);
    return true;
}

/* It rises with the part and falls with the rest. */
static void narrow_portion(Range *share, const Portion *portion, Arena *arena)
{
    Number low, high;
    if (portion_end(portion, portion->low, portion->rest_high, &low, arena) &&
        number_compare(low, share->low) > 0)
        share->low = low;
    if (portion_end(portion, portion->high, portion->rest_low, &high, arena) &&
        number_compare(high, share->high) < 0)
        share->high = high;
}

Range range_divide(Range a, Range b, Arena *arena)
{
    Range result;
    if (!both(a, b, &result))
        return result;
    if (number_sign(b.low) <= 0 && number_sign(b.high) >= 0) {
        if (!b.nonzero)
            fail("not enclosed: a division by what may be zero");
        return range_nothing();
    }
    const Number values[] = {
        number_divide(a.low, b.low, arena), number_divide(a.low, b.high, arena),
        number_divide(a.high, b.low, arena), number_divide(a.high, b.high, arena)};
    double over = range_middle(a), under = range_middle(b);
    result = corners(values, influence_join(a.influence, 1 / under, b.influence,
                                            -over / (under * under), arena));
    if (a.portion != NULL && b.whole != NULL && a.portion->whole == b.whole)
        narrow_portion(&result, a.portion, arena);
    return optional_as(result, a, b);
}

Range range_negate(Range a, Arena *arena)
{
    if (a.state != RANGE_BOUNDS)
        return a;
    return optional_as(bounded(number_negate(a.high, arena), number_negate(a.low, arena),
                               influence_join(a.influence, -1, NULL, 0, arena)),
                       a, a);
}

Range range_absolute(Range a, Arena *arena)
{
    if (a.state != RANGE_BOUNDS || number_sign(a.low) >= 0)
        return a;
    Range negative = range_negate(a, arena);
    if (number_sign(a.high) <= 0)
        return negative;
    negative.low = number_of(decimal_of(0));
    if (number_compare(a.high, negative.high) > 0) {
        negative.high = a.high;
        negative.influence = a.influence;
    }
    return negative;
}

/* An exponent that is one whole number, so that negative bases have a power too. */
static bool whole_exponent(Range exponent, int64_t *whole, Arena *arena)
{
    return number_compare(exponent.low, exponent.high) == 0 &&
           decimal_integer(number_settle(exponent.low, arena), whole) &&
           number_compare(exponent.low, number_of(decimal_of(*whole))) == 0;
}

enum { IRRATIONAL_DIGITS = 70 };

/*
 * Irrational values are cut after 80 digits (number.h), which may put two that are nearer to each
 * other than that into the wrong order: the bounds make way for it.
 */
static Range make_way(Range range, Arena *arena)
{
    Decimal part = {.small = 1, .scale = IRRATIONAL_DIGITS};
    if (range.state != RANGE_BOUNDS)
        return range;
    Number low = number_multiply(number_absolute(range.low, arena), number_of(part), arena);
    Number high = number_multiply(number_absolute(range.high, arena), number_of(part), arena);
    range.low = number_subtract(range.low, low, arena);
    range.high = number_add(range.high, high, arena);
    return range;
}

static Range power_corners(Range base, Range exponent, Arena *arena)
{
    const Number bases[] = {base.low, base.low, base.high, base.high};
    const Number exponents[] = {exponent.low, exponent.high, exponent.low, exponent.high};
    Number values[4];
    for (size_t i = 0; i < 4; i++)
        if (number_power(bases[i], exponents[i], &values[i], arena) != NULL)
            fail("not enclosed: a power that may not exist");
    double b = range_middle(base), e = range_middle(exponent);
    double by_base = e * pow(b, e - 1), by_exponent = log(b) * pow(b, e);
    return corners(values,
                   influence_join(base.influence, by_base, exponent.influence, by_exponent, arena));
}

/*
 * For a positive base b^e = exp(e ln b) is monotone in each of the two where the other stands
 * still, so the extremes lie at the corners, also where the base goes down to 0 and the exponent is
 * above it; so they do for an odd whole exponent above zero and any base, and for an even one on
 * either side of zero, where the least is 0 at zero itself.
 */
Range range_power(Range base, Range exponent, Arena *arena)
{
    Range result;
    int64_t whole;
    if (!both(base, exponent, &result))
        return result;
    bool is_whole = whole_exponent(exponent, &whole, arena);
    bool defined =
        number_sign(base.low) > 0 || (number_sign(base.low) == 0 && number_sign(exponent.low) > 0);
    if (defined && !is_whole)
        return optional_as(make_way(power_corners(base, exponent, arena), arena), base, exponent);
    if (!is_whole || (number_sign(base.low) <= 0 && whole <= 0))
        fail("not enclosed: a power of what may not be positive");
    result = power_corners(base, exponent, arena);
    if (whole % 2 == 0 && result.state == RANGE_BOUNDS && number_sign(base.low) <= 0 &&
        number_sign(base.high) >= 0)
        result.low = number_of(decimal_of(0));
    return optional_as(result, base, exponent);
}

Range range_rising(Range a, Rising *function, void *context, bool irrational, Arena *arena)
{
    Number low, high;
    if (a.state != RANGE_BOUNDS)
        return a;
    NumberRefusal refusal = function(a.low, &low, context, arena);
    if (refusal == NULL)
        refusal = function(a.high, &high, context, arena);
    if (refusal != NULL)
        fail("not enclosed: %s may be asked for", refusal);
    double rise = approximate_number(high) - approximate_number(low);
    double run = approximate_number(a.high) - approximate_number(a.low);
    Range result =
        bounded(low, high, influence_join(a.influence, run > 0 ? rise / run : 0, NULL, 0, arena));
    return optional_as(irrational ? make_way(result, arena) : result, a, a);
}

Range range_either(Range a, Range b, Arena *arena)
{
    if (a.state == RANGE_NOTHING || b.state == RANGE_NOTHING)
        return range_nothing();
    if (a.state == RANGE_MISSING || b.state == RANGE_MISSING) {
        Range result = a.state == RANGE_MISSING ? b : a;
        result.optional = true;
        return result;
    }
    Range result = bounded(number_compare(a.low, b.low) <= 0 ? a.low : b.low,
                           number_compare(a.high, b.high) >= 0 ? a.high : b.high,
                           influence_join(a.influence, 1, b.influence, 1, arena));
    return optional_as(result, a, b);
}

static Range extreme_of_both(Range a, Range b, bool greatest, Arena *arena)
{
    bool low = (number_compare(a.low, b.low) < 0) != greatest;
    bool high = (number_compare(a.high, b.high) < 0) != greatest;
    bool first = (range_middle(a) < range_middle(b)) != greatest;
    return bounded(low ? a.low : b.low, high ? a.high : b.high,
                   influence_join(a.influence, first, b.influence, !first, arena));
}

Range range_extreme(Range a, Range b, bool greatest, Arena *arena)
{
    if (a.state == RANGE_MISSING)
        return b;
    if (b.state == RANGE_MISSING)
        return a;
    if (a.state != RANGE_BOUNDS || b.state != RANGE_BOUNDS)
        return range_nothing();
    bool missing = a.optional && b.optional;
    Range result = extreme_of_both(a, b, greatest, arena);
    if (a.optional) /* and then it is the other */
        result = range_either(result, b, arena);
    if (b.optional)
        result = range_either(result, a, arena);
    result.optional = missing;
    return result;
}

/* ---- leaving an expression ---- */

enum { TINY_SCALE = DECIMAL_MAX_DIGITS };

/*
 * A decimal at or beyond the number, down (way -1) or up (1), and beyond what a filter would settle
 * any number on this side of it to: rounded to 17 digits, then by one more unit of the last of
 * them, of which |rounded| / 10^16 is not less.
 */
static Decimal outward(Number number, int way, Arena *arena)
{
    if (number.divisor == NULL)
        return number.value;
    Decimal rounded = number_round_digits(number, NUMBER_DIGITS, arena);
    if (number_compare(number_of(rounded), number) * way >= 0)
        return rounded;
    Decimal step = decimal_multiply(decimal_absolute(rounded, arena),
                                    (Decimal){.small = 1, .scale = NUMBER_DIGITS - 1}, arena);
    if (decimal_sign(step) == 0)
        step = (Decimal){.small = 1, .scale = TINY_SCALE};
    return way < 0 ? decimal_subtract(rounded, step, arena) : decimal_add(rounded, step, arena);
}

Enclosed range_cell(Range range, int32_t places, Arena *arena)
{
    if (range.state == RANGE_MISSING)
        return (Enclosed){.known = KNOWN_TEXT, .text = {"", 0}};
    if (range.state == RANGE_NOTHING)
        return (Enclosed){.known = KNOWN_NOTHING};
    Enclosed cell = {
        .known = KNOWN_BOUNDS, .optional = range.optional, .influence = range.influence};
    bool settle = places < 0;
    cell.low = settle ? outward(range.low, -1, arena)
                      : number_round(range.low, places, ROUND_HALF_AWAY, arena);
    cell.high = settle ? outward(range.high, 1, arena)
                       : number_round(range.high, places, ROUND_HALF_AWAY, arena);
    return cell;
}

/* ---- orders ---- */

unsigned bounds_orders(const Decimal *low, const Decimal *high, const Decimal *other_low,
                       const Decimal *other_high)
{
    int below = decimal_compare(*low, *other_high), above = decimal_compare(*high, *other_low);
    return (below < 0 ? MAY_BE_LESS : 0u) | (above > 0 ? MAY_BE_GREATER : 0u) |
           (below <= 0 && above >= 0 ? MAY_BE_EQUAL : 0u);
}

unsigned range_orders(Range a, Range b)
{
    int below = number_compare(a.low, b.high), above = number_compare(a.high, b.low);
    return (below < 0 ? MAY_BE_LESS : 0u) | (above > 0 ? MAY_BE_GREATER : 0u) |
           (below <= 0 && above >= 0 ? MAY_BE_EQUAL : 0u);
}
