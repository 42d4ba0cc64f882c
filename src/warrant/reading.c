#include "warrant/reading.h"

#include <string.h>

#include "base/diagnostic.h"
#include "base/text.h"
#include "warrant/name.h"

/* A parameter is written :NAME in expressions. */
static void check_parameter_name(const Node *key)
{
    const char *name = key->passage.text;
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    if (size == 0 || name[size] != '\0' || (*name >= '0' && *name <= '9'))
        node_fail(key, "a parameter needs a name of letters, digits and _: %s",
                  shown(name, strlen(name)));
}

/* There is no empty text: '' is missing, as in a cell. */
static ParameterValue scalar_value(const Node *node, Arena *arena)
{
    ParameterValue value = {.kind = PARAMETER_TEXT, .text = span_of(node->passage.text)};
    if (node_is_null(node) || value.text.size == 0)
        value = (ParameterValue){.kind = PARAMETER_MISSING};
    else if (!node->quoted && node_number(node, &value.number, arena))
        value.kind = PARAMETER_NUMBER;
    return value;
}

static Parameter parameter_load(const char *name, const Node *node, Arena *arena)
{
    Parameter parameter = {.name = name, .list = node->kind == NODE_LIST, .count = 1};
    if (node->kind == NODE_MAP)
        node_fail(node, "%s needs a value or a list of values", name);
    const Node *items = node;
    if (parameter.list) {
        items = node->items;
        parameter.count = node->count;
    }
    parameter.values = arena_array(arena, parameter.count, sizeof *parameter.values);
    for (size_t i = 0; i < parameter.count; i++) {
        node_require(&items[i], NODE_SCALAR, name);
        parameter.values[i] = scalar_value(&items[i], arena);
        if (parameter.list && parameter.values[i].kind == PARAMETER_MISSING)
            node_fail(&items[i], "a list has no place for missing values");
    }
    return parameter;
}

Parameters parameters_load(const Node *map, Arena *arena)
{
    Parameters parameters = {0};
    if (map == NULL)
        return parameters;
    node_require(map, NODE_MAP, "params");
    parameters.items = arena_array(arena, map->count, sizeof *parameters.items);
    parameters.room = map->count;
    for (size_t i = 0; i < map->count; i++) {
        check_parameter_name(&map->keys[i]);
        parameters.items[parameters.count++] =
            parameter_load(map->keys[i].passage.text, &map->items[i], arena);
    }
    return parameters;
}

static bool is_missing(const Parameter *parameter)
{
    return !parameter->list && parameter->values[0].kind == PARAMETER_MISSING;
}

/* A value for one of the document's parameters; `in :list` and `= :one` cannot trade places. */
static Parameter changed_parameter(Document *document, const Node *key, const Node *node)
{
    const Parameters *known = &document->parameters;
    const char *name = key->passage.text;
    const Parameter *old = parameters_find(known, span_of(name));
    if (old == NULL) {
        node_fail(key, "no parameter of that name in params: %s%s", shown(name, strlen(name)),
                  parameters_suggestion(known, span_of(name)));
    }
    Parameter parameter = parameter_load(old->name, node, &document->arena);
    if (old->list != parameter.list && !is_missing(old) && !is_missing(&parameter))
        node_fail(node, "%s is %s in params and %s here", name,
                  old->list ? "a list" : "a single value",
                  parameter.list ? "a list" : "a single value");
    return parameter;
}

static Parameters changed_parameters(Document *document, const Node *map)
{
    Parameters parameters = {0};
    if (map == NULL)
        return parameters;
    node_require(map, NODE_MAP, "params");
    parameters.items = arena_array(&document->arena, map->count, sizeof *parameters.items);
    parameters.room = map->count;
    for (size_t i = 0; i < map->count; i++)
        parameters.items[parameters.count++] =
            changed_parameter(document, &map->keys[i], &map->items[i]);
    return parameters;
}

static void check_series(Document *document, const Node *key)
{
    const char *series = key->passage.text;
    const char **names = arena_array(&document->arena, document->source_count, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < document->source_count; i++) {
        if (document->sources[i].series == NULL)
            continue;
        names[count++] = document->sources[i].series;
        if (strcmp(document->sources[i].series, series) == 0)
            return;
    }
    node_fail(key, "no source is of that series: %s%s", shown(series, strlen(series)),
              text_suggestion(span_of(series), names, count));
}

static void load_vintages(Document *document, const Node *map, Reading *reading)
{
    if (map == NULL)
        return;
    node_require(map, NODE_MAP, "vintages");
    reading->vintages = arena_array(&document->arena, map->count, sizeof *reading->vintages);
    for (size_t i = 0; i < map->count; i++) {
        const char *series = map->keys[i].passage.text;
        check_series(document, &map->keys[i]);
        reading->vintages[reading->vintage_count++] =
            (Choice){series, node_text(&map->items[i], series)};
    }
}

static const char *load_from(Document *document, const Node *map, bool of_claim)
{
    const Node *from = node_get(map, "from");
    if (from == NULL)
        return NULL;
    if (!of_claim)
        node_fail(from, "only a claim's own readings choose another step");
    return name_step(document, from, "from");
}

/* One parameter of a matrix and the values it takes in turn. */
typedef struct Axis {
    const Node *key, *values;
} Axis;

enum { MATRIX_AXES = 8 };

typedef struct Matrix {
    Axis axes[MATRIX_AXES];
    size_t count;
    size_t cells;
} Matrix;

static Matrix matrix_load(const Node *map, const Parameters *fixed)
{
    node_require(map, NODE_MAP, "matrix");
    Matrix matrix = {.count = map->count, .cells = 1};
    if (matrix.count == 0 || matrix.count > MATRIX_AXES)
        node_fail(map, "a matrix takes 1 to %d parameters", MATRIX_AXES);
    for (size_t i = 0; i < matrix.count; i++) {
        const Node *key = &map->keys[i], *values = &map->items[i];
        const char *name = key->passage.text;
        node_require(values, NODE_LIST, name);
        if (values->count == 0)
            node_fail(values, "%s has no values", name);
        if (parameters_find(fixed, span_of(name)) != NULL)
            node_fail(key, "%s stands in params of this reading too", name);
        matrix.axes[i] = (Axis){key, values};
        if (values->count > READINGS_IN_LIST || (matrix.cells *= values->count) > READINGS_IN_LIST)
            node_fail(map, "more than %d readings in one matrix", READINGS_IN_LIST);
    }
    return matrix;
}

/* Names serve in `expect: { growth:last=2015: … }` and in READING@VINTAGE. */
static void append_value(Buffer *name, const Node *node)
{
    if (node->kind == NODE_LIST) {
        for (size_t i = 0; i < node->count; i++) {
            buffer_text(name, i == 0 ? "" : "+");
            buffer_text(name, node->items[i].passage.text);
        }
        return;
    }
    buffer_text(name, node_is_null(node) ? "null" : node->passage.text);
}

static void check_cell_value(const Node *node)
{
    for (size_t i = 0; node->kind == NODE_LIST && i < node->count; i++)
        if (node->items[i].kind == NODE_SCALAR)
            check_cell_value(&node->items[i]);
    if (node->kind != NODE_SCALAR)
        return;
    const char *text = node->passage.text;
    size_t size = strlen(text);
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)text[i] < ' ' || strchr("@,=", text[i]) != NULL)
            node_fail(node,
                      "a value in a matrix becomes part of a reading's name and holds no "
                      "@ , = or newline: %s",
                      shown(text, size));
}

/* The cell's place along each axis: the last one turns fastest. */
static void cell_places(const Matrix *matrix, size_t cell, size_t places[MATRIX_AXES])
{
    for (size_t i = matrix->count; i-- > 0;) {
        places[i] = cell % matrix->axes[i].values->count;
        cell /= matrix->axes[i].values->count;
    }
}

static Reading cell_reading(Document *document, const Matrix *matrix, size_t cell,
                            const Reading *common)
{
    Arena *arena = &document->arena;
    Reading reading = *common;
    Parameters *parameters = &reading.parameters;
    parameters->room += matrix->count;
    parameters->items = arena_array(arena, parameters->room, sizeof *parameters->items);
    if (parameters->count != 0)
        memcpy(parameters->items, common->parameters.items,
               parameters->count * sizeof *parameters->items);
    size_t places[MATRIX_AXES];
    cell_places(matrix, cell, places);
    for (size_t i = 0; i < matrix->count; i++) {
        const Node *value = &matrix->axes[i].values->items[places[i]];
        check_cell_value(value);
        parameters->items[parameters->count++] =
            changed_parameter(document, matrix->axes[i].key, value);
    }
    Buffer name = {0};
    for (size_t i = 0; i < matrix->count; i++) {
        buffer_text(&name, i == 0 ? ":" : ",");
        buffer_text(&name, matrix->axes[i].key->passage.text);
        buffer_byte(&name, '=');
        append_value(&name, &matrix->axes[i].values->items[places[i]]);
    }
    reading.name = arena_format(arena, "%s%s", common->name, buffer_string(&name));
    reading.grid = common->name;
    buffer_free(&name);
    return reading;
}

static void add_reading(ReadingList *list, size_t room, Reading reading, const Node *key)
{
    if (list->count == room)
        node_fail(key, "more than %d readings", READINGS_IN_LIST);
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].name, reading.name) == 0)
            node_fail(key, "two readings are named %s", shown(reading.name, strlen(reading.name)));
    list->items[list->count++] = reading;
}

static void load_reading(Document *document, ReadingList *list, size_t room, const Node *key,
                         const Node *map, bool of_claim)
{
    static const char *const keys[] = {"params", "vintages", "from", "matrix", NULL};
    name_check(key, "a reading", "=,:.");
    const char *name = key->passage.text;
    node_require(map, NODE_MAP, name);
    node_check_keys(map, keys, "a reading");
    Reading reading = {.name = name, .mark = key->mark};
    reading.parameters = changed_parameters(document, node_get(map, "params"));
    load_vintages(document, node_get(map, "vintages"), &reading);
    reading.from = load_from(document, map, of_claim);
    const Node *axes = node_get(map, "matrix");
    if (axes == NULL) {
        add_reading(list, room, reading, key);
        return;
    }
    Matrix matrix = matrix_load(axes, &reading.parameters);
    for (size_t cell = 0; cell < matrix.cells; cell++)
        add_reading(list, room, cell_reading(document, &matrix, cell, &reading), key);
}

/* At most as many as the list may hold; the exact number is known only after expansion. */
static size_t reading_room(const Node *map)
{
    for (size_t i = 0; i < map->count; i++)
        if (map->items[i].kind == NODE_MAP && node_get(&map->items[i], "matrix") != NULL)
            return READINGS_IN_LIST;
    return map->count < READINGS_IN_LIST ? map->count : READINGS_IN_LIST;
}

ReadingList reading_list_load(Document *document, const Node *map, bool of_claim)
{
    ReadingList list = {0};
    node_require(map, NODE_MAP, "readings");
    if (map->count == 0)
        return of_claim ? list : reading_list_default(document);
    size_t room = reading_room(map);
    list.items = arena_array(&document->arena, room, sizeof *list.items);
    for (size_t i = 0; i < map->count; i++)
        load_reading(document, &list, room, &map->keys[i], &map->items[i], of_claim);
    document->reading_count += list.count;
    if (document->reading_count > READINGS_IN_DOCUMENT)
        node_fail(map, "more than %d readings in one file", READINGS_IN_DOCUMENT);
    return list;
}

ReadingList reading_list_default(Document *document)
{
    ReadingList list = {.items = arena_take(&document->arena, sizeof *list.items), .count = 1};
    list.items[0] = (Reading){.name = "default", .mark = {1, 1}};
    document->reading_count++;
    return list;
}
