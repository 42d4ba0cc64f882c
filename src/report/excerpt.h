/*
 * Excerpt: a few rows of a table as they are shown to a person, whatever the form of the report.
 */
#ifndef REPORT_EXCERPT_H
#define REPORT_EXCERPT_H

#include "warrant/build.h"
#include "warrant/table.h"

typedef enum RowRole {
    ROW_PLAIN,
    ROW_DECIDES, /* the value was found in it, or it was counted */
    ROW_RIVAL,   /* stands next to one that decides */
    ROW_OTHER    /* has the value that was compared with */
} RowRole;

typedef struct ExcerptRow {
    Span *cells;
    RowRole role;
    const char *reading; /* of a row that plays a role */
} ExcerptRow;

typedef struct Excerpt {
    size_t width;
    const char **names;
    bool *numeric; /* a column with numbers, and nothing but numbers, in it */
    ExcerptRow *rows;
    size_t count, room;
    uint64_t more; /* rows that are not shown */
} Excerpt;         /* all zero is an empty one */

/* Sets the columns of an empty excerpt. */
void excerpt_begin(Excerpt *excerpt, const Header *header, Arena *arena);
/* The cells are copied, what they hold is not. */
void excerpt_add(Excerpt *excerpt, ExcerptRow row, Arena *arena);

/* What to make of numbers with digits behind the point, instead of a number of places for all. */
enum { PLACES_EXACT = -1, PLACES_NEAT = -2 /* no more than four, aligned */ };

/* Finds out which columns are numeric, and gives numbers with a point their places. */
void excerpt_finish(Excerpt *excerpt, int32_t places, Arena *arena);

/* The first rows of a step's result; fails when it cannot be read. */
Excerpt excerpt_read(const Result *result, uint64_t limit, int32_t places, Arena *arena);

#endif
