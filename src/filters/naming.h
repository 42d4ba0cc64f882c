/*
 * Naming: raw header cells as unique, non-empty column names.
 */
#ifndef FILTERS_NAMING_H
#define FILTERS_NAMING_H

#include <stdbool.h>
#include <stdint.h>

#include "csv/header.h"

typedef struct Rename {
    size_t column; /* from 1 */
    const char *name;
} Rename;

typedef struct NamingRules {
    bool trim;              /* blanks around names go */
    bool number_duplicates; /* the second `x` becomes x_2; else it is an error */
    Rename *renames;
    size_t rename_count;
} NamingRules;

typedef struct NamingCounts {
    uint64_t unnamed;  /* became column_N */
    uint64_t repeated; /* became NAME_2, NAME_3 ... */
} NamingCounts;

/*
 * Names in the arena; `name` is the file's, for messages.  `counts` is added to.  Fails on a name
 * that stands twice, a rename past the last column.
 */
Header naming_apply(const NamingRules *rules, const Span *cells, size_t width, const char *name,
                    NamingCounts *counts, Arena *arena);

#endif
