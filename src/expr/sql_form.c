/* In which form values are held. */

#include <string.h>

#include "expr/functions.h"
#include "expr/sql_printing.h"

/* The one form that some numbers can all take. */
static SqlForm wider(SqlForm a, SqlForm b)
{
    return a > b ? a : b;
}

static SqlForm choice_form(const SqlScope *scope, const Expression *node)
{
    CaseLayout layout = node->kind == KIND_CASE ? case_layout(node) : (CaseLayout){0};
    SqlForm form = SQL_INTEGER;
    if (node->kind != KIND_CASE)
        for (size_t i = 0; i < node->count; i++)
            form = wider(form, sql_number_form(scope, node->parts[i]));
    for (size_t i = 0; i < layout.pair_count; i++)
        form = wider(form, sql_number_form(scope, layout.pairs[2 * i + 1]));
    if (layout.otherwise != NULL)
        form = wider(form, sql_number_form(scope, layout.otherwise));
    return form;
}

bool sql_is_function(const Expression *node, const char *name)
{
    return node->kind == KIND_CALL && strcmp(node->function->name, name) == 0;
}

SqlForm sql_call_form(const SqlScope *scope, const Expression *node)
{
    if (sql_is_function(node, "abs"))
        return sql_number_form(scope, node->parts[0]);
    if (sql_is_function(node, "length"))
        return SQL_INTEGER;
    return sql_is_function(node, "round") || sql_is_function(node, "floor") ||
                   sql_is_function(node, "ceil")
               ? SQL_NUMERIC
               : SQL_RATIO;
}

/* A bare column stays what it is; anything else has been settled. */
SqlForm sql_argument_form(const SqlScope *scope, const Expression *argument)
{
    SqlForm form = sql_number_form(scope, argument);
    return form == SQL_RATIO ? SQL_NUMERIC : form;
}

static SqlForm summary_form(const SqlScope *scope, const Expression *node)
{
    switch (node->summary) {
    case SUMMARY_COUNT_ROWS:
    case SUMMARY_COUNT:
    case SUMMARY_COUNT_DISTINCT:
        return SQL_INTEGER;
    case SUMMARY_SUM:
    case SUMMARY_MIN:
    case SUMMARY_MAX:
    case SUMMARY_MODE:
    case SUMMARY_FIRST:
    case SUMMARY_LAST:
        return sql_argument_form(scope, node->parts[0]);
    default:
        return SQL_RATIO;
    }
}

static SqlForm literal_form(const Expression *node)
{
    int64_t integer;
    return node->number.value.scale == 0 && decimal_integer(node->number.value, &integer)
               ? SQL_INTEGER
               : SQL_NUMERIC;
}

static SqlForm arithmetic_form(const SqlScope *scope, const Expression *node)
{
    SqlForm form = SQL_NUMERIC;
    for (size_t i = 0; i < node->count; i++)
        form = wider(form, sql_number_form(scope, node->parts[i]));
    return form;
}

/* The form of a node that is taken as a number. */
SqlForm sql_number_form(const SqlScope *scope, const Expression *node)
{
    switch (node->kind) {
    case KIND_NULL:
        return SQL_INTEGER; /* fits any */
    case KIND_NUMBER:
        return literal_form(node);
    case KIND_COLUMN:
        return sql_column_of(scope, node)->form == SQL_TEXT ? SQL_NUMERIC
                                                            : sql_column_of(scope, node)->form;
    case KIND_SUMMARY:
        return summary_form(scope, node);
    case KIND_DIVIDE:
        return SQL_RATIO;
    case KIND_NEGATE:
    case KIND_PLUS:
        return sql_number_form(scope, node->parts[0]);
    case KIND_CASE:
    case KIND_COALESCE:
    case KIND_NULLIF:
    case KIND_LEAST:
    case KIND_GREATEST:
        return choice_form(scope, node);
    case KIND_AS_NUMBER:
        return node->parts[0]->type == TYPE_TEXT ? SQL_NUMERIC
                                                 : sql_number_form(scope, node->parts[0]);
    case KIND_CALL:
        return sql_call_form(scope, node);
    default:
        return arithmetic_form(scope, node);
    }
}

SqlForm sql_form_of(const SqlScope *scope, const Expression *node, Type wanted)
{
    Type type = type_as(node, wanted);
    if (type == TYPE_NUMBER)
        return sql_number_form(scope, node);
    return type == TYPE_TRUTH ? SQL_TRUTH : SQL_TEXT;
}

/* Whether a text is ordered bytewise because it comes from a column; else it has to be said. */
bool sql_is_bytewise(const SqlScope *scope, const Expression *node)
{
    if (type_as(node, TYPE_TEXT) != TYPE_TEXT)
        return false;
    if (node->kind == KIND_COLUMN)
        return sql_column_of(scope, node)->form == SQL_TEXT;
    for (size_t i = 0; i < node->count; i++)
        if (sql_is_bytewise(scope, node->parts[i]))
            return true;
    return false;
}
