/*
 * Manifest: a table whose rows lie in several files, as `ingest --parts` writes them.
 *
 *     part,path,rows,bytes,sha256
 *     1,part-1-35f95eaa9db9.csv,2,23,35f95eaa...
 *
 * Paths start from the manifest's own folder.  The parts follow each other, and have one header.
 */
#ifndef WARRANT_MANIFEST_H
#define WARRANT_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

/* A file with some of a table's rows. */
typedef struct Part {
    const char *path; /* ready to open */
    const char *sha256;
    uint64_t bytes;
    uint64_t rows;
} Part;

typedef struct Parts {
    Part *items;
    size_t count;
} Parts;

/* Whether the file is a manifest, by its first line; false if it cannot be read. */
bool manifest_is(const char *path);

/*
 * The parts that a manifest speaks of, in the arena.  Fails with the place on anything that does
 * not fit: other columns, parts that are not 1, 2, 3 ..., none at all, a path that leaves the
 * folder.  The parts themselves are not looked at.
 */
Parts manifest_load(const char *path, Arena *arena);

/* The parts of one table and then those of another, in the arena. */
Parts parts_joined(const Parts *first, const Parts *second, Arena *arena);

/* All rows of all parts. */
uint64_t manifest_rows(const Parts *parts);

#endif
