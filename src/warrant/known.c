#include "warrant/known.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

/* What tells that a file is still the one that was hashed. */
typedef struct Identity {
    uint64_t device, inode, size;
    int64_t modified, changed; /* nanoseconds since 1970 */
} Identity;

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static Identity identity_of(const struct stat *status)
{
    return (Identity){(uint64_t)status->st_dev, (uint64_t)status->st_ino, (uint64_t)status->st_size,
                      nanoseconds(status->st_mtim), nanoseconds(status->st_ctim)};
}

static bool identity_equal(Identity a, Identity b)
{
    return a.device == b.device && a.inode == b.inode && a.size == b.size &&
           a.modified == b.modified && a.changed == b.changed;
}

static Identity identify(int descriptor, const char *path)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        fail_errno("%s", path);
    return identity_of(&status);
}

/*
 * The file of remembered digests: a line per file, "DEVICE INODE SIZE MODIFIED CHANGED SHA256" with
 * every number as 16 hex digits, so that sorted lines are sorted by file and a line is found by
 * its length alone.
 */
enum { NUMBER_SIZE = 16, LINE_SIZE = 5 * (NUMBER_SIZE + 1) + DIGEST_SIZE - 1 + 1 };
enum { KEY_SIZE = 2 * (NUMBER_SIZE + 1), IDENTITY_SIZE = 5 * (NUMBER_SIZE + 1) };
enum { MEMORY_LIMIT = 64 * 1024 * 1024 };

typedef struct Memory {
    char *path;
    char *lines; /* each LINE_SIZE bytes with its newline */
    size_t count;
} Memory;

static void write_line(char line[LINE_SIZE + 1], Identity identity, const char *hex)
{
    snprintf(line, LINE_SIZE + 1,
             "%016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %016" PRIx64 " %.64s\n",
             identity.device, identity.inode, identity.size, (uint64_t)identity.modified,
             (uint64_t)identity.changed, hex);
}

/* A file that is not as it was written is as good as none: it is only a memory. */
static bool is_sound(const char *bytes, size_t size)
{
    if (size % LINE_SIZE != 0)
        return false;
    for (size_t i = 0; i < size; i += LINE_SIZE) {
        if (bytes[i + LINE_SIZE - 1] != '\n' || bytes[i + IDENTITY_SIZE - 1] != ' ')
            return false;
        if (strspn(bytes + i + IDENTITY_SIZE, "0123456789abcdef") != DIGEST_SIZE - 1)
            return false;
        if (i != 0 && memcmp(bytes + i - LINE_SIZE, bytes + i, KEY_SIZE) >= 0)
            return false;
    }
    return true;
}

static Memory memory_load(const char *folder)
{
    Memory memory = {0};
    size_t room = strlen(folder) + sizeof "/digests";
    memory.path = memory_array(room, 1);
    snprintf(memory.path, room, "%s/digests", folder);
    if (access(memory.path, F_OK) != 0)
        return memory;
    size_t size;
    memory.lines = file_load(memory.path, MEMORY_LIMIT, &size);
    if (is_sound(memory.lines, size))
        memory.count = size / LINE_SIZE;
    return memory;
}

static void memory_free(Memory *memory)
{
    free(memory->path);
    free(memory->lines);
}

/* Index of the file's line, or of the one before which it would stand. */
static size_t memory_find(const Memory *memory, const char *line)
{
    size_t low = 0, high = memory->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(memory->lines + middle * LINE_SIZE, line, KEY_SIZE) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool recall(const char *folder, Identity identity, char hex[DIGEST_SIZE])
{
    char line[LINE_SIZE + 1];
    write_line(line, identity, "");
    Memory memory = memory_load(folder);
    size_t at = memory_find(&memory, line);
    const char *known = at < memory.count ? memory.lines + at * LINE_SIZE : "";
    bool found = at < memory.count && memcmp(known, line, IDENTITY_SIZE) == 0;
    if (found) {
        memcpy(hex, known + IDENTITY_SIZE, DIGEST_SIZE - 1);
        hex[DIGEST_SIZE - 1] = '\0';
    }
    memory_free(&memory);
    return found;
}

/* Two runs at once may lose each other's line, never the file: it is replaced as a whole. */
static void remember(const char *folder, Identity identity, const char hex[DIGEST_SIZE])
{
    char line[LINE_SIZE + 1];
    write_line(line, identity, hex);
    folder_make(folder);
    Memory memory = memory_load(folder);
    size_t at = memory_find(&memory, line);
    bool replaces = at < memory.count && memcmp(memory.lines + at * LINE_SIZE, line, KEY_SIZE) == 0;
    Output *output = output_open(memory.path);
    output_write(output, memory.lines, at * LINE_SIZE);
    output_write(output, line, LINE_SIZE);
    at += replaces;
    if (at < memory.count)
        output_write(output, memory.lines + at * LINE_SIZE, (memory.count - at) * LINE_SIZE);
    output_commit(output);
    memory_free(&memory);
}

/*
 * A file that was written just now could be written again without its times changing: file systems
 * keep them in steps of up to two seconds.
 */
static bool is_settled(Identity identity)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t newest = identity.modified > identity.changed ? identity.modified : identity.changed;
    return newest < nanoseconds(now) - INT64_C(2000000000);
}

void known_digest(const char *path, const char *cache_folder, char hex[DIGEST_SIZE])
{
    int descriptor = file_open(path);
    Identity before = identify(descriptor, path);
    if (!recall(cache_folder, before, hex)) {
        bool settled = is_settled(before);
        uint64_t bytes;
        digest_descriptor(descriptor, path, hex, &bytes);
        if (settled && identity_equal(before, identify(descriptor, path)))
            remember(cache_folder, before, hex);
    }
    close(descriptor);
}
