/*
 * Pattern: SQL's like.  % is any run of characters, _ one character, a backslash takes the next
 * character as it is.
 */
#ifndef EXPR_PATTERN_H
#define EXPR_PATTERN_H

#include <stdbool.h>

#include "base/text.h"

/* NULL, or what is wrong with the pattern. */
const char *pattern_fault(Span pattern);

/* `folds`: ASCII letters match whatever their case. Time is at most text times pattern. */
bool pattern_match(Span pattern, Span text, bool folds);

#endif
