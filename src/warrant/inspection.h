/*
 * Inspection: holds a resource's file against everything the catalogue says of it.
 *
 * Bytes and sha256 (hashed anew), the header, every cell's type, `required`, `unique` and `enum`,
 * the primary key, and whether the rows lie where `covers` says.
 */
#ifndef WARRANT_INSPECTION_H
#define WARRANT_INSPECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"
#include "warrant/catalogue.h"

typedef struct Inspection {
    const char *problem; /* the first thing that is wrong, NULL if nothing is */
    const char *remark;  /* what is worth a look though nothing is wrong, or NULL */
    bool absent;         /* `problem` tells how to obtain the file */
    uint64_t rows;
} Inspection;

/* Texts are put into the arena. */
Inspection resource_inspect(const Resource *resource, Arena *arena);

#endif
