/* The engine that works through a job's tasks one after the other, on this machine. */

#include <string.h>

#include "base/attempt.h"
#include "base/diagnostic.h"
#include "base/file.h"
#include "warrant/job.h"
#include "warrant/toolkit.h"

/* One pipe of a job: what attempt() hands to the work below. */
typedef struct Piece {
    const Job *job;
    const char *path;
    StageRun *stages;
    size_t count;
    Output *output;
    Arena *arena;
} Piece;

static void take_bytes(void *context, const char *bytes, size_t size)
{
    output_write(((Piece *)context)->output, bytes, size);
}

static void run_stages(void *context)
{
    Piece *piece = context;
    piece->output = output_open(piece->path);
    if (!stages_run(piece->stages, piece->count, take_bytes, piece))
        fail("%s", stages_blame(piece->stages, piece->count, piece->arena));
    Output *output = piece->output;
    piece->output = NULL; /* committed or lost: not to be thrown away twice */
    output_commit(output);
}

/* Runs the commands with their output to a file; the stages' buffers are the caller's to free. */
static StageRun *run_piece(const Job *job, char ***commands, size_t count, const char *path,
                           Arena *arena)
{
    StageRun *stages = arena_array(arena, count, sizeof *stages);
    for (size_t i = 0; i < count; i++)
        stages[i] = (StageRun){.program = toolkit_program(commands[i][0], arena),
                               .argv = invocation_argv(commands[i], arena)};
    Piece piece = {job, path, stages, count, NULL, arena};
    Trap trap;
    bool done = attempt(run_stages, &piece, &trap);
    if (piece.output != NULL)
        output_discard(piece.output);
    if (done)
        return stages;
    stages_free(stages, count);
    fail("%s", trap.message);
}

static void run_task(const Job *job, size_t task, StageRun *runs, Arena *arena)
{
    StageRun *stages = run_piece(job, job_task_words(job, task, arena), job->task_count,
                                 job_state(job, task, arena), arena);
    for (size_t i = 0; i < job->task_count; i++)
        job_count_task(&runs[i], &stages[i]);
    stages_free(stages, job->task_count);
}

static const char *run_once(const Job *job, StageRun *runs, Arena *arena)
{
    size_t count;
    char ***commands = job_once_words(job, &count, arena);
    const char *path = arena_format(arena, "%s/table.csv", job->folder);
    StageRun *stages = run_piece(job, commands, count, path, arena);
    for (size_t i = 0; i < count; i++)
        job_count_once(job, i, runs, &stages[i]);
    stages_free(stages, count);
    return path;
}

static void try_task(const Job *job, size_t task, StageRun *runs, Arena *arena)
{
    Trap trap;
    if (TRAP_SET(&trap)) {
        run_task(job, task, runs, arena);
        trap_end(&trap);
        return;
    }
    fail("part %zu of %zu: %s", task, job->split.count, trap.message);
}

static const char *parts_run(const Job *job, StageRun *runs, Arena *arena)
{
    for (size_t task = 1; task <= job->split.count; task++)
        try_task(job, task, runs, arena);
    return run_once(job, runs, arena);
}

const Engine parts_engine = {.name = "parts", .most_tasks = 64, .run = parts_run};
