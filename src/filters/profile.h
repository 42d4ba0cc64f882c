/*
 * Profile: what is in a column, gathered in one pass over its cells.
 *
 * Numbers are those that `aggregate` gives: exact, min and max at their own scale, of equals the
 * widest.  Distinct values are counted by their text, exactly up to a bound; past it they are no
 * longer counted, and it is said so.
 */
#ifndef FILTERS_PROFILE_H
#define FILTERS_PROFILE_H

#include "base/hash.h"
#include "csv/celltype.h"
#include "filters/shape.h"
#include "num/sum.h"

enum { PROFILE_DISTINCT = 100 * 1000 };

/* Where a cell stands. */
typedef struct ProfilePlace {
    const char *name; /* of the input; NULL: there is but one, and the line is all that is known */
    uint64_t line;    /* 0: nowhere yet */
    size_t column;
} ProfilePlace;

/* Cells of one shape: how many, and the first of them. */
typedef struct ProfileShape {
    uint64_t count;
    Buffer cell;
    ProfilePlace place; /* of the first */
    Span mark;
} ProfileShape;

typedef struct Profile {
    const char *name;
    uint64_t cells, missing;
    CellGuess guess;
    Sum total;
    Decimal least, most; /* of numbers */
    Buffer least_text, most_text;
    Dictionary distinct;
    bool bounded; /* there are more */
    size_t bound;
    ProfileShape shapes[SHAPES];
    ProfileShape padded; /* with blanks at an end, whatever they are */
    Arena arena;         /* large numbers */
    Arena scratch;
} Profile;

void profile_open(Profile *profile, const char *name, size_t bound);

/* Bytes that one takes at least, with what it holds. */
enum { PROFILE_LEAST = 4096 };

/*
 * Adds a cell's value; size 0 is missing.  True if it is the first of its shape, whose place the
 * caller then tells by profile_place().
 */
bool profile_add(Profile *profile, Span value);
void profile_place(Profile *profile, ProfilePlace place);

/* As cells: empty when there is none. Append. */
void profile_least(const Profile *profile, Buffer *out);
void profile_most(const Profile *profile, Buffer *out);
void profile_mean(const Profile *profile, int32_t places, Buffer *out);
void profile_distinct(const Profile *profile, Buffer *out);

/* The first few different values, shortened. */
void profile_examples(const Profile *profile, Buffer *out);

void profile_free(Profile *profile);

#endif
