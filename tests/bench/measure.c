/*
 * measure ROUNDS NAME=COMMAND...: runs shell commands in alternation, after one round that is not
 * counted, and prints CSV: name, median seconds, least, most, peak resident KiB, output bytes,
 * checksum of the output.  Outputs are read and checksummed, so that nobody gains by writing to
 * nowhere.  A command that fails ends the measurement.
 */
#define _DEFAULT_SOURCE /* wait4 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MAX = 1000 };

typedef struct Entry {
    char *name, *command;
    double seconds[ROUNDS_MAX];
    long peak;
    uint64_t bytes, checksum;
} Entry;

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
    }
    return checksum;
}

/* Full blocks, so that the checksum does not depend on how the writer cut its writes. */
static void consume(int descriptor, Entry *entry)
{
    static char bytes[1 << 16];
    ssize_t got;
    size_t used = 0;
    entry->bytes = 0;
    entry->checksum = 0;
    while ((got = read(descriptor, bytes + used, sizeof bytes - used)) > 0) {
        used += (size_t)got;
        entry->bytes += (uint64_t)got;
        if (used == sizeof bytes) {
            entry->checksum = mixed(entry->checksum, bytes, used);
            used = 0;
        }
    }
    memset(bytes + used, 0, sizeof bytes - used);
    entry->checksum = mixed(entry->checksum, bytes, used + 8 <= sizeof bytes ? used + 8 : used);
}

static double run(Entry *entry)
{
    int ends[2];
    if (pipe(ends) != 0) {
        perror("measure: pipe");
        exit(1);
    }
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl("/bin/sh", "sh", "-c", entry->command, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    consume(ends[0], entry);
    close(ends[0]);
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) {
        fprintf(stderr, "measure: %s failed: %s\n", entry->name, entry->command);
        exit(1);
    }
    if (usage.ru_maxrss > entry->peak)
        entry->peak = usage.ru_maxrss;
    return now() - start;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    int rounds = argc > 2 ? atoi(argv[1]) : 0, count = argc - 2;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: measure ROUNDS NAME=COMMAND...\n");
        return 64;
    }
    Entry *entries = calloc((size_t)count, sizeof *entries);
    for (int i = 0; entries != NULL && i < count; i++) {
        entries[i].name = argv[i + 2];
        entries[i].command = strchr(argv[i + 2], '=') + 1;
        entries[i].command[-1] = '\0';
    }
    for (int round = -1; entries != NULL && round < rounds; round++)
        for (int i = 0; i < count; i++) {
            double seconds = run(&entries[i]);
            if (round >= 0)
                entries[i].seconds[round] = seconds;
        }
    puts("name,median,least,most,peak_kib,bytes,checksum");
    for (int i = 0; entries != NULL && i < count; i++) {
        Entry *e = &entries[i];
        qsort(e->seconds, (size_t)rounds, sizeof *e->seconds, ascending);
        printf("%s,%.4f,%.4f,%.4f,%ld,%llu,%016llx\n", e->name, e->seconds[rounds / 2],
               e->seconds[0], e->seconds[rounds - 1], e->peak, (unsigned long long)e->bytes,
               (unsigned long long)e->checksum);
    }
    free(entries);
    return 0;
}
