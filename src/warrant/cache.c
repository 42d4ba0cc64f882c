#include "warrant/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "warrant/known.h"

static void refuse_link(const char *path)
{
    struct stat status;
    if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode))
        fail("%s: a link, which could lead out of the project (WARRANT_CACHE may name a folder)",
             path);
}

/* The file is never written to: from its making on, its change time stays what it is. */
static void make_mark(const char *mark, struct stat *status)
{
    int descriptor = open(mark, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0)
        close(descriptor);
    if ((descriptor < 0 && errno != EEXIST) || lstat(mark, status) != 0)
        fail_errno("%s: cannot write", mark);
}

/*
 * A project may come from a stranger, with a cache in it: results that no filter made, links over
 * which to write elsewhere.  So what counts lies in a folder whose name nobody could have known:
 * it is made of the inode and the change time of a file beside it, which no archive and no copy
 * carries with it.
 */
static const char *own_folder(const char *shared, Arena *arena)
{
    struct stat status;
    const char *mark = arena_format(arena, "%s/mark", shared);
    if (lstat(mark, &status) != 0) {
        folder_make(shared);
        make_mark(mark, &status);
    }
    char identity[64], hex[DIGEST_SIZE];
    snprintf(identity, sizeof identity, "%ju %jd.%09ld", (uintmax_t)status.st_ino,
             (intmax_t)status.st_ctim.tv_sec, status.st_ctim.tv_nsec);
    Digest *digest = digest_begin();
    digest_add_string(digest, identity);
    digest_end(digest, hex);
    return arena_format(arena, "%s/%.16s", shared, hex);
}

const char *cache_folder(const Catalogue *catalogue, Arena *arena)
{
    const char *named = getenv("WARRANT_CACHE");
    if (named != NULL && named[0] != '\0')
        return arena_copy(arena, named, strlen(named));
    const char *slash = strrchr(catalogue->folder, '/');
    int root = slash == NULL ? 0 : (int)(slash + 1 - catalogue->folder);
    const char *shared = arena_format(arena, "%.*sbuild/cache", root, catalogue->folder);
    refuse_link(arena_format(arena, "%.*sbuild", root, catalogue->folder));
    refuse_link(shared);
    return own_folder(shared, arena);
}

/* A name as part of a file's name: what could mean something there as %XX. */
static const char *file_word(const char *name, Arena *arena)
{
    Buffer word = {0};
    for (const char *at = name; *at != '\0'; at++)
        if (*at == '/' || *at == '%' || (unsigned char)*at < 0x20 || (*at == '.' && at == name))
            buffer_format(&word, "%%%02x", (unsigned)(unsigned char)*at);
        else
            buffer_byte(&word, *at);
    const char *copy = arena_copy(arena, word.at, word.size);
    buffer_free(&word);
    return copy;
}

const char *cache_pipeline(const char *folder, const char *pipeline, Arena *arena)
{
    return arena_format(arena, "%s/%s", folder, file_word(pipeline, arena));
}

/* Sixteen digits tell results of one step apart; the record beside holds all that counts. */
const char *cache_path(const char *folder, const char *pipeline, const char *step,
                       const Record *record, Arena *arena)
{
    char key[DIGEST_SIZE];
    record_key(record, key);
    return arena_format(arena, "%s/%s-%.16s.csv", cache_pipeline(folder, pipeline, arena),
                        file_word(step, arena), key);
}

static const char *record_path(const char *path, Arena *arena)
{
    return arena_format(arena, "%.*s.record", (int)(strlen(path) - strlen(".csv")), path);
}

static bool same_key(const Record *a, const Record *b)
{
    char key[DIGEST_SIZE], other[DIGEST_SIZE];
    record_key(a, key);
    record_key(b, other);
    return strcmp(key, other) == 0;
}

Record *cache_find(const char *folder, const char *path, const Record *made_of, bool *damaged,
                   Arena *arena)
{
    *damaged = false;
    Record *record = record_load(record_path(path, arena), arena);
    if (record == NULL || access(path, R_OK) != 0)
        return NULL;
    const char *kept = record_value(record, ENTRY_OUTPUT, NULL);
    char hex[DIGEST_SIZE];
    known_digest(path, folder, hex);
    if (kept != NULL && strcmp(kept, hex) == 0 && same_key(record, made_of))
        return record;
    *damaged = true;
    return NULL;
}

void cache_keep(const char *path, const Record *record, Arena *arena)
{
    record_save(record, record_path(path, arena));
}

static const char *last_path(const char *folder, const char *pipeline, const char *step,
                             const char *reading, Arena *arena)
{
    return arena_format(arena, "%s/%s@%s.last", cache_pipeline(folder, pipeline, arena),
                        file_word(step, arena), file_word(reading, arena));
}

Record *cache_last(const char *folder, const char *pipeline, const char *step, const char *reading,
                   Arena *arena)
{
    return record_load(last_path(folder, pipeline, step, reading, arena), arena);
}

void cache_note(const char *folder, const char *pipeline, const char *step, const char *reading,
                const Record *record, Arena *arena)
{
    record_save(record, last_path(folder, pipeline, step, reading, arena));
}
