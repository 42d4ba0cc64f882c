#include "warrant/build.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/attempt.h"
#include "base/diagnostic.h"
#include "base/file.h"
#include "base/option.h"
#include "warrant/invocation.h"
#include "warrant/toolkit.h"

/* A step being built: what attempt() hands to the work below. */
typedef struct Work {
    Builder *builder;
    Setting *setting;
    const SourceName *source;
    size_t number; /* of its resources, from 0 */
    const Step *step;
    Result *result;
    Record *record;
    Output *output; /* open while the stages run */
    int lock;       /* of a job's folder; -1: none */
    Digest *digest;
    size_t bytes; /* of the result so far */
} Work;

/* A step that multiplies rows must not fill the disk. */
static const size_t MOST_BYTES = (size_t)16 << 30;

void builder_open(Builder *builder, const Catalogue *catalogue)
{
    *builder = (Builder){0};
    builder->folder = cache_folder(catalogue, &builder->arena);
    builder->most_bytes = environment_size("WARRANT_MAX_OUTPUT", MOST_BYTES);
}

void builder_close(Builder *builder)
{
    free(builder->made);
    arena_free(&builder->arena);
}

static Result *result_new(Builder *builder, const char *name)
{
    Result *result = arena_take(&builder->arena, sizeof *result);
    *result = (Result){.name = name};
    return result;
}

static void result_refuse(Result *result, ResultState state, const char *reason)
{
    result->state = state;
    result->reason = reason;
}

/* One resource of a source, if its bytes are right. */
static void find_resource(void *context)
{
    Work *work = context;
    Arena *arena = &work->builder->arena;
    Result *result = work->result;
    const Resource *resource = setting_resource(work->setting, work->source, work->number);
    result->resource = resource;
    result->path = resource->path;
    result->digest = resource->sha256;
    bool absent = false;
    const char *problem = resource_problem(resource, work->builder->folder, &absent, arena);
    if (problem == NULL)
        result->parts = resource_parts(resource, arena);
    else
        result_refuse(result, absent ? RESULT_UNAVAILABLE : RESULT_FAILED, problem);
}

static void fail_result(Work *work, const char *message)
{
    Arena *arena = &work->builder->arena;
    result_refuse(work->result, RESULT_FAILED,
                  arena_format(arena, "%s: %s: %s", work->setting->document->name,
                               work->result->name, message));
}

static Result *build_resource(Builder *builder, Setting *setting, const SourceName *source,
                              size_t number)
{
    Work work = {.builder = builder, .setting = setting, .source = source, .number = number};
    work.result = result_new(builder, source->name);
    Trap trap;
    if (!attempt(find_resource, &work, &trap))
        fail_result(&work, trap.message);
    return work.result;
}

/* The files of the tables, which are read one behind the other. */
static Parts parts_of(const Result *const *tables, size_t count, Arena *arena)
{
    Parts parts = {0};
    for (size_t i = 0; i < count; i++)
        parts = parts_joined(&parts, &tables[i]->parts, arena);
    return parts;
}

/* A list of resources is a result of its own that has each of them for an input. */
static Result *build_list(Builder *builder, Setting *setting, const SourceName *source)
{
    Arena *arena = &builder->arena;
    Result *result = result_new(builder, source->name);
    size_t count = setting_resource_count(source);
    result->inputs = arena_array(arena, count, sizeof *result->inputs);
    for (size_t i = 0; i < count; i++)
        result->inputs[i] = build_resource(builder, setting, source, i);
    result->input_count = count;
    result->parts = parts_of(result->inputs, count, arena);
    return result;
}

/* The worst of the inputs decides; true when all are there. */
static bool inputs_there(Result *result)
{
    const Result *worst = NULL;
    for (size_t i = 0; i < result->input_count; i++)
        if (worst == NULL || result->inputs[i]->state > worst->state)
            worst = result->inputs[i];
    if (worst == NULL || worst->state == RESULT_THERE)
        return true;
    result_refuse(result, worst->state, worst->reason);
    return false;
}

static void check_needs(void *context)
{
    Work *work = context;
    const char *problem = setting_uncovered(work->setting, work->source, &work->builder->arena);
    if (problem != NULL)
        result_refuse(work->result, RESULT_UNAVAILABLE, problem);
}

static const Result *build_source(Builder *builder, Setting *setting, const SourceName *source)
{
    bool list = setting_resource_count(source) > 1;
    Work work = {.builder = builder, .setting = setting, .source = source};
    work.result =
        list ? build_list(builder, setting, source) : build_resource(builder, setting, source, 0);
    Trap trap;
    if (inputs_there(work.result) && work.result->state == RESULT_THERE &&
        !attempt(check_needs, &work, &trap))
        fail_result(&work, trap.message);
    return work.result;
}

static size_t count_tables(const Step *step)
{
    size_t count = 0;
    for (size_t i = 0; i < step->pipe.count; i++)
        for (size_t t = 0; t < 4 && step->pipe.stages[i].tables[t] != NULL; t++)
            count++;
    return count;
}

static const Result *build_unnamed(Builder *builder, Setting *setting, const char *name,
                                   const char *purpose, const Pipe *pipe);

/* A filter reads one file behind --from, so a table in several is put together for it. */
static const Result *build_table(Work *work, const char *name)
{
    const Result *table = build(work->builder, work->setting, name);
    if (table->parts.count <= 1)
        return table;
    return build_unnamed(work->builder, work->setting, name, "whole", &(Pipe){0});
}

static void gather_inputs(Work *work)
{
    const Step *step = work->step;
    Result *result = work->result;
    result->inputs = arena_array(&work->builder->arena, step->from_count + count_tables(step),
                                 sizeof *result->inputs);
    for (size_t i = 0; i < step->from_count; i++)
        result->inputs[i] = build(work->builder, work->setting, step->from[i]);
    result->file_count = result->input_count = step->from_count;
    for (size_t i = 0; i < step->pipe.count; i++)
        for (size_t t = 0; t < 4 && step->pipe.stages[i].tables[t] != NULL; t++)
            result->inputs[result->input_count++] =
                build_table(work, step->pipe.stages[i].tables[t]);
}

/* A result that rests on sources alone may be made part by part. */
static bool reads_sources(const Result *result)
{
    for (size_t i = 0; i < result->file_count; i++)
        if (result->inputs[i]->step != NULL)
            return false;
    return true;
}

static Parts table_parts(const Result *result, Arena *arena)
{
    Parts tables = {0};
    for (size_t i = result->file_count; i < result->input_count; i++)
        tables = parts_joined(&tables, &result->inputs[i]->parts, arena);
    for (size_t i = result->file_count; i < result->input_count; i++)
        tables.items[i - result->file_count].sha256 = result->inputs[i]->digest;
    return tables;
}

static void write_job(Work *work, const Parts *parts, const TablePaths *tables)
{
    const Builder *builder = work->builder;
    Arena *arena = &work->builder->arena;
    Result *result = work->result;
    const Engine *engine = builder->engine != NULL ? builder->engine : &parts_engine;
    if (!reads_sources(result) || (parts->count == 1 && builder->engine == NULL))
        return;
    size_t most = builder->most_tasks != 0 ? builder->most_tasks : engine->most_tasks;
    Job *job = arena_take(arena, sizeof *job);
    *job = job_make(&work->step->pipe, &work->setting->parameters, tables, parts, most, arena);
    job->document = work->setting->document->name;
    job->step = result->name;
    job->tables = table_parts(result, arena);
    result->job = job;
}

static void write_commands(Work *work)
{
    Arena *arena = &work->builder->arena;
    Result *result = work->result;
    const Pipe *pipe = &work->step->pipe;
    Parts parts = parts_of(result->inputs, result->file_count, arena);
    const char **files = arena_array(arena, parts.count, sizeof *files);
    for (size_t i = 0; i < parts.count; i++)
        files[i] = parts.items[i].path;
    TablePaths tables = {arena_array(arena, result->input_count, sizeof *tables.items), 0};
    for (size_t i = result->file_count; i < result->input_count; i++)
        tables.items[tables.count++] =
            (TablePath){result->inputs[i]->name, result->inputs[i]->path};
    result->commands = arena_array(arena, pipe->count, sizeof *result->commands);
    for (size_t i = 0; i < pipe->count; i++, result->command_count++)
        result->commands[i] = invocation_words(&pipe->stages[i], &work->setting->parameters,
                                               &tables, files, i == 0 ? parts.count : 0, arena);
    write_job(work, &parts, &tables);
}

static void record_parameters(Work *work, Record *record)
{
    Arena *arena = &work->builder->arena;
    const Parameters *parameters = &work->setting->parameters;
    for (size_t i = 0; i < parameters->count; i++) {
        const Parameter *parameter = &parameters->items[i];
        bool mentioned = false;
        for (size_t s = 0; s < work->step->pipe.count && !mentioned; s++)
            mentioned = stage_mentions(&work->step->pipe.stages[s], parameter->name);
        if (!mentioned)
            continue;
        Buffer text = {0};
        parameter_write(parameter, &text);
        size_t skip = strlen(parameter->name) + 1; /* "NAME=" */
        record_add(record, ENTRY_PARAMETER, parameter->name,
                   arena_copy(arena, text.at + skip, text.size - skip), arena);
        buffer_free(&text);
    }
}

static void record_stages(Work *work, Record *record)
{
    Arena *arena = &work->builder->arena;
    const Pipe *pipe = &work->step->pipe;
    for (size_t i = 0; i < pipe->count; i++) {
        const char *filter = pipe->stages[i].filter->name;
        if (record_value(record, ENTRY_FILTER, filter) == NULL)
            record_add(record, ENTRY_FILTER, filter,
                       toolkit_digest(filter, work->builder->folder, arena), arena);
        Buffer text = {0};
        invocation_write(pipe->stages[i].words, &text);
        record_add(record, ENTRY_COMMAND, filter, arena_copy(arena, text.at, text.size), arena);
        buffer_free(&text);
    }
}

static bool is_list(const Result *result)
{
    return result->resource == NULL && result->step == NULL;
}

static void record_inputs(const Result *result, Record *record, Arena *arena)
{
    for (size_t i = 0; i < result->input_count; i++) {
        const Result *input = result->inputs[i];
        if (is_list(input))
            record_inputs(input, record, arena);
        else if (input->resource != NULL)
            record_add(record, ENTRY_SOURCE, input->resource->name, input->digest, arena);
        else
            record_add(record, ENTRY_STEP, input->name, input->digest, arena);
    }
}

/* All that decides the result. */
static Record *record_ingredients(Work *work)
{
    Arena *arena = &work->builder->arena;
    Record *record = arena_take(arena, sizeof *record);
    *record = (Record){0};
    record_inputs(work->result, record, arena);
    record_parameters(work, record);
    record_stages(work, record);
    return record;
}

static const char *why_rebuilt(const Work *work, const Record *last, bool damaged)
{
    const char *difference =
        last == NULL ? NULL : record_difference(work->record, last, &work->builder->arena);
    if (difference != NULL)
        return difference;
    if (damaged)
        return "the kept result was damaged";
    return last == NULL ? "new" : "the kept result is gone";
}

static void take_bytes(void *context, const char *bytes, size_t size)
{
    Work *work = context;
    work->bytes += size;
    if (work->bytes > work->builder->most_bytes)
        fail("a result of more than %zu bytes (WARRANT_MAX_OUTPUT sets the limit)",
             work->builder->most_bytes);
    digest_add(work->digest, bytes, size);
    output_write(work->output, bytes, size);
}

/* What the stages told, as entries of the record; their buffers are given back. */
static void record_runs(Work *work)
{
    Arena *arena = &work->builder->arena;
    const Result *result = work->result;
    for (size_t i = 0; i < result->command_count; i++) {
        StageRun *run = &result->runs[i];
        const char *counts = "-";
        if (run->counted)
            counts = arena_format(arena, "%llu %llu", (unsigned long long)run->rows_in,
                                  (unsigned long long)run->rows_out);
        record_add(work->record, ENTRY_STAGE, run->argv[0], counts, arena);
        const char *at = run->said.at, *end = at + run->said.size;
        while (at != end) {
            const char *newline = memchr(at, '\n', (size_t)(end - at));
            const char *line = arena_copy(arena, at, (size_t)(newline - at));
            record_add(work->record, ENTRY_SAID, run->argv[0], line, arena);
            warn("%s: %s: stage %zu (%s): %s", work->setting->document->name, result->name, i + 1,
                 run->argv[0], line);
            at = newline + 1;
        }
    }
}

static void run_prepare(Work *work)
{
    Arena *arena = &work->builder->arena;
    Result *result = work->result;
    result->runs = arena_array(arena, result->command_count, sizeof *result->runs);
    for (size_t i = 0; i < result->command_count; i++)
        result->runs[i] = (StageRun){.program = toolkit_program(result->commands[i][0], arena),
                                     .argv = invocation_argv(result->commands[i], arena)};
    const char *slash = strrchr(result->path, '/');
    folder_make(arena_copy(arena, result->path, (size_t)(slash - result->path)));
}

/*
 * The engine's table is copied to its place in the cache, so that it is hashed on its way.  The
 * job's folder may hold what a run that died has left, and that is of use to the same tasks only:
 * how many there are is in its name; all else that decides what they make is in the result's.
 */
static void run_by_engine(Work *work)
{
    Builder *builder = work->builder;
    Result *result = work->result;
    Job job = *result->job;
    char bytes[64 * 1024];
    size_t stem = strlen(result->path) - strlen(".csv");
    job.patience = builder->patience;
    job.folder = arena_format(&builder->arena, "%.*s.%zu" JOB_ENDING, (int)stem, result->path,
                              job.split.count);
    split_check_headers(job.pipe, &job.parts);
    work->lock = job_lock(&job, &builder->arena);
    for (size_t i = 0; i < result->command_count; i++)
        result->runs[i].stopped = true; /* unless all ends well */
    const char *table = builder->engine->run(&job, result->runs, &builder->arena);
    for (size_t i = 0; i < result->command_count; i++)
        result->runs[i].stopped = false;
    int file = file_open(table);
    for (size_t got; (got = file_read(file, table, bytes, sizeof bytes)) != 0;)
        take_bytes(work, bytes, got);
    close(file);
    job_remove(&job);
}

static bool has_engine(const Work *work)
{
    const Job *job = work->result->job;
    return work->builder->engine != NULL && job != NULL && job->split.count != 0;
}

static void run_stages(void *context)
{
    Work *work = context;
    Arena *arena = &work->builder->arena;
    Result *result = work->result;
    run_prepare(work);
    work->digest = digest_begin();
    work->output = output_open(result->path);
    if (has_engine(work))
        run_by_engine(work);
    else if (!stages_run(result->runs, result->command_count, take_bytes, work))
        fail("%s", stages_blame(result->runs, result->command_count, arena));
    char hex[DIGEST_SIZE];
    digest_end(work->digest, hex);
    work->digest = NULL;
    Output *output = work->output;
    work->output = NULL; /* committed or lost: not to be thrown away twice */
    output_commit(output);
    result->digest = arena_copy(arena, hex, strlen(hex));
    record_runs(work);
    record_add(work->record, ENTRY_OUTPUT, "sha256", result->digest, arena);
    cache_keep(result->path, work->record, arena);
}

/* Runs the stages into the cache; whatever goes wrong leaves nothing under the result's name. */
static void run(Work *work)
{
    Trap trap;
    bool done = attempt(run_stages, work, &trap);
    if (work->digest != NULL)
        digest_end(work->digest, (char[DIGEST_SIZE]){0});
    if (work->output != NULL)
        output_discard(work->output);
    if (work->lock >= 0)
        close(work->lock);
    if (work->result->runs != NULL)
        stages_free(work->result->runs, work->result->command_count);
    work->digest = NULL;
    work->output = NULL;
    work->lock = -1;
    if (!done)
        fail("%s", trap.message);
}

static void say_rebuilt(const Work *work)
{
    const char *reading = setting_name(work->setting);
    bool named = strcmp(reading, "default") != 0;
    warn("%s: %s: rebuilt: %s%s%s%s", work->setting->document->name, work->result->name,
         work->result->reason, named ? " [" : "", named ? reading : "", named ? "]" : "");
}

static const Result *made_find(const Builder *builder, const char *path)
{
    for (size_t i = 0; i < builder->made_count; i++)
        if (strcmp(builder->made[i]->path, path) == 0)
            return builder->made[i];
    return NULL;
}

/* Takes over what another setting has found out about a result with the same ingredients. */
static void copy_made(Result *result, const Result *made)
{
    const Result own = *result;
    *result = *made;
    result->inputs = own.inputs; /* they may go by other names here */
    result->commands = own.commands;
    result->job = own.job;
    result->step = own.step;
    result->runs = NULL;
}

static void find_or_run(Work *work)
{
    Builder *builder = work->builder;
    Setting *setting = work->setting;
    Result *result = work->result;
    const char *document = setting->document->name, *reading = setting_name(setting);
    bool told = setting->control == NULL && !builder->quiet; /* of controls no story is kept */
    const Record *last =
        told ? cache_last(builder->folder, document, result->name, reading, &builder->arena) : NULL;
    bool damaged;
    const Record *kept =
        cache_find(builder->folder, result->path, work->record, &damaged, &builder->arena);
    if (kept != NULL) {
        result->record = kept;
        result->digest = record_value(kept, ENTRY_OUTPUT, NULL);
    } else {
        result->reason = why_rebuilt(work, last, damaged);
        if (builder->plan_only) {
            result->state = RESULT_PENDING;
            return;
        }
        if (told)
            say_rebuilt(work);
        run(work);
    }
    if (told && !builder->plan_only &&
        (last == NULL || record_difference(work->record, last, &builder->arena) != NULL))
        cache_note(builder->folder, document, result->name, reading, work->record, &builder->arena);
}

static void remember(Builder *builder, const Result *result)
{
    builder->made =
        memory_grow(builder->made, &builder->made_room, builder->made_count, sizeof *builder->made);
    builder->made[builder->made_count++] = result;
}

const Step *step_with_pipe(const Step *step, Arena *arena)
{
    static char *words[] = {"filter", "true", NULL};
    if (step->pipe.count != 0)
        return step;
    Stage *stage = arena_take(arena, sizeof *stage);
    *stage = (Stage){.filter = &filter_specification, .words = words, .word_count = 2};
    Step *whole = arena_take(arena, sizeof *whole);
    *whole = *step;
    whole->pipe.stages = stage;
    whole->pipe.count = 1;
    return whole;
}

static void make_step(void *context)
{
    Work *work = context;
    Builder *builder = work->builder;
    Result *result = work->result;
    work->step = step_with_pipe(work->step, &builder->arena);
    gather_inputs(work);
    if (!inputs_there(result))
        return;
    write_commands(work);
    work->record = record_ingredients(work);
    result->record = work->record;
    result->path = cache_path(builder->folder, work->setting->document->name, result->name,
                              work->record, &builder->arena);
    result->parts = (Parts){arena_array(&builder->arena, 1, sizeof *result->parts.items), 1};
    result->parts.items[0] = (Part){.path = result->path};
    const Result *made = made_find(builder, result->path);
    if (made != NULL)
        copy_made(result, made);
    else
        find_or_run(work);
}

static const Result *build_step(Builder *builder, Setting *setting, const Step *step)
{
    Work work = {.builder = builder, .setting = setting, .step = step, .lock = -1};
    Result *result = work.result = result_new(builder, step->name);
    result->step = step;
    Trap trap;
    if (!attempt(make_step, &work, &trap))
        fail_result(&work, trap.message);
    if (result->path != NULL && made_find(builder, result->path) == NULL)
        remember(builder, result);
    return result;
}

/* A step that the document does not have, made of one table and going by its name. */
static const Result *build_unnamed(Builder *builder, Setting *setting, const char *name,
                                   const char *purpose, const Pipe *pipe)
{
    Arena *arena = &builder->arena;
    const char **from = arena_array(arena, 1, sizeof *from);
    from[0] = name;
    Step *step = arena_take(arena, sizeof *step);
    *step = (Step){.name = arena_format(arena, "%s of %s", purpose, name),
                   .from = from,
                   .from_count = 1,
                   .pipe = *pipe};
    bool quiet = builder->quiet;
    builder->quiet = true;
    Result *result = arena_take(arena, sizeof *result);
    *result = *build_step(builder, setting, step);
    result->name = name; /* as --from calls it */
    builder->quiet = quiet;
    return result;
}

const Result *build_begun(Builder *builder, Setting *setting, const Step *step, size_t stages)
{
    Step *begun = arena_take(&builder->arena, sizeof *begun);
    *begun = *step;
    begun->name = arena_format(&builder->arena, "%s to stage %zu", step->name, stages);
    begun->pipe.count = stages;
    bool quiet = builder->quiet;
    builder->quiet = true;
    const Result *result = build_step(builder, setting, begun);
    builder->quiet = quiet;
    return result;
}

/* The source a control changes: the same source run through the control's pipe. */
static const Result *build_controlled(Builder *builder, Setting *setting)
{
    const Control *control = setting->control;
    return build_unnamed(builder, setting->plain, control->in, "control", &control->pipe);
}

const Result *build(Builder *builder, Setting *setting, const char *name)
{
    const Document *document = setting->document;
    const SourceName *source = document_source(document, name);
    const Step *step = source == NULL ? document_step(document, name) : NULL;
    size_t slot = source != NULL ? (size_t)(source - document->sources)
                                 : document->source_count + (size_t)(step - document->steps);
    if (setting->known[slot] != NULL)
        return setting->known[slot];
    const Result *result;
    if (source != NULL && setting->control != NULL && strcmp(setting->control->in, name) == 0)
        result = build_controlled(builder, setting);
    else if (source != NULL)
        result = build_source(builder, setting, source);
    else
        result = build_step(builder, setting, step);
    setting->known[slot] = result;
    return result;
}
