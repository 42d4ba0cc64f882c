/*
 * The engine that hands a job to Slurm: an array of tasks, a job behind them that runs once, and
 * what it takes to see them through - tasks that are lost or fail are submitted again, and only
 * they, and what was begun by a run that died is taken up where it stands.
 *
 * What is done is told by the job's folder alone (slurm.h); Slurm is asked only what still goes on.
 * A task leaves its state under one name and its bytes depend on its files alone, so a task that
 * ran twice, or comes back from a node that was given up, can change nothing.
 */
#define _DEFAULT_SOURCE /* realpath */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/attempt.h"
#include "base/diagnostic.h"
#include "base/digest.h"
#include "base/file.h"
#include "emit/slurm.h"
#include "warrant/toolkit.h"

enum {
    MOST_TRIES = 3,     /* of a task */
    GRACE = 10,         /* seconds that a shared file system may take to show a file */
    UNANSWERED = 300,   /* seconds without an answer from Slurm */
    LOOKS_OFTEN = 60,   /* looks, a second apart, before they become rarer */
    SAID_MOST = 1 << 20 /* bytes of a log */
};

/* What is known of a task, or of what runs once. */
typedef struct Task {
    unsigned tries;    /* submissions that this run knows of */
    unsigned long job; /* the newest one's number */
    bool done, ended;  /* with success; with whatever */
    bool active, running;
    bool waits;         /* what runs once: Slurm holds it back until the tasks have succeeded */
    bool seen;          /* in Slurm's last answer */
    char state[24];     /* its last word from Slurm once it was not active any more; "" */
    time_t idle_since;  /* seen neither active nor ended; 0: not */
    const char *reason; /* of its last failure */
} Task;

typedef struct Cluster {
    const Job *job;
    StageRun *runs;
    Arena *arena;              /* for what lasts */
    Arena *passing;            /* for what lasts until the next look */
    const char *script, *name; /* of the jobs: NAME, and NAME-once */
    Task *tasks;               /* from 1; 0 is what runs once */
    unsigned long newest;      /* number in Slurm's last answer */
    time_t moved, answered;
    const char *going_on; /* "; jobs NAME may go on (WHY)" of those that were not ended; "" */
    char progress[128];
    bool shown; /* a progress line stands on the terminal */
} Cluster;

static volatile sig_atomic_t stop_signal;

static void note_signal(int number)
{
    stop_signal = number;
}

static const int stopping[] = {SIGINT, SIGTERM, SIGHUP};
enum { STOPPING = sizeof stopping / sizeof *stopping };

static time_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + 1; /* never 0 */
}

/* ---- Slurm's programs ---- */

static const char *program_find(const char *name, Arena *arena)
{
    const char *folder = getenv("PATH");
    while (folder != NULL && *folder != '\0') {
        size_t size = strcspn(folder, ":");
        const char *path = arena_format(arena, "%.*s/%s", (int)size, folder, name);
        if (size != 0 && access(path, X_OK) == 0)
            return path;
        folder += size + (folder[size] == ':');
    }
    fail("%s: not on PATH; jobs can be submitted where Slurm's programs are", name);
}

static void take_answer(void *context, const char *bytes, size_t size)
{
    buffer_append(context, bytes, size);
}

/* Runs one of them; its output goes to `answer`.  NULL, or what it said when it failed. */
static const char *command(Cluster *cluster, char **words, Buffer *answer)
{
    StageRun stage = {.program = program_find(words[0], cluster->passing), .argv = words};
    answer->size = 0;
    bool good = stages_run(&stage, 1, take_answer, answer);
    const char *problem = NULL;
    if (!good && stage.said.size == 0)
        problem = arena_format(cluster->passing, "%s: %s", words[0],
                               stage_status(&stage, cluster->passing));
    else if (!good)
        problem = arena_format(cluster->passing, "%s: %.*s", words[0],
                               (int)strcspn(buffer_string(&stage.said), "\n"), stage.said.at);
    stages_free(&stage, 1);
    return problem;
}

/* Submits an array, or, if that is NULL, what runs once.  Gives the job's number. */
static unsigned long submit(Cluster *cluster, const char *name, const char *dependency,
                            const char *array)
{
    Arena *arena = cluster->passing;
    Buffer answer = {0};
    char *words[16] = {"sbatch", "--parsable", "--no-requeue", "--kill-on-invalid-dep=yes"};
    size_t used = 4;
    words[used++] = arena_format(arena, "--job-name=%s", name);
    words[used++] = arena_format(arena, "--output=%s/slurm-%s.out", cluster->job->folder,
                                 array != NULL ? "%A-%a" : "%j");
    if (dependency[0] != '\0')
        words[used++] = arena_format(arena, "--dependency=%s", dependency);
    if (array != NULL)
        words[used++] = arena_format(arena, "--array=%s", array);
    words[used++] = (char *)cluster->script;
    if (array == NULL)
        words[used++] = "once";
    words[used] = NULL;
    const char *problem = command(cluster, words, &answer);
    unsigned long number = answer.size == 0 ? 0 : strtoul(buffer_string(&answer), NULL, 10);
    buffer_free(&answer);
    if (problem != NULL || number == 0)
        fail("%s", problem != NULL ? problem : "sbatch: it did not say the job's number");
    return number;
}

/* Notes the jobs that could not be ended. */
static void cancel(Cluster *cluster, const char *name)
{
    Buffer answer = {0};
    char *words[] = {"scancel", arena_format(cluster->passing, "--name=%s", name), NULL};
    const char *problem = command(cluster, words, &answer);
    if (problem != NULL)
        cluster->going_on = arena_format(cluster->arena, "%s; jobs %s may go on (%s)",
                                         cluster->going_on, name, problem);
    buffer_free(&answer);
}

static const char *once_name(const Cluster *cluster)
{
    return arena_format(cluster->passing, "%s-once", cluster->name);
}

/* ---- what goes on ---- */

static bool is_active(const char *state)
{
    static const char *const ended[] = {"BOOT_FAIL", "CANCELLED",     "COMPLETED",   "DEADLINE",
                                        "FAILED",    "NODE_FAIL",     "PREEMPTED",   "REVOKED",
                                        "TIMEOUT",   "OUT_OF_MEMORY", "SPECIAL_EXIT"};
    for (size_t i = 0; i < sizeof ended / sizeof *ended; i++)
        if (strcmp(state, ended[i]) == 0)
            return false;
    return true;
}

/* "JOB INDEX STATE NAME" of squeue. Of several submissions the newest speaks for the task. */
static void take_line(Cluster *cluster, const char *line)
{
    unsigned long job, index = 0;
    char place[24], state[24], name[64];
    if (sscanf(line, "%lu %23s %23s %63s", &job, place, state, name) != 4)
        return;
    if (job > cluster->newest)
        cluster->newest = job;
    bool once = strcmp(name, cluster->name) != 0;
    if (!once)
        index = strtoul(place, NULL, 10);
    if ((index == 0) != once || index > cluster->job->split.count)
        return;
    Task *task = &cluster->tasks[index];
    if (job < task->job || (task->tries == 0 && !is_active(state)))
        return; /* an older try, or what an earlier run left behind */
    if (task->tries == 0) {
        task->tries = 1;
        task->waits = once; /* maybe: an earlier run submitted it */
    }
    task->job = job;
    task->seen = true;
    task->active = is_active(state);
    task->running = strcmp(state, "RUNNING") == 0;
    snprintf(task->state, sizeof task->state, "%s", task->active ? "" : state);
}

/*
 * Of a task that is cancelled while it waits Slurm keeps no record, though of its array and of
 * those submitted later it does.
 */
static void note_forgotten(const Cluster *cluster, Task *task)
{
    if (task->tries != 0 && !task->seen && task->state[0] == '\0' && cluster->newest >= task->job)
        snprintf(task->state, sizeof task->state, "CANCELLED");
}

static void look_at_queue(Cluster *cluster)
{
    Buffer answer = {0};
    char *words[] = {
        "squeue",
        "--noheader",
        "--states=all",
        "--array",
        arena_format(cluster->passing, "--name=%s,%s", cluster->name, once_name(cluster)),
        "--format=%F %K %T %j",
        NULL};
    const char *problem = command(cluster, words, &answer);
    if (problem != NULL && stop_signal == 0 && now() - cluster->answered > UNANSWERED)
        fail("%s (no answer for %d seconds)", problem, UNANSWERED);
    if (problem == NULL) {
        size_t count = cluster->job->split.count;
        cluster->answered = now();
        cluster->newest = 0;
        for (size_t i = 0; i <= count; i++)
            cluster->tasks[i].active = cluster->tasks[i].running = cluster->tasks[i].seen = false;
        for (char *line = (char *)buffer_string(&answer); *line != '\0';) {
            char *end = line + strcspn(line, "\n");
            bool more = *end != '\0';
            *end = '\0';
            take_line(cluster, line);
            line = end + more;
        }
        for (size_t i = 1; i <= count; i++)
            note_forgotten(cluster, &cluster->tasks[i]);
    }
    buffer_free(&answer);
}

/* "8", or "once". */
static const char *task_word(const Cluster *cluster, size_t task)
{
    return task == 0 ? "once" : arena_format(cluster->passing, "%zu", task);
}

static const char *path_of(const Cluster *cluster, size_t task, const char *what)
{
    return arena_format(cluster->passing, "%s/%s.%s", cluster->job->folder,
                        task_word(cluster, task), what);
}

static const char *table_path(const Cluster *cluster)
{
    return arena_format(cluster->passing, "%s/table.csv", cluster->job->folder);
}

/* A file, or "" when it is not there; of one that is long the end, where a failure is told. */
static const char *read_file(const Cluster *cluster, const char *path)
{
    if (access(path, R_OK) != 0)
        return "";
    int file = file_open(path);
    off_t end = lseek(file, 0, SEEK_END);
    size_t wanted = end < SAID_MOST ? (size_t)end : SAID_MOST, size = 0, got;
    lseek(file, end - (off_t)wanted, SEEK_SET);
    char *bytes = arena_take(cluster->passing, wanted + 1);
    while ((got = file_read(file, path, bytes + size, wanted - size)) != 0)
        size += got;
    bytes[size] = '\0';
    close(file);
    return bytes;
}

static void look_at_folder(Cluster *cluster, size_t number)
{
    Task *task = &cluster->tasks[number];
    const char *ended = read_file(cluster, path_of(cluster, number, "ended"));
    const char *made = number == 0 ? table_path(cluster) : path_of(cluster, number, "state");
    bool before = task->ended;
    task->ended = ended[0] != '\0';
    task->done = strncmp(ended, "0\n", 2) == 0 && access(made, R_OK) == 0 &&
                 access(path_of(cluster, number, "sum"), R_OK) == 0;
    if (task->ended != before)
        cluster->moved = now();
}

static void look(Cluster *cluster)
{
    look_at_queue(cluster); /* first: what ends between the two is seen as ended */
    for (size_t i = 0; i <= cluster->job->split.count; i++) {
        Task *task = &cluster->tasks[i];
        look_at_folder(cluster, i);
        bool idle = !task->active && !task->ended;
        task->idle_since = !idle ? 0 : task->idle_since != 0 ? task->idle_since : now();
    }
}

/* ---- failures ---- */

/* The last line of a log. */
static const char *last_line(const Cluster *cluster, const char *text)
{
    size_t end = strlen(text);
    while (end != 0 && text[end - 1] == '\n')
        end--;
    size_t start = end;
    while (start != 0 && text[start - 1] != '\n')
        start--;
    return arena_copy(cluster->passing, text + start, end - start);
}

/* Of stages that ended with these statuses ("0 1 141") the first that failed; 0 if none has. */
static size_t first_failed(const char *statuses)
{
    size_t stage = 0;
    for (char *end; *statuses != '\0' && *statuses != '\n'; statuses = end) {
        long status = strtol(statuses, &end, 10);
        if (end == statuses)
            break;
        stage++;
        if (status != 0 && status != 141)
            return stage;
    }
    return 0;
}

/* Why a task that has ended made nothing: the words of its first stage that failed, or the
 * script's. */
static const char *told_reason(const Cluster *cluster, size_t number)
{
    const char *ended = read_file(cluster, path_of(cluster, number, "ended"));
    const char *statuses = ended + strcspn(ended, "\n");
    size_t stage = first_failed(statuses + (*statuses == '\n'));
    const char *log = arena_format(cluster->passing, "said.%zu", stage);
    const char *words = last_line(cluster, read_file(cluster, path_of(cluster, number, log)));
    if (words[0] == '\0')
        words = "it failed without a word";
    if (stage == 0)
        return words;
    size_t filter = strcspn(words, ": "); /* the name before its words moves into brackets */
    const char *rest = strncmp(words + filter, ": ", 2) == 0 ? words + filter + 2 : NULL;
    return rest == NULL ? arena_format(cluster->passing, "stage %zu: %s", stage, words)
                        : arena_format(cluster->passing, "stage %zu (%.*s): %s", stage, (int)filter,
                                       words, rest);
}

/* Of a task that ended without a note of how: a node that died, a limit of time or memory. */
static const char *lost_reason(const Cluster *cluster, size_t number)
{
    const Task *task = &cluster->tasks[number];
    if (task->state[0] == '\0')
        return arena_format(cluster->passing, "Slurm does not know its job %lu any more",
                            task->job);
    const char *log = number == 0 ? arena_format(cluster->passing, "%lu", task->job)
                                  : arena_format(cluster->passing, "%lu-%zu", task->job, number);
    const char *said =
        last_line(cluster, read_file(cluster, arena_format(cluster->passing, "%s/slurm-%s.out",
                                                           cluster->job->folder, log)));
    return arena_format(cluster->passing, "its job %lu ended as %s%s%s", task->job, task->state,
                        said[0] == '\0' ? "" : ": ", said);
}

static _Noreturn void fail_task(const Cluster *cluster, size_t number, const char *reason)
{
    const Task *task = &cluster->tasks[number];
    const char *tried =
        task->tries < 2 ? "" : arena_format(cluster->passing, " (tried %u times)", task->tries);
    if (number == 0)
        fail("what runs once, job %lu: %s%s", task->job, reason, tried);
    fail("part %zu of %zu: %s%s", number, cluster->job->split.count, reason, tried);
}

/*
 * Whether the task has to be submitted (again).  Fails when that is of no use: somebody cancelled
 * it, it was tried often enough, or its stages failed twice with the same words.
 */
static bool is_due(Cluster *cluster, size_t number)
{
    Task *task = &cluster->tasks[number];
    if (task->done || task->active)
        return false;
    if (task->tries == 0)
        return true;
    if (!task->ended && task->state[0] == '\0' && now() - task->idle_since < GRACE)
        return false;
    if (!task->ended && strcmp(task->state, "COMPLETED") == 0 && now() - task->idle_since < GRACE)
        return false;
    const char *reason = task->ended ? told_reason(cluster, number) : lost_reason(cluster, number);
    bool again = task->ended && task->reason != NULL && strcmp(task->reason, reason) == 0;
    bool cancelled = number != 0 && strcmp(task->state, "CANCELLED") == 0; /* see submit_tasks() */
    if (again || task->tries >= MOST_TRIES || cancelled)
        fail_task(cluster, number, reason);
    warn("%s: %s: part %s: %s; submitted again", cluster->job->document, cluster->job->step,
         task_word(cluster, number), reason);
    task->reason = arena_copy(cluster->arena, reason, strlen(reason));
    return true;
}

/* ---- submissions ---- */

static void begin_try(Cluster *cluster, size_t number, unsigned long job)
{
    Task *task = &cluster->tasks[number];
    task->tries++;
    task->job = job;
    task->active = true;
    task->running = task->ended = false;
    task->state[0] = '\0';
    task->idle_since = 0;
    cluster->moved = now();
}

/* "1-4,7" of the numbers that are due; NULL when none is. */
static const char *array_of(const bool *due, size_t count, Arena *arena)
{
    const char *array = NULL;
    for (size_t i = 1; i <= count; i++) {
        if (!due[i])
            continue;
        size_t first = i;
        while (i < count && due[i + 1])
            i++;
        array = arena_format(arena, first == i ? "%s%s%zu" : "%s%s%zu-%zu",
                             array == NULL ? "" : array, array == NULL ? "" : ",", first, i);
    }
    return array;
}

/* Arrays that still go on, without the newest: what runs once waits for them too. */
static const char *others_active(const Cluster *cluster, unsigned long newest)
{
    const char *jobs = "";
    unsigned long last = newest;
    for (size_t i = 1; i <= cluster->job->split.count; i++) {
        const Task *task = &cluster->tasks[i];
        if (task->active && task->job != newest && task->job != last) {
            jobs = arena_format(cluster->passing, "%s:%lu", jobs, task->job);
            last = task->job;
        }
    }
    return jobs[0] == '\0' ? "" : arena_format(cluster->passing, ",afterany%s", jobs);
}

static void submit_once(Cluster *cluster, const char *dependency)
{
    if (cluster->tasks[0].active)
        cancel(cluster, once_name(cluster));
    unlink(path_of(cluster, 0, "ended"));
    begin_try(cluster, 0, submit(cluster, once_name(cluster), dependency, NULL));
    cluster->tasks[0].waits = dependency[0] != '\0';
}

/*
 * True if there were tasks to submit.  Slurm itself cancels what waits for an array of which a task
 * did not succeed, so with new tasks goes a new job that runs once.
 */
static bool submit_tasks(Cluster *cluster)
{
    size_t count = cluster->job->split.count;
    bool *due = arena_array(cluster->passing, count + 1, sizeof *due);
    for (size_t i = 1; i <= count; i++) {
        due[i] = is_due(cluster, i);
        if (due[i])
            unlink(path_of(cluster, i, "ended"));
    }
    const char *array = array_of(due, count, cluster->passing);
    if (array == NULL)
        return false;
    unsigned long job = submit(cluster, cluster->name, "", array);
    for (size_t i = 1; i <= count; i++)
        if (due[i])
            begin_try(cluster, i, job);
    submit_once(cluster,
                arena_format(cluster->passing, "afterok:%lu%s", job, others_active(cluster, job)));
    cluster->tasks[0].tries = 1; /* one that waited in vain was no try of its own */
    return true;
}

static bool all_done(const Cluster *cluster)
{
    for (size_t i = 1; i <= cluster->job->split.count; i++)
        if (!cluster->tasks[i].done)
            return false;
    return true;
}

/*
 * With all tasks done nothing should keep what runs once from running: neither that its job was
 * never submitted, nor that Slurm waits for a node to confirm the end of a task.  A job that waits
 * for no task waits for a place, which it would lose.
 */
static void push_once(Cluster *cluster)
{
    Task *once = &cluster->tasks[0];
    bool held = once->active && once->waits && !once->running && now() - cluster->moved > GRACE;
    if (held || (!once->active && is_due(cluster, 0)))
        submit_once(cluster, "");
}

/* ---- the whole ---- */

static void clear_progress(Cluster *cluster)
{
    if (cluster->shown)
        fputs("\r\033[K", stderr);
    cluster->shown = false;
}

/* One line that changes in place on a terminal; elsewhere a line for each change. */
static void tell_progress(Cluster *cluster)
{
    size_t count = cluster->job->split.count, done = 0, running = 0;
    char line[sizeof cluster->progress];
    for (size_t i = 1; i <= count; i++) {
        done += cluster->tasks[i].done;
        running += !cluster->tasks[i].done && cluster->tasks[i].running;
    }
    snprintf(line, sizeof line, "%zu of %zu parts done, %zu running%s", done, count, running,
             done == count ? "; bringing them together" : "");
    if (strcmp(line, cluster->progress) == 0)
        return;
    memcpy(cluster->progress, line, sizeof line);
    cluster->moved = now();
    if (!isatty(STDERR_FILENO)) {
        warn("%s: %s: %s", cluster->job->document, cluster->job->step, line);
        return;
    }
    clear_progress(cluster);
    fprintf(stderr, "%s: %s: %s", cluster->job->document, cluster->job->step, line);
    cluster->shown = true;
}

static void rest(unsigned looks)
{
    struct timespec time = {.tv_sec = looks < LOOKS_OFTEN ? 1 : 5};
    if (looks < 4)
        time = (struct timespec){.tv_nsec = 300 * 1000 * 1000};
    if (stop_signal == 0)
        nanosleep(&time, NULL); /* a signal ends it */
}

static void see_through(void *context)
{
    Cluster *cluster = context;
    for (unsigned looks = 0; stop_signal == 0; looks++) {
        arena_reset(cluster->passing);
        look(cluster);
        if (stop_signal != 0 || cluster->tasks[0].done)
            break;
        if (!submit_tasks(cluster) && all_done(cluster))
            push_once(cluster);
        tell_progress(cluster);
        if (now() - cluster->moved > cluster->job->patience)
            fail("nothing has moved for %ld seconds: %s", cluster->job->patience,
                 cluster->progress);
        rest(looks);
    }
}

/* ---- what came of it ---- */

static StageRun hear(const Cluster *cluster, size_t number, size_t stage, const char *filter)
{
    char **argv = arena_array(cluster->arena, 2, sizeof *argv);
    argv[0] = (char *)filter;
    argv[1] = NULL;
    StageRun run = {.program = filter, .argv = argv, .good = true};
    const char *log = arena_format(cluster->arena, "said.%zu", stage);
    const char *said = read_file(cluster, path_of(cluster, number, log));
    stage_hear(&run, said, strlen(said));
    return run;
}

static void count_stages(Cluster *cluster)
{
    const Job *job = cluster->job;
    for (size_t task = 1; task <= job->split.count; task++)
        for (size_t i = 0; i < job->task_count; i++) {
            StageRun run = hear(cluster, task, i + 1, job->task_commands[i][0]);
            job_count_task(&cluster->runs[i], &run);
            stages_free(&run, 1);
        }
    size_t count;
    char ***words = job_once_words(job, &count, cluster->arena);
    for (size_t i = 0; i < count; i++) {
        StageRun run = hear(cluster, 0, i + 1, words[i][0]);
        job_count_once(job, i, cluster->runs, &run);
        stages_free(&run, 1);
    }
}

/* The table's bytes are those that the node wrote. */
static void check_table(const Cluster *cluster)
{
    char hex[DIGEST_SIZE];
    const char *table = table_path(cluster);
    digest_file(table, hex, NULL);
    if (strncmp(read_file(cluster, path_of(cluster, 0, "sum")), hex, DIGEST_SIZE - 1) != 0)
        fail("%s: not the bytes that the job wrote", table);
}

/* ---- the folder ---- */

/* Jobs are told apart by where they work: names that are equal mean equal folders. */
static const char *job_name(const Job *job, Arena *arena)
{
    char hex[DIGEST_SIZE];
    char *folder = realpath(job->folder, NULL);
    if (folder == NULL)
        fail_errno("%s", job->folder);
    Digest *digest = digest_begin();
    digest_add_string(digest, folder);
    digest_end(digest, hex);
    free(folder);
    return arena_format(arena, "warrant-%.12s", hex);
}

static const char *write_script(const Job *job, Arena *arena)
{
    const char *path = arena_format(arena, "%s/" JOB_SCRIPT, job->folder);
    const char *filter = toolkit_program("filter", arena);
    const char *slash = strrchr(filter, '/');
    Job here = *job;
    Buffer text = {0};
    here.prefix = arena_copy(arena, slash + 1, strlen(slash + 1) - strlen("filter"));
    slurm_job_write(&here, arena_copy(arena, filter, (size_t)(slash - filter)), &text);
    Output *output = output_open(path);
    output_write(output, text.at, text.size);
    output_commit(output);
    buffer_free(&text);
    return path;
}

static void open_cluster(void *context)
{
    Cluster *cluster = context;
    const Job *job = cluster->job;
    program_find("sbatch", cluster->passing);
    cluster->script = write_script(job, cluster->arena);
    cluster->name = job_name(job, cluster->arena);
    cluster->moved = cluster->answered = now();
}

/* Nobody is left to see them through. What is done stays, for the next run to take up. */
static void cancel_all(void *context)
{
    Cluster *cluster = context;
    cancel(cluster, cluster->name);
    cancel(cluster, once_name(cluster));
}

static void run_cluster(void *context)
{
    Cluster *cluster = context;
    see_through(cluster);
    if (stop_signal != 0)
        return;
    check_table(cluster);
    count_stages(cluster);
}

typedef struct Handlers {
    struct sigaction before[STOPPING];
} Handlers;

static void handlers_set(Handlers *handlers)
{
    stop_signal = 0;
    for (size_t i = 0; i < STOPPING; i++) {
        struct sigaction noting = {.sa_handler = note_signal};
        sigaction(stopping[i], NULL, &handlers->before[i]);
        if (handlers->before[i].sa_handler != SIG_IGN)
            sigaction(stopping[i], &noting, NULL);
    }
}

/* A signal that came takes its usual course now. */
static void handlers_restore(const Handlers *handlers)
{
    for (size_t i = 0; i < STOPPING; i++)
        sigaction(stopping[i], &handlers->before[i], NULL);
    if (stop_signal != 0)
        raise(stop_signal);
}

static const char *slurm_run(const Job *job, StageRun *runs, Arena *arena)
{
    Arena passing = {0};
    Cluster cluster = {
        .job = job, .runs = runs, .arena = arena, .passing = &passing, .going_on = ""};
    Handlers handlers;
    Trap trap, second;
    cluster.tasks = arena_array(arena, job->split.count + 1, sizeof *cluster.tasks);
    memset(cluster.tasks, 0, (job->split.count + 1) * sizeof *cluster.tasks);
    bool good = attempt(open_cluster, &cluster, &trap);
    handlers_set(&handlers); /* behind the first output, which sets its own (file.h) */
    good = good && attempt(run_cluster, &cluster, &trap);
    clear_progress(&cluster);
    if ((!good || stop_signal != 0) && cluster.name != NULL)
        attempt(cancel_all, &cluster, &second);
    if (good && cluster.going_on[0] != '\0')
        warn("stopped%s", cluster.going_on);
    handlers_restore(&handlers);
    arena_free(&passing);
    if (!good)
        fail("%s%s", trap.message, cluster.going_on); /* the cause first */
    return arena_format(arena, "%s/table.csv", job->folder);
}

const Engine slurm_engine = {.name = "slurm", .most_tasks = 64, .run = slurm_run};
