/*
 * Compare: conditions over two values or more.
 *
 * A bare column against a constant is what most conditions are, so that one goes straight from the
 * bytes of the cells to truths, without a vector of numbers in between.
 */
#include <stdlib.h>

#include "expr/evaluation.h"
#include "expr/pattern.h"

/* The truth of a comparison by the order of its sides, less, equal, greater. */
static const uint8_t comparison_truths[][3] = {
    {TRUTH_FALSE, TRUTH_TRUE, TRUTH_FALSE}, /* = */
    {TRUTH_TRUE, TRUTH_FALSE, TRUTH_TRUE},  /* <> */
    {TRUTH_TRUE, TRUTH_FALSE, TRUTH_FALSE}, /* < */
    {TRUTH_TRUE, TRUTH_TRUE, TRUTH_FALSE},  /* <= */
    {TRUTH_FALSE, TRUTH_FALSE, TRUTH_TRUE}, /* > */
    {TRUTH_FALSE, TRUTH_TRUE, TRUTH_TRUE},  /* >= */
};

static const uint8_t *truths_of(Kind kind)
{
    return comparison_truths[kind - KIND_EQUAL];
}

static inline int sign_of(int order)
{
    return (order > 0) - (order < 0);
}

/* Both mantissas brought to one scale; 64 bits times 10^18 fit 128. */
static int order_scaled(int64_t a, int32_t a_scale, int64_t b, int32_t b_scale)
{
    __int128 x = (__int128)a * (int64_t)power10[b_scale],
             y = (__int128)b * (int64_t)power10[a_scale];
    return (x > y) - (x < y);
}

static inline int order_small(int64_t a, int32_t a_scale, int64_t b, int32_t b_scale)
{
    return a_scale == b_scale ? (a > b) - (a < b) : order_scaled(a, a_scale, b, b_scale);
}

static inline int order_numbers(const Number *a, const Number *b)
{
    if (number_is_small(a) && number_is_small(b))
        return order_small(a->value.small, a->value.scale, b->value.small, b->value.scale);
    return sign_of(number_compare(*a, *b));
}

/* --- any two registers --- */

int values_order(const Register *a, const Register *b, Type type, uint32_t row)
{
    if (type == TYPE_NUMBER)
        return order_numbers(&a->vector.numbers[row], &b->vector.numbers[row]);
    if (type == TYPE_TRUTH)
        return (int)a->vector.truths[row] - (int)b->vector.truths[row];
    return sign_of(span_compare(a->vector.texts[row], b->vector.texts[row]));
}

static uint8_t truth_at(const Register *a, const Register *b, Type type, const uint8_t *truths,
                        uint32_t row)
{
    if (is_missing(a, type, row) || is_missing(b, type, row))
        return TRUTH_MISSING;
    return truths[values_order(a, b, type, row) + 1];
}

uint8_t values_equal(const Register *a, const Register *b, Type type, uint32_t row)
{
    return truth_at(a, b, type, comparison_truths[0], row);
}

static Register *compare_numbers(Evaluation *evaluation, const Expression *node, Selection rows)
{
    const uint8_t *truths = truths_of(node->kind);
    Operand left = operand_eval(evaluation, node->parts[0], rows);
    Operand right = operand_eval(evaluation, node->parts[1], rows);
    Register *out = register_take(evaluation, TYPE_TRUTH);
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        uint32_t l = row & left.mask, r = row & right.mask;
        out->vector.truths[row] =
            left.missing[l] || right.missing[r]
                ? TRUTH_MISSING
                : truths[order_numbers(&left.numbers[l], &right.numbers[r]) + 1];
    }
    operand_drop(evaluation, left);
    operand_drop(evaluation, right);
    return out;
}

static Register *compare_registers(Evaluation *evaluation, const Expression *node, Selection rows)
{
    Type type = operands_of(node);
    const uint8_t *truths = truths_of(node->kind);
    Register *a = eval(evaluation, node->parts[0], type, rows);
    Register *b = eval(evaluation, node->parts[1], type, rows);
    Register *out = register_take(evaluation, TYPE_TRUTH);
    for (size_t i = 0; i < rows.count; i++)
        out->vector.truths[rows.rows[i]] = truth_at(a, b, type, truths, rows.rows[i]);
    register_drop(evaluation, a);
    register_drop(evaluation, b);
    return out;
}

/* --- a column against constants --- */

/* A constant made ready for comparison with small cells. */
typedef struct Bound {
    Number number;
    bool small;
} Bound;

static Bound bound_of(const Expression *constant)
{
    return (Bound){.number = constant->number, .small = number_is_small(&constant->number)};
}

/* -1, 0, 1 and 2 for a missing cell. */
static inline int order_cell(Evaluation *evaluation, size_t column, uint32_t row,
                             const Bound *bound)
{
    int64_t mantissa;
    int32_t scale;
    Number number;
    if (bound->small &&
        cell_number(batch_field(&evaluation->batch, row, column), &mantissa, &scale))
        return order_small(mantissa, scale, bound->number.value.small, bound->number.value.scale);
    if (!column_number(evaluation, column, row, &number))
        return 2;
    return sign_of(number_compare(number, bound->number));
}

static Register *compare_number_cells(Evaluation *evaluation, const Expression *column,
                                      const Expression *constant, const uint8_t *truths,
                                      Selection rows)
{
    const uint8_t by_order[4] = {truths[0], truths[1], truths[2], TRUTH_MISSING};
    Bound bound = bound_of(constant);
    Register *out = register_take(evaluation, TYPE_TRUTH);
    uint8_t *result = out->vector.truths;
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        result[row] = by_order[order_cell(evaluation, column->column, row, &bound) + 1];
    }
    return out;
}

static inline int order_texts(Span a, Span b)
{
    return sign_of(span_compare(a, b));
}

/* 0 if they are equal, which the lengths of most tell. */
static inline int differ_texts(Span a, Span b)
{
    return a.size == b.size && memcmp(a.at, b.at, a.size) == 0 ? 0 : -1;
}

static inline __attribute__((always_inline)) Register *
compare_texts(Evaluation *evaluation, size_t column, Span constant, const uint8_t *truths,
              Selection rows, int (*order)(Span a, Span b))
{
    Register *out = register_take(evaluation, TYPE_TRUTH);
    uint8_t *result = out->vector.truths;
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        Span cell = batch_value(&evaluation->batch, row, column);
        result[row] = cell.size == 0 ? TRUTH_MISSING : truths[order(cell, constant) + 1];
    }
    return out;
}

static Register *compare_text_cells(Evaluation *evaluation, const Expression *column,
                                    const Expression *constant, const uint8_t *truths,
                                    Selection rows)
{
    return compare_texts(evaluation, column->column, constant->text, truths, rows, order_texts);
}

static Register *equate_text_cells(Evaluation *evaluation, const Expression *column,
                                   const Expression *constant, const uint8_t *truths,
                                   Selection rows)
{
    return compare_texts(evaluation, column->column, constant->text, truths, rows, differ_texts);
}

static Register *compare_cells(Evaluation *evaluation, const Expression *node, Kind kind,
                               const Expression *column, const Expression *constant, Selection rows)
{
    const uint8_t *truths = truths_of(kind);
    if (node->operands == TYPE_NUMBER)
        return compare_number_cells(evaluation, column, constant, truths, rows);
    if (kind == KIND_EQUAL || kind == KIND_UNEQUAL)
        return equate_text_cells(evaluation, column, constant, truths, rows);
    return compare_text_cells(evaluation, column, constant, truths, rows);
}

static bool is_value(const Expression *node)
{
    return node->constant && (node->type == TYPE_NUMBER || node->type == TYPE_TEXT);
}

Register *eval_comparison(Evaluation *evaluation, const Expression *node, Selection rows)
{
    const Expression *left = node->parts[0], *right = node->parts[1];
    if (left->kind == KIND_COLUMN && is_value(right))
        return compare_cells(evaluation, node, node->kind, left, right, rows);
    if (right->kind == KIND_COLUMN && is_value(left))
        return compare_cells(evaluation, node, kind_mirrored(node->kind), right, left, rows);
    return node->operands == TYPE_NUMBER ? compare_numbers(evaluation, node, rows)
                                         : compare_registers(evaluation, node, rows);
}

/* --- between --- */

/* SQL's and: false wins over missing. */
static uint8_t both(uint8_t a, uint8_t b)
{
    if (a == TRUTH_FALSE || b == TRUTH_FALSE)
        return TRUTH_FALSE;
    return a == TRUTH_TRUE && b == TRUTH_TRUE ? TRUTH_TRUE : TRUTH_MISSING;
}

static uint8_t negate(uint8_t truth, bool negated)
{
    return negated && truth != TRUTH_MISSING ? !truth : truth;
}

static Register *between_cells(Evaluation *evaluation, const Expression *node, Selection rows)
{
    size_t column = node->parts[0]->column;
    Bound low = bound_of(node->parts[1]), high = bound_of(node->parts[2]);
    Register *out = register_take(evaluation, TYPE_TRUTH);
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        int order = order_cell(evaluation, column, row, &low);
        if (order == 0 || order == 1)
            order = order_cell(evaluation, column, row, &high) <= 0 ? 0 : -1;
        out->vector.truths[row] = order == 2                      ? TRUTH_MISSING
                                  : (order == 0) != node->negated ? TRUTH_TRUE
                                                                  : TRUTH_FALSE;
    }
    return out;
}

Register *eval_between(Evaluation *evaluation, const Expression *node, Selection rows)
{
    if (node->operands == TYPE_NUMBER && node->parts[0]->kind == KIND_COLUMN &&
        is_value(node->parts[1]) && is_value(node->parts[2]))
        return between_cells(evaluation, node, rows);
    Type type = operands_of(node);
    Register *parts[3];
    for (size_t i = 0; i < 3; i++)
        parts[i] = eval(evaluation, node->parts[i], type, rows);
    Register *out = register_take(evaluation, TYPE_TRUTH);
    const uint8_t *not_less = truths_of(KIND_GREATER_EQUAL), *not_more = truths_of(KIND_LESS_EQUAL);
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        uint8_t truth = both(truth_at(parts[0], parts[1], type, not_less, row),
                             truth_at(parts[0], parts[2], type, not_more, row));
        out->vector.truths[row] = negate(truth, node->negated);
    }
    for (size_t i = 0; i < 3; i++)
        register_drop(evaluation, parts[i]);
    return out;
}

/* --- in --- */

static int number_order(const void *key, const void *item)
{
    const Number *number = key;
    return number_compare(*number, number_of(*(const Decimal *)item));
}

static int text_order(const void *key, const void *item)
{
    return span_compare(*(const Span *)key, *(const Span *)item);
}

static bool set_has(const ConstantSet *set, const Register *value, Type type, uint32_t row)
{
    if (set->count == 0)
        return false;
    if (type == TYPE_NUMBER)
        return bsearch(&value->vector.numbers[row], set->numbers, set->count, sizeof *set->numbers,
                       number_order) != NULL;
    return bsearch(&value->vector.texts[row], set->texts, set->count, sizeof *set->texts,
                   text_order) != NULL;
}

static Register *in_set(Evaluation *evaluation, const Expression *node, Register *value, Type type,
                        Selection rows)
{
    const ConstantSet *set = node->set;
    Register *out = register_take(evaluation, TYPE_TRUTH);
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        uint8_t truth;
        if (is_missing(value, type, row))
            truth = TRUTH_MISSING;
        else if (set_has(set, value, type, row))
            truth = TRUTH_TRUE;
        else
            truth = set->missing ? TRUTH_MISSING : TRUTH_FALSE;
        out->vector.truths[row] = negate(truth, node->negated);
    }
    return out;
}

/* Item after item, each for the rows that no item before it has equalled. Of no items all rows
 * are outside, the missing ones too, as in SQL. */
static Register *in_items(Evaluation *evaluation, const Expression *node, Register *value,
                          Type type, Selection rows)
{
    Register *out = register_take(evaluation, TYPE_TRUTH);
    Register *left = register_rows(evaluation);
    uint8_t *truths = out->vector.truths;
    for (size_t i = 0; i < rows.count; i++) {
        left->rows[i] = rows.rows[i];
        truths[rows.rows[i]] = TRUTH_FALSE;
    }
    size_t count = rows.count;
    for (size_t item = 1; item < node->count; item++) {
        Register *other = eval(evaluation, node->parts[item], type, (Selection){left->rows, count});
        size_t still = 0;
        for (size_t i = 0; i < count; i++) {
            uint32_t row = left->rows[i];
            uint8_t truth = values_equal(value, other, type, row);
            if (truth != TRUTH_FALSE)
                truths[row] = truth;
            left->rows[still] = row;
            still += truth != TRUTH_TRUE;
        }
        count = still;
        register_drop(evaluation, other);
    }
    for (size_t i = 0; i < rows.count; i++)
        truths[rows.rows[i]] = negate(truths[rows.rows[i]], node->negated);
    register_drop(evaluation, left);
    return out;
}

Register *eval_in(Evaluation *evaluation, const Expression *node, Selection rows)
{
    Type type = operands_of(node);
    Register *value = eval(evaluation, node->parts[0], type, rows);
    Register *out = node->set != NULL && node->count > 1
                        ? in_set(evaluation, node, value, type, rows)
                        : in_items(evaluation, node, value, type, rows);
    register_drop(evaluation, value);
    return out;
}

/* --- like --- */

Register *eval_like(Evaluation *evaluation, const Expression *node, Selection rows)
{
    Register *value = eval(evaluation, node->parts[0], TYPE_TEXT, rows);
    Register *patterns = eval(evaluation, node->parts[1], TYPE_TEXT, rows);
    Register *out = register_take(evaluation, TYPE_TRUTH);
    Pattern *pattern = &evaluation->pattern;
    const char *wrong = NULL;
    bool read = false; /* one that is the same for all rows is read once */
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        Span text = value->vector.texts[row], written = patterns->vector.texts[row];
        uint8_t *truth = &out->vector.truths[row];
        *truth = TRUTH_MISSING;
        if (text.size == 0 || written.size == 0)
            continue;
        if (!read)
            wrong = pattern_read(pattern, written, node->folds);
        read = node->parts[1]->constant;
        if (wrong != NULL)
            fault_note(evaluation, row, node, wrong);
        else
            *truth = pattern_match(pattern, text) != node->negated;
    }
    register_drop(evaluation, value);
    register_drop(evaluation, patterns);
    return out;
}
