#include "base/diagnostic.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    fwrite(line, 1, (size_t)size, stderr);
    fflush(stderr);
}

static _Noreturn void raise_failure(int status, bool exhausted, const char *text)
{
    Trap *trap = innermost;
    if (trap == NULL) {
        say(text);
        exit(status);
    }
    innermost = trap->outer;
    trap->status = status;
    trap->exhausted = exhausted;
    make_visible(trap->message, sizeof trap->message, text);
    longjmp(trap->back, 1);
}

_Noreturn void fail(const char *format, ...)
{
    char text[sizeof((Trap *)0)->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    raise_failure(EXIT_FAILED, false, text);
}

_Noreturn void fail_exhausted(const char *format, ...)
{
    char text[sizeof((Trap *)0)->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    raise_failure(EXIT_FAILED, true, text);
}

_Noreturn void fail_usage(const char *format, ...)
{
    char text[sizeof((Trap *)0)->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    raise_failure(EXIT_USAGE, false, text);
}

_Noreturn void fail_errno(const char *format, ...)
{
    int cause = errno;
    char text[sizeof((Trap *)0)->message];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (size >= 0 && (size_t)size < sizeof text)
        snprintf(text + size, sizeof text - (size_t)size, ": %s", strerror(cause));
    raise_failure(EXIT_FAILED, false, text);
}

void warn(const char *format, ...)
{
    char text[sizeof((Trap *)0)->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
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
