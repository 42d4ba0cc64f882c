#include "base/budget.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diagnostic.h"

enum { BUDGET_MOST = 1 << 30, BUDGET_LEAST = 16 << 20 };

static uint64_t lesser(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t machine_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages <= 0 || size <= 0 ? UINT64_MAX : (uint64_t)pages * (uint64_t)size;
}

/* The number in a file; what is none, as "max" or a missing file, is no limit. */
static uint64_t limit_in(const char *path)
{
    FILE *file = fopen(path, "re");
    char text[32];
    uint64_t limit = UINT64_MAX;
    if (file == NULL)
        return limit;
    if (fgets(text, sizeof text, file) != NULL && text[0] >= '0' && text[0] <= '9')
        limit = strtoull(text, NULL, 10);
    fclose(file);
    return limit;
}

/* The least limit of a group and of those it is in, up to the root. Cuts the group's path short. */
static uint64_t limit_of_group(const char *mount, char *group, const char *file)
{
    uint64_t least = UINT64_MAX;
    for (;;) {
        char path[PATH_MAX];
        int size = snprintf(path, sizeof path, "%s%s/%s", mount, group, file);
        if (size > 0 && (size_t)size < sizeof path)
            least = lesser(least, limit_in(path));
        char *slash = strrchr(group, '/');
        if (slash == NULL)
            return least;
        *slash = '\0';
    }
}

/* A line of /proc/self/cgroup is NUMBER:CONTROLLERS:GROUP, without controllers for version 2. */
static uint64_t limit_by_line(char *line)
{
    char *controllers = strchr(line, ':');
    char *group = controllers == NULL ? NULL : strchr(++controllers, ':');
    if (group == NULL)
        return UINT64_MAX;
    *group++ = '\0';
    group[strcspn(group, "\n")] = '\0';
    if (*controllers == '\0')
        return limit_of_group("/sys/fs/cgroup", group, "memory.max");
    if (strcmp(controllers, "memory") == 0)
        return limit_of_group("/sys/fs/cgroup/memory", group, "memory.limit_in_bytes");
    return UINT64_MAX;
}

static uint64_t cgroup_limit(void)
{
    FILE *file = fopen("/proc/self/cgroup", "re");
    char line[PATH_MAX];
    uint64_t least = UINT64_MAX;
    if (file == NULL)
        return least;
    while (fgets(line, sizeof line, file) != NULL)
        least = lesser(least, limit_by_line(line));
    fclose(file);
    return least;
}

size_t budget_default(void)
{
    uint64_t budget = lesser(machine_memory() / 8, cgroup_limit() / 4);
    budget = lesser(budget, BUDGET_MOST);
    return (size_t)(budget > BUDGET_LEAST ? budget : BUDGET_LEAST);
}

void budget_check(size_t bytes, size_t ceiling, const char *what)
{
    size_t most = ceiling > BUDGET_LEAST ? ceiling : BUDGET_LEAST;
    if (bytes > most)
        fail_exhausted("out of memory: %s: more than %zu bytes (see --memory)", what, most);
}
