/*
 * Locate: pipelines as they are named on a command line, and what all subcommands print alike.
 */
#ifndef WARRANT_LOCATE_H
#define WARRANT_LOCATE_H

#include "base/memory.h"
#include "base/option.h"

/* A path that is there and no folder, or NAME for pipelines/NAME.yaml if that is; else the word as
 * it is. */
const char *locate_pipeline(const char *word, Arena *arena);

/*
 * "PIPELINE.CLAIM", PIPELINE a path or a name as above: the pipeline's path, *claim the rest.
 * Fails as usage when there is no point in it.
 */
const char *locate_claim(const char *word, const char **claim, Arena *arena);

void command_help(const char *usage, const char *purpose, const Option *const *tables);

/* Everything printed has reached its reader, or fail(). */
void command_flush(void);

#endif
