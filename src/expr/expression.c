#include "expr/expression.h"

#include <stdio.h>

#include "base/diagnostic.h"
#include "expr/parser.h"
#include "expr/tree.h"

static Expression *whole(const Source *source, Arena *arena)
{
    Parser parser = parser_open(source, arena);
    Expression *expression = parser_expression(&parser);
    parser_finish(&parser);
    tree_type(expression, arena);
    return expression;
}

Expression *expression_condition(const Source *source, Arena *arena)
{
    Expression *condition = whole(source, arena);
    tree_require_truth(condition);
    return condition;
}

Expression *expression_value(const Source *source, Arena *arena)
{
    return whole(source, arena);
}

/* --- lists --- */

typedef void ReadTail(Parser *parser, Item *item);

static void list_add(ItemList *list, size_t *room, Item item, Arena *arena)
{
    if (list->count == *room) {
        *room = *room == 0 ? 4 : *room * 2;
        Item *items = arena_array(arena, *room, sizeof *items);
        if (list->count != 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
    }
    list->items[list->count++] = item;
}

/* Expressions separated by commas, each with what `tail` reads behind it. */
static ItemList read_list(Parser *parser, ReadTail *tail)
{
    ItemList list = {0};
    size_t room = 0;
    const char *text = parser->lexer.origin->text;
    do {
        size_t from = parser->now.at;
        Item item = {.expression = parser_expression(parser)};
        size_t end = parser->now.at;
        while (end > from && strchr(" \t\r\n", text[end - 1]) != NULL)
            end--;
        item.source = (Span){text + from, end - from};
        tail(parser, &item);
        list_add(&list, &room, item, parser->arena);
    } while (parser_accept_symbol(parser, ","));
    parser_finish(parser);
    for (size_t i = 0; i < list.count; i++)
        tree_type(list.items[i].expression, parser->arena);
    return list;
}

static void read_as(Parser *parser, Item *item)
{
    if (parser_accept_word(parser, "as"))
        item->name = parser_name(parser);
}

static void read_direction(Parser *parser, Item *item)
{
    item->descending = parser_at_word(parser, "desc");
    if (!parser_accept_word(parser, "desc"))
        parser_accept_word(parser, "asc");
}

static size_t item_at(const Item *item)
{
    return (size_t)(item->source.at - item->expression->origin->text);
}

#define FAIL_ITEM(item, ...) origin_fail((item)->expression->origin, item_at(item), __VA_ARGS__)

static void refuse_repeated_names(const ItemList *list)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(list->items[i].name, list->items[j].name) == 0)
                FAIL_ITEM(&list->items[i], "the name %s is given twice",
                          shown(list->items[i].name, strlen(list->items[i].name)));
}

ItemList expression_derivations(const Source *source, Arena *arena)
{
    Parser parser = parser_open(source, arena);
    ItemList list = read_list(&parser, read_as);
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].name == NULL)
            FAIL_ITEM(&list.items[i], "a name is missing: write %s as NAME",
                      shown(list.items[i].source.at, list.items[i].source.size));
    refuse_repeated_names(&list);
    return list;
}

/* The column that a summary is of, also behind number() and text(). */
static const Expression *summarised_column(const Expression *summary)
{
    const Expression *argument = summary->parts[0];
    if (argument->kind == KIND_AS_NUMBER || argument->kind == KIND_AS_TEXT)
        argument = argument->parts[0];
    return argument->kind == KIND_COLUMN ? argument : NULL;
}

static const char *default_name(const Item *item, Arena *arena)
{
    const Expression *node = item->expression;
    if (node->kind == KIND_SUMMARY && node->summary == SUMMARY_COUNT_ROWS)
        return "count";
    const Expression *column = node->kind == KIND_SUMMARY ? summarised_column(node) : NULL;
    if (column == NULL)
        FAIL_ITEM(item, "a name is missing: write %s as NAME",
                  shown(item->source.at, item->source.size));
    return arena_format(arena, "%s%s_%s", summary_name(node->summary),
                        node->summary == SUMMARY_COUNT_DISTINCT ? "_distinct" : "",
                        column->text.at);
}

ItemList expression_summaries(const Source *source, Arena *arena)
{
    Parser parser = parser_open(source, arena);
    parser.summaries = true;
    ItemList list = read_list(&parser, read_as);
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].name == NULL)
            list.items[i].name = default_name(&list.items[i], arena);
    refuse_repeated_names(&list);
    return list;
}

ItemList expression_order(const Source *source, Arena *arena)
{
    Parser parser = parser_open(source, arena);
    ItemList list = read_list(&parser, read_direction);
    for (size_t i = 0; i < list.count; i++) {
        Expression *key = list.items[i].expression;
        if (key->type == TYPE_CELL || key->type == TYPE_NULL)
            key->type = TYPE_NUMBER;
    }
    return list;
}

/* --- columns --- */

Type expression_type(const Expression *expression)
{
    return expression->type;
}

/* How the name may have been meant, when no column has a similar one. */
static const char *text_hint(const Expression *node)
{
    static _Thread_local char said[300];
    snprintf(said, sizeof said, " (text is written in single quotes: '%s')",
             shown(node->text.at, node->text.size));
    return said;
}

static void bind_column(Expression *node, const Header *header, const char *input)
{
    node->column = header_find(header, node->text);
    if (node->column != COLUMN_NONE)
        return;
    const char *hint = header_hint(header, node->text);
    if (hint[0] == '\0' && node->quoted)
        hint = text_hint(node);
    fail("%s: %s: unknown column: %s%s", input, origin_place(node->origin, node->at),
         shown(node->text.at, node->text.size), hint);
}

void expression_bind(Expression *expression, const Header *header, const char *input)
{
    if (expression->kind == KIND_COLUMN)
        bind_column(expression, header, input);
    for (size_t i = 0; i < expression->count; i++)
        expression_bind(expression->parts[i], header, input);
}

size_t expression_column(const Expression *expression)
{
    return expression->kind == KIND_COLUMN ? expression->column : COLUMN_NONE;
}

void expression_each_column(const Expression *expression,
                            void (*visit)(void *context, const char *name), void *context)
{
    if (expression->kind == KIND_COLUMN)
        visit(context, expression->text.at);
    for (size_t i = 0; i < expression->count; i++)
        expression_each_column(expression->parts[i], visit, context);
}

bool expression_equal(const Expression *a, const Expression *b)
{
    return a == b || (a != NULL && b != NULL && tree_equal(a, b));
}

/* --- summaries --- */

static bool call_equal(const SummaryCall *call, const Expression *node)
{
    if (call->function != node->summary)
        return false;
    if (node->count > 1 && decimal_compare(call->fraction, node->parts[1]->number.value) != 0)
        return false;
    return node->count == 0 || tree_equal(call->argument, node->parts[0]);
}

static int slot_for(SummaryCalls *calls, const Expression *node)
{
    for (size_t i = 0; i < calls->count; i++)
        if (call_equal(&calls->calls[i], node))
            return (int)i;
    calls->calls = memory_grow(calls->calls, &calls->room, calls->count, sizeof *calls->calls);
    calls->calls[calls->count] =
        (SummaryCall){.function = node->summary,
                      .argument = node->count > 0 ? node->parts[0] : NULL,
                      .fraction = node->count > 1 ? node->parts[1]->number.value : decimal_of(0)};
    return (int)calls->count++;
}

static int group_slot(const Expression *node, const ColumnList *groups)
{
    for (size_t i = 0; groups != NULL && i < groups->count; i++)
        if (span_equal(node->text, span_of(groups->columns[i].name)))
            return -1 - (int)i;
    origin_fail(node->origin, node->at, "column %s must stand inside a summary or in -g",
                shown(node->text.at, node->text.size));
}

static void become_slot(Expression *node, int slot)
{
    node->kind = KIND_SLOT;
    node->slot = slot;
    node->count = 0;
}

void expression_take_summaries(Expression *expression, SummaryCalls *calls,
                               const ColumnList *groups)
{
    if (expression->kind == KIND_SUMMARY)
        become_slot(expression, slot_for(calls, expression));
    else if (expression->kind == KIND_COLUMN)
        become_slot(expression, group_slot(expression, groups));
    for (size_t i = 0; i < expression->count; i++)
        expression_take_summaries(expression->parts[i], calls, groups);
}
