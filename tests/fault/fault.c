/*
 * Fault: a library to preload that makes the Nth call of one kind fail, for tests of what comes then.
 *
 *     FAULT=KIND:N FAULT_NOTE=FILE LD_PRELOAD=fault.so PROGRAM ...
 *
 * KIND is memory, open, read, write, close, sync, rename, pipe, spawn or thread.  N counts from 1
 * in each process.  When the call has been made to fail, FILE is created: no such file means that
 * the program made fewer calls.  With FAULT_PROGRAM only a program of that name is failed; with
 * FAULT_SPARED no memory is refused to a library whose path holds that text.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *kind;
static long left;
static const char *note;

__attribute__((constructor)) static void fault_read(void)
{
    const char *fault = getenv("FAULT"), *only = getenv("FAULT_PROGRAM");
    const char *colon = fault == NULL ? NULL : strchr(fault, ':');
    note = getenv("FAULT_NOTE");
    if (colon == NULL || (only != NULL && strcmp(only, program_invocation_short_name) != 0))
        return;
    left = atol(colon + 1);
    kind = fault;
}

/* For the coverage build: from here on no call is failed. */
void fault_end(void)
{
    kind = NULL;
}

/* Whether this call is the one; says so in the file. No function here may be one that is failed. */
static bool is_due(const char *name)
{
    if (kind == NULL || strncmp(kind, name, strlen(name)) != 0 || kind[strlen(name)] != ':')
        return false;
    if (__atomic_sub_fetch(&left, 1, __ATOMIC_RELAXED) != 0)
        return false;
    if (note != NULL)
        syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, note, O_CREAT | O_WRONLY, 0600));
    return true;
}

/* Whether the caller belongs to the library that is to be spared. */
static bool is_spared(const void *caller)
{
    static const char *spared;
    static bool known;
    Dl_info library;
    if (!known)
        spared = getenv("FAULT_SPARED");
    known = true;
    return spared != NULL && dladdr(caller, &library) != 0 &&
           strstr(library.dli_fname, spared) != NULL;
}

static void *next(const char *name)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    if (symbol == NULL)
        abort();
    return symbol;
}

#define FAIL(kind, error, result)                                                                  \
    do {                                                                                           \
        if (is_due(kind)) {                                                                        \
            errno = error;                                                                         \
            return result;                                                                         \
        }                                                                                          \
    } while (0)

/* ---- memory; dlsym() itself allocates, so these go to glibc's own names ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

void *malloc(size_t size)
{
    if (!is_spared(__builtin_return_address(0)))
        FAIL("memory", ENOMEM, NULL);
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    if (!is_spared(__builtin_return_address(0)))
        FAIL("memory", ENOMEM, NULL);
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    if (!is_spared(__builtin_return_address(0)))
        FAIL("memory", ENOMEM, NULL);
    return __libc_realloc(block, size);
}

/* ---- files ---- */

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = va_arg(arguments, mode_t);
    va_end(arguments);
    FAIL("open", EMFILE, -1);
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int mkostemp(char *template, int flags)
{
    FAIL("open", EACCES, -1);
    int (*real)(char *, int) = (int (*)(char *, int))next("mkostemp");
    return real(template, flags);
}

ssize_t read(int descriptor, void *bytes, size_t size)
{
    FAIL("read", EIO, -1);
    return syscall(SYS_read, descriptor, bytes, size);
}

ssize_t pread(int descriptor, void *bytes, size_t size, off_t offset)
{
    FAIL("read", EIO, -1);
    return syscall(SYS_pread64, descriptor, bytes, size, offset);
}

ssize_t write(int descriptor, const void *bytes, size_t size)
{
    if (descriptor != STDERR_FILENO) /* what is to be said must be heard */
        FAIL("write", ENOSPC, -1);
    return syscall(SYS_write, descriptor, bytes, size);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset)
{
    FAIL("write", ENOSPC, -1);
    return syscall(SYS_pwrite64, descriptor, bytes, size, offset);
}

int close(int descriptor)
{
    bool due = is_due("close");
    int result = (int)syscall(SYS_close, descriptor);
    if (!due)
        return result;
    errno = EIO;
    return -1;
}

int fsync(int descriptor)
{
    FAIL("sync", EIO, -1);
    return (int)syscall(SYS_fsync, descriptor);
}

int rename(const char *from, const char *to)
{
    FAIL("rename", EACCES, -1);
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    FAIL("rename", EACCES, -1);
    return (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
}

/* ---- processes and threads ---- */

int pipe2(int ends[2], int flags)
{
    FAIL("pipe", EMFILE, -1);
    return (int)syscall(SYS_pipe2, ends, flags);
}

pid_t fork(void)
{
    FAIL("spawn", EAGAIN, -1);
    pid_t (*real)(void) = (pid_t(*)(void))next("fork");
    return real();
}

int posix_spawn(pid_t *child, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const arguments[],
                char *const environment[])
{
    if (is_due("spawn"))
        return EAGAIN;
    int (*real)(pid_t *, const char *, const posix_spawn_file_actions_t *,
                const posix_spawnattr_t *, char *const[], char *const[]) =
        (int (*)(pid_t *, const char *, const posix_spawn_file_actions_t *,
                 const posix_spawnattr_t *, char *const[], char *const[]))next("posix_spawn");
    return real(child, path, actions, attributes, arguments, environment);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*work)(void *),
                   void *argument)
{
    if (is_due("thread"))
        return EAGAIN;
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
        (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))next(
            "pthread_create");
    return real(thread, attributes, work, argument);
}
