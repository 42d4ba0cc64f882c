/*
 * Expressions: random ones that have a type, over the columns of a table.
 */
#ifndef SQL_EXPRESSIONS_H
#define SQL_EXPRESSIONS_H

#include "tables.h"

typedef struct Context {
    const Table *table;
    bool dirty; /* under --invalid missing */
    Buffer *out;
} Context;

/* An expression of that type, at most so deep. */
void number(Context *c, size_t depth);
void text(Context *c, size_t depth);
void condition(Context *c, size_t depth);

#endif
