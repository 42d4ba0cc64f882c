#include "warrant/toolkit.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/digest.h"
#include "warrant/known.h"

const char *toolkit_program(const char *filter, Arena *arena)
{
    char self[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self);
    if (size < 0)
        fail_errno("cannot find the folder of this program");
    while (size > 0 && self[size - 1] != '/')
        size--;
    const char *path = arena_format(arena, "%.*s%s", (int)size, self, filter);
    if (access(path, X_OK) != 0)
        fail_errno("%s: the filter is not beside warrant", path);
    return path;
}

const char *toolkit_digest(const char *filter, const char *cache_folder, Arena *arena)
{
    char hex[DIGEST_SIZE];
    known_digest(toolkit_program(filter, arena), cache_folder, hex);
    return arena_copy(arena, hex, strlen(hex));
}
