#include "report/recipe.h"

#include "warrant/invocation.h"
#include "warrant/provenance.h"

/* What stands for a table in a shell: its path, or for a step's a file of that name. */
static const char *shell_name(const Result *result, Arena *arena)
{
    return result->resource != NULL ? result->path : arena_format(arena, "%s.csv", result->name);
}

/* The word itself, or with a path at its end ("--from=PATH") replaced by what stands for it. */
static char *replaced(char *word, const Result *table, Arena *arena)
{
    size_t size = strlen(word), tail = table->path == NULL ? 0 : strlen(table->path);
    if (tail == 0 || tail > size || strcmp(word + size - tail, table->path) != 0)
        return word;
    bool whole = tail == size, option = word[0] == '-' && word[size - tail - 1] == '=';
    if (!whole && !option)
        return word;
    return arena_format(arena, "%.*s%s", (int)(size - tail), word, shell_name(table, arena));
}

void recipe_command(Buffer *out, char *const *words, const Result *result, Arena *arena)
{
    size_t count = 0;
    while (words[count] != NULL)
        count++;
    char **named = arena_array(arena, count + 1, sizeof *named);
    named[count] = NULL;
    for (size_t i = 0; i < count; i++) {
        named[i] = replaced(words[i], result, arena);
        for (size_t t = 0; t < result->input_count && named[i] == words[i]; t++)
            named[i] = replaced(words[i], result->inputs[t], arena);
    }
    invocation_write(named, out);
}

void recipe_stage(Buffer *out, const Result *result, size_t stage, Arena *arena)
{
    recipe_command(out, result->commands[stage], result, arena);
    if (stage + 1 == result->command_count)
        buffer_format(out, " >%s.csv", result->name);
    else
        buffer_text(out, " |");
}

void recipe_rows(Buffer *out, const Result *result, size_t stage)
{
    unsigned long long rows_in, rows_out;
    if (provenance_rows(result, stage, &rows_in, &rows_out))
        buffer_format(out, "  # %llu -> %llu rows", rows_in, rows_out);
}
