#include "emit/sql_stage.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "warrant/invocation.h"

/* ---- what the stages have in common ---- */

const char *sql_row_number(const char *prefix, Arena *arena)
{
    return arena_format(arena, "%sno", prefix);
}

static const char *row_number(const SqlStage *stage)
{
    return sql_row_number(stage->prefix, stage->arena);
}

static void begin(const SqlStage *stage, const char *name)
{
    sql_identifier(name, stage->out);
    buffer_text(stage->out, " AS MATERIALIZED (\n    SELECT ");
}

static void end(const SqlStage *stage)
{
    buffer_text(stage->out, "\n)");
}

static void from(const SqlStage *stage, const Relation *relation)
{
    buffer_text(stage->out, "\n    FROM ");
    sql_identifier(relation->name, stage->out);
}

static void qualified(const char *qualifier, const char *name, Buffer *out)
{
    if (qualifier != NULL)
        buffer_format(out, "%s.", qualifier);
    sql_identifier(name, out);
}

/* ", a, b" */
static void further_columns(const SqlStage *stage, const Relation *relation, const char *qualifier)
{
    for (size_t i = 0; i < relation->count; i++) {
        buffer_text(stage->out, ", ");
        qualified(qualifier, relation->columns[i].name, stage->out);
    }
}

void sql_columns_write(const SqlStage *stage, const Relation *relation, const char *qualifier)
{
    qualified(qualifier, row_number(stage), stage->out);
    further_columns(stage, relation, qualifier);
}

static void as(const SqlStage *stage, const char *name)
{
    buffer_text(stage->out, " AS ");
    sql_identifier(name, stage->out);
}

static const char *option(const SqlStage *stage, const char *name)
{
    return stage_option(stage->stage, name);
}

static bool has_option(const SqlStage *stage, const char *name)
{
    return stage_has_option(stage->stage, name);
}

/* An option's whole number; the filter's own limits hold when it is run. */
static long number_option(const SqlStage *stage, const char *name, long otherwise)
{
    const char *text = option(stage, name);
    return text == NULL ? otherwise : strtol(text, NULL, 10);
}

static ColumnList columns_of(const SqlStage *stage, const char *text, const char *label,
                             ColumnSyntax syntax)
{
    ColumnList none = {0};
    return text == NULL ? none : expression_columns(text, label, syntax, stage->arena);
}

static ColumnList group_columns(const SqlStage *stage)
{
    return columns_of(stage, option(stage, "group"), "-g", COLUMNS_PLAIN);
}

static Source source_of(const SqlStage *stage)
{
    return (Source){stage_argument(stage->stage), stage->stage->filter->label, stage->parameters};
}

static SqlScope scope_of(const SqlStage *stage, const Relation *relation)
{
    const char *invalid = option(stage, "invalid");
    return (SqlScope){.columns = relation->columns,
                      .count = relation->count,
                      .order = row_number(stage),
                      .invalid_missing = invalid != NULL && strcmp(invalid, "missing") == 0};
}

static void bind(const SqlStage *stage, Expression *expression, const Relation *relation)
{
    Header header = relation_header(relation, stage->arena);
    expression_bind(expression, &header, relation->name);
}

static const SqlColumn *column_named(const Relation *relation, const char *name, const char *label)
{
    return &relation->columns[relation_require(relation, name, label)];
}

/*
 * Groups and keys compare as texts.  Numbers that were computed are numeric in the script, where
 * 1.0 and 1.00 would be one group, so those among the columns are turned into text first.
 */
static Relation with_texts(const SqlStage *stage, const ColumnList *list, const char *label)
{
    Relation texts = relation_copy(arena_format(stage->arena, "%s_texts", stage->name),
                                   &stage->input, 0, stage->arena);
    bool any = false;
    for (size_t i = 0; i < list->count; i++) {
        size_t column = relation_require(&texts, list->columns[i].name, label);
        any = any || texts.columns[column].form == SQL_NUMERIC;
        if (texts.columns[column].form == SQL_NUMERIC)
            texts.columns[column].form = SQL_TEXT;
    }
    if (!any)
        return stage->input;
    begin(stage, texts.name);
    sql_identifier(row_number(stage), stage->out);
    for (size_t i = 0; i < texts.count; i++) {
        const SqlColumn *column = &stage->input.columns[i];
        bool turned = column->form != texts.columns[i].form;
        buffer_text(stage->out, ", ");
        if (turned)
            sql_column_text(column, stage->out);
        else
            sql_identifier(column->name, stage->out);
        if (turned)
            as(stage, column->name);
    }
    from(stage, &stage->input);
    end(stage);
    buffer_text(stage->out, ", ");
    return texts;
}

static void list_names(const SqlStage *stage, const ColumnList *list)
{
    for (size_t i = 0; i < list->count; i++) {
        buffer_text(stage->out, i == 0 ? "" : ", ");
        sql_identifier(list->columns[i].name, stage->out);
    }
}

/* "PARTITION BY a, b" or nothing; with a blank behind it. */
static void partition(const SqlStage *stage, const ColumnList *groups)
{
    if (groups->count == 0)
        return;
    buffer_text(stage->out, "PARTITION BY ");
    list_names(stage, groups);
    buffer_byte(stage->out, ' ');
}

/* ---- filter ---- */

static Relation write_filter(SqlStage *stage)
{
    Source source = source_of(stage);
    Expression *condition = expression_condition(&source, stage->arena);
    bind(stage, condition, &stage->input);
    SqlScope scope = scope_of(stage, &stage->input);
    long limit = number_option(stage, "limit", -1);
    begin(stage, stage->name);
    buffer_byte(stage->out, '*');
    from(stage, &stage->input);
    buffer_text(stage->out,
                has_option(stage, "require") ? "\n    WHERE require((" : "\n    WHERE (");
    sql_condition(condition, &scope, stage->out);
    if (has_option(stage, "require")) {
        buffer_text(stage->out, "), ");
        sql_literal(span_of(arena_format(stage->arena, "the condition is not true: %s",
                                         stage_argument(stage->stage))),
                    stage->out);
        buffer_byte(stage->out, ')');
    } else {
        buffer_text(stage->out, has_option(stage, "invert") ? ") IS FALSE" : ") IS TRUE");
    }
    if (limit >= 0)
        buffer_format(stage->out, "\n    ORDER BY %s\n    LIMIT %ld", row_number(stage), limit);
    end(stage);
    return relation_copy(stage->name, &stage->input, 0, stage->arena);
}

/* ---- derive ---- */

static const Item *item_named(const ItemList *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].name, name) == 0)
            return &list->items[i];
    return NULL;
}

/* An item on a line of its own; its column is added, or takes the place of the one at hand. */
static void write_item(const SqlStage *stage, const Item *item, const SqlScope *scope,
                       Relation *result)
{
    buffer_text(stage->out, ",\n        ");
    SqlForm form =
        sql_cell(item->expression, scope, (int32_t)number_option(stage, "places", -1), stage->out);
    as(stage, item->name);
    size_t column = relation_find(result, item->name);
    if (column == COLUMN_NONE)
        relation_add(result, item->name, form);
    else
        result->columns[column].form = form;
}

/* The input's columns, those that an item replaces in their places. */
static void write_replaced(const SqlStage *stage, const ItemList *list, const SqlScope *scope,
                           Relation *result)
{
    sql_identifier(row_number(stage), stage->out);
    for (size_t i = 0; i < stage->input.count; i++) {
        const Item *item = item_named(list, stage->input.columns[i].name);
        if (item != NULL) {
            write_item(stage, item, scope, result);
            continue;
        }
        buffer_text(stage->out, ", ");
        sql_identifier(stage->input.columns[i].name, stage->out);
    }
}

static Relation write_derive(SqlStage *stage)
{
    Source source = source_of(stage);
    ItemList list = expression_derivations(&source, stage->arena);
    Relation result = relation_copy(stage->name, &stage->input, list.count, stage->arena);
    SqlScope scope = scope_of(stage, &stage->input);
    bool replaces = false;
    for (size_t i = 0; i < list.count; i++) {
        bind(stage, list.items[i].expression, &stage->input);
        replaces = replaces || relation_find(&stage->input, list.items[i].name) != COLUMN_NONE;
    }
    begin(stage, stage->name);
    if (replaces)
        write_replaced(stage, &list, &scope, &result);
    else
        buffer_byte(stage->out, '*');
    for (size_t i = 0; i < list.count; i++)
        if (relation_find(&stage->input, list.items[i].name) == COLUMN_NONE)
            write_item(stage, &list.items[i], &scope, &result);
    from(stage, &stage->input);
    end(stage);
    return result;
}

/* ---- aggregate ---- */

/* Columns outside of summaries must be group columns: found out as the filter does. */
static void check_summaries(const SqlStage *stage, const ColumnList *groups)
{
    Source source = source_of(stage);
    ItemList list = expression_summaries(&source, stage->arena);
    SummaryCalls calls = {0};
    for (size_t i = 0; i < list.count; i++)
        expression_take_summaries(list.items[i].expression, &calls, groups);
    free(calls.calls);
}

/* Groups come in the order of their first rows. */
static void write_first_row(const SqlStage *stage, const ColumnList *groups)
{
    if (groups->count == 0)
        buffer_text(stage->out, "1");
    else
        buffer_format(stage->out, "min(%s)", row_number(stage));
    as(stage, row_number(stage));
}

static void write_groups(const SqlStage *stage, const Relation *input, const ColumnList *groups,
                         Relation *result)
{
    for (size_t i = 0; i < groups->count; i++) {
        const SqlColumn *column = column_named(input, groups->columns[i].name, "-g");
        buffer_text(stage->out, ", ");
        sql_identifier(column->name, stage->out);
        relation_add(result, column->name, column->form);
    }
}

static void write_group_by(const SqlStage *stage, const ColumnList *groups)
{
    if (groups->count == 0)
        return;
    buffer_text(stage->out, "\n    GROUP BY ");
    list_names(stage, groups);
}

static Relation write_aggregate(SqlStage *stage)
{
    ColumnList groups = group_columns(stage);
    check_summaries(stage, &groups);
    Relation input = with_texts(stage, &groups, "-g");
    Source source = source_of(stage);
    ItemList list = expression_summaries(&source, stage->arena);
    Relation result = relation_make(stage->name, groups.count + list.count, stage->arena);
    SqlScope scope = scope_of(stage, &input);
    begin(stage, stage->name);
    write_first_row(stage, &groups);
    write_groups(stage, &input, &groups, &result);
    for (size_t i = 0; i < list.count; i++) {
        bind(stage, list.items[i].expression, &input);
        write_item(stage, &list.items[i], &scope, &result);
    }
    from(stage, &input);
    write_group_by(stage, &groups);
    end(stage);
    return result;
}

/* ---- share ---- */

typedef struct Share {
    ColumnList groups;
    Relation input;
    SqlColumn part;
    SqlScope scope;
    const char *name, *cumulative; /* of the new columns; NULL if there is none */
    long places;                   /* -1: as they come */
    const char *whole;             /* "1" or "100" */
} Share;

static Share share_read(SqlStage *stage)
{
    Share share = {.groups = group_columns(stage), .places = number_option(stage, "places", -1)};
    ColumnList column = columns_of(stage, stage_argument(stage->stage), "column", COLUMNS_PLAIN);
    if (column.count != 1)
        fail("column: one is wanted");
    share.input = with_texts(stage, &share.groups, "-g");
    share.scope = scope_of(stage, &share.input);
    share.part = *column_named(&share.input, column.columns[0].name, "column");
    share.name = option(stage, "as") == NULL ? "share" : option(stage, "as");
    share.whole = has_option(stage, "percent") ? "100" : "1";
    if (has_option(stage, "cumulative"))
        share.cumulative = arena_format(stage->arena, "%s_cumulative", share.name);
    return share;
}

/* What the part, or the sum of the parts up to it, is of the group's total: a ratio. */
static void share_of(const SqlStage *stage, const Share *share, bool running)
{
    Buffer part = {0};
    sql_column_number(&share->part, &share->scope, &part);
    buffer_text(stage->out, share->scope.invalid_missing ? "share_or_null(" : "share_of(");
    if (running)
        buffer_format(stage->out, "sum(%s) OVER (parts ORDER BY %s)", buffer_string(&part),
                      row_number(stage));
    else
        buffer_text(stage->out, buffer_string(&part));
    buffer_format(stage->out, ", sum(%s) OVER parts", buffer_string(&part));
    buffer_format(stage->out, ", min(%s) OVER parts, %s)", buffer_string(&part), share->whole);
    buffer_free(&part);
}

static void share_shown(const SqlStage *stage, const Share *share, bool running)
{
    buffer_text(stage->out, share->places < 0 ? "settle(" : "rounded(");
    share_of(stage, share, running);
    if (share->places >= 0)
        buffer_format(stage->out, ", %ld", share->places);
    buffer_byte(stage->out, ')');
}

static void share_window(const SqlStage *stage, const Share *share)
{
    buffer_text(stage->out, "\n    WINDOW parts AS (");
    partition(stage, &share->groups);
    buffer_byte(stage->out, ')');
}

/* Where the part is missing there is no sum up to it either. */
static void write_cumulative(const SqlStage *stage, const Share *share)
{
    buffer_text(stage->out, ",\n        CASE WHEN ");
    sql_column_number(&share->part, &share->scope, stage->out);
    buffer_text(stage->out, " IS NOT NULL THEN ");
    share_shown(stage, share, true);
    buffer_text(stage->out, " END");
    as(stage, share->cumulative);
}

static void write_plain_share(const SqlStage *stage, const Share *share)
{
    begin(stage, stage->name);
    buffer_text(stage->out, "*,\n        ");
    share_shown(stage, share, false);
    as(stage, share->name);
    if (share->cumulative != NULL)
        write_cumulative(stage, share);
    from(stage, &share->input);
    share_window(stage, share);
    end(stage);
}

/*
 * Every share is rounded down; what is then missing of the whole goes, a unit each, to those that
 * lost most.  Within a group that orders as what rounding took times the total, which is a decimal.
 */
static void write_largest_remainder(const SqlStage *stage, const Share *share)
{
    const char *p = stage->prefix, *name = stage->name;
    Buffer *out = stage->out;
    begin(stage, arena_format(stage->arena, "%s_exact", name));
    buffer_text(out, "*, ");
    share_of(stage, share, false);
    buffer_format(out, " AS %sexact", p);
    from(stage, &share->input);
    share_window(stage, share);
    end(stage);
    buffer_text(out, ", ");
    begin(stage, arena_format(stage->arena, "%s_floors", name));
    buffer_format(out, "*, floored(%sexact, %ld) AS %sfloor\n    FROM %s_exact\n), ", p,
                  share->places, p, name);
    begin(stage, arena_format(stage->arena, "%s_places", name));
    buffer_format(out, "*,\n        row_number() OVER (");
    partition(stage, &share->groups);
    buffer_format(out,
                  "ORDER BY (%sexact).n - %sfloor * (%sexact).d DESC NULLS LAST, %s) AS %splace", p,
                  p, p, row_number(stage), p);
    buffer_format(out, ",\n        (%s - sum(%sfloor) OVER (", share->whole, p);
    partition(stage, &share->groups);
    buffer_format(out, ")) * 1e%ld AS %sunits\n    FROM %s_floors\n), ", share->places, p, name);
    begin(stage, share->cumulative != NULL ? arena_format(stage->arena, "%s_shares", name) : name);
    sql_columns_write(stage, &share->input, NULL);
    buffer_format(out, ",\n        %sfloor + CASE WHEN %splace <= %sunits THEN 1e-%ld ELSE 0 END",
                  p, p, p, share->places);
    as(stage, share->name);
    buffer_format(out, "\n    FROM %s_places\n)", name);
    if (share->cumulative == NULL)
        return;
    buffer_text(out, ", ");
    begin(stage, name);
    buffer_text(out, "*, CASE WHEN ");
    sql_identifier(share->name, out);
    buffer_text(out, " IS NOT NULL THEN sum(");
    sql_identifier(share->name, out);
    buffer_text(out, ") OVER (");
    partition(stage, &share->groups);
    buffer_format(out, "ORDER BY %s) END", row_number(stage));
    as(stage, share->cumulative);
    buffer_format(out, "\n    FROM %s_shares\n)", name);
}

static Relation write_share(SqlStage *stage)
{
    Share share = share_read(stage);
    if (has_option(stage, "largest-remainder"))
        write_largest_remainder(stage, &share);
    else
        write_plain_share(stage, &share);
    Relation result = relation_copy(stage->name, &share.input, 2, stage->arena);
    relation_add(&result, share.name, SQL_NUMERIC);
    if (share.cumulative != NULL)
        relation_add(&result, share.cumulative, SQL_NUMERIC);
    return result;
}

/* ---- rank ---- */

typedef struct Rank {
    ItemList order;
    ColumnList groups, lag, lead;
    const char *method, *name,
        *tied; /* name: NULL with --order-only; tied: NULL if not asked for */
    long top;  /* -1: all */
    Relation input;
} Rank;

static Rank rank_read(SqlStage *stage)
{
    Source source = source_of(stage);
    Rank rank = {.order = expression_order(&source, stage->arena),
                 .groups = group_columns(stage),
                 .lag = columns_of(stage, option(stage, "lag"), "--lag", COLUMNS_PLAIN),
                 .lead = columns_of(stage, option(stage, "lead"), "--lead", COLUMNS_PLAIN),
                 .method = option(stage, "method"),
                 .name = option(stage, "as"),
                 .tied = option(stage, "tied"),
                 .top = number_option(stage, "top", -1)};
    rank.method = rank.method == NULL ? "competition" : rank.method;
    rank.name = has_option(stage, "order-only") ? NULL : rank.name == NULL ? "rank" : rank.name;
    rank.input = with_texts(stage, &rank.groups, "-g");
    return rank;
}

static const char *key_name(const SqlStage *stage, size_t number)
{
    return arena_format(stage->arena, "%skey_%zu", stage->prefix, number + 1);
}

/* The input with the keys of the order, and where each row's group first appeared. */
static void write_keys(const SqlStage *stage, const Rank *rank)
{
    SqlScope scope = scope_of(stage, &rank->input);
    begin(stage, arena_format(stage->arena, "%s_keys", stage->name));
    buffer_byte(stage->out, '*');
    for (size_t i = 0; i < rank->order.count; i++) {
        bind(stage, rank->order.items[i].expression, &rank->input);
        buffer_text(stage->out, ", ");
        sql_key(rank->order.items[i].expression, &scope, stage->out);
        as(stage, key_name(stage, i));
    }
    if (rank->groups.count != 0) {
        buffer_format(stage->out, ", min(%s) OVER (", row_number(stage));
        partition(stage, &rank->groups);
        buffer_format(stage->out, ") AS %sgroup", stage->prefix);
    }
    from(stage, &rank->input);
    end(stage);
    buffer_text(stage->out, ", ");
}

/* True for a row that has no rank because one of its keys is missing. */
static void write_missing(const SqlStage *stage, const Rank *rank)
{
    if (rank->order.count == 1) {
        buffer_format(stage->out, "%s IS NULL", key_name(stage, 0));
        return;
    }
    buffer_text(stage->out, "num_nulls(");
    for (size_t i = 0; i < rank->order.count; i++)
        buffer_format(stage->out, "%s%s", i == 0 ? "" : ", ", key_name(stage, i));
    buffer_text(stage->out, ") > 0");
}

/* Rows without a rank stand last, in the order in which they came whatever keys they have. */
static void write_missing_last(const SqlStage *stage, const Rank *rank)
{
    write_missing(stage, rank);
    if (rank->order.count > 1) {
        buffer_text(stage->out, ", CASE WHEN ");
        write_missing(stage, rank);
        buffer_format(stage->out, " THEN %s END", row_number(stage));
    }
}

static void write_order(const SqlStage *stage, const Rank *rank, bool directions)
{
    for (size_t i = 0; i < rank->order.count; i++)
        buffer_format(stage->out, "%s%s%s", i == 0 ? "" : ", ", key_name(stage, i),
                      directions && rank->order.items[i].descending ? " DESC" : "");
}

static void write_window(const SqlStage *stage, const Rank *rank, const char *name)
{
    bool line = strcmp(name, "line") == 0, counted = strcmp(name, "counted") == 0;
    bool tied = strcmp(name, "tied") == 0;
    buffer_format(stage->out, "%s AS (PARTITION BY ", name);
    list_names(stage, &rank->groups);
    buffer_text(stage->out, rank->groups.count == 0 || line ? "" : ", ");
    if (line)
        buffer_text(stage->out, rank->groups.count == 0 ? "true ORDER BY " : " ORDER BY ");
    (line ? write_missing_last : write_missing)(stage, rank);
    if (!counted) {
        buffer_text(stage->out, tied || line ? ", " : " ORDER BY ");
        write_order(stage, rank, !tied);
    }
    if (line || strcmp(name, "placed") == 0)
        buffer_format(stage->out, ", %s", row_number(stage));
    buffer_byte(stage->out, ')');
}

/*
 * The windows that what was written from `begun` on speaks of: `ranked` has ties as one, `placed`
 * tells them apart, `tied` is the ties, `counted` all rows that have a rank, `line` the group as it
 * stands in the result.
 */
static void write_windows(const SqlStage *stage, const Rank *rank, size_t begun)
{
    static const char *const names[] = {"ranked", "placed", "tied", "counted", "line"};
    bool used[5], any = false;
    for (size_t i = 0; i < 5; i++)
        used[i] = strstr(buffer_string(stage->out) + begun,
                         arena_format(stage->arena, " OVER %s", names[i])) != NULL;
    for (size_t i = 0; i < 5; i++) {
        if (!used[i])
            continue;
        buffer_text(stage->out, any ? ",\n        " : "\n    WINDOW ");
        write_window(stage, rank, names[i]);
        any = true;
    }
}

static const char *rank_function(const char *method)
{
    static const struct Method {
        const char *name, *function;
    } methods[] = {
        {"competition", "rank() OVER ranked"},
        {"dense", "dense_rank() OVER ranked"},
        {"ordinal", "row_number() OVER placed"},
        {"max", "rank() OVER ranked + count(*) OVER tied - 1"},
        {"average", "settle((2 * rank() OVER ranked + count(*) OVER tied - 1)::ratio / 2)"},
        /* One row alone stands at 0. */
        {"percent", "settle((rank() OVER ranked - 1)::ratio / greatest(count(*) OVER counted - 1, "
                    "1))"},
    };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (strcmp(methods[i].name, method) == 0)
            return methods[i].function;
    fail("--method: unknown: %s", method);
}

static void write_ranked(const SqlStage *stage, const Rank *rank, const char *function,
                         const char *name)
{
    buffer_text(stage->out, ",\n        CASE WHEN NOT (");
    write_missing(stage, rank);
    buffer_format(stage->out, ") THEN %s END", function);
    as(stage, name);
}

/* --lag and --lead: the cell in the row before or behind. */
static void write_neighbours(const SqlStage *stage, const Rank *rank, const ColumnList *list,
                             const char *way, Relation *result)
{
    for (size_t i = 0; i < list->count; i++) {
        char label[8] = "--";
        const SqlColumn *column =
            column_named(&rank->input, list->columns[i].name, strcat(label, way));
        const char *name = arena_format(stage->arena, "%s_%s", column->name, way);
        buffer_format(stage->out, ",\n        %s(", way);
        sql_identifier(column->name, stage->out);
        buffer_text(stage->out, ") OVER line");
        as(stage, name);
        relation_add(result, name, column->form);
    }
}

/* Rows past the top go when their neighbours have seen them. */
static void write_top(const SqlStage *stage, const Rank *rank, const Relation *result,
                      const char *all, const char *ranks)
{
    buffer_text(stage->out, ", ");
    begin(stage, stage->name);
    sql_columns_write(stage, result, NULL);
    buffer_text(stage->out, "\n    FROM ");
    sql_identifier(all, stage->out);
    buffer_text(stage->out, "\n    WHERE ");
    sql_identifier(ranks, stage->out);
    buffer_format(stage->out, " <= %ld", rank->top);
    end(stage);
}

static Relation write_rank(SqlStage *stage)
{
    Rank rank = rank_read(stage);
    size_t more = 2 + rank.lag.count + rank.lead.count;
    Relation result = relation_copy(stage->name, &rank.input, more, stage->arena);
    const char *all =
        rank.top < 0 ? stage->name : arena_format(stage->arena, "%s_all", stage->name);
    const char *ranks =
        rank.name != NULL ? rank.name : arena_format(stage->arena, "%srank", stage->prefix);
    bool whole = strcmp(rank.method, "average") != 0 && strcmp(rank.method, "percent") != 0;
    write_keys(stage, &rank);
    size_t begun = stage->out->size;
    begin(stage, all);
    buffer_format(stage->out, "row_number() OVER (ORDER BY ");
    if (rank.groups.count != 0)
        buffer_format(stage->out, "%sgroup, ", stage->prefix);
    write_missing_last(stage, &rank);
    buffer_text(stage->out, ", ");
    write_order(stage, &rank, true);
    buffer_format(stage->out, ", %s) AS %s", row_number(stage), row_number(stage));
    further_columns(stage, &rank.input, NULL);
    if (rank.name != NULL || rank.top >= 0)
        write_ranked(stage, &rank, rank_function(rank.method), ranks);
    if (rank.name != NULL)
        relation_add(&result, rank.name, whole ? SQL_INTEGER : SQL_NUMERIC);
    if (rank.tied != NULL) {
        bool ordinal = strcmp(rank.method, "ordinal") == 0;
        write_ranked(stage, &rank, ordinal ? "1" : "count(*) OVER tied", rank.tied);
        relation_add(&result, rank.tied, SQL_INTEGER);
    }
    write_neighbours(stage, &rank, &rank.lag, "lag", &result);
    write_neighbours(stage, &rank, &rank.lead, "lead", &result);
    buffer_format(stage->out, "\n    FROM %s_keys", stage->name);
    write_windows(stage, &rank, begun);
    end(stage);
    if (rank.top >= 0)
        write_top(stage, &rank, &result, all, ranks);
    return result;
}

/* ---- pick ---- */

static bool is_listed(const ColumnList *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->columns[i].name, name) == 0)
            return true;
    return false;
}

/* The columns that --except does not name. */
static ColumnList others(const SqlStage *stage, const ColumnList *list, const char *label)
{
    ColumnList rest = {arena_array(stage->arena, stage->input.count, sizeof *rest.columns), 0};
    for (size_t i = 0; i < list->count; i++)
        relation_require(&stage->input, list->columns[i].name, label);
    for (size_t i = 0; i < stage->input.count; i++)
        if (!is_listed(list, stage->input.columns[i].name))
            rest.columns[rest.count++] = (ColumnName){.name = stage->input.columns[i].name};
    return rest;
}

/* The columns that an argument names, or --except does not. */
static ColumnList chosen(const SqlStage *stage, ColumnSyntax syntax)
{
    const char *except = option(stage, "except");
    if (except == NULL)
        return columns_of(stage, stage_argument(stage->stage), "columns", syntax);
    ColumnList named = columns_of(stage, except, "--except", COLUMNS_PLAIN);
    return others(stage, &named, "--except");
}

static Relation write_pick(SqlStage *stage)
{
    ColumnList list = chosen(stage, COLUMNS_AS);
    Relation result = relation_make(stage->name, list.count, stage->arena);
    begin(stage, stage->name);
    sql_identifier(row_number(stage), stage->out);
    for (size_t i = 0; i < list.count; i++) {
        const ColumnName *name = &list.columns[i];
        const SqlColumn *column = column_named(&stage->input, name->name, "columns");
        relation_add(&result, name->as != NULL ? name->as : name->name, column->form);
        buffer_text(stage->out, ", ");
        sql_identifier(name->name, stage->out);
        if (name->as != NULL)
            as(stage, name->as);
    }
    from(stage, &stage->input);
    end(stage);
    return result;
}

/* ---- unpivot ---- */

static Relation write_unpivot(SqlStage *stage)
{
    ColumnList turned = chosen(stage, COLUMNS_PLAIN);
    ColumnList kept = others(stage, &turned, "columns");
    ColumnList into = columns_of(stage, option(stage, "into"), "--into", COLUMNS_PLAIN);
    Relation result = relation_make(stage->name, kept.count + 2, stage->arena);
    begin(stage, stage->name);
    buffer_format(stage->out, "row_number() OVER (ORDER BY wide.%s, long.place) AS %s",
                  row_number(stage), row_number(stage));
    for (size_t i = 0; i < kept.count; i++) {
        const SqlColumn *column = column_named(&stage->input, kept.columns[i].name, "columns");
        relation_add(&result, column->name, column->form);
        buffer_text(stage->out, ", ");
        qualified("wide", column->name, stage->out);
    }
    relation_add(&result, into.columns[0].name, SQL_TEXT);
    relation_add(&result, into.columns[1].name, SQL_TEXT);
    buffer_text(stage->out, ", long.name");
    as(stage, into.columns[0].name);
    buffer_text(stage->out, ", long.cell");
    as(stage, into.columns[1].name);
    from(stage, &stage->input);
    buffer_text(stage->out, " AS wide CROSS JOIN LATERAL (VALUES");
    for (size_t i = 0; i < turned.count; i++) {
        const SqlColumn *column = column_named(&stage->input, turned.columns[i].name, "columns");
        buffer_format(stage->out, "%s\n        (%zu, ", i == 0 ? "" : ",", i + 1);
        sql_literal(span_of(column->name), stage->out);
        buffer_text(stage->out, " COLLATE \"C\", wide.");
        sql_column_text(column, stage->out);
        buffer_byte(stage->out, ')');
    }
    buffer_text(stage->out, "\n    ) AS long (place, name, cell)");
    if (!has_option(stage, "keep-missing"))
        buffer_text(stage->out, "\n    WHERE long.cell IS NOT NULL");
    end(stage);
    return result;
}

/* ---- pivot ---- */

static const SqlColumn *column_alone(const SqlStage *stage, const char *text, const char *what)
{
    ColumnList list = columns_of(stage, text, what, COLUMNS_PLAIN);
    if (list.count != 1)
        fail("%s: one column is wanted", what);
    return column_named(&stage->input, list.columns[0].name, what);
}

/* Columns of SQL are there before the data: a name that is not among them is an error. */
static void write_known(const SqlStage *stage, const SqlColumn *name)
{
    buffer_text(stage->out, "\n    WHERE require(");
    sql_column_text(name, stage->out);
    buffer_text(stage->out, " IN (");
    for (size_t i = 0; i < stage->across_count; i++) {
        buffer_text(stage->out, i == 0 ? "" : ", ");
        sql_literal(span_of(stage->across[i]), stage->out);
    }
    buffer_text(stage->out, stage->across_count == 0 ? "NULL" : "");
    buffer_text(stage->out, "), 'a name for which this script has no column')");
}

static Relation write_pivot(SqlStage *stage)
{
    ColumnList groups = group_columns(stage);
    Relation given = stage->input;
    stage->input = with_texts(stage, &groups, "-g");
    const SqlColumn *name = column_alone(stage, stage_argument(stage->stage), "NAME");
    const SqlColumn *value = column_alone(stage, stage_second(stage->stage), "VALUE");
    Relation result = relation_make(stage->name, groups.count + stage->across_count, stage->arena);
    if (groups.count + stage->across_count == 0)
        fail("no row, so no column either");
    begin(stage, stage->name);
    write_first_row(stage, &groups);
    write_groups(stage, &stage->input, &groups, &result);
    for (size_t i = 0; i < stage->across_count; i++) {
        buffer_text(stage->out, ",\n        alone(array_agg(");
        sql_identifier(value->name, stage->out);
        buffer_text(stage->out, ") FILTER (WHERE ");
        sql_column_text(name, stage->out);
        buffer_text(stage->out, " = ");
        sql_literal(span_of(stage->across[i]), stage->out);
        buffer_text(stage->out, "))");
        as(stage, stage->across[i]);
        relation_add(&result, stage->across[i], value->form);
    }
    from(stage, &stage->input);
    write_known(stage, name);
    write_group_by(stage, &groups);
    end(stage);
    stage->input = given;
    return result;
}

/* ---- lookup ---- */

typedef struct Lookup {
    ColumnList keys, take;
    const char *unmatched; /* "error", "keep", "drop" or "only" */
    bool many;
} Lookup;

static const char *key_there(const ColumnName *key)
{
    return key->as != NULL ? key->as : key->name;
}

/* Without --take: all columns of the reference but its keys. */
static ColumnList all_but_keys(const SqlStage *stage, const ColumnList *keys)
{
    const Relation *reference = &stage->reference;
    ColumnList list = {arena_array(stage->arena, reference->count, sizeof *list.columns), 0};
    for (size_t i = 0; i < reference->count; i++) {
        bool key = false;
        for (size_t k = 0; k < keys->count; k++)
            key = key || strcmp(key_there(&keys->columns[k]), reference->columns[i].name) == 0;
        if (!key)
            list.columns[list.count++] = (ColumnName){.name = reference->columns[i].name};
    }
    return list;
}

static Lookup lookup_read(SqlStage *stage)
{
    Lookup lookup = {
        .keys = columns_of(stage, stage_argument(stage->stage), "keys", COLUMNS_EQUAL),
        .unmatched = option(stage, "unmatched"),
        .many = has_option(stage, "many"),
    };
    lookup.unmatched = lookup.unmatched == NULL ? "error" : lookup.unmatched;
    for (size_t i = 0; i < lookup.keys.count; i++) {
        relation_require(&stage->input, lookup.keys.columns[i].name, "keys");
        relation_require(&stage->reference, key_there(&lookup.keys.columns[i]), "keys");
    }
    if (strcmp(lookup.unmatched, "only") == 0)
        return lookup;
    lookup.take = option(stage, "take") != NULL
                      ? columns_of(stage, option(stage, "take"), "--take", COLUMNS_AS)
                      : all_but_keys(stage, &lookup.keys);
    return lookup;
}

static const SqlColumn *reference_key(const SqlStage *stage, const Lookup *lookup, size_t number)
{
    return column_named(&stage->reference, key_there(&lookup->keys.columns[number]), "keys");
}

static void write_side(const SqlStage *stage, const char *qualifier, const SqlColumn *column)
{
    buffer_format(stage->out, "%s.", qualifier);
    sql_column_text(column, stage->out);
}

static void write_match(const SqlStage *stage, const Lookup *lookup)
{
    for (size_t i = 0; i < lookup->keys.count; i++) {
        const ColumnName *key = &lookup->keys.columns[i];
        buffer_text(stage->out, i == 0 ? "" : " AND ");
        write_side(stage, "input", column_named(&stage->input, key->name, "keys"));
        buffer_text(stage->out, " = ");
        write_side(stage, "reference", reference_key(stage, lookup, i));
    }
}

/* Whether some key has two rows; one of which a part is missing is no key. */
static void write_unique(const SqlStage *stage, const Lookup *lookup)
{
    Buffer *out = stage->out;
    buffer_text(out, "require(NOT EXISTS (SELECT FROM ");
    sql_identifier(stage->reference.name, out);
    buffer_text(out, " GROUP BY ");
    for (size_t i = 0; i < lookup->keys.count; i++) {
        buffer_text(out, i == 0 ? "" : ", ");
        sql_column_text(reference_key(stage, lookup, i), out);
    }
    buffer_text(out, " HAVING count(*) > 1");
    for (size_t i = 0; i < lookup->keys.count; i++) {
        buffer_text(out, " AND ");
        sql_column_text(reference_key(stage, lookup, i), out);
        buffer_text(out, " IS NOT NULL");
    }
    buffer_text(out, "), ");
    sql_literal(
        span_of(arena_format(stage->arena, "two rows for one key in %s", stage->reference.name)),
        out);
    buffer_byte(out, ')');
}

static void write_matched(const SqlStage *stage, const Lookup *lookup)
{
    buffer_format(stage->out, "require(reference.%s IS NOT NULL, concat_ws(', ', ",
                  row_number(stage));
    sql_literal(span_of(arena_format(stage->arena, "no match in %s for", stage->reference.name)),
                stage->out);
    for (size_t i = 0; i < lookup->keys.count; i++) {
        buffer_text(stage->out, ", ");
        qualified("input", lookup->keys.columns[i].name, stage->out);
    }
    buffer_text(stage->out, "))");
}

static void write_only(const SqlStage *stage, const Lookup *lookup)
{
    begin(stage, stage->name);
    buffer_byte(stage->out, '*');
    from(stage, &stage->input);
    buffer_text(stage->out, " AS input\n    WHERE NOT EXISTS (SELECT FROM ");
    sql_identifier(stage->reference.name, stage->out);
    buffer_text(stage->out, " AS reference WHERE ");
    write_match(stage, lookup);
    buffer_byte(stage->out, ')');
    end(stage);
}

static void write_join(const SqlStage *stage, const Lookup *lookup, Relation *result)
{
    begin(stage, stage->name);
    if (lookup->many)
        buffer_format(stage->out, "row_number() OVER (ORDER BY input.%s, reference.%s) AS %s",
                      row_number(stage), row_number(stage), row_number(stage));
    else
        qualified("input", row_number(stage), stage->out);
    further_columns(stage, &stage->input, "input");
    for (size_t i = 0; i < lookup->take.count; i++) {
        const ColumnName *name = &lookup->take.columns[i];
        const SqlColumn *column = column_named(&stage->reference, name->name, "--take");
        relation_add(result, name->as != NULL ? name->as : name->name, column->form);
        buffer_text(stage->out, ", ");
        qualified("reference", name->name, stage->out);
        if (name->as != NULL)
            as(stage, name->as);
    }
    from(stage, &stage->input);
    bool inner = strcmp(lookup->unmatched, "drop") == 0;
    buffer_text(stage->out, inner ? " AS input JOIN " : " AS input LEFT JOIN ");
    sql_identifier(stage->reference.name, stage->out);
    buffer_text(stage->out, " AS reference ON ");
    write_match(stage, lookup);
    bool all = strcmp(lookup->unmatched, "error") == 0;
    if (all || !lookup->many)
        buffer_text(stage->out, "\n    WHERE ");
    if (!lookup->many)
        write_unique(stage, lookup);
    if (all && !lookup->many)
        buffer_text(stage->out, "\n        AND ");
    if (all)
        write_matched(stage, lookup);
    end(stage);
}

static Relation write_lookup(SqlStage *stage)
{
    Lookup lookup = lookup_read(stage);
    Relation result = relation_copy(stage->name, &stage->input, lookup.take.count, stage->arena);
    if (strcmp(lookup.unmatched, "only") == 0)
        write_only(stage, &lookup);
    else
        write_join(stage, &lookup, &result);
    return result;
}

/* ---- all of them ---- */

static const struct Writer {
    const Specification *filter;
    Relation (*write)(SqlStage *stage);
} writers[] = {
    {&aggregate_specification, write_aggregate}, {&derive_specification, write_derive},
    {&filter_specification, write_filter},       {&lookup_specification, write_lookup},
    {&pick_specification, write_pick},           {&pivot_specification, write_pivot},
    {&rank_specification, write_rank},           {&share_specification, write_share},
    {&unpivot_specification, write_unpivot},
};

Relation sql_stage_write(SqlStage *stage)
{
    if (has_option(stage, "delimiter"))
        fail("-d has no meaning in PostgreSQL, where tables have no delimiters");
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        if (writers[i].filter == stage->stage->filter)
            return writers[i].write(stage);
    fail("%s has no form in SQL", stage->stage->filter->name);
}
