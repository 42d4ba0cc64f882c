/*
 * Sql_clause: what the writers of stages (sql_rows.c, sql_groups.c, sql_share.c, sql_rank.c,
 * sql_lookup.c) have in common - pieces of a common table expression, and a stage's command line.
 */
#ifndef EMIT_SQL_CLAUSE_H
#define EMIT_SQL_CLAUSE_H

#include "emit/sql_stage.h"

/* One for each filter: writes the stage, returns what it gives. */
Relation sql_aggregate(SqlStage *stage);
Relation sql_derive(SqlStage *stage);
Relation sql_filter(SqlStage *stage);
Relation sql_lookup(SqlStage *stage);
Relation sql_pick(SqlStage *stage);
Relation sql_pivot(SqlStage *stage);
Relation sql_rank(SqlStage *stage);
Relation sql_share(SqlStage *stage);
Relation sql_unpivot(SqlStage *stage);

/* ---- the command line ---- */

const char *clause_option(const SqlStage *stage, const char *name);
bool clause_has(const SqlStage *stage, const char *name);

/* An option's whole number; the filter's own limits hold when it is run. */
long clause_number(const SqlStage *stage, const char *name, long otherwise);

/* A list of columns; an empty one for NULL. */
ColumnList clause_list(const SqlStage *stage, const char *text, const char *label,
                       ColumnSyntax syntax);
ColumnList clause_groups(const SqlStage *stage);

/* The argument, to be parsed. */
Source clause_source(const SqlStage *stage);

/* ---- expressions ---- */

SqlScope clause_scope(const SqlStage *stage, const Relation *relation);
void clause_bind(const SqlStage *stage, Expression *expression, const Relation *relation);

/* The column of that name; fails with the label before the sentence. */
const SqlColumn *clause_column(const Relation *relation, const char *name, const char *label);

/*
 * An item on a line of its own; its column is added to the result, or takes the place of the one
 * that goes by its name.
 */
void clause_item(const SqlStage *stage, const Item *item, const SqlScope *scope, Relation *result);

/* ---- pieces ---- */

/* The column that numbers the rows. */
const char *clause_row_number(const SqlStage *stage);

/* "NAME AS MATERIALIZED (SELECT ", and what closes it. */
void clause_begin(const SqlStage *stage, const char *name);
void clause_end(const SqlStage *stage);

void clause_from(const SqlStage *stage, const Relation *relation);
void clause_as(const SqlStage *stage, const char *name);
void clause_qualified(const char *qualifier, const char *name, Buffer *out);

/* ", a, b", QUALIFIER. before each unless it is NULL; the same with the number of the row first. */
void clause_columns(const SqlStage *stage, const Relation *relation, const char *qualifier);
void clause_all_columns(const SqlStage *stage, const Relation *relation, const char *qualifier);

/* "a, b" */
void clause_names(const SqlStage *stage, const ColumnList *list);

/* "PARTITION BY a, b " or nothing. */
void clause_partition(const SqlStage *stage, const ColumnList *groups);

/*
 * The stage's input with these columns as texts, in an expression of its own if need be.  Groups
 * and keys compare as texts; numbers that were computed are numeric in the script, where 1.0 and
 * 1.00 would be one group.
 */
Relation clause_texts(const SqlStage *stage, const ColumnList *list, const char *label);

#endif
