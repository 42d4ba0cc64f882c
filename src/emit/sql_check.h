/*
 * Sql_check: the checks of a pipeline's claims as one query - what is observed, and the verdict.
 */
#ifndef EMIT_SQL_CHECK_H
#define EMIT_SQL_CHECK_H

#include "emit/relation.h"
#include "emit/script.h"

/* The query; nothing when no claim has a check in this reading.  `table` gives a step's table. */
void sql_checks_write(const Script *script,
                      const Relation *(*table)(void *context, const char *name), void *context,
                      Buffer *out);

#endif
