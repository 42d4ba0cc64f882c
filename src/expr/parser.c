#include "expr/parser.h"

#include <stdlib.h>

#include "base/diagnostic.h"
#include "expr/functions.h"

enum { TEXT_LIMIT = 64 * 1024, DEPTH_LIMIT = 200 };

static void advance(Parser *parser)
{
    parser->begun = parser->now.size != 0;
    parser->now = lexer_next(&parser->lexer);
}

Parser parser_open(const Source *source, Arena *arena)
{
    size_t size = strlen(source->text);
    if (size > TEXT_LIMIT)
        fail_usage("%s: longer than 64 KiB", source->label);
    Origin *origin = arena_take(arena, sizeof *origin);
    *origin = (Origin){.label = arena_copy(arena, source->label, strlen(source->label)),
                       .text = arena_copy(arena, source->text, size),
                       .size = size};
    size_t valid = utf8_valid(origin->text, size);
    if (valid != size)
        origin_fail(origin, valid, "not UTF-8: %s", shown(origin->text + valid, 1));
    Parser parser = {.lexer = {.origin = origin, .arena = arena},
                     .parameters = source->parameters,
                     .arena = arena};
    advance(&parser);
    return parser;
}

bool parser_at_word(const Parser *parser, const char *keyword)
{
    return parser->now.kind == TOKEN_WORD && word_is(parser->now.value, keyword);
}

bool parser_at_symbol(const Parser *parser, const char *symbol)
{
    return parser->now.kind == TOKEN_SYMBOL && span_equal(parser->now.value, span_of(symbol));
}

bool parser_accept_word(Parser *parser, const char *keyword)
{
    bool here = parser_at_word(parser, keyword);
    if (here)
        advance(parser);
    return here;
}

bool parser_accept_symbol(Parser *parser, const char *symbol)
{
    bool here = parser_at_symbol(parser, symbol);
    if (here)
        advance(parser);
    return here;
}

#define FAIL_AT(parser, offset, ...) origin_fail((parser)->lexer.origin, (offset), __VA_ARGS__)

static const char *token_shown(const Parser *parser)
{
    return shown(parser->lexer.origin->text + parser->now.at, parser->now.size);
}

_Noreturn void parser_unexpected(const Parser *parser)
{
    const Token *now = &parser->now;
    if (now->kind == TOKEN_END && !parser->begun)
        FAIL_AT(parser, 0, "nothing stands here");
    if (now->kind == TOKEN_END)
        FAIL_AT(parser, now->at, "something is missing at the end");
    if (now->kind == TOKEN_WORD && word_reserved(now->value))
        FAIL_AT(parser, now->at, "unexpected %s (a column of that name is written \"%s\")",
                token_shown(parser), token_shown(parser));
    if (now->kind == TOKEN_PARAMETER || now->kind == TOKEN_SYMBOL || now->kind == TOKEN_TEXT)
        FAIL_AT(parser, now->at, "unexpected %s", token_shown(parser));
    FAIL_AT(parser, now->at,
            "unexpected %s (text is written in single quotes, a column name with blanks in "
            "double ones)",
            token_shown(parser));
}

void parser_finish(const Parser *parser)
{
    if (parser->now.kind != TOKEN_END)
        parser_unexpected(parser);
}

static void expect_symbol(Parser *parser, const char *symbol, const char *where)
{
    if (parser_accept_symbol(parser, symbol))
        return;
    if (parser->now.kind == TOKEN_END)
        FAIL_AT(parser, parser->now.at, "%s is missing %s", symbol, where);
    FAIL_AT(parser, parser->now.at, "unexpected %s where %s is due %s", token_shown(parser), symbol,
            where);
}

static void expect_word(Parser *parser, const char *keyword, const char *where)
{
    if (parser_accept_word(parser, keyword))
        return;
    if (parser->now.kind == TOKEN_END)
        FAIL_AT(parser, parser->now.at, "%s is missing %s", keyword, where);
    FAIL_AT(parser, parser->now.at, "unexpected %s where %s is due %s", token_shown(parser),
            keyword, where);
}

const char *parser_name(Parser *parser)
{
    Token now = parser->now;
    if (now.kind != TOKEN_WORD && now.kind != TOKEN_QUOTED)
        FAIL_AT(parser, now.at,
                now.kind == TOKEN_END ? "a name is missing behind as"
                                      : "a name must stand behind as (one that is not a plain word "
                                        "in double quotes)");
    if (now.value.size == 0)
        FAIL_AT(parser, now.at, "a name must not be empty");
    advance(parser);
    return arena_copy(parser->arena, now.value.at, now.value.size);
}

static void enter(Parser *parser)
{
    if (++parser->depth > DEPTH_LIMIT)
        FAIL_AT(parser, parser->now.at, "more than %d levels one inside the other",
                (int)DEPTH_LIMIT);
}

static Expression *node_at(Parser *parser, Kind kind, size_t at, size_t count)
{
    return node_new(parser->arena, kind, parser->lexer.origin, at, count);
}

static Expression *binary(Parser *parser, Kind kind, size_t at, Expression *left, Expression *right)
{
    Expression *node = node_at(parser, kind, at, 2);
    node->parts[0] = left;
    node->parts[1] = right;
    return node_close(node);
}

static Expression *unary(Parser *parser, Kind kind, size_t at, Expression *part)
{
    Expression *node = node_at(parser, kind, at, 1);
    node->parts[0] = part;
    return node_close(node);
}

/* Parts whose number is not known before they are read; on the heap until they become a node. */
typedef struct Parts {
    Expression **items;
    size_t count, room;
} Parts;

static void parts_add(Parser *parser, Parts *parts, Expression *part)
{
    if (parts->count == parts->room) {
        size_t room = parts->room == 0 ? 4 : parts->room * 2;
        Expression **items = arena_array(parser->arena, room, sizeof *items);
        if (parts->count != 0)
            memcpy(items, parts->items, parts->count * sizeof *items);
        parts->items = items;
        parts->room = room;
    }
    parts->items[parts->count++] = part;
}

static Expression *node_of(Parser *parser, Kind kind, size_t at, const Parts *parts)
{
    Expression *node = node_at(parser, kind, at, 0);
    node->parts = parts->items;
    node->count = parts->count;
    return node_close(node);
}

/* --- constants, columns, functions --- */

static Expression *number_node(Parser *parser, size_t at, Decimal number)
{
    Expression *node = node_at(parser, KIND_NUMBER, at, 0);
    node->number = number_of(number);
    return node;
}

static Expression *text_node(Parser *parser, size_t at, Span text)
{
    Expression *node = node_at(parser, text.size == 0 ? KIND_NULL : KIND_TEXT, at, 0);
    node->text = text;
    return node;
}

static Expression *parse_number(Parser *parser)
{
    Token now = parser->now;
    Decimal number;
    if (decimal_read(now.value, &number, parser->arena) != DECIMAL_READ)
        FAIL_AT(parser, now.at, "number has more than %d digits: %s", (int)DECIMAL_MAX_DIGITS,
                token_shown(parser));
    advance(parser);
    return number_node(parser, now.at, number);
}

static Expression *column_node(Parser *parser, bool quoted)
{
    Token now = parser->now;
    if (now.value.size == 0)
        FAIL_AT(parser, now.at, "a column name must not be empty");
    Expression *node = node_at(parser, KIND_COLUMN, now.at, 0);
    node->text = (Span){arena_copy(parser->arena, now.value.at, now.value.size), now.value.size};
    node->quoted = quoted;
    advance(parser);
    return node;
}

static const Parameter *parameter_here(Parser *parser)
{
    Token now = parser->now;
    static const Parameters none;
    const Parameters *all = parser->parameters != NULL ? parser->parameters : &none;
    const Parameter *parameter = parameters_find(all, now.value);
    if (parameter == NULL)
        FAIL_AT(parser, now.at, "parameter %s is not bound%s", token_shown(parser),
                parameters_suggestion(all, now.value));
    return parameter;
}

static Expression *parameter_value(Parser *parser, size_t at, const Parameter *parameter,
                                   const ParameterValue *value)
{
    Expression *node = value->kind == PARAMETER_NUMBER
                           ? number_node(parser, at, decimal_keep(value->number, parser->arena))
                           : text_node(parser, at, (Span){0});
    if (value->kind == PARAMETER_TEXT) {
        size_t size = value->text.size;
        node = text_node(parser, at, (Span){arena_copy(parser->arena, value->text.at, size), size});
    }
    node->parameter = arena_copy(parser->arena, parameter->name, strlen(parameter->name));
    return node;
}

static Expression *parse_parameter(Parser *parser)
{
    Token now = parser->now;
    const Parameter *parameter = parameter_here(parser);
    if (parameter->list)
        FAIL_AT(parser, now.at, "parameter %s is a list, which stands behind in only",
                token_shown(parser));
    advance(parser);
    return parameter_value(parser, now.at, parameter, &parameter->values[0]);
}

static void add_list(Parser *parser, Parts *parts)
{
    const Parameter *parameter = parameter_here(parser);
    for (size_t i = 0; i < parameter->count; i++)
        parts_add(parser, parts,
                  parameter_value(parser, parser->now.at, parameter, &parameter->values[i]));
    advance(parser);
}

static void parse_arguments(Parser *parser, Parts *parts)
{
    if (parser_accept_symbol(parser, ")"))
        return;
    do
        parts_add(parser, parts, parser_expression(parser));
    while (parser_accept_symbol(parser, ","));
    expect_symbol(parser, ")", "at the end of the arguments");
}

static _Noreturn void refuse_function(Parser *parser, Token name)
{
    FAIL_AT(parser, name.at, "unknown function: %s%s", shown(name.value.at, name.value.size),
            function_suggestion(name.value));
}

/* replace(x, ',', '') takes away: the one place where an empty text is not the same as null. */
static void keep_empty_replacement(const Function *function, Parts *parts)
{
    if (strcmp(function->name, "replace") == 0 && parts->count == 3 &&
        parts->items[2]->kind == KIND_NULL && parts->items[2]->text.at != NULL)
        parts->items[2]->kind = KIND_TEXT;
}

static Expression *parse_function(Parser *parser, Token name)
{
    const Function *function = function_find(name.value);
    if (function == NULL)
        refuse_function(parser, name);
    Parts parts = {0};
    parse_arguments(parser, &parts);
    if (parts.count < function->least || parts.count > function->most)
        FAIL_AT(parser, name.at, "%s takes other arguments: %s", function->name, function->usage);
    keep_empty_replacement(function, &parts);
    Expression *node = node_of(parser, function->kind, name.at, &parts);
    node->function = function;
    return node;
}

static void refuse_summary(Parser *parser, Token name)
{
    const char *word = shown(name.value.at, name.value.size);
    if (parser->inside_summary)
        FAIL_AT(parser, name.at, "summaries do not nest: %s stands inside another", word);
    if (!parser->summaries)
        FAIL_AT(parser, name.at, "%s is a summary of many rows, which aggregate makes%s", word,
                word_is(name.value, "min")   ? " (of one row's values: least)"
                : word_is(name.value, "max") ? " (of one row's values: greatest)"
                                             : "");
}

/* The arguments of a summary, `*` and `distinct` taken out. */
static Expression *parse_summary(Parser *parser, Token name, SummaryFunction function)
{
    refuse_summary(parser, name);
    parser->inside_summary = true;
    Parts parts = {0};
    size_t expected = function == SUMMARY_QUANTILE ? 2 : 1;
    if (function == SUMMARY_COUNT && parser_accept_symbol(parser, "*")) {
        function = SUMMARY_COUNT_ROWS;
        expected = 0;
        expect_symbol(parser, ")", "behind count(*");
    } else {
        if (function == SUMMARY_COUNT && parser_accept_word(parser, "distinct"))
            function = SUMMARY_COUNT_DISTINCT;
        parse_arguments(parser, &parts);
    }
    parser->inside_summary = false;
    if (parts.count != expected)
        FAIL_AT(parser, name.at, "%s takes %s", summary_name(function),
                function == SUMMARY_QUANTILE ? "two arguments: quantile(x, p)"
                : function == SUMMARY_COUNT  ? "one argument, or *: count(*)"
                                             : "one argument");
    Expression *node = node_of(parser, KIND_SUMMARY, name.at, &parts);
    node->summary = function;
    return node;
}

static Expression *parse_word(Parser *parser)
{
    Token name = parser->now;
    SummaryFunction summary;
    Lexer behind = parser->lexer;
    if (parser->now.kind == TOKEN_WORD && lexer_next(&behind).kind == TOKEN_SYMBOL &&
        behind.origin->text[behind.at - 1] == '(' && !word_reserved(name.value)) {
        advance(parser);
        advance(parser);
        return summary_find(name.value, &summary) ? parse_summary(parser, name, summary)
                                                  : parse_function(parser, name);
    }
    if (word_reserved(name.value))
        parser_unexpected(parser);
    return column_node(parser, false);
}

static Expression *truth_node(Parser *parser, bool truth)
{
    Expression *node = node_at(parser, KIND_TRUTH, parser->now.at, 0);
    node->truth = truth;
    advance(parser);
    return node;
}

static Expression *parse_case(Parser *parser)
{
    size_t at = parser->now.at;
    Parts parts = {0};
    advance(parser);
    bool simple = !parser_at_word(parser, "when");
    if (simple)
        parts_add(parser, &parts, parser_expression(parser));
    expect_word(parser, "when", "in case");
    do {
        parts_add(parser, &parts, parser_expression(parser));
        expect_word(parser, "then", "in case");
        parts_add(parser, &parts, parser_expression(parser));
    } while (parser_accept_word(parser, "when"));
    if (parser_accept_word(parser, "else"))
        parts_add(parser, &parts, parser_expression(parser));
    expect_word(parser, "end", "at the end of case");
    Expression *node = node_of(parser, KIND_CASE, at, &parts);
    node->simple = simple;
    return node;
}

static Expression *parse_parenthesis(Parser *parser)
{
    advance(parser);
    Expression *inner = parser_expression(parser);
    expect_symbol(parser, ")", "to close a parenthesis");
    return inner;
}

static Expression *parse_text(Parser *parser)
{
    Token now = parser->now;
    advance(parser);
    return text_node(parser, now.at, now.value);
}

static Expression *parse_null(Parser *parser)
{
    Expression *node = node_at(parser, KIND_NULL, parser->now.at, 0);
    advance(parser);
    return node;
}

static Expression *parse_keyword_or_word(Parser *parser)
{
    if (parser_at_word(parser, "null"))
        return parse_null(parser);
    if (parser_at_word(parser, "true") || parser_at_word(parser, "false"))
        return truth_node(parser, parser_at_word(parser, "true"));
    if (parser_at_word(parser, "case"))
        return parse_case(parser);
    return parse_word(parser);
}

static Expression *parse_primary(Parser *parser)
{
    switch (parser->now.kind) {
    case TOKEN_NUMBER:
        return parse_number(parser);
    case TOKEN_TEXT:
        return parse_text(parser);
    case TOKEN_QUOTED:
        return column_node(parser, true);
    case TOKEN_PARAMETER:
        return parse_parameter(parser);
    case TOKEN_WORD:
        return parse_keyword_or_word(parser);
    default:
        if (parser_at_symbol(parser, "("))
            return parse_parenthesis(parser);
        parser_unexpected(parser);
    }
}

/* --- operators, strongest first; the table of precedence is in expression.h --- */

static Expression *parse_sign(Parser *parser)
{
    size_t at = parser->now.at;
    bool minus = parser_at_symbol(parser, "-");
    if (!minus && !parser_at_symbol(parser, "+"))
        return parse_primary(parser);
    advance(parser);
    enter(parser);
    Expression *part = parse_sign(parser);
    parser->depth--;
    return unary(parser, minus ? KIND_NEGATE : KIND_PLUS, at, part);
}

typedef struct Operator {
    const char *symbol;
    Kind kind;
} Operator;

static const Operator *operator_here(const Parser *parser, const Operator *operators)
{
    for (; operators->symbol != NULL; operators++)
        if (parser_at_symbol(parser, operators->symbol))
            return operators;
    return NULL;
}

static Expression *parse_chain(Parser *parser, const Operator *operators,
                               Expression *(*stronger)(Parser *))
{
    Expression *left = stronger(parser);
    const Operator *operator;
    while ((operator= operator_here(parser, operators)) != NULL) {
        size_t at = parser->now.at;
        advance(parser);
        left = binary(parser, operator->kind, at, left, stronger(parser));
    }
    return left;
}

static Expression *parse_product(Parser *parser)
{
    static const Operator operators[] = {
        {"*", KIND_MULTIPLY}, {"/", KIND_DIVIDE}, {"%", KIND_REMAINDER}, {NULL, KIND_NULL}};
    return parse_chain(parser, operators, parse_sign);
}

static Expression *parse_sum(Parser *parser)
{
    static const Operator operators[] = {{"+", KIND_ADD}, {"-", KIND_SUBTRACT}, {NULL, KIND_NULL}};
    return parse_chain(parser, operators, parse_product);
}

static Expression *parse_join(Parser *parser)
{
    static const Operator operators[] = {{"||", KIND_JOIN}, {NULL, KIND_NULL}};
    return parse_chain(parser, operators, parse_sum);
}

static Expression *parse_between(Parser *parser, size_t at, Expression *value)
{
    Expression *node = node_at(parser, KIND_BETWEEN, at, 3);
    node->parts[0] = value;
    node->parts[1] = parse_join(parser);
    expect_word(parser, "and", "behind between");
    node->parts[2] = parse_join(parser);
    return node_close(node);
}

static bool at_list(const Parser *parser)
{
    if (parser->now.kind != TOKEN_PARAMETER || parser->parameters == NULL)
        return false;
    const Parameter *parameter = parameters_find(parser->parameters, parser->now.value);
    return parameter != NULL && parameter->list;
}

static Expression *parse_in(Parser *parser, size_t at, Expression *value)
{
    Parts parts = {0};
    parts_add(parser, &parts, value);
    if (parser->now.kind == TOKEN_PARAMETER) {
        if (!at_list(parser))
            FAIL_AT(parser, parser->now.at, "parameter %s is not bound to a list (as in -p %s)",
                    (parameter_here(parser), token_shown(parser)), "NAME=(1, 2)");
        add_list(parser, &parts);
        return node_of(parser, KIND_IN, at, &parts);
    }
    expect_symbol(parser, "(", "behind in");
    do {
        if (at_list(parser))
            add_list(parser, &parts);
        else
            parts_add(parser, &parts, parser_expression(parser));
    } while (parser_accept_symbol(parser, ","));
    expect_symbol(parser, ")", "at the end of the list");
    return node_of(parser, KIND_IN, at, &parts);
}

static Expression *parse_like(Parser *parser, size_t at, Expression *value, bool folds)
{
    Expression *node = binary(parser, KIND_LIKE, at, value, parse_join(parser));
    node->folds = folds;
    return node;
}

/* between, in, like and their negations */
static Expression *parse_range(Parser *parser)
{
    Expression *value = parse_join(parser);
    size_t at = parser->now.at;
    bool negated = parser_accept_word(parser, "not");
    Expression *node;
    if (parser_accept_word(parser, "between"))
        node = parse_between(parser, at, value);
    else if (parser_accept_word(parser, "in"))
        node = parse_in(parser, at, value);
    else if (parser_accept_word(parser, "like"))
        node = parse_like(parser, at, value, false);
    else if (parser_accept_word(parser, "ilike"))
        node = parse_like(parser, at, value, true);
    else if (negated)
        FAIL_AT(parser, at,
                "not must be followed by in, like or between here (or stand in front "
                "of the whole condition)");
    else
        return value;
    node->negated = negated;
    return node;
}

static Expression *parse_comparison(Parser *parser)
{
    static const Operator operators[] = {
        {"=", KIND_EQUAL},          {"<>", KIND_UNEQUAL}, {"<=", KIND_LESS_EQUAL}, {"<", KIND_LESS},
        {">=", KIND_GREATER_EQUAL}, {">", KIND_GREATER},  {NULL, KIND_NULL}};
    Expression *left = parse_range(parser);
    const Operator *operator= operator_here(parser, operators);
    if (operator== NULL)
        return left;
    size_t at = parser->now.at;
    advance(parser);
    Expression *node = binary(parser, operator->kind, at, left, parse_range(parser));
    if (operator_here(parser, operators) != NULL)
        FAIL_AT(parser, parser->now.at,
                "comparisons do not chain: write a < b and b < c, or use parentheses");
    return node;
}

static Expression *parse_is(Parser *parser)
{
    Expression *value = parse_comparison(parser);
    while (parser_at_word(parser, "is")) {
        size_t at = parser->now.at;
        advance(parser);
        bool negated = parser_accept_word(parser, "not");
        if (!parser_accept_word(parser, "null"))
            FAIL_AT(parser, parser->now.at, "is must be followed by null or not null");
        value = unary(parser, KIND_IS_NULL, at, value);
        value->negated = negated;
    }
    return value;
}

static Expression *parse_not(Parser *parser)
{
    size_t at = parser->now.at;
    if (!parser_accept_word(parser, "not"))
        return parse_is(parser);
    enter(parser);
    Expression *part = parse_not(parser);
    parser->depth--;
    return unary(parser, KIND_NOT, at, part);
}

/* `and` and `or`: all the parts of a chain become one node. */
static Expression *parse_logic(Parser *parser, const char *keyword, Kind kind,
                               Expression *(*stronger)(Parser *))
{
    Expression *first = stronger(parser);
    if (!parser_at_word(parser, keyword))
        return first;
    size_t at = parser->now.at;
    Parts parts = {0};
    parts_add(parser, &parts, first);
    while (parser_accept_word(parser, keyword))
        parts_add(parser, &parts, stronger(parser));
    return node_of(parser, kind, at, &parts);
}

static Expression *parse_and(Parser *parser)
{
    return parse_logic(parser, "and", KIND_AND, parse_not);
}

Expression *parser_expression(Parser *parser)
{
    enter(parser);
    Expression *expression = parse_logic(parser, "or", KIND_OR, parse_and);
    parser->depth--;
    return expression;
}
