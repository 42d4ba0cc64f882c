#include "csv/header.h"

#include <stdio.h>
#include <string.h>

#include "base/diagnostic.h"

size_t header_find(const Header *header, Span name)
{
    for (size_t i = 0; i < header->width; i++)
        if (span_equal(span_of(header->names[i]), name))
            return i;
    return COLUMN_NONE;
}

/* Bytes that are blank to the eye at either end. */
static Span trimmed(Span name)
{
    static const char blanks[] = " \t\r\n";
    while (name.size > 0 && memchr(blanks, name.at[0], sizeof blanks - 1) != NULL)
        name = (Span){name.at + 1, name.size - 1};
    while (name.size > 0 && memchr(blanks, name.at[name.size - 1], sizeof blanks - 1) != NULL)
        name.size--;
    return name;
}

static const char *padded_like(const Header *header, Span name)
{
    for (size_t i = 0; i < header->width; i++)
        if (span_equal(trimmed(span_of(header->names[i])), trimmed(name)))
            return header->names[i];
    return NULL;
}

const char *header_hint(const Header *header, Span name)
{
    static _Thread_local char hint[320];
    const char *padded = padded_like(header, name), *first = header->names[0];
    size_t at = strcspn(first, ";\t|");
    if (padded != NULL) {
        snprintf(hint, sizeof hint,
                 " (the header has \"%s\", with blanks: ingest --trim takes them off)",
                 shown(padded, strlen(padded)));
        return hint;
    }
    if (header->width > 1 || first[at] == '\0')
        return text_suggestion(name, header->names, header->width);
    char delimiter[] = {first[at] == '\t' ? '\\' : first[at], first[at] == '\t' ? 't' : '\0', '\0'};
    snprintf(hint, sizeof hint, " (the header is one column, %s: -d '%s' makes several of it)",
             shown(first, strlen(first)), delimiter);
    return hint;
}

size_t header_require(const Header *header, Span name, const char *place)
{
    size_t column = header_find(header, name);
    if (column == COLUMN_NONE)
        fail("%s: unknown column: %s%s", place, shown(name.at, name.size),
             header_hint(header, name));
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
