/*
 * Shell: a pipeline as a bash script - the steps' commands as a person would type them, parameters
 * bound with -p.
 *
 * The script checks the sources' sha256, looks at the status of every stage as the runner does, and
 * writes each table beside its place and renames it when it is whole.
 */
#ifndef EMIT_SHELL_H
#define EMIT_SHELL_H

#include "emit/script.h"

void shell_write(const Script *script, Buffer *out);

/* One word as a shell reads it back. */
void shell_word(const char *word, Buffer *out);

/* A file's sha256 as sha256sum(1) --check takes it; fails on a path that it can't hold. */
void checksum_line(const Part *file, Buffer *out);

#endif
