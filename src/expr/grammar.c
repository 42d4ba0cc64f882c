/*
 * Grammar: the operators, strongest first; the table of precedence is in expression.h.
 */
#include "expr/parser.h"

static Expression *parse_sign(Parser *parser)
{
    size_t at = parser->now.at;
    bool minus = parser_at_symbol(parser, "-");
    if (!minus && !parser_at_symbol(parser, "+"))
        return parser_primary(parser);
    parser_advance(parser);
    parser_enter(parser);
    Expression *part = parse_sign(parser);
    parser->depth--;
    return parser_unary(parser, minus ? KIND_NEGATE : KIND_PLUS, at, part);
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
        parser_advance(parser);
        left = parser_binary(parser, operator->kind, at, left, stronger(parser));
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
    Expression *node = parser_node(parser, KIND_BETWEEN, at, 3);
    node->parts[0] = value;
    node->parts[1] = parse_join(parser);
    parser_expect_word(parser, "and", "behind between");
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
    parser_add(parser, &parts, value);
    if (parser->now.kind == TOKEN_PARAMETER) {
        if (!at_list(parser))
            PARSER_FAIL(parser, parser->now.at, "parameter %s is not bound to a list (as in -p %s)",
                        (parser_parameter(parser), parser_token(parser)), "NAME=(1, 2)");
        parser_add_list(parser, &parts);
        return parser_node_of(parser, KIND_IN, at, &parts);
    }
    parser_expect_symbol(parser, "(", "behind in");
    do {
        if (at_list(parser))
            parser_add_list(parser, &parts);
        else
            parser_add(parser, &parts, parser_expression(parser));
    } while (parser_accept_symbol(parser, ","));
    parser_expect_symbol(parser, ")", "at the end of the list");
    return parser_node_of(parser, KIND_IN, at, &parts);
}

static Expression *parse_like(Parser *parser, size_t at, Expression *value, bool folds)
{
    Expression *node = parser_binary(parser, KIND_LIKE, at, value, parse_join(parser));
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
        PARSER_FAIL(parser, at,
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
    parser_advance(parser);
    Expression *node = parser_binary(parser, operator->kind, at, left, parse_range(parser));
    if (operator_here(parser, operators) != NULL)
        PARSER_FAIL(parser, parser->now.at,
                    "comparisons do not chain: write a < b and b < c, or use parentheses");
    return node;
}

static Expression *parse_is(Parser *parser)
{
    Expression *value = parse_comparison(parser);
    while (parser_at_word(parser, "is")) {
        size_t at = parser->now.at;
        parser_advance(parser);
        bool negated = parser_accept_word(parser, "not");
        if (!parser_accept_word(parser, "null"))
            PARSER_FAIL(parser, parser->now.at, "is must be followed by null or not null");
        value = parser_unary(parser, KIND_IS_NULL, at, value);
        value->negated = negated;
    }
    return value;
}

static Expression *parse_not(Parser *parser)
{
    size_t at = parser->now.at;
    if (!parser_accept_word(parser, "not"))
        return parse_is(parser);
    parser_enter(parser);
    Expression *part = parse_not(parser);
    parser->depth--;
    return parser_unary(parser, KIND_NOT, at, part);
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
    parser_add(parser, &parts, first);
    while (parser_accept_word(parser, keyword))
        parser_add(parser, &parts, stronger(parser));
    return parser_node_of(parser, kind, at, &parts);
}

static Expression *parse_and(Parser *parser)
{
    return parse_logic(parser, "and", KIND_AND, parse_not);
}

Expression *parser_expression(Parser *parser)
{
    parser_enter(parser);
    Expression *expression = parse_logic(parser, "or", KIND_OR, parse_and);
    parser->depth--;
    return expression;
}
