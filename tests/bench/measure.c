/*
 * measure [-k DIR] ROUNDS <ENTRIES: runs commands in alternation and times them.
 *
 * Each line of standard input is NAME: STAGE | STAGE ..., every stage a command for the shell; the
 * stages are joined by pipes as a shell does it, but the memory of each is known.  After one round
 * that does not count, ROUNDS more; all standard output goes into a pipe that is read and
 * checksummed, so that nobody gains by writing to nowhere.  With -k the output of the first round
 * stays in DIR/NAME.
 *
 * Prints CSV: name, median, least and most seconds, median seconds of processor time, peak resident
 * KiB (the greatest of all rounds, added up over the stages), bytes and checksum of the output.  A
 * command that fails ends the measurement.
 */
#define _GNU_SOURCE /* wait4 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MAX = 1000, ENTRIES_MAX = 64, STAGES_MAX = 8, BLOCK = 1 << 16 };

typedef struct Entry {
    char *name;
    char *stages[STAGES_MAX];
    int stage_count;
    double seconds[ROUNDS_MAX], processor[ROUNDS_MAX];
    long peak;
    uint64_t bytes, checksum;
} Entry;

/* What one run of all stages took. */
typedef struct Cost {
    double seconds, processor;
    long peak;
} Cost;

static _Noreturn void fail(const char *what, const char *name)
{
    fprintf(stderr, "measure: %s: %s\n", name, what);
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Eight bytes at a time, so that reading costs little beside writing. */
static uint64_t mixed(uint64_t checksum, const char *bytes, size_t size)
{
    for (size_t i = 0; i + 8 <= size; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof word);
        checksum = (checksum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        checksum ^= checksum >> 32;
    }
    return checksum;
}

/* The output to its end.  Full blocks, so that the checksum does not depend on how it was cut. */
static void consume(int descriptor, Entry *entry, FILE *copy)
{
    static char block[BLOCK];
    size_t used = 0;
    entry->bytes = entry->checksum = 0;
    for (ssize_t got; (got = read(descriptor, block + used, BLOCK - used)) > 0;) {
        if (copy != NULL)
            fwrite(block + used, 1, (size_t)got, copy);
        used += (size_t)got;
        entry->bytes += (uint64_t)got;
        if (used == BLOCK) {
            entry->checksum = mixed(entry->checksum, block, used);
            used = 0;
        }
    }
    size_t padded = (used + 7) & ~(size_t)7;
    memset(block + used, 0, padded - used);
    entry->checksum = mixed(entry->checksum, block, padded);
}

/* Starts one stage that reads `input`, which is closed here; *output becomes what it writes. */
static pid_t stage_start(const Entry *entry, const char *command, int input, int *output)
{
    int ends[2];
    if (pipe(ends) != 0)
        fail(strerror(errno), entry->name);
    pid_t child = fork();
    if (child < 0)
        fail(strerror(errno), entry->name);
    if (child == 0) {
        signal(SIGPIPE, SIG_DFL);
        dup2(input, STDIN_FILENO);
        dup2(ends[1], STDOUT_FILENO);
        for (int descriptor = 3; descriptor <= ends[1]; descriptor++)
            close(descriptor);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    close(input);
    *output = ends[0];
    return child;
}

/* Adds what the stage took; gives its status as wait4() does. */
static int stage_end(const Entry *entry, int stage, pid_t child, Cost *cost)
{
    int status;
    struct rusage usage;
    if (wait4(child, &status, 0, &usage) != child)
        fail(strerror(errno), entry->stages[stage]);
    cost->peak += usage.ru_maxrss;
    cost->processor += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    return status;
}

static int broke_pipe(int status)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE;
}

/* Ends with the first stage that failed, be it that a later one left its pipe: that one is told. */
static void check_stages(const Entry *entry, const int *statuses)
{
    int failed = -1;
    for (int i = entry->stage_count - 1; i >= 0; i--)
        if (statuses[i] != 0 && (failed < 0 || !broke_pipe(statuses[i])))
            failed = i;
    if (failed >= 0)
        fail(entry->stages[failed], "failed");
}

static Cost run(Entry *entry, FILE *copy)
{
    Cost cost = {0};
    pid_t children[STAGES_MAX];
    int statuses[STAGES_MAX];
    int output = open("/dev/null", O_RDONLY);
    double start = now();
    for (int i = 0; i < entry->stage_count; i++)
        children[i] = stage_start(entry, entry->stages[i], output, &output);
    consume(output, entry, copy);
    close(output);
    for (int i = 0; i < entry->stage_count; i++)
        statuses[i] = stage_end(entry, i, children[i], &cost);
    check_stages(entry, statuses);
    cost.seconds = now() - start;
    return cost;
}

/* The round that warms up; what it writes may be kept. */
static void run_first(Entry *entry, const char *folder)
{
    char path[4096];
    FILE *copy = NULL;
    if (folder != NULL) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->name);
        if ((copy = fopen(path, "w")) == NULL)
            fail(strerror(errno), path);
    }
    run(entry, copy);
    if (copy != NULL && fclose(copy) != 0)
        fail(strerror(errno), path);
}

static void run_counted(Entry *entry, int round)
{
    Cost cost = run(entry, NULL);
    entry->seconds[round] = cost.seconds;
    entry->processor[round] = cost.processor;
    if (cost.peak > entry->peak)
        entry->peak = cost.peak;
}

/* "NAME: STAGE | STAGE", cut where it stands; a bar without blanks around it is the stage's own. */
static void entry_parse(Entry *entry, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    char *rest = strstr(line, ": ");
    if (rest == NULL)
        fail("not NAME: COMMAND", line);
    *rest = '\0';
    entry->name = line;
    for (rest += 2; rest != NULL && entry->stage_count < STAGES_MAX;) {
        entry->stages[entry->stage_count++] = rest;
        if ((rest = strstr(rest, " | ")) != NULL) {
            *rest = '\0';
            rest += 3;
        }
    }
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print(Entry *entry, int rounds)
{
    qsort(entry->seconds, (size_t)rounds, sizeof *entry->seconds, ascending);
    qsort(entry->processor, (size_t)rounds, sizeof *entry->processor, ascending);
    printf("%s,%.5f,%.5f,%.5f,%.5f,%ld,%llu,%016llx\n", entry->name, entry->seconds[rounds / 2],
           entry->seconds[0], entry->seconds[rounds - 1], entry->processor[rounds / 2], entry->peak,
           (unsigned long long)entry->bytes, (unsigned long long)entry->checksum);
}

int main(int argc, char **argv)
{
    static Entry entries[ENTRIES_MAX];
    const char *folder = NULL;
    for (int option; (option = getopt(argc, argv, "k:")) != -1;)
        folder = option == 'k' ? optarg : NULL;
    int rounds = optind < argc ? atoi(argv[optind]) : 0, count = 0;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: measure [-k DIR] ROUNDS <ENTRIES\n");
        return 64;
    }
    char *line = NULL;
    for (size_t room = 0; count < ENTRIES_MAX && getline(&line, &room, stdin) > 0;
         line = NULL, room = 0)
        entry_parse(&entries[count++], line);
    for (int i = 0; i < count; i++)
        run_first(&entries[i], folder);
    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < count; i++)
            run_counted(&entries[i], round);
    for (int i = 0; i < count; i++)
        print(&entries[i], rounds);
    return 0;
}
