#include "report/gauge.h"

#include "num/number.h"
#include "report/markup.h"
#include "warrant/figure.h"

/* Pixels; the drawing has a margin on either side for marks and labels that stand at an end. */
enum { WIDTH = 264, MARGIN = 22, HEIGHT = 26, MIDDLE = 13, AXIS_HEIGHT = 24, TICKS = 4 };

static void include(Scale *scale, Decimal value, Arena *arena)
{
    if (!scale->any || decimal_compare(value, scale->low) < 0)
        scale->low = value;
    if (!scale->any || decimal_compare(value, scale->high) > 0)
        scale->high = value;
    scale->any = true;
    int32_t places = decimal_trim(value, arena).scale;
    scale->places = places > scale->places ? places : scale->places;
}

void scale_include(Scale *scale, const Outcome *outcome, Arena *arena)
{
    if (!outcome->has_interval)
        return;
    include(scale, outcome->observed.value.number, arena);
    if (outcome->interval.has_low)
        include(scale, outcome->interval.low, arena);
    if (outcome->interval.has_high)
        include(scale, outcome->interval.high, arena);
}

void scale_finish(Scale *scale, Arena *arena)
{
    if (!scale->any)
        return;
    Decimal span = decimal_subtract(scale->high, scale->low, arena);
    Decimal room = decimal_sign(span) == 0
                       ? decimal_of(1)
                       : decimal_multiply(span, (Decimal){.small = 8, .scale = 2}, arena);
    scale->low = decimal_subtract(scale->low, room, arena);
    scale->high = decimal_add(scale->high, room, arena);
}

/* Where a value lies, in pixels: exact, then rounded to one place. */
static Decimal place(const Scale *scale, Decimal value, Arena *arena)
{
    Number span = number_of(decimal_subtract(scale->high, scale->low, arena));
    Number along = number_of(decimal_subtract(value, scale->low, arena));
    Number pixels = number_multiply(along, number_of(decimal_of(WIDTH - 2 * MARGIN)), arena);
    Decimal from_margin =
        number_round(number_divide(pixels, span, arena), 1, ROUND_HALF_AWAY, arena);
    return decimal_add(from_margin, decimal_of(MARGIN), arena);
}

static const char *text(Decimal pixels, Arena *arena)
{
    return figure_exact(decimal_trim(pixels, arena), arena);
}

/*
 * The least of 1, 2, 5 times a power of ten that cuts the scale into no more than TICKS pieces, and
 * is not finer than the values on it.
 */
static Decimal tick_step(const Scale *scale, Arena *arena)
{
    static const int64_t leading[] = {1, 2, 5};
    Decimal span = decimal_subtract(scale->high, scale->low, arena);
    Decimal power = {.small = 1, .scale = scale->places};
    for (;;) {
        for (size_t i = 0; i < sizeof leading / sizeof *leading; i++) {
            Decimal step = decimal_multiply(power, decimal_of(leading[i]), arena);
            if (decimal_compare(decimal_multiply(step, decimal_of(TICKS), arena), span) >= 0)
                return decimal_trim(step, arena);
        }
        power = power.scale > 0 ? (Decimal){.small = 1, .scale = power.scale - 1}
                                : decimal_multiply(power, decimal_of(10), arena);
    }
}

/* The first multiple of the step on the scale. */
static Decimal first_tick(const Scale *scale, Decimal step, Arena *arena)
{
    Number ratio = number_divide(number_of(scale->low), number_of(step), arena);
    Decimal steps = number_round(ratio, 0, ROUND_UP, arena);
    return decimal_trim(decimal_multiply(steps, step, arena), arena);
}

void gauge_axis(Buffer *out, const Scale *scale, Arena *arena)
{
    if (!scale->any)
        return;
    buffer_format(out,
                  "<svg class=\"axis\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                  "aria-hidden=\"true\"><path d=\"M%d 18.5H%d\"/>",
                  WIDTH, AXIS_HEIGHT, WIDTH, AXIS_HEIGHT, MARGIN, WIDTH - MARGIN);
    Decimal step = tick_step(scale, arena);
    for (Decimal tick = first_tick(scale, step, arena); decimal_compare(tick, scale->high) <= 0;
         tick = decimal_add(tick, step, arena)) {
        const char *x = text(place(scale, tick, arena), arena);
        MARKUP(out, "<path d=\"M$ 18v6\"/><text x=\"$\" y=\"13\">$</text>", x, x,
               figure_exact(decimal_trim(tick, arena), arena));
    }
    buffer_text(out, "</svg>");
}

/* A band from end to end; where the interval has no end, to the drawing's edge. */
static void draw_interval(Buffer *out, const Scale *scale, const Interval *interval, Arena *arena)
{
    Decimal left = interval->has_low ? place(scale, interval->low, arena) : decimal_of(0);
    Decimal right = interval->has_high ? place(scale, interval->high, arena) : decimal_of(WIDTH);
    Decimal width = decimal_subtract(right, left, arena);
    if (decimal_compare(width, decimal_of(0)) > 0)
        MARKUP(out, "<rect class=\"band\" x=\"$\" y=\"6\" width=\"$\" height=\"14\"/>",
               text(left, arena), text(width, arena));
    const char *ends = interval->open ? "end open" : "end";
    if (interval->has_low)
        MARKUP(out, "<path class=\"$\" d=\"M$ 3v20\"/>", ends, text(left, arena));
    if (interval->has_high && decimal_sign(width) != 0)
        MARKUP(out, "<path class=\"$\" d=\"M$ 3v20\"/>", ends, text(right, arena));
}

static Decimal clipped(Decimal pixels)
{
    if (decimal_sign(pixels) < 0)
        return decimal_of(0);
    return decimal_compare(pixels, decimal_of(WIDTH)) > 0 ? decimal_of(WIDTH) : pixels;
}

/* The scale is not stretched for it: a whisker may run off the drawing on either side. */
static void draw_whisker(Buffer *out, const Scale *scale, const Outcome *outcome, Arena *arena)
{
    const WorstCase *worst = &outcome->worst_case;
    if (!worst->enclosed || decimal_compare(worst->low, worst->high) >= 0)
        return;
    const char *low = text(clipped(place(scale, worst->low, arena)), arena);
    const char *high = text(clipped(place(scale, worst->high, arena)), arena);
    MARKUP(out, "<path class=\"whisker\" d=\"M$ 7v12m0-6H$m0-6v12\"/>", low, high);
}

static void draw_value(Buffer *out, const Scale *scale, const Outcome *outcome, Arena *arena)
{
    const char *x = text(place(scale, outcome->observed.value.number, arena), arena);
    if (outcome->verdict == VERDICT_REPRODUCED)
        MARKUP(out, "<circle class=\"in\" cx=\"$\" cy=\"13\" r=\"4.5\"/>", x);
    else
        MARKUP(out, "<path class=\"out\" d=\"M$ 13m-4.5-4.5l9 9m0-9l-9 9\"/>", x);
}

void gauge_draw(Buffer *out, const Scale *scale, const Outcome *outcome, const char *label,
                Arena *arena)
{
    if (!outcome->has_interval || !scale->any)
        return;
    MARKUP(out, "<svg class=\"gauge\" role=\"img\" aria-label=\"$\" ", label);
    buffer_format(out, "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">", WIDTH, HEIGHT, WIDTH,
                  HEIGHT);
    buffer_format(out, "<path class=\"line\" d=\"M0 %d.5H%d\"/>", MIDDLE - 1, WIDTH);
    draw_interval(out, scale, &outcome->interval, arena);
    draw_whisker(out, scale, outcome, arena);
    draw_value(out, scale, outcome, arena);
    buffer_text(out, "</svg>");
}
