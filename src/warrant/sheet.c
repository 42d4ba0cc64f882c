#include "warrant/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/hash.h"
#include "warrant/invocation.h"

/* ---- sheets ---- */

Sheet *sheet_make(const Header *header, bool ordered, Arena *arena)
{
    Sheet *sheet = arena_take(arena, sizeof *sheet);
    *sheet = (Sheet){.header = header_copy(header, 0, arena), .ordered = ordered, .arena = arena};
    return sheet;
}

static void sheet_grow(Sheet *sheet)
{
    size_t room = sheet->room * 2 + 16, width = sheet->header.width;
    if (room > 2 * SHEET_CELLS / (width + 1) + 16)
        fail("not enclosed: more than %d cells", SHEET_CELLS);
    Enclosed *cells = arena_array(sheet->arena, room * width, sizeof *cells);
    bool *maybe = arena_array(sheet->arena, room, sizeof *maybe);
    if (sheet->rows != 0) {
        memcpy(cells, sheet->cells, sheet->rows * width * sizeof *cells);
        memcpy(maybe, sheet->maybe, sheet->rows * sizeof *maybe);
    }
    sheet->cells = cells;
    sheet->maybe = maybe;
    sheet->room = room;
}

Enclosed *sheet_add(Sheet *sheet, bool maybe)
{
    if (sheet->rows == sheet->room)
        sheet_grow(sheet);
    sheet->maybe[sheet->rows] = maybe;
    return sheet_row(sheet, sheet->rows++);
}

size_t sheet_column(const Sheet *sheet, const char *name)
{
    return header_require(&sheet->header, span_of(name), "enclosed table");
}

size_t *sheet_columns(const Sheet *sheet, const ColumnList *list)
{
    size_t *columns = arena_array(sheet->arena, list->count, sizeof *columns);
    for (size_t i = 0; i < list->count; i++)
        columns[i] = sheet_column(sheet, list->columns[i].name);
    return columns;
}

bool sheet_certain(const Sheet *sheet)
{
    for (size_t row = 0; row < sheet->rows; row++)
        if (sheet->maybe[row])
            return false;
    return true;
}

void sheet_bind(const Sheet *sheet, Expression *expression)
{
    const Header *header = &sheet->header;
    ColumnList all = {arena_array(sheet->arena, header->width, sizeof *all.columns), header->width};
    for (size_t i = 0; i < header->width; i++)
        all.columns[i] = (ColumnName){.name = header->names[i]};
    SummaryCalls none = {0};
    expression_take_summaries(expression, &none, &all);
}

void sheet_key(const Sheet *sheet, size_t row, const size_t *columns, size_t count, Buffer *key,
               bool *missing, const char *what)
{
    const Enclosed *cells = sheet_row(sheet, row);
    for (size_t i = 0; i < count; i++) {
        const Enclosed *cell = &cells[columns[i]];
        if (cell->known != KNOWN_TEXT)
            fail("not enclosed: rows are %s by %s, which is uncertain", what,
                 sheet->header.names[columns[i]]);
        if (missing != NULL && cell->text.size == 0)
            *missing = true;
        buffer_append(key, (const char *)&cell->text.size, sizeof cell->text.size);
        buffer_append(key, cell->text.at, cell->text.size);
    }
}

/* Keys while rows are numbered by them; outside of what may fail, so that it can be given back. */
typedef struct Numbering {
    Dictionary keys;
    Buffer key;
} Numbering;

static size_t numbering_close(Numbering *numbering)
{
    size_t count = numbering->keys.count;
    dictionary_free(&numbering->keys);
    buffer_free(&numbering->key);
    return count;
}

/* The number of each row's group; how many there are. */
static size_t number_groups(const Sheet *sheet, const size_t *columns, size_t count, size_t *group)
{
    Numbering *numbering = arena_take(sheet->arena, sizeof *numbering);
    *numbering = (Numbering){0};
    Trap trap;
    if (!TRAP_SET(&trap)) {
        numbering_close(numbering);
        fail("%s", trap.message);
    }
    for (size_t row = 0; row < sheet->rows; row++) {
        numbering->key.size = 0;
        sheet_key(sheet, row, columns, count, &numbering->key, NULL, "grouped");
        group[row] = dictionary_add(&numbering->keys, buffer_span(&numbering->key), NULL);
    }
    trap_end(&trap);
    return numbering_close(numbering);
}

SheetGroups sheet_groups(const Sheet *sheet, const ColumnList *keys)
{
    Arena *arena = sheet->arena;
    SheetGroups groups = {.group = arena_array(arena, sheet->rows, sizeof *groups.group)};
    groups.count = number_groups(sheet, sheet_columns(sheet, keys), keys->count, groups.group);
    groups.first = arena_array(arena, groups.count, sizeof *groups.first);
    groups.rows = arena_array(arena, groups.count, sizeof *groups.rows);
    groups.sizes = arena_array(arena, groups.count, sizeof *groups.sizes);
    for (size_t i = 0; i < groups.count; i++)
        groups.sizes[i] = 0;
    for (size_t row = 0; row < sheet->rows; row++)
        groups.sizes[groups.group[row]]++;
    for (size_t i = 0; i < groups.count; i++) {
        groups.rows[i] = arena_array(arena, groups.sizes[i], sizeof **groups.rows);
        groups.sizes[i] = 0;
    }
    for (size_t row = 0; row < sheet->rows; row++) {
        size_t group = groups.group[row];
        if (groups.sizes[group] == 0)
            groups.first[group] = row;
        groups.rows[group][groups.sizes[group]++] = row;
    }
    return groups;
}

/* ---- sources ---- */

typedef struct SourceReading {
    Sheet *sheet;
    const Field **fields; /* by column, with a precision; else NULL */
} SourceReading;

static const Field *field_of(const Resource *resource, const char *name)
{
    for (size_t i = 0; resource != NULL && i < resource->field_count; i++)
        if (strcmp(resource->fields[i].name, name) == 0 &&
            resource->fields[i].precision.text != NULL)
            return &resource->fields[i];
    return NULL;
}

/* From as far below the cell as the precision says to as far above, but not past the constraints.
 */
static Enclosed source_cell(Span text, const Field *field, Arena *arena)
{
    Enclosed cell = {.known = KNOWN_TEXT, .text = text};
    Decimal value;
    if (field == NULL || text.size == 0 || decimal_read(text, &value, arena) != DECIMAL_READ)
        return cell;
    const Precision *precision = &field->precision;
    Decimal reach = precision->most;
    if (precision->relative)
        reach = decimal_multiply(reach, decimal_absolute(value, arena), arena);
    if (decimal_sign(reach) == 0)
        return cell;
    cell.known = KNOWN_BOUNDS;
    cell.low = decimal_subtract(value, reach, arena);
    cell.high = decimal_add(value, reach, arena);
    if (field->has_minimum && decimal_compare(cell.low, field->minimum) < 0 &&
        decimal_compare(field->minimum, value) <= 0)
        cell.low = field->minimum;
    if (field->has_maximum && decimal_compare(cell.high, field->maximum) > 0 &&
        decimal_compare(field->maximum, value) >= 0)
        cell.high = field->maximum;
    cell.influence = influence_of_cell(arena);
    return cell;
}

static void read_row(void *context, const Batch *batch, size_t row, uint64_t number)
{
    (void)number;
    const SourceReading *reading = context;
    Arena *arena = reading->sheet->arena;
    Enclosed *cells = sheet_add(reading->sheet, false);
    for (size_t column = 0; column < batch->width; column++) {
        Span value = batch_value(batch, row, column);
        Span text = {arena_copy(arena, value.at, value.size), value.size};
        cells[column] = source_cell(text, reading->fields[column], arena);
    }
}

/* The rows of one file behind those that are there. */
static void read_part(Enclosures *enclosures, Sheet **sheet, const Part *part,
                      const Resource *resource)
{
    Arena *arena = &enclosures->arena;
    table_open(&enclosures->table, part->path, arena);
    const Header *header = table_header(&enclosures->table);
    if (*sheet == NULL)
        *sheet = sheet_make(header, true, arena);
    SourceReading reading = {*sheet, arena_array(arena, header->width, sizeof *reading.fields)};
    for (size_t i = 0; i < header->width; i++)
        reading.fields[i] = field_of(resource, header->names[i]);
    table_visit(&enclosures->table, NULL, read_row, &reading);
    table_close(&enclosures->table);
}

/* A resource, or several one behind the other, each with the precision of its own columns. */
static void read_source(Enclosures *enclosures, Sheet **sheet, const Result *result)
{
    for (size_t i = 0; result->resource != NULL && i < result->parts.count; i++)
        read_part(enclosures, sheet, &result->parts.items[i], result->resource);
    for (size_t i = 0; i < result->input_count; i++)
        read_source(enclosures, sheet, result->inputs[i]);
}

/* ---- steps ---- */

Encloser *enclosures_encloser(Enclosures *enclosures, const Stage *stage)
{
    const char *invalid = stage_option(stage, "invalid");
    bool lenient = invalid != NULL && strcmp(invalid, "missing") == 0;
    Encloser **encloser = lenient ? &enclosures->lenient : &enclosures->strict;
    if (*encloser == NULL)
        *encloser = encloser_open(lenient, &enclosures->arena);
    return *encloser;
}

Source enclosures_source(const Enclosures *enclosures, const Stage *stage)
{
    return (Source){stage_argument(stage), stage->filter->label, &enclosures->setting->parameters};
}

ColumnList stage_columns(const Stage *stage, const char *option, ColumnSyntax syntax, Arena *arena)
{
    const char *text = stage_option(stage, option);
    if (text == NULL)
        return (ColumnList){0};
    return expression_columns(text, option, syntax, arena);
}

int32_t stage_places(const Stage *stage)
{
    const char *places = stage_option(stage, "places");
    return places == NULL ? -1 : (int32_t)strtol(places, NULL, 10);
}

enum { OPTIONS_KNOWN = 16 };

/* A filter's stage, and the options that it knows: all that touch what the filter writes. */
typedef struct EnclosedStage {
    const Specification *filter;
    SheetStage *run;
    const char *options[OPTIONS_KNOWN];
} EnclosedStage;

#define NO_EFFECT "jobs", "max-row", "memory", "stats"

static const EnclosedStage enclosed_stages[] = {
    {&aggregate_specification, sheet_aggregate, {NO_EFFECT, "invalid", "group", "places"}},
    {&derive_specification, sheet_derive, {NO_EFFECT, "invalid", "places"}},
    {&filter_specification, sheet_filter, {NO_EFFECT, "invalid", "invert", "limit", "require"}},
    {&lookup_specification, sheet_lookup, {NO_EFFECT, "from", "take", "unmatched", "many"}},
    {&pick_specification, sheet_pick, {NO_EFFECT, "except"}},
    {&pivot_specification, sheet_pivot, {NO_EFFECT, "group"}},
    {&rank_specification,
     sheet_rank,
     {NO_EFFECT, "invalid", "group", "method", "top", "tied", "as", "order-only", "lag", "lead"}},
    {&share_specification,
     sheet_share,
     {NO_EFFECT, "group", "percent", "cumulative", "places", "largest-remainder", "as"}},
    {&unpivot_specification, sheet_unpivot, {NO_EFFECT, "except", "into", "keep-missing"}},
};

static Sheet *run_stage(Enclosures *enclosures, const Stage *stage, const Sheet *input)
{
    for (size_t i = 0; i < sizeof enclosed_stages / sizeof *enclosed_stages; i++) {
        const EnclosedStage *known = &enclosed_stages[i];
        if (known->filter != stage->filter)
            continue;
        const char *other = stage_other_option(stage, known->options);
        if (other != NULL)
            fail("not enclosed: %s --%s", stage->filter->name, other);
        return known->run(enclosures, stage, input);
    }
    fail("not enclosed: %s", stage->filter->name);
}

/* Inputs one behind the other; they have one header. */
static Sheet *join_inputs(Enclosures *enclosures, const Step *step)
{
    const Sheet *first = enclosures_sheet(enclosures, step->from[0]);
    Sheet *all = sheet_make(&first->header, true, &enclosures->arena);
    for (size_t i = 0; i < step->from_count; i++) {
        const Sheet *input = enclosures_sheet(enclosures, step->from[i]);
        /* NOLINTNEXTLINE: steps come behind those they read */
        all->ordered = all->ordered && input->ordered;
        /* NOLINTNEXTLINE: steps come behind those they read */
        for (size_t row = 0; row < input->rows; row++)
            memcpy(sheet_add(all, input->maybe[row]), sheet_row(input, row),
                   input->header.width * sizeof(Enclosed));
    }
    return all;
}

static Sheet *run_step(Enclosures *enclosures, const Step *step)
{
    Sheet *sheet = join_inputs(enclosures, step);
    for (size_t i = 0; i < step->pipe.count; i++)
        sheet = run_stage(enclosures, &step->pipe.stages[i], sheet);
    return sheet;
}

const Sheet *enclosures_sheet(Enclosures *enclosures, const char *name)
{
    const Document *document = enclosures->setting->document;
    const SourceName *source = document_source(document, name);
    const Step *step = source == NULL ? document_step(document, name) : NULL;
    size_t slot = source != NULL ? (size_t)(source - document->sources)
                                 : document->source_count + (size_t)(step - document->steps);
    if (enclosures->sheets[slot] != NULL)
        return enclosures->sheets[slot];
    Sheet *sheet = NULL;
    if (step != NULL)
        sheet = run_step(enclosures, step);
    else
        read_source(enclosures, &sheet, build(enclosures->builder, enclosures->setting, name));
    enclosures->sheets[slot] = sheet;
    return sheet;
}

void enclosures_open(Enclosures *enclosures, Builder *builder, Setting *setting)
{
    const Document *document = setting->document;
    size_t count = document->source_count + document->step_count;
    *enclosures = (Enclosures){.builder = builder, .setting = setting};
    enclosures->sheets = arena_array(&enclosures->arena, count, sizeof *enclosures->sheets);
    for (size_t i = 0; i < count; i++)
        enclosures->sheets[i] = NULL;
}

void enclosures_close(Enclosures *enclosures)
{
    table_close(&enclosures->table);
    if (enclosures->strict != NULL)
        encloser_close(enclosures->strict);
    if (enclosures->lenient != NULL)
        encloser_close(enclosures->lenient);
    arena_free(&enclosures->arena);
}
