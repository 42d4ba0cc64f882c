/* share. */

#include <string.h>

#include "base/diagnostic.h"
#include "emit/sql_clause.h"
#include "warrant/invocation.h"

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
    Share share = {.groups = clause_groups(stage), .places = clause_number(stage, "places", -1)};
    ColumnList column = clause_list(stage, stage_argument(stage->stage), "column", COLUMNS_PLAIN);
    if (column.count != 1)
        fail("column: one is wanted");
    share.input = clause_texts(stage, &share.groups, "-g");
    share.scope = clause_scope(stage, &share.input);
    share.part = *clause_column(&share.input, column.columns[0].name, "column");
    share.name = clause_option(stage, "as") == NULL ? "share" : clause_option(stage, "as");
    share.whole = clause_has(stage, "percent") ? "100" : "1";
    if (clause_has(stage, "cumulative"))
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
                      clause_row_number(stage));
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
    clause_partition(stage, &share->groups);
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
    clause_as(stage, share->cumulative);
}

static void write_plain_share(const SqlStage *stage, const Share *share)
{
    clause_begin(stage, stage->name);
    buffer_text(stage->out, "*,\n        ");
    share_shown(stage, share, false);
    clause_as(stage, share->name);
    if (share->cumulative != NULL)
        write_cumulative(stage, share);
    clause_from(stage, &share->input);
    share_window(stage, share);
    clause_end(stage);
}

/*
 * Every share is rounded down; what is then missing of the whole goes, a unit each, to those that
 * lost most.  Within a group that orders as what rounding took times the total, which is a decimal.
 */
static void write_largest_remainder(const SqlStage *stage, const Share *share)
{
    const char *p = stage->prefix, *name = stage->name;
    Buffer *out = stage->out;
    clause_begin(stage, arena_format(stage->arena, "%s_exact", name));
    buffer_text(out, "*, ");
    share_of(stage, share, false);
    buffer_format(out, " AS %sexact", p);
    clause_from(stage, &share->input);
    share_window(stage, share);
    clause_end(stage);
    buffer_text(out, ", ");
    clause_begin(stage, arena_format(stage->arena, "%s_floors", name));
    buffer_format(out, "*, floored(%sexact, %ld) AS %sfloor\n    FROM %s_exact\n), ", p,
                  share->places, p, name);
    clause_begin(stage, arena_format(stage->arena, "%s_places", name));
    buffer_format(out, "*,\n        row_number() OVER (");
    clause_partition(stage, &share->groups);
    buffer_format(out,
                  "ORDER BY (%sexact).n - %sfloor * (%sexact).d DESC NULLS LAST, %s) AS %splace", p,
                  p, p, clause_row_number(stage), p);
    buffer_format(out, ",\n        (%s - sum(%sfloor) OVER (", share->whole, p);
    clause_partition(stage, &share->groups);
    buffer_format(out, ")) * 1e%ld AS %sunits\n    FROM %s_floors\n), ", share->places, p, name);
    clause_begin(stage,
                 share->cumulative != NULL ? arena_format(stage->arena, "%s_shares", name) : name);
    clause_all_columns(stage, &share->input, NULL);
    buffer_format(out, ",\n        %sfloor + CASE WHEN %splace <= %sunits THEN 1e-%ld ELSE 0 END",
                  p, p, p, share->places);
    clause_as(stage, share->name);
    buffer_format(out, "\n    FROM %s_places\n)", name);
    if (share->cumulative == NULL)
        return;
    buffer_text(out, ", ");
    clause_begin(stage, name);
    buffer_text(out, "*, CASE WHEN ");
    sql_identifier(share->name, out);
    buffer_text(out, " IS NOT NULL THEN sum(");
    sql_identifier(share->name, out);
    buffer_text(out, ") OVER (");
    clause_partition(stage, &share->groups);
    buffer_format(out, "ORDER BY %s) END", clause_row_number(stage));
    clause_as(stage, share->cumulative);
    buffer_format(out, "\n    FROM %s_shares\n)", name);
}

Relation sql_share(SqlStage *stage)
{
    Share share = share_read(stage);
    if (clause_has(stage, "largest-remainder"))
        write_largest_remainder(stage, &share);
    else
        write_plain_share(stage, &share);
    Relation result = relation_copy(stage->name, &share.input, 2, stage->arena);
    relation_add(&result, share.name, SQL_NUMERIC);
    if (share.cumulative != NULL)
        relation_add(&result, share.cumulative, SQL_NUMERIC);
    return result;
}
