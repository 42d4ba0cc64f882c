#include "warrant/cache.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "warrant/known.h"

const char *cache_folder(const Catalogue *catalogue, Arena *arena)
{
    const char *named = getenv("WARRANT_CACHE");
    if (named != NULL && named[0] != '\0')
        return arena_copy(arena, named, strlen(named));
    const char *slash = strrchr(catalogue->folder, '/');
    size_t root = slash == NULL ? 0 : (size_t)(slash + 1 - catalogue->folder);
    return arena_format(arena, "%.*sbuild/cache", (int)root, catalogue->folder);
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

/* Sixteen digits tell results of one step apart; the record beside holds all that counts. */
const char *cache_path(const char *folder, const char *pipeline, const char *step,
                       const Record *record, Arena *arena)
{
    char key[DIGEST_SIZE];
    record_key(record, key);
    return arena_format(arena, "%s/%s/%s-%.16s.csv", folder, file_word(pipeline, arena),
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
    return arena_format(arena, "%s/%s/%s@%s.last", folder, file_word(pipeline, arena),
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
