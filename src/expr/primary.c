/*
 * Primary: what operators stand between - constants, columns, parameters, functions, case.
 */
#include "base/diagnostic.h"
#include "expr/functions.h"
#include "expr/parser.h"

static Expression *number_node(Parser *parser, size_t at, Decimal number)
{
    Expression *node = parser_node(parser, KIND_NUMBER, at, 0);
    node->number = number_of(number);
    return node;
}

static Expression *text_node(Parser *parser, size_t at, Span text)
{
    Expression *node = parser_node(parser, text.size == 0 ? KIND_NULL : KIND_TEXT, at, 0);
    node->text = text;
    return node;
}

static Expression *parse_number(Parser *parser)
{
    Token now = parser->now;
    Decimal number;
    if (decimal_read(now.value, &number, parser->arena) != DECIMAL_READ)
        PARSER_FAIL(parser, now.at, "number has more than %d digits: %s", (int)DECIMAL_MAX_DIGITS,
                    parser_token(parser));
    parser_advance(parser);
    return number_node(parser, now.at, number);
}

static Expression *column_node(Parser *parser, bool quoted)
{
    Token now = parser->now;
    if (now.value.size == 0)
        PARSER_FAIL(parser, now.at, "a column name must not be empty");
    Expression *node = parser_node(parser, KIND_COLUMN, now.at, 0);
    node->text = (Span){arena_copy(parser->arena, now.value.at, now.value.size), now.value.size};
    node->quoted = quoted;
    parser_advance(parser);
    return node;
}

const Parameter *parser_parameter(Parser *parser)
{
    Token now = parser->now;
    static const Parameters none;
    const Parameters *all = parser->parameters != NULL ? parser->parameters : &none;
    const Parameter *parameter = parameters_find(all, now.value);
    if (parameter == NULL)
        PARSER_FAIL(parser, now.at, "parameter %s is not bound%s", parser_token(parser),
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
    const Parameter *parameter = parser_parameter(parser);
    if (parameter->list)
        PARSER_FAIL(parser, now.at, "parameter %s is a list, which stands behind in only",
                    parser_token(parser));
    parser_advance(parser);
    return parameter_value(parser, now.at, parameter, &parameter->values[0]);
}

void parser_add_list(Parser *parser, Parts *parts)
{
    const Parameter *parameter = parser_parameter(parser);
    for (size_t i = 0; i < parameter->count; i++)
        parser_add(parser, parts,
                   parameter_value(parser, parser->now.at, parameter, &parameter->values[i]));
    parser_advance(parser);
}

static void parse_arguments(Parser *parser, Parts *parts)
{
    if (parser_accept_symbol(parser, ")"))
        return;
    do
        parser_add(parser, parts, parser_expression(parser));
    while (parser_accept_symbol(parser, ","));
    parser_expect_symbol(parser, ")", "at the end of the arguments");
}

/* replace(x, ',', '') takes away: the one place where an empty text is not the same as null. */
static void keep_empty_replacement(const Function *function, Parts *parts)
{
    if (strcmp(function->name, "replace") == 0 && parts->count == 3 &&
        parts->items[2]->kind == KIND_NULL && parts->items[2]->text.at != NULL)
        parts->items[2]->kind = KIND_TEXT;
}

static const Function *function_named(const Parser *parser, Token name)
{
    const Function *function = function_find(name.value);
    if (function != NULL)
        return function;
    PARSER_FAIL(parser, name.at, "unknown function: %s%s", shown(name.value.at, name.value.size),
                function_suggestion(name.value));
}

static Expression *parse_function(Parser *parser, Token name)
{
    const Function *function = function_named(parser, name);
    Parts parts = {0};
    parse_arguments(parser, &parts);
    if (parts.count < function->least || parts.count > function->most)
        PARSER_FAIL(parser, name.at, "%s takes other arguments: %s", function->name,
                    function->usage);
    keep_empty_replacement(function, &parts);
    Expression *node = parser_node_of(parser, function->kind, name.at, &parts);
    node->function = function;
    return node;
}

static void refuse_summary(Parser *parser, Token name)
{
    const char *word = shown(name.value.at, name.value.size);
    if (parser->inside_summary)
        PARSER_FAIL(parser, name.at, "summaries do not nest: %s stands inside another", word);
    if (!parser->summaries)
        PARSER_FAIL(parser, name.at, "%s is a summary of many rows, which aggregate makes%s", word,
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
        parser_expect_symbol(parser, ")", "behind count(*");
    } else {
        if (function == SUMMARY_COUNT && parser_accept_word(parser, "distinct"))
            function = SUMMARY_COUNT_DISTINCT;
        parse_arguments(parser, &parts);
    }
    parser->inside_summary = false;
    if (parts.count != expected)
        PARSER_FAIL(parser, name.at, "%s takes %s", summary_name(function),
                    function == SUMMARY_QUANTILE ? "two arguments: quantile(x, p)"
                    : function == SUMMARY_COUNT  ? "one argument, or *: count(*)"
                                                 : "one argument");
    Expression *node = parser_node_of(parser, KIND_SUMMARY, name.at, &parts);
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
        parser_advance(parser);
        parser_advance(parser);
        return summary_find(name.value, &summary) ? parse_summary(parser, name, summary)
                                                  : parse_function(parser, name);
    }
    if (word_reserved(name.value))
        parser_unexpected(parser);
    return column_node(parser, false);
}

static Expression *truth_node(Parser *parser, bool truth)
{
    Expression *node = parser_node(parser, KIND_TRUTH, parser->now.at, 0);
    node->truth = truth;
    parser_advance(parser);
    return node;
}

static Expression *parse_case(Parser *parser)
{
    size_t at = parser->now.at;
    Parts parts = {0};
    parser_advance(parser);
    bool simple = !parser_at_word(parser, "when");
    if (simple)
        parser_add(parser, &parts, parser_expression(parser));
    parser_expect_word(parser, "when", "in case");
    do {
        parser_add(parser, &parts, parser_expression(parser));
        parser_expect_word(parser, "then", "in case");
        parser_add(parser, &parts, parser_expression(parser));
    } while (parser_accept_word(parser, "when"));
    if (parser_accept_word(parser, "else"))
        parser_add(parser, &parts, parser_expression(parser));
    parser_expect_word(parser, "end", "at the end of case");
    Expression *node = parser_node_of(parser, KIND_CASE, at, &parts);
    node->simple = simple;
    return node;
}

static Expression *parse_parenthesis(Parser *parser)
{
    parser_advance(parser);
    Expression *inner = parser_expression(parser);
    parser_expect_symbol(parser, ")", "to close a parenthesis");
    return inner;
}

static Expression *parse_text(Parser *parser)
{
    Token now = parser->now;
    parser_advance(parser);
    return text_node(parser, now.at, now.value);
}

static Expression *parse_null(Parser *parser)
{
    Expression *node = parser_node(parser, KIND_NULL, parser->now.at, 0);
    parser_advance(parser);
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

Expression *parser_primary(Parser *parser)
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
