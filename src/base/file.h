/*
 * Files: inputs that are checked when opened, outputs that appear whole or not at all.
 *
 * An output with a name is written without one (O_TMPFILE, or a hidden file beside it where the
 * file system has no such thing) and renamed into place by output_commit(); whatever ends the
 * program before that - a failure, a signal, a full disk - leaves the old file as it was.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Opens for reading; NULL or "-" is standard input.  Fails on a directory.  The caller closes. */
int file_open(const char *path);

/* How messages call that input: the path, or "standard input". */
const char *file_name(const char *path);

/* Reads up to `size` bytes, retrying on signals; 0 at the end.  `name` is for the message. */
size_t file_read(int descriptor, const char *name, void *bytes, size_t size);

/* The whole file, NUL behind it (not counted); freed with free(). Fails past `limit` bytes. */
char *file_load(const char *path, size_t limit, size_t *size);

/* Lets a pipe hold a MiB if it is one and that is allowed: the more it holds, the less its ends
 * wait for each other. */
void file_widen_pipe(int descriptor);

typedef struct Output Output;

/* NULL or "-" is standard output; a device or pipe is written directly. */
Output *output_open(const char *path);

/* For a name that nobody has given: what stands there is replaced, a link too, and not followed. */
Output *output_replace(const char *path);

/* Buffered; large pieces pass through without a copy.  Fails with the output's name. */
void output_write(Output *output, const char *bytes, size_t size);

void output_flush(Output *output);

/* Flushes, checks that everything reached its place, renames, frees. */
void output_commit(Output *output);

/* Throws away what was written (a named file stays as it was), frees. */
void output_discard(Output *output);

/* Creates a folder and those above it; an existing one is fine. */
void folder_make(const char *path);

#endif
