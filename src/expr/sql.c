#include "expr/sql.h"

#include <stdlib.h>
#include <string.h>

#include "expr/functions.h"
#include "expr/sql_printing.h"

/* ---- printing ---- */

static bool open(const Printer *p, Strength own, Strength needed)
{
    if (own < needed)
        buffer_byte(p->out, '(');
    return own < needed;
}

static void close(const Printer *p, bool opened)
{
    if (opened)
        buffer_byte(p->out, ')');
}

/* A number in a form that is at least as wide as its own, or SQL_NUMERIC, which settles a ratio. */
void sql_print_number(const Printer *p, const Expression *node, SqlForm form, Strength needed)
{
    SqlForm own = sql_number_form(p->scope, node);
    if (own == SQL_RATIO && form != SQL_RATIO) {
        buffer_text(p->out, "settle(");
        sql_print(p, node, TYPE_NUMBER, WEAKEST);
        buffer_byte(p->out, ')');
    } else if (node->kind == KIND_NULL) {
        buffer_text(p->out, form == SQL_RATIO ? "NULL::ratio" : "NULL::numeric");
    } else if (own == form) {
        sql_print(p, node, TYPE_NUMBER, needed);
    } else {
        bool opened = open(p, CAST, needed);
        sql_print(p, node, TYPE_NUMBER, CAST);
        buffer_text(p->out, form == SQL_RATIO ? "::ratio" : "::numeric");
        close(p, opened);
    }
}

/* A number as it leaves an expression: an integer may stay one. */
void sql_print_settled(const Printer *p, const Expression *node, Strength needed)
{
    SqlForm own = sql_number_form(p->scope, node);
    sql_print_number(p, node, own == SQL_INTEGER ? SQL_INTEGER : SQL_NUMERIC, needed);
}

/* A value of any type as a text. */
void sql_print_text(const Printer *p, const Expression *node, Strength needed)
{
    SqlForm form = sql_form_of(p->scope, node, TYPE_TEXT);
    if (form == SQL_TEXT) {
        sql_print(p, node, TYPE_TEXT, needed);
        return;
    }
    bool opened = open(p, CAST, needed);
    if (form == SQL_TRUTH)
        sql_print(p, node, TYPE_TRUTH, CAST);
    else
        sql_print_settled(p, node, CAST);
    buffer_text(p->out, "::text");
    close(p, opened);
}

/* The same where the order of bytes counts. */
void sql_print_bytewise(const Printer *p, const Expression *node, Strength needed)
{
    if (sql_is_bytewise(p->scope, node)) {
        sql_print_text(p, node, needed);
        return;
    }
    bool opened = open(p, COLLATION, needed);
    sql_print_text(p, node, SIGN);
    buffer_text(p->out, node->kind == KIND_TEXT ? "::text COLLATE \"C\"" : " COLLATE \"C\"");
    close(p, opened);
}

/* An operand of a comparison; of a group of them the first says in which order. */
static void print_operand(const Printer *p, const Expression *node, Type type, bool ordered)
{
    if (type == TYPE_TEXT && ordered)
        sql_print_bytewise(p, node, RANGE + 1);
    else
        sql_print(p, node, type, RANGE + 1);
}

static void print_arithmetic(const Printer *p, const Expression *node, Strength needed)
{
    Strength own = node->kind == KIND_ADD || node->kind == KIND_SUBTRACT ? SUM : PRODUCT;
    const Expression *left = node->parts[0], *right = node->parts[1];
    SqlForm a = sql_number_form(p->scope, left), b = sql_number_form(p->scope, right);
    bool opened = open(p, own, needed);
    if (node->kind == KIND_DIVIDE)
        sql_print_number(p, left, SQL_RATIO, own);
    else
        sql_print_number(p, left, a == SQL_INTEGER && b == SQL_INTEGER ? SQL_NUMERIC : a, own);
    buffer_format(p->out, " %s ", kind_sign(node->kind));
    sql_print(p, right, TYPE_NUMBER, own + 1);
    close(p, opened);
}

static void print_constant_number(const Printer *p, const Expression *node, Strength needed)
{
    Decimal number = node->number.value;
    bool opened = open(p, decimal_sign(number) < 0 ? SIGN : PRIMARY, needed);
    decimal_write(number, p->out);
    close(p, opened);
}

static void print_null(const Printer *p, Type type)
{
    buffer_text(p->out, type == TYPE_NUMBER  ? "NULL::numeric"
                        : type == TYPE_TRUTH ? "NULL::boolean"
                                             : "NULL::text");
}

void sql_column_number(const SqlColumn *column, const SqlScope *scope, Buffer *out)
{
    if (column->form == SQL_TEXT)
        buffer_text(out, scope->invalid_missing ? "number_or_null(" : "number(");
    sql_identifier(column->name, out);
    if (column->form == SQL_TEXT)
        buffer_byte(out, ')');
}

void sql_column_text(const SqlColumn *column, Buffer *out)
{
    sql_identifier(column->name, out);
    if (column->form != SQL_TEXT)
        buffer_text(out, "::text COLLATE \"C\"");
}

static void print_column(const Printer *p, const Expression *node, Type type, Strength needed)
{
    const SqlColumn *column = sql_column_of(p->scope, node);
    if (type == TYPE_NUMBER) {
        sql_column_number(column, p->scope, p->out);
    } else if (column->form == SQL_TEXT) {
        sql_identifier(column->name, p->out);
    } else {
        bool opened = open(p, CAST, needed);
        sql_identifier(column->name, p->out);
        buffer_text(p->out, "::text");
        close(p, opened);
    }
}

static void print_logic(const Printer *p, const Expression *node, Strength needed)
{
    Strength own = node->kind == KIND_AND ? LOGIC_AND : LOGIC_OR;
    bool opened = open(p, own, needed);
    for (size_t i = 0; i < node->count; i++) {
        if (i != 0)
            buffer_text(p->out, own == LOGIC_AND ? " AND " : " OR ");
        sql_print(p, node->parts[i], TYPE_TRUTH, own + 1);
    }
    close(p, opened);
}

static void print_not(const Printer *p, const Expression *node, Strength needed)
{
    bool opened = open(p, LOGIC_NOT, needed);
    buffer_text(p->out, "NOT ");
    sql_print(p, node->parts[0], TYPE_TRUTH, LOGIC_NOT);
    close(p, opened);
}

static void print_is_null(const Printer *p, const Expression *node, Strength needed)
{
    const Expression *part = node->parts[0];
    bool opened = open(p, IS, needed);
    if (part->kind == KIND_COLUMN)
        sql_identifier(sql_column_of(p->scope, part)->name, p->out);
    else if (type_as(part, TYPE_TEXT) == TYPE_NUMBER)
        sql_print_settled(p, part, IS + 1);
    else
        sql_print(p, part, TYPE_TEXT, IS + 1);
    buffer_text(p->out, node->negated ? " IS NOT NULL" : " IS NULL");
    close(p, opened);
}

static const char *comparison_symbol(Kind kind)
{
    static const char *const symbols[] = {"=", "<>", "<", "<=", ">", ">="};
    return symbols[kind - KIND_EQUAL];
}

static void print_comparison(const Printer *p, const Expression *node, Strength needed)
{
    bool ordered = node->kind != KIND_EQUAL && node->kind != KIND_UNEQUAL &&
                   !sql_is_bytewise(p->scope, node->parts[1]);
    bool opened = open(p, COMPARISON, needed);
    print_operand(p, node->parts[0], operands_of(node), ordered);
    buffer_format(p->out, " %s ", comparison_symbol(node->kind));
    print_operand(p, node->parts[1], operands_of(node), false);
    close(p, opened);
}

static void print_between(const Printer *p, const Expression *node, Strength needed)
{
    bool ordered =
        !(sql_is_bytewise(p->scope, node->parts[1]) && sql_is_bytewise(p->scope, node->parts[2]));
    bool opened = open(p, RANGE, needed);
    print_operand(p, node->parts[0], operands_of(node), ordered);
    buffer_text(p->out, node->negated ? " NOT BETWEEN " : " BETWEEN ");
    print_operand(p, node->parts[1], operands_of(node), false);
    buffer_text(p->out, " AND ");
    print_operand(p, node->parts[2], operands_of(node), false);
    close(p, opened);
}

/* A list of no items, which a parameter can be, has no form in SQL. */
static void print_in(const Printer *p, const Expression *node, Strength needed)
{
    if (node->count == 1) {
        buffer_text(p->out, node->negated ? "TRUE" : "FALSE");
        return;
    }
    bool opened = open(p, RANGE, needed);
    print_operand(p, node->parts[0], operands_of(node), false);
    buffer_text(p->out, node->negated ? " NOT IN (" : " IN (");
    for (size_t i = 1; i < node->count; i++) {
        buffer_text(p->out, i == 1 ? "" : ", ");
        sql_print(p, node->parts[i], operands_of(node), WEAKEST);
    }
    buffer_byte(p->out, ')');
    close(p, opened);
}

static void print_like(const Printer *p, const Expression *node, Strength needed)
{
    bool opened = open(p, RANGE, needed);
    print_operand(p, node->parts[0], TYPE_TEXT, true);
    buffer_format(p->out, " %s%s ", node->negated ? "NOT " : "", node->folds ? "ILIKE" : "LIKE");
    print_operand(p, node->parts[1], TYPE_TEXT, false);
    close(p, opened);
}

static void print_join(const Printer *p, const Expression *node, Strength needed)
{
    bool opened = open(p, JOIN, needed);
    sql_print_text(p, node->parts[0], JOIN);
    buffer_text(p->out, " || ");
    sql_print_text(p, node->parts[1], JOIN + 1);
    close(p, opened);
}

static void print_sign(const Printer *p, const Expression *node, Strength needed)
{
    if (node->kind == KIND_PLUS) {
        sql_print(p, node->parts[0], TYPE_NUMBER, needed);
        return;
    }
    bool opened = open(p, SIGN, needed);
    buffer_byte(p->out, '-');
    sql_print(p, node->parts[0], TYPE_NUMBER, SIGN + 1); /* two minus signs would begin a comment */
    close(p, opened);
}

/* One of several values that come out in one form. */
static void print_chosen(const Printer *p, const Expression *node, Type type, SqlForm form)
{
    if (type == TYPE_NUMBER)
        sql_print_number(p, node, form == SQL_RATIO ? form : sql_number_form(p->scope, node),
                         WEAKEST);
    else
        sql_print(p, node, type, WEAKEST);
}

static void print_case(const Printer *p, const Expression *node, Type type)
{
    CaseLayout layout = case_layout(node);
    SqlForm form = sql_form_of(p->scope, node, type);
    buffer_text(p->out, "CASE");
    if (layout.operand != NULL) {
        buffer_byte(p->out, ' ');
        sql_print(p, layout.operand, operands_of(node), WEAKEST);
    }
    for (size_t i = 0; i < layout.pair_count; i++) {
        buffer_text(p->out, " WHEN ");
        sql_print(p, layout.pairs[2 * i], layout.operand == NULL ? TYPE_TRUTH : operands_of(node),
                  WEAKEST);
        buffer_text(p->out, " THEN ");
        print_chosen(p, layout.pairs[2 * i + 1], type, form);
    }
    if (layout.otherwise != NULL) {
        buffer_text(p->out, " ELSE ");
        print_chosen(p, layout.otherwise, type, form);
    }
    buffer_text(p->out, " END");
}

static void print_choice(const Printer *p, const Expression *node, Type type)
{
    SqlForm form = sql_form_of(p->scope, node, type);
    bool extreme = node->kind == KIND_LEAST || node->kind == KIND_GREATEST;
    buffer_text(p->out, node->function->name);
    buffer_text(p->out, extreme && form == SQL_RATIO ? "_ratio(" : "(");
    for (size_t i = 0; i < node->count; i++) {
        buffer_text(p->out, i == 0 ? "" : ", ");
        if (i == 0 && extreme && form == SQL_TEXT)
            sql_print_bytewise(p, node->parts[i], WEAKEST);
        else
            print_chosen(p, node->parts[i], type, form);
    }
    buffer_byte(p->out, ')');
}

static void print_as_number(const Printer *p, const Expression *node, Strength needed)
{
    if (node->parts[0]->type != TYPE_TEXT) {
        sql_print(p, node->parts[0], TYPE_NUMBER, needed);
        return;
    }
    buffer_text(p->out, p->scope->invalid_missing ? "number_or_null(" : "number(");
    sql_print(p, node->parts[0], TYPE_TEXT, WEAKEST);
    buffer_byte(p->out, ')');
}

/* ---- functions ---- */

/* A position or a number of places, which has to be a whole number. */
static void print_whole(const Printer *p, const Expression *node)
{
    int64_t integer;
    if (node->constant && node->type == TYPE_NUMBER &&
        decimal_integer(node->number.value, &integer) && integer > -INT32_MAX &&
        integer < INT32_MAX) {
        buffer_format(p->out, "%lld", (long long)integer);
        return;
    }
    buffer_text(p->out, "whole(");
    sql_print_number(p, node, SQL_NUMERIC, WEAKEST);
    buffer_byte(p->out, ')');
}

static void print_arguments(const Printer *p, const Expression *node)
{
    buffer_format(p->out, "%s(", node->function->name);
    for (size_t i = 0; i < node->count; i++) {
        buffer_text(p->out, i == 0 ? "" : ", ");
        if (node->function->arguments[i] == TYPE_NUMBER)
            print_whole(p, node->parts[i]);
        else if (i == 0)
            sql_print_bytewise(p, node->parts[i], WEAKEST);
        else
            sql_print(p, node->parts[i], TYPE_TEXT, WEAKEST);
    }
    buffer_byte(p->out, ')');
}

/* What may leave nothing of a text gives null. */
static void print_text_call(const Printer *p, const Expression *node)
{
    bool kept = sql_is_function(node, "lower") || sql_is_function(node, "upper") ||
                sql_is_function(node, "length");
    buffer_text(p->out, kept ? "" : "nullif(");
    print_arguments(p, node);
    buffer_text(p->out, kept ? "" : ", '')");
}

static void print_round(const Printer *p, const Expression *node)
{
    bool ratio = sql_number_form(p->scope, node->parts[0]) == SQL_RATIO;
    buffer_text(p->out, ratio ? "trim_scale(rounded(" : "trim_scale(round(");
    sql_print_number(p, node->parts[0], ratio ? SQL_RATIO : SQL_NUMERIC, WEAKEST);
    buffer_text(p->out, ", ");
    if (node->count == 2)
        print_whole(p, node->parts[1]);
    else
        buffer_byte(p->out, '0');
    buffer_text(p->out, "))");
}

static void print_number_call(const Printer *p, const Expression *node)
{
    SqlForm form = sql_number_form(p->scope, node->parts[0]);
    if (!sql_is_function(node, "abs") && form == SQL_INTEGER)
        form = SQL_NUMERIC;
    if (sql_call_form(p->scope, node) == SQL_RATIO)
        form = SQL_RATIO;
    buffer_format(p->out, "%s(", node->function->name);
    for (size_t i = 0; i < node->count; i++) {
        buffer_text(p->out, i == 0 ? "" : ", ");
        sql_print_number(p, node->parts[i], form, WEAKEST);
    }
    buffer_byte(p->out, ')');
}

static void print_call(const Printer *p, const Expression *node)
{
    if (node->function->arguments[0] == TYPE_TEXT)
        print_text_call(p, node);
    else if (sql_is_function(node, "round"))
        print_round(p, node);
    else
        print_number_call(p, node);
}

/* ---- the tree ---- */

static void print_constant(const Printer *p, const Expression *node, Type type, Strength needed)
{
    if (node->kind == KIND_NULL)
        print_null(p, type);
    else if (node->kind == KIND_NUMBER)
        print_constant_number(p, node, needed);
    else if (node->kind == KIND_TEXT)
        sql_literal(node->text, p->out);
    else
        buffer_text(p->out, node->truth ? "TRUE" : "FALSE");
}

static void print_condition(const Printer *p, const Expression *node, Strength needed)
{
    if (kind_is_comparison(node->kind))
        print_comparison(p, node, needed);
    else if (node->kind == KIND_NOT)
        print_not(p, node, needed);
    else if (node->kind == KIND_IS_NULL)
        print_is_null(p, node, needed);
    else if (node->kind == KIND_BETWEEN)
        print_between(p, node, needed);
    else if (node->kind == KIND_IN)
        print_in(p, node, needed);
    else if (node->kind == KIND_LIKE)
        print_like(p, node, needed);
    else
        print_logic(p, node, needed);
}

static void print_value(const Printer *p, const Expression *node, Type type, Strength needed)
{
    switch (node->kind) {
    case KIND_COLUMN:
        print_column(p, node, type, needed);
        break;
    case KIND_SUMMARY:
        sql_print_summary(p, node, type);
        break;
    case KIND_JOIN:
        print_join(p, node, needed);
        break;
    case KIND_NEGATE:
    case KIND_PLUS:
        print_sign(p, node, needed);
        break;
    case KIND_CASE:
        print_case(p, node, type);
        break;
    case KIND_AS_NUMBER:
        print_as_number(p, node, needed);
        break;
    case KIND_AS_TEXT:
        sql_print_text(p, node->parts[0], needed);
        break;
    case KIND_CALL:
        print_call(p, node);
        break;
    case KIND_SLOT:
        abort(); /* summaries are printed before they are cut out */
    default:
        print_choice(p, node, type);
    }
}

void sql_print(const Printer *p, const Expression *node, Type wanted, Strength needed)
{
    Type type = type_as(node, wanted);
    if (kind_is_constant(node->kind))
        print_constant(p, node, type, needed);
    else if (kind_is_condition(node->kind))
        print_condition(p, node, needed);
    else if (kind_is_arithmetic(node->kind))
        print_arithmetic(p, node, needed);
    else
        print_value(p, node, type, needed);
}

/* ---- the interface ---- */

void sql_condition(const Expression *condition, const SqlScope *scope, Buffer *out)
{
    sql_print(&(Printer){scope, out}, condition, TYPE_TRUTH, WEAKEST);
}

static void print_rounded(const Printer *p, const Expression *node, int32_t places)
{
    bool ratio = sql_number_form(p->scope, node) == SQL_RATIO;
    buffer_text(p->out, ratio ? "rounded(" : "round(");
    sql_print_number(p, node, ratio ? SQL_RATIO : SQL_NUMERIC, WEAKEST);
    buffer_format(p->out, ", %d)", (int)places);
}

SqlForm sql_cell(const Expression *expression, const SqlScope *scope, int32_t places, Buffer *out)
{
    Printer p = {scope, out};
    if (expression->kind == KIND_COLUMN) {
        sql_identifier(sql_column_of(scope, expression)->name, out);
        return sql_column_of(scope, expression)->form;
    }
    SqlForm form = sql_form_of(scope, expression, TYPE_TEXT);
    if (form == SQL_TEXT || form == SQL_TRUTH) {
        sql_print_bytewise(&p, expression, WEAKEST);
        return SQL_TEXT;
    }
    if (places >= 0)
        print_rounded(&p, expression, places);
    else
        sql_print_settled(&p, expression, WEAKEST);
    return form == SQL_INTEGER && places < 0 ? SQL_INTEGER : SQL_NUMERIC;
}

void sql_key(const Expression *expression, const SqlScope *scope, Buffer *out)
{
    Printer p = {scope, out};
    if (sql_form_of(scope, expression, TYPE_NUMBER) == SQL_TEXT)
        sql_print_bytewise(&p, expression, WEAKEST);
    else if (expression->type == TYPE_TRUTH)
        sql_print(&p, expression, TYPE_TRUTH, WEAKEST);
    else
        sql_print_settled(&p, expression, WEAKEST);
}
