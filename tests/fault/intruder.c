/*
 * Intruder: a library to preload that tries, when the program's end has come, what code smuggled
 * into it might try; for tests of the sandbox.
 *
 *     INTRUDER_TRIES=read|write|run|connect INTRUDER_ARGUMENT=PATH LD_PRELOAD=intruder.so PROGRAM ...
 *
 * Says "intruder: done" or "intruder: refused" on standard error.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static bool did_open(const char *path, int flags)
{
    int descriptor = open(path, flags | O_CLOEXEC, 0666);
    if (descriptor >= 0)
        close(descriptor);
    return descriptor >= 0;
}

static bool did_run(const char *path)
{
    pid_t child = fork();
    if (child < 0)
        return false;
    if (child == 0) {
        execl(path, path, (char *)NULL);
        _exit(127);
    }
    int status;
    return waitpid(child, &status, 0) == child && status == 0;
}

static bool did_connect(void)
{
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (descriptor >= 0)
        close(descriptor);
    return descriptor >= 0;
}

__attribute__((destructor)) static void intrude(void)
{
    const char *tries = getenv("INTRUDER_TRIES"), *argument = getenv("INTRUDER_ARGUMENT");
    if (tries == NULL || argument == NULL || strstr(program_invocation_name, "env") != NULL)
        return;
    bool done = strcmp(tries, "read") == 0      ? did_open(argument, O_RDONLY)
                : strcmp(tries, "write") == 0   ? did_open(argument, O_WRONLY | O_CREAT)
                : strcmp(tries, "run") == 0     ? did_run(argument)
                : strcmp(tries, "connect") == 0 ? did_connect()
                                                : true;
    dprintf(STDERR_FILENO, "intruder: %s\n", done ? "done" : "refused");
}
