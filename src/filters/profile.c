#include "filters/profile.h"

#include <stdlib.h>

#include "filters/display.h"
#include "filters/repair.h"
#include "num/statistics.h"

void profile_open(Profile *profile, const char *name, size_t bound)
{
    *profile =
        (Profile){.name = name, .guess = celltype_guess_begin(span_of(name)), .bound = bound};
}

_Static_assert(2 * sizeof(Profile) < PROFILE_LEAST, "a profile and what it holds at least");

/* ---- adding ---- */

static void replace(Buffer *buffer, Span text)
{
    buffer->size = 0;
    buffer_append(buffer, text.at, text.size);
}

static void add_text(Profile *profile, Span value)
{
    bool first = profile->cells - profile->missing == 1;
    if (first || span_compare(value, buffer_span(&profile->least_text)) < 0)
        replace(&profile->least_text, value);
    if (first || span_compare(value, buffer_span(&profile->most_text)) > 0)
        replace(&profile->most_text, value);
}

/* <0: `a` is to be preferred as the extreme in that direction. */
static bool beats(Decimal a, Decimal b, int direction)
{
    int order = decimal_compare(a, b) * direction;
    return order < 0 || (order == 0 && a.scale > b.scale);
}

static void add_number(Profile *profile, Span value)
{
    Decimal number;
    if (decimal_read(value, &number, &profile->scratch) != DECIMAL_READ)
        return;
    bool first = profile->cells - profile->missing == 1;
    sum_add(&profile->total, number);
    if (first || beats(number, profile->least, 1))
        profile->least = decimal_keep(number, &profile->arena);
    if (first || beats(number, profile->most, -1))
        profile->most = decimal_keep(number, &profile->arena);
    arena_reset(&profile->scratch);
}

static void add_distinct(Profile *profile, Span value)
{
    if (profile->distinct.count < profile->bound)
        dictionary_add(&profile->distinct, value, NULL);
    else if (!profile->bounded)
        profile->bounded = dictionary_find(&profile->distinct, value) == DICTIONARY_NONE;
}

/* Whether the column is one of numbers. */
static bool is_numeric(const Profile *profile)
{
    return profile->guess.any && profile->guess.number;
}

static Shape newest(const Profile *profile, Span value, Span *mark)
{
    /* While all are numbers the guess has looked at it already. */
    *mark = SPAN("");
    return is_numeric(profile) ? SHAPE_NUMBER : shape_of(value, mark);
}

/* Whether it is the first. */
static bool count_shape(ProfileShape *shape, Span value, Span mark)
{
    if (shape->count++ > 0)
        return false;
    replace(&shape->cell, value);
    shape->mark = mark;
    return true;
}

static bool add_shape(Profile *profile, Span value)
{
    Span mark;
    Shape shape = newest(profile, value, &mark);
    bool first = count_shape(&profile->shapes[shape], value, mark);
    if (shape != SHAPE_NUMBER && span_trimmed(value).size != value.size &&
        count_shape(&profile->padded, value, SPAN("")))
        first = true;
    return first;
}

bool profile_add(Profile *profile, Span value)
{
    profile->cells++;
    if (value.size == 0) {
        profile->missing++;
        return false;
    }
    celltype_guess(&profile->guess, value);
    add_text(profile, value);
    if (is_numeric(profile))
        add_number(profile, value);
    add_distinct(profile, value);
    return add_shape(profile, value);
}

static void place_shape(ProfileShape *shape, ProfilePlace place)
{
    if (shape->count == 1 && shape->place.line == 0)
        shape->place = place;
}

void profile_place(Profile *profile, ProfilePlace place)
{
    for (size_t i = 0; i < SHAPES; i++)
        place_shape(&profile->shapes[i], place);
    place_shape(&profile->padded, place);
}

/* ---- telling ---- */

void profile_least(const Profile *profile, Buffer *out)
{
    if (is_numeric(profile))
        decimal_write(profile->least, out);
    else
        buffer_append(out, profile->least_text.at, profile->least_text.size);
}

void profile_most(const Profile *profile, Buffer *out)
{
    if (is_numeric(profile))
        decimal_write(profile->most, out);
    else
        buffer_append(out, profile->most_text.at, profile->most_text.size);
}

void profile_mean(const Profile *profile, int32_t places, Buffer *out)
{
    if (!is_numeric(profile))
        return;
    Arena arena = {0};
    Number mean = statistics_mean(sum_total(&profile->total, &arena),
                                  profile->cells - profile->missing, &arena);
    decimal_write(places < 0 ? number_settle(mean, &arena)
                             : number_round(mean, places, ROUND_HALF_AWAY, &arena),
                  out);
    arena_free(&arena);
}

void profile_distinct(const Profile *profile, Buffer *out)
{
    buffer_format(out, "%s%zu", profile->bounded ? ">" : "", profile->distinct.count);
}

void profile_examples(const Profile *profile, Buffer *out)
{
    enum { EXAMPLES = 3, LONGEST = 24 };
    const char *more = display_utf8() ? "\xe2\x80\xa6" : "...";
    for (size_t i = 0; i < EXAMPLES && i < profile->distinct.count; i++) {
        Span value = profile->distinct.keys[i];
        size_t end = 0;
        for (size_t count = 0; end < value.size && count < LONGEST; count++) {
            size_t length = utf8_length(value.at + end, value.size - end);
            end += length == 0 ? 1 : length;
        }
        buffer_text(out, i == 0 ? "" : ", ");
        buffer_append(out, value.at, end);
        buffer_text(out, end < value.size ? more : "");
    }
    if (profile->distinct.count > EXAMPLES)
        buffer_format(out, ", %s", more);
}

void profile_free(Profile *profile)
{
    sum_free(&profile->total);
    buffer_free(&profile->least_text);
    buffer_free(&profile->most_text);
    dictionary_free(&profile->distinct);
    for (size_t i = 0; i < SHAPES; i++)
        buffer_free(&profile->shapes[i].cell);
    buffer_free(&profile->padded.cell);
    arena_free(&profile->arena);
    arena_free(&profile->scratch);
}
