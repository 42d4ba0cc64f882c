/* warrant new: a pipeline file from a line of shell. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/attempt.h"
#include "base/diagnostic.h"
#include "base/file.h"
#include "base/option.h"
#include "warrant/build.h"
#include "warrant/commands.h"
#include "warrant/draft.h"
#include "warrant/figure.h"
#include "warrant/lineage.h"
#include "warrant/locate.h"
#include "warrant/table.h"
#include "warrant/toolkit.h"

static const Option new_options[] = {
    {"help", 'h', NULL, "show this help", 0},
    {0},
};

enum { LINE_SIZE = 1024 * 1024, EXAMPLE_PLACES = 2 };

typedef struct Making {
    const char *path;
    Draft draft;
    bool written; /* the file is there */
    Document *document;
    Catalogue *catalogue;
    Builder builder;
    Table table;
    Arena arena;
} Making;

static const char *read_line(Arena *arena)
{
    Buffer text = {0};
    char piece[4096];
    for (ssize_t got; (got = read(STDIN_FILENO, piece, sizeof piece)) != 0;) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            fail_errno("standard input");
        buffer_append(&text, piece, (size_t)got);
        if (text.size > LINE_SIZE)
            fail("standard input: a line longer than %d bytes", LINE_SIZE);
    }
    if (memchr(text.at == NULL ? "" : text.at, '\0', text.size) != NULL ||
        utf8_valid(text.at, text.size) != text.size)
        fail("standard input: not a text in UTF-8");
    const char *line = arena_copy(arena, text.at, text.size);
    buffer_free(&text);
    return line;
}

static void write_file(Making *making, const DraftExample *example)
{
    Buffer text = {0};
    draft_write(&making->draft, example, &text);
    Output *output = output_open(making->path);
    output_write(output, text.at, text.size);
    output_commit(output);
    buffer_free(&text);
    making->written = true;
}

/* ---- an example of a check, from what the step gives ---- */

static bool is_plain_name(const char *name)
{
    return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
               strlen(name) &&
           !(*name >= '0' && *name <= '9');
}

/* A column of numbers of the source that the line mentions, to be changed by a control. */
static const char *number_column(const Making *making, const Rows *rows, Arena *arena)
{
    Decimal number;
    for (size_t i = 0; rows->kept != 0 && i < rows->header.width; i++) {
        const char *column = rows->header.names[i];
        if (decimal_read(rows->cells[0][i], &number, arena) == DECIMAL_READ &&
            is_plain_name(column) && strcmp(column, "year") != 0 &&
            strstr(making->draft.line.text, column) != NULL)
            return column;
    }
    return NULL;
}

static const char *example_control(Making *making, const DraftExample *example, const char *key)
{
    Arena *arena = &making->arena;
    Rows rows;
    table_close(&making->table);
    table_open(&making->table, making->draft.sources[0].file, arena);
    table_select(&making->table, NULL, &rows, arena);
    const char *number = number_column(making, &rows, arena);
    if (number == NULL)
        return NULL;
    if (example->where == NULL || header_find(&rows.header, span_of(key)) == COLUMN_NONE)
        return arena_format(arena, "derive '%s * 2 as %s'", number, number);
    return arena_format(arena, "derive \"case when %s then %s * 2 else %s end as %s\"",
                        example->where, number, number, number);
}

/* "recipient = 'Saudi Arabia'"; NULL for a text that would need more care than an example takes. */
static const char *example_where(const char *column, Span text, Arena *arena)
{
    for (size_t i = 0; i < text.size; i++)
        if (strchr("'\"\\$`\n\r", text.at[i]) != NULL)
            return NULL;
    return arena_format(arena, "%s = '%.*s'", column, (int)text.size, text.at);
}

/* A rank is a whole number in print too, and a control seldom moves it. */
static bool is_rank(Making *making, const char *column)
{
    Ordering ordering;
    const Document *document = making->document;
    return column_ordering(document, &document->parameters, document_step(document, "result"),
                           column, &ordering, &making->arena);
}

/* The last column that has a number in the first row, and the first that has a text. */
static void example_of_row(Making *making, const Rows *rows, DraftExample *example)
{
    Arena *arena = &making->arena;
    const char *key = NULL;
    for (size_t i = rows->header.width; i-- > 0;) {
        const char *column = rows->header.names[i];
        Span cell = rows->cells[0][i];
        Decimal number;
        bool is_number = decimal_read(cell, &number, arena) == DECIMAL_READ;
        if (!is_plain_name(column) || cell.size == 0)
            continue;
        if (is_number && !example->found && !is_rank(making, column)) {
            example->found = true;
            example->column = column;
            example->value = figure_text(number, EXAMPLE_PLACES, arena);
        } else if (!is_number && example_where(column, cell, arena) != NULL) {
            key = column;
            example->where = example_where(column, cell, arena);
        }
    }
    if (rows->count == 1)
        example->where = NULL;
    else if (example->where == NULL)
        example->found = false;
    example->control = example_control(making, example, key);
}

/* Runs the step as the file has it; what is wrong with the line shows here. */
static void find_example(Making *making, DraftExample *example)
{
    making->document = document_load(making->path);
    making->catalogue = catalogue_find(making->path);
    builder_open(&making->builder, making->catalogue);
    making->builder.quiet = true;
    Setting *setting =
        setting_make(making->document, making->catalogue, &making->document->readings.items[0],
                     NULL, NULL, &making->arena);
    const Result *result = build(&making->builder, setting, "result");
    if (result->state != RESULT_THERE)
        fail("%s", result->reason);
    table_open(&making->table, result->path, &making->arena);
    Rows rows;
    table_select(&making->table, NULL, &rows, &making->arena);
    if (rows.count != 0)
        example_of_row(making, &rows, example);
}

/* ---- the command ---- */

static void tell(const Making *making)
{
    const Draft *draft = &making->draft;
    for (size_t i = 0; i < draft->source_count; i++)
        if (draft->sources[i].added)
            printf("%s: added %s, %llu rows of %zu columns; fill in title, sources and licenses\n",
                   draft->catalogue, draft->sources[i].resource,
                   (unsigned long long)draft->sources[i].rows, draft->sources[i].fields);
    for (size_t i = 0; i < draft->left_out_count; i++)
        printf("%s: left out: %s\n", making->path, draft->left_out[i]);
    printf("%s: written; fill in what stands in parentheses, then: warrant check %s\n",
           making->path, making->path);
    command_flush();
}

static void make(void *context)
{
    Making *making = context;
    DraftExample example = {0};
    if (access(making->path, F_OK) == 0)
        fail("%s is there already", making->path);
    making->draft = draft_read(read_line(&making->arena), making->path, &making->arena);
    draft_catalogue(&making->draft, &making->arena);
    write_file(making, &example);
    find_example(making, &example);
    write_file(making, &example);
    tell(making);
}

static void close_all(Making *making)
{
    table_close(&making->table);
    builder_close(&making->builder);
    if (making->catalogue != NULL)
        catalogue_free(making->catalogue);
    document_free(making->document);
    draft_close(&making->draft);
    arena_free(&making->arena);
}

int new_command(int argc, char **argv)
{
    const Option *const tables[] = {new_options, NULL};
    CommandLine line;
    command_line_parse(&line, argc, argv, tables);
    if (command_line_has(&line, "help")) {
        command_help("new NAME.yaml", "make a pipeline of a line of shell on standard input",
                     tables);
        command_line_free(&line);
        return EXIT_SUCCESS;
    }
    if (line.operand_count != 1)
        fail_usage("new: one NAME.yaml is wanted, and a line of shell on standard input");
    Making making = {.path = line.operands[0]};
    Trap trap;
    bool made = attempt(make, &making, &trap);
    if (!made && making.written)
        unlink(making.path); /* a file whose step fails is no use */
    close_all(&making);
    command_line_free(&line);
    if (made)
        return EXIT_SUCCESS;
    if (trap.status == EXIT_USAGE)
        fail_usage("%s", trap.message);
    fail("%s", trap.message);
}
