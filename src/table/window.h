/*
 * Window: rows in order, each with its place among its ties and its group.
 *
 * Goes once through a sorted store with some cursors that run ahead of each other, so that nothing
 * is kept but the rows they stand on, however many rows tie.
 */
#ifndef TABLE_WINDOW_H
#define TABLE_WINDOW_H

#include "num/number.h"
#include "table/store.h"

typedef struct WindowRow {
    HeldRow row;
    uint64_t position;    /* in the group, from 1 */
    uint64_t first, last; /* positions of the first and the last of its ties */
    uint64_t dense;       /* how many different keys up to here */
    uint64_t ranked;      /* rows of the group that have a key */
    Span before, after;   /* the neighbours' bytes in the group; at is NULL where there is none */
} WindowRow;              /* first, last, dense are of no meaning for a row without a key */

typedef struct Walk {
    StoreCursor cursor;
    HeldRow row;
    bool more; /* there is a row */
} Walk;

typedef struct Window {
    Walk here, ties, group; /* `ties` and `group` stand where their run begins or ended */
    WindowRow now;
    bool begun;
} Window;

/* The store must be sorted and outlive the window. */
void window_open(Window *window, const Store *store);

/* The next row, or NULL; good until the next call. */
const WindowRow *window_next(Window *window);

/* A rank of a row that has a key, as one of the methods counts it. */
typedef Number RankMethod(const WindowRow *row, Arena *arena);

/* For messages. */
#define RANK_METHODS "competition, dense, ordinal, average, max or percent"

/* The method of that name, or NULL. */
RankMethod *rank_method(const char *name);

/* " (did you mean dense?)" or "". */
const char *rank_method_suggestion(const char *name);

#endif
