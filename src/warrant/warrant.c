/* warrant: builds pipelines, judges claims, shows what is behind a number. */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/text.h"
#include "warrant/commands.h"

typedef struct Command {
    const char *name;
    int (*start)(int argc, char **argv);
    const char *usage, *purpose;
} Command;

static const Command commands[] = {
    {"run", run_command, "run PIPELINE [STEP...]", "build the steps of a pipeline"},
    {"check", check_command, "check PIPELINE...", "judge every claim in every reading"},
    {"why", why_command, "why PIPELINE.CLAIM", "show the derivation behind one number"},
    {"tangle", tangle_command, "tangle --to FORM PIPELINE", "write the steps for another engine"},
    {"weave", weave_command, "weave PIPELINE...", "write the report, or fill figures into a text"},
    {"coverage", coverage_command, "coverage TEXT PIPELINE...",
     "list a text's numbers and their claims"},
    {"new", new_command, "new NAME.yaml", "make a pipeline of a line of shell"},
    {"data", data_command, "data", "verify the catalogue of tables, or add to it"},
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_help(void)
{
    printf("warrant: ties every number in a text to the rows it came from\n\n"
           "usage: warrant SUBCOMMAND [options] ...\n\n");
    for (size_t i = 0; i < COMMANDS; i++)
        printf("  %-26s %s\n", commands[i].usage, commands[i].purpose);
    printf("\nwarrant SUBCOMMAND --help has the options; man warrant has more\n");
}

static int finish_printing(void)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        fail_errno("standard output: cannot write");
    return EXIT_SUCCESS;
}

static _Noreturn void fail_unknown(const char *word)
{
    const char *names[COMMANDS];
    for (size_t i = 0; i < COMMANDS; i++)
        names[i] = commands[i].name;
    const char *nearest = text_nearest(span_of(word), names, COMMANDS);
    if (nearest != NULL)
        fail_usage("unknown subcommand: %s (did you mean %s?)", shown(word, strlen(word)), nearest);
    fail_usage("unknown subcommand: %s (--help lists them)", shown(word, strlen(word)));
}

/*
 * A descriptor 0, 1 or 2 that is closed would be given to the next file opened, and a report would
 * be written into it.  The null device stands in, opened so that using it is an error.
 */
static void keep_standard_streams(void)
{
    for (int stream = 0; stream <= 2; stream++)
        if (fcntl(stream, F_GETFD) < 0 &&
            open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY) != stream)
            exit(EXIT_FAILED);
}

int main(int argc, char **argv)
{
    keep_standard_streams();
    diagnostic_program("warrant");
    if (argc < 2)
        fail_usage("a subcommand is missing (--help lists them)");
    const char *word = argv[1];
    if (strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0) {
        print_help();
        return finish_printing();
    }
    if (strcmp(word, "-V") == 0 || strcmp(word, "--version") == 0) {
        printf("warrant %s\n", WARRANT_VERSION);
        return finish_printing();
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(word, commands[i].name) == 0)
            return commands[i].start(argc - 1, argv + 1);
    fail_unknown(word);
}
