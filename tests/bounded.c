/*
 * bounded SECONDS MIB COMMAND ARGUMENT...: runs a command that may take so much processor time and
 * memory and no more, whatever else the machine is doing.
 *
 * Ends as the command does; with 125 and a sentence where it has taken more.  BOUND_FACTOR, a whole
 * number, widens both for programs that were built to be slow (make sanitize).
 */
#define _GNU_SOURCE /* wait4 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static long seconds_of(struct timeval time)
{
    return time.tv_sec + (time.tv_usec > 500000);
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 64;
    const char *named = getenv("BOUND_FACTOR");
    long factor = named != NULL ? atol(named) : 1;
    long seconds = atol(argv[1]) * factor, kib = atol(argv[2]) * 1024 * factor;
    pid_t child = fork();
    if (child == 0) {
        rlim_t most = (rlim_t)seconds + 1;
        setrlimit(RLIMIT_CPU, &(struct rlimit){most, most});
        execvp(argv[3], argv + 3);
        perror(argv[3]);
        _exit(127);
    }
    int status;
    struct rusage used;
    if (child < 0 || wait4(child, &status, 0, &used) != child)
        return 125;
    long taken = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
    if (taken > seconds || used.ru_maxrss > kib) {
        fprintf(stderr, "bounded: %ld seconds, %ld MiB: more than may be\n", taken,
                used.ru_maxrss / 1024);
        return 125;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
