#include "filters/result.h"

#include "base/diagnostic.h"
#include "csv/writer.h"
#include "filters/statefile.h"

enum { GROUPS_AT_ONCE = 1024 }; /* that are evaluated */

/* A vector that can hold numbers or texts. */
static Vector vector_make(Arena *arena)
{
    return (Vector){.room = GROUPS_AT_ONCE,
                    .numbers = arena_array(arena, GROUPS_AT_ONCE, sizeof(Number)),
                    .missing = arena_array(arena, GROUPS_AT_ONCE, sizeof(uint8_t)),
                    .texts = arena_array(arena, GROUPS_AT_ONCE, sizeof(Span))};
}

static Vector *vectors_make(size_t count, Arena *arena)
{
    Vector *vectors = arena_array(arena, count, sizeof *vectors);
    for (size_t i = 0; i < count; i++)
        vectors[i] = vector_make(arena);
    return vectors;
}

void result_open(Result *result, const ResultForm *form)
{
    *result = (Result){.form = form, .evaluation = evaluation_open(false)};
    result->results = vectors_make(form->calls->count, &result->lasting);
    result->key_values = vectors_make(form->key_count, &result->lasting);
    result->values = arena_array(&result->lasting, form->items->count, sizeof(const Vector *));
}

/* Asked for when a group has no value. */
static const char *group_place(void *context, size_t row)
{
    Result *result = context;
    const Groups *groups = &result->partial->groups;
    size_t group = result->groups[row];
    result->at = groups_ordinal(groups, group);
    return arena_format(&result->passing, "%s%s", result->form->input,
                        groups_shown(groups, result->form->header, group, ", ", &result->passing));
}

static void draw_summaries(Result *result, size_t count)
{
    Partial *partial = result->partial;
    for (size_t i = 0; i < partial->count; i++)
        summary_results(&partial->summaries[i], result->groups, count, &result->results[i],
                        &result->passing);
}

/* The first group's alone: a failure names the group. */
static void draw_placed(Result *result)
{
    Trap failure;
    if (!TRAP_SET(&failure))
        fail("%s: %s", group_place(result, 0), failure.message);
    draw_summaries(result, 1);
    trap_end(&failure);
}

/* Once more, group by group, to find the one whose results have too many digits. */
static _Noreturn void draw_again(Result *result, size_t count, const Trap *failure)
{
    for (size_t i = 0; i < count && !failure->exhausted; i++, result->groups++)
        draw_placed(result);
    fail_again(failure);
}

/* Draws the results of groups from the summaries. */
static void draw(Result *result, size_t count)
{
    Partial *partial = result->partial;
    Trap failure;
    if (TRAP_SET(&failure)) {
        draw_summaries(result, count);
        trap_end(&failure);
    } else {
        draw_again(result, count, &failure);
    }
    for (size_t i = 0; i < result->form->key_count; i++) {
        result->key_values[i].type = TYPE_CELL;
        for (size_t row = 0; row < count; row++)
            result->key_values[i].texts[row] = groups_key(&partial->groups, result->groups[row], i);
    }
}

static void evaluate_items(Result *result, size_t count)
{
    Evaluation *evaluation = result->evaluation;
    evaluation_slots(evaluation, result->results, result->key_values, count, group_place, result);
    evaluation_hold(evaluation);
    for (size_t i = 0; i < result->form->items->count; i++) {
        const Expression *item = result->form->items->items[i].expression;
        result->values[i] = expression_type(item) == TYPE_NUMBER
                                ? evaluate_rounded(evaluation, item, result->form->places,
                                                   evaluation_all(evaluation))
                                : evaluate_texts(evaluation, item, evaluation_all(evaluation));
    }
    evaluation_release(evaluation);
}

static void append_value(Result *result, const Vector *values, size_t row)
{
    if (values->type != TYPE_NUMBER)
        cell_append(&result->row, values->texts[row], result->form->delimiter);
    else if (!values->missing[row])
        number_append(&result->row, number_settle(values->numbers[row], &result->passing),
                      result->form->delimiter);
}

static void append_row(Result *result, size_t row)
{
    const ResultForm *form = result->form;
    Buffer *out = &result->row;
    out->size = 0;
    for (size_t i = 0; i < form->key_count; i++) {
        if (i > 0)
            buffer_byte(out, form->delimiter);
        cell_append(out, result->key_values[i].texts[row], form->delimiter);
    }
    for (size_t i = 0; i < form->items->count; i++) {
        if (form->key_count + i > 0)
            buffer_byte(out, form->delimiter);
        append_value(result, result->values[i], row);
    }
}

/* Groups as values. */
static void values_rows(Result *result, const uint32_t *groups, size_t count, ResultRow *take,
                        void *context)
{
    draw(result, count);
    evaluate_items(result, count);
    for (size_t row = 0; row < count; row++) {
        append_row(result, row);
        take(context, groups_ordinal(&result->partial->groups, groups[row]),
             buffer_span(&result->row));
    }
}

/* Groups as states. */
static void state_rows(Result *result, const uint32_t *groups, size_t count, ResultRow *take,
                       void *context)
{
    for (size_t i = 0; i < count; i++) {
        result->row.size = 0;
        stategroup_append(result->partial, groups[i], result->form->state_keys, &result->row);
        take(context, groups_ordinal(&result->partial->groups, groups[i]),
             buffer_span(&result->row));
    }
}

void result_rows(Result *result, Partial *partial, const uint32_t *groups, size_t count,
                 ResultRow *take, void *context)
{
    result->partial = partial;
    for (size_t first = 0, piece; first < count; first += piece) {
        piece = count - first < GROUPS_AT_ONCE ? count - first : GROUPS_AT_ONCE;
        result->groups = groups + first;
        result->at = groups_ordinal(&partial->groups, groups[first]);
        if (result->form->state_keys != NULL)
            state_rows(result, result->groups, piece, take, context);
        else
            values_rows(result, result->groups, piece, take, context);
        arena_reset(&result->passing);
    }
}

void result_close(Result *result)
{
    evaluation_close(result->evaluation);
    arena_free(&result->lasting);
    arena_free(&result->passing);
    buffer_free(&result->row);
}
