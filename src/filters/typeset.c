#define _GNU_SOURCE /* wcwidth, memrchr */
#include "filters/typeset.h"

#include <string.h>
#include <wchar.h>

/* The locale is set by display_start(). */

Span typeset_clean(Span text, Arena *arena)
{
    Buffer clean = {0};
    while (text.size > 0) {
        char escape[ESCAPE_ROOM];
        Span seen = text_visible(&text, escape);
        buffer_append(&clean, seen.at, seen.size);
    }
    Span kept = {arena_copy(arena, clean.at, clean.size), clean.size};
    buffer_free(&clean);
    return kept;
}

/* Parts of the font size, as in DejaVu Sans, which is wider than Arial, Helvetica or Noto. */
static double ascii_width(char byte)
{
    if (strchr("ijlI.,:;'|!()[] ", byte) != NULL)
        return 0.36;
    if (strchr("frt\"-/\\", byte) != NULL)
        return 0.42;
    if (strchr("mwMW@%", byte) != NULL)
        return 0.94;
    return byte >= 'A' && byte <= 'Z' ? 0.70 : 0.62;
}

static double character_width(const char *at, size_t length)
{
    if (length == 1)
        return ascii_width(*at);
    int columns = wcwidth((wchar_t)utf8_code(at, length));
    return columns == 2 ? 1.0 : columns == 0 ? 0.0 : 0.68;
}

static size_t step(Span text)
{
    size_t length = utf8_length(text.at, text.size);
    return length == 0 ? 1 : length;
}

static Span behind(Span text, size_t size)
{
    return (Span){text.at + size, text.size - size};
}

double typeset_width(Span text, double size)
{
    double width = 0;
    while (text.size > 0) {
        size_t length = step(text);
        width += character_width(text.at, length) * size;
        text = behind(text, length);
    }
    return width;
}

/* How many bytes fit, at least one character. */
static size_t fitting(Span text, double size, double width)
{
    size_t end = 0;
    double used = 0;
    while (end < text.size) {
        size_t length = step(behind(text, end));
        used += character_width(text.at + end, length) * size;
        /* What combines with the character before stays with it. */
        if (used > width && end > 0 && character_width(text.at + end, length) > 0)
            break;
        end += length;
    }
    return end;
}

/* The end of the last word that ends by `limit`, or the limit if the first word is longer. */
static size_t last_break(Span text, size_t limit)
{
    if (limit == text.size || text.at[limit] == ' ')
        return limit;
    const char *blank = memrchr(text.at, ' ', limit);
    return blank == NULL || blank == text.at ? limit : (size_t)(blank - text.at);
}

static Span without_blanks(Span text)
{
    while (text.size > 0 && text.at[0] == ' ')
        text = behind(text, 1);
    while (text.size > 0 && text.at[text.size - 1] == ' ')
        text.size--;
    return text;
}

static Span shorten(Span text, double size, double width, Arena *arena)
{
    Span mark = SPAN("\xe2\x80\xa6");
    size_t end = fitting(text, size, width - typeset_width(mark, size));
    Span kept = without_blanks((Span){text.at, end});
    return span_of(arena_format(arena, "%.*s%s", (int)kept.size, kept.at, mark.at));
}

size_t typeset_fold(Span text, double size, double width, Span *lines, size_t most, Arena *arena)
{
    size_t count = 0;
    text = without_blanks(text);
    while (text.size > 0 && count < most) {
        size_t end = fitting(text, size, width);
        if (count + 1 == most && end < text.size) {
            lines[count++] = shorten(text, size, width, arena);
            break;
        }
        end = last_break(text, end);
        lines[count++] = without_blanks((Span){text.at, end});
        text = without_blanks(behind(text, end));
    }
    return count;
}
