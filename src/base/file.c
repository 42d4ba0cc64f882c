#define _GNU_SOURCE /* O_TMPFILE, F_SETPIPE_SZ */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/memory.h"
#include "base/progress.h"
#include "base/text.h"

static bool is_standard(const char *path)
{
    return path == NULL || strcmp(path, "-") == 0;
}

const char *file_name(const char *path)
{
    return is_standard(path) ? "standard input" : path;
}

int file_open(const char *path)
{
    const char *name = file_name(path);
    int descriptor = is_standard(path) ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                       : open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        fail_errno("%s", name);
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        fail_errno("%s", name);
    if (S_ISDIR(status.st_mode)) {
        close(descriptor);
        fail("%s: is a directory", name);
    }
    return descriptor;
}

size_t file_read(int descriptor, const char *name, void *bytes, size_t size)
{
    for (;;) {
        ssize_t got = read(descriptor, bytes, size > SSIZE_MAX ? SSIZE_MAX : size);
        if (got >= 0)
            return (size_t)got;
        if (errno != EINTR)
            fail_errno("%s: cannot read", name);
    }
}

char *file_load(const char *path, size_t limit, size_t *size)
{
    int descriptor = file_open(path);
    size_t room = 4096, used = 0;
    char *bytes = memory_array(room + 1, 1);
    for (;;) {
        size_t got = file_read(descriptor, file_name(path), bytes + used, room - used);
        if (got == 0)
            break;
        used += got;
        if (used > limit) {
            free(bytes);
            close(descriptor);
            fail("%s: larger than the limit of %zu bytes", file_name(path), limit);
        }
        if (used == room) {
            room *= 2;
            bytes = memory_resize(bytes, room + 1, 1);
        }
    }
    close(descriptor);
    bytes[used] = '\0';
    *size = used;
    return bytes;
}

enum { OUTPUT_BUFFER = 256 * 1024, OUTPUT_NAMED = 8 };

struct Output {
    int descriptor;
    char *path;      /* final name, NULL when written directly */
    char *temporary; /* hidden name, NULL while the file has none */
    const char *name;
    size_t used;
    char buffer[OUTPUT_BUFFER];
};

/*
 * Hidden files that a signal or exit must remove: a fixed table of strings, so that the handler
 * needs neither memory nor locks.
 */
static char *volatile hidden[OUTPUT_NAMED];

static void hidden_remove(void)
{
    for (size_t i = 0; i < OUTPUT_NAMED; i++)
        if (hidden[i] != NULL)
            unlink(hidden[i]);
}

static void hidden_signal(int number)
{
    hidden_remove();
    signal(number, SIG_DFL);
    raise(number);
}

static void hidden_watch(char *path)
{
    static bool watching;
    if (!watching) {
        static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGXFSZ};
        watching = true;
        if (atexit(hidden_remove) != 0)
            fail("too many exit handlers");
        for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
            if (signal(deadly[i], hidden_signal) == SIG_IGN)
                signal(deadly[i], SIG_IGN);
    }
    for (size_t i = 0; i < OUTPUT_NAMED; i++)
        if (hidden[i] == NULL) {
            hidden[i] = path;
            return;
        }
    fail("%s: more than %d named outputs at once", path, OUTPUT_NAMED);
}

static void hidden_forget(const char *path)
{
    for (size_t i = 0; i < OUTPUT_NAMED; i++)
        if (hidden[i] == path)
            hidden[i] = NULL;
}

/* The folder of a path, as a new string: "." when it has none. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return strcpy(memory_array(2, 1), ".");
    size_t size = slash == path ? 1 : (size_t)(slash - path);
    char *folder = memory_array(size + 1, 1);
    memcpy(folder, path, size);
    folder[size] = '\0';
    return folder;
}

static char *hidden_name(const char *path)
{
    char *folder = folder_of(path);
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    size_t room = strlen(folder) + strlen(base) + 16;
    char *name = memory_array(room, 1);
    snprintf(name, room, "%s/.%s.XXXXXX", folder, base);
    free(folder);
    return name;
}

static mode_t default_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* A symbolic link stays and its target is replaced. */
static char *final_path(const char *path)
{
    char *resolved = realpath(path, NULL);
    if (resolved != NULL)
        return resolved;
    size_t size = strlen(path) + 1;
    return memcpy(memory_array(size, 1), path, size);
}

static void output_open_hidden(Output *output)
{
    char *folder = folder_of(output->path);
    output->descriptor = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    free(folder);
    if (output->descriptor >= 0)
        return;
    output->temporary = hidden_name(output->path);
    output->descriptor = mkostemp(output->temporary, O_CLOEXEC);
    if (output->descriptor < 0) {
        free(output->temporary);
        output->temporary = NULL;
        fail_errno("%s: cannot write", output->name);
    }
    hidden_watch(output->temporary);
    fchmod(output->descriptor, default_mode());
}

void file_widen_pipe(int descriptor)
{
    enum { PIPE_SIZE = 1 << 20 };
    int size = fcntl(descriptor, F_GETPIPE_SZ);
    if (size > 0 && size < PIPE_SIZE)
        fcntl(descriptor, F_SETPIPE_SZ, PIPE_SIZE); /* what may not be is no harm */
}

static Output *output_new(const char *name)
{
    Output *output = memory_array(1, sizeof *output);
    output->path = NULL;
    output->temporary = NULL;
    output->used = 0;
    output->name = name;
    return output;
}

Output *output_replace(const char *path)
{
    Output *output = output_new(path);
    size_t size = strlen(path) + 1;
    output->path = memcpy(memory_array(size, 1), path, size);
    output_open_hidden(output);
    return output;
}

Output *output_open(const char *path)
{
    Output *output = output_new(is_standard(path) ? "standard output" : path);
    struct stat status;
    if (is_standard(path)) {
        output->descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    } else if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        output->descriptor = open(path, O_WRONLY | O_CLOEXEC);
    } else {
        output->path = final_path(path);
        output_open_hidden(output);
    }
    if (output->descriptor < 0)
        fail_errno("%s: cannot write", output->name);
    file_widen_pipe(output->descriptor);
    return output;
}

static void write_all(Output *output, const char *bytes, size_t size)
{
    progress_clear_before(output->descriptor);
    while (size > 0) {
        ssize_t written = write(output->descriptor, bytes, size);
        if (written < 0) {
            if (errno == EINTR)
                continue;
            fail_errno("%s: cannot write", output->name);
        }
        bytes += written;
        size -= (size_t)written;
    }
}

void output_flush(Output *output)
{
    write_all(output, output->buffer, output->used);
    output->used = 0;
}

void output_write(Output *output, const char *bytes, size_t size)
{
    if (size > sizeof output->buffer - output->used) {
        output_flush(output);
        if (size >= sizeof output->buffer / 2) {
            write_all(output, bytes, size);
            return;
        }
    }
    if (size != 0)
        memcpy(output->buffer + output->used, bytes, size);
    output->used += size;
}

/* Gives a file without a name a hidden one, so that rename() can replace the old file. */
static void output_name_hidden(Output *output)
{
    char source[64];
    snprintf(source, sizeof source, "/proc/self/fd/%d", output->descriptor);
    char *name = hidden_name(output->path);
    int placeholder = mkostemp(name, O_CLOEXEC);
    if (placeholder < 0)
        fail_errno("%s: cannot write", output->name);
    close(placeholder);
    hidden_watch(name);
    output->temporary = name;
    if (unlink(name) != 0 || linkat(AT_FDCWD, source, AT_FDCWD, name, AT_SYMLINK_FOLLOW) != 0)
        fail_errno("%s: cannot write", output->name);
}

static void output_free(Output *output)
{
    if (output->temporary != NULL)
        hidden_forget(output->temporary);
    free(output->temporary);
    free(output->path);
    free(output);
}

/* close() is the last to report a full disk or a lost network file. */
static void output_close(Output *output)
{
    int descriptor = output->descriptor;
    output->descriptor = -1;
    if (close(descriptor) != 0 && errno != EINTR)
        fail_errno("%s: cannot write", output->name);
}

void output_commit(Output *output)
{
    output_flush(output);
    if (output->path != NULL) {
        if (fsync(output->descriptor) != 0)
            fail_errno("%s: cannot write", output->name);
        if (output->temporary == NULL)
            output_name_hidden(output);
    }
    output_close(output);
    if (output->path != NULL && rename(output->temporary, output->path) != 0)
        fail_errno("%s: cannot write", output->name);
    output_free(output);
}

void output_discard(Output *output)
{
    if (output->descriptor >= 0)
        close(output->descriptor);
    if (output->temporary != NULL)
        unlink(output->temporary);
    output_free(output);
}

void folder_make(const char *path)
{
    size_t size = strlen(path);
    char *part = memcpy(memory_array(size + 1, 1), path, size + 1);
    for (size_t i = 1; i <= size; i++) {
        if (part[i] != '/' && part[i] != '\0')
            continue;
        char kept = part[i];
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            fail_errno("%s: cannot make the folder", part);
        part[i] = kept;
    }
    free(part);
}
