/* warrant run: builds steps of a pipeline. */

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/option.h"
#include "warrant/build.h"
#include "warrant/commands.h"
#include "warrant/locate.h"
#include "warrant/provenance.h"
#include "warrant/tell.h"

static const Option run_options[] = {
    {"reading", 0, "READING", "build in this reading of the pipeline", 0},
    {"param", 'p', "NAME=VALUE", "give a parameter of the pipeline another value", OPTION_REPEATS},
    {"output", 'o', "FILE", "write the result of one STEP to FILE (-: standard output)", 0},
    {"explain", 0, NULL, "say what would be built and why; build nothing", 0},
    {"on", 0, "ENGINE", "what reads a source runs part by part: parts (here) or slurm", 0},
    {"tasks", 0, "N", "with --on: share the parts of a source out among at most N tasks", 0},
    {"patience", 0, "SECONDS", "with --on slurm: give up when nothing moves for so long", 0},
    {"help", 'h', NULL, "show this help", 0},
    {0},
};

enum { MOST_TASKS = 100 * 1000, DEFAULT_PATIENCE = 24 * 3600 };

typedef struct Run {
    Arena arena;
    CommandLine line;
    Document *document;
    Catalogue *catalogue;
    Parameters given;
    Builder builder;
    Setting *setting;
    const char *output;
    const Engine *engine; /* --on, or NULL */
    bool explain;
    FILE *report; /* standard output unless the result goes there */
    Chain told;   /* results already reported */
    bool failed;
} Run;

static void parse(Run *run, int argc, char **argv)
{
    const Option *const tables[] = {run_options, NULL};
    CommandLine *line = &run->line;
    command_line_parse(line, argc, argv, tables);
    if (command_line_has(line, "help")) {
        command_help("run [options] PIPELINE [STEP...]", "build the steps of a pipeline", tables);
        exit(EXIT_SUCCESS);
    }
    for (size_t i = 0; i < line->given_count; i++)
        if (strcmp(line->given[i].option->name, "param") == 0)
            parameters_bind(&run->given, line->given[i].value);
    run->output = command_line_value(line, "output");
    run->explain = command_line_has(line, "explain");
    const char *engine = command_line_value(line, "on");
    run->engine = engine == NULL ? NULL : engine_find(engine);
    if (engine == NULL && command_line_has(line, "tasks"))
        fail_usage("--tasks goes with --on");
    if (run->engine != &slurm_engine && command_line_has(line, "patience"))
        fail_usage("--patience goes with --on slurm");
    if (line->operand_count == 0)
        fail_usage("run: a PIPELINE is missing");
    if (run->output != NULL && line->operand_count != 2)
        fail_usage("--output takes the result of one STEP: name it");
    if (run->output != NULL && run->explain)
        fail_usage("--explain builds nothing that --output could write");
    run->report = run->output != NULL && strcmp(run->output, "-") == 0 ? stderr : stdout;
}

static void open_pipeline(Run *run)
{
    const char *path = locate_pipeline(run->line.operands[0], &run->arena);
    run->document = document_load(path);
    run->catalogue = catalogue_find(path);
    builder_open(&run->builder, run->catalogue);
    run->builder.plan_only = run->explain;
    run->builder.engine = run->engine;
    run->builder.most_tasks = (size_t)command_line_number(&run->line, "tasks", 1, MOST_TASKS, 0);
    run->builder.patience =
        command_line_number(&run->line, "patience", 1, LONG_MAX, DEFAULT_PATIENCE);
    Arena *arena = &run->builder.arena;
    run->setting = setting_asked(run->document, run->catalogue,
                                 command_line_value(&run->line, "reading"), &run->given, arena);
}

static void require_step(Run *run, const char *name)
{
    const Document *document = run->document;
    if (document_step(document, name) != NULL)
        return;
    const char **names = arena_array(&run->builder.arena, document->step_count, sizeof *names);
    for (size_t i = 0; i < document->step_count; i++)
        names[i] = document->steps[i].name;
    fail("%s: unknown step: %s%s", document->path, shown(name, strlen(name)),
         text_suggestion(span_of(name), names, document->step_count));
}

static void explain(const Run *run, const Result *result, Arena *arena)
{
    if (result->step == NULL) {
        tell(run->report, "source %s\n", result->name);
        provenance_source(run->report, result, "  ");
        return;
    }
    tell(run->report, "step %s: ", result->name);
    if (result->state == RESULT_THERE)
        tell(run->report, "kept\n  %s\n", result->path);
    else if (result->state == RESULT_PENDING)
        tell(run->report, "would be built: %s\n", result->reason);
    else
        tell(run->report, "cannot be built: %s\n", result->reason);
    provenance_commands(run->report, result, "  ", arena);
    if (result->job != NULL)
        split_explain(run->report, &result->job->split, result->job->pipe, result->job->parts.count,
                      "  ");
}

static void tell_step(const Run *run, const Result *result, Arena *arena)
{
    if (result->step == NULL)
        return;
    tell(run->report, "%s\n", result->name);
    provenance_stages(run->report, result, arena);
}

/* Results on the way to this one that have not been reported, and why one cannot be had, once. */
static void report(Run *run, const Result *result)
{
    size_t before = run->told.count;
    chain_add(&run->told, result);
    for (size_t i = before; i < run->told.count; i++) {
        const Result *item = run->told.items[i];
        if (run->explain)
            explain(run, item, &run->builder.arena);
        else
            tell_step(run, item, &run->builder.arena);
        bool inherited = false;
        for (size_t j = 0; j < item->input_count; j++)
            inherited = inherited || item->inputs[j]->reason == item->reason;
        if (item->state >= RESULT_UNAVAILABLE && !inherited)
            warn("%s", item->reason);
    }
    run->failed = run->failed || result->state >= RESULT_UNAVAILABLE;
}

static void copy_result(const Result *result, const char *path)
{
    char bytes[64 * 1024];
    Output *output = output_open(path);
    int descriptor = file_open(result->path);
    size_t got;
    while ((got = file_read(descriptor, result->path, bytes, sizeof bytes)) != 0)
        output_write(output, bytes, got);
    close(descriptor);
    output_commit(output);
}

static void build_named(Run *run)
{
    for (size_t i = 1; i < run->line.operand_count; i++)
        require_step(run, run->line.operands[i]);
    for (size_t i = 1; i < run->line.operand_count; i++) {
        const Result *result = build(&run->builder, run->setting, run->line.operands[i]);
        report(run, result);
        if (run->output != NULL && result->state == RESULT_THERE)
            copy_result(result, run->output);
    }
}

static void build_all(Run *run)
{
    for (size_t i = 0; i < run->document->step_count; i++)
        report(run, build(&run->builder, run->setting, run->document->steps[i].name));
}

static void run_close(Run *run)
{
    free(run->told.items);
    builder_close(&run->builder);
    catalogue_free(run->catalogue);
    document_free(run->document);
    parameters_free(&run->given);
    command_line_free(&run->line);
    arena_free(&run->arena);
}

int run_command(int argc, char **argv)
{
    Run run = {0};
    parse(&run, argc, argv);
    open_pipeline(&run);
    if (!run.explain)
        jobs_sweep(cache_pipeline(run.builder.folder, run.document->name, &run.arena));
    if (run.line.operand_count > 1)
        build_named(&run);
    else
        build_all(&run);
    command_flush();
    int status = run.failed ? EXIT_FAILED : EXIT_SUCCESS;
    run_close(&run);
    return status;
}
