#define _DEFAULT_SOURCE /* flock */
#include "filters/division.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/digest.h"
#include "base/hash.h"
#include "base/spill.h"

/* Digits of the digest that make a part's name. */
enum { NAME_DIGITS = 12 };

/* So many places to cut for each part, and never fewer than that, are kept in mind. */
enum { MARKS_PER_PART = 16, MARKS_LEAST = 64 * 1024 };

/* The end of a row, and how many rows there are before. */
typedef struct Mark {
    uint64_t offset, row;
} Mark;

struct Division {
    const char *folder;
    int lock; /* the folder itself, open */
    size_t parts;
    Spill spill;
    Writer *writer;   /* into the spill */
    Writer *manifest; /* open from the start: a folder that cannot be written is known early */
    uint64_t header_size;
    Mark *marks; /* of every `stride`-th row; the first is the end of the header */
    size_t mark_count, mark_room;
    uint64_t stride;
    Dictionary names; /* of the parts written */
    char *piece;
};

enum { PIECE = 256 * 1024 };

static void put_aside(void *context, const char *bytes, size_t size)
{
    Division *division = context;
    spill_put(&division->spill, bytes, size);
}

static char *path_in(const char *folder, const char *name)
{
    size_t room = strlen(folder) + strlen(name) + 2;
    char *path = memory_array(room, 1);
    snprintf(path, room, "%s/%s", folder, name);
    return path;
}

static Writer *open_manifest(const char *folder)
{
    static const char *names[] = {"part", "path", "rows", "bytes", "sha256"};
    char *path = path_in(folder, "manifest.csv");
    Writer *manifest = writer_open(path, ',');
    free(path);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        writer_value(manifest, span_of(names[i]));
    writer_end(manifest);
    return manifest;
}

/* Two at once would remove each other's parts.  File systems without locks have to do without. */
static int lock_folder(const char *folder)
{
    folder_make(folder);
    int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0)
        fail_errno("%s", folder);
    if (flock(lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        fail("%s: another ingest is writing parts there", folder);
    return lock;
}

Division *division_open(const char *folder, size_t parts)
{
    struct stat status;
    if (stat(folder, &status) == 0 && !S_ISDIR(status.st_mode))
        fail("%s: not a folder, which parts need", folder);
    Division *division = memory_zeroed(1, sizeof *division);
    division->lock = lock_folder(folder);
    division->folder = folder;
    division->parts = parts;
    division->manifest = open_manifest(folder);
    spill_open(&division->spill);
    division->writer = writer_open_sink(put_aside, division, ',');
    division->mark_room = parts * MARKS_PER_PART;
    if (division->mark_room < MARKS_LEAST)
        division->mark_room = MARKS_LEAST;
    division->marks = memory_array(division->mark_room, sizeof *division->marks);
    division->stride = 1;
    division->piece = memory_array(PIECE, 1);
    return division;
}

Writer *division_writer(Division *division)
{
    return division->writer;
}

void division_header(Division *division, const Header *header)
{
    writer_header(division->writer, header);
    division->header_size = writer_bytes(division->writer);
    division->marks[division->mark_count++] = (Mark){division->header_size, 0};
}

/* Every second mark goes, so that those that stay lie evenly over all rows there have been. */
static void marks_thin(Division *division)
{
    size_t kept = 0;
    for (size_t i = 0; i < division->mark_count; i += 2)
        division->marks[kept++] = division->marks[i];
    division->mark_count = kept;
    division->stride *= 2;
}

void division_row(Division *division)
{
    if (division->mark_count == division->mark_room)
        marks_thin(division);
    uint64_t row = writer_rows(division->writer);
    if (row % division->stride == 0)
        division->marks[division->mark_count++] = (Mark){writer_bytes(division->writer), row};
}

/* The part's bytes of the spill, piece by piece. */
typedef void TakePiece(void *context, const char *bytes, size_t size);

static void spill_walk(Division *division, uint64_t from, uint64_t end, TakePiece *take,
                       void *context)
{
    while (from < end) {
        size_t size = end - from < PIECE ? (size_t)(end - from) : PIECE;
        spill_get(&division->spill, from, division->piece, size);
        take(context, division->piece, size);
        from += size;
    }
}

/* The header, which every part has, and its rows. */
static void part_walk(Division *division, Mark from, Mark end, TakePiece *take, void *context)
{
    spill_walk(division, 0, division->header_size, take, context);
    spill_walk(division, from.offset, end.offset, take, context);
}

static void piece_hash(void *context, const char *bytes, size_t size)
{
    digest_add(context, bytes, size);
}

static void piece_write(void *context, const char *bytes, size_t size)
{
    output_write(context, bytes, size);
}

static int digits_of(size_t number)
{
    return snprintf(NULL, 0, "%zu", number);
}

static void write_entry(Division *division, size_t part, const char *name, uint64_t rows,
                        uint64_t bytes, const char *hex)
{
    Writer *manifest = division->manifest;
    writer_number(manifest, decimal_of((int64_t)part));
    writer_value(manifest, span_of(name));
    writer_number(manifest, decimal_of((int64_t)rows));
    writer_number(manifest, decimal_of((int64_t)bytes));
    writer_value(manifest, span_of(hex));
    writer_end(manifest);
}

/* `part` counts from 1; names are as wide as that of the last, so that they sort as they follow. */
static void write_part(Division *division, size_t part, Mark from, Mark end)
{
    char hex[DIGEST_SIZE], name[64];
    Digest *digest = digest_begin();
    part_walk(division, from, end, piece_hash, digest);
    digest_end(digest, hex);
    snprintf(name, sizeof name, "part-%0*zu-%.*s.csv", digits_of(division->parts), part,
             NAME_DIGITS, hex);
    char *path = path_in(division->folder, name);
    Output *output = output_open(path);
    free(path);
    part_walk(division, from, end, piece_write, output);
    output_commit(output);
    dictionary_add(&division->names, span_of(name), NULL);
    write_entry(division, part, name, end.row - from.row,
                division->header_size + end.offset - from.offset, hex);
}

/* `part` / `parts` of the way through the rows. */
static uint64_t target(uint64_t from, uint64_t end, size_t part, size_t parts)
{
    return from + (uint64_t)((unsigned __int128)(end - from) * part / parts);
}

static void write_parts(Division *division, Mark last)
{
    Mark from = division->marks[0];
    uint64_t begin = from.offset;
    size_t at = 0;
    for (size_t part = 1; part <= division->parts; part++) {
        uint64_t wanted = target(begin, last.offset, part, division->parts);
        while (at < division->mark_count && division->marks[at].offset < wanted)
            at++;
        Mark end = at < division->mark_count && part < division->parts ? division->marks[at] : last;
        write_part(division, part, from, end);
        from = end;
    }
}

static bool begins(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

static bool is_part_name(const char *name)
{
    static const char prefix[] = "part-", suffix[] = ".csv";
    if (!begins(name, prefix))
        return false;
    name += sizeof prefix - 1;
    size_t digits = strspn(name, "0123456789");
    if (digits == 0 || name[digits] != '-')
        return false;
    name += digits + 1;
    return strspn(name, "0123456789abcdef") == NAME_DIGITS &&
           strcmp(name + NAME_DIGITS, suffix) == 0;
}

/* What a run that was killed may leave for the moment in which a file gets its name (file.h). */
static bool is_hidden_name(const char *name)
{
    return begins(name, ".part-") || begins(name, ".manifest.csv.");
}

/* Parts of an older table, and what a run that was stopped has left; what cannot be removed harms
 * nobody. */
static void sweep(const Division *division)
{
    DIR *folder = opendir(division->folder);
    if (folder == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (is_hidden_name(entry->d_name) ||
            (is_part_name(entry->d_name) &&
             dictionary_find(&division->names, span_of(entry->d_name)) == DICTIONARY_NONE))
            unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
}

static void division_free(Division *division)
{
    close(division->lock);
    spill_close(&division->spill);
    dictionary_free(&division->names);
    free(division->marks);
    free(division->piece);
    free(division);
}

void division_close(Division *division)
{
    Mark last = {writer_bytes(division->writer), writer_rows(division->writer)};
    writer_close(division->writer);
    write_parts(division, last);
    writer_close(division->manifest);
    sweep(division);
    division_free(division);
}
