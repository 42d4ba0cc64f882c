/*
 * Tell: what commands print for a person, whoever wrote the texts in it.
 *
 * A name, a title or a cell may hold what moves a terminal's cursor, hides what stands before it or
 * looks like a line of our own.
 */
#ifndef WARRANT_TELL_H
#define WARRANT_TELL_H

#include <stdio.h>

#include "base/memory.h"
#include "base/text.h"

/* fprintf() with control characters, and those that turn the direction of writing, as escapes; but
 * line breaks stay.  The text is held whole while it is written. */
void tell(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The text so, and in one line: line breaks and tabs are blanks, and none stand at its end. */
const char *on_one_line(Span text, Arena *arena);

#endif
