#include "base/diagnostic.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/progress.h"
#include "base/text.h"

static const char *program = "warrant";
static _Thread_local Trap *innermost;

void diagnostic_program(const char *name)
{
    program = name;
}

void trap_begin(Trap *trap)
{
    trap->outer = innermost;
    trap->status = 0;
    trap->message[0] = '\0';
    innermost = trap;
}

void trap_end(Trap *trap)
{
    innermost = trap->outer;
}

/*
 * A message is one line whatever stands in it: most of what comes from outside has been through
 * shown(), but a path or a column is named as it is.
 */
static void make_visible(char *message, size_t room, const char *text)
{
    size_t size = 0;
    for (Span rest = span_of(text); rest.size > 0;) {
        char escape[ESCAPE_ROOM];
        Span seen = text_visible(&rest, escape);
        if (seen.size >= room - size)
            break;
        memcpy(message + size, seen.at, seen.size);
        size += seen.size;
    }
    message[size] = '\0';
}

/* The line goes out in one write, so that the stages of a pipe do not mix theirs. */
static void say(const char *text)
{
    char message[sizeof((Trap *)0)->message], line[sizeof message + 256];
    make_visible(message, sizeof message, text);
    int size = snprintf(line, sizeof line, "%s: %s\n", program, message);
    if (size < 0)
        return;
    if ((size_t)size >= sizeof line) {
        size = (int)sizeof line - 1;
        line[size - 1] = '\n';
    }
    progress_clear();
    fwrite(line, 1, (size_t)size, stderr);
    fflush(stderr);
}

/* ---- the place, on a terminal ---- */

enum { PICTURE_WIDTH = 72, PICTURE_INDENT = 4 };

static _Thread_local char picture[PICTURE_WIDTH * 16];

/* East Asian characters take two columns; marks that combine are too rare here to be told apart. */
static size_t columns_of(Span seen)
{
    uint32_t code = seen.size > 1 ? utf8_code(seen.at, seen.size) : 0;
    bool wide = (code >= 0x1100 && code < 0x1160) || (code >= 0x2E80 && code < 0xA4D0) ||
                (code >= 0xAC00 && code < 0xD7A4) || (code >= 0xF900 && code < 0xFB00) ||
                (code >= 0xFE30 && code < 0xFE70) || (code >= 0xFF00 && code < 0xFF61) ||
                (code >= 0x20000 && code < 0x3FFFE);
    return wide ? 2 : 1;
}

/* Appends the text as it may be seen, up to `most` columns; gives how many it took. */
static size_t draw(Buffer *out, Span text, size_t most)
{
    size_t columns = 0;
    while (text.size > 0) {
        char escape[ESCAPE_ROOM];
        Span seen = text_visible(&text, escape);
        size_t width = seen.at == escape ? seen.size : columns_of(seen);
        if (columns + width > most)
            break;
        buffer_append(out, seen.at, seen.size);
        columns += width;
    }
    return columns;
}

/* The line that the byte is in, without what is far to the left of it. */
static Span line_around(Span text, size_t *offset)
{
    enum { LEFT = PICTURE_WIDTH / 2 };
    size_t start = *offset, end = *offset;
    while (start > 0 && text.at[start - 1] != '\n')
        start--;
    while (end < text.size && text.at[end] != '\n')
        end++;
    if (*offset - start > LEFT)
        start = *offset - LEFT;
    while (start > 0 && start < *offset && ((unsigned char)text.at[start] & 0xC0) == 0x80)
        start++; /* not in the middle of a character */
    *offset -= start;
    return (Span){text.at + start, end - start};
}

void diagnostic_point(const char *text, size_t size, size_t offset)
{
    if (!isatty(STDERR_FILENO) || offset > size)
        return;
    Buffer out = {0};
    Span line = line_around((Span){text, size}, &offset);
    buffer_format(&out, "%*s", PICTURE_INDENT, "");
    size_t before = draw(&out, (Span){line.at, offset}, PICTURE_WIDTH);
    draw(&out, (Span){line.at + offset, line.size - offset}, PICTURE_WIDTH - before);
    buffer_format(&out, "\n%*s^\n", (int)(PICTURE_INDENT + before), "");
    snprintf(picture, sizeof picture, "%s", buffer_string(&out));
    buffer_free(&out);
}

typedef char Message[sizeof((Trap *)0)->message];

/* The arguments of the function it stands in, as its format has them; what is too long is cut. */
#define FORMAT(text, format)                                                                       \
    do {                                                                                           \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        vsnprintf((text), sizeof(text), format, arguments);                                        \
        va_end(arguments);                                                                         \
    } while (0)

/* A failure leaves behind whatever it jumps over, until the program ends; that is no leak. */
#ifndef __has_feature
#define __has_feature(feature) 0
#endif
#if defined __SANITIZE_ADDRESS__ || __has_feature(address_sanitizer)
static volatile bool failed;

int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return failed;
}

static void leaks_forgive(void)
{
    failed = true;
}
#else
static void leaks_forgive(void)
{
}
#endif

static _Noreturn void raise_failure(int status, bool exhausted, const char *text)
{
    Trap *trap = innermost;
    leaks_forgive();
    if (trap == NULL) {
        say(text);
        fputs(picture, stderr);
        exit(status);
    }
    picture[0] = '\0';
    innermost = trap->outer;
    trap->status = status;
    trap->exhausted = exhausted;
    make_visible(trap->message, sizeof trap->message, text);
    longjmp(trap->back, 1);
}

_Noreturn void fail(const char *format, ...)
{
    Message text;
    FORMAT(text, format);
    raise_failure(EXIT_FAILED, false, text);
}

_Noreturn void fail_exhausted(const char *format, ...)
{
    Message text;
    FORMAT(text, format);
    raise_failure(EXIT_FAILED, true, text);
}

_Noreturn void fail_usage(const char *format, ...)
{
    Message text;
    FORMAT(text, format);
    raise_failure(EXIT_USAGE, false, text);
}

_Noreturn void fail_again(const Trap *failure)
{
    raise_failure(failure->status, failure->exhausted, failure->message);
}

_Noreturn void fail_errno(const char *format, ...)
{
    int cause = errno;
    Message text;
    FORMAT(text, format);
    size_t size = strlen(text);
    snprintf(text + size, sizeof text - size, ": %s", strerror(cause));
    raise_failure(EXIT_FAILED, false, text);
}

void warn(const char *format, ...)
{
    Message text;
    FORMAT(text, format);
    say(text);
}

enum { SHOWN_CHARACTERS = 60, SHOWN_RING = 8 };

const char *shown(const char *bytes, size_t size)
{
    static _Thread_local char ring[SHOWN_RING][SHOWN_CHARACTERS * ESCAPE_ROOM + 4];
    static _Thread_local unsigned turn;
    char *start = ring[turn++ % SHOWN_RING], *out = start;
    Span rest = {bytes, size};
    for (size_t characters = 0; rest.size > 0; characters++) {
        char escape[ESCAPE_ROOM];
        bool cut = characters == SHOWN_CHARACTERS;
        Span seen = cut ? SPAN("...") : text_visible(&rest, escape);
        memcpy(out, seen.at, seen.size);
        out += seen.size;
        if (cut)
            break;
    }
    *out = '\0';
    return start;
}
