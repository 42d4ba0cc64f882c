/*
 * Lineage: where a column of a step's result comes from, read off the pipes.
 */
#ifndef WARRANT_LINEAGE_H
#define WARRANT_LINEAGE_H

#include "expr/expression.h"
#include "warrant/document.h"

/*
 * Whether the stage that makes the column rounds it (--places, round()): such a value cannot be
 * checked.  Follows renames by `pick` and `derive 'a as b'`, and steps that pass a column on.
 */
bool column_rounded(const Document *document, const Parameters *parameters, const Step *step,
                    const char *column, Arena *arena);

/* What a rank stage ordered by. */
typedef struct Ordering {
    const char *quantity; /* the column that its order begins with; NULL if that is no column */
    const char *share;    /* a column with each row's share of that quantity, or NULL */
    bool percent;         /* the share is in percent */
    ColumnList groups;    /* -g */
} Ordering;

/* The ordering behind a column that `rank` made in this step or one that it stands on. */
bool column_ordering(const Document *document, const Parameters *parameters, const Step *step,
                     const char *column, Ordering *ordering, Arena *arena);

#endif
