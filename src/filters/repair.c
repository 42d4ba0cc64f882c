#include "filters/repair.h"

#include "base/diagnostic.h"
#include "num/decimal.h"

static const Span wide_blanks[] = {
    {"\xc2\xa0", 2},     /* U+00A0 no-break space */
    {"\xe2\x80\x87", 3}, /* U+2007 figure space */
    {"\xe2\x80\xaf", 3}, /* U+202F narrow no-break space */
    {"\xe3\x80\x80", 3}, /* U+3000 ideographic space */
};

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool begins(Span text, Span mark)
{
    return mark.size != 0 && text.size >= mark.size && memcmp(text.at, mark.at, mark.size) == 0;
}

static size_t blank_before(Span text)
{
    if (text.size > 0 && is_blank(text.at[0]))
        return 1;
    for (size_t i = 0; i < sizeof wide_blanks / sizeof *wide_blanks; i++)
        if (begins(text, wide_blanks[i]))
            return wide_blanks[i].size;
    return 0;
}

static size_t blank_behind(Span text)
{
    if (text.size > 0 && is_blank(text.at[text.size - 1]))
        return 1;
    for (size_t i = 0; i < sizeof wide_blanks / sizeof *wide_blanks; i++) {
        size_t size = wide_blanks[i].size;
        if (text.size >= size && begins((Span){text.at + text.size - size, size}, wide_blanks[i]))
            return size;
    }
    return 0;
}

Span span_trimmed(Span text)
{
    size_t blank;
    while ((blank = blank_before(text)) > 0)
        text = (Span){text.at + blank, text.size - blank};
    while ((blank = blank_behind(text)) > 0)
        text.size -= blank;
    return text;
}

/* Moves digits from the text to the number; how many. */
static size_t take_digits(Span *text, Buffer *number)
{
    size_t count = 0;
    while (count < text->size && text->at[count] >= '0' && text->at[count] <= '9')
        count++;
    buffer_append(number, text->at, count);
    *text = (Span){text->at + count, text->size - count};
    return count;
}

static bool take_mark(Span *text, Span mark)
{
    if (!begins(*text, mark))
        return false;
    *text = (Span){text->at + mark.size, text->size - mark.size};
    return true;
}

static bool take_sign(Span *text, Buffer *number)
{
    if (text->size == 0 || (text->at[0] != '-' && text->at[0] != '+'))
        return false;
    buffer_byte(number, text->at[0]);
    return take_mark(text, (Span){text->at, 1});
}

/* The digits before the decimal mark, in groups or not. */
static bool take_whole(const Repair *repair, Span *text, Buffer *number)
{
    size_t digits = take_digits(text, number);
    bool good = digits > 0;
    if (digits <= 3)
        while (good && take_mark(text, repair->thousands))
            good = take_digits(text, number) == 3;
    return good;
}

static bool take_exponent(Span *text, Buffer *number)
{
    if (text->size == 0 || (text->at[0] != 'e' && text->at[0] != 'E'))
        return true;
    buffer_byte(number, text->at[0]);
    take_mark(text, (Span){text->at, 1});
    take_sign(text, number);
    return take_digits(text, number) > 0;
}

/* The cell as a number in our own notation, if it is one in that of the file. */
static bool read_number(Repair *repair, Span text)
{
    Buffer *number = &repair->number;
    number->size = 0;
    take_sign(&text, number);
    if (!take_whole(repair, &text, number))
        return false;
    if (take_mark(&text, repair->decimal)) {
        buffer_byte(number, '.');
        if (take_digits(&text, number) == 0)
            return false;
    }
    return take_exponent(&text, number) && text.size == 0;
}

/* Somebody who reads the file's notation and ours would take such a cell for two numbers. */
static void note_pointed(Repair *repair, Span value, const char *file, uint64_t line)
{
    Decimal decimal;
    if (span_equal(repair->decimal, SPAN(".")) || memchr(value.at, '.', value.size) == NULL ||
        decimal_read(value, &decimal, &repair->arena) != DECIMAL_READ)
        return;
    if (repair->pointed++ == 0)
        repair->pointed_at = arena_format(&repair->arena, "%s:%llu: %s", file,
                                          (unsigned long long)line, shown(value.at, value.size));
}

static Span repair_number(Repair *repair, Span value, const char *file, uint64_t line)
{
    char first = value.at[0];
    bool likely = (first >= '0' && first <= '9') || first == '-' || first == '+';
    if (!likely)
        return value;
    if (!read_number(repair, value)) {
        note_pointed(repair, value, file, line);
        return value;
    }
    Span number = buffer_span(&repair->number);
    if (span_equal(number, value))
        return value;
    repair->rewritten++;
    return number;
}

Span repair_cell(Repair *repair, Span value, const char *file, uint64_t line)
{
    if (repair->trim) {
        Span trimmed = span_trimmed(value);
        repair->trimmed += trimmed.size != value.size;
        value = trimmed;
    }
    if (value.size == 0)
        return value;
    if (repair->missing.count > 0 && dictionary_find(&repair->missing, value) != DICTIONARY_NONE) {
        repair->made_missing++;
        return (Span){"", 0};
    }
    if (repair->decimal.size == 0 && repair->thousands.size == 0)
        return value;
    return repair_number(repair, value, file, line);
}

void repair_free(Repair *repair)
{
    dictionary_free(&repair->missing);
    buffer_free(&repair->number);
    arena_free(&repair->arena);
}
