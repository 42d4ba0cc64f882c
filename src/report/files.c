#include "report/files.h"

#include "base/diagnostic.h"
#include "base/file.h"

enum { MOST_FILES = 8 }; /* as many named outputs as base/file.h bears at once */

static Buffer *add(Files *files, const char *path, bool given, Arena *arena)
{
    for (const File *file = files->first; file != NULL; file = file->next)
        if (strcmp(file->path, path) == 0)
            fail_usage("%s: would be written twice", path);
    File *file = arena_take(arena, sizeof *file);
    *file = (File){.path = path, .given = given};
    if (files->first == NULL)
        files->first = file;
    else
        files->last->next = file;
    files->last = file;
    return &file->bytes;
}

Buffer *files_add(Files *files, const char *path, Arena *arena)
{
    return add(files, path, true, arena);
}

Buffer *files_add_beside(Files *files, const char *path, Arena *arena)
{
    return add(files, path, false, arena);
}

void files_commit(Files *files)
{
    Output *outputs[MOST_FILES];
    size_t count = 0;
    for (File *file = files->first; file != NULL; file = file->next) {
        if (count == MOST_FILES)
            fail_usage("more than %d files at once", MOST_FILES);
        outputs[count] = file->given ? output_open(file->path) : output_replace(file->path);
        output_write(outputs[count], file->bytes.at, file->bytes.size);
        output_flush(outputs[count++]);
        buffer_free(&file->bytes);
    }
    for (size_t i = 0; i < count; i++)
        output_commit(outputs[i]);
}
