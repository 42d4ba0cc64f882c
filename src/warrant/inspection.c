#include "warrant/inspection.h"

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/hash.h"
#include "base/text.h"
#include "csv/celltype.h"
#include "csv/reader.h"

/* What is known of a column while its cells go by. */
typedef struct Column {
    const Field *field;
    CellType type;
    bool in_key;
    Dictionary values; /* of a unique field */
    const Cover *cover;
    bool reached; /* least and most are set */
    Decimal least, most;
} Column;

typedef struct Inspector {
    const Resource *resource;
    Arena *arena;
    Reader *reader;
    Column *columns;
    size_t *key; /* the primary key's columns */
    Dictionary keys;
    Buffer row_key;
} Inspector;

static void check_header(const Inspector *inspector)
{
    const Resource *resource = inspector->resource;
    const Header *header = reader_header(inspector->reader);
    for (size_t i = 0; i < header->width && i < resource->field_count; i++)
        if (strcmp(header->names[i], resource->fields[i].name) != 0)
            fail("%s: column %zu is %s, the schema says %s", resource->path, i + 1,
                 shown(header->names[i], strlen(header->names[i])),
                 shown(resource->fields[i].name, strlen(resource->fields[i].name)));
    if (header->width != resource->field_count)
        fail("%s: %zu columns, the schema says %zu", resource->path, header->width,
             resource->field_count);
}

static CellType type_of(const Resource *resource, const Field *field)
{
    CellType type;
    if (!celltype_find(field->type, &type))
        fail("field %s: unknown type: %s", field->name, shown(field->type, strlen(field->type)));
    if (resource->missing_value != NULL)
        fail("missingValues: %s: in these tables only an empty cell is missing (ingest --missing "
             "cleans them)",
             shown(resource->missing_value, strlen(resource->missing_value)));
    return type == CELL_DATE && field->format != NULL ? CELL_ANY : type;
}

static void prepare_columns(Inspector *inspector)
{
    const Resource *resource = inspector->resource;
    inspector->columns = memory_zeroed(resource->field_count, sizeof *inspector->columns);
    for (size_t i = 0; i < resource->field_count; i++) {
        Column *column = &inspector->columns[i];
        column->field = &resource->fields[i];
        column->type = type_of(resource, column->field);
        for (size_t j = 0; j < resource->cover_count; j++)
            if (strcmp(resource->covers[j].column, column->field->name) == 0)
                column->cover = &resource->covers[j];
    }
    inspector->key = memory_array(resource->primary_key_count, sizeof *inspector->key);
    for (size_t i = 0; i < resource->primary_key_count; i++) {
        size_t at = 0;
        while (strcmp(resource->fields[at].name, resource->primary_key[i]) != 0)
            at++;
        inspector->key[i] = at;
        inspector->columns[at].in_key = true;
    }
}

static void widen(Column *column, Span value, Arena *arena)
{
    Decimal number;
    if (decimal_read(value, &number, arena) != DECIMAL_READ)
        return;
    if (!column->reached || decimal_compare(number, column->least) < 0)
        column->least = number;
    if (!column->reached || decimal_compare(number, column->most) > 0)
        column->most = number;
    column->reached = true;
}

static bool is_allowed(const Field *field, Span value)
{
    for (size_t i = 0; i < field->value_count; i++)
        if (span_equal(value, span_of(field->values[i])))
            return true;
    return field->value_count == 0;
}

static const char *number_text(Decimal number, Arena *arena)
{
    Buffer text = {0};
    decimal_write(number, &text);
    const char *copy = arena_copy(arena, text.at, text.size);
    buffer_free(&text);
    return copy;
}

static void check_limits(Inspector *inspector, const Batch *batch, size_t row, size_t at,
                         Span value)
{
    const Field *field = inspector->columns[at].field;
    Decimal number;
    if ((!field->has_minimum && !field->has_maximum) ||
        decimal_read(value, &number, inspector->arena) != DECIMAL_READ)
        return;
    bool below = field->has_minimum && decimal_compare(number, field->minimum) < 0;
    if (below || (field->has_maximum && decimal_compare(number, field->maximum) > 0))
        fail("%s: %s: %s than the %s %s: \"%s\"", batch_place(batch, row, at), field->name,
             below ? "less" : "more", below ? "minimum" : "maximum",
             number_text(below ? field->minimum : field->maximum, inspector->arena),
             shown(value.at, value.size));
}

static void check_cell(Inspector *inspector, const Batch *batch, size_t row, size_t at)
{
    Column *column = &inspector->columns[at];
    const char *name = column->field->name;
    Span value = batch_value(batch, row, at);
    if (value.size == 0) {
        if (column->field->required || column->in_key)
            fail("%s: %s: a missing value, and %s", batch_place(batch, row, at), name,
                 column->in_key ? "it is part of the primary key" : "one is required");
        return;
    }
    if (!celltype_accepts(column->type, value))
        fail("%s: %s: not %s: \"%s\"", batch_place(batch, row, at), name,
             celltype_phrase(column->type), shown(value.at, value.size));
    if (!is_allowed(column->field, value))
        fail("%s: %s: not among the values allowed: \"%s\"", batch_place(batch, row, at), name,
             shown(value.at, value.size));
    check_limits(inspector, batch, row, at, value);
    bool added = true;
    if (column->field->unique)
        dictionary_add(&column->values, value, &added);
    if (!added)
        fail("%s: %s: a second time, and it is unique: \"%s\"", batch_place(batch, row, at), name,
             shown(value.at, value.size));
    if (column->cover != NULL)
        widen(column, value, inspector->arena);
}

/* Values with their lengths before them, so that ("ab","c") differs from ("a","bc"). */
static void check_key(Inspector *inspector, const Batch *batch, size_t row)
{
    size_t count = inspector->resource->primary_key_count;
    if (count == 0)
        return;
    inspector->row_key.size = 0;
    Buffer text = {0};
    for (size_t i = 0; i < count; i++) {
        Span value = batch_value(batch, row, inspector->key[i]);
        buffer_append(&inspector->row_key, (const char *)&value.size, sizeof value.size);
        buffer_append(&inspector->row_key, value.at, value.size);
    }
    bool added;
    dictionary_add(&inspector->keys, buffer_span(&inspector->row_key), &added);
    if (added)
        return;
    for (size_t i = 0; i < count; i++) {
        Span value = batch_value(batch, row, inspector->key[i]);
        buffer_text(&text, i == 0 ? "" : ", ");
        buffer_append(&text, value.at, value.size);
    }
    const char *key = arena_copy(inspector->arena, text.at, text.size);
    buffer_free(&text);
    fail("%s: a second row with the primary key %s", batch_place(batch, row, inspector->key[0]),
         shown(key, strlen(key)));
}

/*
 * A year without a row may well be covered: nothing happened in it.  So rows that end short of what
 * is covered are worth a remark, and only a range that no row lies in is wrong.
 */
static const char *check_cover(const Inspector *inspector, const Column *column)
{
    const Cover *cover = column->cover;
    const char *covered = arena_format(inspector->arena, "covers %s %s to %s", cover->column,
                                       number_text(cover->first, inspector->arena),
                                       number_text(cover->last, inspector->arena));
    if (!column->reached)
        fail("%s: %s, and no row has a number there", inspector->resource->path, covered);
    const char *reached =
        arena_format(inspector->arena, "%s to %s", number_text(column->least, inspector->arena),
                     number_text(column->most, inspector->arena));
    if (decimal_compare(column->most, cover->first) < 0 ||
        decimal_compare(column->least, cover->last) > 0)
        fail("%s: %s, and the rows are of %s", inspector->resource->path, covered, reached);
    if (decimal_compare(column->least, cover->first) <= 0 &&
        decimal_compare(column->most, cover->last) >= 0)
        return NULL;
    return arena_format(inspector->arena, "%s, rows of %s", covered, reached);
}

static void inspect_rows(Inspector *inspector, Inspection *inspection)
{
    const Resource *resource = inspector->resource;
    Parts parts = resource_parts(resource, inspector->arena);
    char **paths = arena_array(inspector->arena, parts.count, sizeof *paths);
    for (size_t i = 0; i < parts.count; i++)
        paths[i] = (char *)parts.items[i].path;
    reader_open(paths, parts.count, &(ReaderOptions){.held = &inspector->reader});
    check_header(inspector);
    prepare_columns(inspector);
    Batch batch;
    while (reader_next(inspector->reader, &batch))
        for (size_t row = 0; row < batch.rows; row++) {
            for (size_t column = 0; column < batch.width; column++)
                check_cell(inspector, &batch, row, column);
            check_key(inspector, &batch, row);
        }
    inspection->rows = reader_rows(inspector->reader);
    if (resource->manifest && inspection->rows != manifest_rows(&parts))
        fail("%s: %llu rows, the parts have %llu", resource->path,
             (unsigned long long)manifest_rows(&parts), (unsigned long long)inspection->rows);
    for (size_t i = 0; i < resource->field_count; i++)
        if (inspector->columns[i].cover != NULL && inspection->remark == NULL)
            inspection->remark = check_cover(inspector, &inspector->columns[i]);
}

static void inspector_free(Inspector *inspector)
{
    for (size_t i = 0; inspector->columns != NULL && i < inspector->resource->field_count; i++)
        dictionary_free(&inspector->columns[i].values);
    free(inspector->columns);
    free(inspector->key);
    dictionary_free(&inspector->keys);
    buffer_free(&inspector->row_key);
    if (inspector->reader != NULL)
        reader_close(inspector->reader);
    free(inspector);
}

static void inspect(Inspector *inspector, Inspection *inspection)
{
    inspection->problem =
        resource_problem(inspector->resource, NULL, &inspection->absent, inspector->arena);
    if (inspection->problem == NULL)
        inspect_rows(inspector, inspection);
}

Inspection resource_inspect(const Resource *resource, Arena *arena)
{
    Inspection *inspection = arena_take(arena, sizeof *inspection);
    *inspection = (Inspection){0};
    Inspector *inspector = memory_zeroed(1, sizeof *inspector);
    inspector->resource = resource;
    inspector->arena = arena;
    Trap trap;
    if (TRAP_SET(&trap)) {
        inspect(inspector, inspection);
        trap_end(&trap);
    } else {
        inspection->problem = arena_copy(arena, trap.message, strlen(trap.message));
    }
    inspector_free(inspector);
    return *inspection;
}
