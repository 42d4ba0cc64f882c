/*
 * Sql: a pipeline as one script for PostgreSQL's psql.
 *
 * The script works in a schema of its own and takes it back at the end: it loads the sources, makes
 * a table of each step - a chain of common table expressions, one for each filter - and evaluates
 * the checks of the claims.  With `-v out=FOLDER` it writes each step's table to FOLDER/STEP.csv;
 * with `-v keep=1` the schema stays.
 */
#ifndef EMIT_SQL_H
#define EMIT_SQL_H

#include "emit/script.h"

void sql_write(const Script *script, Buffer *out);

#endif
