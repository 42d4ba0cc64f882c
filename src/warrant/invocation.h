/*
 * Invocation: a stage of a pipeline file as the command line that is run, or shown to a person.
 *
 * Parameters are bound with -p, and only those that the stage's words mention, so that a parameter
 * that plays no part in a step is no reason to build it again.
 */
#ifndef WARRANT_INVOCATION_H
#define WARRANT_INVOCATION_H

#include "base/memory.h"
#include "base/text.h"
#include "expr/parameters.h"
#include "warrant/document.h"

/* Whether `:name` stands in an expression outside '…' and "…". */
bool text_mentions(const char *expression, const char *name);
bool stage_mentions(const Stage *stage, const char *name);

/* What stands for a table's name behind --from: its path, its digest … */
typedef struct TablePath {
    const char *name, *path;
} TablePath;

typedef struct TablePaths {
    TablePath *items;
    size_t count;
} TablePaths;

/*
 * The stage's words with -p NAME=VALUE for what it mentions and tables in place of their names;
 * `files` are operands behind it all.  NULL-ended, in the arena.
 */
char **invocation_words(const Stage *stage, const Parameters *parameters, const TablePaths *tables,
                        const char *const *files, size_t file_count, Arena *arena);

/* The same with --stats, for running. */
char **invocation_argv(char *const *words, Arena *arena);

/* Appends the words as a shell would read them back. */
void invocation_write(char *const *words, Buffer *out);

/* An option's value in a stage (the last one given), or NULL; and whether it is there. */
const char *stage_option(const Stage *stage, const char *name);
bool stage_has_option(const Stage *stage, const char *name);

/* An option of the stage that is not among those names (NULL-ended), or NULL. */
const char *stage_other_option(const Stage *stage, const char *const *names);

/* The stage's argument ("tiv desc"), NULL if it has none; and the one behind it. */
const char *stage_argument(const Stage *stage);
const char *stage_second(const Stage *stage);

#endif
