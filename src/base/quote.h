/*
 * Quote: text as other readers take it back.
 */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include "base/text.h"

/* Appends one word as a shell reads it back; bare where it needs no quotes. */
void quote_shell(const char *word, Buffer *out);

/* Appends a JSON string of UTF-8 text, quotes included; control characters as escapes. */
void quote_json(Span text, Buffer *out);

/* Appends a text as XML and HTML have it, in an attribute too: entities for & < > and ". */
void quote_markup(Span text, Buffer *out);

#endif
