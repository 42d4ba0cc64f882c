/*
 * Choose: what narrows the rows before it goes on - and, or, case, coalesce - and what picks one of
 * several values.
 */
#include "expr/evaluation.h"

/* --- and, or, not --- */

static Register *eval_not(Evaluation *evaluation, const Expression *node, Selection rows)
{
    Register *part = eval(evaluation, node->parts[0], TYPE_TRUTH, rows);
    Register *out = register_take(evaluation, TYPE_TRUTH);
    for (size_t i = 0; i < rows.count; i++) {
        uint8_t truth = part->vector.truths[rows.rows[i]];
        out->vector.truths[rows.rows[i]] = truth == TRUTH_MISSING ? TRUTH_MISSING : !truth;
    }
    register_drop(evaluation, part);
    return out;
}

/*
 * `and` is settled for a row by the first false part, `or` by the first true one; the parts behind
 * see the other rows only.  A missing part leaves the row missing unless a later one settles it.
 */
Register *eval_logic(Evaluation *evaluation, const Expression *node, Selection rows)
{
    if (node->kind == KIND_NOT)
        return eval_not(evaluation, node, rows);
    uint8_t settles = node->kind == KIND_AND ? TRUTH_FALSE : TRUTH_TRUE;
    Register *out = register_take(evaluation, TYPE_TRUTH);
    Register *left = register_rows(evaluation);
    uint8_t *truths = out->vector.truths;
    Selection open = rows;
    for (size_t i = 0; i < rows.count; i++)
        truths[rows.rows[i]] = !settles;
    for (size_t p = 0; p < node->count && open.count != 0; p++) {
        Register *part = eval(evaluation, node->parts[p], TYPE_TRUTH, open);
        size_t count = 0;
        for (size_t i = 0; i < open.count; i++) {
            uint32_t row = open.rows[i];
            uint8_t truth = part->vector.truths[row];
            truths[row] = truth == !settles ? truths[row] : truth;
            left->rows[count] = row;
            count += truth != settles;
        }
        open = (Selection){left->rows, count};
        register_drop(evaluation, part);
    }
    register_drop(evaluation, left);
    return out;
}

/* --- case --- */

/* The rows still open, divided by a condition into those it takes and those it leaves. */
typedef struct Split {
    Register *taken, *open;
    size_t taken_count, open_count;
} Split;

static Split split_open(Evaluation *evaluation, Selection rows)
{
    Split split = {.taken = register_rows(evaluation), .open = register_rows(evaluation)};
    if (rows.count != 0)
        memcpy(split.open->rows, rows.rows, rows.count * sizeof *rows.rows);
    split.open_count = rows.count;
    return split;
}

static Selection split_left(const Split *split)
{
    return (Selection){split->open->rows, split->open_count};
}

static Selection split_taken(const Split *split)
{
    return (Selection){split->taken->rows, split->taken_count};
}

static void split_close(Evaluation *evaluation, Split *split)
{
    register_drop(evaluation, split->taken);
    register_drop(evaluation, split->open);
}

/* Which of the open rows a `when` takes. */
static void split_when(Evaluation *evaluation, const Expression *node, const Register *operand,
                       const Expression *when, Split *split)
{
    Type type = operand == NULL ? TYPE_TRUTH : operands_of(node);
    Register *tested = eval(evaluation, when, type, split_left(split));
    size_t still = 0, taken = 0;
    for (size_t i = 0; i < split->open_count; i++) {
        uint32_t row = split->open->rows[i];
        uint8_t truth =
            operand == NULL ? tested->vector.truths[row] : values_equal(operand, tested, type, row);
        if (truth == TRUTH_TRUE)
            split->taken->rows[taken++] = row;
        else
            split->open->rows[still++] = row;
    }
    split->taken_count = taken;
    split->open_count = still;
    register_drop(evaluation, tested);
}

static void copy_values(Evaluation *evaluation, const Expression *node, Type type, Selection rows,
                        Register *out)
{
    if (rows.count == 0)
        return;
    Register *from = eval(evaluation, node, type, rows);
    for (size_t i = 0; i < rows.count; i++)
        copy_row(out, from, type, rows.rows[i]);
    register_drop(evaluation, from);
}

static Register *case_operand(Evaluation *evaluation, const Expression *node,
                              const CaseLayout *layout, Selection rows)
{
    if (layout->operand == NULL)
        return NULL;
    return eval(evaluation, layout->operand, operands_of(node), rows);
}

Register *eval_case(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows)
{
    Type type = type_as(node, wanted);
    CaseLayout layout = case_layout(node);
    Register *operand = case_operand(evaluation, node, &layout, rows);
    Register *out = register_take(evaluation, type);
    Split split = split_open(evaluation, rows);
    for (size_t i = 0; i < layout.pair_count && split.open_count != 0; i++) {
        split_when(evaluation, node, operand, layout.pairs[2 * i], &split);
        copy_values(evaluation, layout.pairs[2 * i + 1], type, split_taken(&split), out);
    }
    if (layout.otherwise != NULL)
        copy_values(evaluation, layout.otherwise, type, split_left(&split), out);
    else
        for (size_t i = 0; i < split.open_count; i++)
            set_missing(out, type, split.open->rows[i]);
    split_close(evaluation, &split);
    if (operand != NULL)
        register_drop(evaluation, operand);
    return out;
}

/* --- coalesce, nullif, least, greatest --- */

Register *eval_coalesce(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows)
{
    Type type = type_as(node, wanted);
    Register *out = register_take(evaluation, type);
    Register *left = register_rows(evaluation);
    Selection open = rows;
    for (size_t p = 0; p < node->count && open.count != 0; p++) {
        copy_values(evaluation, node->parts[p], type, open, out);
        size_t count = 0;
        for (size_t i = 0; i < open.count; i++) {
            left->rows[count] = open.rows[i];
            count += is_missing(out, type, left->rows[count]);
        }
        open = (Selection){left->rows, count};
    }
    register_drop(evaluation, left);
    return out;
}

Register *eval_nullif(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows)
{
    Type type = type_as(node, wanted);
    Register *value = eval(evaluation, node->parts[0], type, rows);
    Register *other = eval(evaluation, node->parts[1], type, rows);
    Register *out = register_take(evaluation, type);
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        if (values_equal(value, other, type, row) == TRUTH_TRUE)
            set_missing(out, type, row);
        else
            copy_row(out, value, type, row);
    }
    register_drop(evaluation, value);
    register_drop(evaluation, other);
    return out;
}

/* least and greatest pass over what is missing; of equals the first stays. */
Register *eval_extreme(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows)
{
    Type type = type_as(node, wanted);
    int better = node->kind == KIND_LEAST ? -1 : 1;
    Register *out = register_take(evaluation, type);
    for (size_t i = 0; i < rows.count; i++)
        set_missing(out, type, rows.rows[i]);
    for (size_t p = 0; p < node->count; p++) {
        Register *part = eval(evaluation, node->parts[p], type, rows);
        for (size_t i = 0; i < rows.count; i++) {
            uint32_t row = rows.rows[i];
            if (is_missing(part, type, row))
                continue;
            if (is_missing(out, type, row) || values_order(part, out, type, row) == better)
                copy_row(out, part, type, row);
        }
        register_drop(evaluation, part);
    }
    return out;
}
