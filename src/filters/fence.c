#define _XOPEN_SOURCE 700 /* realpath */
#include "filters/fence.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/sandbox.h"
#include "base/spill.h"

/* What the C library and the others read on their own: locales, conversions, sizes of the machine.
 */
static const Grant shared[] = {
    {GRANT_READ, "/usr/lib"},         {GRANT_READ, "/usr/share"},
    {GRANT_READ, "/etc/ld.so.cache"}, {GRANT_READ, "/sys/devices/system/cpu"},
    {GRANT_READ, "/dev/null"},        {GRANT_WRITE, "/dev/null"},
};
enum { SHARED = sizeof shared / sizeof *shared };

typedef struct Grants {
    Grant *items;
    size_t count, room;
    Arena arena;
} Grants;

static void grant(Grants *grants, GrantKind kind, const char *path)
{
    grants->items = memory_grow(grants->items, &grants->room, grants->count, sizeof *grants->items);
    grants->items[grants->count++] = (Grant){kind, path};
}

static void grant_folder_of(Grants *grants, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t size = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    grant(grants, GRANT_FOLDER, size == 0 ? "." : arena_copy(&grants->arena, path, size));
}

/* A file is replaced by one made beside it, where a link leads; a device is written as it is. */
static void grant_output(Grants *grants, const char *path)
{
    struct stat status;
    char resolved[PATH_MAX];
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        grant(grants, S_ISDIR(status.st_mode) ? GRANT_FOLDER : GRANT_WRITE, path);
    grant_folder_of(grants, path);
    if (realpath(path, resolved) != NULL)
        grant_folder_of(grants, arena_copy(&grants->arena, resolved, strlen(resolved)));
}

/* Where PATH has the program; with what a program needs to be started, a script too. */
static void grant_program(Grants *grants, const char *name)
{
    const char *folders = getenv("PATH");
    for (Span rest = span_of(folders == NULL ? "" : folders); rest.size > 0;) {
        const char *colon = memchr(rest.at, ':', rest.size);
        size_t size = colon == NULL ? rest.size : (size_t)(colon - rest.at);
        grant(grants, GRANT_EXECUTE,
              arena_format(&grants->arena, "%.*s/%s", (int)size, rest.at, name));
        size += colon != NULL;
        rest = (Span){rest.at + size, rest.size - size};
    }
    static const char *const folders_of_the_system[] = {"/usr", "/bin", "/lib", "/lib64"};
    for (size_t i = 0; i < 4; i++)
        grant(grants, GRANT_EXECUTE, folders_of_the_system[i]);
    grant(grants, GRANT_READ, "/etc/fonts");
}

void fence_enter(const Program *program)
{
    Grants grants = {0};
    for (size_t i = 0; i < SHARED; i++)
        grant(&grants, shared[i].kind, shared[i].path);
    for (size_t i = 0; i < program->file_count; i++)
        grant(&grants, GRANT_READ, program->files[i]);
    const CommandLine *line = &program->line;
    for (size_t i = 0; i < line->given_count; i++) {
        const GivenOption *given = &line->given[i];
        if (given->option->flags & OPTION_SOURCE)
            grant(&grants, GRANT_READ, given->value);
        if ((given->option->flags & OPTION_WRITES) && strcmp(given->value, "-") != 0)
            grant_output(&grants, given->value);
    }
    grant(&grants, GRANT_FOLDER, spill_folder());
    const char *starts = program->specification->starts;
    if (starts != NULL)
        grant_program(&grants, starts);
    sandbox_enter(
        &(SandboxRules){.grants = grants.items, .count = grants.count, .children = starts != NULL});
    free(grants.items);
    arena_free(&grants.arena);
}
