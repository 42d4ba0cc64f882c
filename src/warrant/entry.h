/*
 * Entry: a new resource in a catalogue, written from the file itself.
 */
#ifndef WARRANT_ENTRY_H
#define WARRANT_ENTRY_H

#include <stddef.h>
#include <stdint.h>

#include "base/memory.h"

typedef struct Entry {
    const char *name; /* in the arena */
    uint64_t rows;
    size_t fields;
} Entry;

/*
 * Adds an entry for a table to the catalogue at `catalogue_path`, behind those that are there and
 * without touching another byte of it: name, path, bytes, sha256, a schema with guessed types, and
 * empty places for what only a person knows.  A catalogue that is not there is begun.  Fails when
 * the table is not strict CSV, lies outside the catalogue's folder or has an entry.
 */
Entry entry_add(const char *catalogue_path, const char *table_path, Arena *arena);

#endif
