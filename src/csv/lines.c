#include "csv/lines.h"

#include <string.h>

Lines lines_of(const Batch *batch)
{
    return (Lines){batch->bytes, batch->bytes, batch->line};
}

Position lines_position(Lines *lines, Span field)
{
    const char *newline;
    while ((newline = memchr(lines->at, '\n', (size_t)(field.at - lines->at))) != NULL) {
        lines->line++;
        lines->at = lines->line_start = newline + 1;
    }
    lines->at = field.at;
    return (Position){lines->line, (size_t)(field.at - lines->line_start) + 1};
}
