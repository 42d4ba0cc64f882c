#include "csv/header.h"

#include <string.h>

#include "base/diagnostic.h"

size_t header_find(const Header *header, Span name)
{
    for (size_t i = 0; i < header->width; i++)
        if (span_equal(span_of(header->names[i]), name))
            return i;
    return COLUMN_NONE;
}

size_t header_require(const Header *header, Span name, const char *place)
{
    size_t column = header_find(header, name);
    if (column == COLUMN_NONE)
        fail("%s: unknown column: %s%s", place, shown(name.at, name.size),
             text_suggestion(name, header->names, header->width));
    return column;
}

Header header_copy(const Header *header, size_t more, Arena *arena)
{
    Header copy = {arena_array(arena, header->width + more, sizeof *copy.names), header->width};
    for (size_t i = 0; i < header->width; i++)
        copy.names[i] = arena_copy(arena, header->names[i], strlen(header->names[i]));
    return copy;
}

void header_add(Header *header, const char *name)
{
    if (header_find(header, span_of(name)) != COLUMN_NONE)
        fail("column %s is already there", shown(name, strlen(name)));
    header->names[header->width++] = name;
}

bool header_equal(const Header *a, const Header *b)
{
    if (a->width != b->width)
        return false;
    for (size_t i = 0; i < a->width; i++)
        if (strcmp(a->names[i], b->names[i]) != 0)
            return false;
    return true;
}
