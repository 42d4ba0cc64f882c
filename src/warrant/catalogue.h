/*
 * Catalogue: data/datapackage.json, a Frictionless Data Package with series and vintages.
 */
#ifndef WARRANT_CATALOGUE_H
#define WARRANT_CATALOGUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"
#include "num/decimal.h"
#include "warrant/manifest.h"

typedef struct Cover {
    const char *column;
    Decimal first, last;
} Cover;

/*
 * How far the value behind a cell may be from the cell: an amount ("0.5"), or so many percent of
 * the cell ("2%").
 */
typedef struct Precision {
    const char *text; /* as written; NULL where nothing is said and the cell is the value */
    Decimal most;     /* the amount, or the hundredth part of the percentage */
    bool relative;
} Precision;

typedef struct Field {
    const char *name, *type, *unit, *title;
    Precision precision;
    bool has_minimum, has_maximum; /* constraints */
    Decimal minimum, maximum;
    const char *format;    /* of a date that is not YYYY-MM-DD; NULL */
    bool required, unique; /* constraints */
    const char **values;   /* constraints.enum */
    size_t value_count;    /* 0: any value */
} Field;

typedef struct Resource {
    const char *name;
    const char *path;   /* relative to the working directory, ready to open */
    const char *sha256; /* lower-case hex */
    uint64_t bytes;
    bool manifest; /* these are a manifest's, and the rows lie in the files that it names */
    const char *series, *vintage, *names; /* NULL where not said */
    const char *title, *source, *licence;
    const char *obtain; /* how a user gets a file that is not shipped; NULL */
    Cover *covers;
    size_t cover_count;
    Field *fields;
    size_t field_count;
    const char **primary_key;
    size_t primary_key_count;
    const char *missing_value; /* one that is not the empty cell, or NULL */
} Resource;

typedef struct Catalogue {
    Arena arena;
    const char *path;   /* of datapackage.json */
    const char *folder; /* that it lies in */
    Resource *resources;
    size_t count;
} Catalogue;

/*
 * The catalogue that belongs to a pipeline file: data/datapackage.json in the nearest folder at or
 * above the file's own.  Paths of resources that leave the folder (absolute, "..") are refused.
 * Both fail with "FILE:LINE: sentence" and leave nothing behind; unknown keys are passed over.
 */
Catalogue *catalogue_find(const char *pipeline_path);
Catalogue *catalogue_load(const char *path);
void catalogue_free(Catalogue *catalogue);

/*
 * Path of data/datapackage.json in the nearest folder at or above `folder`, in the arena; NULL if
 * there is none.
 */
const char *catalogue_nearest(const char *folder, Arena *arena);

const Resource *catalogue_resource(const Catalogue *catalogue, const char *name);
const Resource *catalogue_vintage(const Catalogue *catalogue, const char *series,
                                  const char *vintage);

/*
 * The files in which the rows of a resource lie: its own, or those that its manifest names, which
 * must be there (resource_problem() tells).
 */
Parts resource_parts(const Resource *resource, Arena *arena);

/*
 * Why a resource cannot be used: NULL when its bytes, and those of the parts that its manifest
 * names, are those the catalogue and the manifest speak of.
 * *absent says that the file is not there but may be obtained (not testable rather than failed).
 * Digests of unchanged files are remembered in the cache folder (known.h); NULL: hashed anew.
 */
const char *resource_problem(const Resource *resource, const char *cache_folder, bool *absent,
                             Arena *arena);

#endif
