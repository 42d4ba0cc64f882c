/* One row for each group: aggregate, pivot. */

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "emit/sql_clause.h"
#include "warrant/invocation.h"

/* ---- aggregate ---- */

/* Columns outside of summaries must be group columns: found out as the filter does. */
static void check_summaries(const SqlStage *stage, const ColumnList *groups)
{
    Source source = clause_source(stage);
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
        buffer_format(stage->out, "min(%s)", clause_row_number(stage));
    clause_as(stage, clause_row_number(stage));
}

static void write_groups(const SqlStage *stage, const Relation *input, const ColumnList *groups,
                         Relation *result)
{
    for (size_t i = 0; i < groups->count; i++) {
        const SqlColumn *column = clause_column(input, groups->columns[i].name, "-g");
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
    clause_names(stage, groups);
}

Relation sql_aggregate(SqlStage *stage)
{
    ColumnList groups = clause_groups(stage);
    check_summaries(stage, &groups);
    Relation input = clause_texts(stage, &groups, "-g");
    Source source = clause_source(stage);
    ItemList list = expression_summaries(&source, stage->arena);
    Relation result = relation_make(stage->name, groups.count + list.count, stage->arena);
    SqlScope scope = clause_scope(stage, &input);
    clause_begin(stage, stage->name);
    write_first_row(stage, &groups);
    write_groups(stage, &input, &groups, &result);
    for (size_t i = 0; i < list.count; i++) {
        clause_bind(stage, list.items[i].expression, &input);
        clause_item(stage, &list.items[i], &scope, &result);
    }
    clause_from(stage, &input);
    write_group_by(stage, &groups);
    clause_end(stage);
    return result;
}

/* ---- pivot ---- */

static const SqlColumn *column_alone(const SqlStage *stage, const char *text, const char *what)
{
    ColumnList list = clause_list(stage, text, what, COLUMNS_PLAIN);
    if (list.count != 1)
        fail("%s: one column is wanted", what);
    return clause_column(&stage->input, list.columns[0].name, what);
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

Relation sql_pivot(SqlStage *stage)
{
    ColumnList groups = clause_groups(stage);
    Relation given = stage->input;
    stage->input = clause_texts(stage, &groups, "-g");
    const SqlColumn *name = column_alone(stage, stage_argument(stage->stage), "NAME");
    const SqlColumn *value = column_alone(stage, stage_second(stage->stage), "VALUE");
    Relation result = relation_make(stage->name, groups.count + stage->across_count, stage->arena);
    if (groups.count + stage->across_count == 0)
        fail("no row, so no column either");
    clause_begin(stage, stage->name);
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
        clause_as(stage, stage->across[i]);
        relation_add(&result, stage->across[i], value->form);
    }
    clause_from(stage, &stage->input);
    write_known(stage, name);
    write_group_by(stage, &groups);
    clause_end(stage);
    stage->input = given;
    return result;
}
