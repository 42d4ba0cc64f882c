/*
 * Excerpt: bytes of an input and where they stand there, to say what is wrong with them and where.
 *
 * Lines and columns are counted when there is something to be said, never before.
 */
#ifndef CSV_EXCERPT_H
#define CSV_EXCERPT_H

#include <stdbool.h>

#include "csv/scanner.h"

typedef struct Excerpt {
    const char *name; /* of the input */
    const char *bytes;
    size_t size;
    uint64_t line; /* in which the first byte stands */
} Excerpt;

/* Line and column, from 1, of a byte. */
typedef struct Position {
    uint64_t line;
    size_t column;
} Position;

Position excerpt_position(const Excerpt *excerpt, size_t offset);

/*
 * Whether enough of the excerpt is there to show the field around the scan's fault: what is said
 * should not depend on how the input was cut.
 */
bool excerpt_shows_fault(const Excerpt *excerpt, const Scan *scan);

/*
 * Fails with "NAME:LINE:COLUMN: what is wrong".  The excerpt begins with the first row that was not
 * given out, in which the fault is, and the scan's fault_at counts from there.
 */
_Noreturn void excerpt_fail(const Excerpt *excerpt, const Scan *scan);

#endif
