#include "expr/parser.h"

#include "base/diagnostic.h"

enum { TEXT_LIMIT = 64 * 1024, DEPTH_LIMIT = 200 };

void parser_advance(Parser *parser)
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
    parser_advance(&parser);
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
        parser_advance(parser);
    return here;
}

bool parser_accept_symbol(Parser *parser, const char *symbol)
{
    bool here = parser_at_symbol(parser, symbol);
    if (here)
        parser_advance(parser);
    return here;
}

const char *parser_token(const Parser *parser)
{
    return shown(parser->lexer.origin->text + parser->now.at, parser->now.size);
}

/* 2,001 */
static bool parts_thousands(const Parser *parser)
{
    const Origin *origin = parser->lexer.origin;
    size_t at = parser->now.at, digits = 0;
    while (at + 1 + digits < origin->size && origin->text[at + 1 + digits] >= '0' &&
           origin->text[at + 1 + digits] <= '9')
        digits++;
    return at > 0 && origin->text[at] == ',' && origin->text[at - 1] >= '0' &&
           origin->text[at - 1] <= '9' && digits == 3;
}

_Noreturn void parser_unexpected(const Parser *parser)
{
    const Token *now = &parser->now;
    if (now->kind == TOKEN_END && !parser->begun)
        PARSER_FAIL(parser, 0, "nothing stands here");
    if (now->kind == TOKEN_END)
        PARSER_FAIL(parser, now->at, "something is missing at the end");
    if (now->kind == TOKEN_WORD && word_reserved(now->value))
        PARSER_FAIL(parser, now->at, "unexpected %s (a column of that name is written \"%s\")",
                    parser_token(parser), parser_token(parser));
    if (parts_thousands(parser))
        PARSER_FAIL(parser, now->at, "unexpected , (numbers have no marks between thousands)");
    if (now->kind == TOKEN_PARAMETER || now->kind == TOKEN_SYMBOL || now->kind == TOKEN_TEXT)
        PARSER_FAIL(parser, now->at, "unexpected %s", parser_token(parser));
    PARSER_FAIL(parser, now->at,
                "unexpected %s (text is written in single quotes, a column name with blanks in "
                "double ones)",
                parser_token(parser));
}

void parser_finish(const Parser *parser)
{
    if (parser->now.kind != TOKEN_END)
        parser_unexpected(parser);
}

void parser_expect_symbol(Parser *parser, const char *symbol, const char *where)
{
    if (parser_accept_symbol(parser, symbol))
        return;
    if (parser->now.kind == TOKEN_END)
        PARSER_FAIL(parser, parser->now.at, "%s is missing %s", symbol, where);
    PARSER_FAIL(parser, parser->now.at, "unexpected %s where %s is due %s", parser_token(parser),
                symbol, where);
}

void parser_expect_word(Parser *parser, const char *keyword, const char *where)
{
    if (parser_accept_word(parser, keyword))
        return;
    if (parser->now.kind == TOKEN_END)
        PARSER_FAIL(parser, parser->now.at, "%s is missing %s", keyword, where);
    PARSER_FAIL(parser, parser->now.at, "unexpected %s where %s is due %s", parser_token(parser),
                keyword, where);
}

const char *parser_name(Parser *parser)
{
    Token now = parser->now;
    if (now.kind != TOKEN_WORD && now.kind != TOKEN_QUOTED)
        PARSER_FAIL(parser, now.at,
                    now.kind == TOKEN_END
                        ? "a name is missing behind as"
                        : "a name must stand behind as (one that is not a plain word "
                          "in double quotes)");
    if (now.value.size == 0)
        PARSER_FAIL(parser, now.at, "a name must not be empty");
    parser_advance(parser);
    return arena_copy(parser->arena, now.value.at, now.value.size);
}

void parser_enter(Parser *parser)
{
    if (++parser->depth > DEPTH_LIMIT)
        PARSER_FAIL(parser, parser->now.at, "more than %d levels one inside the other",
                    (int)DEPTH_LIMIT);
}

Expression *parser_node(Parser *parser, Kind kind, size_t at, size_t count)
{
    return node_new(parser->arena, kind, parser->lexer.origin, at, count);
}

Expression *parser_binary(Parser *parser, Kind kind, size_t at, Expression *left, Expression *right)
{
    Expression *node = parser_node(parser, kind, at, 2);
    node->parts[0] = left;
    node->parts[1] = right;
    return node_close(node);
}

Expression *parser_unary(Parser *parser, Kind kind, size_t at, Expression *part)
{
    Expression *node = parser_node(parser, kind, at, 1);
    node->parts[0] = part;
    return node_close(node);
}

void parser_add(Parser *parser, Parts *parts, Expression *part)
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

Expression *parser_node_of(Parser *parser, Kind kind, size_t at, const Parts *parts)
{
    Expression *node = parser_node(parser, kind, at, 0);
    node->parts = parts->items;
    node->count = parts->count;
    return node_close(node);
}
