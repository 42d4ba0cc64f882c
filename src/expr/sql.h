/*
 * Sql: expressions as PostgreSQL writes them, with the meaning they have here.
 *
 * Cells of a file are text there, so a column is turned into a number where one is needed:
 * number(year).  Values of one expression are exact quotients here and not in PostgreSQL, so what
 * is divided is of a type `ratio` that the script brings along, with operators of its own:
 *
 *     settle(number(tiv)::ratio / number(total) * 100)
 *
 * Functions that a text may call and PostgreSQL does not have (or has with another meaning) are in
 * the script's prelude (emit/prelude.h): number, number_or_null, ratio and its operators, settle,
 * rounded, whole, least_ratio, greatest_ratio, lowest, highest, mean, quantile, number_mode,
 * sample_variance, population_variance.
 */
#ifndef EXPR_SQL_H
#define EXPR_SQL_H

#include "expr/expression.h"

/* How a value is held there. */
typedef enum SqlForm {
    SQL_TEXT,    /* text, ordered bytewise */
    SQL_INTEGER, /* integer or bigint */
    SQL_NUMERIC, /* numeric with the scale it is shown with */
    SQL_RATIO,   /* an exact quotient; never a column's */
    SQL_TRUTH    /* boolean; never a column's: a cell is 'true' or 'false' */
} SqlForm;

typedef struct SqlColumn {
    const char *name;
    SqlForm form;
} SqlColumn;

/* What an expression stands in. */
typedef struct SqlScope {
    const SqlColumn *columns; /* of the header that the expression is bound to */
    size_t count;
    const char *order; /* the column that numbers the rows: for first and last; as an identifier */
    bool invalid_missing; /* --invalid missing */
} SqlScope;

/* A condition, to stand in parentheses. */
void sql_condition(const Expression *condition, const SqlScope *scope, Buffer *out);

/* A value as a new cell; returns its form. places: -1, or to how many digits numbers are rounded.
 */
SqlForm sql_cell(const Expression *expression, const SqlScope *scope, int32_t places, Buffer *out);

/* A key of an order: a number or a text. */
void sql_key(const Expression *expression, const SqlScope *scope, Buffer *out);

/* A column as a number; as a text. */
void sql_column_number(const SqlColumn *column, const SqlScope *scope, Buffer *out);
void sql_column_text(const SqlColumn *column, Buffer *out);

/* A name, in double quotes where it needs them; a text in single ones. */
void sql_identifier(const char *name, Buffer *out);
void sql_literal(Span text, Buffer *out);

/*
 * The longest name that PostgreSQL does not cut, in bytes (NAMEDATALEN - 1), and the most columns
 * of a table.
 */
enum { SQL_NAME_SIZE = 63, SQL_COLUMNS = 1600 };

#endif
