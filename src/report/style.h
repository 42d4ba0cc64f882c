/*
 * Style: the stylesheet of the report, style.css as it stands in the sources.
 */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

#include "base/memory.h"

extern const char style_text[];

/* What a content-security policy calls a stylesheet: "sha256-" and its digest in base 64. */
const char *style_source(const char *style, Arena *arena);

#endif
