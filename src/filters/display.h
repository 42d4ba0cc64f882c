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

/* How many columns and lines the terminal has that standard output is; false if it is none. */
bool display_terminal(size_t *columns, size_t *lines);

/*
 * Whether standard output gets colours: WHEN is "always", "never", or "auto" and NULL for a
 * terminal, unless NO_COLOR is set to something or TERM is "dumb".  Usage error on another word.
 */
bool display_colour(const char *when);

/*
 * Appends the text with control characters, and those that turn the direction of writing, as
 * escapes (\n, \t, \x1b, \u202e).  Returns how many columns of a terminal it takes.
 */
size_t display_append(Buffer *out, Span text);

/* The columns that a text without such characters takes. */
size_t display_width(Span text);

/*
 * Cuts the next line, at most `width` columns wide but never empty, off a text that is not empty
 * and has no such characters: behind the last word that fits, or, if none does, in the word.
 */
Span display_line(Span *text, size_t width);

/* Appends that many blanks. */
void display_blanks(Buffer *out, size_t count);

#endif
