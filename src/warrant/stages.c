#define _GNU_SOURCE /* pipe2, ppoll */
#include "warrant/stages.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/attempt.h"
#include "base/diagnostic.h"
#include "base/file.h"

extern char **environ;

enum { PIECE = 64 * 1024, SAID_MOST = 64 * 1024 };

typedef struct Child {
    pid_t pid;
    bool running;
    int messages; /* read end of its standard error, -1 at the end */
    Buffer line;  /* the line that is not complete yet */
} Child;

typedef struct Watch {
    StageRun *stages;
    Child *children;
    size_t count;
    struct pollfd *polled; /* the result, then each child's messages */
    int result;            /* read end of the last stage started, -1 at the end */
    int opening[4];        /* ends of pipes being handed to a stage, -1 when none */
    void (*take)(void *context, const char *bytes, size_t size);
    void *context;
    sigset_t outside; /* the signals blocked before */
    char piece[PIECE];
} Watch;

/* Signals that ask to stop wait for ppoll(), so that none can slip in between a look and a wait. */
static const int stopping[] = {SIGINT, SIGTERM, SIGHUP};
enum { STOPPING = sizeof stopping / sizeof *stopping };
static volatile sig_atomic_t stop_signal;

static void note_signal(int number)
{
    stop_signal = number;
}

typedef struct Signals {
    struct sigaction before[STOPPING];
    sigset_t mask;
} Signals;

static void signals_hold(Signals *signals)
{
    sigset_t held;
    sigemptyset(&held);
    for (size_t i = 0; i < STOPPING; i++)
        sigaddset(&held, stopping[i]);
    sigprocmask(SIG_BLOCK, &held, &signals->mask);
    stop_signal = 0;
    for (size_t i = 0; i < STOPPING; i++) {
        struct sigaction noting = {.sa_handler = note_signal};
        sigaction(stopping[i], NULL, &signals->before[i]);
        if (signals->before[i].sa_handler != SIG_IGN)
            sigaction(stopping[i], &noting, NULL);
    }
}

static void signals_release(const Signals *signals)
{
    for (size_t i = 0; i < STOPPING; i++)
        sigaction(stopping[i], &signals->before[i], NULL);
    int number = stop_signal;
    if (number != 0)
        raise(number); /* still blocked: delivered by the next line */
    sigprocmask(SIG_SETMASK, &signals->mask, NULL);
}

static void end_close(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

static void pipe_open(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0)
        fail_errno("cannot make a pipe");
}

/* Standard streams from `input`, to `output` and `messages`; signals as a shell would give them. */
static int spawn(const Watch *watch, StageRun *stage, pid_t *pid, int input, int output,
                 int messages)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    if (input < 0)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    else
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO);
    posix_spawnattr_setsigmask(&attributes, &watch->outside);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int problem = posix_spawn(pid, stage->program, &actions, &attributes, stage->argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return problem;
}

static void stage_start(Watch *watch, size_t i)
{
    Child *child = &watch->children[i];
    int *ends = watch->opening;
    pipe_open(ends);
    pipe_open(ends + 2);
    errno = spawn(watch, &watch->stages[i], &child->pid, watch->result, ends[1], ends[3]);
    if (errno != 0)
        fail_errno("stage %zu (%s): cannot start %s", i + 1, watch->stages[i].argv[0],
                   watch->stages[i].program);
    child->running = true;
    child->messages = ends[2];
    end_close(&watch->result);
    watch->result = ends[0];
    ends[0] = ends[2] = -1;
    end_close(&ends[1]);
    end_close(&ends[3]);
}

static void child_reap(Watch *watch, size_t i)
{
    Child *child = &watch->children[i];
    while (child->running && waitpid(child->pid, &watch->stages[i].status, 0) < 0)
        if (errno != EINTR)
            break;
    child->running = false;
}

/*
 * The filters write nothing but their pipes, so there is nothing that they should tidy up.  One
 * that was on its way out already keeps the status it ended with: it may be the culprit, and the
 * stage behind it only have been quicker to be seen.
 */
static void children_end(Watch *watch)
{
    for (size_t i = 0; i < watch->count; i++)
        if (watch->children[i].running)
            kill(watch->children[i].pid, SIGKILL);
    for (size_t i = 0; i < watch->count; i++) {
        StageRun *stage = &watch->stages[i];
        if (!watch->children[i].running)
            continue;
        child_reap(watch, i);
        stage->stopped = WIFSIGNALED(stage->status) && WTERMSIG(stage->status) == SIGKILL;
    }
}

static bool read_counts(StageRun *stage, const char *text)
{
    unsigned long long in, out, bytes;
    char seconds[24];
    int end = -1;
    sscanf(text, "%llu rows in, %llu rows out, %llu bytes, %23[0-9.] seconds, confined by %n", &in,
           &out, &bytes, seconds, &end);
    if (end < 0)
        return false;
    stage->counted = true;
    stage->rows_in = in;
    stage->rows_out = out;
    stage->bytes = bytes;
    memcpy(stage->seconds, seconds, sizeof seconds);
    return true;
}

/* One line of standard error: the counts, or a message without the name in front of it. */
static void take_line(StageRun *stage, Buffer *line)
{
    const char *text = buffer_string(line);
    size_t name = strlen(stage->argv[0]);
    if (strncmp(text, stage->argv[0], name) == 0 && strncmp(text + name, ": ", 2) == 0)
        text += name + 2;
    if (!read_counts(stage, text) && stage->said.size < SAID_MOST) {
        buffer_text(&stage->said, text);
        buffer_byte(&stage->said, '\n');
    }
    line->size = 0;
}

void stage_hear(StageRun *stage, const char *said, size_t size)
{
    Buffer line = {0};
    for (const char *end = said + size; said != end;) {
        const char *newline = memchr(said, '\n', (size_t)(end - said));
        size_t length = (size_t)((newline == NULL ? end : newline) - said);
        buffer_append(&line, said, length);
        take_line(stage, &line);
        said += length + (newline != NULL);
    }
    buffer_free(&line);
}

static bool stage_ended_well(const StageRun *stage)
{
    return WIFEXITED(stage->status) && WEXITSTATUS(stage->status) == 0;
}

static bool stage_met_closed_pipe(const StageRun *stage)
{
    return WIFSIGNALED(stage->status) && WTERMSIG(stage->status) == SIGPIPE;
}

static void messages_end(Watch *watch, size_t i)
{
    Child *child = &watch->children[i];
    if (child->line.size != 0)
        take_line(&watch->stages[i], &child->line);
    end_close(&child->messages);
    child_reap(watch, i);
    if (!stage_ended_well(&watch->stages[i]) && !stage_met_closed_pipe(&watch->stages[i]))
        children_end(watch);
}

static void read_messages(Watch *watch, size_t i)
{
    Child *child = &watch->children[i];
    size_t got = file_read(child->messages, watch->stages[i].argv[0], watch->piece, PIECE);
    if (got == 0) {
        messages_end(watch, i);
        return;
    }
    for (size_t at = 0; at < got; at++)
        if (watch->piece[at] == '\n' || child->line.size >= PIECE)
            take_line(&watch->stages[i], &child->line);
        else
            buffer_byte(&child->line, watch->piece[at]);
}

static void read_result(Watch *watch)
{
    size_t got = file_read(watch->result, "the last stage", watch->piece, PIECE);
    if (got == 0)
        end_close(&watch->result);
    else
        watch->take(watch->context, watch->piece, got);
}

/* What is still open, for poll(); false when nothing is. A closed one is -1, which poll skips. */
static bool poll_prepare(Watch *watch)
{
    bool open = watch->result >= 0;
    watch->polled[0] = (struct pollfd){watch->result, POLLIN, 0};
    for (size_t i = 0; i < watch->count; i++) {
        watch->polled[i + 1] = (struct pollfd){watch->children[i].messages, POLLIN, 0};
        open = open || watch->children[i].messages >= 0;
    }
    return open;
}

static void watch_stages(void *context)
{
    Watch *watch = context;
    for (size_t i = 0; i < watch->count; i++)
        stage_start(watch, i);
    while (poll_prepare(watch) && stop_signal == 0) {
        if (ppoll(watch->polled, watch->count + 1, NULL, &watch->outside) < 0) {
            if (errno != EINTR)
                fail_errno("cannot wait for the stages");
            continue;
        }
        for (size_t i = 0; i < watch->count; i++)
            if (watch->polled[i + 1].revents != 0 && watch->children[i].messages >= 0)
                read_messages(watch, i);
        if (watch->polled[0].revents != 0)
            read_result(watch);
    }
}

static Watch *watch_open(StageRun *stages, size_t count)
{
    Watch *watch = memory_zeroed(1, sizeof *watch);
    watch->stages = stages;
    watch->count = count;
    watch->children = memory_zeroed(count, sizeof *watch->children);
    watch->polled = memory_array(count + 1, sizeof *watch->polled);
    watch->result = -1;
    for (size_t i = 0; i < 4; i++)
        watch->opening[i] = -1;
    for (size_t i = 0; i < count; i++)
        watch->children[i].messages = -1;
    return watch;
}

/* Whatever is left open or running is ended. */
static void watch_close(Watch *watch)
{
    children_end(watch);
    end_close(&watch->result);
    for (size_t i = 0; i < 4; i++)
        end_close(&watch->opening[i]);
    for (size_t i = 0; i < watch->count; i++) {
        end_close(&watch->children[i].messages);
        buffer_free(&watch->children[i].line);
    }
    free(watch->children);
    free(watch->polled);
    free(watch);
}

static bool stages_judge(const Watch *watch)
{
    bool all = true;
    bool next = false; /* the stage behind is good */
    for (size_t i = watch->count; i-- > 0;) {
        StageRun *stage = &watch->stages[i];
        stage->good =
            !stage->stopped && (stage_ended_well(stage) || (stage_met_closed_pipe(stage) && next));
        next = stage->good;
        all = all && stage->good;
    }
    return all;
}

bool stages_run(StageRun *stages, size_t count,
                void (*take)(void *context, const char *bytes, size_t size), void *context)
{
    Watch *watch = watch_open(stages, count);
    watch->take = take;
    watch->context = context;
    Signals signals;
    Trap trap;
    signals_hold(&signals);
    watch->outside = signals.mask;
    bool watched = attempt(watch_stages, watch, &trap);
    bool good = stages_judge(watch) && watched && stop_signal == 0;
    watch_close(watch);
    signals_release(&signals);
    if (!watched)
        fail("%s", trap.message);
    return good;
}

const char *stage_status(const StageRun *stage, Arena *arena)
{
    if (stage->stopped)
        return "stopped";
    if (stage_met_closed_pipe(stage))
        return "closed pipe";
    if (WIFSIGNALED(stage->status))
        return arena_format(arena, "signal %d", WTERMSIG(stage->status));
    return arena_format(arena, "exit %d", WEXITSTATUS(stage->status));
}

/* The last line it said, which is where a filter tells why it stops. */
static const char *last_words(const StageRun *stage, Arena *arena)
{
    size_t end = stage->said.size;
    if (end == 0)
        return NULL;
    end--; /* the newline */
    size_t start = end;
    while (start > 0 && stage->said.at[start - 1] != '\n')
        start--;
    return arena_copy(arena, stage->said.at + start, end - start);
}

/*
 * Of the stages that failed the first is to blame: those before it met a closed pipe, those behind
 * it a short input, or were stopped.
 */
const char *stages_blame(const StageRun *stages, size_t count, Arena *arena)
{
    size_t i = 0;
    while (i + 1 < count &&
           (stages[i].good || stages[i].stopped || stage_met_closed_pipe(&stages[i])))
        i++;
    const StageRun *stage = &stages[i];
    const char *words = WIFEXITED(stage->status) ? last_words(stage, arena) : NULL;
    if (words == NULL)
        words = arena_format(arena, "ended with %s", stage_status(stage, arena));
    return arena_format(arena, "stage %zu (%s): %s", i + 1, stage->argv[0], words);
}

void stages_free(StageRun *stages, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_free(&stages[i].said);
}
