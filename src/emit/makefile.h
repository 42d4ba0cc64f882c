/*
 * Makefile: a pipeline for GNU make - a rule for each step, built when its inputs or the file
 * itself have changed.  Otherwise as shell.h.
 */
#ifndef EMIT_MAKEFILE_H
#define EMIT_MAKEFILE_H

#include "emit/script.h"

void makefile_write(const Script *script, Buffer *out);

#endif
