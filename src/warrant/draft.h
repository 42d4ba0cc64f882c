/*
 * Draft: a pipeline file made from a line typed at a prompt.
 *
 * The line's files become sources, those that are not in the catalogue being added to it; what -p
 * binds becomes params; display commands at the end become show; options that are the runner's
 * business (-o, -j, --memory …) are left out.  What remains is one step, and a claim to be filled
 * in, with the value that the step gives now as an example.
 */
#ifndef WARRANT_DRAFT_H
#define WARRANT_DRAFT_H

#include "base/memory.h"
#include "expr/parameters.h"
#include "warrant/document.h"

/* A file of the line and the source that stands for it. */
typedef struct DraftSource {
    const char *file, *name;
    const char *resource, *series, *vintage; /* the last two where the resource has them */
    bool added;                              /* to the catalogue, just now */
    uint64_t rows;                           /* if it was */
    size_t fields;
} DraftSource;

typedef struct Draft {
    const char *name;      /* of the pipeline */
    const char *catalogue; /* its path */
    Pipe line;
    DraftSource *sources;
    size_t source_count;
    size_t input_count; /* those that the first filter reads: the first of them */
    Parameters parameters;
    char ***commands, ***shows; /* words of each */
    size_t command_count, show_count;
    const char **left_out; /* options that were, as they stood */
    size_t left_out_count;
} Draft;

/*
 * Takes a line apart; fails with its place ("standard input:1:12: …") on what can't stand in a
 * pipeline, before anything is written.  path: of the pipeline file to be.
 */
Draft draft_read(const char *text, const char *path, Arena *arena);

/* Finds the files in the catalogue, adding those that are not there. */
void draft_catalogue(Draft *draft, Arena *arena);

/* An example of a check, from the step's table: its first row that has a number. */
typedef struct DraftExample {
    bool found;
    const char *column, *value; /* the number, rounded */
    const char *where;          /* a condition that names the row; NULL for a table of one row */
    const char *control;        /* a pipe that would move it */
} DraftExample;

/* The pipeline file; appended. */
void draft_write(const Draft *draft, const DraftExample *example, Buffer *out);

void draft_close(Draft *draft);

#endif
