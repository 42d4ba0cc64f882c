/*
 * Prelude: what a generated SQL script brings along so that PostgreSQL computes as the filters do -
 * functions, and the type of exact quotients.
 */
#ifndef EMIT_PRELUDE_H
#define EMIT_PRELUDE_H

#include "base/text.h"

/* Appends the definitions that the body calls, and those that they call. */
void prelude_write(Buffer *body, Buffer *out);

#endif
