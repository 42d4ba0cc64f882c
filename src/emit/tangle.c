/* warrant tangle: the same pipeline for another engine. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/option.h"
#include "emit/dot.h"
#include "emit/makefile.h"
#include "emit/shell.h"
#include "emit/slurm.h"
#include "emit/sql.h"
#include "warrant/commands.h"
#include "warrant/locate.h"

static const Option tangle_options[] = {
    {"to", 0, "FORM", "what to write: sh, make, sql, slurm or dot", 0},
    {"reading", 0, "READING", "in this reading of the pipeline", 0},
    {"param", 'p', "NAME=VALUE", "give a parameter of the pipeline another value", OPTION_REPEATS},
    {"output", 'o', "FILE", "write to FILE, which appears when it is whole", 0},
    {"help", 'h', NULL, "show this help", 0},
    {0},
};

typedef struct Form {
    const char *name;
    void (*write)(const Script *script, Buffer *out);
} Form;

static const Form forms[] = {
    {"sh", shell_write},    {"make", makefile_write}, {"sql", sql_write},
    {"slurm", slurm_write}, {"dot", dot_write},
};

enum { FORMS = sizeof forms / sizeof *forms };

static const Form *find_form(const char *name)
{
    const char *names[FORMS];
    if (name == NULL)
        fail_usage("tangle: --to FORM is missing (--help lists the forms)");
    for (size_t i = 0; i < FORMS; i++) {
        names[i] = forms[i].name;
        if (strcmp(name, names[i]) == 0)
            return &forms[i];
    }
    fail_usage("tangle: unknown form: %s%s (--help lists the forms)", shown(name, strlen(name)),
               text_suggestion(span_of(name), names, FORMS));
}

static void parse(CommandLine *line, int argc, char **argv, Parameters *given)
{
    const Option *const tables[] = {tangle_options, NULL};
    command_line_parse(line, argc, argv, tables);
    if (command_line_has(line, "help")) {
        command_help("tangle --to FORM [options] PIPELINE",
                     "write a pipeline's steps for another engine", tables);
        exit(EXIT_SUCCESS);
    }
    for (size_t i = 0; i < line->given_count; i++)
        if (strcmp(line->given[i].option->name, "param") == 0)
            parameters_bind(given, line->given[i].value);
    if (line->operand_count != 1)
        fail_usage(line->operand_count == 0 ? "tangle: a PIPELINE is missing"
                                            : "tangle: one PIPELINE is wanted");
}

static void write_output(const char *path, const Buffer *text)
{
    Output *output = output_open(path);
    output_write(output, text->at, text->size);
    output_commit(output);
}

int tangle_command(int argc, char **argv)
{
    Arena arena = {0};
    CommandLine line;
    Parameters given = {0};
    parse(&line, argc, argv, &given);
    const Form *form = find_form(command_line_value(&line, "to"));
    const char *path = locate_pipeline(line.operands[0], &arena);
    Document *document = document_load(path);
    Catalogue *catalogue = catalogue_find(path);
    Setting *setting =
        setting_asked(document, catalogue, command_line_value(&line, "reading"), &given, &arena);
    Script script = script_make(setting, &arena);
    Buffer text = {0};
    form->write(&script, &text);
    write_output(command_line_value(&line, "output"), &text);
    buffer_free(&text);
    catalogue_free(catalogue);
    document_free(document);
    parameters_free(&given);
    command_line_free(&line);
    arena_free(&arena);
    return EXIT_SUCCESS;
}
