/*
 * Cache: results of steps kept between runs, found by what they were made of.
 *
 * A result is CACHE/PIPELINE/STEP-KEY.csv with its record beside it; the record is written last,
 * both appear whole, and a result is used only if its bytes have the digest the record speaks of.
 * So a run that dies, a damaged file or two runs at once can make work, never a wrong number.
 * STEP@READING.last keeps what that step was last made of in that reading, to tell what changed.
 */
#ifndef WARRANT_CACHE_H
#define WARRANT_CACHE_H

#include "warrant/catalogue.h"
#include "warrant/record.h"

/*
 * $WARRANT_CACHE, or a folder in build/cache beside the folder of the catalogue that is this
 * machine's own: what a project brought along there is not looked at.  Makes build/cache, and fails
 * if that can't be or is a link.
 */
const char *cache_folder(const Catalogue *catalogue, Arena *arena);

/* Where what is kept of a pipeline lies. */
const char *cache_pipeline(const char *folder, const char *pipeline, Arena *arena);

/* Where the result of a step made of `record` is kept. */
const char *cache_path(const char *folder, const char *pipeline, const char *step,
                       const Record *record, Arena *arena);

/*
 * The record of a kept result, NULL when there is none that is whole; *damaged says that there was
 * one whose bytes are not what they were.
 */
Record *cache_find(const char *folder, const char *path, const Record *made_of, bool *damaged,
                   Arena *arena);

/* Keeps the record of a result that stands at `path` already. */
void cache_keep(const char *path, const Record *record, Arena *arena);

/* What the step was last made of in a reading, or NULL; and taking note of it. */
Record *cache_last(const char *folder, const char *pipeline, const char *step, const char *reading,
                   Arena *arena);
void cache_note(const char *folder, const char *pipeline, const char *step, const char *reading,
                const Record *record, Arena *arena);

#endif
