#include "expr/lexer.h"

#include "base/diagnostic.h"

static const char *const reserved[] = {
    "and",   "or",   "not",  "is",   "null", "true", "false", "in",  "between", "like",
    "ilike", "case", "when", "then", "else", "end",  "as",    "asc", "desc",    "distinct"};

static char lower(char byte)
{
    return (char)(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
}

bool word_is(Span word, const char *keyword)
{
    if (word.size != strlen(keyword))
        return false;
    for (size_t i = 0; i < word.size; i++)
        if (lower(word.at[i]) != keyword[i])
            return false;
    return true;
}

bool word_reserved(Span word)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (word_is(word, reserved[i]))
            return true;
    return false;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool begins_name(char byte)
{
    return (lower(byte) >= 'a' && lower(byte) <= 'z') || byte == '_' || (unsigned char)byte >= 0x80;
}

size_t name_length(Span text)
{
    if (text.size == 0 || !begins_name(text.at[0]))
        return 0;
    size_t size = 1;
    while (size < text.size && (begins_name(text.at[size]) || is_digit(text.at[size])))
        size++;
    return size;
}

/* What people write who come from other languages, or paste from a word processor. */
static const struct Foreign {
    const char *bytes;
    const char *advice;
} foreign[] = {
    {"==", "equality is written with one ="},
    {"&&", "write and"},
    {"--", "-- begins a comment in SQL; put a blank between the two"},
    {"/*", "comments are not part of the language"},
    {"**", "write power(x, y)"},
    {"::", "write number(x) or text(x)"},
    {"=>", "write >="},
    {"=<", "write <="},
    {"=~", "write like"},
    {"!~", "write not like"},
    {"!", "write not"},
    {"&", "write and"},
    {"~", "write like 'x%', or ilike for any case"},
    {"[", "a list stands in parentheses: x in (1, 2)"},
    {"{", "a list stands in parentheses: x in (1, 2)"},
    {"$", "a column goes by its name, a parameter is :name"},
    {";", "an expression ends without ;"},
    {"?", "write case when … then … else … end"},
    {"^", "write power(x, y)"},
    {"`", "a column name is quoted with \""},
    {"\xe2\x80\x98", "text is quoted with '"},
    {"\xe2\x80\x99", "text is quoted with '"},
    {"\xe2\x80\x9c", "text is quoted with ', a column name with \""},
    {"\xe2\x80\x9d", "text is quoted with ', a column name with \""},
    {"\xe2\x88\x92", "a minus is written -"},
    {"\xe2\x80\x93", "a minus is written -"},
    {"\xe2\x89\xa4", "write <="},
    {"\xe2\x89\xa5", "write >="},
    {"\xe2\x89\xa0", "write <>"},
    {"\xc3\x97", "write *"},
    {"\xc2\xa0", "this is a no-break space; write a plain one"},
};

static Span rest_of(const Lexer *lexer)
{
    return (Span){lexer->origin->text + lexer->at, lexer->origin->size - lexer->at};
}

static bool begins_with(Span text, const char *bytes)
{
    size_t size = strlen(bytes);
    return text.size >= size && memcmp(text.at, bytes, size) == 0;
}

static void refuse_foreign(const Lexer *lexer, Span rest)
{
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        const char *bytes = foreign[i].bytes;
        if (!begins_with(rest, bytes) || (strcmp(bytes, "!") == 0 && begins_with(rest, "!=")))
            continue;
        origin_fail(lexer->origin, lexer->at, "unexpected %s (%s)", shown(bytes, strlen(bytes)),
                    foreign[i].advice);
    }
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static Token token_of(Lexer *lexer, TokenKind kind, size_t size, Span value)
{
    Token token = {.kind = kind, .at = lexer->at, .size = size, .value = value};
    lexer->at += size;
    return token;
}

static size_t digits_at(Span text, size_t from)
{
    size_t i = from;
    while (i < text.size && is_digit(text.at[i]))
        i++;
    return i - from;
}

/* digits[.digits][e±digits], the grammar of cells without their sign. */
static Token lex_number(Lexer *lexer, Span rest)
{
    size_t size = digits_at(rest, 0);
    if (size < rest.size && rest.at[size] == '.') {
        size_t digits = digits_at(rest, size + 1);
        if (digits == 0)
            origin_fail(lexer->origin, lexer->at, "a number needs digits behind its point: %s",
                        shown(rest.at, size + 1));
        size += 1 + digits;
    }
    if (size < rest.size && lower(rest.at[size]) == 'e') {
        size_t sign =
            size + 1 < rest.size && (rest.at[size + 1] == '-' || rest.at[size + 1] == '+');
        size_t digits = digits_at(rest, size + 1 + sign);
        size += digits == 0 ? 0 : 1 + sign + digits;
    }
    Span behind = {rest.at + size, rest.size - size};
    size_t word = name_length(behind);
    if (word != 0)
        origin_fail(lexer->origin, lexer->at,
                    "neither a number nor a column: %s (a column of that name is written \"%s\")",
                    shown(rest.at, size + word), shown(rest.at, size + word));
    return token_of(lexer, TOKEN_NUMBER, size, (Span){rest.at, size});
}

/* Offset of the quote that closes the one in front, or the size. */
static size_t closing_quote(Span rest)
{
    char quote = rest.at[0];
    for (size_t i = 1; i < rest.size; i++) {
        if (rest.at[i] != quote)
            continue;
        if (i + 1 == rest.size || rest.at[i + 1] != quote)
            return i;
        i++;
    }
    return rest.size;
}

/* 'text' or "column", the quote doubled inside. */
static Token lex_quoted(Lexer *lexer, Span rest, TokenKind kind)
{
    size_t close = closing_quote(rest);
    if (close == rest.size)
        origin_fail(lexer->origin, lexer->at, "this %c is never closed", rest.at[0]);
    char *value = arena_take(lexer->arena, close);
    size_t length = 0;
    for (size_t i = 1; i < close; i++) {
        value[length++] = rest.at[i];
        if (rest.at[i] == rest.at[0])
            i++;
    }
    value[length] = '\0';
    return token_of(lexer, kind, close + 1, (Span){value, length});
}

static Token lex_parameter(Lexer *lexer, Span rest)
{
    size_t size = name_length((Span){rest.at + 1, rest.size - 1});
    if (size == 0)
        origin_fail(lexer->origin, lexer->at, "a parameter's name must follow the colon");
    return token_of(lexer, TOKEN_PARAMETER, size + 1, (Span){rest.at + 1, size});
}

static Token lex_symbol(Lexer *lexer, Span rest)
{
    static const char *const symbols[] = {"||", "<>", "<=", ">=", "(", ")", ",", "+",
                                          "-",  "*",  "/",  "%",  "=", "<", ">"};
    if (begins_with(rest, "!="))
        return token_of(lexer, TOKEN_SYMBOL, 2, SPAN("<>"));
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (begins_with(rest, symbols[i]))
            return token_of(lexer, TOKEN_SYMBOL, strlen(symbols[i]), span_of(symbols[i]));
    size_t size = utf8_length(rest.at, rest.size);
    origin_fail(lexer->origin, lexer->at, "unexpected %s%s", shown(rest.at, size == 0 ? 1 : size),
                rest.at[0] == '.' ? " (a number needs digits before its point)" : "");
}

Token lexer_next(Lexer *lexer)
{
    Span rest = rest_of(lexer);
    while (rest.size != 0 && is_blank(rest.at[0])) {
        lexer->at++;
        rest = rest_of(lexer);
    }
    if (rest.size == 0)
        return token_of(lexer, TOKEN_END, 0, (Span){0});
    refuse_foreign(lexer, rest);
    if (is_digit(rest.at[0]))
        return lex_number(lexer, rest);
    if (rest.at[0] == '\'')
        return lex_quoted(lexer, rest, TOKEN_TEXT);
    if (rest.at[0] == '"')
        return lex_quoted(lexer, rest, TOKEN_QUOTED);
    if (rest.at[0] == ':')
        return lex_parameter(lexer, rest);
    size_t size = name_length(rest);
    if (size != 0)
        return token_of(lexer, TOKEN_WORD, size, (Span){rest.at, size});
    return lex_symbol(lexer, rest);
}
