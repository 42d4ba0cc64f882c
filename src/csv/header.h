/*
 * Header: the column names of a table.
 */
#ifndef CSV_HEADER_H
#define CSV_HEADER_H

#include <stdbool.h>

#include "base/memory.h"
#include "base/text.h"

typedef struct Header {
    const char **names; /* with NUL, in the arena of whoever made the header */
    size_t width;
} Header;

#define COLUMN_NONE ((size_t)-1)

/* The column's index or COLUMN_NONE; exact bytes. */
size_t header_find(const Header *header, Span name);

/*
 * What to say behind a name that is no column: " (did you mean …?)", the blanks that are in the
 * way, the delimiter that makes one column of several; or "".  Good until the next call.
 */
const char *header_hint(const Header *header, Span name);

/* The column's index; fails with "PLACE: unknown column: NAME (did you mean …?)". */
size_t header_require(const Header *header, Span name, const char *place);

/* A copy with the names in the arena and room for `more` names behind. */
Header header_copy(const Header *header, size_t more, Arena *arena);

/*
 * Adds a name at the end; fails "column NAME is already there" when it is taken.  The array must
 * have room (header_copy); the name is not copied.
 */
void header_add(Header *header, const char *name);

/* Two headers with the same names in the same order. */
bool header_equal(const Header *a, const Header *b);

#endif
