/*
 * Group: the rows of a table by the values of their key columns.
 *
 * Groups are numbered 0, 1, 2 … in order of first appearance.  Keys are compared by the cells'
 * text, quotes removed, so "Laos" and Laos are one group; a missing cell is a key like any other.
 * Without key columns all rows are in group 0, which is there even when there are no rows.
 *
 * Memory is one copy of each key and some 40 bytes a group; a row costs one look-up and, when
 * there are several key columns, a copy of its cells.
 */
#ifndef TABLE_GROUP_H
#define TABLE_GROUP_H

#include "base/hash.h"
#include "csv/header.h"
#include "csv/reader.h"

typedef struct Groups {
    const size_t *columns; /* of the key, the caller's */
    size_t column_count;
    Dictionary keys;   /* a single column's value; several, a NUL between (no cell holds one) */
    uint32_t *numbers; /* by row of the batch */
    size_t room;
    Buffer joined;
} Groups;

void groups_open(Groups *groups, const size_t *columns, size_t count);

/* The group of each row of the batch; good until the next call. */
const uint32_t *groups_of_batch(Groups *groups, const Batch *batch);

size_t groups_count(const Groups *groups);

/* The value of key column `i` (0 for the first of `columns`); size 0 is missing. */
Span groups_key(const Groups *groups, size_t group, size_t i);

/*
 * For messages: "group recipient = South Korea, year = 2004" with `before` in front, "" when there
 * are no key columns.
 */
const char *groups_shown(const Groups *groups, const Header *header, size_t group,
                         const char *before, Arena *arena);

void groups_free(Groups *groups);

#endif
