/*
 * Display: text as a terminal shows it.
 */
#ifndef FILTERS_DISPLAY_H
#define FILTERS_DISPLAY_H

#include <stdbool.h>

#include "base/text.h"

/* Learns from the locale what the terminal can show; call once before the rest. */
void display_start(void);

/* Whether the locale's encoding is UTF-8. */
bool display_utf8(void);

/*
 * Appends the text with control characters, and those that turn the direction of writing, as
 * escapes (\n, \t, \x1b, \u202e).  Returns how many columns of a terminal it takes.
 */
size_t display_append(Buffer *out, Span text);

/* Appends that many blanks. */
void display_blanks(Buffer *out, size_t count);

#endif
