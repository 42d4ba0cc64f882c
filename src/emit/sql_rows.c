/* Row by row: filter, derive, pick, unpivot. */

#include <string.h>

#include "base/diagnostic.h"
#include "emit/sql_clause.h"
#include "warrant/invocation.h"

/* ---- filter ---- */

Relation sql_filter(SqlStage *stage)
{
    Source source = clause_source(stage);
    Expression *condition = expression_condition(&source, stage->arena);
    clause_bind(stage, condition, &stage->input);
    SqlScope scope = clause_scope(stage, &stage->input);
    long limit = clause_number(stage, "limit", -1);
    clause_begin(stage, stage->name);
    buffer_byte(stage->out, '*');
    clause_from(stage, &stage->input);
    buffer_text(stage->out,
                clause_has(stage, "require") ? "\n    WHERE require((" : "\n    WHERE (");
    sql_condition(condition, &scope, stage->out);
    if (clause_has(stage, "require")) {
        buffer_text(stage->out, "), ");
        sql_literal(span_of(arena_format(stage->arena, "the condition is not true: %s",
                                         stage_argument(stage->stage))),
                    stage->out);
        buffer_byte(stage->out, ')');
    } else {
        buffer_text(stage->out, clause_has(stage, "invert") ? ") IS FALSE" : ") IS TRUE");
    }
    if (limit >= 0)
        buffer_format(stage->out, "\n    ORDER BY %s\n    LIMIT %ld", clause_row_number(stage),
                      limit);
    clause_end(stage);
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

/* The input's columns, those that an item replaces in their places. */
static void write_replaced(const SqlStage *stage, const ItemList *list, const SqlScope *scope,
                           Relation *result)
{
    sql_identifier(clause_row_number(stage), stage->out);
    for (size_t i = 0; i < stage->input.count; i++) {
        const Item *item = item_named(list, stage->input.columns[i].name);
        if (item != NULL) {
            clause_item(stage, item, scope, result);
            continue;
        }
        buffer_text(stage->out, ", ");
        sql_identifier(stage->input.columns[i].name, stage->out);
    }
}

Relation sql_derive(SqlStage *stage)
{
    Source source = clause_source(stage);
    ItemList list = expression_derivations(&source, stage->arena);
    Relation result = relation_copy(stage->name, &stage->input, list.count, stage->arena);
    SqlScope scope = clause_scope(stage, &stage->input);
    bool replaces = false;
    for (size_t i = 0; i < list.count; i++) {
        clause_bind(stage, list.items[i].expression, &stage->input);
        replaces = replaces || relation_find(&stage->input, list.items[i].name) != COLUMN_NONE;
    }
    clause_begin(stage, stage->name);
    if (replaces)
        write_replaced(stage, &list, &scope, &result);
    else
        buffer_byte(stage->out, '*');
    for (size_t i = 0; i < list.count; i++)
        if (relation_find(&stage->input, list.items[i].name) == COLUMN_NONE)
            clause_item(stage, &list.items[i], &scope, &result);
    clause_from(stage, &stage->input);
    clause_end(stage);
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
    const char *except = clause_option(stage, "except");
    if (except == NULL)
        return clause_list(stage, stage_argument(stage->stage), "columns", syntax);
    ColumnList named = clause_list(stage, except, "--except", COLUMNS_PLAIN);
    return others(stage, &named, "--except");
}

Relation sql_pick(SqlStage *stage)
{
    ColumnList list = chosen(stage, COLUMNS_AS);
    Relation result = relation_make(stage->name, list.count, stage->arena);
    clause_begin(stage, stage->name);
    sql_identifier(clause_row_number(stage), stage->out);
    for (size_t i = 0; i < list.count; i++) {
        const ColumnName *name = &list.columns[i];
        const SqlColumn *column = clause_column(&stage->input, name->name, "columns");
        relation_add(&result, name->as != NULL ? name->as : name->name, column->form);
        buffer_text(stage->out, ", ");
        sql_identifier(name->name, stage->out);
        if (name->as != NULL)
            clause_as(stage, name->as);
    }
    clause_from(stage, &stage->input);
    clause_end(stage);
    return result;
}

/* ---- unpivot ---- */

Relation sql_unpivot(SqlStage *stage)
{
    ColumnList turned = chosen(stage, COLUMNS_PLAIN);
    ColumnList kept = others(stage, &turned, "columns");
    ColumnList into = clause_list(stage, clause_option(stage, "into"), "--into", COLUMNS_PLAIN);
    Relation result = relation_make(stage->name, kept.count + 2, stage->arena);
    clause_begin(stage, stage->name);
    buffer_format(stage->out, "row_number() OVER (ORDER BY wide.%s, long.place) AS %s",
                  clause_row_number(stage), clause_row_number(stage));
    for (size_t i = 0; i < kept.count; i++) {
        const SqlColumn *column = clause_column(&stage->input, kept.columns[i].name, "columns");
        relation_add(&result, column->name, column->form);
        buffer_text(stage->out, ", ");
        clause_qualified("wide", column->name, stage->out);
    }
    relation_add(&result, into.columns[0].name, SQL_TEXT);
    relation_add(&result, into.columns[1].name, SQL_TEXT);
    buffer_text(stage->out, ", long.name");
    clause_as(stage, into.columns[0].name);
    buffer_text(stage->out, ", long.cell");
    clause_as(stage, into.columns[1].name);
    clause_from(stage, &stage->input);
    buffer_text(stage->out, " AS wide CROSS JOIN LATERAL (VALUES");
    for (size_t i = 0; i < turned.count; i++) {
        const SqlColumn *column = clause_column(&stage->input, turned.columns[i].name, "columns");
        buffer_format(stage->out, "%s\n        (%zu, ", i == 0 ? "" : ",", i + 1);
        sql_literal(span_of(column->name), stage->out);
        buffer_text(stage->out, " COLLATE \"C\", wide.");
        sql_column_text(column, stage->out);
        buffer_byte(stage->out, ')');
    }
    buffer_text(stage->out, "\n    ) AS long (place, name, cell)");
    if (!clause_has(stage, "keep-missing"))
        buffer_text(stage->out, "\n    WHERE long.cell IS NOT NULL");
    clause_end(stage);
    return result;
}
