#define _GNU_SOURCE /* wcwidth, memrchr */
#include "filters/display.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/diagnostic.h"

static bool is_utf8;

/* What the environment calls the locale, though the system may not have it. */
static bool named_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *locale = getenv(names[i]);
        if (locale != NULL && locale[0] != '\0')
            return strcasestr(locale, ".UTF-8") != NULL || strcasestr(locale, ".utf8") != NULL;
    }
    return false;
}

/* Cells are UTF-8 whatever the locale, so widths are always those of a UTF-8 locale. */
void display_start(void)
{
    is_utf8 =
        setlocale(LC_CTYPE, "") == NULL ? named_utf8() : strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    setlocale(LC_CTYPE, "C.UTF-8");
}

bool display_utf8(void)
{
    return is_utf8;
}

bool display_terminal(size_t *columns, size_t *lines)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO))
        return false;
    bool told = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
    *columns = told ? size.ws_col : 80;
    *lines = told ? size.ws_row : 24;
    return true;
}

bool display_colour(const char *when)
{
    if (when == NULL || strcmp(when, "auto") == 0) {
        const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");
        return isatty(STDOUT_FILENO) && (refused == NULL || refused[0] == '\0') &&
               (terminal == NULL || strcmp(terminal, "dumb") != 0);
    }
    if (strcmp(when, "always") != 0 && strcmp(when, "never") != 0)
        fail_usage("--color: none of auto, always, never: %s", shown(when, strlen(when)));
    return when[0] == 'a';
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

/* The columns of the first character, and its bytes. */
static size_t first_width(Span text, size_t *length)
{
    *length = utf8_length(text.at, text.size);
    if (*length <= 1) {
        *length = 1;
        return 1;
    }
    return character_width(utf8_code(text.at, *length));
}

size_t display_width(Span text)
{
    size_t width = 0, length;
    for (; text.size > 0; text = (Span){text.at + length, text.size - length})
        width += first_width(text, &length);
    return width;
}

/* The bytes that fit into the width, with what combines with the last character. */
static size_t fitting(Span text, size_t width)
{
    size_t used = 0, end = 0, length;
    while (end < text.size) {
        size_t more = first_width((Span){text.at + end, text.size - end}, &length);
        if (used + more > width && end > 0)
            break;
        used += more;
        end += length;
    }
    return end;
}

Span display_line(Span *text, size_t width)
{
    size_t end = fitting(*text, width), next = end;
    if (end < text->size) {
        const char *blank = text->at[end] == ' ' ? text->at + end : memrchr(text->at, ' ', end);
        if (blank != NULL && blank > text->at) {
            end = (size_t)(blank - text->at);
            next = end + 1;
        }
    }
    Span line = {text->at, end};
    *text = (Span){text->at + next, text->size - next};
    return line;
}

void display_blanks(Buffer *out, size_t count)
{
    buffer_reserve(out, count);
    memset(out->at + out->size, ' ', count);
    out->size += count;
}
