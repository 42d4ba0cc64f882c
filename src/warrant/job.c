#define _DEFAULT_SOURCE /* flock */
#include "warrant/job.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/file.h"

static char ***words_of(const Pipe *pipe, size_t from, size_t end, const Parameters *parameters,
                        const TablePaths *tables, const Parts *files, Arena *arena)
{
    char ***words = arena_array(arena, end - from, sizeof *words);
    const char **paths = arena_array(arena, files->count, sizeof *paths);
    for (size_t i = 0; i < files->count; i++)
        /* NOLINTNEXTLINE: there are as many files as are counted */
        paths[i] = files->items[i].path;
    for (size_t i = from; i < end; i++)
        words[i - from] = invocation_words(&pipe->stages[i], parameters, tables, paths,
                                           i == 0 ? files->count : 0, arena);
    return words;
}

Job job_make(const Pipe *pipe, const Parameters *parameters, const TablePaths *tables,
             const Parts *parts, size_t most_tasks, Arena *arena)
{
    static const Parts none = {0};
    Job job = {.pipe = pipe, .parts = *parts, .split = split_plan(pipe, parts, most_tasks, arena)};
    job.task_count = split_stages(&job.split);
    job.rest_count = pipe->count - job.task_count;
    job.task_commands = words_of(pipe, 0, job.task_count, parameters, tables, &none, arena);
    job.rest_commands = words_of(pipe, job.task_count, pipe->count, parameters, tables,
                                 job.task_count == 0 ? parts : &none, arena);
    if (job.task_count != 0)
        job.delimiter = stage_option(&pipe->stages[job.task_count - 1], "delimiter");
    return job;
}

const char *job_state(const Job *job, size_t task, Arena *arena)
{
    return arena_format(arena, "%s/%zu.state", job->folder, task);
}

/* ---- its folder ---- */

static _Noreturn void fail_locked(int lock, const char *path)
{
    char holder[300];
    if (errno != EWOULDBLOCK)
        fail_errno("%s: cannot be locked", path);
    ssize_t size = read(lock, holder, sizeof holder - 1);
    holder[size < 0 ? 0 : size] = '\0';
    fail("another run is at work on it: %.*s (%s)", (int)strcspn(holder, "\n"), holder, path);
}

static bool is_file(int descriptor, const char *path)
{
    struct stat open_one, named;
    return fstat(descriptor, &open_one) == 0 && stat(path, &named) == 0 &&
           open_one.st_dev == named.st_dev && open_one.st_ino == named.st_ino;
}

int job_lock(const Job *job, Arena *arena)
{
    const char *path = arena_format(arena, "%s/lock", job->folder);
    folder_make(job->folder);
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (lock < 0 && errno == ENOENT) /* jobs_sweep() met the folder before this did */
        return job_lock(job, arena);
    if (lock < 0)
        fail_errno("%s", path);
    if (flock(lock, LOCK_EX | LOCK_NB) != 0)
        fail_locked(lock, path);
    if (!is_file(lock, path)) { /* a run that has just ended took the folder with it */
        close(lock);
        return job_lock(job, arena);
    }
    char host[256] = "", holder[300];
    gethostname(host, sizeof host - 1);
    int size = snprintf(holder, sizeof holder, "process %ld on %s\n", (long)getpid(), host);
    if (ftruncate(lock, 0) != 0 || write(lock, holder, (size_t)size) != size)
        fail_errno("%s: cannot write", path);
    return lock;
}

/* ---- its commands ---- */

/* The words with others behind them. */
static char **words_joined(char *const *words, char *const *others, Arena *arena)
{
    size_t count = 0, more = 0;
    while (words[count] != NULL)
        count++;
    while (others[more] != NULL)
        more++;
    char **joined = arena_array(arena, count + more + 1, sizeof *joined);
    memcpy(joined, words, count * sizeof *joined);
    memcpy(joined + count, others, (more + 1) * sizeof *joined);
    return joined;
}

static char **paths_of(const SplitTask *task, Arena *arena)
{
    char **paths = arena_array(arena, task->count + 1, sizeof *paths);
    for (size_t i = 0; i < task->count; i++)
        paths[i] = (char *)task->parts[i].path;
    paths[task->count] = NULL;
    return paths;
}

char ***job_task_words(const Job *job, size_t task, Arena *arena)
{
    char ***words = arena_array(arena, job->task_count, sizeof *words);
    memcpy(words, job->task_commands, job->task_count * sizeof *words);
    words[0] = words_joined(words[0], paths_of(&job->split.tasks[task - 1], arena), arena);
    if (job->split.merged) {
        char *part = arena_format(arena, "%zu/%zu", task, job->split.count);
        char *partial[] = {"--partial", "--part", part, NULL};
        char ***last = &words[job->task_count - 1];
        *last = words_joined(*last, partial, arena);
    }
    return words;
}

static char **state_paths(const Job *job, Arena *arena)
{
    char **paths = arena_array(arena, job->split.count + 1, sizeof *paths);
    for (size_t i = 0; i < job->split.count; i++)
        paths[i] = (char *)job_state(job, i + 1, arena);
    paths[job->split.count] = NULL;
    return paths;
}

char **job_gather_words(const Job *job, Arena *arena)
{
    char *merge[] = {"aggregate", "--merge", NULL}, *join[] = {"filter", "true", NULL};
    char *delimiter[] = {"-d", (char *)job->delimiter, NULL};
    bool plain = job->delimiter == NULL;
    return words_joined(job->split.merged ? merge : join, plain ? &delimiter[2] : delimiter, arena);
}

char ***job_once_words(const Job *job, size_t *count, Arena *arena)
{
    char ***words = arena_array(arena, job->rest_count + 1, sizeof *words);
    size_t used = 0;
    if (job->split.merged || job->rest_count == 0)
        words[used++] = words_joined(job_gather_words(job, arena), state_paths(job, arena), arena);
    for (size_t i = 0; i < job->rest_count; i++)
        words[used++] = i == 0 && job->split.count != 0 && !job->split.merged
                            ? words_joined(job->rest_commands[i], state_paths(job, arena), arena)
                            : job->rest_commands[i];
    *count = used;
    return words;
}

static bool is_merge(const Job *job, size_t command)
{
    return job->split.merged && command == 0;
}

#define NO_STAGE SIZE_MAX

/*
 * The step's stage that the i-th of the commands stands for that run once, from 0; NO_STAGE if it
 * only puts rows together.  A merge stands for the end of the aggregate: rows that go out, none
 * that come in.
 */
static size_t once_stage(const Job *job, size_t command)
{
    if (job->split.merged)
        return job->task_count - 1 + command;
    return job->rest_count == 0 ? NO_STAGE : job->task_count + command;
}

static void add_messages(StageRun *stage, const StageRun *run)
{
    buffer_append(&stage->said, run->said.at, run->said.size);
}

/* They are for the eye only. */
static void add_seconds(StageRun *stage, const StageRun *run)
{
    double sum = strtod(stage->seconds, NULL) + strtod(run->seconds, NULL);
    snprintf(stage->seconds, sizeof stage->seconds, "%.3f", sum);
}

void job_count_task(StageRun *stage, const StageRun *run)
{
    bool first = !stage->counted && stage->seconds[0] == '\0';
    stage->counted = run->counted && (first || stage->counted);
    stage->rows_in += run->rows_in;
    stage->rows_out += run->rows_out;
    stage->bytes += run->bytes;
    add_seconds(stage, run);
    add_messages(stage, run);
}

void job_count_once(const Job *job, size_t command, StageRun *runs, const StageRun *run)
{
    size_t number = once_stage(job, command);
    if (number == NO_STAGE)
        return;
    StageRun *stage = &runs[number];
    if (!is_merge(job, command)) {
        job_count_task(stage, run);
        return;
    }
    stage->rows_out = run->rows_out;
    stage->said.size = 0; /* cells taken as missing: the merge says how many in all */
    add_seconds(stage, run);
    add_messages(stage, run);
}

static void remove_folder(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = descriptor < 0 ? NULL : fdopendir(descriptor);
    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        unlinkat(dirfd(folder), entry->d_name, 0); /* of . and .. it refuses to */
    closedir(folder);
    rmdir(path);
}

void job_remove(const Job *job)
{
    remove_folder(job->folder);
}

/* Whether jobs may still be at work there, which the same command would follow again: a script lies
 * in STEP-KEY.2.run, and STEP-KEY.record, which comes with the result, is not there yet. */
static bool goes_on(const char *path, Arena *arena)
{
    size_t stem = strlen(path);
    for (int points = 0; points < 2; stem--)
        points += path[stem - 1] == '.';
    return access(arena_format(arena, "%s/" JOB_SCRIPT, path), F_OK) == 0 &&
           access(arena_format(arena, "%.*s.record", (int)stem, path), F_OK) != 0;
}

static void sweep(const char *path, Arena *arena)
{
    const char *lock_path = arena_format(arena, "%s/lock", path);
    int lock = open(lock_path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (lock < 0) {
        rmdir(path); /* hardly begun */
        return;
    }
    if (flock(lock, LOCK_EX | LOCK_NB) == 0 && is_file(lock, lock_path) && !goes_on(path, arena))
        remove_folder(path);
    close(lock);
}

static bool is_job(const char *name)
{
    const char *end = strrchr(name, '.');
    return end != NULL && strcmp(end, JOB_ENDING) == 0 && memchr(name, '.', (size_t)(end - name));
}

void jobs_sweep(const char *folder)
{
    Arena arena = {0};
    DIR *open_folder = opendir(folder);
    for (struct dirent *entry; open_folder != NULL && (entry = readdir(open_folder)) != NULL;)
        if (is_job(entry->d_name))
            sweep(arena_format(&arena, "%s/%s", folder, entry->d_name), &arena);
    if (open_folder != NULL)
        closedir(open_folder);
    arena_free(&arena);
}

const Engine *engine_find(const char *name)
{
    static const Engine *const engines[] = {&parts_engine, &slurm_engine};
    enum { ENGINES = sizeof engines / sizeof *engines };
    const char *names[ENGINES];
    for (size_t i = 0; i < ENGINES; i++) {
        names[i] = engines[i]->name;
        if (strcmp(names[i], name) == 0)
            return engines[i];
    }
    fail_usage("--on: unknown engine: %s%s", shown(name, strlen(name)),
               text_suggestion(span_of(name), names, ENGINES));
}
