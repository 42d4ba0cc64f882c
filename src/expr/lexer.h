/*
 * Lexer: the words of an expression.
 */
#ifndef EXPR_LEXER_H
#define EXPR_LEXER_H

#include "base/memory.h"
#include "base/text.h"
#include "expr/tree.h"

typedef enum TokenKind {
    TOKEN_END,
    TOKEN_NUMBER,
    TOKEN_TEXT,      /* 'text' */
    TOKEN_WORD,      /* a keyword, function or column */
    TOKEN_QUOTED,    /* "column" */
    TOKEN_PARAMETER, /* :name */
    TOKEN_SYMBOL     /* ( ) , + - * / % || = <> < <= > >= ; != is given as <> */
} TokenKind;

typedef struct Token {
    TokenKind kind;
    size_t at;   /* offset of its first byte */
    size_t size; /* in the source */
    Span value;  /* quotes and colon taken away; NUL behind for QUOTED */
} Token;

typedef struct Lexer {
    const Origin *origin;
    Arena *arena;
    size_t at;
} Lexer;

/* The next token; fails as usage on what cannot be one. At the end it gives TOKEN_END for ever. */
Token lexer_next(Lexer *lexer);

/* Bytes of the name (letters, digits, _, anything past ASCII; no digit first) at the start. */
size_t name_length(Span text);

/* `word` is that keyword, in any case of its letters; `keyword` is lower case. */
bool word_is(Span word, const char *keyword);

/* A word that cannot be a column unless it is quoted. */
bool word_reserved(Span word);

#endif
