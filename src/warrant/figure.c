#include "warrant/figure.h"

#include "num/number.h"

const char *figure_exact(Decimal value, Arena *arena)
{
    Buffer text = {0};
    decimal_write(value, &text);
    const char *copy = arena_copy(arena, text.at, text.size);
    buffer_free(&text);
    return copy;
}

static Decimal cut_short(Decimal value, int32_t places, Arena *arena)
{
    if (value.scale <= places)
        return value;
    Decimal shorter = decimal_round(value, places, ROUND_HALF_AWAY, arena);
    if (decimal_sign(shorter) == 0 && decimal_sign(value) != 0)
        return number_round_digits(number_of(value), 3, arena);
    return decimal_trim(shorter, arena);
}

const char *figure_text(Decimal value, int32_t places, Arena *arena)
{
    return figure_exact(cut_short(value, places, arena), arena);
}

const char *figure_beside(Decimal value, const Interval *interval, int32_t places, Arena *arena)
{
    bool holds = interval_holds(interval, value);
    for (; places < value.scale; places++) {
        Decimal shorter = cut_short(value, places, arena);
        if (interval_holds(interval, shorter) == holds)
            return figure_exact(shorter, arena);
    }
    return figure_exact(value, arena);
}
