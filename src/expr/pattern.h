/*
 * Pattern: SQL's like.  % is any run of characters, _ one character, a backslash takes the next
 * character as it is.
 *
 * Time is linear in the text whatever the pattern: what stands between two % is searched for once,
 * from where the piece before it was found.  A piece with _ in it may have PATTERN_PIECE bytes, and
 * costs a step for every 64 of them and every byte of text at worst.
 */
#ifndef EXPR_PATTERN_H
#define EXPR_PATTERN_H

#include <stdbool.h>

#include "base/text.h"

enum { PATTERN_PIECE = 1024 };

/* A pattern that has been read. All zero is one that matches nothing but the empty text. */
typedef struct Pattern {
    Buffer elements; /* bytes to be matched, and two that no UTF-8 text holds for % and _ */
    bool folds;
    Buffer folded; /* the text at hand, if its case does not count */
    Buffer steps;  /* room for pattern_match() */
} Pattern;

/* Reads a pattern over the one before; `folds`: ASCII letters match whatever their case.  NULL, or
 * what is wrong with it. */
const char *pattern_read(Pattern *pattern, Span text, bool folds);

/* Both the pattern and the text are UTF-8. */
bool pattern_match(Pattern *pattern, Span text);

void pattern_free(Pattern *pattern);

#endif
