#define _XOPEN_SOURCE 700 /* wcwidth */
#include "filters/display.h"

#include <langinfo.h>
#include <locale.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

static bool is_utf8;

/* Cells are UTF-8 whatever the locale, so widths are always those of a UTF-8 locale. */
void display_start(void)
{
    is_utf8 = setlocale(LC_CTYPE, "") != NULL && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    setlocale(LC_CTYPE, "C.UTF-8");
}

bool display_utf8(void)
{
    return is_utf8;
}

static uint32_t code_point(const char *bytes, size_t length)
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

static size_t append_escape(Buffer *out, uint32_t code)
{
    size_t start = out->size;
    if (code == '\n' || code == '\t' || code == '\r')
        buffer_text(out, code == '\n' ? "\\n" : code == '\t' ? "\\t" : "\\r");
    else
        buffer_format(out, code < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)code);
    return out->size - start;
}

static size_t character_width(uint32_t code)
{
    int width = wcwidth((wchar_t)code);
    return width < 0 ? 1 : (size_t)width; /* a character newer than the system's tables */
}

static size_t append_character(Buffer *out, const char *bytes, size_t length)
{
    uint32_t code = code_point(bytes, length);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || rearranges(code))
        return append_escape(out, code);
    buffer_append(out, bytes, length);
    return code < 0x7f ? 1 : character_width(code);
}

size_t display_append(Buffer *out, Span text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.size;) {
        size_t length = utf8_length(text.at + i, text.size - i);
        if (length == 0) { /* the reader lets none through */
            width += append_escape(out, (uint8_t)text.at[i++]);
            continue;
        }
        width += append_character(out, text.at + i, length);
        i += length;
    }
    return width;
}

void display_blanks(Buffer *out, size_t count)
{
    buffer_reserve(out, count);
    memset(out->at + out->size, ' ', count);
    out->size += count;
}
