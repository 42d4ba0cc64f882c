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

const char *diagnostic_program_name(void)
{
    return program;
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

/* The line goes out in one write, so that the stages of a pipe do not mix theirs. */
static void say(const char *text)
{
    char line[sizeof((Trap *)0)->message + 256];
    int size = snprintf(line, sizeof line, "%s: %s\n", program, text);
    if (size < 0)
        return;
    if ((size_t)size >= sizeof line) {
        size = (int)sizeof line - 1;
        line[size - 1] = '\n';
    }
    fwrite(line, 1, (size_t)size, stderr);
    fflush(stderr);
}

static _Noreturn void raise_failure(int status, const char *text)
{
    Trap *trap = innermost;
    if (trap == NULL) {
        say(text);
        exit(status);
    }
    innermost = trap->outer;
    trap->status = status;
    snprintf(trap->message, sizeof trap->message, "%s", text);
    longjmp(trap->back, 1);
}

_Noreturn void fail(const char *format, ...)
{
    char text[sizeof((Trap *)0)->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    raise_failure(EXIT_FAILED, text);
}

_Noreturn void fail_usage(const char *format, ...)
{
    char text[sizeof((Trap *)0)->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    raise_failure(EXIT_USAGE, text);
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
    raise_failure(EXIT_FAILED, text);
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
    static _Thread_local char ring[SHOWN_RING][SHOWN_CHARACTERS * 4 + 8];
    static _Thread_local unsigned turn;
    char *start = ring[turn++ % SHOWN_RING];
    char *out = start;
    size_t characters = 0;
    for (size_t i = 0; i < size; characters++) {
        if (characters == SHOWN_CHARACTERS) {
            memcpy(out, "...", 3);
            out += 3;
            break;
        }
        unsigned char byte = (unsigned char)bytes[i];
        size_t length = utf8_length(bytes + i, size - i);
        if (byte == '\n' || byte == '\t' || byte == '\r') {
            *out++ = '\\';
            *out++ = byte == '\n' ? 'n' : byte == '\t' ? 't' : 'r';
            i++;
        } else if (byte < 0x20 || byte == 0x7f || length == 0) {
            out += snprintf(out, 5, "\\x%02x", byte);
            i++;
        } else {
            memcpy(out, bytes + i, length);
            out += length;
            i += length;
        }
    }
    *out = '\0';
    return start;
}
