/*
 * Parser: from words to an untyped tree, by recursive descent.
 */
#ifndef EXPR_PARSER_H
#define EXPR_PARSER_H

#include "expr/lexer.h"

typedef struct Parser {
    Lexer lexer;
    Token now;
    const Parameters *parameters; /* may be NULL */
    Arena *arena;
    bool begun;     /* something has been read */
    bool summaries; /* they may stand here */
    bool inside_summary;
    unsigned depth;
} Parser;

/* Copies the text into the arena and reads the first word. Fails as usage on text too long or not
 * UTF-8. */
Parser parser_open(const Source *source, Arena *arena);

Expression *parser_expression(Parser *parser);

bool parser_at_word(const Parser *parser, const char *keyword);
bool parser_at_symbol(const Parser *parser, const char *symbol);

/* Moves on if that keyword or symbol stands here. */
bool parser_accept_word(Parser *parser, const char *keyword);
bool parser_accept_symbol(Parser *parser, const char *symbol);

void parser_advance(Parser *parser);

/* Moves on behind it, or fails naming it and `where` it is due: "at the end of the list". */
void parser_expect_word(Parser *parser, const char *keyword, const char *where);
void parser_expect_symbol(Parser *parser, const char *symbol, const char *where);

/* The name behind `as`. */
const char *parser_name(Parser *parser);

/* What stands here cannot. */
_Noreturn void parser_unexpected(const Parser *parser);

/* Fails unless everything has been read. */
void parser_finish(const Parser *parser);

/* --- within the parser (parser.c) --- */

#define PARSER_FAIL(parser, offset, ...) origin_fail((parser)->lexer.origin, (offset), __VA_ARGS__)

/* What stands here, for messages. */
const char *parser_token(const Parser *parser);

/* One level deeper: counted, so that no text can exhaust the stack. The caller takes it off again.
 */
void parser_enter(Parser *parser);

Expression *parser_node(Parser *parser, Kind kind, size_t at, size_t count);
Expression *parser_unary(Parser *parser, Kind kind, size_t at, Expression *part);
Expression *parser_binary(Parser *parser, Kind kind, size_t at, Expression *left,
                          Expression *right);

/* Parts whose number is not known before they are read. */
typedef struct Parts {
    Expression **items;
    size_t count, room;
} Parts;

void parser_add(Parser *parser, Parts *parts, Expression *part);
Expression *parser_node_of(Parser *parser, Kind kind, size_t at, const Parts *parts);

/* --- primary.c --- */

Expression *parser_primary(Parser *parser);

/* The parameter whose name stands here; fails as usage when it is not bound. */
const Parameter *parser_parameter(Parser *parser);

/* The values of the list whose name stands here, and moves on. */
void parser_add_list(Parser *parser, Parts *parts);

#endif
