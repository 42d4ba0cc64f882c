/*
 * Compute: values from constants, columns, operators and functions; and from one type to another.
 */
#include "base/diagnostic.h"
#include "expr/evaluation.h"
#include "expr/functions.h"

/* --- constants, slots --- */

Register *eval_constant(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows)
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
Register *to_numbers(Evaluation *evaluation, const Expression *node, Register *from, Type type,
                     Selection rows)
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
Register *eval_slot(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows)
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

Register *eval_column(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows)
{
    if (type_as(node, wanted) == TYPE_NUMBER)
        return column_numbers(evaluation, node->column, rows);
    return column_texts(evaluation, node->column, rows);
}

/* --- arithmetic --- */

Operand operand_eval(Evaluation *evaluation, const Expression *node, Selection rows)
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

void operand_drop(Evaluation *evaluation, Operand operand)
{
    if (operand.owner != NULL)
        register_drop(evaluation, operand.owner);
}

/* Sums, differences and products of two small decimals; false: the long way is needed. */
static inline bool small_result(Kind kind, const Number *a, const Number *b, Number *out)
{
    int64_t x = a->value.small, y = b->value.small, result;
    int32_t scale = a->value.scale > b->value.scale ? a->value.scale : b->value.scale;
    if (!number_is_small(a) || !number_is_small(b))
        return false;
    if (kind == KIND_MULTIPLY) {
        scale = a->value.scale + b->value.scale;
        if (__builtin_mul_overflow(x, y, &result))
            return false;
    } else if (__builtin_mul_overflow(x, (int64_t)power10[scale - a->value.scale], &x) ||
               __builtin_mul_overflow(y, (int64_t)power10[scale - b->value.scale], &y) ||
               (kind == KIND_ADD ? __builtin_add_overflow(x, y, &result)
                                 : __builtin_sub_overflow(x, y, &result))) {
        return false;
    }
    *out = (Number){.value = {.small = result, .scale = scale}};
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

typedef struct Arithmetic {
    const Expression *node;
    Operand left, right;
    Register *out;
} Arithmetic;

static void arithmetic_rows(Evaluation *evaluation, Selection rows, void *context, size_t *at)
{
    const Arithmetic *work = context;
    Operand left = work->left, right = work->right;
    Vector *out = &work->out->vector;
    Kind kind = work->node->kind;
    bool divides = kind == KIND_DIVIDE || kind == KIND_REMAINDER;
    Operation *operation = operation_of(kind);
    for (size_t i = *at; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        const Number *a = &left.numbers[row & left.mask], *b = &right.numbers[row & right.mask];
        out->missing[row] = left.missing[row & left.mask] | right.missing[row & right.mask];
        if (out->missing[row] || (!divides && small_result(kind, a, b, &out->numbers[row])))
            continue;
        out->missing[row] = 1; /* unless all goes well */
        if (divides && number_sign(*b) == 0) {
            fault_note(evaluation, row, work->node, "division by zero");
            continue;
        }
        *at = i;
        out->numbers[row] = operation(*a, *b, &evaluation->arena);
        out->missing[row] = 0;
    }
}

Register *eval_arithmetic(Evaluation *evaluation, const Expression *node, Selection rows)
{
    Operand left = operand_eval(evaluation, node->parts[0], rows);
    Operand right = operand_eval(evaluation, node->parts[1], rows);
    Register *out = register_take(evaluation, TYPE_NUMBER);
    Arithmetic work = {node, left, right, out};
    rows_attempt(evaluation, node, rows, arithmetic_rows, &work);
    operand_drop(evaluation, left);
    operand_drop(evaluation, right);
    return out;
}

typedef struct RoundingWork {
    const Register *from;
    Register *out;
    int32_t places;
} RoundingWork;

static void rounding_rows(Evaluation *evaluation, Selection rows, void *context, size_t *at)
{
    const RoundingWork *work = context;
    for (; *at < rows.count; ++*at) {
        uint32_t row = rows.rows[*at];
        set_missing(work->out, TYPE_NUMBER, row);
        if (!work->from->vector.missing[row])
            set_number(work->out, row,
                       number_of(number_round(work->from->vector.numbers[row], work->places,
                                              ROUND_HALF_AWAY, &evaluation->arena)));
    }
}

Register *eval_rounded(Evaluation *evaluation, const Expression *node, int32_t places,
                       Selection rows)
{
    Register *from = eval(evaluation, node, TYPE_NUMBER, rows);
    if (places < 0)
        return from;
    Register *out = register_take(evaluation, TYPE_NUMBER);
    RoundingWork work = {from, out, places};
    rows_attempt(evaluation, node, rows, rounding_rows, &work);
    register_drop(evaluation, from);
    return out;
}

Register *eval_negate(Evaluation *evaluation, const Expression *node, Selection rows)
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

Register *eval_join(Evaluation *evaluation, const Expression *node, Selection rows)
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

Register *eval_as_number(Evaluation *evaluation, const Expression *node, Selection rows)
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

typedef struct Call {
    const Expression *node;
    Register *from[FUNCTION_ARGUMENTS];
    Register *out;
} Call;

static void call_row(Evaluation *evaluation, const Call *call, uint32_t row)
{
    const Expression *node = call->node;
    const Function *function = node->function;
    Register *out = call->out;
    Value arguments[FUNCTION_ARGUMENTS], result;
    set_missing(out, function->result, row);
    for (size_t i = 0; i < node->count; i++)
        if (!argument_at(node->parts[i], function->arguments[i], call->from[i], row, &arguments[i]))
            return;
    const char *refusal = function->body(arguments, node->count, &result, &evaluation->arena);
    if (refusal != NULL)
        fault_note(evaluation, row, node, refusal);
    else if (function->result == TYPE_NUMBER)
        set_number(out, row, result.number);
    else if (result.text.size != 0)
        out->vector.texts[row] = result.text;
}

static void call_rows(Evaluation *evaluation, Selection rows, void *context, size_t *at)
{
    for (; *at < rows.count; ++*at)
        call_row(evaluation, context, rows.rows[*at]);
}

Register *eval_call(Evaluation *evaluation, const Expression *node, Selection rows)
{
    Call call = {.node = node};
    for (size_t i = 0; i < node->count; i++)
        call.from[i] = eval(evaluation, node->parts[i], node->function->arguments[i], rows);
    call.out = register_take(evaluation, node->function->result);
    rows_attempt(evaluation, node, rows, call_rows, &call);
    for (size_t i = 0; i < node->count; i++)
        register_drop(evaluation, call.from[i]);
    return call.out;
}

Register *eval_is_null(Evaluation *evaluation, const Expression *node, Selection rows)
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
