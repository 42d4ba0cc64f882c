#include "emit/sql_clause.h"

#include <stdlib.h>
#include <string.h>

#include "warrant/invocation.h"

const char *sql_row_number(const char *prefix, Arena *arena)
{
    return arena_format(arena, "%sno", prefix);
}

const char *clause_row_number(const SqlStage *stage)
{
    return sql_row_number(stage->prefix, stage->arena);
}

void clause_begin(const SqlStage *stage, const char *name)
{
    sql_identifier(name, stage->out);
    buffer_text(stage->out, " AS MATERIALIZED (\n    SELECT ");
}

void clause_end(const SqlStage *stage)
{
    buffer_text(stage->out, "\n)");
}

void clause_from(const SqlStage *stage, const Relation *relation)
{
    buffer_text(stage->out, "\n    FROM ");
    sql_identifier(relation->name, stage->out);
}

void clause_qualified(const char *qualifier, const char *name, Buffer *out)
{
    if (qualifier != NULL)
        buffer_format(out, "%s.", qualifier);
    sql_identifier(name, out);
}

void clause_columns(const SqlStage *stage, const Relation *relation, const char *qualifier)
{
    for (size_t i = 0; i < relation->count; i++) {
        buffer_text(stage->out, ", ");
        clause_qualified(qualifier, relation->columns[i].name, stage->out);
    }
}

void clause_all_columns(const SqlStage *stage, const Relation *relation, const char *qualifier)
{
    clause_qualified(qualifier, clause_row_number(stage), stage->out);
    clause_columns(stage, relation, qualifier);
}

void clause_as(const SqlStage *stage, const char *name)
{
    buffer_text(stage->out, " AS ");
    sql_identifier(name, stage->out);
}

const char *clause_option(const SqlStage *stage, const char *name)
{
    return stage_option(stage->stage, name);
}

bool clause_has(const SqlStage *stage, const char *name)
{
    return stage_has_option(stage->stage, name);
}

long clause_number(const SqlStage *stage, const char *name, long otherwise)
{
    const char *text = clause_option(stage, name);
    return text == NULL ? otherwise : strtol(text, NULL, 10);
}

ColumnList clause_list(const SqlStage *stage, const char *text, const char *label,
                       ColumnSyntax syntax)
{
    ColumnList none = {0};
    return text == NULL ? none : expression_columns(text, label, syntax, stage->arena);
}

ColumnList clause_groups(const SqlStage *stage)
{
    return clause_list(stage, clause_option(stage, "group"), "-g", COLUMNS_PLAIN);
}

Source clause_source(const SqlStage *stage)
{
    return (Source){stage_argument(stage->stage), stage->stage->filter->label, stage->parameters};
}

SqlScope clause_scope(const SqlStage *stage, const Relation *relation)
{
    const char *invalid = clause_option(stage, "invalid");
    return (SqlScope){.columns = relation->columns,
                      .count = relation->count,
                      .order = clause_row_number(stage),
                      .invalid_missing = invalid != NULL && strcmp(invalid, "missing") == 0};
}

void clause_bind(const SqlStage *stage, Expression *expression, const Relation *relation)
{
    Header header = relation_header(relation, stage->arena);
    expression_bind(expression, &header, relation->name);
}

const SqlColumn *clause_column(const Relation *relation, const char *name, const char *label)
{
    return &relation->columns[relation_require(relation, name, label)];
}

Relation clause_texts(const SqlStage *stage, const ColumnList *list, const char *label)
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
    clause_begin(stage, texts.name);
    sql_identifier(clause_row_number(stage), stage->out);
    for (size_t i = 0; i < texts.count; i++) {
        const SqlColumn *column = &stage->input.columns[i];
        bool turned = column->form != texts.columns[i].form;
        buffer_text(stage->out, ", ");
        if (turned)
            sql_column_text(column, stage->out);
        else
            sql_identifier(column->name, stage->out);
        if (turned)
            clause_as(stage, column->name);
    }
    clause_from(stage, &stage->input);
    clause_end(stage);
    buffer_text(stage->out, ", ");
    return texts;
}

void clause_names(const SqlStage *stage, const ColumnList *list)
{
    for (size_t i = 0; i < list->count; i++) {
        buffer_text(stage->out, i == 0 ? "" : ", ");
        sql_identifier(list->columns[i].name, stage->out);
    }
}

void clause_partition(const SqlStage *stage, const ColumnList *groups)
{
    if (groups->count == 0)
        return;
    buffer_text(stage->out, "PARTITION BY ");
    clause_names(stage, groups);
    buffer_byte(stage->out, ' ');
}

void clause_item(const SqlStage *stage, const Item *item, const SqlScope *scope, Relation *result)
{
    buffer_text(stage->out, ",\n        ");
    SqlForm form =
        sql_cell(item->expression, scope, (int32_t)clause_number(stage, "places", -1), stage->out);
    clause_as(stage, item->name);
    size_t column = relation_find(result, item->name);
    if (column == COLUMN_NONE)
        relation_add(result, item->name, form);
    else
        result->columns[column].form = form;
}
