/*
 * Prose: the Markdown of a pipeline file (CommonMark, by libcmark) as HTML or as Markdown again.
 *
 * Raw HTML in it is left out, links with a scheme that could run are emptied, and a picture becomes
 * a link to it: a page that loads nothing from elsewhere can't show it.  Headings are moved below
 * the heading that the prose stands under.  Control characters, and those that turn the direction
 * of writing, become visible escapes.
 */
#ifndef REPORT_PROSE_H
#define REPORT_PROSE_H

#include "base/text.h"

/* `level`: that of the heading above, 1 to 5. */
void prose_html(Buffer *out, const char *markdown, int level);
void prose_markdown(Buffer *out, const char *markdown, int level);

/* Appends the text so that Markdown shows it as it is. */
void prose_escape(Buffer *out, Span text);

#endif
