/*
 * Window: rows in order, each with its place among its ties and its group.
 *
 * Goes once through a sorted store with up to three cursors that run ahead of each other, so that
 * nothing is kept but the rows they stand on, however many rows tie.  Who looks no further ahead
 * than the next row says so and pays for one cursor.
 */
#ifndef TABLE_WINDOW_H
#define TABLE_WINDOW_H

#include "num/number.h"
#include "table/store.h"

typedef struct WindowRow {
    HeldRow row;
    uint64_t position;  /* in the group, from 1 */
    uint64_t first;     /* position of the first of its ties */
    uint64_t last;      /* and of the last; needs WINDOW_TIES */
    uint64_t dense;     /* how many different keys up to here */
    uint64_t ranked;    /* rows of the group that have a key; needs WINDOW_GROUP */
    Span before, after; /* the neighbours' bytes in the group; at is NULL where there is none */
} WindowRow;            /* first, last, dense are of no meaning for a row without a key */

/* What has to be looked ahead for. */
enum { WINDOW_TIES = 1, WINDOW_GROUP = 2 };

typedef struct Walk {
    StoreCursor cursor;
    HeldRow row;
    bool more; /* there is a row */
} Walk;

typedef struct Window {
    unsigned ahead;         /* WINDOW_… */
    Walk here, ties, group; /* `ties` and `group` stand where their run begins or ended */
    WindowRow now;
    bool begun;
} Window;

/* Over a range of groups; the store and `readers` as for store_begin(). */
void window_open(Window *window, const Store *store, unsigned ahead, GroupRange range,
                 size_t readers);

/* The next row, or NULL; good until the next call. */
const WindowRow *window_next(Window *window);

void window_close(Window *window);

/* A rank of a row that has a key, as one of the methods counts it. */
typedef Number RankMethod(const WindowRow *row, Arena *arena);

/* For messages. */
#define RANK_METHODS "competition, dense, ordinal, average, max or percent"

/* The method of that name and what it needs to be looked ahead for, or NULL. */
RankMethod *rank_method(const char *name, unsigned *ahead);

/* " (did you mean dense?)" or "". */
const char *rank_method_suggestion(const char *name);

#endif
