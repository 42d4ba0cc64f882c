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

/* The name behind `as`. */
const char *parser_name(Parser *parser);

/* What stands here cannot. */
_Noreturn void parser_unexpected(const Parser *parser);

/* Fails unless everything has been read. */
void parser_finish(const Parser *parser);

#endif
