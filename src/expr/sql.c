#include "expr/sql.h"

#include <stdlib.h>

#include "expr/functions.h"

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

/* ---- names and texts ---- */

/* Words that cannot name a column or table without quotes (PostgreSQL's manual, appendix C). */
static const char *const keywords[] = {
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
};

static int keyword_order(const void *name, const void *keyword)
{
    return strcmp(name, *(const char *const *)keyword);
}

static bool is_plain_name(const char *name)
{
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789");
    return size != 0 && name[size] == '\0' && (name[0] < '0' || name[0] > '9') &&
           bsearch(name, keywords, sizeof keywords / sizeof *keywords, sizeof *keywords,
                   keyword_order) == NULL;
}

static void quoted_write(char quote, Span text, Buffer *out)
{
    buffer_byte(out, quote);
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] == quote)
            buffer_byte(out, quote);
        buffer_byte(out, text.at[i]);
    }
    buffer_byte(out, quote);
}

void sql_identifier(const char *name, Buffer *out)
{
    if (is_plain_name(name))
        buffer_text(out, name);
    else
        quoted_write('"', span_of(name), out);
}

void sql_literal(Span text, Buffer *out)
{
    quoted_write('\'', text, out);
}

/* ---- forms ---- */

/* What a node's value is once cells and null are taken as `wanted`. */
static Type type_as(const Expression *node, Type wanted)
{
    return node->type == TYPE_CELL || node->type == TYPE_NULL ? wanted : node->type;
}

/* As what the parts of a comparison are compared. */
static Type operands_of(const Expression *node)
{
    return node->operands == TYPE_NUMBER || node->operands == TYPE_TRUTH ? node->operands
                                                                         : TYPE_TEXT;
}

static const SqlColumn *column_of(const SqlScope *scope, const Expression *node)
{
    return &scope->columns[node->column];
}

static SqlForm number_form(const SqlScope *scope, const Expression *node);

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
            form = wider(form, number_form(scope, node->parts[i]));
    for (size_t i = 0; i < layout.pair_count; i++)
        form = wider(form, number_form(scope, layout.pairs[2 * i + 1]));
    if (layout.otherwise != NULL)
        form = wider(form, number_form(scope, layout.otherwise));
    return form;
}

static bool is_function(const Expression *node, const char *name)
{
    return node->kind == KIND_CALL && strcmp(node->function->name, name) == 0;
}

static SqlForm call_form(const SqlScope *scope, const Expression *node)
{
    if (is_function(node, "abs"))
        return number_form(scope, node->parts[0]);
    if (is_function(node, "length"))
        return SQL_INTEGER;
    return is_function(node, "round") || is_function(node, "floor") || is_function(node, "ceil")
               ? SQL_NUMERIC
               : SQL_RATIO;
}

/* A bare column stays what it is; anything else has been settled. */
static SqlForm argument_form(const SqlScope *scope, const Expression *argument)
{
    SqlForm form = number_form(scope, argument);
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
        return argument_form(scope, node->parts[0]);
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
        form = wider(form, number_form(scope, node->parts[i]));
    return form;
}

/* The form of a node that is taken as a number. */
static SqlForm number_form(const SqlScope *scope, const Expression *node)
{
    switch (node->kind) {
    case KIND_NULL:
        return SQL_INTEGER; /* fits any */
    case KIND_NUMBER:
        return literal_form(node);
    case KIND_COLUMN:
        return column_of(scope, node)->form == SQL_TEXT ? SQL_NUMERIC
                                                        : column_of(scope, node)->form;
    case KIND_SUMMARY:
        return summary_form(scope, node);
    case KIND_DIVIDE:
        return SQL_RATIO;
    case KIND_NEGATE:
    case KIND_PLUS:
        return number_form(scope, node->parts[0]);
    case KIND_CASE:
    case KIND_COALESCE:
    case KIND_NULLIF:
    case KIND_LEAST:
    case KIND_GREATEST:
        return choice_form(scope, node);
    case KIND_AS_NUMBER:
        return node->parts[0]->type == TYPE_TEXT ? SQL_NUMERIC : number_form(scope, node->parts[0]);
    case KIND_CALL:
        return call_form(scope, node);
    default:
        return arithmetic_form(scope, node);
    }
}

static SqlForm form_of(const SqlScope *scope, const Expression *node, Type wanted)
{
    Type type = type_as(node, wanted);
    if (type == TYPE_NUMBER)
        return number_form(scope, node);
    return type == TYPE_TRUTH ? SQL_TRUTH : SQL_TEXT;
}

/* Whether a text is ordered bytewise because it comes from a column; else it has to be said. */
static bool is_bytewise(const SqlScope *scope, const Expression *node)
{
    if (type_as(node, TYPE_TEXT) != TYPE_TEXT)
        return false;
    if (node->kind == KIND_COLUMN)
        return column_of(scope, node)->form == SQL_TEXT;
    for (size_t i = 0; i < node->count; i++)
        if (is_bytewise(scope, node->parts[i]))
            return true;
    return false;
}

/* ---- printing ---- */

static void print(const Printer *p, const Expression *node, Type wanted, Strength needed);

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
static void print_number(const Printer *p, const Expression *node, SqlForm form, Strength needed)
{
    SqlForm own = number_form(p->scope, node);
    if (own == SQL_RATIO && form != SQL_RATIO) {
        buffer_text(p->out, "settle(");
        print(p, node, TYPE_NUMBER, WEAKEST);
        buffer_byte(p->out, ')');
    } else if (node->kind == KIND_NULL) {
        buffer_text(p->out, form == SQL_RATIO ? "NULL::ratio" : "NULL::numeric");
    } else if (own == form) {
        print(p, node, TYPE_NUMBER, needed);
    } else {
        bool opened = open(p, CAST, needed);
        print(p, node, TYPE_NUMBER, CAST);
        buffer_text(p->out, form == SQL_RATIO ? "::ratio" : "::numeric");
        close(p, opened);
    }
}

/* A number as it leaves an expression: an integer may stay one. */
static void print_settled(const Printer *p, const Expression *node, Strength needed)
{
    SqlForm own = number_form(p->scope, node);
    print_number(p, node, own == SQL_INTEGER ? SQL_INTEGER : SQL_NUMERIC, needed);
}

/* A value of any type as a text. */
static void print_text(const Printer *p, const Expression *node, Strength needed)
{
    SqlForm form = form_of(p->scope, node, TYPE_TEXT);
    if (form == SQL_TEXT) {
        print(p, node, TYPE_TEXT, needed);
        return;
    }
    bool opened = open(p, CAST, needed);
    if (form == SQL_TRUTH)
        print(p, node, TYPE_TRUTH, CAST);
    else
        print_settled(p, node, CAST);
    buffer_text(p->out, "::text");
    close(p, opened);
}

/* The same where the order of bytes counts. */
static void print_bytewise(const Printer *p, const Expression *node, Strength needed)
{
    if (is_bytewise(p->scope, node)) {
        print_text(p, node, needed);
        return;
    }
    bool opened = open(p, COLLATION, needed);
    print_text(p, node, SIGN);
    buffer_text(p->out, node->kind == KIND_TEXT ? "::text COLLATE \"C\"" : " COLLATE \"C\"");
    close(p, opened);
}

/* An operand of a comparison; of a group of them the first says in which order. */
static void print_operand(const Printer *p, const Expression *node, Type type, bool ordered)
{
    if (type == TYPE_TEXT && ordered)
        print_bytewise(p, node, RANGE + 1);
    else
        print(p, node, type, RANGE + 1);
}

static void print_arithmetic(const Printer *p, const Expression *node, const char *symbol,
                             Strength own, Strength needed)
{
    const Expression *left = node->parts[0], *right = node->parts[1];
    SqlForm a = number_form(p->scope, left), b = number_form(p->scope, right);
    bool opened = open(p, own, needed);
    if (node->kind == KIND_DIVIDE)
        print_number(p, left, SQL_RATIO, own);
    else
        print_number(p, left, a == SQL_INTEGER && b == SQL_INTEGER ? SQL_NUMERIC : a, own);
    buffer_format(p->out, " %s ", symbol);
    print(p, right, TYPE_NUMBER, own + 1);
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
    const SqlColumn *column = column_of(p->scope, node);
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
        print(p, node->parts[i], TYPE_TRUTH, own + 1);
    }
    close(p, opened);
}

static void print_not(const Printer *p, const Expression *node, Strength needed)
{
    bool opened = open(p, LOGIC_NOT, needed);
    buffer_text(p->out, "NOT ");
    print(p, node->parts[0], TYPE_TRUTH, LOGIC_NOT);
    close(p, opened);
}

static void print_is_null(const Printer *p, const Expression *node, Strength needed)
{
    const Expression *part = node->parts[0];
    bool opened = open(p, IS, needed);
    if (part->kind == KIND_COLUMN)
        sql_identifier(column_of(p->scope, part)->name, p->out);
    else if (type_as(part, TYPE_TEXT) == TYPE_NUMBER)
        print_settled(p, part, IS + 1);
    else
        print(p, part, TYPE_TEXT, IS + 1);
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
                   !is_bytewise(p->scope, node->parts[1]);
    bool opened = open(p, COMPARISON, needed);
    print_operand(p, node->parts[0], operands_of(node), ordered);
    buffer_format(p->out, " %s ", comparison_symbol(node->kind));
    print_operand(p, node->parts[1], operands_of(node), false);
    close(p, opened);
}

static void print_between(const Printer *p, const Expression *node, Strength needed)
{
    bool ordered =
        !(is_bytewise(p->scope, node->parts[1]) && is_bytewise(p->scope, node->parts[2]));
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
        print(p, node->parts[i], operands_of(node), WEAKEST);
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
    print_text(p, node->parts[0], JOIN);
    buffer_text(p->out, " || ");
    print_text(p, node->parts[1], JOIN + 1);
    close(p, opened);
}

static void print_sign(const Printer *p, const Expression *node, Strength needed)
{
    if (node->kind == KIND_PLUS) {
        print(p, node->parts[0], TYPE_NUMBER, needed);
        return;
    }
    bool opened = open(p, SIGN, needed);
    buffer_byte(p->out, '-');
    print(p, node->parts[0], TYPE_NUMBER, SIGN + 1); /* two minus signs would begin a comment */
    close(p, opened);
}

/* One of several values that come out in one form. */
static void print_chosen(const Printer *p, const Expression *node, Type type, SqlForm form)
{
    if (type == TYPE_NUMBER)
        print_number(p, node, form == SQL_RATIO ? form : number_form(p->scope, node), WEAKEST);
    else
        print(p, node, type, WEAKEST);
}

static void print_case(const Printer *p, const Expression *node, Type type)
{
    CaseLayout layout = case_layout(node);
    SqlForm form = form_of(p->scope, node, type);
    buffer_text(p->out, "CASE");
    if (layout.operand != NULL) {
        buffer_byte(p->out, ' ');
        print(p, layout.operand, operands_of(node), WEAKEST);
    }
    for (size_t i = 0; i < layout.pair_count; i++) {
        buffer_text(p->out, " WHEN ");
        print(p, layout.pairs[2 * i], layout.operand == NULL ? TYPE_TRUTH : operands_of(node),
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
    SqlForm form = form_of(p->scope, node, type);
    bool extreme = node->kind == KIND_LEAST || node->kind == KIND_GREATEST;
    buffer_text(p->out, node->function->name);
    buffer_text(p->out, extreme && form == SQL_RATIO ? "_ratio(" : "(");
    for (size_t i = 0; i < node->count; i++) {
        buffer_text(p->out, i == 0 ? "" : ", ");
        if (i == 0 && extreme && form == SQL_TEXT)
            print_bytewise(p, node->parts[i], WEAKEST);
        else
            print_chosen(p, node->parts[i], type, form);
    }
    buffer_byte(p->out, ')');
}

static void print_as_number(const Printer *p, const Expression *node, Strength needed)
{
    if (node->parts[0]->type != TYPE_TEXT) {
        print(p, node->parts[0], TYPE_NUMBER, needed);
        return;
    }
    buffer_text(p->out, p->scope->invalid_missing ? "number_or_null(" : "number(");
    print(p, node->parts[0], TYPE_TEXT, WEAKEST);
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
    print_number(p, node, SQL_NUMERIC, WEAKEST);
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
            print_bytewise(p, node->parts[i], WEAKEST);
        else
            print(p, node->parts[i], TYPE_TEXT, WEAKEST);
    }
    buffer_byte(p->out, ')');
}

/* What may leave nothing of a text gives null. */
static void print_text_call(const Printer *p, const Expression *node)
{
    bool kept =
        is_function(node, "lower") || is_function(node, "upper") || is_function(node, "length");
    buffer_text(p->out, kept ? "" : "nullif(");
    print_arguments(p, node);
    buffer_text(p->out, kept ? "" : ", '')");
}

static void print_round(const Printer *p, const Expression *node)
{
    bool ratio = number_form(p->scope, node->parts[0]) == SQL_RATIO;
    buffer_text(p->out, ratio ? "trim_scale(rounded(" : "trim_scale(round(");
    print_number(p, node->parts[0], ratio ? SQL_RATIO : SQL_NUMERIC, WEAKEST);
    buffer_text(p->out, ", ");
    if (node->count == 2)
        print_whole(p, node->parts[1]);
    else
        buffer_byte(p->out, '0');
    buffer_text(p->out, "))");
}

static void print_number_call(const Printer *p, const Expression *node)
{
    SqlForm form = number_form(p->scope, node->parts[0]);
    if (!is_function(node, "abs") && form == SQL_INTEGER)
        form = SQL_NUMERIC;
    if (call_form(p->scope, node) == SQL_RATIO)
        form = SQL_RATIO;
    buffer_format(p->out, "%s(", node->function->name);
    for (size_t i = 0; i < node->count; i++) {
        buffer_text(p->out, i == 0 ? "" : ", ");
        print_number(p, node->parts[i], form, WEAKEST);
    }
    buffer_byte(p->out, ')');
}

static void print_call(const Printer *p, const Expression *node)
{
    if (node->function->arguments[0] == TYPE_TEXT)
        print_text_call(p, node);
    else if (is_function(node, "round"))
        print_round(p, node);
    else
        print_number_call(p, node);
}

/* ---- summaries ---- */

/* The argument of a summary, as what it is summed up; cells stay cells unless a number is wanted.
 */
static void print_argument(const Printer *p, const Expression *node, Type wanted)
{
    if (type_as(node, wanted) == TYPE_NUMBER)
        print_settled(p, node, WEAKEST);
    else
        print_bytewise(p, node, WEAKEST);
}

static void print_array(const Printer *p, const char *function, const Expression *node, Type wanted)
{
    buffer_format(p->out, "%s(array_agg(", function);
    print_argument(p, node, wanted);
    buffer_byte(p->out, ')');
}

/* The first value that is there, in the order of the rows or against it. */
static void print_end(const Printer *p, const Expression *node, const char *direction)
{
    buffer_text(p->out, "(array_remove(array_agg(");
    print_argument(p, node->parts[0], TYPE_TEXT);
    buffer_format(p->out, " ORDER BY %s%s), NULL))[1]", p->scope->order, direction);
}

static void print_count(const Printer *p, const Expression *node)
{
    buffer_text(p->out, node->summary == SUMMARY_COUNT_DISTINCT ? "count(DISTINCT " : "count(");
    if (node->summary == SUMMARY_COUNT_ROWS)
        buffer_byte(p->out, '*');
    else if (node->summary == SUMMARY_COUNT && node->parts[0]->kind == KIND_COLUMN)
        sql_identifier(column_of(p->scope, node->parts[0])->name, p->out);
    else
        print_argument(p, node->parts[0], TYPE_TEXT);
    buffer_byte(p->out, ')');
}

static void print_mode(const Printer *p, const Expression *node)
{
    if (type_as(node->parts[0], TYPE_TEXT) == TYPE_NUMBER) {
        print_array(p, "number_mode", node->parts[0], TYPE_NUMBER);
        buffer_byte(p->out, ')');
        return;
    }
    buffer_text(p->out, "mode() WITHIN GROUP (ORDER BY ");
    print_argument(p, node->parts[0], TYPE_TEXT);
    buffer_byte(p->out, ')');
}

/* Of equal numbers the one with the widest scale stays, which PostgreSQL leaves to chance. */
static void print_extreme(const Printer *p, const Expression *node)
{
    bool least = node->summary == SUMMARY_MIN;
    bool number = type_as(node->parts[0], TYPE_NUMBER) == TYPE_NUMBER;
    if (number && argument_form(p->scope, node->parts[0]) != SQL_INTEGER) {
        print_array(p, least ? "lowest" : "highest", node->parts[0], TYPE_NUMBER);
    } else {
        buffer_text(p->out, least ? "min(" : "max(");
        print_argument(p, node->parts[0], TYPE_NUMBER);
    }
    buffer_byte(p->out, ')');
}

static void print_quantile(const Printer *p, const Expression *node)
{
    print_array(p, "quantile", node->parts[0], TYPE_NUMBER);
    buffer_text(p->out, ", ");
    if (node->summary == SUMMARY_MEDIAN)
        buffer_text(p->out, "0.5");
    else
        decimal_write(node->parts[1]->number.value, p->out);
    buffer_byte(p->out, ')');
}

static void print_spread(const Printer *p, const Expression *node)
{
    bool root = node->summary == SUMMARY_STDDEV || node->summary == SUMMARY_STDDEV_POP;
    bool sample = node->summary == SUMMARY_STDDEV || node->summary == SUMMARY_VARIANCE;
    buffer_text(p->out, root ? "sqrt(" : "");
    print_array(p, sample ? "sample_variance" : "population_variance", node->parts[0], TYPE_NUMBER);
    buffer_text(p->out, root ? "))" : ")");
}

static void print_summary(const Printer *p, const Expression *node)
{
    switch (node->summary) {
    case SUMMARY_COUNT_ROWS:
    case SUMMARY_COUNT:
    case SUMMARY_COUNT_DISTINCT:
        print_count(p, node);
        break;
    case SUMMARY_SUM:
        buffer_text(p->out, "sum(");
        print_argument(p, node->parts[0], TYPE_NUMBER);
        buffer_byte(p->out, ')');
        break;
    case SUMMARY_MEAN:
        print_array(p, "mean", node->parts[0], TYPE_NUMBER);
        buffer_byte(p->out, ')');
        break;
    case SUMMARY_MIN:
    case SUMMARY_MAX:
        print_extreme(p, node);
        break;
    case SUMMARY_MEDIAN:
    case SUMMARY_QUANTILE:
        print_quantile(p, node);
        break;
    case SUMMARY_MODE:
        print_mode(p, node);
        break;
    case SUMMARY_STDDEV:
    case SUMMARY_STDDEV_POP:
    case SUMMARY_VARIANCE:
    case SUMMARY_VARIANCE_POP:
        print_spread(p, node);
        break;
    case SUMMARY_FIRST:
        print_end(p, node, "");
        break;
    case SUMMARY_LAST:
        print_end(p, node, " DESC");
        break;
    }
}

/* first, last and mode of a column are cells, which may be wanted as a number. */
static void print_summary_as(const Printer *p, const Expression *node, Type type)
{
    bool turned = node->type == TYPE_CELL && type == TYPE_NUMBER;
    if (turned)
        buffer_text(p->out, p->scope->invalid_missing ? "number_or_null(" : "number(");
    print_summary(p, node);
    if (turned)
        buffer_byte(p->out, ')');
}

/* ---- the tree ---- */

static void print(const Printer *p, const Expression *node, Type wanted, Strength needed)
{
    Type type = type_as(node, wanted);
    switch (node->kind) {
    case KIND_NULL:
        print_null(p, type);
        break;
    case KIND_NUMBER:
        print_constant_number(p, node, needed);
        break;
    case KIND_TEXT:
        sql_literal(node->text, p->out);
        break;
    case KIND_TRUTH:
        buffer_text(p->out, node->truth ? "TRUE" : "FALSE");
        break;
    case KIND_COLUMN:
        print_column(p, node, type, needed);
        break;
    case KIND_SLOT:
        abort(); /* summaries are printed before they are cut out */
    case KIND_SUMMARY:
        print_summary_as(p, node, type);
        break;
    case KIND_OR:
    case KIND_AND:
        print_logic(p, node, needed);
        break;
    case KIND_NOT:
        print_not(p, node, needed);
        break;
    case KIND_IS_NULL:
        print_is_null(p, node, needed);
        break;
    case KIND_EQUAL:
    case KIND_UNEQUAL:
    case KIND_LESS:
    case KIND_LESS_EQUAL:
    case KIND_GREATER:
    case KIND_GREATER_EQUAL:
        print_comparison(p, node, needed);
        break;
    case KIND_BETWEEN:
        print_between(p, node, needed);
        break;
    case KIND_IN:
        print_in(p, node, needed);
        break;
    case KIND_LIKE:
        print_like(p, node, needed);
        break;
    case KIND_JOIN:
        print_join(p, node, needed);
        break;
    case KIND_ADD:
        print_arithmetic(p, node, "+", SUM, needed);
        break;
    case KIND_SUBTRACT:
        print_arithmetic(p, node, "-", SUM, needed);
        break;
    case KIND_MULTIPLY:
        print_arithmetic(p, node, "*", PRODUCT, needed);
        break;
    case KIND_DIVIDE:
        print_arithmetic(p, node, "/", PRODUCT, needed);
        break;
    case KIND_REMAINDER:
        print_arithmetic(p, node, "%", PRODUCT, needed);
        break;
    case KIND_NEGATE:
    case KIND_PLUS:
        print_sign(p, node, needed);
        break;
    case KIND_CASE:
        print_case(p, node, type);
        break;
    case KIND_COALESCE:
    case KIND_NULLIF:
    case KIND_LEAST:
    case KIND_GREATEST:
        print_choice(p, node, type);
        break;
    case KIND_AS_NUMBER:
        print_as_number(p, node, needed);
        break;
    case KIND_AS_TEXT:
        print_text(p, node->parts[0], needed);
        break;
    case KIND_CALL:
        print_call(p, node);
        break;
    }
}

/* ---- the interface ---- */

void sql_condition(const Expression *condition, const SqlScope *scope, Buffer *out)
{
    print(&(Printer){scope, out}, condition, TYPE_TRUTH, WEAKEST);
}

static void print_rounded(const Printer *p, const Expression *node, int32_t places)
{
    bool ratio = number_form(p->scope, node) == SQL_RATIO;
    buffer_text(p->out, ratio ? "rounded(" : "round(");
    print_number(p, node, ratio ? SQL_RATIO : SQL_NUMERIC, WEAKEST);
    buffer_format(p->out, ", %d)", (int)places);
}

SqlForm sql_cell(const Expression *expression, const SqlScope *scope, int32_t places, Buffer *out)
{
    Printer p = {scope, out};
    if (expression->kind == KIND_COLUMN) {
        sql_identifier(column_of(scope, expression)->name, out);
        return column_of(scope, expression)->form;
    }
    SqlForm form = form_of(scope, expression, TYPE_TEXT);
    if (form == SQL_TEXT || form == SQL_TRUTH) {
        print_bytewise(&p, expression, WEAKEST);
        return SQL_TEXT;
    }
    if (places >= 0)
        print_rounded(&p, expression, places);
    else
        print_settled(&p, expression, WEAKEST);
    return form == SQL_INTEGER && places < 0 ? SQL_INTEGER : SQL_NUMERIC;
}

void sql_key(const Expression *expression, const SqlScope *scope, Buffer *out)
{
    Printer p = {scope, out};
    if (form_of(scope, expression, TYPE_NUMBER) == SQL_TEXT)
        print_bytewise(&p, expression, WEAKEST);
    else if (expression->type == TYPE_TRUTH)
        print(&p, expression, TYPE_TRUTH, WEAKEST);
    else
        print_settled(&p, expression, WEAKEST);
}
