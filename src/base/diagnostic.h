/*
 * Diagnostics: how a program speaks and how it ends.
 *
 * Every message is one line on standard error, "PROGRAM: TEXT", with escapes for what would break
 * or disturb the line (text_visible()).  A failure is raised where it is
 * known best and never returns: the line is printed, unfinished output files are removed (file.h)
 * and the program exits with 1 (the data or the system failed) or 64 (the command line is wrong).
 *
 * A caller that has to survive a failure (the runner, which judges many claims) sets a trap:
 *
 *     Trap trap;
 *     if (TRAP_SET(&trap)) { work(); trap_end(&trap); }
 *     else use(trap.message, trap.status);
 *
 * Traps nest and belong to one thread.  Locals changed between TRAP_SET and the failure must be
 * volatile to be read after it.  What the work allocated is the catcher's to free: give it an
 * arena.
 */
#ifndef BASE_DIAGNOSTIC_H
#define BASE_DIAGNOSTIC_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

enum { EXIT_FAILED = 1, EXIT_USAGE = 64 };

typedef struct Trap {
    jmp_buf back;
    struct Trap *outer;
    int status;         /* EXIT_FAILED or EXIT_USAGE */
    bool exhausted;     /* by fail_exhausted() */
    char message[4096]; /* without the program's name; ends with NUL, never a newline */
} Trap;

#define TRAP_SET(trap) (trap_begin(trap), setjmp((trap)->back) == 0)
void trap_begin(Trap *trap);
void trap_end(Trap *trap);

/* Sets the name that opens every message.  The string must outlive the program. */
void diagnostic_program(const char *name);

/* Ends the program, or lands in the innermost trap.  The text has no newline and no full stop. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The same where the system has no more to give: memory, room for temporary files.  What was at
 * work may have been left at any point and must not be tried again.
 */
_Noreturn void fail_exhausted(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for a command line that is wrong before any input is read. */
_Noreturn void fail_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The failure that a trap has caught, once more, for the trap around it. */
_Noreturn void fail_again(const Trap *failure);

/* fail() with ": " and strerror(errno) behind the text. */
_Noreturn void fail_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Shows the failure's place to a person: if standard error is a terminal and the next failure ends
 * the program, its message is followed by this line of text and a mark under the byte at `offset`.
 * The text need not last.
 */
void diagnostic_point(const char *text, size_t size, size_t offset);

/* Says something that does not stop the program. */
void warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The bytes as they may stand in a message: with escapes, and anything past 60 characters cut with
 * "...".  Returns a string in a ring of eight static buffers (per thread), good until eight more
 * calls.
 */
const char *shown(const char *bytes, size_t size);

#endif
