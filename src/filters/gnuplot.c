#define _GNU_SOURCE /* memrchr */
#include "filters/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/memory.h"
#include "base/spill.h"

/* A file without a name for one of gnuplot's standard streams. */
static int descriptor_of(Spill *spill)
{
    spill_open(spill);
    return spill->file - 1;
}

static void read_back(Spill *spill, Buffer *text)
{
    struct stat status;
    if (fstat(descriptor_of(spill), &status) != 0)
        fail_errno("gnuplot: cannot read what it wrote");
    size_t size = (size_t)status.st_size;
    buffer_reserve(text, size);
    spill_get(spill, 0, text->at + text->size, size);
    text->size += size;
}

/* No GNUPLOT_*, GNUTERM or GDFONTPATH of the user's; HOME is where fonts are cached. */
static pid_t start(int in, int out, int complaints)
{
    const char *home = getenv("HOME"), *path = getenv("PATH");
    char *lines[] = {NULL, NULL, NULL, NULL};
    size_t count = 0;
    Arena arena = {0};
    lines[count++] = arena_format(&arena, "LC_ALL=C.UTF-8");
    if (home != NULL)
        lines[count++] = arena_format(&arena, "HOME=%s", home);
    if (path != NULL)
        lines[count++] = arena_format(&arena, "PATH=%s", path);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, complaints, STDERR_FILENO);
    char *words[] = {(char *)"gnuplot", (char *)"--default-settings", NULL};
    pid_t child;
    int error = posix_spawnp(&child, words[0], &actions, NULL, words, lines);
    posix_spawn_file_actions_destroy(&actions);
    arena_free(&arena);
    errno = error;
    return error == 0 ? child : -1;
}

static int wait_for(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            fail_errno("gnuplot: cannot wait for it");
    return status;
}

/* The last line that says something: before it gnuplot repeats the script's line. */
static Span last_line(Span text)
{
    while (text.size > 0 && strchr("\n ", text.at[text.size - 1]) != NULL)
        text.size--;
    const char *newline = text.size == 0 ? NULL : memrchr(text.at, '\n', text.size);
    if (newline == NULL)
        return text;
    return (Span){newline + 1, (size_t)(text.at + text.size - newline - 1)};
}

static void check_end(int status, Spill *complaints)
{
    Buffer text = {0};
    read_back(complaints, &text);
    Span said = last_line(buffer_span(&text));
    if (WIFSIGNALED(status))
        fail("gnuplot was ended by signal %d", WTERMSIG(status));
    /* An old libc learns only in the child that there is no such program. */
    if (WEXITSTATUS(status) == 127)
        fail("gnuplot can't be started: %s", shown(said.at, said.size));
    if (status != 0 || said.size > 0)
        fail("gnuplot: status %d: %s", WEXITSTATUS(status), shown(said.at, said.size));
    buffer_free(&text);
}

void gnuplot_run(Span script, Buffer *picture)
{
    Spill in = {0}, out = {0}, complaints = {0};
    int descriptor = descriptor_of(&in);
    spill_put(&in, script.at, script.size);
    pid_t child = start(descriptor, descriptor_of(&out), descriptor_of(&complaints));
    if (child < 0 && errno == ENOENT)
        fail("gnuplot is needed to draw and is not there (Debian: apt-get install gnuplot-nox)");
    if (child < 0)
        fail_errno("gnuplot can't be started");
    check_end(wait_for(child), &complaints);
    read_back(&out, picture);
    spill_close(&in);
    spill_close(&out);
    spill_close(&complaints);
}

/*
 * In "…" gnuplot would act on backticks; not on bytes escaped in octal.  A digit behind one would
 * be taken for a part of it.
 */
void gnuplot_quote(Buffer *script, Span text)
{
    buffer_byte(script, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        bool plain = byte >= 0x80 || byte == ' ' || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= 'a' && byte <= 'z');
        if (plain)
            buffer_byte(script, text.at[i]);
        else
            buffer_format(script, "\\%03o", byte);
    }
    buffer_byte(script, '"');
}
