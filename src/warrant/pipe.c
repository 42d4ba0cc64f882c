#include "warrant/pipe.h"

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/option.h"
#include "base/text.h"
#include "warrant/toolkit.h"

typedef enum TokenKind { TOKEN_WORD, TOKEN_BAR, TOKEN_LINE, TOKEN_END } TokenKind;

typedef struct Token {
    TokenKind kind;
    const char *at; /* where it begins in the text */
    char *word;
} Token;

typedef struct Lexer {
    const Passage *passage;
    const char *at;
    char *out; /* where words are put together: a word is never longer than what it is read from */
    Token token; /* the newest */
} Lexer;

static _Noreturn void refuse(const Lexer *lexer, const char *at, const char *why)
{
    Mark mark = passage_mark(lexer->passage, (size_t)(at - lexer->passage->text));
    place_fail(lexer->passage->file, mark, "%s: %s", shown(at, 1), why);
}

static _Noreturn void fail_at(const Lexer *lexer, const char *at, const char *what)
{
    Mark mark = passage_mark(lexer->passage, (size_t)(at - lexer->passage->text));
    place_fail(lexer->passage->file, mark, "%s", what);
}

static void lex_single_quotes(Lexer *lexer)
{
    const char *open = lexer->at++;
    while (*lexer->at != '\'') {
        if (*lexer->at == '\0')
            fail_at(lexer, open, "a single quote that is never closed");
        *lexer->out++ = *lexer->at++;
    }
    lexer->at++;
}

/* A backslash in double quotes stands for itself unless one of these follows. */
static void lex_double_backslash(Lexer *lexer)
{
    char next = lexer->at[1];
    if (next == '\0' || strchr("\"\\$`\n", next) == NULL) {
        *lexer->out++ = *lexer->at++;
        return;
    }
    if (next != '\n')
        *lexer->out++ = next;
    lexer->at += 2;
}

static void lex_double_quotes(Lexer *lexer)
{
    const char *open = lexer->at++;
    while (*lexer->at != '"') {
        if (*lexer->at == '\0')
            fail_at(lexer, open, "a double quote that is never closed");
        if (*lexer->at == '$' || *lexer->at == '`')
            refuse(lexer, lexer->at,
                   "there is no shell here to replace it (a parameter is :NAME; for the character "
                   "itself use single quotes)");
        if (*lexer->at == '\\')
            lex_double_backslash(lexer);
        else
            *lexer->out++ = *lexer->at++;
    }
    lexer->at++;
}

static void lex_backslash(Lexer *lexer)
{
    char next = lexer->at[1];
    if (next == '\0')
        fail_at(lexer, lexer->at, "a backslash with nothing behind it");
    if (next != '\n')
        *lexer->out++ = next;
    lexer->at += 2;
}

static void lex_word(Lexer *lexer)
{
    lexer->token.word = lexer->out;
    while (strchr(" \t\r\n|", *lexer->at) == NULL) {
        if (*lexer->at == '\'')
            lex_single_quotes(lexer);
        else if (*lexer->at == '"')
            lex_double_quotes(lexer);
        else if (*lexer->at == '\\')
            lex_backslash(lexer);
        else if (strchr("$;><*?[&`~(){}!", *lexer->at) != NULL)
            refuse(lexer, lexer->at, "there is no shell here to act on it (quote the argument)");
        else
            *lexer->out++ = *lexer->at++;
    }
    *lexer->out++ = '\0';
}

static void skip_blanks(Lexer *lexer)
{
    for (;;) {
        lexer->at += strspn(lexer->at, " \t\r");
        if (*lexer->at == '#')
            lexer->at += strcspn(lexer->at, "\n");
        else if (lexer->at[0] == '\\' && lexer->at[1] == '\n')
            lexer->at += 2;
        else
            return;
    }
}

static void next_token(Lexer *lexer)
{
    skip_blanks(lexer);
    Token *token = &lexer->token;
    token->at = lexer->at;
    switch (*lexer->at) {
    case '\0':
        token->kind = TOKEN_END;
        return;
    case '\n':
        token->kind = TOKEN_LINE;
        lexer->at++;
        return;
    case '|':
        token->kind = TOKEN_BAR;
        lexer->at++;
        return;
    default:
        token->kind = TOKEN_WORD;
        lex_word(lexer);
    }
}

/* A word takes its own bytes and a NUL, for which the blank behind it or the text's NUL has room.
 */
static Lexer lexer_start(const Passage *passage, Arena *arena)
{
    Lexer lexer = {.passage = passage, .at = passage->text};
    lexer.out = arena_take(arena, strlen(passage->text) * 2 + 2);
    next_token(&lexer);
    return lexer;
}

static const Specification *find_filter(const Lexer *lexer, const char *at, const char *name)
{
    const Specification *filter = specification_find(name);
    if (filter != NULL)
        return filter;
    const char *names[64];
    size_t count = 0;
    while (count < 64 && specifications[count] != NULL) {
        names[count] = specifications[count]->name;
        count++;
    }
    Mark mark = passage_mark(lexer->passage, (size_t)(at - lexer->passage->text));
    const char *suggestion = text_suggestion(span_of(name), names, count);
    place_fail(lexer->passage->file, mark, "unknown filter: %s%s", shown(name, strlen(name)),
               *suggestion != '\0' ? suggestion : " (a pipe runs this toolkit's filters only)");
}

static void take_tables(Stage *stage, const CommandLine *line)
{
    size_t count = 0;
    for (size_t i = 0; i < line->given_count; i++) {
        if (!(line->given[i].option->flags & OPTION_SOURCE))
            continue;
        if (count + 1 == sizeof stage->tables / sizeof *stage->tables)
            fail_usage("more than %zu other tables", count);
        stage->tables[count++] = line->given[i].value;
    }
}

static void check_operands(const Specification *filter, const CommandLine *line)
{
    size_t wanted = specification_arguments(filter, line);
    if (line->operand_count < wanted)
        fail_usage("%s is missing", line->operand_count == 0 ? filter->argument : filter->second);
    if (line->operand_count == wanted)
        return;
    const char *file = line->operands[wanted];
    if (wanted != 1)
        fail_usage("a filter in a pipe takes no FILE: %s", shown(file, strlen(file)));
    fail_usage("a filter in a pipe takes no FILE: %s (if it belongs to %s, quote the whole)",
               shown(file, strlen(file)), filter->argument);
}

static void check_command(Stage *stage, CommandLine *line)
{
    const Option *const tables[] = {stage->filter->options, common_options, NULL};
    command_line_parse(line, (int)stage->word_count, stage->words, tables);
    for (size_t i = 0; i < line->given_count; i++)
        if (line->given[i].option->flags & OPTION_NOT_IN_PIPES)
            fail_usage("--%s has no place in a pipe: it is the runner's business",
                       line->given[i].option->name);
    check_operands(stage->filter, line);
    take_tables(stage, line);
}

/* The filter's own usage errors get the command's place in the file. */
static void check_stage(Stage *stage, const char *file)
{
    CommandLine *line = memory_zeroed(1, sizeof *line);
    Trap trap;
    volatile bool good = false;
    if (TRAP_SET(&trap)) {
        check_command(stage, line);
        trap_end(&trap);
        good = true;
    }
    command_line_free(line);
    free(line);
    if (!good)
        place_fail(file, stage->mark, "%s: %s", stage->filter->name, trap.message);
}

/* Words up to a token that is none, the first a filter's name; `words` has room for them all. */
static Stage read_command(Lexer *lexer, char **words, bool whole_text)
{
    const char *at = lexer->token.at;
    Stage stage = {.words = words};
    stage.mark = passage_mark(lexer->passage, (size_t)(at - lexer->passage->text));
    while (lexer->token.kind == TOKEN_WORD || (whole_text && lexer->token.kind == TOKEN_LINE)) {
        if (lexer->token.kind == TOKEN_WORD)
            words[stage.word_count++] = lexer->token.word;
        next_token(lexer);
    }
    words[stage.word_count] = NULL;
    if (specification_find(words[0]) == NULL)
        words[0] += toolkit_prefix(words[0]);
    stage.filter = find_filter(lexer, at, words[0]);
    return stage;
}

static Stage parse_command(Lexer *lexer, char **words, bool whole_text)
{
    Stage stage = read_command(lexer, words, whole_text);
    check_stage(&stage, lexer->passage->file);
    return stage;
}

static size_t count_byte(const char *text, char byte)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == byte;
    return count;
}

static void skip_lines(Lexer *lexer)
{
    while (lexer->token.kind == TOKEN_LINE)
        next_token(lexer);
}

/* Fails unless a command begins here. */
static void require_command(const Lexer *lexer, const Pipe *pipe)
{
    if (lexer->token.kind != TOKEN_WORD)
        fail_at(lexer, lexer->token.at,
                lexer->token.kind == TOKEN_BAR ? "a filter is missing before |"
                : pipe->count == 0             ? "a pipe without a filter"
                                               : "a filter is missing after the last |");
    if (pipe->count == PIPE_STAGES)
        fail_at(lexer, lexer->token.at, "more than 100 filters in one pipe");
}

/* Commands parted by bars, each read by `command`. */
static Pipe parse_commands(const Passage *passage, Stage (*command)(Lexer *, char **, bool),
                           Arena *arena)
{
    Lexer lexer = lexer_start(passage, arena);
    Pipe pipe = {.text = passage->text, .mark = passage->mark};
    pipe.stages = arena_array(arena, count_byte(passage->text, '|') + 1, sizeof *pipe.stages);
    char **words = arena_array(arena, strlen(passage->text) + 2, sizeof *words);
    for (;;) {
        skip_lines(&lexer);
        require_command(&lexer, &pipe);
        Stage stage = command(&lexer, words, true);
        words += stage.word_count + 1;
        pipe.stages[pipe.count++] = stage;
        if (lexer.token.kind == TOKEN_END)
            return pipe;
        next_token(&lexer);
    }
}

Pipe pipe_parse(const Passage *passage, Arena *arena)
{
    Pipe pipe = parse_commands(passage, parse_command, arena);
    for (size_t i = 0; i < pipe.count; i++)
        if (pipe.stages[i].filter->kind == STAGE_DISPLAY)
            place_fail(passage->file, pipe.stages[i].mark,
                       "%s is for the eye: put it under show:", pipe.stages[i].filter->name);
    return pipe;
}

Pipe pipe_parse_line(const Passage *passage, Arena *arena)
{
    return parse_commands(passage, read_command, arena);
}

Pipe *pipe_parse_show(const Passage *passage, Arena *arena, size_t *count)
{
    Lexer lexer = lexer_start(passage, arena);
    Pipe *shows = arena_array(arena, count_byte(passage->text, '\n') + 1, sizeof *shows);
    char **words = arena_array(arena, strlen(passage->text) + 2, sizeof *words);
    *count = 0;
    for (skip_lines(&lexer); lexer.token.kind == TOKEN_WORD; skip_lines(&lexer)) {
        const char *at = lexer.token.at;
        Pipe *show = &shows[(*count)++];
        *show = (Pipe){.stages = arena_take(arena, sizeof *show->stages), .count = 1};
        show->stages[0] = parse_command(&lexer, words, false);
        show->mark = show->stages[0].mark;
        show->text = arena_copy(arena, at, (size_t)(lexer.token.at - at));
        words += show->stages[0].word_count + 1;
        if (show->stages[0].filter->kind != STAGE_DISPLAY)
            place_fail(passage->file, show->mark,
                       "%s is not for the eye: put it under pipe:", show->stages[0].filter->name);
    }
    if (lexer.token.kind == TOKEN_BAR)
        fail_at(&lexer, lexer.token.at, "show: takes one command a line, no pipe");
    return shows;
}
