#include "csv/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/progress.h"
#include "base/tape.h"

/* What must be known of an input to read it again. */
typedef struct Seen {
    struct stat status; /* when it was opened first */
    off_t from;         /* where it was read from: in the file, or on the tape */
    uint64_t end;       /* on the tape */
} Seen;

struct Feed {
    char *const *paths; /* NULL: standard input alone */
    size_t count;       /* at least 1 */
    size_t next;        /* input behind the one at hand */
    int descriptor;     /* negative: none, or it comes from the tape */
    int alarm;          /* negative: none */
    bool keeps, again;
    Seen *seen; /* by input, if it keeps */
    Tape tape;
    uint64_t at; /* on the tape, when it is read */
};

/* ---- the paths ---- */

static bool is_standard(const char *path)
{
    return path == NULL || strcmp(path, "-") == 0;
}

static const char *feed_path(const Feed *feed, size_t index)
{
    return feed->paths == NULL ? NULL : feed->paths[index];
}

/*
 * Looks at a file that will be opened later.  Opening all at once would run out of descriptors, and
 * wait for ever on two pipes that one program fills in turn.
 */
static void path_check(const char *path)
{
    struct stat status;
    if (is_standard(path))
        return;
    if (stat(path, &status) != 0 || access(path, R_OK) != 0)
        fail_errno("%s", path);
    if (S_ISDIR(status.st_mode))
        fail("%s: is a directory", path);
}

void feed_check(const Feed *feed)
{
    size_t standard = 0;
    for (size_t i = 0; i < feed->count; i++) {
        path_check(feed_path(feed, i));
        standard += is_standard(feed_path(feed, i));
    }
    if (standard > 1)
        fail_usage("standard input is named %zu times as a file", standard);
}

Feed *feed_open(char *const *paths, size_t count, size_t keep)
{
    Feed *feed = memory_zeroed(1, sizeof *feed);
    feed->paths = count == 0 ? NULL : paths;
    feed->count = count == 0 ? 1 : count;
    feed->descriptor = feed->alarm = -1;
    feed->keeps = keep != 0;
    feed->tape.ceiling = keep;
    if (feed->keeps)
        feed->seen = memory_zeroed(feed->count, sizeof *feed->seen);
    return feed;
}

const char *feed_name(const Feed *feed, size_t index)
{
    return file_name(feed_path(feed, index));
}

bool feed_is_regular(const Feed *feed)
{
    for (size_t i = 0; i < feed->count; i++) {
        struct stat status;
        const char *path = feed_path(feed, i);
        int got = is_standard(path) ? fstat(STDIN_FILENO, &status) : stat(path, &status);
        if (got != 0 || !S_ISREG(status.st_mode))
            return false;
    }
    return true;
}

/* ---- input by input ---- */

size_t feed_index(const Feed *feed)
{
    return feed->next - 1;
}

bool feed_has_more(const Feed *feed)
{
    return feed->next < feed->count;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* A regular file that is read twice must be the same from the first opening to the last byte. */
static void check_same(const Feed *feed)
{
    const Seen *seen = &feed->seen[feed_index(feed)];
    struct stat status;
    if (!S_ISREG(seen->status.st_mode))
        return;
    if (fstat(feed->descriptor, &status) != 0 || !is_same(&status, &seen->status))
        fail("%s: was changed while it was read", feed_name(feed, feed_index(feed)));
}

static void input_leave(Feed *feed)
{
    if (feed->descriptor < 0)
        return;
    if (feed->again)
        check_same(feed);
    close(feed->descriptor);
    feed->descriptor = -1;
}

static void input_note(Feed *feed, Seen *seen)
{
    /* NOLINTNEXTLINE: `seen` is there whenever input is read again or kept */
    if (fstat(feed->descriptor, &seen->status) != 0)
        fail_errno("%s", feed_name(feed, feed_index(feed)));
    /* NOLINTNEXTLINE: `seen` is there whenever input is read again or kept */
    seen->from = S_ISREG(seen->status.st_mode) ? lseek(feed->descriptor, 0, SEEK_CUR)
                                               : (off_t)feed->tape.size;
}

/* Goes back to where it was read from, which for standard input need not be the start. */
static void input_return(Feed *feed, const Seen *seen)
{
    check_same(feed);
    /* NOLINTNEXTLINE: `seen` is there whenever input is read again or kept */
    if (lseek(feed->descriptor, seen->from, SEEK_SET) < 0)
        fail_errno("%s: cannot read it again", feed_name(feed, feed_index(feed)));
}

bool feed_next(Feed *feed)
{
    input_leave(feed);
    if (!feed_has_more(feed))
        return false;
    Seen *seen = feed->seen == NULL ? NULL : &feed->seen[feed->next];
    feed->next++;
    /* NOLINTNEXTLINE: `seen` is there whenever input is read again or kept */
    if (feed->again && !S_ISREG(seen->status.st_mode)) {
        /* NOLINTNEXTLINE: `seen` is there whenever input is read again or kept */
        feed->at = (uint64_t)seen->from;
        return true;
    }
    feed->descriptor = file_open(feed_path(feed, feed_index(feed)));
    file_widen_pipe(feed->descriptor);
    if (feed->again)
        input_return(feed, seen);
    else if (feed->keeps)
        input_note(feed, seen);
    return true;
}

void feed_rewind(Feed *feed)
{
    input_leave(feed);
    feed->again = true;
    feed->next = 0;
}

/* ---- bytes ---- */

void feed_listen(Feed *feed, int alarm)
{
    feed->alarm = alarm;
}

/* Waits for bytes or the end of the input; false if there was an alarm. */
static bool bytes_await(const Feed *feed)
{
    struct pollfd sources[] = {{.fd = feed->descriptor, .events = POLLIN},
                               {.fd = feed->alarm, .events = POLLIN}};
    if (feed->alarm < 0)
        return true;
    while (poll(sources, 2, -1) < 0 && errno == EINTR)
        ;
    return sources[1].revents == 0;
}

static bool bytes_waiting(int descriptor)
{
    struct pollfd source = {.fd = descriptor, .events = POLLIN};
    return poll(&source, 1, 0) > 0;
}

static void bytes_keep(Feed *feed, const char *bytes, size_t size)
{
    Seen *seen = &feed->seen[feed_index(feed)];
    if (S_ISREG(seen->status.st_mode))
        return;
    tape_put(&feed->tape, bytes, size);
    seen->end = feed->tape.size;
}

static size_t tape_read(Feed *feed, char *bytes, size_t size, bool *ended)
{
    uint64_t left = feed->seen[feed_index(feed)].end - feed->at;
    size_t got = left == 0 ? 0 : tape_get(&feed->tape, feed->at, bytes, size < left ? size : left);
    feed->at += got;
    *ended = got == 0;
    return got;
}

size_t feed_read(Feed *feed, char *bytes, size_t size, bool *ended)
{
    if (feed->descriptor < 0)
        return tape_read(feed, bytes, size, ended);
    size_t filled = 0;
    *ended = !bytes_await(feed);
    while (!*ended && filled < size && (filled == 0 || bytes_waiting(feed->descriptor))) {
        size_t got = file_read(feed->descriptor, feed_name(feed, feed_index(feed)), bytes + filled,
                               size - filled);
        *ended = got == 0;
        filled += got;
        progress_bytes(got);
    }
    if (feed->keeps && !feed->again)
        bytes_keep(feed, bytes, filled);
    return filled;
}

void feed_close(Feed *feed)
{
    if (feed->descriptor >= 0)
        close(feed->descriptor);
    tape_free(&feed->tape);
    free(feed->seen);
    free(feed);
}
