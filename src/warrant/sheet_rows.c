/* The stages that take rows one by one: filter, derive, pick, lookup, unpivot, pivot. */

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/hash.h"
#include "expr/tree.h"
#include "warrant/invocation.h"
#include "warrant/sheet.h"

static void copy_row(Sheet *to, const Sheet *from, size_t row, bool maybe)
{
    memcpy(sheet_add(to, maybe), sheet_row(from, row), from->header.width * sizeof(Enclosed));
}

static void turn_to_row(Encloser *encloser, const Sheet *sheet, size_t row, EnclosedRow *seen)
{
    *seen = (EnclosedRow){.cells = sheet_row(sheet, row), .cell_count = sheet->header.width};
    encloser_row(encloser, seen);
}

/* ---- filter ---- */

static size_t filter_limit(const Stage *stage, const Sheet *input)
{
    const char *limit = stage_option(stage, "limit");
    if (limit == NULL)
        return SIZE_MAX;
    if (!input->ordered || !sheet_certain(input))
        fail("not enclosed: --limit of rows that are uncertain");
    return strtoull(limit, NULL, 10);
}

/* The column that a side of a comparison is, bare or in number(). */
static Enclosed *cell_of_side(const Expression *side, Enclosed *cells)
{
    while (side->kind == KIND_AS_NUMBER)
        side = side->parts[0];
    return side->kind == KIND_SLOT && !side->constant ? &cells[-1 - side->slot] : NULL;
}

/* What the cell can be where `cell kind constant` is true. */
static void narrow_cell(Enclosed *cell, Kind kind, Decimal constant)
{
    int sign = decimal_sign(constant);
    bool above = kind == KIND_GREATER || kind == KIND_GREATER_EQUAL;
    bool under = kind == KIND_LESS || kind == KIND_LESS_EQUAL;
    if (cell->known != KNOWN_BOUNDS)
        return;
    cell->optional = false;
    if (above && decimal_compare(cell->low, constant) < 0)
        cell->low = constant;
    if (under && decimal_compare(cell->high, constant) > 0)
        cell->high = constant;
    cell->nonzero = cell->nonzero || (kind == KIND_GREATER && sign >= 0) ||
                    (kind == KIND_LESS && sign <= 0) || (kind == KIND_UNEQUAL && sign == 0);
}

static void narrow_comparison(const Expression *node, Enclosed *cells)
{
    for (size_t side = 0; side < 2; side++) {
        const Expression *other = node->parts[1 - side];
        Enclosed *cell = cell_of_side(node->parts[side], cells);
        if (cell != NULL && other->constant && other->type == TYPE_NUMBER &&
            other->number.divisor == NULL)
            narrow_cell(cell, side == 0 ? node->kind : kind_mirrored(node->kind),
                        other->number.value);
    }
}

/* Narrows a row's cells to what they can be where the condition is true. */
static void narrow_row(const Expression *condition, Enclosed *cells)
{
    if (condition->kind == KIND_AND)
        for (size_t i = 0; i < condition->count; i++)
            narrow_row(condition->parts[i], cells);
    else if (condition->kind >= KIND_UNEQUAL && condition->kind <= KIND_GREATER_EQUAL &&
             condition->operands == TYPE_NUMBER && !condition->constant)
        narrow_comparison(condition, cells);
}

Sheet *sheet_filter(Enclosures *enclosures, const Stage *stage, const Sheet *input)
{
    Encloser *encloser = enclosures_encloser(enclosures, stage);
    Source source = enclosures_source(enclosures, stage);
    Expression *condition = expression_condition(&source, &enclosures->arena);
    sheet_bind(input, condition);
    bool require = stage_has_option(stage, "require");
    unsigned wanted = stage_has_option(stage, "invert") ? MAY_BE_FALSE : MAY_BE_TRUE;
    size_t limit = filter_limit(stage, input);
    Sheet *output = sheet_make(&input->header, input->ordered, &enclosures->arena);
    for (size_t row = 0; row < input->rows && output->rows < limit; row++) {
        EnclosedRow seen;
        turn_to_row(encloser, input, row, &seen);
        unsigned truths = enclose_truth(encloser, condition);
        if (require && truths != MAY_BE_TRUE)
            fail("not enclosed: filter --require may stop");
        if (limit != SIZE_MAX && truths != wanted && (truths & wanted) != 0)
            fail("not enclosed: --limit of rows that are uncertain");
        if (!(truths & wanted))
            continue;
        copy_row(output, input, row, input->maybe[row] || truths != wanted);
        if (wanted == MAY_BE_TRUE)
            narrow_row(condition, sheet_row(output, output->rows - 1));
    }
    return output;
}

/* ---- derive ---- */

/* The column of each item in the output; new ones stand at the end. */
static Header derived_header(const Sheet *input, const ItemList *items, size_t *columns,
                             Arena *arena)
{
    Header header = header_copy(&input->header, items->count, arena);
    for (size_t i = 0; i < items->count; i++) {
        columns[i] = header_find(&header, span_of(items->items[i].name));
        if (columns[i] != COLUMN_NONE)
            continue;
        columns[i] = header.width;
        header_add(&header, items->items[i].name);
    }
    return header;
}

/* Every item sees the row as it came, also one that an item before it replaces. */
Sheet *sheet_derive(Enclosures *enclosures, const Stage *stage, const Sheet *input)
{
    Arena *arena = &enclosures->arena;
    Encloser *encloser = enclosures_encloser(enclosures, stage);
    Source source = enclosures_source(enclosures, stage);
    ItemList items = expression_derivations(&source, arena);
    size_t *columns = arena_array(arena, items.count, sizeof *columns);
    Header header = derived_header(input, &items, columns, arena);
    for (size_t i = 0; i < items.count; i++)
        sheet_bind(input, items.items[i].expression);
    Sheet *output = sheet_make(&header, input->ordered, arena);
    for (size_t row = 0; row < input->rows; row++) {
        Enclosed *cells = sheet_add(output, input->maybe[row]);
        EnclosedRow seen;
        memcpy(cells, sheet_row(input, row), input->header.width * sizeof *cells);
        turn_to_row(encloser, input, row, &seen);
        for (size_t i = 0; i < items.count; i++)
            cells[columns[i]] =
                enclose_cell(encloser, items.items[i].expression, stage_places(stage));
    }
    return output;
}

/* ---- pick ---- */

static bool names_column(const ColumnList *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->columns[i].name, name) == 0)
            return true;
    return false;
}

/* The header's columns that the list does not name. */
static ColumnList columns_but(const Header *header, const ColumnList *list, Arena *arena)
{
    ColumnList rest = {arena_array(arena, header->width, sizeof *rest.columns), 0};
    for (size_t i = 0; i < header->width; i++)
        if (!names_column(list, header->names[i]))
            rest.columns[rest.count++] = (ColumnName){.name = header->names[i]};
    return rest;
}

static Header header_of(const ColumnList *list, size_t more, Arena *arena)
{
    Header header = {arena_array(arena, list->count + more, sizeof *header.names), list->count};
    for (size_t i = 0; i < list->count; i++) {
        const ColumnName *column = &list->columns[i];
        header.names[i] = column->as != NULL ? column->as : column->name;
    }
    return header;
}

Sheet *sheet_pick(Enclosures *enclosures, const Stage *stage, const Sheet *input)
{
    Arena *arena = &enclosures->arena;
    ColumnList list = stage_columns(stage, "except", COLUMNS_PLAIN, arena);
    if (stage_has_option(stage, "except"))
        list = columns_but(&input->header, &list, arena);
    else
        list = expression_columns(stage_argument(stage), "columns", COLUMNS_AS, arena);
    size_t *columns = sheet_columns(input, &list);
    Header header = header_of(&list, 0, arena);
    Sheet *output = sheet_make(&header, input->ordered, arena);
    for (size_t row = 0; row < input->rows; row++) {
        Enclosed *cells = sheet_add(output, input->maybe[row]);
        for (size_t i = 0; i < list.count; i++)
            cells[i] = sheet_row(input, row)[columns[i]];
    }
    return output;
}

/* ---- lookup ---- */

/* The reference table by key: the rows of each key in order. */
typedef struct Index {
    const Sheet *table;
    Dictionary keys;
    size_t *first, *next; /* by key; by row; SIZE_MAX: no more */
    Buffer key;
} Index;

static void index_close(Index *index)
{
    dictionary_free(&index->keys);
    buffer_free(&index->key);
}

/* The key's number in the row, SIZE_MAX if a part of it is missing. */
static size_t index_key(Index *index, const Sheet *sheet, size_t row, const size_t *columns,
                        size_t count, bool add)
{
    bool missing = false;
    index->key.size = 0;
    sheet_key(sheet, row, columns, count, &index->key, &missing, "looked up");
    if (missing)
        return SIZE_MAX;
    return add ? dictionary_add(&index->keys, buffer_span(&index->key), NULL)
               : dictionary_find(&index->keys, buffer_span(&index->key));
}

static void index_fill(Index *index, const size_t *columns, size_t count)
{
    const Sheet *table = index->table;
    index->first = arena_array(table->arena, table->rows, sizeof *index->first);
    index->next = arena_array(table->arena, table->rows, sizeof *index->next);
    if (!sheet_certain(table))
        fail("not enclosed: a lookup in a table whose rows are uncertain");
    for (size_t row = table->rows; row-- > 0;) {
        size_t before = index->keys.count;
        size_t key = index_key(index, table, row, columns, count, true);
        if (key == SIZE_MAX)
            continue;
        index->next[row] = key < before ? index->first[key] : SIZE_MAX;
        index->first[key] = row;
    }
}

typedef struct Join {
    Index index;
    const Sheet *input;
    Sheet *output;
    size_t *keys, key_count; /* of the input */
    size_t *taken, taken_count;
    const char *unmatched;
} Join;

static void add_joined(Join *join, size_t row, size_t match)
{
    size_t width = join->input->header.width;
    Enclosed *cells = sheet_add(join->output, join->input->maybe[row]);
    memcpy(cells, sheet_row(join->input, row), width * sizeof *cells);
    for (size_t i = 0; i < join->taken_count; i++)
        cells[width + i] = match == SIZE_MAX ? (Enclosed){.known = KNOWN_TEXT, .text = {"", 0}}
                                             : sheet_row(join->index.table, match)[join->taken[i]];
}

static void join_row(Join *join, size_t row)
{
    size_t key = index_key(&join->index, join->input, row, join->keys, join->key_count, false);
    bool only = join->unmatched != NULL && strcmp(join->unmatched, "only") == 0;
    if (key == SIZE_MAX) {
        if (join->unmatched == NULL)
            fail("not enclosed: lookup may find no match");
        if (only || strcmp(join->unmatched, "keep") == 0)
            add_joined(join, row, SIZE_MAX);
        return;
    }
    for (size_t match = join->index.first[key]; !only && match != SIZE_MAX;
         match = join->index.next[match])
        add_joined(join, row, match);
}

static void join_open(Join *join, const Stage *stage, Arena *arena)
{
    ColumnList keys = expression_columns(stage_argument(stage), "keys", COLUMNS_EQUAL, arena);
    ColumnList take = stage_columns(stage, "take", COLUMNS_AS, arena), there = keys;
    there.columns = arena_array(arena, keys.count, sizeof *there.columns);
    for (size_t i = 0; i < keys.count; i++)
        there.columns[i] = (ColumnName){.name = keys.columns[i].as != NULL ? keys.columns[i].as
                                                                           : keys.columns[i].name};
    join->unmatched = stage_option(stage, "unmatched");
    if (join->unmatched != NULL && strcmp(join->unmatched, "only") == 0)
        take = (ColumnList){0};
    else if (!stage_has_option(stage, "take"))
        take = columns_but(&join->index.table->header, &there, arena);
    join->keys = sheet_columns(join->input, &keys);
    join->key_count = keys.count;
    join->taken = sheet_columns(join->index.table, &take);
    join->taken_count = take.count;
    index_fill(&join->index, sheet_columns(join->index.table, &there), keys.count);
    Header taken = header_of(&take, 0, arena);
    Header header = header_copy(&join->input->header, take.count, arena);
    for (size_t i = 0; i < take.count; i++)
        header_add(&header, taken.names[i]);
    join->output = sheet_make(&header, join->input->ordered, arena);
}

Sheet *sheet_lookup(Enclosures *enclosures, const Stage *stage, const Sheet *input)
{
    Join *join = arena_take(&enclosures->arena, sizeof *join);
    *join =
        (Join){.input = input, .index = {.table = enclosures_sheet(enclosures, stage->tables[0])}};
    Trap trap;
    if (!TRAP_SET(&trap)) {
        index_close(&join->index);
        fail("%s", trap.message);
    }
    join_open(join, stage, &enclosures->arena);
    for (size_t row = 0; row < input->rows; row++)
        join_row(join, row);
    trap_end(&trap);
    index_close(&join->index);
    return join->output;
}

/* ---- unpivot and pivot ---- */

Sheet *sheet_unpivot(Enclosures *enclosures, const Stage *stage, const Sheet *input)
{
    Arena *arena = &enclosures->arena;
    ColumnList kept, turned, into = stage_columns(stage, "into", COLUMNS_PLAIN, arena);
    if (stage_has_option(stage, "except")) {
        kept = stage_columns(stage, "except", COLUMNS_PLAIN, arena);
        turned = columns_but(&input->header, &kept, arena);
    } else {
        turned = expression_columns(stage_argument(stage), "columns", COLUMNS_PLAIN, arena);
    }
    kept = columns_but(&input->header, &turned, arena);
    size_t *kept_columns = sheet_columns(input, &kept), *columns = sheet_columns(input, &turned);
    Header header = header_of(&kept, 2, arena);
    header_add(&header, into.columns[0].name);
    header_add(&header, into.columns[1].name);
    bool keep_missing = stage_has_option(stage, "keep-missing");
    Sheet *output = sheet_make(&header, input->ordered, arena);
    for (size_t row = 0; row < input->rows; row++)
        for (size_t i = 0; i < turned.count; i++) {
            const Enclosed *from = sheet_row(input, row), *cell = &from[columns[i]];
            if (cell->known == KNOWN_TEXT && cell->text.size == 0 && !keep_missing)
                continue;
            bool optional = cell->known == KNOWN_NOTHING || cell->optional;
            bool maybe = input->maybe[row] || (optional && !keep_missing);
            Enclosed *cells = sheet_add(output, maybe);
            for (size_t k = 0; k < kept.count; k++)
                cells[k] = from[kept_columns[k]];
            cells[kept.count] =
                (Enclosed){.known = KNOWN_TEXT, .text = span_of(turned.columns[i].name)};
            cells[kept.count + 1] = *cell;
            cells[kept.count + 1].optional = cell->optional && keep_missing;
        }
    return output;
}

/* The texts of a column, each once, in order of first appearance; in the arena. */
static size_t distinct_texts(const Sheet *input, size_t column, size_t *numbers, const char **names)
{
    size_t count = 0;
    for (size_t row = 0; row < input->rows; row++) {
        const Enclosed *cell = &sheet_row(input, row)[column];
        if (cell->known != KNOWN_TEXT)
            fail("not enclosed: columns are named by %s, which is uncertain",
                 input->header.names[column]);
        size_t i = 0;
        while (i < count && !span_equal(span_of(names[i]), cell->text))
            i++;
        if (i == count)
            names[count++] = arena_copy(input->arena, cell->text.at, cell->text.size);
        numbers[row] = i;
    }
    return count;
}

Sheet *sheet_pivot(Enclosures *enclosures, const Stage *stage, const Sheet *input)
{
    Arena *arena = &enclosures->arena;
    size_t name = sheet_column(input, stage_argument(stage));
    size_t value = sheet_column(input, stage_second(stage));
    ColumnList keys = stage_columns(stage, "group", COLUMNS_PLAIN, arena);
    size_t *key_columns = sheet_columns(input, &keys);
    if (!sheet_certain(input))
        fail("not enclosed: pivot of rows that are uncertain");
    SheetGroups groups = sheet_groups(input, &keys);
    size_t *numbers = arena_array(arena, input->rows, sizeof *numbers);
    const char **names = arena_array(arena, input->rows, sizeof *names);
    size_t count = distinct_texts(input, name, numbers, names);
    Header header = header_of(&keys, count, arena);
    for (size_t i = 0; i < count; i++)
        header_add(&header, names[i]);
    Sheet *output = sheet_make(&header, input->ordered, arena);
    for (size_t group = 0; group < groups.count; group++) {
        Enclosed *cells = sheet_add(output, false);
        for (size_t i = 0; i < keys.count; i++)
            cells[i] = sheet_row(input, groups.first[group])[key_columns[i]];
        for (size_t i = 0; i < count; i++)
            cells[keys.count + i] = (Enclosed){.known = KNOWN_TEXT, .text = {"", 0}};
        for (size_t i = 0; i < groups.sizes[group]; i++) {
            size_t row = groups.rows[group][i];
            cells[keys.count + numbers[row]] = sheet_row(input, row)[value];
        }
    }
    return output;
}
