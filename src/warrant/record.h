/*
 * Record: what a step's result was made of, and what came out.
 *
 * One entry a line, "KIND NAME VALUE", no times, so that equal work gives equal bytes.  The entries
 * that decide a result - inputs, parameters, filters, commands - make its key; the others tell what
 * happened.  Comparing two records says why a step had to be built again.
 */
#ifndef WARRANT_RECORD_H
#define WARRANT_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "base/memory.h"

typedef enum EntryKind {
    ENTRY_SOURCE,    /* a resource's name, sha256 of its bytes */
    ENTRY_STEP,      /* a step's name, sha256 of its result */
    ENTRY_PARAMETER, /* NAME, its value as -p takes it */
    ENTRY_FILTER,    /* NAME, sha256 of the program */
    ENTRY_COMMAND,   /* filter's name, its words as a shell reads them */
    ENTRY_STAGE,     /* filter's name, "ROWS-IN ROWS-OUT", or "-" when it did not say */
    ENTRY_SAID,      /* filter's name, a line on standard error */
    ENTRY_OUTPUT     /* "sha256", of the result */
} EntryKind;

typedef struct Entry {
    EntryKind kind;
    const char *name, *value;
} Entry;

typedef struct Record {
    Entry *entries;
    size_t count, room;
} Record; /* all zero is an empty one */

/* Adds an entry; the strings must live as long as the arena. */
void record_add(Record *record, EntryKind kind, const char *name, const char *value, Arena *arena);

/* The first entry of that kind and name (any name if NULL), or NULL. */
const char *record_value(const Record *record, EntryKind kind, const char *name);

/* The n-th entry of a kind from 0, or NULL. */
const Entry *record_entry(const Record *record, EntryKind kind, size_t n);

/* sha256 of what decides the result: names of inputs do not, their bytes do. */
void record_key(const Record *record, char hex[DIGEST_SIZE]);

/* NULL when there is no such file or it is not a whole record. */
Record *record_load(const char *path, Arena *arena);
void record_save(const Record *record, const char *path);

/*
 * Why `now` is not `before`: "parameter through 2017 → 2018; filter aggregate changed"; NULL when
 * all that decides the result is the same.
 */
const char *record_difference(const Record *now, const Record *before, Arena *arena);

#endif
