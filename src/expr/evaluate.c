#include "expr/evaluate.h"

#include <stdlib.h>

#include "base/diagnostic.h"
#include "expr/evaluation.h"

/* --- registers --- */

static Register *register_idle(Evaluation *evaluation)
{
    Register *taken = evaluation->idle;
    if (taken == NULL) {
        taken = memory_zeroed(1, sizeof *taken);
        taken->older = evaluation->newest;
        evaluation->newest = taken;
        return taken;
    }
    evaluation->idle = taken->next;
    taken->next = NULL;
    return taken;
}

static void *room_for(void *array, size_t *room, size_t rows, size_t size)
{
    if (rows <= *room)
        return array;
    free(array);
    *room = rows;
    return memory_array(rows, size);
}

Register *register_take(Evaluation *evaluation, Type type)
{
    Register *taken = register_idle(evaluation);
    Vector *vector = &taken->vector;
    size_t rows = evaluation->batch.rows;
    vector->type = type;
    vector->room = rows;
    if (type == TYPE_NUMBER && rows > taken->numbers_room) {
        size_t room = taken->numbers_room;
        vector->numbers = room_for(vector->numbers, &room, rows, sizeof *vector->numbers);
        vector->missing =
            room_for(vector->missing, &taken->numbers_room, rows, sizeof *vector->missing);
    } else if (type == TYPE_TRUTH) {
        vector->truths =
            room_for(vector->truths, &taken->truths_room, rows, sizeof *vector->truths);
    } else if (type != TYPE_NUMBER) {
        vector->texts = room_for(vector->texts, &taken->texts_room, rows, sizeof *vector->texts);
    }
    return taken;
}

Register *register_rows(Evaluation *evaluation)
{
    Register *taken = register_idle(evaluation);
    taken->rows =
        room_for(taken->rows, &taken->rows_room, evaluation->batch.rows, sizeof *taken->rows);
    return taken;
}

void register_drop(Evaluation *evaluation, Register *used)
{
    if (used->shared)
        return;
    used->next = evaluation->idle;
    evaluation->idle = used;
}

void copy_row(Register *to, const Register *from, Type type, uint32_t row)
{
    if (type == TYPE_NUMBER) {
        to->vector.missing[row] = from->vector.missing[row];
        if (!from->vector.missing[row])
            to->vector.numbers[row] = from->vector.numbers[row];
    } else if (type == TYPE_TRUTH) {
        to->vector.truths[row] = from->vector.truths[row];
    } else {
        to->vector.texts[row] = from->vector.texts[row];
    }
}

/* --- faults --- */

void fault_note(Evaluation *evaluation, uint32_t row, const Expression *node, const char *reason)
{
    if (row < evaluation->fault.row)
        evaluation->fault = (Fault){.row = row, .node = node, .reason = reason};
}

static void raise_cell(Evaluation *evaluation, const Fault *fault)
{
    const Batch *batch = &evaluation->batch;
    Span text = batch_value(batch, fault->row, fault->column);
    const char *name = reader_header(batch->reader)->names[fault->column];
    fail("%s: %s: %s", batch_place(batch, fault->row, fault->column), shown(name, strlen(name)),
         not_a_number(text, &evaluation->arena));
}

void fault_raise(Evaluation *evaluation)
{
    Fault fault = evaluation->fault;
    if (fault.row == ROW_NONE)
        return;
    evaluation->fault.row = ROW_NONE;
    if (fault.node == NULL)
        raise_cell(evaluation, &fault);
    const char *place = evaluation->slot_mode
                            ? evaluation->place(evaluation->place_context, fault.row)
                            : batch_place(&evaluation->batch, fault.row, 0);
    fail("%s: %s: %s", place, origin_place(fault.node->origin, fault.node->at), fault.reason);
}

/* To the end or to a failure; gives the row to go on from. */
static size_t rows_attempt_from(Evaluation *evaluation, const Expression *node, Selection rows,
                                RowsWork *work, void *context, size_t *at)
{
    Trap trap;
    if (TRAP_SET(&trap)) {
        work(evaluation, rows, context, at);
        trap_end(&trap);
        return rows.count;
    }
    if (trap.exhausted)
        fail_again(&trap);
    fault_note(evaluation, rows.rows[*at], node,
               arena_copy(&evaluation->arena, trap.message, strlen(trap.message)));
    return *at + 1;
}

void rows_attempt(Evaluation *evaluation, const Expression *node, Selection rows, RowsWork *work,
                  void *context)
{
    for (size_t at = 0; at < rows.count;)
        at = rows_attempt_from(evaluation, node, rows, work, context, &at);
}

/* --- the tree --- */

Register *eval(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows)
{
    if (node->constant)
        return eval_constant(evaluation, node, wanted, rows);
    if (kind_is_comparison(node->kind))
        return eval_comparison(evaluation, node, rows);
    switch (node->kind) {
    case KIND_COLUMN:
        return eval_column(evaluation, node, wanted, rows);
    case KIND_SLOT:
        return eval_slot(evaluation, node, wanted, rows);
    case KIND_OR:
    case KIND_AND:
    case KIND_NOT:
        return eval_logic(evaluation, node, rows);
    case KIND_IS_NULL:
        return eval_is_null(evaluation, node, rows);
    case KIND_BETWEEN:
        return eval_between(evaluation, node, rows);
    case KIND_IN:
        return eval_in(evaluation, node, rows);
    case KIND_LIKE:
        return eval_like(evaluation, node, rows);
    case KIND_JOIN:
        return eval_join(evaluation, node, rows);
    case KIND_ADD:
    case KIND_SUBTRACT:
    case KIND_MULTIPLY:
    case KIND_DIVIDE:
    case KIND_REMAINDER:
        return eval_arithmetic(evaluation, node, rows);
    case KIND_NEGATE:
        return eval_negate(evaluation, node, rows);
    case KIND_PLUS:
        return eval(evaluation, node->parts[0], TYPE_NUMBER, rows);
    case KIND_CASE:
        return eval_case(evaluation, node, wanted, rows);
    case KIND_COALESCE:
        return eval_coalesce(evaluation, node, wanted, rows);
    case KIND_NULLIF:
        return eval_nullif(evaluation, node, wanted, rows);
    case KIND_LEAST:
    case KIND_GREATEST:
        return eval_extreme(evaluation, node, wanted, rows);
    case KIND_AS_NUMBER:
        return eval_as_number(evaluation, node, rows);
    case KIND_AS_TEXT:
        return eval_as_text(evaluation, node->parts[0], rows);
    case KIND_CALL:
        return eval_call(evaluation, node, rows);
    default:
        abort(); /* constants were taken above; summaries have become slots */
    }
}

/* --- the interface --- */

Evaluation *evaluation_open(bool invalid_missing)
{
    Evaluation *evaluation = memory_zeroed(1, sizeof *evaluation);
    evaluation->invalid_missing = invalid_missing;
    evaluation->fault.row = ROW_NONE;
    evaluation->arena.ceiling = EVALUATION_MEMORY;
    return evaluation;
}

void evaluation_limit(Evaluation *evaluation, size_t bytes)
{
    evaluation->arena.ceiling = bytes > EVALUATION_LEAST ? bytes : EVALUATION_LEAST;
}

/* Results of the batch before go back to the pool. */
static void turn(Evaluation *evaluation, size_t rows)
{
    arena_reset(&evaluation->arena);
    while (evaluation->given != NULL) {
        Register *given = evaluation->given;
        evaluation->given = given->next;
        register_drop(evaluation, given);
    }
    evaluation->serial++;
    evaluation->fault.row = ROW_NONE;
    if (rows <= evaluation->all_room)
        return;
    evaluation->all = memory_resize(evaluation->all, rows, sizeof *evaluation->all);
    for (size_t i = evaluation->all_room; i < rows; i++)
        evaluation->all[i] = (uint32_t)i;
    evaluation->all_room = rows;
}

void evaluation_batch(Evaluation *evaluation, const Batch *batch)
{
    turn(evaluation, batch->rows);
    evaluation->batch = *batch;
    evaluation->slot_mode = false;
}

void evaluation_slots(Evaluation *evaluation, const Vector *slots, const Vector *groups,
                      size_t rows, RowPlace *place, void *context)
{
    turn(evaluation, rows);
    evaluation->batch = (Batch){.rows = rows};
    evaluation->slot_mode = true;
    evaluation->slots = slots;
    evaluation->groups = groups;
    evaluation->place = place;
    evaluation->place_context = context;
}

Selection evaluation_all(const Evaluation *evaluation)
{
    return (Selection){evaluation->all, evaluation->batch.rows};
}

/* Keeps a result until the next batch. */
static const Vector *give(Evaluation *evaluation, Register *result)
{
    if (!evaluation->held)
        fault_raise(evaluation);
    if (!result->shared) {
        result->next = evaluation->given;
        evaluation->given = result;
    }
    return &result->vector;
}

const Vector *evaluate(Evaluation *evaluation, const Expression *expression, Selection rows)
{
    Type wanted = expression->type == TYPE_NULL ? TYPE_TEXT : TYPE_CELL;
    Register *result = eval(evaluation, expression, wanted, rows);
    if (!result->shared)
        result->vector.type = type_as(expression, wanted);
    return give(evaluation, result);
}

const Vector *evaluate_numbers(Evaluation *evaluation, const Expression *expression, Selection rows)
{
    Register *result = eval(evaluation, expression, TYPE_NUMBER, rows);
    Type type = type_as(expression, TYPE_NUMBER);
    return give(evaluation, to_numbers(evaluation, expression, result, type, rows));
}

const Vector *evaluate_rounded(Evaluation *evaluation, const Expression *expression, int32_t places,
                               Selection rows)
{
    return give(evaluation, eval_rounded(evaluation, expression, places, rows));
}

const Vector *evaluate_texts(Evaluation *evaluation, const Expression *expression, Selection rows)
{
    return give(evaluation, eval_as_text(evaluation, expression, rows));
}

size_t evaluate_condition(Evaluation *evaluation, const Expression *condition, Selection rows,
                          uint8_t truth, uint32_t *chosen)
{
    Register *result = eval(evaluation, condition, TYPE_TRUTH, rows);
    if (!evaluation->held)
        fault_raise(evaluation);
    size_t count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        chosen[count] = rows.rows[i];
        count += result->vector.truths[rows.rows[i]] == truth;
    }
    register_drop(evaluation, result);
    return count;
}

const Vector *evaluate_column_numbers(Evaluation *evaluation, size_t column, Selection rows)
{
    return give(evaluation, column_numbers(evaluation, column, rows));
}

void evaluation_hold(Evaluation *evaluation)
{
    evaluation->held = true;
}

void evaluation_refuse(Evaluation *evaluation, size_t row, const Expression *expression,
                       const char *reason)
{
    fault_note(evaluation, (uint32_t)row, expression, reason);
}

size_t evaluation_sound(const Evaluation *evaluation)
{
    return evaluation->fault.row == ROW_NONE ? evaluation->batch.rows : evaluation->fault.row;
}

void evaluation_release(Evaluation *evaluation)
{
    evaluation->held = false;
    fault_raise(evaluation);
}

uint64_t evaluation_invalid(const Evaluation *evaluation)
{
    return evaluation->invalid;
}

void evaluation_absorb(Evaluation *evaluation, const Evaluation *other)
{
    evaluation->invalid += other->invalid;
}

Arena *evaluation_arena(Evaluation *evaluation)
{
    return &evaluation->arena;
}

static void register_free(Register *used)
{
    free(used->vector.numbers);
    free(used->vector.missing);
    free(used->vector.texts);
    free(used->vector.truths);
    free(used->rows);
}

void evaluation_close(Evaluation *evaluation)
{
    for (Register *used = evaluation->newest, *older; used != NULL; used = older) {
        older = used->older;
        register_free(used);
        free(used);
    }
    for (size_t i = 0; i < evaluation->column_count; i++) {
        register_free(&evaluation->columns[i].numbers);
        free(evaluation->columns[i].read);
    }
    free(evaluation->columns);
    free(evaluation->all);
    buffer_free(&evaluation->number);
    pattern_free(&evaluation->pattern);
    arena_free(&evaluation->arena);
    free(evaluation);
}
