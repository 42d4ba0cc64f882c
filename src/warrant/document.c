#include "warrant/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/text.h"
#include "warrant/claim.h"
#include "warrant/name.h"
#include "warrant/pipe.h"
#include "warrant/reading.h"

static void check_version(const Node *root)
{
    const Node *version = node_get(root, "version");
    if (version == NULL)
        node_fail(root, "version is missing: a pipeline file begins with version: 1");
    const char *text = node_text(version, "version");
    if (strcmp(text, "1") != 0)
        node_fail(version, "version %s is not known here, only version 1",
                  shown(text, strlen(text)));
}

/* A number, or a parameter that will be one. */
static Bound load_bound(Document *document, const Node *node, const char *column)
{
    Bound bound = {.mark = node->mark};
    const char *text = node_text(node, column);
    if (node_number(node, &bound.number, &document->arena))
        return bound;
    const Parameter *parameter = parameters_find(&document->parameters, span_of(text));
    if (parameter == NULL)
        node_fail(node, "neither a number nor a parameter: %s%s", shown(text, strlen(text)),
                  parameters_suggestion(&document->parameters, span_of(text)));
    if (parameter->list || parameter->values[0].kind == PARAMETER_TEXT)
        node_fail(node, "parameter %s is not a number and cannot bound %s", text, column);
    bound.parameter = parameter->name;
    return bound;
}

static Need load_need(Document *document, const Node *key, const Node *node)
{
    Need need = {.column = key->passage.text};
    const Node *first = node, *last = node;
    if (node->kind == NODE_LIST) {
        if (node->count != 2)
            node_fail(node, "%s needs its first and its last: [FIRST, LAST]", need.column);
        first = &node->items[0];
        last = &node->items[1];
    }
    need.first = load_bound(document, first, need.column);
    need.last = load_bound(document, last, need.column);
    if (need.first.parameter == NULL && need.last.parameter == NULL &&
        decimal_compare(need.first.number, need.last.number) > 0)
        node_fail(node, "%s: the first is past the last", need.column);
    return need;
}

static void load_needs(Document *document, const Node *map, SourceName *source)
{
    if (map == NULL)
        return;
    node_require(map, NODE_MAP, "needs");
    source->needs = arena_array(&document->arena, map->count, sizeof *source->needs);
    for (size_t i = 0; i < map->count; i++)
        source->needs[source->need_count++] = load_need(document, &map->keys[i], &map->items[i]);
}

/* One resource's name or a list of them. */
static void load_resources(Document *document, const Node *node, SourceName *source)
{
    const Node *items = node->kind == NODE_LIST ? node->items : node;
    size_t count = node->kind == NODE_LIST ? node->count : 1;
    if (count == 0)
        node_fail(node, "%s names no resource", source->name);
    source->resources = arena_array(&document->arena, count, sizeof *source->resources);
    for (size_t i = 0; i < count; i++) {
        const char *name = node_text(&items[i], source->name);
        for (size_t j = 0; j < i; j++)
            if (strcmp(source->resources[j], name) == 0)
                node_fail(&items[i], "%s a second time: its rows would count twice",
                          shown(name, strlen(name)));
        source->resources[source->resource_count++] = name;
    }
}

static SourceName load_source(Document *document, const Node *key, const Node *node)
{
    static const char *const keys[] = {"resource", "series", "vintage", "needs", NULL};
    name_check(key, "a source", "");
    SourceName source = {.name = key->passage.text, .mark = key->mark};
    if (node->kind != NODE_MAP) {
        load_resources(document, node, &source);
        return source;
    }
    node_check_keys(node, keys, "a source");
    const Node *resource = node_get(node, "resource");
    if (resource != NULL)
        load_resources(document, resource, &source);
    source.series = node_get_text(node, "series");
    source.vintage = node_get_text(node, "vintage");
    if ((resource == NULL) == (source.series == NULL))
        node_fail(key, "%s names either a resource: or a series:", source.name);
    if ((source.series == NULL) != (source.vintage == NULL))
        node_fail(key,
                  source.series != NULL ? "%s: a series needs its default vintage:"
                                        : "%s: a vintage goes with a series",
                  source.name);
    load_needs(document, node_get(node, "needs"), &source);
    return source;
}

static void load_sources(Document *document, const Node *map)
{
    if (map == NULL)
        return;
    node_require(map, NODE_MAP, "sources");
    document->sources = arena_array(&document->arena, map->count, sizeof *document->sources);
    for (size_t i = 0; i < map->count; i++) {
        document->sources[i] = load_source(document, &map->keys[i], &map->items[i]);
        document->source_count++;
    }
}

static void load_step_pipe(Document *document, const Node *map, Step *step)
{
    const Node *pipe = node_get(map, "pipe"), *show = node_get(map, "show");
    if (pipe != NULL) {
        node_text(pipe, "pipe");
        step->pipe = pipe_parse(&pipe->passage, &document->arena);
    }
    if (show != NULL) {
        node_text(show, "show");
        step->show = pipe_parse_show(&show->passage, &document->arena, &step->show_count);
    }
}

static Step load_step(Document *document, const Node *key, const Node *map)
{
    static const char *const keys[] = {"from", "why", "pipe", "show", NULL};
    name_check(key, "a step", "");
    Step step = {.name = key->passage.text, .mark = key->mark};
    if (document_source(document, step.name) != NULL)
        node_fail(key, "%s is the name of a source already", step.name);
    node_require(map, NODE_MAP, step.name);
    node_check_keys(map, keys, "a step");
    step.why = node_get_text(map, "why");
    if (node_get(map, "from") == NULL)
        node_fail(key, "%s does not say from: which source or step", step.name);
    load_step_pipe(document, map, &step);
    return step;
}

/* Steps may stand in any order, so names are looked up when all of them are there. */
static void resolve_step(Document *document, Step *step, const Node *map)
{
    const Node *from = node_get(map, "from");
    const Node *items = from->kind == NODE_LIST ? from->items : from;
    size_t count = from->kind == NODE_LIST ? from->count : 1;
    if (count == 0)
        node_fail(from, "from names nothing");
    step->from = arena_array(&document->arena, count, sizeof *step->from);
    for (size_t i = 0; i < count; i++) {
        const char *name = name_table(document, &items[i], "from");
        for (size_t j = 0; j < i; j++)
            if (strcmp(step->from[j], name) == 0)
                node_fail(&items[i], "%s a second time: its rows would count twice", name);
        step->from[step->from_count++] = name;
    }
    name_pipe_tables(document, &step->pipe, false);
    for (size_t i = 0; i < step->show_count; i++)
        name_pipe_tables(document, &step->show[i], false);
}

/* The way from the step where the search began to where it is now. */
typedef struct Path {
    const Step *step;
    const struct Path *before;
} Path;

typedef enum Visit { VISIT_NEW, VISIT_OPEN, VISIT_DONE } Visit;

static _Noreturn void fail_loop(Document *document, const Path *path, const Step *again)
{
    const char *loop = again->name;
    for (const Path *at = path; at != NULL; at = at->before) {
        loop = arena_format(&document->arena, "%s -> %.1000s", at->step->name, loop);
        if (at->step == again)
            break;
    }
    place_fail(document->path, again->mark, "steps that wait for each other: %s", loop);
}

static void visit(Document *document, Visit *visits, const char *name, const Path *before)
{
    const Step *step = document_step(document, name);
    if (step == NULL)
        return;
    Visit *state = &visits[step - document->steps];
    if (*state == VISIT_OPEN)
        fail_loop(document, before, step);
    if (*state == VISIT_DONE)
        return;
    *state = VISIT_OPEN;
    Path path = {step, before};
    for (size_t i = 0; i < step->from_count; i++)
        visit(document, visits, step->from[i], &path);
    for (size_t i = 0; i < step->pipe.count; i++)
        for (const char *const *table = step->pipe.stages[i].tables; *table != NULL; table++)
            visit(document, visits, *table, &path);
    *state = VISIT_DONE;
}

static void check_loops(Document *document)
{
    Visit *visits = arena_array(&document->arena, document->step_count, sizeof *visits);
    for (size_t i = 0; i < document->step_count; i++)
        visits[i] = VISIT_NEW;
    for (size_t i = 0; i < document->step_count; i++)
        visit(document, visits, document->steps[i].name, NULL);
}

static void load_steps(Document *document, const Node *map)
{
    if (map == NULL)
        return;
    node_require(map, NODE_MAP, "steps");
    document->steps = arena_array(&document->arena, map->count, sizeof *document->steps);
    for (size_t i = 0; i < map->count; i++) {
        document->steps[i] = load_step(document, &map->keys[i], &map->items[i]);
        document->step_count++;
    }
    for (size_t i = 0; i < map->count; i++)
        resolve_step(document, &document->steps[i], &map->items[i]);
    check_loops(document);
}

static void load_claims(Document *document, const Node *map)
{
    if (map == NULL)
        return;
    node_require(map, NODE_MAP, "claims");
    document->claims = arena_array(&document->arena, map->count, sizeof *document->claims);
    for (size_t i = 0; i < map->count; i++) {
        document->claims[i] = claim_load(document, &map->keys[i], &map->items[i]);
        document->claim_count++;
    }
}

static void load_all(Document *document, const Node *root)
{
    static const char *const keys[] = {"version", "title",  "about",    "params", "sources",
                                       "steps",   "claims", "readings", NULL};
    node_require(root, NODE_MAP, "a pipeline file");
    check_version(root);
    node_check_keys(root, keys, "a pipeline file");
    document->title = node_get_text(root, "title");
    document->about = node_get_text(root, "about");
    document->parameters = parameters_load(node_get(root, "params"), &document->arena);
    load_sources(document, node_get(root, "sources"));
    load_steps(document, node_get(root, "steps"));
    const Node *readings = node_get(root, "readings");
    document->readings = readings != NULL ? reading_list_load(document, readings, false)
                                          : reading_list_default(document);
    load_claims(document, node_get(root, "claims"));
    if (document->step_count == 0 && document->claim_count == 0)
        node_fail(root, "neither steps: nor claims: stand in this file");
}

static const char *name_of_file(const char *path, Arena *arena)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    const char *point = strrchr(base, '.');
    size_t size = strlen(base);
    if (point != NULL && (strcmp(point, ".yaml") == 0 || strcmp(point, ".yml") == 0))
        size = (size_t)(point - base);
    return arena_copy(arena, base, size);
}

Document *document_load(const char *path)
{
    Document *document = memory_zeroed(1, sizeof *document);
    Trap trap;
    if (TRAP_SET(&trap)) {
        document->path = arena_copy(&document->arena, path, strlen(path));
        document->name = name_of_file(path, &document->arena);
        load_all(document, yaml_load(path, &document->arena));
        trap_end(&trap);
        return document;
    }
    document_free(document);
    fail("%s", trap.message);
}

void document_free(Document *document)
{
    if (document == NULL)
        return;
    arena_free(&document->arena);
    free(document);
}

const SourceName *document_source(const Document *document, const char *name)
{
    for (size_t i = 0; i < document->source_count; i++)
        if (strcmp(document->sources[i].name, name) == 0)
            return &document->sources[i];
    return NULL;
}

const Step *document_step(const Document *document, const char *name)
{
    for (size_t i = 0; i < document->step_count; i++)
        if (strcmp(document->steps[i].name, name) == 0)
            return &document->steps[i];
    return NULL;
}

const Claim *document_claim(const Document *document, const char *name)
{
    for (size_t i = 0; i < document->claim_count; i++)
        if (strcmp(document->claims[i].name, name) == 0)
            return &document->claims[i];
    return NULL;
}

const ReadingList *document_readings(const Document *document, const Claim *claim)
{
    return claim->readings.count != 0 ? &claim->readings : &document->readings;
}
