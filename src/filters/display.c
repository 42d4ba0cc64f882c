#define _XOPEN_SOURCE 700 /* wcwidth */
#include "filters/display.h"

#include <langinfo.h>
#include <locale.h>
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

static size_t character_width(uint32_t code)
{
    int width = wcwidth((wchar_t)code);
    return width < 0 ? 1 : (size_t)width; /* a character newer than the system's tables */
}

size_t display_append(Buffer *out, Span text)
{
    size_t width = 0;
    while (text.size > 0) {
        char escape[ESCAPE_ROOM];
        Span seen = text_visible(&text, escape);
        buffer_append(out, seen.at, seen.size);
        bool plain = seen.at == escape || seen.size == 1;
        width += plain ? seen.size : character_width(utf8_code(seen.at, seen.size));
    }
    return width;
}

void display_blanks(Buffer *out, size_t count)
{
    buffer_reserve(out, count);
    memset(out->at + out->size, ' ', count);
    out->size += count;
}
