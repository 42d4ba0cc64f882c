/*
 * Markdown: the report as a text that reads well as it is, and in whatever shows Markdown.
 *
 * It says what the page says; in place of drawings stand their rows and the command that draws
 * them.
 */
#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "report/report.h"

void markdown_write(Buffer *out, const Report *report);

#endif
