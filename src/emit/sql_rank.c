/* rank. */

#include <string.h>

#include "base/diagnostic.h"
#include "emit/sql_clause.h"
#include "warrant/invocation.h"

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
    Source source = clause_source(stage);
    Rank rank = {.order = expression_order(&source, stage->arena),
                 .groups = clause_groups(stage),
                 .lag = clause_list(stage, clause_option(stage, "lag"), "--lag", COLUMNS_PLAIN),
                 .lead = clause_list(stage, clause_option(stage, "lead"), "--lead", COLUMNS_PLAIN),
                 .method = clause_option(stage, "method"),
                 .name = clause_option(stage, "as"),
                 .tied = clause_option(stage, "tied"),
                 .top = clause_number(stage, "top", -1)};
    rank.method = rank.method == NULL ? "competition" : rank.method;
    rank.name = clause_has(stage, "order-only") ? NULL : rank.name == NULL ? "rank" : rank.name;
    rank.input = clause_texts(stage, &rank.groups, "-g");
    return rank;
}

static const char *key_name(const SqlStage *stage, size_t number)
{
    return arena_format(stage->arena, "%skey_%zu", stage->prefix, number + 1);
}

/* The input with the keys of the order, and where each row's group first appeared. */
static void write_keys(const SqlStage *stage, const Rank *rank)
{
    SqlScope scope = clause_scope(stage, &rank->input);
    clause_begin(stage, arena_format(stage->arena, "%s_keys", stage->name));
    buffer_byte(stage->out, '*');
    for (size_t i = 0; i < rank->order.count; i++) {
        clause_bind(stage, rank->order.items[i].expression, &rank->input);
        buffer_text(stage->out, ", ");
        sql_key(rank->order.items[i].expression, &scope, stage->out);
        clause_as(stage, key_name(stage, i));
    }
    if (rank->groups.count != 0) {
        buffer_format(stage->out, ", min(%s) OVER (", clause_row_number(stage));
        clause_partition(stage, &rank->groups);
        buffer_format(stage->out, ") AS %sgroup", stage->prefix);
    }
    clause_from(stage, &rank->input);
    clause_end(stage);
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
        buffer_format(stage->out, " THEN %s END", clause_row_number(stage));
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
    clause_names(stage, &rank->groups);
    buffer_text(stage->out, rank->groups.count == 0 || line ? "" : ", ");
    if (line)
        buffer_text(stage->out, rank->groups.count == 0 ? "true ORDER BY " : " ORDER BY ");
    (line ? write_missing_last : write_missing)(stage, rank);
    if (!counted) {
        buffer_text(stage->out, tied || line ? ", " : " ORDER BY ");
        write_order(stage, rank, !tied);
    }
    if (line || strcmp(name, "placed") == 0)
        buffer_format(stage->out, ", %s", clause_row_number(stage));
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
    clause_as(stage, name);
}

/* --lag and --lead: the cell in the row before or behind. */
static void write_neighbours(const SqlStage *stage, const Rank *rank, const ColumnList *list,
                             const char *way, Relation *result)
{
    for (size_t i = 0; i < list->count; i++) {
        char label[8] = "--";
        const SqlColumn *column =
            clause_column(&rank->input, list->columns[i].name, strcat(label, way));
        const char *name = arena_format(stage->arena, "%s_%s", column->name, way);
        buffer_format(stage->out, ",\n        %s(", way);
        sql_identifier(column->name, stage->out);
        buffer_text(stage->out, ") OVER line");
        clause_as(stage, name);
        relation_add(result, name, column->form);
    }
}

/* Rows past the top go when their neighbours have seen them. */
static void write_top(const SqlStage *stage, const Rank *rank, const Relation *result,
                      const char *all, const char *ranks)
{
    buffer_text(stage->out, ", ");
    clause_begin(stage, stage->name);
    clause_all_columns(stage, result, NULL);
    buffer_text(stage->out, "\n    FROM ");
    sql_identifier(all, stage->out);
    buffer_text(stage->out, "\n    WHERE ");
    sql_identifier(ranks, stage->out);
    buffer_format(stage->out, " <= %ld", rank->top);
    clause_end(stage);
}

Relation sql_rank(SqlStage *stage)
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
    clause_begin(stage, all);
    buffer_format(stage->out, "row_number() OVER (ORDER BY ");
    if (rank.groups.count != 0)
        buffer_format(stage->out, "%sgroup, ", stage->prefix);
    write_missing_last(stage, &rank);
    buffer_text(stage->out, ", ");
    write_order(stage, &rank, true);
    buffer_format(stage->out, ", %s) AS %s", clause_row_number(stage), clause_row_number(stage));
    clause_columns(stage, &rank.input, NULL);
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
    clause_end(stage);
    if (rank.top >= 0)
        write_top(stage, &rank, &result, all, ranks);
    return result;
}
