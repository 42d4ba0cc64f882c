#include "filters/shape.h"

#include "base/memory.h"
#include "filters/repair.h"
#include "num/decimal.h"

static bool is_number(Span text)
{
    Arena arena = {0};
    Decimal number;
    bool read = text.size > 0 && decimal_read(text, &number, &arena) == DECIMAL_READ;
    arena_free(&arena);
    return read;
}

static bool is_word_for_nothing(Span text)
{
    static const char *const words[] = {"n/a",
                                        "N/A",
                                        "na",
                                        "NA",
                                        "n.a.",
                                        "null",
                                        "NULL",
                                        "Null",
                                        "none",
                                        "None",
                                        "nan",
                                        "NaN",
                                        "#N/A",
                                        "-",
                                        "--",
                                        "..",
                                        "...",
                                        ":",
                                        "?",
                                        "\xe2\x80\x93" /* en dash */,
                                        "\xe2\x80\x94" /* em dash */,
                                        "\xe2\x80\xa6" /* ellipsis */};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_equal(text, span_of(words[i])))
            return true;
    return false;
}

static size_t digits_at(Span text, size_t at)
{
    size_t end = at;
    while (end < text.size && text.at[end] >= '0' && text.at[end] <= '9')
        end++;
    return end - at;
}

/* The character at a place where a mark between thousands could stand, or an empty span. */
static Span mark_at(Span text, size_t at)
{
    static const char *const marks[] = {
        ",", ".", " ", "'", "\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89", "\xe2\x80\x99"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        Span mark = span_of(marks[i]);
        if (text.size - at >= mark.size && memcmp(text.at + at, mark.at, mark.size) == 0)
            return mark;
    }
    return SPAN("");
}

/* Passes groups of three with one mark before each; gives where they end. */
static size_t pass_groups(Span text, size_t at, Span *mark)
{
    *mark = mark_at(text, at);
    while (mark->size > 0 && span_equal(mark_at(text, at), *mark) &&
           digits_at(text, at + mark->size) == 3)
        at += mark->size + 3;
    return at;
}

static Shape notation_of(Span text, Span *mark)
{
    size_t at = text.size > 0 && (text.at[0] == '-' || text.at[0] == '+');
    size_t first = digits_at(text, at);
    if (first == 0)
        return SHAPE_TEXT;
    size_t end = at + first;
    if (first <= 3)
        end = pass_groups(text, end, mark);
    bool grouped = end > at + first;
    if (!grouped)
        *mark = SPAN("");
    if (end == text.size)
        return grouped ? SHAPE_THOUSANDS : SHAPE_NUMBER;
    char decimal = text.at[end];
    size_t behind = digits_at(text, end + 1);
    if (behind == 0 || end + 1 + behind != text.size ||
        (grouped && mark->at[0] == decimal && mark->size == 1))
        return SHAPE_TEXT;
    return decimal == ',' ? SHAPE_COMMA : decimal == '.' && grouped ? SHAPE_THOUSANDS : SHAPE_TEXT;
}

Shape shape_of(Span cell, Span *mark)
{
    *mark = SPAN("");
    if (is_number(cell))
        return SHAPE_NUMBER;
    Span text = span_trimmed(cell);
    if (text.size < cell.size && is_number(text))
        return SHAPE_BLANKS;
    if (is_word_for_nothing(text))
        return SHAPE_MISSING;
    return notation_of(text, mark);
}
