#include "expr/tree.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/diagnostic.h"

enum { TREE_HEIGHT = 2000, PLACE_RING = 4 };

static void origin_locate(const Origin *origin, size_t at, size_t *line, size_t *column)
{
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < at && i < origin->size; i++) {
        (*column)++;
        if (origin->text[i] == '\n') {
            (*line)++;
            *column = 1;
        }
    }
}

const char *origin_place(const Origin *origin, size_t at)
{
    static _Thread_local char ring[PLACE_RING][256];
    static _Thread_local unsigned turn;
    char *place = ring[turn++ % PLACE_RING];
    size_t line, column;
    origin_locate(origin, at, &line, &column);
    snprintf(place, sizeof ring[0], "%s:%zu:%zu", origin->label, line, column);
    diagnostic_point(origin->text, origin->size, at);
    return place;
}

_Noreturn void origin_fail(const Origin *origin, size_t at, const char *format, ...)
{
    char sentence[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    fail_usage("%s: %s", origin_place(origin, at), sentence);
}

Expression *node_new(Arena *arena, Kind kind, const Origin *origin, size_t at, size_t count)
{
    Expression *node = arena_take(arena, sizeof *node);
    *node = (Expression){.kind = kind,
                         .origin = origin,
                         .at = (uint32_t)at,
                         .height = 1,
                         .column = COLUMN_NONE,
                         .parts = arena_array(arena, count, sizeof *node->parts),
                         .count = count};
    return node;
}

Expression *node_close(Expression *node)
{
    for (size_t i = 0; i < node->count; i++)
        if (node->parts[i]->height >= node->height)
            node->height = node->parts[i]->height + 1;
    if (node->height > TREE_HEIGHT)
        origin_fail(node->origin, node->at, "more than %d operations one inside the other",
                    (int)TREE_HEIGHT);
    return node;
}

CaseLayout case_layout(const Expression *node)
{
    size_t first = node->simple ? 1 : 0;
    size_t rest = node->count - first;
    return (CaseLayout){.operand = node->simple ? node->parts[0] : NULL,
                        .pairs = node->parts + first,
                        .pair_count = rest / 2,
                        .otherwise = rest % 2 != 0 ? node->parts[node->count - 1] : NULL};
}

static bool number_same(const Number *a, const Number *b)
{
    return number_compare(*a, *b) == 0 && a->value.scale == b->value.scale;
}

bool tree_equal(const Expression *a, const Expression *b)
{
    if (a->kind != b->kind || a->count != b->count || a->negated != b->negated ||
        a->folds != b->folds || a->simple != b->simple || a->function != b->function ||
        a->summary != b->summary || a->slot != b->slot || a->truth != b->truth ||
        !span_equal(a->text, b->text))
        return false;
    if (a->kind == KIND_NUMBER && !number_same(&a->number, &b->number))
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!tree_equal(a->parts[i], b->parts[i]))
            return false;
    return true;
}

Kind kind_mirrored(Kind kind)
{
    switch (kind) {
    case KIND_LESS:
        return KIND_GREATER;
    case KIND_LESS_EQUAL:
        return KIND_GREATER_EQUAL;
    case KIND_GREATER:
        return KIND_LESS;
    case KIND_GREATER_EQUAL:
        return KIND_LESS_EQUAL;
    default:
        return kind;
    }
}

const char *kind_sign(Kind kind)
{
    switch (kind) {
    case KIND_ADD:
    case KIND_PLUS:
        return "+";
    case KIND_MULTIPLY:
        return "*";
    case KIND_DIVIDE:
        return "/";
    case KIND_REMAINDER:
        return "%";
    default:
        return "-";
    }
}
