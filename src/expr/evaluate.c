#include "expr/evaluate.h"

#include <stdlib.h>

#include "base/diagnostic.h"
#include "expr/evaluation.h"
#include "expr/functions.h"

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

/* --- constants, slots --- */

static Register *eval_constant(Evaluation *evaluation, const Expression *node, Type wanted,
                               Selection rows)
{
    Type type = type_as(node, wanted);
    Register *out = register_take(evaluation, type);
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        if (node->type == TYPE_NULL)
            set_missing(out, type, row);
        else if (type == TYPE_NUMBER)
            set_number(out, row, node->number);
        else if (type == TYPE_TRUTH)
            out->vector.truths[row] = node->truth ? TRUTH_TRUE : TRUTH_FALSE;
        else
            out->vector.texts[row] = node->text;
    }
    return out;
}

static Span number_to_text(Evaluation *evaluation, Number number)
{
    Buffer *buffer = &evaluation->number;
    buffer->size = 0;
    decimal_write(number_settle(number, &evaluation->arena), buffer);
    return (Span){arena_copy(&evaluation->arena, buffer->at, buffer->size), buffer->size};
}

/* Values of any type as texts. */
static Register *to_texts(Evaluation *evaluation, Register *from, Type type, Selection rows)
{
    if (type == TYPE_TEXT || type == TYPE_CELL)
        return from;
    Register *out = register_take(evaluation, TYPE_TEXT);
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        if (is_missing(from, type, row))
            out->vector.texts[row] = (Span){0};
        else if (type == TYPE_TRUTH)
            out->vector.texts[row] =
                from->vector.truths[row] == TRUTH_TRUE ? SPAN("true") : SPAN("false");
        else
            out->vector.texts[row] = number_to_text(evaluation, from->vector.numbers[row]);
    }
    register_drop(evaluation, from);
    return out;
}

/* Values of any type as numbers; a truth is 1 or 0 (an order may be by a condition). */
static Register *to_numbers(Evaluation *evaluation, const Expression *node, Register *from,
                            Type type, Selection rows)
{
    if (type == TYPE_NUMBER)
        return from;
    Register *out = register_take(evaluation, TYPE_NUMBER);
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        if (is_missing(from, type, row))
            set_missing(out, TYPE_NUMBER, row);
        else if (type == TYPE_TRUTH)
            set_number(out, row, number_of(decimal_of(from->vector.truths[row])));
        else
            text_to_number(evaluation, node, from->vector.texts[row], out, row);
    }
    register_drop(evaluation, from);
    return out;
}

/* A slot's values were made by someone else: copied, so that they can be worked on like any. */
static Register *eval_slot(Evaluation *evaluation, const Expression *node, Type wanted,
                           Selection rows)
{
    const Vector *slot =
        node->slot >= 0 ? &evaluation->slots[node->slot] : &evaluation->groups[-1 - node->slot];
    Register from = {.vector = *slot};
    Register *out = register_take(evaluation, slot->type);
    for (size_t i = 0; i < rows.count; i++)
        copy_row(out, &from, slot->type, rows.rows[i]);
    Type type = type_as(node, wanted);
    if (type == TYPE_NUMBER)
        return to_numbers(evaluation, node, out, slot->type, rows);
    return to_texts(evaluation, out, slot->type, rows);
}

static Register *eval_column(Evaluation *evaluation, const Expression *node, Type wanted,
                             Selection rows)
{
    if (type_as(node, wanted) == TYPE_NUMBER)
        return column_numbers(evaluation, node->column, rows);
    return column_texts(evaluation, node->column, rows);
}

/* --- arithmetic --- */

/* Numbers by row, or one constant for every row: then the mask is 0. */
typedef struct Operand {
    const Number *numbers;
    const uint8_t *missing;
    uint32_t mask;
    Register *owner;
} Operand;

static Operand operand_eval(Evaluation *evaluation, const Expression *node, Selection rows)
{
    static const uint8_t present = 0;
    if (node->constant && node->type == TYPE_NUMBER)
        return (Operand){.numbers = &node->number, .missing = &present};
    Register *owner = eval(evaluation, node, TYPE_NUMBER, rows);
    return (Operand){.numbers = owner->vector.numbers,
                     .missing = owner->vector.missing,
                     .mask = UINT32_MAX,
                     .owner = owner};
}

static void operand_drop(Evaluation *evaluation, Operand operand)
{
    if (operand.owner != NULL)
        register_drop(evaluation, operand.owner);
}

static inline bool is_small(const Number *a)
{
    return a->divisor == NULL && a->value.big == NULL;
}

/* Sums, differences and products of two small decimals; false: the long way is needed. */
static inline bool small_result(Kind kind, const Number *a, const Number *b, Number *out)
{
    int64_t small;
    int32_t scale = a->value.scale;
    if (!is_small(a) || !is_small(b))
        return false;
    if (kind == KIND_MULTIPLY) {
        scale += b->value.scale;
        if (scale > DECIMAL_MAX_SCALE ||
            __builtin_mul_overflow(a->value.small, b->value.small, &small))
            return false;
    } else if (scale != b->value.scale ||
               (kind == KIND_ADD
                    ? __builtin_add_overflow(a->value.small, b->value.small, &small)
                    : __builtin_sub_overflow(a->value.small, b->value.small, &small))) {
        return false;
    }
    *out = (Number){.value = {.small = small, .scale = scale}};
    return true;
}

typedef Number Operation(Number a, Number b, Arena *arena);

static Operation *operation_of(Kind kind)
{
    switch (kind) {
    case KIND_ADD:
        return number_add;
    case KIND_SUBTRACT:
        return number_subtract;
    case KIND_MULTIPLY:
        return number_multiply;
    case KIND_DIVIDE:
        return number_divide;
    default:
        return number_remainder;
    }
}

static Register *eval_arithmetic(Evaluation *evaluation, const Expression *node, Selection rows)
{
    Kind kind = node->kind;
    bool divides = kind == KIND_DIVIDE || kind == KIND_REMAINDER;
    Operation *operation = operation_of(kind);
    Operand left = operand_eval(evaluation, node->parts[0], rows);
    Operand right = operand_eval(evaluation, node->parts[1], rows);
    Register *out = register_take(evaluation, TYPE_NUMBER);
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        const Number *a = &left.numbers[row & left.mask], *b = &right.numbers[row & right.mask];
        Number *result = &out->vector.numbers[row];
        out->vector.missing[row] = left.missing[row & left.mask] | right.missing[row & right.mask];
        if (out->vector.missing[row] || (!divides && small_result(kind, a, b, result)))
            continue;
        if (divides && number_sign(*b) == 0) {
            out->vector.missing[row] = 1;
            fault_note(evaluation, row, node, "division by zero");
            continue;
        }
        *result = operation(*a, *b, &evaluation->arena);
    }
    operand_drop(evaluation, left);
    operand_drop(evaluation, right);
    return out;
}

static Register *eval_negate(Evaluation *evaluation, const Expression *node, Selection rows)
{
    Register *from = eval(evaluation, node->parts[0], TYPE_NUMBER, rows);
    Register *out = register_take(evaluation, TYPE_NUMBER);
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        out->vector.missing[row] = from->vector.missing[row];
        if (!from->vector.missing[row])
            out->vector.numbers[row] = number_negate(from->vector.numbers[row], &evaluation->arena);
    }
    register_drop(evaluation, from);
    return out;
}

/* --- texts and functions --- */

static Register *eval_join(Evaluation *evaluation, const Expression *node, Selection rows)
{
    Register *left = eval_as_text(evaluation, node->parts[0], rows);
    Register *right = eval_as_text(evaluation, node->parts[1], rows);
    Register *out = register_take(evaluation, TYPE_TEXT);
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        Span a = left->vector.texts[row], b = right->vector.texts[row];
        out->vector.texts[row] = (Span){0};
        if (a.size == 0 || b.size == 0)
            continue;
        char *bytes = arena_take(&evaluation->arena, a.size + b.size);
        memcpy(bytes, a.at, a.size);
        memcpy(bytes + a.size, b.at, b.size);
        out->vector.texts[row] = (Span){bytes, a.size + b.size};
    }
    register_drop(evaluation, left);
    register_drop(evaluation, right);
    return out;
}

static Register *eval_as_number(Evaluation *evaluation, const Expression *node, Selection rows)
{
    const Expression *part = node->parts[0];
    if (part->type != TYPE_TEXT)
        return eval(evaluation, part, TYPE_NUMBER, rows);
    Register *from = eval(evaluation, part, TYPE_TEXT, rows);
    return to_numbers(evaluation, node, from, TYPE_TEXT, rows);
}

Register *eval_as_text(Evaluation *evaluation, const Expression *node, Selection rows)
{
    Register *from = eval(evaluation, node, TYPE_TEXT, rows);
    return to_texts(evaluation, from, type_as(node, TYPE_TEXT), rows);
}

/* An argument of a row; false if it is missing. A text constant is never missing, even ''. */
static bool argument_at(const Expression *node, Type type, Register *from, uint32_t row,
                        Value *argument)
{
    if (type == TYPE_NUMBER) {
        argument->number = from->vector.numbers[row];
        return !from->vector.missing[row];
    }
    argument->text = from->vector.texts[row];
    return argument->text.size != 0 || node->kind == KIND_TEXT;
}

static void call_row(Evaluation *evaluation, const Expression *node, Register *const *from,
                     Register *out, uint32_t row)
{
    const Function *function = node->function;
    Value arguments[FUNCTION_ARGUMENTS], result;
    set_missing(out, function->result, row);
    for (size_t i = 0; i < node->count; i++)
        if (!argument_at(node->parts[i], function->arguments[i], from[i], row, &arguments[i]))
            return;
    const char *refusal = function->body(arguments, node->count, &result, &evaluation->arena);
    if (refusal != NULL)
        fault_note(evaluation, row, node, refusal);
    else if (function->result == TYPE_NUMBER)
        set_number(out, row, result.number);
    else if (result.text.size != 0)
        out->vector.texts[row] = result.text;
}

static Register *eval_call(Evaluation *evaluation, const Expression *node, Selection rows)
{
    Register *from[FUNCTION_ARGUMENTS];
    for (size_t i = 0; i < node->count; i++)
        from[i] = eval(evaluation, node->parts[i], node->function->arguments[i], rows);
    Register *out = register_take(evaluation, node->function->result);
    for (size_t i = 0; i < rows.count; i++)
        call_row(evaluation, node, from, out, rows.rows[i]);
    for (size_t i = 0; i < node->count; i++)
        register_drop(evaluation, from[i]);
    return out;
}

static Register *eval_is_null(Evaluation *evaluation, const Expression *node, Selection rows)
{
    Type type = type_as(node->parts[0], TYPE_TEXT);
    Register *from = eval(evaluation, node->parts[0], TYPE_TEXT, rows);
    Register *out = register_take(evaluation, TYPE_TRUTH);
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        out->vector.truths[row] = is_missing(from, type, row) != node->negated;
    }
    register_drop(evaluation, from);
    return out;
}

Register *eval(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows)
{
    if (node->constant)
        return eval_constant(evaluation, node, wanted, rows);
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
    case KIND_EQUAL:
    case KIND_UNEQUAL:
    case KIND_LESS:
    case KIND_LESS_EQUAL:
    case KIND_GREATER:
    case KIND_GREATER_EQUAL:
        return eval_comparison(evaluation, node, rows);
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
    return evaluation;
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

void evaluation_release(Evaluation *evaluation)
{
    evaluation->held = false;
    fault_raise(evaluation);
}

uint64_t evaluation_invalid(const Evaluation *evaluation)
{
    return evaluation->invalid;
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
    arena_free(&evaluation->arena);
    free(evaluation);
}
