#include "warrant/toolkit.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/digest.h"
#include "warrant/known.h"

/* The path of the running program up to the "warrant" of its name: folder and prefix. */
static const char *beginning(void)
{
    static const char name[] = "warrant";
    static char self[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    if (size < 0)
        fail_errno("cannot find the folder of this program");
    self[size] = '\0';
    char *base = strrchr(self, '/') + 1;
    char *end = self + size - (sizeof name - 1);
    *(end >= base && strcmp(end, name) == 0 ? end : base) = '\0';
    return self;
}

size_t toolkit_prefix(const char *name)
{
    const char *prefix = strrchr(beginning(), '/') + 1;
    return strncmp(name, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0;
}

const char *toolkit_program(const char *filter, Arena *arena)
{
    const char *path = arena_format(arena, "%s%s", beginning(), filter);
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
