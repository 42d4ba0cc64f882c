#include "warrant/judge.h"

#include <string.h>

#include "base/attempt.h"
#include "base/diagnostic.h"
#include "expr/expression.h"
#include "warrant/lineage.h"
#include "warrant/rival.h"

typedef struct Judging {
    Builder *builder;
    Setting *setting;
    const Claim *claim;
    const Check *check;
    bool wants_rival;
    Outcome *outcome;
    Table table; /* the one that is open, if any */
} Judging;

const char *judge_step(const Setting *setting, const Claim *claim, const Observed *observed)
{
    if (observed->from != NULL)
        return observed->from;
    if (setting->reading != NULL && setting->reading->from != NULL)
        return setting->reading->from;
    return claim->from;
}

/* An outcome that is no comparison; false, for the caller to return. */
static bool refuse(Judging *judging, Verdict verdict, const char *reason)
{
    judging->outcome->verdict = verdict;
    judging->outcome->reason = reason;
    return false;
}

static bool open_result(Judging *judging, const Observed *observed, Finding *finding)
{
    const char *step = judge_step(judging->setting, judging->claim, observed);
    const Result *result = build(judging->builder, judging->setting, step);
    finding->result = result;
    if (result->state != RESULT_THERE)
        return refuse(judging,
                      result->state == RESULT_UNAVAILABLE ? VERDICT_NOT_TESTABLE : VERDICT_FAILED,
                      result->reason);
    table_open(&judging->table, result->path, &judging->builder->arena);
    return true;
}

static Expression *read_condition(Judging *judging, const char *text, const char *label,
                                  const Result *result)
{
    if (text == NULL)
        return NULL;
    Arena *arena = &judging->builder->arena;
    Source source = {text, label, &judging->setting->parameters};
    Expression *condition = expression_condition(&source, arena);
    expression_bind(condition, table_header(&judging->table), result->name);
    return condition;
}

static void read_number(Value *value, Arena *arena)
{
    value->is_number = decimal_read(value->text, &value->number, arena) == DECIMAL_READ;
}

static void take_count(Judging *judging, Finding *finding)
{
    Arena *arena = &judging->builder->arena;
    const char *digits = arena_format(arena, "%llu", (unsigned long long)finding->rows.count);
    finding->value.text = span_of(digits);
    read_number(&finding->value, arena);
    finding->found = true;
}

static bool take_cell(Judging *judging, const Observed *observed, size_t column, Finding *finding)
{
    Arena *arena = &judging->builder->arena;
    const Rows *rows = &finding->rows;
    const char *where = observed->where != NULL ? " where " : "";
    const char *condition = observed->where != NULL ? observed->where : "";
    if (rows->count == 0)
        return refuse(
            judging, VERDICT_NOT_TESTABLE,
            arena_format(arena, "%s has no row%s%s", finding->result->name, where, condition));
    if (rows->count > 1)
        return refuse(judging, VERDICT_FAILED,
                      arena_format(arena, "%s has %llu rows%s%s, not one", finding->result->name,
                                   (unsigned long long)rows->count, where, condition));
    finding->value.text = rows->cells[0][column];
    if (finding->value.text.size == 0)
        return refuse(judging, VERDICT_NOT_TESTABLE,
                      arena_format(arena, "%s is missing in %s%s%s", observed->value,
                                   finding->result->name, where, condition));
    read_number(&finding->value, arena);
    finding->found = true;
    return true;
}

static void refuse_rounded(const Judging *judging, const Observed *observed, const Result *result)
{
    const Setting *setting = judging->setting;
    if (column_rounded(setting->document, &setting->parameters, result->step, observed->value,
                       &judging->builder->arena))
        fail("%s: %s: a column that was rounded can't be checked", result->name, observed->value);
}

/* Finds a value; false when the outcome is decided by its not being there. */
static bool find(Judging *judging, const Observed *observed, Finding *finding)
{
    if (!open_result(judging, observed, finding))
        return false;
    Table *table = &judging->table;
    const Result *result = finding->result;
    bool counting = observed->count != NULL;
    size_t column = counting ? COLUMN_NONE : table_column(table, observed->value, result->name);
    if (!counting)
        refuse_rounded(judging, observed, result);
    const Expression *condition =
        read_condition(judging, counting ? observed->count : observed->where,
                       counting ? "count" : "where", result);
    table_select(table, condition, &finding->rows, &judging->builder->arena);
    table_close(table);
    if (!counting)
        return take_cell(judging, observed, column, finding);
    take_count(judging, finding);
    return true;
}

static const char *what(const Observed *observed)
{
    return observed->value != NULL ? observed->value : "count";
}

static Decimal need_number(const Observed *observed, const Finding *finding)
{
    if (!finding->value.is_number)
        fail("%s: %s: text where a number is needed: %s", finding->result->name, what(observed),
             shown(finding->value.text.at, finding->value.text.size));
    return finding->value.number;
}

static void compare_text(Judging *judging, Span target)
{
    Outcome *outcome = judging->outcome;
    outcome->target = arena_copy(&judging->builder->arena, target.at, target.size);
    outcome->verdict = span_equal(outcome->observed.value.text, target) ? VERDICT_REPRODUCED
                                                                        : VERDICT_CONTRADICTED;
}

static void compare_number(Judging *judging, Decimal target)
{
    Arena *arena = &judging->builder->arena;
    Outcome *outcome = judging->outcome;
    Decimal observed = need_number(&judging->check->observed, &outcome->observed);
    outcome->interval = interval_of(judging->check, target, arena);
    outcome->has_interval = true;
    outcome->margin = interval_margin(&outcome->interval, observed, arena);
    outcome->verdict =
        interval_holds(&outcome->interval, observed) ? VERDICT_REPRODUCED : VERDICT_CONTRADICTED;
}

static void compare(Judging *judging)
{
    const Check *check = judging->check;
    const Outcome *outcome = judging->outcome;
    if (check->other == NULL && check->target_is_text)
        compare_text(judging, span_of(check->target));
    else if (check->other == NULL)
        compare_number(judging, check->target_number);
    else if (check->comparison == COMPARE_EQUALS &&
             !(outcome->observed.value.is_number && outcome->other.value.is_number))
        compare_text(judging, outcome->other.value.text);
    else
        compare_number(judging, need_number(check->other, &outcome->other));
}

static void find_rival(Judging *judging)
{
    Outcome *outcome = judging->outcome;
    table_open(&judging->table, outcome->observed.result->path, &judging->builder->arena);
    rival_find(judging->builder, judging->setting, outcome, &judging->table);
}

static void judge_check(void *context)
{
    Judging *judging = context;
    const Check *check = judging->check;
    Outcome *outcome = judging->outcome;
    if (!find(judging, &check->observed, &outcome->observed) ||
        (check->other != NULL && !find(judging, check->other, &outcome->other)))
        return;
    compare(judging);
    if (judging->wants_rival && check->label != NULL)
        find_rival(judging);
}

Outcome judge(Builder *builder, Setting *setting, const Claim *claim, const Check *check,
              bool rival)
{
    Outcome outcome = {.check = check};
    Judging judging = {.builder = builder,
                       .setting = setting,
                       .claim = claim,
                       .check = check,
                       .wants_rival = rival,
                       .outcome = &outcome};
    Trap trap;
    if (!attempt(judge_check, &judging, &trap))
        refuse(&judging, VERDICT_FAILED,
               arena_copy(&builder->arena, trap.message, strlen(trap.message)));
    table_close(&judging.table);
    return outcome;
}
