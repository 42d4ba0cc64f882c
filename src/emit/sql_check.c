#include "emit/sql_check.h"

#include <string.h>

#include "warrant/interval.h"
#include "warrant/judge.h"
#include "warrant/lineage.h"

typedef struct Checking {
    const Script *script;
    Setting setting; /* with the claim's own reading */
    const Relation *(*table)(void *context, const char *name);
    void *context;
    const Claim *claim;
    const Check *check;
    Buffer *out;
} Checking;

static bool same_values(const Parameters *a, const Parameters *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; i < a->count && same; i++) {
        Buffer one = {0}, other = {0};
        parameter_write(&a->items[i], &one);
        parameter_write(&b->items[i], &other);
        same = span_equal(buffer_span(&one), buffer_span(&other));
        buffer_free(&one);
        buffer_free(&other);
    }
    return same;
}

/* The same parameters and vintages; where a claim looks may differ. */
static bool same_setting(const Reading *a, const Reading *b)
{
    bool same = a->vintage_count == b->vintage_count && same_values(&a->parameters, &b->parameters);
    for (size_t i = 0; i < a->vintage_count && same; i++)
        same = strcmp(a->vintages[i].name, b->vintages[i].name) == 0 &&
               strcmp(a->vintages[i].value, b->vintages[i].value) == 0;
    return same;
}

/*
 * The claim's reading of the name at hand, NULL if it has none: claims may have readings of their
 * own, and one that goes by the same name but chooses otherwise needs another script.
 */
static const Reading *reading_of(const Script *script, const Claim *claim)
{
    const Reading *reading = script->setting->reading;
    const ReadingList *list = document_readings(script->setting->document, claim);
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].name, reading->name) == 0 &&
            same_setting(&list->items[i], reading))
            return &list->items[i];
    return NULL;
}

static void write_condition(const Checking *checking, const char *text, const char *label,
                            const Relation *table)
{
    if (text == NULL)
        return;
    Arena *arena = checking->script->arena;
    Source source = {text, label, &checking->script->setting->parameters};
    Expression *condition = expression_condition(&source, arena);
    Header header = relation_header(table, arena);
    expression_bind(condition, &header, table->name);
    buffer_text(checking->out, " WHERE (");
    sql_condition(condition, &(SqlScope){.columns = table->columns, .count = table->count},
                  checking->out);
    buffer_text(checking->out, ") IS TRUE");
}

/* How many rows there are, and the cell of one of them; the count of rows is a cell too. */
static void write_found(const Checking *checking, const Observed *observed)
{
    const char *step = judge_step(&checking->setting, checking->claim, observed);
    const Relation *table = checking->table(checking->context, step);
    Buffer *out = checking->out;
    if (observed->count != NULL) {
        buffer_text(out, "SELECT 1 AS found, count(*)::text AS cell");
    } else {
        size_t column = relation_require(table, observed->value, step);
        buffer_text(out, "SELECT count(*) AS found, CASE WHEN count(*) = 1 THEN min(");
        sql_column_text(&table->columns[column], out);
        buffer_text(out, ") END AS cell");
    }
    buffer_text(out, " FROM ");
    sql_identifier(table->name, out);
    write_condition(checking, observed->count != NULL ? observed->count : observed->where,
                    observed->count != NULL ? "count" : "where", table);
}

static void write_number(Decimal number, Buffer *out)
{
    if (decimal_sign(number) < 0)
        buffer_byte(out, '(');
    decimal_write(number, out);
    if (decimal_sign(number) < 0)
        buffer_byte(out, ')');
}

/* The other value, or the number that the check names. */
static void write_target(const Checking *checking)
{
    if (checking->check->other != NULL)
        buffer_text(checking->out, "number_or_null(other.cell)");
    else
        write_number(checking->check->target_number, checking->out);
}

static void write_interval(const Checking *checking)
{
    Arena *arena = checking->script->arena;
    Interval interval = interval_of(checking->check, checking->check->target_number, arena);
    buffer_text(checking->out, " BETWEEN ");
    write_number(interval.low, checking->out);
    buffer_text(checking->out, " AND ");
    write_number(interval.high, checking->out);
}

/* The condition under which the check holds. */
static void write_holds(const Checking *checking)
{
    static const char *const symbols[] = {[COMPARE_EQUALS] = " = ",
                                          [COMPARE_AT_LEAST] = " >= ",
                                          [COMPARE_AT_MOST] = " <= ",
                                          [COMPARE_MORE_THAN] = " > ",
                                          [COMPARE_LESS_THAN] = " < "};
    const Check *check = checking->check;
    Buffer *out = checking->out;
    if (check->other == NULL && check->target_is_text) {
        buffer_text(out, "observed.cell = ");
        sql_literal(span_of(check->target), out);
    } else if (check->other != NULL && check->comparison == COMPARE_EQUALS) {
        buffer_text(out, "coalesce(number_or_null(observed.cell) = number_or_null(other.cell), "
                         "observed.cell = other.cell)");
    } else if (check->other == NULL && check->comparison <= COMPARE_NEAR) {
        buffer_text(out, "number_or_null(observed.cell)");
        write_interval(checking);
    } else if (check->comparison == COMPARE_NEAR) {
        buffer_text(out, "abs(number_or_null(observed.cell) - number_or_null(other.cell)) <= ");
        write_number(check->within, out);
    } else {
        buffer_format(out, "number_or_null(observed.cell)%s", symbols[check->comparison]);
        write_target(checking);
    }
}

static bool is_rounded(const Checking *checking, const Observed *observed)
{
    const Setting *setting = &checking->setting;
    if (observed == NULL || observed->value == NULL)
        return false;
    const char *step = judge_step(setting, checking->claim, observed);
    return column_rounded(setting->document, &setting->parameters,
                          document_step(setting->document, step), observed->value,
                          checking->script->arena);
}

/* A value that was rounded can't be checked; one row is wanted, and a cell that is there. */
static void write_refusal(const Checking *checking, const char *from, const Observed *observed)
{
    if (is_rounded(checking, observed))
        buffer_text(checking->out, "'failed', ");
    else
        buffer_format(checking->out, "refusal(%s.found, %s.cell), ", from, from);
}

static void write_verdict(const Checking *checking)
{
    const Check *check = checking->check;
    buffer_text(checking->out, "coalesce(");
    write_refusal(checking, "observed", &check->observed);
    if (check->other != NULL)
        write_refusal(checking, "other", check->other);
    buffer_text(checking->out, "outcome(");
    write_holds(checking);
    buffer_text(checking->out, "))");
}

static void write_check(const Checking *checking, size_t number)
{
    const Claim *claim = checking->claim;
    Buffer *out = checking->out;
    buffer_text(out, number == 1 ? "\n-- The checks.\n" : "UNION ALL\n");
    comment_write("-- ", claim->name, out);
    comment_write("-- ", claim->says, out);
    buffer_format(out, "SELECT %zu%s, ", number, number == 1 ? " AS number" : "");
    sql_literal(span_of(claim->name), out);
    buffer_text(out, number == 1 ? " AS claim, " : ", ");
    sql_literal(span_of(checking->check->name), out);
    buffer_text(out, number == 1 ? " AS \"check\", observed.cell AS observed,\n    "
                                 : ", observed.cell,\n    ");
    write_verdict(checking);
    buffer_text(out, number == 1 ? " AS verdict\nFROM (" : "\nFROM (");
    write_found(checking, &checking->check->observed);
    buffer_text(out, ") AS observed");
    if (checking->check->other != NULL) {
        buffer_text(out, ",\n    (");
        write_found(checking, checking->check->other);
        buffer_text(out, ") AS other");
    }
    buffer_byte(out, '\n');
}

void sql_checks_write(const Script *script,
                      const Relation *(*table)(void *context, const char *name), void *context,
                      Buffer *out)
{
    const Document *document = script->setting->document;
    Checking checking = {.script = script, .table = table, .context = context, .out = out};
    size_t number = 0;
    for (size_t i = 0; i < document->claim_count; i++) {
        checking.claim = &document->claims[i];
        checking.setting = *script->setting;
        if (script->setting->reading != NULL)
            checking.setting.reading = reading_of(script, checking.claim);
        if (script->setting->reading != NULL && checking.setting.reading == NULL)
            continue;
        for (size_t c = 0; c < checking.claim->check_count; c++) {
            checking.check = &checking.claim->checks[c];
            write_check(&checking, ++number);
        }
    }
    if (number != 0)
        buffer_text(out, "ORDER BY number;\n");
}
