/*
 * Provenance: what stands behind a result, in words.
 */
#ifndef WARRANT_PROVENANCE_H
#define WARRANT_PROVENANCE_H

#include <stdio.h>

#include "warrant/build.h"

/* Results in the order in which they are made, each once. */
typedef struct Chain {
    const Result **items;
    size_t count, room;
} Chain; /* free(items) */

/* Adds a result behind everything it stands on. */
void chain_add(Chain *chain, const Result *result);

/*
 * The stages as shell text that can be pasted, one a line, each with its rows in and out as a
 * comment where they are known.
 */
void provenance_commands(FILE *out, const Result *result, const char *indent, Arena *arena);

/* Rows in and out of a stage; false where they are not known. */
bool provenance_rows(const Result *result, size_t stage, unsigned long long *in,
                     unsigned long long *out);

/* "kept" or the status, the rows and the time of each stage, one a line. */
void provenance_stages(FILE *out, const Result *result, Arena *arena);

/* Rows of a source's table, in all its parts; false when it is not there or cannot be read. */
bool provenance_source_rows(const Result *result, unsigned long long *rows);

/* Resource, vintage, path and checksum of a source. */
void provenance_source(FILE *out, const Result *result, const char *indent);

#endif
