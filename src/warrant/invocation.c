#include "warrant/invocation.h"

#include <stdlib.h>
#include <string.h>

#include "base/quote.h"

static bool is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || (unsigned char)byte >= 0x80;
}

static const char *behind_quoted(const char *at)
{
    const char *end = strchr(at + 1, *at);
    return end == NULL ? at + strlen(at) : end + 1;
}

bool text_mentions(const char *expression, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = expression; *at != '\0';) {
        if (*at == '\'' || *at == '"') {
            at = behind_quoted(at);
        } else if (*at == ':' && strncmp(at + 1, name, size) == 0 && !is_name_byte(at[1 + size])) {
            return true;
        } else {
            at++;
        }
    }
    return false;
}

bool stage_mentions(const Stage *stage, const char *name)
{
    for (size_t i = 1; i < stage->word_count; i++)
        if (text_mentions(stage->words[i], name))
            return true;
    return false;
}

/* The document has checked every stage by the same tables: nothing here can fail. */
static CommandLine stage_parse(const Stage *stage)
{
    const Option *const tables[] = {stage->filter->options, common_options, NULL};
    CommandLine line;
    command_line_parse(&line, (int)stage->word_count, stage->words, tables);
    return line;
}

const char *stage_option(const Stage *stage, const char *name)
{
    CommandLine line = stage_parse(stage);
    const char *value = command_line_value(&line, name); /* points into the words */
    command_line_free(&line);
    return value;
}

bool stage_has_option(const Stage *stage, const char *name)
{
    CommandLine line = stage_parse(stage);
    bool has = command_line_has(&line, name);
    command_line_free(&line);
    return has;
}

static bool is_among(const char *name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

const char *stage_other_option(const Stage *stage, const char *const *names)
{
    CommandLine line = stage_parse(stage);
    const char *other = NULL;
    for (size_t i = 0; i < line.given_count && other == NULL; i++)
        if (!is_among(line.given[i].option->name, names))
            other = line.given[i].option->name;
    command_line_free(&line);
    return other;
}

static const char *stage_operand(const Stage *stage, size_t number)
{
    CommandLine line = stage_parse(stage);
    const char *operand = number < line.operand_count ? line.operands[number] : NULL;
    command_line_free(&line);
    return operand;
}

const char *stage_argument(const Stage *stage)
{
    return stage_operand(stage, 0);
}

const char *stage_second(const Stage *stage)
{
    return stage_operand(stage, 1);
}

static const char *table_path(const TablePaths *tables, const char *name)
{
    for (size_t i = 0; i < tables->count; i++)
        if (strcmp(tables->items[i].name, name) == 0)
            return tables->items[i].path;
    return name;
}

/* A path is no option, even where a folder's name begins with a dash. */
static char *operand(const char *path, Arena *arena)
{
    return path[0] == '-' ? arena_format(arena, "./%s", path)
                          : arena_copy(arena, path, strlen(path));
}

/* The word, with the table's path in the place of its name if an option that names one is in it. */
static char *word_resolved(const CommandLine *line, char *word, const TablePaths *tables,
                           Arena *arena)
{
    size_t size = strlen(word);
    for (size_t i = 0; i < line->given_count; i++) {
        const GivenOption *given = &line->given[i];
        if (!(given->option->flags & OPTION_SOURCE) || given->value < word ||
            given->value > word + size)
            continue;
        const char *path = table_path(tables, given->value);
        return given->value == word
                   ? operand(path, arena)
                   : arena_format(arena, "%.*s%s", (int)(given->value - word), word, path);
    }
    return word;
}

char **invocation_words(const Stage *stage, const Parameters *parameters, const TablePaths *tables,
                        const char *const *files, size_t file_count, Arena *arena)
{
    size_t room = stage->word_count + 2 * parameters->count + file_count + 1;
    char **words = arena_array(arena, room, sizeof *words);
    size_t used = 0;
    words[used++] = stage->words[0];
    for (size_t i = 0; i < parameters->count; i++) {
        if (!stage_mentions(stage, parameters->items[i].name))
            continue;
        Buffer binding = {0};
        parameter_write(&parameters->items[i], &binding);
        words[used++] = "-p";
        words[used++] = arena_copy(arena, binding.at, binding.size);
        buffer_free(&binding);
    }
    CommandLine line = stage_parse(stage);
    for (size_t i = 1; i < stage->word_count; i++)
        words[used++] = word_resolved(&line, stage->words[i], tables, arena);
    command_line_free(&line);
    for (size_t i = 0; i < file_count; i++)
        words[used++] = operand(files[i], arena);
    words[used] = NULL;
    return words;
}

char **invocation_argv(char *const *words, Arena *arena)
{
    size_t count = 0;
    bool asked = false; /* the pipeline's author may have written it */
    for (; words[count] != NULL; count++)
        asked = asked || strcmp(words[count], "--stats") == 0;
    char **argv = arena_array(arena, count + 2, sizeof *argv);
    size_t used = 0;
    argv[used++] = words[0];
    if (!asked)
        argv[used++] = "--stats";
    memcpy(argv + used, words + 1, count * sizeof *argv);
    return argv;
}

void invocation_write(char *const *words, Buffer *out)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (i != 0)
            buffer_byte(out, ' ');
        quote_shell(words[i], out);
    }
}
