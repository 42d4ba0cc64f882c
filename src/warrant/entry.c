#define _XOPEN_SOURCE 700 /* realpath */
#include "warrant/entry.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "csv/celltype.h"
#include "csv/reader.h"
#include "warrant/catalogue.h"
#include "warrant/layout.h"

enum { CATALOGUE_SIZE = 16 * 1024 * 1024, ENTRY_INDENT = 4 };

static const char empty_catalogue[] = "{\n"
                                      "  \"profile\": \"tabular-data-package\",\n"
                                      "  \"resources\": []\n"
                                      "}\n";

static const char *real_path(const char *path, Arena *arena)
{
    char *resolved = realpath(path, NULL);
    if (resolved == NULL)
        fail_errno("%s", path);
    const char *copy = arena_copy(arena, resolved, strlen(resolved));
    free(resolved);
    return copy;
}

/* The table's path as the catalogue writes it: from its own folder on. */
static const char *path_inside(const char *folder, const char *table, Arena *arena)
{
    const char *above = real_path(folder, arena), *below = real_path(table, arena);
    size_t size = strlen(above);
    if (strncmp(above, below, size) != 0 || below[size] != '/')
        fail("%s: not in the catalogue's folder %s: copy it there first", table, folder);
    return below + size + 1;
}

/* Frictionless names: lower case letters, digits, point, hyphen and underscore. */
static const char *name_of(const char *path, Arena *arena)
{
    static const char manifest[] = "/manifest.csv"; /* whose folder is named for the table */
    size_t whole = strlen(path), tail = sizeof manifest - 1;
    if (whole > tail && strcmp(path + whole - tail, manifest) == 0)
        path = arena_copy(arena, path, whole - tail);
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    size_t size = strlen(base);
    if (size > 4 && strcmp(base + size - 4, ".csv") == 0)
        size -= 4;
    char *name = arena_copy(arena, base, size);
    for (char *at = name; *at != '\0'; at++) {
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
        else if (!((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '.' ||
                   *at == '_'))
            *at = '-';
    }
    return name;
}

/* Of the table, or of the parts that a manifest names. */
static json_t *guessed_fields(const char *path, bool manifest, Entry *entry, Arena *arena)
{
    Resource resource = {.path = path, .manifest = manifest};
    Parts parts = resource_parts(&resource, arena);
    char **paths = arena_array(arena, parts.count, sizeof *paths);
    for (size_t i = 0; i < parts.count; i++)
        paths[i] = (char *)parts.items[i].path;
    Reader *reader = reader_open(paths, parts.count, &(ReaderOptions){.delimiter = ','});
    const Header *header = reader_header(reader);
    CellGuess *guesses = memory_array(header->width, sizeof *guesses);
    for (size_t i = 0; i < header->width; i++)
        guesses[i] = celltype_guess_begin(span_of(header->names[i]));
    Batch batch;
    while (reader_next(reader, &batch))
        for (size_t row = 0; row < batch.rows; row++)
            for (size_t column = 0; column < batch.width; column++)
                celltype_guess(&guesses[column], batch_value(&batch, row, column));
    json_t *fields = json_array();
    for (size_t i = 0; i < header->width; i++)
        json_array_append_new(fields, json_pack("{s:s, s:s, s:s}", "name", header->names[i], "type",
                                                celltype_guessed(&guesses[i]), "title", ""));
    entry->rows = reader_rows(reader);
    entry->fields = header->width;
    free(guesses);
    reader_close(reader);
    return fields;
}

static json_t *describe(const char *table, const char *path, Entry *entry, Arena *arena)
{
    bool manifest = manifest_is(table);
    json_t *fields = guessed_fields(table, manifest, entry, arena);
    char hex[DIGEST_SIZE];
    uint64_t bytes;
    digest_file(table, hex, &bytes);
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:o*, s:I, s:s+, s:s, s:{s:o, s:[s]}, s:[{s:s, s:s}], "
                  "s:[{s:s, s:s, s:s}]}",
                  "profile", "tabular-data-resource", "name", entry->name, "path", path, "manifest",
                  manifest ? json_true() : NULL, "bytes", (json_int_t)bytes, "hash", "sha256:", hex,
                  "title", "", "schema", "fields", fields, "missingValues", "", "sources", "title",
                  "", "path", "", "licenses", "name", "", "title", "", "path", "");
    if (object == NULL)
        fail("%s: an entry cannot be made of it", table);
    return object;
}

static void append_indented(Buffer *out, const char *text)
{
    for (; *text != '\0'; text++) {
        buffer_byte(out, *text);
        for (size_t i = 0; *text == '\n' && i < ENTRY_INDENT; i++)
            buffer_byte(out, ' ');
    }
}

/* Behind the last resource, in the form that the rest of the file is likely to have. */
static void insert_entry(Buffer *out, const char *text, const char *entry)
{
    size_t array = layout_array(text, "resources");
    size_t close = layout_item(text, array, SIZE_MAX);
    bool first = layout_item(text, array, 0) == close;
    size_t end = close;
    while (strchr(" \t\r\n", text[end - 1]) != NULL)
        end--;
    buffer_append(out, text, end);
    buffer_text(out, first ? "\n    " : ",\n    ");
    append_indented(out, entry);
    buffer_text(out, "\n  ");
    buffer_text(out, text + close);
}

static void check_new(const char *catalogue_path, const char *table, const Entry *entry,
                      const char *path)
{
    Catalogue *catalogue = catalogue_load(catalogue_path);
    const char *name = NULL;
    if (catalogue_resource(catalogue, entry->name) != NULL)
        name = entry->name;
    for (size_t i = 0; i < catalogue->count; i++)
        if (strcmp(catalogue->resources[i].path + strlen(catalogue->folder) + 1, path) == 0)
            name = catalogue->resources[i].name;
    const char *shown_name = name == NULL ? NULL : shown(name, strlen(name));
    catalogue_free(catalogue);
    if (shown_name != NULL)
        fail("%s: %s has an entry already: %s", catalogue_path, table, shown_name);
}

static void write_catalogue(const char *path, const Buffer *text)
{
    json_error_t error;
    json_t *root = json_loadb(text->at, text->size, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        fail("%s: the entry would break it in line %d: %s", path, error.line, error.text);
    json_decref(root);
    Output *output = output_open(path);
    output_write(output, text->at, text->size);
    output_commit(output);
}

Entry entry_add(const char *catalogue_path, const char *table_path, Arena *arena)
{
    const char *slash = strrchr(catalogue_path, '/');
    const char *folder =
        slash == NULL ? "." : arena_copy(arena, catalogue_path, (size_t)(slash - catalogue_path));
    const char *path = path_inside(*folder == '\0' ? "/" : folder, table_path, arena);
    Entry entry = {.name = name_of(path, arena)};
    bool begun = access(catalogue_path, F_OK) == 0;
    if (begun)
        check_new(catalogue_path, table_path, &entry, path);
    json_t *object = describe(table_path, path, &entry, arena);
    char *dump = json_dumps(object, JSON_INDENT(2));
    size_t size;
    char *text = begun ? file_load(catalogue_path, CATALOGUE_SIZE, &size) : NULL;
    Buffer whole = {0};
    insert_entry(&whole, begun ? text : empty_catalogue, dump);
    write_catalogue(catalogue_path, &whole);
    buffer_free(&whole);
    free(text);
    free(dump);
    json_decref(object);
    return entry;
}
