#include "base/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/diagnostic.h"
#include "base/memory.h"

int span_compare(Span a, Span b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common == 0 ? 0 : memcmp(a.at, b.at, common);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

void buffer_grow(Buffer *buffer, size_t more)
{
    size_t wanted;
    if (__builtin_add_overflow(buffer->size, more, &wanted))
        fail("out of memory: %zu bytes", more);
    size_t room = buffer->room < 64 ? 64 : buffer->room + buffer->room / 2;
    if (room < wanted)
        room = wanted;
    buffer->at = memory_resize(buffer->at, room, 1);
    buffer->room = room;
}

void buffer_text(Buffer *buffer, const char *string)
{
    buffer_append(buffer, string, strlen(string));
}

size_t formatted_size(const char *format, va_list arguments)
{
    va_list measured;
    va_copy(measured, arguments);
    int size = vsnprintf(NULL, 0, format, measured);
    va_end(measured);
    if (size < 0)
        fail("a text could not be formatted: %s", format);
    return (size_t)size;
}

void buffer_format_list(Buffer *buffer, const char *format, va_list arguments)
{
    size_t size = formatted_size(format, arguments);
    buffer_reserve(buffer, size + 1);
    vsnprintf(buffer->at + buffer->size, size + 1, format, arguments);
    buffer->size += size;
}

void buffer_format(Buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buffer_format_list(buffer, format, arguments);
    va_end(arguments);
}

const char *buffer_string(Buffer *buffer)
{
    buffer_reserve(buffer, 1);
    buffer->at[buffer->size] = '\0';
    return buffer->at;
}

void buffer_free(Buffer *buffer)
{
    free(buffer->at);
    *buffer = (Buffer){0};
}

static bool continues(unsigned char byte, unsigned char low, unsigned char high)
{
    return byte >= low && byte <= high;
}

/* Table 3-7 of the Unicode Standard, chapter 3: the second byte's range depends on the first. */
size_t utf8_length(const char *bytes, size_t size)
{
    if (size == 0)
        return 0;
    const unsigned char *b = (const unsigned char *)bytes;
    if (b[0] < 0x80)
        return 1;
    if (b[0] < 0xc2 || b[0] > 0xf4)
        return 0;
    size_t length = b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;
    if (length > size)
        return 0;
    unsigned char low = b[0] == 0xe0 ? 0xa0 : b[0] == 0xf0 ? 0x90 : 0x80;
    unsigned char high = b[0] == 0xed ? 0x9f : b[0] == 0xf4 ? 0x8f : 0xbf;
    if (!continues(b[1], low, high))
        return 0;
    for (size_t i = 2; i < length; i++)
        if (!continues(b[i], 0x80, 0xbf))
            return 0;
    return length;
}

size_t utf8_valid(const char *bytes, size_t size)
{
    size_t i = 0;
    while (i < size) {
        uint64_t word;
        while (size - i >= sizeof word) {
            memcpy(&word, bytes + i, sizeof word);
            if (word & UINT64_C(0x8080808080808080))
                break;
            i += sizeof word;
        }
        if (i == size)
            break;
        size_t length = utf8_length(bytes + i, size - i);
        if (length == 0)
            return i;
        i += length;
    }
    return size;
}

size_t utf8_count(Span text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.size; count++) {
        size_t length = utf8_length(text.at + i, text.size - i);
        i += length == 0 ? 1 : length;
    }
    return count;
}

uint32_t utf8_code(const char *bytes, size_t length)
{
    static const uint8_t first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = (uint8_t)bytes[0] & first_bits[length];
    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((uint8_t)bytes[i] & 0x3f);
    return code;
}

/*
 * Line and paragraph separators and the characters that embed, override or isolate a direction of
 * writing: they would let a cell rearrange what stands around it (Boucher & Anderson 2021).
 */
static bool rearranges(uint32_t code)
{
    return (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0x200e || code == 0x200f || code == 0x061c;
}

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

Span text_visible(Span *text, char escape[ESCAPE_ROOM])
{
    const char *at = text->at;
    size_t length = utf8_length(at, text->size);
    uint32_t code = length == 0 ? (uint8_t)*at : utf8_code(at, length);
    size_t taken = length == 0 ? 1 : length;
    *text = (Span){at + taken, text->size - taken};
    if (length != 0 && !is_control(code) && !rearranges(code))
        return (Span){at, length};
    if (code == '\n' || code == '\t' || code == '\r')
        return span_of(strcpy(escape, code == '\n' ? "\\n" : code == '\t' ? "\\t" : "\\r"));
    snprintf(escape, ESCAPE_ROOM, length < 2 ? "\\x%02x" : "\\u%04x", (unsigned)code & 0xffff);
    return span_of(escape);
}

void buffer_visible(Buffer *out, Span text, const char *kept)
{
    char escape[ESCAPE_ROOM];
    while (text.size != 0) {
        Span first = {text.at, 1};
        bool stays = text.at[0] != '\0' && strchr(kept, text.at[0]) != NULL;
        Span seen = text_visible(&text, escape);
        buffer_append(out, stays ? first.at : seen.at, stays ? first.size : seen.size);
    }
}

static unsigned char folded(char byte)
{
    return (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
}

enum { NEAREST_WORD = 64 };

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* With three rows: the one at hand and the two before it. */
size_t text_distance(Span a, Span b)
{
    unsigned rows[3][TEXT_DISTANCE + 1];
    for (unsigned j = 0; j <= b.size; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b.size; j++) {
            int left = folded(a.at[i - 1]), right = folded(b.at[j - 1]);
            row[j] = least(above[j - 1] + (left != right), least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && left == folded(b.at[j - 2]) && folded(a.at[i - 2]) == right)
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a.size % 3][b.size];
}

const char *text_nearest(Span word, const char *const *names, size_t count)
{
    if (word.size == 0 || word.size > NEAREST_WORD)
        return NULL;
    const char *nearest = NULL;
    size_t limit = word.size < 6 ? 2 : word.size / 3 + 1;
    for (size_t i = 0; i < count; i++) {
        Span name = span_of(names[i]);
        size_t longest = word.size > name.size ? word.size : name.size;
        size_t apart = longest - (word.size < name.size ? word.size : name.size);
        if (name.size > NEAREST_WORD || apart >= limit) /* the distance is no less than that */
            continue;
        size_t distance = text_distance(word, name);
        if (distance < limit && distance < longest) {
            limit = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

const char *text_suggestion(Span word, const char *const *names, size_t count)
{
    static _Thread_local char text[NEAREST_WORD * 4 + 32];
    const char *nearest = text_nearest(word, names, count);
    if (nearest == NULL)
        return "";
    snprintf(text, sizeof text, " (did you mean %s?)", shown(nearest, strlen(nearest)));
    return text;
}
