/*
 * Markup: text put into HTML so that it stays text.
 *
 * Nothing that comes from a pipeline file, a table or a program's message reaches a page by any
 * other road than these functions, so no value can open an element, close an attribute or run.
 * Control characters, and those that turn the direction of writing, become visible escapes.
 */
#ifndef REPORT_MARKUP_H
#define REPORT_MARKUP_H

#include "base/text.h"

/* Appends the text as an element's content or an attribute's quoted value. */
void markup_text(Buffer *out, Span text);

/* The same for lines that are to stay lines, as in <pre>. */
void markup_lines(Buffer *out, Span text);

/*
 * Appends the template with each `$` replaced by the next value, as text:
 *
 *     MARKUP(out, "<a href=\"#$\">$</a>", id, name);
 *
 * The template is ours and goes out as it is.  A missing value is a mistake of ours: fail().
 */
#define MARKUP(out, template, ...)                                                                 \
    markup_fill(out, template, (const char *const[]){__VA_ARGS__, NULL})
void markup_fill(Buffer *out, const char *template, const char *const *values);

/* Appends a name as part of an id: bytes that an id or the fragment of a URL may not have go. */
void markup_id(Buffer *out, const char *name);

#endif
