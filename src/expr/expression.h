/*
 * Expression: SQL's expressions over the columns of a table, parsed and typed before any input is
 * read, bound to a header when it is known, evaluated over batches (evaluate.h).
 *
 * Precedence is PostgreSQL's, weakest first:  or - and - not - is [not] null - comparison
 * (= <> != < <= > >=, not associative) - between, in, like, ilike - || - + and minus -
 * * / % - unary + and minus.
 *
 * Types need no header: a column is an untyped CELL until its surroundings say what it is.  A
 * number literal, arithmetic or a numeric function makes a comparison numeric; a string literal or
 * a text function makes it text; two bare columns must be told with number(x) or text(x); a mixture
 * is an error.  case, coalesce, nullif, least, greatest, in and between follow the same rule; a
 * case or coalesce of nothing but cells stays a cell.  '' is null.
 *
 * Mistakes of syntax and type end the program as usage (64) with "LABEL:LINE:COLUMN: sentence";
 * an unknown column is the data's (1).
 */
#ifndef EXPR_EXPRESSION_H
#define EXPR_EXPRESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/text.h"
#include "csv/header.h"
#include "expr/parameters.h"
#include "num/decimal.h"

typedef enum Type {
    TYPE_NULL, /* the literal null: fits any type */
    TYPE_CELL, /* a bare column: bytes, nothing said about them */
    TYPE_NUMBER,
    TYPE_TEXT,
    TYPE_TRUTH /* true, false or missing */
} Type;

/* The summary functions of `aggregate`. */
typedef enum SummaryFunction {
    SUMMARY_COUNT_ROWS, /* count(*) */
    SUMMARY_COUNT,
    SUMMARY_COUNT_DISTINCT,
    SUMMARY_SUM,
    SUMMARY_MEAN,
    SUMMARY_GEOMEAN,
    SUMMARY_MIN,
    SUMMARY_MAX,
    SUMMARY_MEDIAN,
    SUMMARY_QUANTILE,
    SUMMARY_MODE,
    SUMMARY_STDDEV,
    SUMMARY_STDDEV_POP,
    SUMMARY_VARIANCE,
    SUMMARY_VARIANCE_POP,
    SUMMARY_FIRST,
    SUMMARY_LAST
} SummaryFunction;

typedef struct Expression Expression; /* a node of the tree (tree.h) */

/* One item of a list: `EXPR as NAME`, `EXPR desc`. */
typedef struct Item {
    Expression *expression;
    const char *name; /* what stands behind `as`, or the default name, or NULL */
    bool descending;
    Span source; /* its text as the user wrote it */
} Item;

typedef struct ItemList {
    Item *items;
    size_t count;
} ItemList;

/* What a text is parsed as. */
typedef struct Source {
    const char *text;
    const char *label; /* what messages call it: "condition", "summaries", … */
    const Parameters *parameters;
} Source;

/* A condition: one expression of type TRUTH (a bare column is refused). */
Expression *expression_condition(const Source *source, Arena *arena);

/* Any expression, no summaries. */
Expression *expression_value(const Source *source, Arena *arena);

/* `EXPR as NAME, …`: every item must be named. */
ItemList expression_derivations(const Source *source, Arena *arena);

/*
 * `SUMMARY [as NAME], …`: expressions over summaries; default names sum_tiv, count, count_x,
 * count_distinct_x, median_x, quantile_x …; anything that is not one summary of one column (bare or
 * in number() or text()) needs a name.  Summaries do not nest.
 */
ItemList expression_summaries(const Source *source, Arena *arena);

/*
 * `EXPR [asc|desc], …`: cells are taken as numbers, so a key is NUMBER, TEXT, or TRUTH (of which
 * evaluate_numbers() makes 0 and 1).
 */
ItemList expression_order(const Source *source, Arena *arena);

/*
 * Column lists, which are not expressions: names separated by commas, blanks around them dropped,
 * "quoted" when they hold a comma, a quote or ` as `; any other bytes may stand unquoted (2003,
 * Arms type).
 */
typedef struct ColumnName {
    const char *name;
    const char *as; /* the word behind `as` or '=', NULL if none */
} ColumnName;

typedef struct ColumnList {
    ColumnName *columns;
    size_t count;
} ColumnList;

typedef enum ColumnSyntax {
    COLUMNS_PLAIN, /* A, B */
    COLUMNS_AS,    /* A as B, C */
    COLUMNS_EQUAL  /* A=B, C */
} ColumnSyntax;

ColumnList expression_columns(const char *text, const char *label, ColumnSyntax syntax,
                              Arena *arena);

Type expression_type(const Expression *expression);

/*
 * Resolves columns against a header: fails with "INPUT: LABEL:LINE:COLUMN: unknown column: NAME
 * (did you mean …?)".
 */
void expression_bind(Expression *expression, const Header *header, const char *input);

/* If the expression is nothing but one column: its index once bound. Else COLUMN_NONE. */
size_t expression_column(const Expression *expression);

/* Calls `visit` for every column name the expression mentions, in order, repeats included. */
void expression_each_column(const Expression *expression,
                            void (*visit)(void *context, const char *name), void *context);

/* The same expression, so that its values are the same. NULL is equal to itself alone. */
bool expression_equal(const Expression *a, const Expression *b);

/*
 * One call of a summary function inside an expression.  The list is filled by
 * expression_take_summaries(), which turns each call into a reference to slot number i.
 */
typedef struct SummaryCall {
    SummaryFunction function;
    Expression *argument; /* NULL for count(*) */
    Decimal fraction;     /* quantile's p, checked to lie in [0, 1] */
} SummaryCall;

typedef struct SummaryCalls {
    SummaryCall *calls;
    size_t count, room;
} SummaryCalls; /* heap; free(calls) */

/*
 * Cuts the summaries out of an expression, equal calls sharing a slot.  Columns left outside must
 * be group columns: column i of `groups` is slot -1-i; any other fails as usage: "column X must
 * stand inside a summary or in -g".
 */
void expression_take_summaries(Expression *expression, SummaryCalls *calls,
                               const ColumnList *groups);

/*
 * The type of a summary's result: first, last and mode of a bare column are CELL, so that
 * max(x) - first(x) may take them as numbers; min and max are TEXT if their argument is.
 */
Type summary_type(const SummaryCall *call);

#endif
