#include "csv/raw.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/progress.h"

enum { RAW_CHUNK = 64 * 1024, RAW_HEAD = 6 };

typedef struct Compression {
    const char *name;
    const char *magic;
    size_t size;
    int (*support)(struct archive *archive);
} Compression;

static const Compression compressions[] = {
    {"gzip", "\x1f\x8b", 2, archive_read_support_filter_gzip},
    {"bzip2", "BZh", 3, archive_read_support_filter_bzip2},
    {"xz",
     "\xfd"
     "7zXZ\0",
     6, archive_read_support_filter_xz},
    {"zstd", "\x28\xb5\x2f\xfd", 4, archive_read_support_filter_zstd},
};

struct Raw {
    int descriptor;
    const char *name;
    const Compression *compression; /* NULL: none */
    struct archive *archive;
    uint64_t bytes;
    size_t head, head_size; /* bytes of the chunk that were read to look at */
    char chunk[RAW_CHUNK];
};

static void look_at_head(Raw *raw)
{
    size_t got = 1;
    while (got > 0 && raw->head_size < RAW_HEAD) {
        got = file_read(raw->descriptor, raw->name, raw->chunk + raw->head_size,
                        RAW_HEAD - raw->head_size);
        raw->head_size += got;
    }
    raw->bytes = raw->head_size;
}

static bool begins(const Raw *raw, const char *magic, size_t size)
{
    return raw->head_size >= size && memcmp(raw->chunk, magic, size) == 0;
}

static void refuse_containers(const Raw *raw)
{
    if (begins(raw, "PK\x03\x04", 4))
        fail("%s: a zip archive or a workbook: unpack it, or save the sheet as CSV", raw->name);
    if (begins(raw, "\xd0\xcf\x11\xe0", 4))
        fail("%s: an Excel workbook: save the sheet as CSV", raw->name);
}

/* What libarchive calls for more: first the head that was looked at, then the file. */
static la_ssize_t supply(struct archive *archive, void *context, const void **bytes)
{
    (void)archive;
    Raw *raw = context;
    *bytes = raw->chunk;
    if (raw->head_size > 0) {
        size_t size = raw->head_size;
        raw->head_size = 0;
        return (la_ssize_t)size;
    }
    size_t got = file_read(raw->descriptor, raw->name, raw->chunk, RAW_CHUNK);
    raw->bytes += got;
    progress_bytes(got);
    return (la_ssize_t)got;
}

static _Noreturn void fail_damaged(const Raw *raw)
{
    const char *why = archive_error_string(raw->archive);
    fail("%s: damaged %s data: %s", raw->name, raw->compression->name,
         why == NULL ? "cannot be unpacked" : why);
}

static void unpack(Raw *raw)
{
    raw->archive = archive_read_new();
    if (raw->archive == NULL)
        fail("out of memory: %s", raw->name);
    raw->compression->support(raw->archive);
    archive_read_support_format_raw(raw->archive);
    archive_read_support_format_empty(raw->archive);
    if (archive_read_open(raw->archive, raw, NULL, supply, NULL) != ARCHIVE_OK)
        fail_damaged(raw);
    struct archive_entry *entry;
    int result = archive_read_next_header(raw->archive, &entry);
    if (result != ARCHIVE_OK && result != ARCHIVE_EOF)
        fail_damaged(raw);
}

Raw *raw_open(const char *path)
{
    Raw *raw = memory_zeroed(1, sizeof *raw);
    raw->descriptor = file_open(path);
    raw->name = file_name(path);
    look_at_head(raw);
    refuse_containers(raw);
    for (size_t i = 0; i < sizeof compressions / sizeof *compressions; i++)
        if (begins(raw, compressions[i].magic, compressions[i].size))
            raw->compression = &compressions[i];
    if (raw->compression != NULL)
        unpack(raw);
    return raw;
}

size_t raw_read(void *context, char *bytes, size_t size)
{
    Raw *raw = context;
    if (raw->archive != NULL) {
        la_ssize_t got = archive_read_data(raw->archive, bytes, size);
        if (got < 0)
            fail_damaged(raw);
        return (size_t)got;
    }
    if (raw->head < raw->head_size) {
        size_t rest = raw->head_size - raw->head;
        size_t taken = rest < size ? rest : size;
        memcpy(bytes, raw->chunk + raw->head, taken);
        raw->head += taken;
        return taken;
    }
    size_t got = file_read(raw->descriptor, raw->name, bytes, size);
    raw->bytes += got;
    progress_bytes(got);
    return got;
}

uint64_t raw_bytes(const Raw *raw)
{
    return raw->bytes;
}

void raw_close(Raw *raw)
{
    if (raw->archive != NULL)
        archive_read_free(raw->archive);
    close(raw->descriptor);
    free(raw);
}
