/*
 * Name: the names in a pipeline file, how they are spelt and what they stand for.
 *
 * Used while a document is loaded.  Each function fails at the node's place when the name is not
 * one, with the nearest that is.
 */
#ifndef WARRANT_NAME_H
#define WARRANT_NAME_H

#include "warrant/document.h"
#include "warrant/yaml.h"

/* A name that the file gives: letters, digits, - and _, and the bytes in `further`. */
void name_check(const Node *key, const char *what, const char *further);

/* The name of a step, of a source, of either, that the scalar `node` (under `key`) holds. */
const char *name_step(Document *document, const Node *node, const char *key);
const char *name_source(Document *document, const Node *node, const char *key);
const char *name_table(Document *document, const Node *node, const char *key);

/* The tables behind --from in a pipe; with `sources_only` steps are refused. */
void name_pipe_tables(Document *document, const Pipe *pipe, bool sources_only);

#endif
