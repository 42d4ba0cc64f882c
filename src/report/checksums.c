#include "report/checksums.h"

#include <unistd.h>

#include "base/digest.h"

const char *checksums_path(const char *report, Arena *arena)
{
    const char *slash = strrchr(report, '/');
    const char *base = slash == NULL ? report : slash + 1;
    const char *point = strrchr(base, '.');
    size_t size = point == NULL || point == base ? strlen(report) : (size_t)(point - report);
    return arena_format(arena, "%.*s.sha256", (int)size, report);
}

/* A backslash or newline in a name is written as sha256sum wants it. */
static void write_line(Buffer *out, const char *hex, const char *path)
{
    if (strpbrk(path, "\\\n\r") != NULL)
        buffer_byte(out, '\\');
    buffer_format(out, "%s  ", hex);
    for (const char *at = path; *at != '\0'; at++)
        if (*at == '\\')
            buffer_text(out, "\\\\");
        else if (*at == '\n')
            buffer_text(out, "\\n");
        else if (*at == '\r')
            buffer_text(out, "\\r");
        else
            buffer_byte(out, *at);
    buffer_byte(out, '\n');
}

static void write_file(Buffer *out, const char *path)
{
    char hex[DIGEST_SIZE];
    if (access(path, R_OK) != 0)
        return;
    digest_file(path, hex, NULL);
    write_line(out, hex, path);
}

/* The parts of a table that has a manifest beside it. */
static void write_source(Buffer *out, const Result *source)
{
    write_file(out, source->resource->path);
    for (size_t i = 0; source->resource->manifest && i < source->parts.count; i++)
        write_file(out, source->parts.items[i].path);
}

static void write_bytes(Buffer *out, const File *file)
{
    char hex[DIGEST_SIZE];
    Digest *digest = digest_begin();
    digest_add(digest, file->bytes.at, file->bytes.size);
    digest_end(digest, hex);
    write_line(out, hex, file->path);
}

void checksums_write(Buffer *out, const Inventory *inventory, const Files *written)
{
    for (size_t i = 0; i < inventory->document_count; i++)
        write_file(out, inventory->documents[i]);
    for (size_t i = 0; i < inventory->catalogue_count; i++)
        write_file(out, inventory->catalogues[i]);
    for (size_t i = 0; i < inventory->source_count; i++)
        write_source(out, inventory->sources[i]);
    for (size_t i = 0; i < inventory->tool_count; i++)
        write_file(out, inventory->tools[i].path);
    for (const File *file = written->first; file != NULL; file = file->next)
        if (&file->bytes != out)
            write_bytes(out, file);
}
