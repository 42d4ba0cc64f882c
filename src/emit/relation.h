/*
 * Relation: a table of a generated SQL script, as its writer knows it - a name, and the columns
 * with the form each is held in.
 *
 * Tables of SQL have no order, so each has a column more that numbers its rows; that one is not
 * among the columns here.
 */
#ifndef EMIT_RELATION_H
#define EMIT_RELATION_H

#include "csv/header.h"
#include "expr/sql.h"

typedef struct Relation {
    const char *name;
    SqlColumn *columns;
    size_t count;
} Relation;

/* An empty one with room for so many columns. */
Relation relation_make(const char *name, size_t room, Arena *arena);

/* Adds a column; fails when the name is taken, or is one that PostgreSQL cannot take. */
void relation_add(Relation *relation, const char *name, SqlForm form);

/* All columns of another, with room for `more`. */
Relation relation_copy(const char *name, const Relation *from, size_t more, Arena *arena);

/* The column's number or COLUMN_NONE. */
size_t relation_find(const Relation *relation, const char *name);

/* The same; fails "unknown column: NAME (did you mean ...?)", `place` before it. */
size_t relation_require(const Relation *relation, const char *name, const char *place);

/* The names alone, to bind expressions to. */
Header relation_header(const Relation *relation, Arena *arena);

#endif
