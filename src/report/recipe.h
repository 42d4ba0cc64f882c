/*
 * Recipe: the command lines that make a step's table again, for a person with a shell.
 *
 * They are those that were run, except that the table of a step is a file of the step's name in the
 * working directory instead of one in the cache, so that they can be pasted one after the other.
 */
#ifndef REPORT_RECIPE_H
#define REPORT_RECIPE_H

#include "base/text.h"
#include "warrant/build.h"

/* A stage with what joins it to the next, or where the last one's output goes; no newline. */
void recipe_stage(Buffer *out, const Result *result, size_t stage, Arena *arena);

/* "  # 1532 -> 1094 rows", a comment to a shell; nothing where the rows are not known. */
void recipe_rows(Buffer *out, const Result *result, size_t stage);

/* A command of several words on one line, paths of the result's inputs and its own replaced. */
void recipe_command(Buffer *out, char *const *words, const Result *result, Arena *arena);

#endif
