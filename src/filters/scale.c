#include "filters/scale.h"

#include <math.h>
#include <stdio.h>

/* The least of 1, 2, 5 times a power of ten that is not below the number. */
static double round_step(double least, int *places)
{
    int power = (int)floor(log10(least));
    double unit = pow(10, power);
    double times = least / unit;
    double step = times <= 1.0000001 ? 1 : times <= 2.0000001 ? 2 : times <= 5.0000001 ? 5 : 10;
    if (step > 5)
        power++;
    *places = power < 0 ? -power : 0;
    return step > 5 ? pow(10, power) : step * unit;
}

/* Two numbers that are one get room on both sides. */
static void widen(double *low, double *high, bool whole)
{
    if (*high > *low)
        return;
    double room = whole ? 1 : fabs(*low) * 0.1;
    if (room == 0)
        room = 1;
    *low -= room;
    *high += room;
}

Scale scale_make(double low, double high, int steps, bool whole)
{
    widen(&low, &high, whole);
    Scale scale = {.low = low, .high = high};
    double least = (high - low) / steps;
    scale.step = round_step(whole && least < 1 ? 1 : least, &scale.places);
    if (whole)
        return scale;
    scale.low = floor(low / scale.step + 1e-9) * scale.step;
    scale.high = ceil(high / scale.step - 1e-9) * scale.step;
    return scale;
}

double scale_first(const Scale *scale)
{
    return ceil(scale->low / scale->step - 1e-9) * scale->step;
}

int scale_count(const Scale *scale)
{
    return (int)floor((scale->high - scale_first(scale)) / scale->step + 1e-6) + 1;
}

bool scale_apart(double greatest)
{
    return fabs(greatest) >= 10000;
}

static void write_digits(Span digits, bool apart, Buffer *out)
{
    size_t sign = digits.size > 0 && digits.at[0] == '-';
    const char *point = memchr(digits.at, '.', digits.size);
    size_t whole = point == NULL ? digits.size : (size_t)(point - digits.at);
    for (size_t i = 0; i < digits.size; i++) {
        if (apart && i > sign && i < whole && (whole - i) % 3 == 0)
            buffer_byte(out, ',');
        buffer_byte(out, digits.at[i]);
    }
}

void scale_write(Decimal number, int places, bool apart, Buffer *out)
{
    Arena arena = {0};
    Buffer digits = {0};
    decimal_write(decimal_round(number, places, ROUND_HALF_AWAY, &arena), &digits);
    write_digits(buffer_span(&digits), apart, out);
    buffer_free(&digits);
    arena_free(&arena);
}

void scale_write_step(const Scale *scale, int index, Buffer *out)
{
    Buffer digits = {0};
    double value = scale_first(scale) + index * scale->step;
    if (fabs(value) < scale->step * 1e-6)
        value = 0; /* and not -0 */
    buffer_format(&digits, "%.*f", scale->places, value);
    write_digits(buffer_span(&digits), scale_apart(fmax(fabs(scale->low), fabs(scale->high))), out);
    buffer_free(&digits);
}
