/*
 * Page: the report as one HTML file that needs nothing else.
 *
 * No script, no font, no picture from elsewhere: a content-security policy in the file forbids them
 * and allows its own stylesheet by its digest.  Drawings stand inline.  The same report gives the
 * same bytes.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/report.h"

void report_page_write(Buffer *out, const Report *report);

#endif
