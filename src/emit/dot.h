/*
 * Dot: a drawing of a pipeline for Graphviz - where the tables come from, the steps with their
 * filters, the claims that look at them.  Dashed lines are tables that a stage looks things up in.
 */
#ifndef EMIT_DOT_H
#define EMIT_DOT_H

#include "emit/script.h"

void dot_write(const Script *script, Buffer *out);

#endif
