/*
 * Intruder: a library to preload that tries, when the program's end has come, what code smuggled
 * into it might try; for tests of the sandbox.
 *
 *     INTRUDER_TRIES=read|write|link|link-at|run|fork|exec|connect|look|mount INTRUDER_ARGUMENT=PATH \
 *         LD_PRELOAD=intruder.so PROGRAM ...
 *
 * Says "intruder: done" or "intruder: refused" on standard error.
 *
 *     INTRUDER_LACKS=landlock|seccomp|both LD_PRELOAD=intruder.so PROGRAM ...
 *
 * shows the program a kernel that lacks the one, the other, or both.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static bool lacks(const char *what)
{
    const char *lacking = getenv("INTRUDER_LACKS");
    return lacking != NULL && (strcmp(lacking, what) == 0 || strcmp(lacking, "both") == 0);
}

long syscall(long number, ...)
{
    va_list list;
    long words[6];
    va_start(list, number);
    for (size_t i = 0; i < 6; i++)
        words[i] = va_arg(list, long);
    va_end(list);
    if (number == SYS_landlock_create_ruleset && lacks("landlock")) {
        errno = ENOSYS;
        return -1;
    }
    long (*next)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    return next(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

int seccomp_load(void *filter)
{
    int (*next)(void *) = (int (*)(void *))dlsym(RTLD_NEXT, "seccomp_load");
    return lacks("seccomp") ? -ENOSYS : next(filter);
}

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

static bool did_fork(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child > 0 && waitpid(child, NULL, 0) == child;
}

static bool did_connect(void)
{
    int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (descriptor >= 0)
        close(descriptor);
    return descriptor >= 0;
}

/* Into the parent, at the place where this process's own copy of an address lies. */
static bool did_look(void)
{
    static char here[1];
    struct iovec local = {here, 1}, remote = {&environ, 1};
    return process_vm_readv(getppid(), &local, 1, &remote, 1, 0) == 1 || errno == EFAULT;
}

static bool did_mount(const char *path)
{
    mkdir(path, 0700);
    bool done = mount("none", path, "tmpfs", 0, NULL) == 0;
    if (done)
        umount(path);
    return done;
}

__attribute__((destructor)) static void intrude(void)
{
    const char *tries = getenv("INTRUDER_TRIES"), *argument = getenv("INTRUDER_ARGUMENT");
    if (tries == NULL || argument == NULL || strstr(program_invocation_name, "env") != NULL)
        return;
    tries = strdup(tries), argument = strdup(argument);
    unsetenv("INTRUDER_TRIES"); /* or what it starts would start again, and so on */
    bool done = strcmp(tries, "read") == 0      ? did_open(argument, O_RDONLY)
                : strcmp(tries, "write") == 0   ? did_open(argument, O_WRONLY | O_CREAT)
                : strcmp(tries, "link") == 0    ? symlink("elsewhere", argument) == 0
                : strcmp(tries, "link-at") == 0 ? symlinkat("elsewhere", AT_FDCWD, argument) == 0
                : strcmp(tries, "look") == 0    ? did_look()
                : strcmp(tries, "mount") == 0   ? did_mount(argument)
                : strcmp(tries, "fork") == 0    ? did_fork()
                : strcmp(tries, "exec") == 0    ? execl(argument, argument, (char *)NULL) == 0
                : strcmp(tries, "run") == 0     ? did_run(argument)
                : strcmp(tries, "connect") == 0 ? did_connect()
                                                : true;
    dprintf(STDERR_FILENO, "intruder: %s\n", done ? "done" : "refused");
}
