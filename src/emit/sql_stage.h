/*
 * Sql_stage: a stage of a pipe as a common table expression of PostgreSQL, with the meaning the
 * filter has.
 */
#ifndef EMIT_SQL_STAGE_H
#define EMIT_SQL_STAGE_H

#include "emit/relation.h"
#include "warrant/document.h"

typedef struct SqlStage {
    const Stage *stage;
    const char *name; /* of the expression that holds its result */
    Relation input;
    Relation reference;        /* behind --from */
    const char *const *across; /* of pivot: names that become columns, as the data have them */
    size_t across_count;
    const char *prefix; /* that the names of working columns begin with */
    const Parameters *parameters;
    Arena *arena;
    Buffer *out;
} SqlStage;

/* The column that numbers the rows. */
const char *sql_row_number(const char *prefix, Arena *arena);

/*
 * Writes the stage as "NAME AS MATERIALIZED (...)", perhaps with others that it needs before it and
 * a comma between, and returns what it gives.  Materialized: so that no condition is tried on rows
 * that an earlier one has taken out.  Fails with a sentence where PostgreSQL cannot do it.
 */
Relation sql_stage_write(SqlStage *stage);

#endif
