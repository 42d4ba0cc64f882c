/* lookup. */

#include <string.h>

#include "base/diagnostic.h"
#include "emit/sql_clause.h"
#include "warrant/invocation.h"

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
        .keys = clause_list(stage, stage_argument(stage->stage), "keys", COLUMNS_EQUAL),
        .unmatched = clause_option(stage, "unmatched"),
        .many = clause_has(stage, "many"),
    };
    lookup.unmatched = lookup.unmatched == NULL ? "error" : lookup.unmatched;
    for (size_t i = 0; i < lookup.keys.count; i++) {
        relation_require(&stage->input, lookup.keys.columns[i].name, "keys");
        relation_require(&stage->reference, key_there(&lookup.keys.columns[i]), "keys");
    }
    if (strcmp(lookup.unmatched, "only") == 0)
        return lookup;
    lookup.take = clause_option(stage, "take") != NULL
                      ? clause_list(stage, clause_option(stage, "take"), "--take", COLUMNS_AS)
                      : all_but_keys(stage, &lookup.keys);
    return lookup;
}

static const SqlColumn *reference_key(const SqlStage *stage, const Lookup *lookup, size_t number)
{
    return clause_column(&stage->reference, key_there(&lookup->keys.columns[number]), "keys");
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
        write_side(stage, "input", clause_column(&stage->input, key->name, "keys"));
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
                  clause_row_number(stage));
    sql_literal(span_of(arena_format(stage->arena, "no match in %s for", stage->reference.name)),
                stage->out);
    for (size_t i = 0; i < lookup->keys.count; i++) {
        buffer_text(stage->out, ", ");
        clause_qualified("input", lookup->keys.columns[i].name, stage->out);
    }
    buffer_text(stage->out, "))");
}

static void write_only(const SqlStage *stage, const Lookup *lookup)
{
    clause_begin(stage, stage->name);
    buffer_byte(stage->out, '*');
    clause_from(stage, &stage->input);
    buffer_text(stage->out, " AS input\n    WHERE NOT EXISTS (SELECT FROM ");
    sql_identifier(stage->reference.name, stage->out);
    buffer_text(stage->out, " AS reference WHERE ");
    write_match(stage, lookup);
    buffer_byte(stage->out, ')');
    clause_end(stage);
}

static void write_join(const SqlStage *stage, const Lookup *lookup, Relation *result)
{
    clause_begin(stage, stage->name);
    if (lookup->many)
        buffer_format(stage->out, "row_number() OVER (ORDER BY input.%s, reference.%s) AS %s",
                      clause_row_number(stage), clause_row_number(stage), clause_row_number(stage));
    else
        clause_qualified("input", clause_row_number(stage), stage->out);
    clause_columns(stage, &stage->input, "input");
    for (size_t i = 0; i < lookup->take.count; i++) {
        const ColumnName *name = &lookup->take.columns[i];
        const SqlColumn *column = clause_column(&stage->reference, name->name, "--take");
        relation_add(result, name->as != NULL ? name->as : name->name, column->form);
        buffer_text(stage->out, ", ");
        clause_qualified("reference", name->name, stage->out);
        if (name->as != NULL)
            clause_as(stage, name->as);
    }
    clause_from(stage, &stage->input);
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
    clause_end(stage);
}

Relation sql_lookup(SqlStage *stage)
{
    Lookup lookup = lookup_read(stage);
    Relation result = relation_copy(stage->name, &stage->input, lookup.take.count, stage->arena);
    if (strcmp(lookup.unmatched, "only") == 0)
        write_only(stage, &lookup);
    else
        write_join(stage, &lookup, &result);
    return result;
}
