/*
 * Files: what a command writes, held in memory until all of it is whole, then written together.
 */
#ifndef REPORT_FILES_H
#define REPORT_FILES_H

#include <stdbool.h>

#include "base/memory.h"
#include "base/text.h"

typedef struct File {
    const char *path; /* "-": standard output */
    bool given;       /* by the user: a link there is followed */
    Buffer bytes;
    struct File *next;
} File;

typedef struct Files {
    File *first, *last;
} Files; /* all zero is none */

/* One more file to be filled; fails if there is one of that name. */
Buffer *files_add(Files *files, const char *path, Arena *arena);

/* The same for a name that the user has not given: a link there is replaced, not followed. */
Buffer *files_add_beside(Files *files, const char *path, Arena *arena);

/* Writes all of them under hidden names, then gives them their own; frees their bytes. */
void files_commit(Files *files);

#endif
