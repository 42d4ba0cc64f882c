#include "warrant/lineage.h"

#include <string.h>
#include <strings.h>

#include "warrant/invocation.h"

/* The stage that makes a column. */
typedef struct Maker {
    const Step *step;
    size_t stage;       /* its number in the step's pipe */
    const char *column; /* as it is called there */
    Span expression;    /* behind the column, in derive and aggregate */
} Maker;

typedef struct Trace {
    const Document *document;
    const Parameters *parameters;
    Arena *arena;
} Trace;

/* How one stage stands to a column. */
typedef enum Way { PASSES, MADE_HERE, COMES_FROM_TABLE } Way;

static bool is(const char *name, const char *other)
{
    return name != NULL && other != NULL && strcmp(name, other) == 0;
}

static void note_column(void *context, const char *name)
{
    const char **only = context;
    *only = name;
}

/* The column's name if the item is nothing but a column. */
static const char *bare_column(const Item *item)
{
    const char *name = NULL;
    expression_each_column(item->expression, note_column, &name);
    Span source = item->source;
    while (source.size != 0 && (source.at[0] == ' ' || source.at[0] == '"'))
        source = (Span){source.at + 1, source.size - 1};
    return name != NULL && source.size >= strlen(name) &&
                   strspn(source.at + strlen(name), "\" \t\n") >= source.size - strlen(name) &&
                   strncmp(source.at, name, strlen(name)) == 0
               ? name
               : NULL;
}

static Way through_items(const ItemList *list, const char **column, Maker *maker)
{
    for (size_t i = 0; i < list->count; i++) {
        const Item *item = &list->items[i];
        if (!is(item->name, *column))
            continue;
        const char *bare = bare_column(item);
        maker->expression = item->source;
        if (bare == NULL)
            return MADE_HERE;
        *column = bare;
        return PASSES;
    }
    return PASSES;
}

static Way through_derive(const Trace *trace, const Stage *stage, const char **column, Maker *maker)
{
    Source source = {stage_argument(stage), stage->filter->label, trace->parameters};
    ItemList list = expression_derivations(&source, trace->arena);
    return through_items(&list, column, maker);
}

static Way through_aggregate(const Trace *trace, const Stage *stage, const char **column,
                             Maker *maker)
{
    Source source = {stage_argument(stage), stage->filter->label, trace->parameters};
    ItemList list = expression_summaries(&source, trace->arena);
    return through_items(&list, column, maker);
}

/* Renames undone: `a as b` turns b into a. */
static bool renamed(const ColumnList *list, const char **column)
{
    for (size_t i = 0; i < list->count; i++) {
        const ColumnName *item = &list->columns[i];
        if (!is(item->as != NULL ? item->as : item->name, *column))
            continue;
        *column = item->name;
        return true;
    }
    return false;
}

static Way through_pick(const Trace *trace, const Stage *stage, const char **column)
{
    if (stage_has_option(stage, "except"))
        return PASSES;
    ColumnList list =
        expression_columns(stage_argument(stage), "columns", COLUMNS_AS, trace->arena);
    renamed(&list, column);
    return PASSES;
}

static Way through_lookup(const Trace *trace, const Stage *stage, const char **column)
{
    const char *take = stage_option(stage, "take");
    if (take == NULL)
        return PASSES;
    ColumnList list = expression_columns(take, "--take", COLUMNS_AS, trace->arena);
    return renamed(&list, column) ? COMES_FROM_TABLE : PASSES;
}

static const char *name_or(const Stage *stage, const char *otherwise)
{
    const char *name = stage_option(stage, "as");
    return name == NULL ? otherwise : name;
}

static Way through_share(const Trace *trace, const Stage *stage, const char *column)
{
    const char *name = name_or(stage, "share");
    return is(name, column) || is(arena_format(trace->arena, "%s_cumulative", name), column)
               ? MADE_HERE
               : PASSES;
}

static Way through_rank(const Trace *trace, const Stage *stage, const char **column)
{
    if (!stage_has_option(stage, "order-only") &&
        (is(name_or(stage, "rank"), *column) || is(stage_option(stage, "tied"), *column)))
        return MADE_HERE;
    static const char *const ways[] = {"lag", "lead"};
    for (size_t i = 0; i < 2; i++) {
        const char *columns = stage_option(stage, ways[i]);
        /* NOLINTNEXTLINE: a column that is traced has a name */
        size_t size = strlen(*column), tail = strlen(ways[i]) + 1;
        if (columns == NULL || size <= tail || strcmp(*column + size - tail + 1, ways[i]) != 0)
            continue;
        ColumnList list = expression_columns(columns, "--lag", COLUMNS_PLAIN, trace->arena);
        const char *neighbour = arena_copy(trace->arena, *column, size - tail);
        if (renamed(&list, &neighbour))
            *column = neighbour;
    }
    return PASSES;
}

static Way through_unpivot(const Trace *trace, const Stage *stage, const char *column)
{
    ColumnList list =
        expression_columns(stage_option(stage, "into"), "--into", COLUMNS_PLAIN, trace->arena);
    return renamed(&list, &column) ? MADE_HERE : PASSES;
}

/* A column that is not one of -g came of the names; what stands in it are the values. */
static Way through_pivot(const Trace *trace, const Stage *stage, const char **column)
{
    const char *groups = stage_option(stage, "group"), *kept = *column;
    if (groups != NULL) {
        ColumnList list = expression_columns(groups, "-g", COLUMNS_PLAIN, trace->arena);
        if (renamed(&list, &kept))
            return PASSES;
    }
    ColumnList value =
        expression_columns(stage_second(stage), "VALUE", COLUMNS_PLAIN, trace->arena);
    *column = value.columns[0].name;
    return PASSES;
}

static Way through_stage(const Trace *trace, const Stage *stage, const char **column, Maker *maker)
{
    const Specification *filter = stage->filter;
    if (filter == &derive_specification)
        return through_derive(trace, stage, column, maker);
    if (filter == &aggregate_specification)
        return through_aggregate(trace, stage, column, maker);
    if (filter == &pick_specification)
        return through_pick(trace, stage, column);
    if (filter == &pivot_specification)
        return through_pivot(trace, stage, column);
    if (filter == &lookup_specification)
        return through_lookup(trace, stage, column);
    if (filter == &share_specification)
        return through_share(trace, stage, *column);
    if (filter == &rank_specification)
        return through_rank(trace, stage, column);
    if (filter == &unpivot_specification)
        return through_unpivot(trace, stage, *column);
    return PASSES;
}

static bool trace_column(const Trace *trace, const Step *step, const char *column, Maker *maker);

/* The same as it stands behind the first stages of the step. */
static bool trace_stages(const Trace *trace, const Step *step, size_t stages, const char *column,
                         Maker *maker)
{
    for (size_t i = stages; i-- > 0;) {
        const Stage *stage = &step->pipe.stages[i];
        switch (through_stage(trace, stage, &column, maker)) {
        case PASSES:
            break;
        case MADE_HERE:
            maker->step = step;
            maker->stage = i;
            maker->column = column;
            return true;
        case COMES_FROM_TABLE:
            return trace_column(trace, document_step(trace->document, stage->tables[0]), column,
                                maker);
        }
    }
    for (size_t i = 0; i < step->from_count; i++)
        if (trace_column(trace, document_step(trace->document, step->from[i]), column, maker))
            return true;
    return false;
}

static bool trace_column(const Trace *trace, const Step *step, const char *column, Maker *maker)
{
    if (step == NULL) /* a source: its columns were not made by us */
        return false;
    return trace_stages(trace, step, step->pipe.count, column, maker);
}

static bool is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || (unsigned char)byte >= 0x80;
}

/* round( outside quotes. */
static bool calls_round(Span text)
{
    char quote = '\0';
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.at[i];
        if (quote != '\0') {
            if (byte == quote)
                quote = '\0';
            continue;
        }
        if (byte == '\'' || byte == '"') {
            quote = byte;
            continue;
        }
        if ((i > 0 && is_word_byte(text.at[i - 1])) || text.size - i < 6 ||
            strncasecmp(text.at + i, "round", 5) != 0)
            continue;
        size_t at = i + 5;
        while (at < text.size && strchr(" \t\n", text.at[at]) != NULL)
            at++;
        if (at < text.size && text.at[at] == '(')
            return true;
    }
    return false;
}

static bool maker_rounds(const Trace *trace, const Maker *maker);

static bool rounded_behind(const Trace *trace, const Step *step, size_t stages, const char *column)
{
    Maker maker = {0};
    return trace_stages(trace, step, stages, column, &maker) && maker_rounds(trace, &maker);
}

static bool has_name(const ColumnList *list, const char *name)
{
    return renamed(list, &name);
}

static bool any_item_rounded(const Trace *trace, const Step *step, size_t stages,
                             const ItemList *items, const ColumnList *except)
{
    for (size_t i = 0; i < items->count; i++)
        if (items->items[i].name != NULL && !has_name(except, items->items[i].name) &&
            rounded_behind(trace, step, stages, items->items[i].name))
            return true;
    return false;
}

/* Whether a column that the stage makes, other than those, is rounded and comes that far. */
static bool stage_gives_rounded(const Trace *trace, const Step *step, size_t number, size_t stages,
                                const ColumnList *except)
{
    const Stage *stage = &step->pipe.stages[number];
    Source source = {stage_argument(stage), stage->filter->label, trace->parameters};
    ItemList items = {0};
    if (stage->filter == &derive_specification)
        items = expression_derivations(&source, trace->arena);
    else if (stage->filter == &aggregate_specification)
        items = expression_summaries(&source, trace->arena);
    else if (stage->filter == &share_specification)
        return !has_name(except, name_or(stage, "share")) &&
               rounded_behind(trace, step, stages, name_or(stage, "share"));
    else if (stage->filter == &pivot_specification)
        return rounded_behind(
            trace, step, number,
            expression_columns(stage_second(stage), "VALUE", COLUMNS_PLAIN, trace->arena)
                .columns[0]
                .name);
    return any_item_rounded(trace, step, stages, &items, except);
}

static bool others_rounded(const Trace *trace, const Step *step, size_t stages,
                           const ColumnList *except)
{
    for (size_t i = 0; i < stages; i++)
        if (stage_gives_rounded(trace, step, i, stages, except))
            return true;
    for (size_t i = 0; i < step->from_count; i++) {
        const Step *from = document_step(trace->document, step->from[i]);
        if (from != NULL && others_rounded(trace, from, from->pipe.count, except))
            return true;
    }
    return false;
}

/* Its values stood in several columns, each of which counts. */
static bool unpivot_rounds(const Trace *trace, const Maker *maker)
{
    const Stage *stage = &maker->step->pipe.stages[maker->stage];
    ColumnList into =
        expression_columns(stage_option(stage, "into"), "--into", COLUMNS_PLAIN, trace->arena);
    if (into.count < 2 || !is(into.columns[1].name, maker->column))
        return false;
    const char *except = stage_option(stage, "except");
    ColumnList columns = expression_columns(except != NULL ? except : stage_argument(stage),
                                            "columns", COLUMNS_PLAIN, trace->arena);
    if (except != NULL)
        return others_rounded(trace, maker->step, maker->stage, &columns);
    for (size_t i = 0; i < columns.count; i++)
        if (rounded_behind(trace, maker->step, maker->stage, columns.columns[i].name))
            return true;
    return false;
}

static bool maker_rounds(const Trace *trace, const Maker *maker)
{
    const Stage *stage = &maker->step->pipe.stages[maker->stage];
    bool has_places = stage->filter == &derive_specification ||
                      stage->filter == &aggregate_specification ||
                      stage->filter == &share_specification;
    if (stage->filter == &unpivot_specification)
        return unpivot_rounds(trace, maker);
    return (has_places && stage_has_option(stage, "places")) || calls_round(maker->expression);
}

bool column_rounded(const Document *document, const Parameters *parameters, const Step *step,
                    const char *column, Arena *arena)
{
    Trace trace = {document, parameters, arena};
    Maker maker = {0};
    return trace_column(&trace, step, column, &maker) && maker_rounds(&trace, &maker);
}

/* A share of the quantity made between its order and the end of the pipe, or before. */
static void find_share(const Step *step, Ordering *ordering)
{
    for (size_t i = 0; i < step->pipe.count; i++) {
        const Stage *stage = &step->pipe.stages[i];
        if (stage->filter != &share_specification || !is(stage_argument(stage), ordering->quantity))
            continue;
        ordering->share = name_or(stage, "share");
        ordering->percent = stage_has_option(stage, "percent");
    }
}

bool column_ordering(const Document *document, const Parameters *parameters, const Step *step,
                     const char *column, Ordering *ordering, Arena *arena)
{
    *ordering = (Ordering){0};
    Trace trace = {document, parameters, arena};
    Maker maker = {0};
    if (!trace_column(&trace, step, column, &maker))
        return false;
    const Stage *stage = &maker.step->pipe.stages[maker.stage];
    if (stage->filter != &rank_specification)
        return false;
    Source source = {stage_argument(stage), stage->filter->label, parameters};
    ItemList order = expression_order(&source, arena);
    ordering->quantity = bare_column(&order.items[0]);
    const char *groups = stage_option(stage, "group");
    if (groups != NULL)
        ordering->groups = expression_columns(groups, "-g", COLUMNS_PLAIN, arena);
    if (ordering->quantity != NULL)
        find_share(maker.step, ordering);
    return true;
}
