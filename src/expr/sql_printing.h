/*
 * Sql_printing, seen from inside: what sql.c, sql_form.c and sql_summary.c share.
 */
#ifndef EXPR_SQL_PRINTING_H
#define EXPR_SQL_PRINTING_H

#include "expr/sql.h"
#include "expr/tree.h"

/* How tightly an operator binds, weakest first (PostgreSQL's manual, 4.1.6). */
typedef enum Strength {
    WEAKEST,
    LOGIC_OR,
    LOGIC_AND,
    LOGIC_NOT,
    IS,
    COMPARISON,
    RANGE, /* between, in, like */
    JOIN,
    SUM,
    PRODUCT,
    COLLATION,
    SIGN,
    CAST,
    PRIMARY
} Strength;

typedef struct Printer {
    const SqlScope *scope;
    Buffer *out;
} Printer;

/* ---- forms (sql_form.c) ---- */

/* The form of a node that is taken as a number; and as a summary's argument, settled. */
SqlForm sql_number_form(const SqlScope *scope, const Expression *node);
SqlForm sql_argument_form(const SqlScope *scope, const Expression *argument);

/* The form of a function's result that is a number. */
SqlForm sql_call_form(const SqlScope *scope, const Expression *node);

/* The form of a node; cells and null are taken as `wanted`. */
SqlForm sql_form_of(const SqlScope *scope, const Expression *node, Type wanted);

/* Whether a text is ordered bytewise because it comes from a column; else it has to be said. */
bool sql_is_bytewise(const SqlScope *scope, const Expression *node);

/* Whether the node calls the function of that name. */
bool sql_is_function(const Expression *node, const char *name);

static inline const SqlColumn *sql_column_of(const SqlScope *scope, const Expression *node)
{
    return &scope->columns[node->column];
}

/* ---- printing (sql.c) ---- */

/* A node in its own form, in parentheses if it binds less tightly than needed. */
void sql_print(const Printer *p, const Expression *node, Type wanted, Strength needed);

/* A number in a form that is at least as wide as its own, or SQL_NUMERIC, which settles a ratio. */
void sql_print_number(const Printer *p, const Expression *node, SqlForm form, Strength needed);

/* A number as it leaves an expression: an integer may stay one. */
void sql_print_settled(const Printer *p, const Expression *node, Strength needed);

/* A value of any type as a text; the same where the order of bytes counts. */
void sql_print_text(const Printer *p, const Expression *node, Strength needed);
void sql_print_bytewise(const Printer *p, const Expression *node, Strength needed);

/* A summary (sql_summary.c): first, last and mode of a column are cells, taken as `type`. */
void sql_print_summary(const Printer *p, const Expression *node, Type type);

#endif
