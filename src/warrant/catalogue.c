#include "warrant/catalogue.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "warrant/known.h"
#include "warrant/layout.h"

enum { CATALOGUE_SIZE = 16 * 1024 * 1024 };

/* What has to be given back when loading fails, and where in the file it is. */
typedef struct Loader {
    Catalogue *catalogue;
    char *text;
    json_t *root;
    size_t index;     /* of the resource that is read */
    const char *name; /* its name once known */
} Loader;

static _Noreturn void fail_resource(const Loader *loader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static _Noreturn void fail_resource(const Loader *loader, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    size_t item = layout_item(loader->text, layout_array(loader->text, "resources"), loader->index);
    size_t line = layout_line(loader->text, item);
    if (loader->name == NULL)
        fail("%s:%zu: resource %zu: %s", loader->catalogue->path, line, loader->index + 1, text);
    fail("%s:%zu: %s: %s", loader->catalogue->path, line, loader->name, text);
}

static Arena *arena_of(const Loader *loader)
{
    return &loader->catalogue->arena;
}

static const char *copy_string(const Loader *loader, const json_t *value)
{
    return arena_copy(arena_of(loader), json_string_value(value), json_string_length(value));
}

/* The string under a key, NULL if there is none. */
static const char *get_string(const Loader *loader, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (value == NULL || json_is_null(value))
        return NULL;
    if (!json_is_string(value))
        fail_resource(loader, "%s is not a string", key);
    return copy_string(loader, value);
}

static const char *require_string(const Loader *loader, const json_t *object, const char *key)
{
    const char *text = get_string(loader, object, key);
    if (text == NULL)
        fail_resource(loader, "%s is missing", key);
    if (*text == '\0')
        fail_resource(loader, "%s is empty", key);
    return text;
}

/* A list under a key; NULL if there is none. */
static const json_t *get_list(const Loader *loader, const json_t *object, const char *key)
{
    const json_t *list = json_object_get(object, key);
    if (list != NULL && !json_is_array(list))
        fail_resource(loader, "%s is not a list", key);
    return list;
}

/* Digits as they stand in the file as far as JSON lets them be known: 0.5 as 0.5. */
static const char *number_text(const Loader *loader, const json_t *value, const char *what)
{
    if (json_is_string(value))
        return copy_string(loader, value);
    if (json_is_integer(value))
        return arena_format(arena_of(loader), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (!json_is_real(value))
        fail_resource(loader, "%s is not a number", what);
    char digits[64];
    for (int precision = 1; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, json_real_value(value));
        if (strtod(digits, NULL) == json_real_value(value))
            break;
    }
    return arena_copy(arena_of(loader), digits, strlen(digits));
}

static Decimal read_number(const Loader *loader, const json_t *value, const char *what)
{
    Decimal number;
    const char *text = number_text(loader, value, what);
    if (decimal_read(span_of(text), &number, arena_of(loader)) != DECIMAL_READ)
        fail_resource(loader, "%s is not a number: %s", what, shown(text, strlen(text)));
    return number;
}

/* Only files below the catalogue: a data package travels as a folder. */
static const char *load_path(const Loader *loader, const json_t *object)
{
    const json_t *value = json_object_get(object, "path");
    if (json_is_array(value))
        fail_resource(
            loader, "path is a list: several files for one table need a manifest (ingest --parts)");
    const char *path = require_string(loader, object, "path");
    if (strstr(path, "://") != NULL)
        fail_resource(loader, "path is an address, not a file: %s", shown(path, strlen(path)));
    for (const char *part = path;; part++) {
        size_t size = strcspn(part, "/");
        if (size == 0 || (size == 2 && memcmp(part, "..", 2) == 0))
            fail_resource(loader, "path leaves the catalogue's folder: %s",
                          shown(path, strlen(path)));
        part += size;
        if (*part == '\0')
            break;
    }
    return arena_format(arena_of(loader), "%s/%s", loader->catalogue->folder, path);
}

static const char *load_hash(const Loader *loader, const json_t *object)
{
    static const char prefix[] = "sha256:";
    const char *hash = require_string(loader, object, "hash");
    const char *digits = hash + sizeof prefix - 1;
    if (strncmp(hash, prefix, sizeof prefix - 1) != 0 || strlen(digits) != DIGEST_SIZE - 1 ||
        strspn(digits, "0123456789abcdef") != DIGEST_SIZE - 1)
        fail_resource(loader, "hash is not sha256: and 64 lower-case hex digits: %s",
                      shown(hash, strlen(hash)));
    return digits;
}

static uint64_t load_bytes(const Loader *loader, const json_t *object)
{
    const json_t *bytes = json_object_get(object, "bytes");
    if (bytes == NULL)
        fail_resource(loader, "bytes is missing");
    if (!json_is_integer(bytes) || json_integer_value(bytes) < 0)
        fail_resource(loader, "bytes is not a whole number");
    return (uint64_t)json_integer_value(bytes);
}

/* "manifest": true says that the rows lie in the files that the file names. */
static bool load_manifest(const Loader *loader, const json_t *object)
{
    const json_t *value = json_object_get(object, "manifest");
    if (value != NULL && !json_is_boolean(value))
        fail_resource(loader, "manifest is neither true nor false");
    return json_is_true(value);
}

static void load_covers(const Loader *loader, const json_t *object, Resource *resource)
{
    const json_t *covers = json_object_get(object, "covers");
    if (covers == NULL)
        return;
    if (!json_is_object(covers))
        fail_resource(loader, "covers is not an object");
    resource->covers =
        arena_array(arena_of(loader), json_object_size(covers), sizeof *resource->covers);
    const char *column;
    json_t *range;
    json_object_foreach((json_t *)covers, column, range)
    {
        if (!json_is_array(range) || json_array_size(range) != 2)
            fail_resource(loader, "covers: %s is not [FIRST, LAST]", column);
        Cover cover = {.column = arena_copy(arena_of(loader), column, strlen(column))};
        cover.first = read_number(loader, json_array_get(range, 0), column);
        cover.last = read_number(loader, json_array_get(range, 1), column);
        if (decimal_compare(cover.first, cover.last) > 0)
            fail_resource(loader, "covers: %s: the first is past the last", column);
        resource->covers[resource->cover_count++] = cover;
    }
}

/* Of numbers alone: what Frictionless allows for dates and texts is not looked at. */
static void load_limit(const Loader *loader, const json_t *constraints, const char *key,
                       bool *there, Decimal *limit)
{
    const json_t *value = json_object_get(constraints, key);
    if (value == NULL)
        return;
    *there = json_is_number(value) ||
             (json_is_string(value) && decimal_read(span_of(json_string_value(value)), limit,
                                                    arena_of(loader)) == DECIMAL_READ);
    if (*there)
        *limit = read_number(loader, value, key);
}

static void load_constraints(const Loader *loader, const json_t *object, Field *field)
{
    const json_t *constraints = json_object_get(object, "constraints");
    if (constraints == NULL)
        return;
    field->required = json_is_true(json_object_get(constraints, "required"));
    field->unique = json_is_true(json_object_get(constraints, "unique"));
    load_limit(loader, constraints, "minimum", &field->has_minimum, &field->minimum);
    load_limit(loader, constraints, "maximum", &field->has_maximum, &field->maximum);
    const json_t *values = get_list(loader, constraints, "enum");
    if (values == NULL)
        return;
    field->values = arena_array(arena_of(loader), json_array_size(values), sizeof *field->values);
    for (size_t i = 0; i < json_array_size(values); i++)
        field->values[field->value_count++] =
            number_text(loader, json_array_get(values, i), "a value in enum");
}

/* "0.5", or "2%" of each cell. */
static void load_precision(const Loader *loader, const json_t *object, Field *field)
{
    const json_t *value = json_object_get(object, "precision");
    Precision *precision = &field->precision;
    if (value == NULL)
        return;
    precision->text = number_text(loader, value, "precision");
    Span digits = span_of(precision->text);
    precision->relative = digits.size != 0 && digits.at[digits.size - 1] == '%';
    digits.size -= precision->relative;
    if (decimal_read(digits, &precision->most, arena_of(loader)) != DECIMAL_READ)
        fail_resource(loader, "%s: precision is neither a number nor a percentage: %s", field->name,
                      shown(precision->text, strlen(precision->text)));
    if (decimal_sign(precision->most) < 0)
        fail_resource(loader, "%s: precision is negative", field->name);
    if (strcmp(field->type, "number") != 0 && strcmp(field->type, "integer") != 0)
        fail_resource(loader, "%s: precision goes with numbers, not with the type %s", field->name,
                      shown(field->type, strlen(field->type)));
    if (precision->relative)
        precision->most =
            decimal_multiply(precision->most, (Decimal){.small = 1, .scale = 2}, arena_of(loader));
}

static Field load_field(const Loader *loader, const json_t *object)
{
    if (!json_is_object(object))
        fail_resource(loader, "a field is not an object");
    Field field = {.name = require_string(loader, object, "name"),
                   .type = get_string(loader, object, "type"),
                   .unit = get_string(loader, object, "unit"),
                   .title = get_string(loader, object, "title"),
                   .format = get_string(loader, object, "format")};
    if (field.type == NULL)
        field.type = "string";
    if (field.format != NULL && strcmp(field.format, "default") == 0)
        field.format = NULL;
    load_precision(loader, object, &field);
    load_constraints(loader, object, &field);
    return field;
}

static const Field *find_field(const Resource *resource, const char *name)
{
    for (size_t i = 0; i < resource->field_count; i++)
        if (strcmp(resource->fields[i].name, name) == 0)
            return &resource->fields[i];
    return NULL;
}

static void load_primary_key(const Loader *loader, const json_t *schema, Resource *resource)
{
    const json_t *key = json_object_get(schema, "primaryKey");
    if (key == NULL)
        return;
    size_t count = json_is_array(key) ? json_array_size(key) : 1;
    resource->primary_key = arena_array(arena_of(loader), count, sizeof *resource->primary_key);
    for (size_t i = 0; i < count; i++) {
        const json_t *name = json_is_array(key) ? json_array_get(key, i) : key;
        if (!json_is_string(name))
            fail_resource(loader, "primaryKey is not a list of fields");
        const char *text = copy_string(loader, name);
        if (find_field(resource, text) == NULL)
            fail_resource(loader, "primaryKey: no such field: %s", shown(text, strlen(text)));
        resource->primary_key[resource->primary_key_count++] = text;
    }
}

static void load_missing_values(const Loader *loader, const json_t *schema, Resource *resource)
{
    const json_t *values = get_list(loader, schema, "missingValues");
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *value = json_array_get(values, i);
        if (!json_is_string(value))
            fail_resource(loader, "missingValues is not a list of strings");
        if (json_string_length(value) != 0)
            resource->missing_value = copy_string(loader, value);
    }
}

static void load_schema(const Loader *loader, const json_t *object, Resource *resource)
{
    const json_t *schema = json_object_get(object, "schema");
    if (!json_is_object(schema))
        fail_resource(loader, schema == NULL ? "schema is missing" : "schema is not an object");
    const json_t *fields = get_list(loader, schema, "fields");
    size_t count = json_array_size(fields);
    if (count == 0)
        fail_resource(loader, "schema has no fields");
    resource->fields = arena_array(arena_of(loader), count, sizeof *resource->fields);
    for (size_t i = 0; i < count; i++) {
        Field field = load_field(loader, json_array_get(fields, i));
        if (find_field(resource, field.name) != NULL)
            fail_resource(loader, "field %s is there twice", field.name);
        resource->fields[resource->field_count++] = field;
    }
    load_primary_key(loader, schema, resource);
    load_missing_values(loader, schema, resource);
}

/* The title of the first of several (sources, licenses); its name where it has no title. */
static const char *first_title(const Loader *loader, const json_t *object, const char *key)
{
    const json_t *first = json_array_get(get_list(loader, object, key), 0);
    const char *title = get_string(loader, first, "title");
    if (title == NULL || *title == '\0')
        title = get_string(loader, first, "name");
    return title == NULL || *title == '\0' ? NULL : title;
}

static Resource load_resource(Loader *loader, const json_t *object)
{
    if (!json_is_object(object))
        fail_resource(loader, "not an object");
    Resource resource = {.name = require_string(loader, object, "name")};
    loader->name = resource.name;
    resource.path = load_path(loader, object);
    resource.sha256 = load_hash(loader, object);
    resource.bytes = load_bytes(loader, object);
    resource.manifest = load_manifest(loader, object);
    resource.series = get_string(loader, object, "series");
    resource.vintage = get_string(loader, object, "vintage");
    resource.names = get_string(loader, object, "names");
    resource.title = get_string(loader, object, "title");
    resource.obtain = get_string(loader, object, "obtain");
    resource.source = first_title(loader, object, "sources");
    resource.licence = first_title(loader, object, "licenses");
    if ((resource.series == NULL) != (resource.vintage == NULL))
        fail_resource(loader, "series and vintage go together");
    load_covers(loader, object, &resource);
    load_schema(loader, object, &resource);
    return resource;
}

static void check_new(const Loader *loader, const Resource *resource)
{
    const Catalogue *catalogue = loader->catalogue;
    if (catalogue_resource(catalogue, resource->name) != NULL)
        fail_resource(loader, "a second resource of that name");
    const Resource *same = resource->series == NULL
                               ? NULL
                               : catalogue_vintage(catalogue, resource->series, resource->vintage);
    if (same != NULL)
        fail_resource(loader, "series %s has vintage %s already: %s", resource->series,
                      resource->vintage, same->name);
}

static void load_all(Loader *loader)
{
    Catalogue *catalogue = loader->catalogue;
    size_t size;
    json_error_t error;
    loader->text = file_load(catalogue->path, CATALOGUE_SIZE, &size);
    loader->root = json_loadb(loader->text, size, JSON_REJECT_DUPLICATES, &error);
    if (loader->root == NULL)
        fail("%s:%d:%d: not JSON: %s", catalogue->path, error.line, error.column,
             shown(error.text, strlen(error.text)));
    const json_t *resources = json_object_get(loader->root, "resources");
    if (!json_is_array(resources))
        fail("%s:1: no list of resources stands in it", catalogue->path);
    catalogue->resources =
        arena_array(&catalogue->arena, json_array_size(resources), sizeof *catalogue->resources);
    for (size_t i = 0; i < json_array_size(resources); i++) {
        loader->index = i;
        loader->name = NULL;
        Resource resource = load_resource(loader, json_array_get(resources, i));
        check_new(loader, &resource);
        catalogue->resources[catalogue->count++] = resource;
    }
}

static void unload(Loader *loader)
{
    json_decref(loader->root);
    free(loader->text);
    free(loader);
}

static const char *folder_of(const char *path, Arena *arena)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return ".";
    return slash == path ? "/" : arena_copy(arena, path, (size_t)(slash - path));
}

Catalogue *catalogue_load(const char *path)
{
    Catalogue *catalogue = memory_zeroed(1, sizeof *catalogue);
    Loader *loader = memory_zeroed(1, sizeof *loader);
    loader->catalogue = catalogue;
    Trap trap;
    if (TRAP_SET(&trap)) {
        catalogue->path = arena_copy(&catalogue->arena, path, strlen(path));
        catalogue->folder = folder_of(path, &catalogue->arena);
        load_all(loader);
        trap_end(&trap);
        unload(loader);
        return catalogue;
    }
    unload(loader);
    catalogue_free(catalogue);
    fail("%s", trap.message);
}

void catalogue_free(Catalogue *catalogue)
{
    if (catalogue == NULL)
        return;
    arena_free(&catalogue->arena);
    free(catalogue);
}

/* The folder above, spelt so that it can be opened from here; NULL above the root. */
static const char *folder_above(const char *folder, Arena *arena)
{
    struct stat here, above;
    const char *dots = arena_format(arena, "%s/..", folder);
    if (stat(folder, &here) != 0 || stat(dots, &above) != 0 ||
        (here.st_dev == above.st_dev && here.st_ino == above.st_ino))
        return NULL;
    if (strcmp(folder, ".") == 0)
        return "..";
    const char *slash = strrchr(folder, '/');
    const char *last = slash == NULL ? folder : slash + 1;
    if (*last == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
        return dots;
    return folder_of(folder, arena);
}

const char *catalogue_nearest(const char *folder, Arena *arena)
{
    for (; folder != NULL; folder = folder_above(folder, arena)) {
        const char *path = strcmp(folder, ".") == 0
                               ? "data/datapackage.json"
                               : arena_format(arena, "%s/data/datapackage.json", folder);
        if (access(path, F_OK) == 0)
            return path;
    }
    return NULL;
}

Catalogue *catalogue_find(const char *pipeline_path)
{
    Arena arena = {0};
    const char *path = catalogue_nearest(folder_of(pipeline_path, &arena), &arena);
    char *copy = path == NULL ? NULL : strdup(path);
    arena_free(&arena);
    if (copy == NULL)
        fail("%s: no data/datapackage.json in its folder or one above", pipeline_path);
    Catalogue *volatile catalogue = NULL;
    Trap trap;
    if (TRAP_SET(&trap)) {
        catalogue = catalogue_load(copy);
        trap_end(&trap);
    }
    free(copy);
    if (catalogue == NULL)
        fail("%s", trap.message);
    return catalogue;
}

const Resource *catalogue_resource(const Catalogue *catalogue, const char *name)
{
    for (size_t i = 0; i < catalogue->count; i++)
        if (strcmp(catalogue->resources[i].name, name) == 0)
            return &catalogue->resources[i];
    return NULL;
}

const Resource *catalogue_vintage(const Catalogue *catalogue, const char *series,
                                  const char *vintage)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        const Resource *resource = &catalogue->resources[i];
        if (resource->series != NULL && strcmp(resource->series, series) == 0 &&
            strcmp(resource->vintage, vintage) == 0)
            return resource;
    }
    return NULL;
}

static const char *absent_problem(const Resource *resource, bool *absent, Arena *arena)
{
    if (errno != ENOENT || resource->obtain == NULL)
        return arena_format(arena, "%s: %s", resource->path, strerror(errno));
    *absent = true;
    return arena_format(arena, "%s: not here; to obtain it: %s", resource->path, resource->obtain);
}

/* Why a file is not the one that a catalogue or a manifest (`who`) speaks of, or NULL. */
static const char *file_problem(const Part *file, const char *who, const char *cache_folder,
                                Arena *arena)
{
    struct stat status;
    if (stat(file->path, &status) != 0)
        return arena_format(arena, "%s: %s", file->path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return arena_format(arena, "%s: not a file", file->path);
    if ((uint64_t)status.st_size != file->bytes)
        return arena_format(arena, "%s: %lld bytes where the %s says %llu", file->path,
                            (long long)status.st_size, who, (unsigned long long)file->bytes);
    char hex[DIGEST_SIZE];
    if (cache_folder == NULL)
        digest_file(file->path, hex, NULL);
    else
        known_digest(file->path, cache_folder, hex);
    if (strcmp(hex, file->sha256) != 0)
        return arena_format(arena, "%s: sha256 is %.12s..., the %s says %.12s...", file->path, hex,
                            who, file->sha256);
    return NULL;
}

static Part own_file(const Resource *resource)
{
    return (Part){resource->path, resource->sha256, resource->bytes, 0};
}

Parts resource_parts(const Resource *resource, Arena *arena)
{
    if (resource->manifest)
        return manifest_load(resource->path, arena);
    Parts parts = {arena_array(arena, 1, sizeof *parts.items), 1};
    parts.items[0] = own_file(resource);
    return parts;
}

const char *resource_problem(const Resource *resource, const char *cache_folder, bool *absent,
                             Arena *arena)
{
    *absent = false;
    if (access(resource->path, F_OK) != 0)
        return absent_problem(resource, absent, arena);
    Part own = own_file(resource);
    const char *problem = file_problem(&own, "catalogue", cache_folder, arena);
    if (problem != NULL || !resource->manifest)
        return problem;
    Parts parts = manifest_load(resource->path, arena);
    for (size_t i = 0; i < parts.count && problem == NULL; i++)
        problem = file_problem(&parts.items[i], "manifest", cache_folder, arena);
    return problem;
}
