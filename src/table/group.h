/*
 * Group: the rows of a table by the values of their key columns.
 *
 * Groups are numbered 0, 1, 2 … as they are added: by one reader of all rows, in order of first
 * appearance; where rows are read in parts, ordinals tell the order.  Keys are compared by the
 * cells' text, quotes removed, so "Laos" and Laos are one group; a missing cell is a key like any
 * other.  Without key columns all rows are in group 0, which is there even when there are no rows.
 *
 * A key of up to 16 bytes lies in the group itself, as two words that are hashed and compared
 * without a loop; a longer one is copied to an arena.  Memory is 32 bytes a group, 16 to 32 for the
 * slots that find it, and the longer keys; a row costs one look-up and, when there are several key
 * columns, a copy of its cells.
 */
#ifndef TABLE_GROUP_H
#define TABLE_GROUP_H

#include <stdint.h>

#include "base/memory.h"
#include "csv/header.h"
#include "csv/reader.h"

enum { GROUP_INLINE = 16 };

typedef struct Group {
    union {
        char here[GROUP_INLINE]; /* zeros behind a shorter key */
        uint64_t words[GROUP_INLINE / 8];
        const char *elsewhere;
    } key; /* a single column's value; several, a NUL between (no cell holds one) */
    uint32_t size;
    uint32_t hash;
    uint64_t ordinal; /* of its first row */
} Group;

/* The groups of a batch's rows, and what it takes to find them. All zero at first. */
typedef struct GroupNumbers {
    uint32_t *numbers; /* by row */
    size_t room;
    Buffer joined;
} GroupNumbers;

typedef struct Groups {
    const size_t *columns; /* of the key, the caller's */
    size_t column_count;
    Group *groups;
    size_t count, room;
    struct GroupSlot *slots; /* open addressing, a power of two */
    size_t slot_count;
    Arena long_keys;
    GroupNumbers of_batch;
} Groups;

void groups_open(Groups *groups, const size_t *columns, size_t count);

/* The group of each row of the batch; good until the next call. */
const uint32_t *groups_of_batch(Groups *groups, const Batch *batch);

/* The same for rows whose groups are all there. Several threads may ask, each into its own. */
const uint32_t *groups_find_batch(const Groups *groups, const Batch *batch, GroupNumbers *into);

/* A row's whole key and its hash, as of a group that is not added; good until the next call. */
Span groups_row_key(Groups *groups, const Batch *batch, size_t row, uint32_t *hash);

void group_numbers_free(GroupNumbers *numbers);

/* The group with this key (groups_whole_key()) and hash, new or not; the earlier ordinal stays. */
uint32_t groups_add(Groups *groups, Span key, uint32_t hash, uint64_t ordinal);

/* The same for one whose hash is not known: cells with a NUL between. */
uint32_t groups_add_key(Groups *groups, Span key, uint64_t ordinal);

/* Adds a group of another table. */
uint32_t groups_merge(Groups *groups, const Groups *from, size_t group);

static inline size_t groups_count(const Groups *groups)
{
    return groups->column_count == 0 ? 1 : groups->count;
}

/* What is the same for a key in all Groups of the process, all bits equally good. */
static inline uint32_t groups_hash(const Groups *groups, size_t group)
{
    return groups->column_count == 0 ? 0 : groups->groups[group].hash;
}

/* The number of the group's first row. */
static inline uint64_t groups_ordinal(const Groups *groups, size_t group)
{
    return groups->column_count == 0 ? 0 : groups->groups[group].ordinal;
}

/* All key columns in one; like every key good until groups are added. */
Span groups_whole_key(const Groups *groups, size_t group);

/* The value of key column `i` (0 for the first of `columns`); size 0 is missing. */
Span groups_key(const Groups *groups, size_t group, size_t i);

/*
 * For messages: "group recipient = South Korea, year = 2004" with `before` in front, "" when there
 * are no key columns.
 */
const char *groups_shown(const Groups *groups, const Header *header, size_t group,
                         const char *before, Arena *arena);

/* Bytes of memory held for the groups. */
size_t groups_size(const Groups *groups);

/* Forgets all groups; room is kept for as many. */
void groups_clear(Groups *groups);
void groups_free(Groups *groups);

#endif
