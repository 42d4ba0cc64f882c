/* warrant weave: the report, or an author's own text, from the verdicts. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/option.h"
#include "report/checksums.h"
#include "report/crate.h"
#include "report/markdown.h"
#include "report/page.h"
#include "report/placeholder.h"
#include "report/prerequisites.h"
#include "warrant/commands.h"
#include "warrant/invocation.h"
#include "warrant/locate.h"

static const Option weave_options[] = {
    {"output", 'o', "FILE", "write the report there: HTML, or Markdown if it ends in .md",
     OPTION_REPEATS},
    {"format", 0, "FORM", "html or markdown, whatever the file is called", 0},
    {"title", 0, "TEXT", "the report's title", 0},
    {"text", 0, "FILE", "fill the {{placeholders}} of a text instead", 0},
    {"deps", 0, "FILE", "write what the output was made from, as a rule for make", 0},
    {"help", 'h', NULL, "show this help", 0},
    {0},
};

enum { TEXT_SIZE = 64 * 1024 * 1024 };

typedef struct Weave {
    Arena arena;
    CommandLine line;
    const char **outputs; /* as given; "-" is standard output */
    size_t output_count;
    char **paths; /* of the pipelines */
    size_t path_count;
    const char *text, *deps;
    const char *command;
    Files files; /* all that is to be written, in memory until it is whole */
} Weave;

static void write_command(Weave *weave, int argc, char **argv)
{
    char **words = arena_array(&weave->arena, (size_t)argc + 2, sizeof *words);
    words[0] = "warrant";
    for (int i = 0; i < argc; i++)
        words[i + 1] = argv[i];
    words[argc + 1] = NULL;
    Buffer text = {0};
    invocation_write(words, &text);
    weave->command = arena_copy(&weave->arena, text.at, text.size);
    buffer_free(&text);
}

static void find_outputs(Weave *weave)
{
    const CommandLine *line = &weave->line;
    weave->outputs = arena_array(&weave->arena, line->given_count + 1, sizeof *weave->outputs);
    for (size_t i = 0; i < line->given_count; i++)
        if (strcmp(line->given[i].option->name, "output") == 0)
            weave->outputs[weave->output_count++] = line->given[i].value;
    if (weave->output_count == 0)
        weave->outputs[weave->output_count++] = "-";
}

static bool is_standard(const char *path)
{
    return strcmp(path, "-") == 0;
}

static void check_line(const Weave *weave)
{
    const CommandLine *line = &weave->line;
    const char *form = command_line_value(line, "format");
    if (form != NULL && strcmp(form, "html") != 0 && strcmp(form, "markdown") != 0)
        fail_usage("--format: html or markdown, not %s", shown(form, strlen(form)));
    if (weave->text != NULL && (form != NULL || command_line_has(line, "title")))
        fail_usage("--text fills a text; --format and --title are a report's");
    if (weave->text != NULL && weave->output_count > 1)
        fail_usage("--text has one output");
    if (weave->text == NULL && weave->path_count == 0)
        fail_usage("weave: a PIPELINE is missing");
    for (size_t i = 0; i < weave->output_count; i++)
        if (is_standard(weave->outputs[i]) && (weave->deps != NULL || weave->output_count > 1))
            fail_usage("--deps and several outputs need an --output that is a file");
}

static void parse(Weave *weave, int argc, char **argv)
{
    const Option *const tables[] = {weave_options, NULL};
    CommandLine *line = &weave->line;
    command_line_parse(line, argc, argv, tables);
    if (command_line_has(line, "help")) {
        command_help("weave [options] PIPELINE...",
                     "write the report on some pipelines, or fill figures into a text", tables);
        exit(EXIT_SUCCESS);
    }
    weave->text = command_line_value(line, "text");
    weave->deps = command_line_value(line, "deps");
    find_outputs(weave);
    weave->path_count = line->operand_count;
    weave->paths = arena_array(&weave->arena, weave->path_count, sizeof *weave->paths);
    for (size_t i = 0; i < weave->path_count; i++) {
        const char *path = locate_pipeline(line->operands[i], &weave->arena);
        weave->paths[i] = arena_copy(&weave->arena, path, strlen(path));
    }
    check_line(weave);
    write_command(weave, argc, argv);
}

static bool is_markdown(const Weave *weave, const char *path)
{
    const char *form = command_line_value(&weave->line, "format");
    return form != NULL ? strcmp(form, "markdown") == 0 : form_of_path(path) == FORM_MARKDOWN;
}

static void write_deps(Weave *weave, const Inventory *inventory)
{
    if (weave->deps == NULL)
        return;
    Buffer *out = files_add(&weave->files, weave->deps, &weave->arena);
    prerequisites_write(out, weave->outputs, weave->output_count, weave->text, inventory);
}

/* The records lie beside the report; what goes to standard output has no beside. */
static void write_records(Weave *weave, const Report *report)
{
    if (report->checksums == NULL)
        return;
    Arena *arena = &weave->arena;
    Buffer *crate = files_add_beside(&weave->files, crate_path(weave->outputs[0], arena), arena);
    crate_write(crate, report, &weave->files);
    Buffer *sums = files_add_beside(&weave->files, report->checksums, arena);
    checksums_write(sums, &report->inventory, &weave->files);
}

static void fill_report(Weave *weave, Report *report)
{
    const char *first = weave->outputs[0];
    report->command = weave->command;
    report->checksums = is_standard(first) ? NULL : checksums_path(first, &weave->arena);
    for (size_t i = 0; i < weave->output_count; i++) {
        Buffer *out = files_add(&weave->files, weave->outputs[i], &weave->arena);
        if (is_markdown(weave, weave->outputs[i]))
            markdown_write(out, report);
        else
            report_page_write(out, report);
    }
    write_records(weave, report);
    write_deps(weave, &report->inventory);
}

static int weave_report(Weave *weave)
{
    Report report = {0};
    report_make(&report, weave->paths, weave->path_count,
                command_line_value(&weave->line, "title"));
    fill_report(weave, &report);
    files_commit(&weave->files);
    int status = report_shortcomings(&report) == 0 ? EXIT_SUCCESS : EXIT_FAILED;
    report_free(&report);
    return status;
}

static int weave_text(Weave *weave)
{
    Library library = {0};
    for (size_t i = 0; i < weave->path_count; i++)
        library_open(&library, weave->paths[i]);
    size_t size;
    char *text = file_load(weave->text, TEXT_SIZE, &size);
    Template template = {.text = {text, size},
                         .place = file_name(weave->text),
                         .lines = true,
                         .form = form_of_path(weave->text),
                         .strict = true};
    Buffer *out = files_add(&weave->files, weave->outputs[0], &weave->arena);
    placeholder_fill(out, &template, &library, &weave->arena);
    Inventory inventory = inventory_make(&library, &weave->arena);
    write_deps(weave, &inventory);
    files_commit(&weave->files);
    inventory_free(&inventory);
    library_close(&library);
    free(text);
    return EXIT_SUCCESS;
}

int weave_command(int argc, char **argv)
{
    Weave weave = {0};
    parse(&weave, argc, argv);
    int status = weave.text == NULL ? weave_report(&weave) : weave_text(&weave);
    command_line_free(&weave.line);
    arena_free(&weave.arena);
    return status;
}
