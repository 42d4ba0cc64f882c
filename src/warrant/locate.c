#include "warrant/locate.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diagnostic.h"

/* A folder of a pipeline's name may well lie there: what the tangled forms write. */
static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

const char *locate_pipeline(const char *word, Arena *arena)
{
    if (is_file(word) || strchr(word, '/') != NULL)
        return word;
    const char *named = arena_format(arena, "pipelines/%s.yaml", word);
    return access(named, F_OK) == 0 ? named : word;
}

const char *locate_claim(const char *word, const char **claim, Arena *arena)
{
    const char *point = strrchr(word, '.');
    if (point == NULL || point == word || point[1] == '\0' || strchr(point, '/') != NULL)
        fail_usage("not PIPELINE.CLAIM: %s", shown(word, strlen(word)));
    *claim = point + 1;
    const char *pipeline = arena_copy(arena, word, (size_t)(point - word));
    const char *path = locate_pipeline(pipeline, arena);
    if (access(path, F_OK) == 0)
        return path;
    const char *with_suffix = arena_format(arena, "%s.yaml", pipeline);
    return access(with_suffix, F_OK) == 0 ? with_suffix : path;
}

void command_help(const char *usage, const char *purpose, const Option *const *tables)
{
    printf("usage: warrant %s\n\nwarrant %.*s: %s\n\n", usage, (int)strcspn(usage, " "), usage,
           purpose);
    Buffer options = {0};
    option_help(tables, &options);
    printf("%s", buffer_string(&options));
    buffer_free(&options);
    printf("\nThe manual has more: man warrant\n");
    command_flush();
}

void command_flush(void)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        fail_errno("standard output: cannot write");
}
