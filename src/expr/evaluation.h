/*
 * Evaluation, seen from inside: what evaluate.c, compare.c, choose.c and cells.c share.
 *
 * Every node is evaluated into a register, a vector from a pool that grows to the widest need of an
 * expression and is then reused from batch to batch.
 *
 * A row that cannot be evaluated leaves a fault and goes on as missing.  Since rows do not touch
 * each other, the fault of the lowest row, and of that row the one found first, is what working
 * row by row would have met first; it is raised when the outermost expression is done.
 */
#ifndef EXPR_EVALUATION_H
#define EXPR_EVALUATION_H

#include "expr/evaluate.h"
#include "expr/pattern.h"
#include "expr/tree.h"
#include "num/digits.h"

enum { ROW_NONE = UINT32_MAX };

typedef struct Register {
    Vector vector;
    size_t numbers_room, texts_room, truths_room, rows_room;
    uint32_t *rows;         /* a selection in the making */
    bool shared;            /* a column's numbers: not given back */
    struct Register *next;  /* in the list it is in: idle, given, or none while it is worked with */
    struct Register *older; /* the one made before, to free them all by */
} Register;

/* The number cells of a column of this batch. */
typedef struct ColumnNumbers {
    Register numbers;
    uint8_t *read; /* by row: 1 when it has been read */
    size_t read_room;
    uint64_t batch; /* the batch for which `read` is true */
    bool any;       /* some row has been read */
    bool whole;     /* all have been, whatever `read` says */
} ColumnNumbers;

typedef struct Fault {
    uint32_t row;           /* ROW_NONE: there is none */
    const Expression *node; /* NULL: the cell of `column` is not a number */
    size_t column;
    const char *reason;
} Fault;

struct Evaluation {
    bool invalid_missing;
    uint64_t invalid;
    Arena arena; /* texts and large numbers of this batch */
    Batch batch; /* no rows but a count in slot mode */
    bool slot_mode;
    const Vector *slots, *groups;
    RowPlace *place; /* in slot mode */
    void *place_context;
    uint64_t serial; /* number of the batch */
    uint32_t *all;   /* 0, 1, 2 … */
    size_t all_room;
    Register *newest;       /* all there are */
    Register *idle, *given; /* free ones; results handed out, good until the next batch */
    Buffer number;          /* while one is written */
    Pattern pattern;        /* of the `like` at work */
    ColumnNumbers *columns; /* by column */
    size_t column_count;
    Fault fault;
    bool held; /* faults wait for evaluation_release() */
};

/* A register with room for the batch's rows. */
Register *register_take(Evaluation *evaluation, Type type);
Register *register_rows(Evaluation *evaluation);
void register_drop(Evaluation *evaluation, Register *used);

/* Notes what is wrong with a row; the reason must live as long as the batch. */
void fault_note(Evaluation *evaluation, uint32_t row, const Expression *node, const char *reason);
void fault_raise(Evaluation *evaluation);

/*
 * Works on the rows from *at on, and keeps *at on the row at work wherever a number may turn out
 * too long; that row is missing until it has a value.
 */
typedef void RowsWork(Evaluation *evaluation, Selection rows, void *context, size_t *at);

/*
 * Does the work on all rows: a number that grows too long fails where it is made (num/big.h), which
 * here becomes a fault of its row.
 */
void rows_attempt(Evaluation *evaluation, const Expression *node, Selection rows, RowsWork *work,
                  void *context);

/* The node's values as `wanted`, which says what cells and null are taken as. */
Register *eval(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows);

/* The same, numbers and truths turned into text. */
Register *eval_as_text(Evaluation *evaluation, const Expression *node, Selection rows);

/* --- one row of a register --- */

static inline void set_missing(Register *to, Type type, uint32_t row)
{
    if (type == TYPE_NUMBER)
        to->vector.missing[row] = 1;
    else if (type == TYPE_TRUTH)
        to->vector.truths[row] = TRUTH_MISSING;
    else
        to->vector.texts[row] = (Span){0};
}

static inline bool is_missing(const Register *from, Type type, uint32_t row)
{
    if (type == TYPE_NUMBER)
        return from->vector.missing[row] != 0;
    if (type == TYPE_TRUTH)
        return from->vector.truths[row] == TRUTH_MISSING;
    return from->vector.texts[row].size == 0;
}

static inline void set_number(Register *to, uint32_t row, Number number)
{
    to->vector.numbers[row] = number;
    to->vector.missing[row] = 0;
}

void copy_row(Register *to, const Register *from, Type type, uint32_t row);

/* --- numbers --- */

enum { SMALL_SCALE = 18 };

/* A decimal that 64 bits hold, at a scale for which there is a power of ten. */
static inline bool number_is_small(const Number *a)
{
    return number_is_short(a) && a->value.scale <= SMALL_SCALE;
}

/* Numbers by row, or one constant for every row: then the mask is 0. */
typedef struct Operand {
    const Number *numbers;
    const uint8_t *missing;
    uint32_t mask;
    Register *owner;
} Operand;

Operand operand_eval(Evaluation *evaluation, const Expression *node, Selection rows);
void operand_drop(Evaluation *evaluation, Operand operand);

/* --- cells.c --- */

/* A column's cells as numbers; texts as numbers (number(x), a slot). */
Register *column_numbers(Evaluation *evaluation, size_t column, Selection rows);
Register *column_texts(Evaluation *evaluation, size_t column, Selection rows);

/* One cell through the same store; false if missing. */
bool column_number(Evaluation *evaluation, size_t column, uint32_t row, Number *number);

/* A text that must be a number into a row of `to`. */
void text_to_number(Evaluation *evaluation, const Expression *node, Span text, Register *to,
                    uint32_t row);

/* "not a number: "n/a" (--invalid …)" and its kin. */
const char *not_a_number(Span text, Arena *arena);

/* A cell as it stands in a batch, which can be read past its end (digits_read()). */
static inline __attribute__((always_inline)) bool cell_number(Span field, int64_t *mantissa,
                                                              int32_t *scale)
{
    if (field.size <= 8 && digits_short(span_word_open(field), field.size, mantissa, scale))
        return true;
    return digits_read(field, mantissa, scale);
}

/* --- compute.c, compare.c, choose.c --- */

Register *eval_constant(Evaluation *evaluation, const Expression *node, Type wanted,
                        Selection rows);
Register *eval_slot(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows);
Register *eval_column(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows);
Register *eval_arithmetic(Evaluation *evaluation, const Expression *node, Selection rows);
Register *eval_rounded(Evaluation *evaluation, const Expression *node, int32_t places,
                       Selection rows);
Register *eval_negate(Evaluation *evaluation, const Expression *node, Selection rows);
Register *eval_join(Evaluation *evaluation, const Expression *node, Selection rows);
Register *eval_as_number(Evaluation *evaluation, const Expression *node, Selection rows);
Register *eval_call(Evaluation *evaluation, const Expression *node, Selection rows);
Register *eval_is_null(Evaluation *evaluation, const Expression *node, Selection rows);

/* Values of any type as numbers; a truth is 1 or 0 (an order may be by a condition). Drops `from`.
 */
Register *to_numbers(Evaluation *evaluation, const Expression *node, Register *from, Type type,
                     Selection rows);

Register *eval_comparison(Evaluation *evaluation, const Expression *node, Selection rows);
Register *eval_between(Evaluation *evaluation, const Expression *node, Selection rows);
Register *eval_in(Evaluation *evaluation, const Expression *node, Selection rows);
Register *eval_like(Evaluation *evaluation, const Expression *node, Selection rows);

/* Two values of `type` in one row: TRUTH_…; and -1, 0, 1 where neither is missing. */
uint8_t values_equal(const Register *a, const Register *b, Type type, uint32_t row);
int values_order(const Register *a, const Register *b, Type type, uint32_t row);

Register *eval_logic(Evaluation *evaluation, const Expression *node, Selection rows);
Register *eval_case(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows);
Register *eval_coalesce(Evaluation *evaluation, const Expression *node, Type wanted,
                        Selection rows);
Register *eval_nullif(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows);
Register *eval_extreme(Evaluation *evaluation, const Expression *node, Type wanted, Selection rows);

#endif
