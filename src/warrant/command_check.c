/* warrant check: judges every claim of some pipelines in every reading. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attempt.h"
#include "base/diagnostic.h"
#include "base/option.h"
#include "warrant/commands.h"
#include "warrant/listing.h"
#include "warrant/locate.h"

static const Option check_options[] = {
    {"vintage", 0, "VINTAGE", "judge on this vintage of each series; all: on each in turn", 0},
    {"csv", 0, NULL, "print a table, one row for each claim, reading, vintage and check", 0},
    {"json", 0, NULL, "print the same as a JSON array", 0},
    {"tap", 0, NULL, "print a test report (Test Anything Protocol)", 0},
    {"help", 'h', NULL, "show this help", 0},
    {0},
};

enum { STATUS_FAILED = 3 };

typedef void Lister(const PipelineVerdicts *pipelines, size_t count, Arena *arena);

typedef struct CheckRun {
    int argc;
    char **argv;
    CommandLine line;
    Lister *list;
    PipelineVerdicts *pipelines;
    size_t count;
    Arena arena;
    int status;
} CheckRun;

static Lister *choose_lister(const CommandLine *line)
{
    static const struct {
        const char *option;
        Lister *list;
    } forms[] = {{"csv", listing_csv}, {"json", listing_json}, {"tap", listing_tap}};
    Lister *chosen = NULL;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!command_line_has(line, forms[i].option))
            continue;
        if (chosen != NULL)
            fail_usage("only one of --csv, --json and --tap can be printed");
        chosen = forms[i].list;
    }
    return chosen == NULL ? listing_text : chosen;
}

/* A vintage that no catalogue has is a slip of the pen rather than a verdict. */
static void require_vintage(const CheckRun *run, const char *vintage)
{
    bool opened = false;
    if (vintage == NULL || strcmp(vintage, "all") == 0)
        return;
    for (size_t i = 0; i < run->count; i++) {
        const Catalogue *catalogue = run->pipelines[i].catalogue;
        opened = opened || catalogue != NULL;
        if (catalogue != NULL && plan_vintage_known(catalogue, vintage))
            return;
    }
    if (opened)
        fail_usage("--vintage: no series has the vintage %s", shown(vintage, strlen(vintage)));
}

/* In a form for programs what a person has to know still goes to standard error. */
static void say_faults(const CheckRun *run)
{
    for (size_t p = 0; p < run->count; p++) {
        const PipelineVerdicts *pipeline = &run->pipelines[p];
        if (pipeline->problem != NULL)
            warn("%s", pipeline->problem);
        for (size_t c = 0; c < pipeline->count; c++)
            for (size_t i = 0; i < pipeline->claims[c].fault_count; i++)
                warn("%s.%s: control %s", pipeline->name, pipeline->claims[c].claim->name,
                     pipeline->claims[c].faults[i]);
    }
}

static void check(void *context)
{
    CheckRun *run = context;
    const Option *const tables[] = {check_options, NULL};
    command_line_parse(&run->line, run->argc, run->argv, tables);
    if (command_line_has(&run->line, "help")) {
        command_help("check [options] PIPELINE...", "judge every claim in every reading", tables);
        return;
    }
    run->list = choose_lister(&run->line);
    if (run->line.operand_count == 0)
        fail_usage("check: a PIPELINE is missing");
    run->pipelines = memory_zeroed(run->line.operand_count, sizeof *run->pipelines);
    for (; run->count < run->line.operand_count; run->count++)
        verdicts_open(&run->pipelines[run->count],
                      locate_pipeline(run->line.operands[run->count], &run->arena));
    const char *vintage = command_line_value(&run->line, "vintage");
    require_vintage(run, vintage);
    for (size_t i = 0; i < run->count; i++) {
        verdicts_judge(&run->pipelines[i], vintage);
        int status = verdicts_status(&run->pipelines[i]);
        run->status = status > run->status ? status : run->status;
    }
    if (run->list != listing_text)
        say_faults(run);
    run->list(run->pipelines, run->count, &run->arena);
    command_flush();
}

/*
 * Exit status 1 means that a verdict is not the expected one, so what fails on the way - memory,
 * standard output - is 3 here.
 */
int check_command(int argc, char **argv)
{
    CheckRun run = {.argc = argc, .argv = argv};
    Trap trap;
    if (!attempt(check, &run, &trap)) {
        warn("%s", trap.message);
        run.status = trap.status == EXIT_USAGE ? EXIT_USAGE : STATUS_FAILED;
    }
    for (size_t i = 0; i < run.count; i++)
        verdicts_close(&run.pipelines[i]);
    free(run.pipelines);
    command_line_free(&run.line);
    arena_free(&run.arena);
    return run.status;
}
