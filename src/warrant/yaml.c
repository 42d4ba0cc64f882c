#include "warrant/yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/text.h"

/* What has to be given back when loading fails. */
typedef struct Loader {
    const char *path;
    Arena *arena;
    char *bytes;
    size_t size;
    size_t *lines; /* offset of each line, in the arena */
    size_t line_count;
    yaml_parser_t parser;
    yaml_event_t event; /* the newest */
    bool parsing;
} Loader;

/* A child on its way into an array. */
typedef struct Child {
    Node item;
    const Node *key; /* NULL in a list */
    struct Child *next;
} Child;

enum { SENTENCE = 2048 };

_Noreturn void place_fail(const char *file, Mark mark, const char *format, ...)
{
    char text[SENTENCE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fail("%s:%zu:%zu: %s", file, mark.line, mark.column, text);
}

_Noreturn void node_fail(const Node *node, const char *format, ...)
{
    char text[SENTENCE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    place_fail(node->passage.file, node->mark, "%s", text);
}

/* Where a byte of the file stands. */
static Mark offset_mark(const Loader *loader, size_t offset)
{
    Mark mark = {1, 1};
    size_t start = 0;
    for (size_t i = 0; i < offset && i < loader->size; i++)
        if (loader->bytes[i] == '\n') {
            mark.line++;
            start = i + 1;
        }
    mark.column += utf8_count((Span){loader->bytes + start, offset - start});
    return mark;
}

static Mark mark_of(yaml_mark_t mark)
{
    return (Mark){mark.line + 1, mark.column + 1};
}

/* Encoding comes first: libyaml would take UTF-16 and names no line for bad bytes. */
static void check_bytes(const Loader *loader)
{
    size_t bad = utf8_valid(loader->bytes, loader->size);
    if (bad < loader->size)
        place_fail(loader->path, offset_mark(loader, bad), "not UTF-8: %s",
                   shown(loader->bytes + bad, 1));
    const char *nul = memchr(loader->bytes, '\0', loader->size);
    if (nul != NULL)
        place_fail(loader->path, offset_mark(loader, (size_t)(nul - loader->bytes)),
                   "a NUL byte has no place in text");
}

static void find_lines(Loader *loader)
{
    size_t count = 1;
    for (size_t i = 0; i < loader->size; i++)
        count += loader->bytes[i] == '\n';
    loader->lines = arena_array(loader->arena, count, sizeof *loader->lines);
    loader->lines[loader->line_count++] = 0;
    for (size_t i = 0; i < loader->size; i++)
        if (loader->bytes[i] == '\n')
            loader->lines[loader->line_count++] = i + 1;
}

static _Noreturn void fail_syntax(const Loader *loader)
{
    const yaml_parser_t *parser = &loader->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        fail("%s: out of memory", loader->path);
    if (parser->error == YAML_READER_ERROR)
        place_fail(loader->path, offset_mark(loader, parser->problem_offset), "%s",
                   parser->problem);
    Mark mark = mark_of(parser->problem_mark);
    size_t line = parser->problem_mark.line;
    const char *at = line < loader->line_count ? loader->bytes + loader->lines[line] : "";
    if (at[strspn(at, " ")] == '\t')
        place_fail(loader->path, mark, "a tab cannot indent in YAML: use blanks");
    if (strncmp(parser->problem, "mapping values", strlen("mapping values")) == 0 ||
        strncmp(parser->problem, "found character that", strlen("found character that")) == 0)
        place_fail(loader->path, mark, "not YAML: %s (is it text? then quote it)", parser->problem);
    if (parser->context == NULL)
        place_fail(loader->path, mark, "not YAML: %s", parser->problem);
    place_fail(loader->path, mark, "not YAML: %s (%s that begins at %zu:%zu)", parser->problem,
               parser->context, parser->context_mark.line + 1, parser->context_mark.column + 1);
}

static void next_event(Loader *loader)
{
    yaml_event_delete(&loader->event);
    if (!yaml_parser_parse(&loader->parser, &loader->event)) {
        memset(&loader->event, 0, sizeof loader->event);
        fail_syntax(loader);
    }
}

static Mark event_mark(const Loader *loader)
{
    return mark_of(loader->event.start_mark);
}

static void refuse_decoration(const Loader *loader, const yaml_char_t *anchor,
                              const yaml_char_t *tag)
{
    if (anchor != NULL)
        place_fail(loader->path, event_mark(loader),
                   "anchors are not allowed: say it again where it is needed: &%s",
                   shown((const char *)anchor, strlen((const char *)anchor)));
    if (tag != NULL)
        place_fail(loader->path, event_mark(loader), "tags are not allowed: %s",
                   shown((const char *)tag, strlen((const char *)tag)));
}

/*
 * Blanks that a literal block's lines have in the file but not in the text, told by the first line
 * that is not blank.
 */
static size_t literal_indent(const Loader *loader, const char *text, size_t first)
{
    while (*text == '\n') {
        text++;
        first++;
    }
    if (first >= loader->line_count)
        return 0;
    size_t in_file = strspn(loader->bytes + loader->lines[first], " ");
    size_t in_text = strspn(text, " ");
    return in_file < in_text ? 0 : in_file - in_text;
}

static void locate_text(const Loader *loader, Passage *passage)
{
    const yaml_event_t *event = &loader->event;
    yaml_scalar_style_t style = event->data.scalar.style;
    size_t line = event->start_mark.line;
    passage->mark = mark_of(event->start_mark);
    passage->literal = style == YAML_LITERAL_SCALAR_STYLE;
    passage->folded =
        style == YAML_FOLDED_SCALAR_STYLE || (!passage->literal && event->end_mark.line != line);
    if (passage->literal) {
        passage->indent = literal_indent(loader, passage->text, line + 1);
        passage->mark = (Mark){line + 2, passage->indent + 1};
    } else if (style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
               style == YAML_DOUBLE_QUOTED_SCALAR_STYLE) {
        passage->mark.column++;
    }
}

static Node scalar_node(Loader *loader)
{
    const yaml_event_t *event = &loader->event;
    refuse_decoration(loader, event->data.scalar.anchor, event->data.scalar.tag);
    Node node = {.kind = NODE_SCALAR, .mark = event_mark(loader)};
    const char *value = (const char *)event->data.scalar.value;
    size_t size = event->data.scalar.length;
    if (memchr(value, '\0', size) != NULL)
        place_fail(loader->path, node.mark, "a NUL character has no place in text");
    node.passage.file = loader->path;
    node.passage.text = arena_copy(loader->arena, value, size);
    node.quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    locate_text(loader, &node.passage);
    return node;
}

static Node build_node(Loader *loader, size_t depth);

/* libyaml would go on for seconds in a file that is nothing but brackets: stop it in time. */
static void open_level(Loader *loader, size_t depth)
{
    const yaml_event_t *event = &loader->event;
    if (event->type == YAML_SEQUENCE_START_EVENT)
        refuse_decoration(loader, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag);
    else
        refuse_decoration(loader, event->data.mapping_start.anchor, event->data.mapping_start.tag);
    if (depth >= YAML_DEPTH)
        place_fail(loader->path, event_mark(loader), "nested deeper than %d levels", YAML_DEPTH);
    next_event(loader);
}

static Node *items_of(const Child *child, size_t count, Arena *arena)
{
    Node *items = arena_array(arena, count, sizeof *items);
    for (size_t i = 0; child != NULL; child = child->next)
        items[i++] = child->item;
    return items;
}

static Node *keys_of(const Child *child, size_t count, Arena *arena)
{
    Node *keys = arena_array(arena, count, sizeof *keys);
    for (size_t i = 0; child != NULL; child = child->next)
        keys[i++] = *child->key;
    return keys;
}

static Node list_node(Loader *loader, size_t depth)
{
    Node node = {.kind = NODE_LIST, .mark = event_mark(loader), .passage.file = loader->path};
    open_level(loader, depth);
    Child *first = NULL, **last = &first;
    for (; loader->event.type != YAML_SEQUENCE_END_EVENT; next_event(loader)) {
        Child *child = arena_take(loader->arena, sizeof *child);
        *child = (Child){.item = build_node(loader, depth + 1)};
        *last = child;
        last = &child->next;
        node.count++;
    }
    node.items = items_of(first, node.count, loader->arena);
    return node;
}

/* A few dozen keys at most in files of this kind, so each is compared with those before it. */
static void check_new_key(const Child *child, const Node *key)
{
    for (; child != NULL; child = child->next)
        if (strcmp(child->key->passage.text, key->passage.text) == 0)
            node_fail(key, "%s is here a second time (first at %zu:%zu)",
                      shown(key->passage.text, strlen(key->passage.text)), child->key->mark.line,
                      child->key->mark.column);
}

static Node map_key(Loader *loader)
{
    if (loader->event.type == YAML_SCALAR_EVENT)
        return scalar_node(loader);
    if (loader->event.type == YAML_ALIAS_EVENT)
        build_node(loader, 0);
    place_fail(loader->path, event_mark(loader), "a key must be a word, not a list or a map");
}

static Node map_node(Loader *loader, size_t depth)
{
    Node node = {.kind = NODE_MAP, .mark = event_mark(loader), .passage.file = loader->path};
    open_level(loader, depth);
    Child *first = NULL, **last = &first;
    for (; loader->event.type != YAML_MAPPING_END_EVENT; next_event(loader)) {
        Child *child = arena_take(loader->arena, sizeof *child);
        Node *key = arena_take(loader->arena, sizeof *key);
        *key = map_key(loader);
        check_new_key(first, key);
        if (node.count++ == YAML_KEYS)
            node_fail(key, "more than %d keys in one map", YAML_KEYS);
        next_event(loader);
        *child = (Child){.item = build_node(loader, depth + 1), .key = key};
        *last = child;
        last = &child->next;
    }
    node.keys = keys_of(first, node.count, loader->arena);
    node.items = items_of(first, node.count, loader->arena);
    return node;
}

/* The node whose first event is the newest; leaves its last event as the newest. */
static Node build_node(Loader *loader, size_t depth)
{
    const yaml_event_t *event = &loader->event;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return scalar_node(loader);
    case YAML_SEQUENCE_START_EVENT:
        return list_node(loader, depth);
    case YAML_MAPPING_START_EVENT:
        return map_node(loader, depth);
    default:
        place_fail(loader->path, event_mark(loader),
                   "aliases are not allowed: say it again where it is needed: *%s",
                   event->type == YAML_ALIAS_EVENT
                       ? shown((const char *)event->data.alias.anchor,
                               strlen((const char *)event->data.alias.anchor))
                       : "");
    }
}

static void open_document(Loader *loader)
{
    next_event(loader); /* the stream's beginning */
    next_event(loader);
    if (loader->event.type == YAML_STREAM_END_EVENT)
        fail("%s: nothing stands in this file", loader->path);
    if (loader->event.data.document_start.tag_directives.start !=
        loader->event.data.document_start.tag_directives.end)
        place_fail(loader->path, event_mark(loader), "tags are not allowed: %%TAG");
    next_event(loader);
}

static const Node *load_tree(Loader *loader)
{
    loader->bytes = file_load(loader->path, YAML_SIZE, &loader->size);
    check_bytes(loader);
    find_lines(loader);
    if (!yaml_parser_initialize(&loader->parser))
        fail("%s: out of memory", loader->path);
    loader->parsing = true;
    yaml_parser_set_input_string(&loader->parser, (const unsigned char *)loader->bytes,
                                 loader->size);
    open_document(loader);
    Node *root = arena_take(loader->arena, sizeof *root);
    *root = build_node(loader, 0);
    next_event(loader); /* the document's end */
    next_event(loader);
    if (loader->event.type != YAML_STREAM_END_EVENT)
        place_fail(loader->path, event_mark(loader), "a second document: a file holds one");
    return root;
}

static void unload(Loader *loader)
{
    yaml_event_delete(&loader->event);
    if (loader->parsing)
        yaml_parser_delete(&loader->parser);
    free(loader->bytes);
    free(loader);
}

const Node *yaml_load(const char *path, Arena *arena)
{
    Loader *loader = memory_zeroed(1, sizeof *loader);
    loader->path = arena_copy(arena, path, strlen(path));
    loader->arena = arena;
    Trap trap;
    if (TRAP_SET(&trap)) {
        const Node *root = load_tree(loader);
        trap_end(&trap);
        unload(loader);
        return root;
    }
    unload(loader);
    fail("%s", trap.message);
}

Mark passage_mark(const Passage *passage, size_t offset)
{
    if (passage->folded)
        return passage->mark;
    Mark mark = passage->mark;
    size_t start = 0;
    if (passage->literal)
        for (size_t i = 0; i < offset; i++)
            if (passage->text[i] == '\n') {
                mark.line++;
                start = i + 1;
            }
    mark.column += utf8_count((Span){passage->text + start, offset - start});
    return mark;
}

static const char *kind_name(const Node *node)
{
    return node->kind == NODE_MAP    ? "a map (key: value)"
           : node->kind == NODE_LIST ? "a list"
           : node_is_null(node)      ? "nothing"
                                     : "a single value";
}

void node_require(const Node *node, NodeKind kind, const char *what)
{
    static const char *const wanted[] = {"a single value", "a list", "a map (key: value)"};
    if (node->kind != kind)
        node_fail(node, "%s needs %s, not %s", what, wanted[kind], kind_name(node));
}

void node_check_keys(const Node *map, const char *const *keys, const char *what)
{
    size_t known = 0;
    while (keys[known] != NULL)
        known++;
    for (size_t i = 0; i < map->count; i++) {
        const char *key = map->keys[i].passage.text;
        size_t at = 0;
        while (at < known && strcmp(keys[at], key) != 0)
            at++;
        if (at == known)
            node_fail(&map->keys[i], "unknown key in %s: %s%s", what, shown(key, strlen(key)),
                      text_suggestion(span_of(key), keys, known));
    }
}

const Node *node_get(const Node *map, const char *key)
{
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->keys[i].passage.text, key) == 0)
            return &map->items[i];
    return NULL;
}

bool node_is_null(const Node *node)
{
    const char *text = node->passage.text;
    return node->kind == NODE_SCALAR && !node->quoted &&
           (*text == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

const char *node_text(const Node *node, const char *what)
{
    node_require(node, NODE_SCALAR, what);
    if (node_is_null(node) || node->passage.text[0] == '\0')
        node_fail(node, "%s is empty", what);
    return node->passage.text;
}

const char *node_get_text(const Node *map, const char *key)
{
    const Node *node = node_get(map, key);
    return node == NULL ? NULL : node_text(node, key);
}

bool node_number(const Node *node, Decimal *number, Arena *arena)
{
    if (node->kind != NODE_SCALAR)
        return false;
    DecimalSyntax syntax = decimal_read(span_of(node->passage.text), number, arena);
    if (syntax == DECIMAL_TOO_LONG)
        node_fail(node, "a number of more than %d digits: %s", DECIMAL_MAX_DIGITS,
                  shown(node->passage.text, strlen(node->passage.text)));
    return syntax == DECIMAL_READ;
}
