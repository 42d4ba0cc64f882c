/*
 * Key: values as bytes whose memcmp order is the order wanted.
 *
 * A row's ordering keys are appended one behind the other to one string; descending ones are
 * complemented.  No encoding is the beginning of another, so strings of the same keys compare as
 * the keys do one by one, and equal values (1.5 and 1.50) have equal bytes.  What sorts, merges or
 * spills rows need not know what a number is.
 */
#ifndef TABLE_KEY_H
#define TABLE_KEY_H

#include "num/decimal.h"

void key_number(Buffer *key, Decimal value, bool descending);

/* Bytewise; the value holds no NUL. */
void key_text(Buffer *key, Span value, bool descending);

#endif
