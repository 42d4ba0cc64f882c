/*
 * Evaluate: expressions over a batch of rows, column by column.
 *
 * An evaluation holds what lasts while a batch is worked on: number cells already read (each cell
 * is read once however many expressions use it), vectors for intermediate results, an arena for
 * texts and large numbers.  Only the rows of the selection are touched, and `and`, `or`, `case`,
 * `coalesce` narrow it, so that  b <> 0 and a / b > 2  never divides by zero.
 *
 * A row that cannot be evaluated (text where a number should be, division by zero, square root of
 * a negative number …) ends the program with its place, "FILE:LINE:COLUMN: COLUMN-NAME: not a
 * number: VALUE (…)"; it is always the first such row of the selection, whatever the batch size.
 *
 * One evaluation belongs to one thread.
 */
#ifndef EXPR_EVALUATE_H
#define EXPR_EVALUATE_H

#include <stdint.h>

#include "csv/reader.h"
#include "expr/expression.h"
#include "num/number.h"

enum { TRUTH_FALSE = 0, TRUTH_TRUE = 1, TRUTH_MISSING = 2 };

/* Values by row number of the batch; only selected rows are set. */
typedef struct Vector {
    Type type;
    size_t room;
    Number *numbers;  /* NUMBER */
    uint8_t *missing; /* NUMBER: 1 where there is none */
    Span *texts;      /* TEXT and CELL: the value; size 0 is missing */
    uint8_t *truths;  /* TRUTH */
} Vector;

/* Rows by number, ascending. */
typedef struct Selection {
    const uint32_t *rows;
    size_t count;
} Selection;

typedef struct Evaluation Evaluation;

/* invalid_missing: cells that are not numbers count as missing instead of failing. */
Evaluation *evaluation_open(bool invalid_missing);

/*
 * How much memory the values of one batch may take, EVALUATION_MEMORY unless it is said: an
 * expression can make of one cell as many bytes as it likes.  Past it the program ends.
 */
enum { EVALUATION_MEMORY = 1 << 30, EVALUATION_LEAST = 16 << 20 };
void evaluation_limit(Evaluation *evaluation, size_t bytes);

/* Turns to the next batch; results of the one before are gone. */
void evaluation_batch(Evaluation *evaluation, const Batch *batch);

/* How messages call a row that is not in a file. */
typedef const char *RowPlace(void *context, size_t row);

/*
 * Turns to rows that are not in a file: slot i of expression_take_summaries() is slots[i], group
 * column i is groups[i], over `rows` rows.
 */
void evaluation_slots(Evaluation *evaluation, const Vector *slots, const Vector *groups,
                      size_t rows, RowPlace *place, void *context);

/* Every row of the batch. */
Selection evaluation_all(const Evaluation *evaluation);

/* The expression's values; the vector is good until the next batch. Of type NULL: texts, all
 * missing. */
const Vector *evaluate(Evaluation *evaluation, const Expression *expression, Selection rows);

/* The same with cells taken as numbers (ORDER keys, arguments of sum …). */
const Vector *evaluate_numbers(Evaluation *evaluation, const Expression *expression,
                               Selection rows);

/* Those of an expression of type NUMBER rounded to `places`; negative: as they are. */
const Vector *evaluate_rounded(Evaluation *evaluation, const Expression *expression, int32_t places,
                               Selection rows);

/* The same with cells taken as text. A number becomes its text, a truth `true` or `false`. */
const Vector *evaluate_texts(Evaluation *evaluation, const Expression *expression, Selection rows);

/* The rows for which a condition is true, false, missing: fills `rows` (room for all), returns how
 * many. */
size_t evaluate_condition(Evaluation *evaluation, const Expression *condition, Selection rows,
                          uint8_t truth, uint32_t *chosen);

/* Number cells of one column of the batch (share's argument). */
const Vector *evaluate_column_numbers(Evaluation *evaluation, size_t column, Selection rows);

/*
 * Several expressions over the same rows: between these two, rows that cannot be evaluated come out
 * missing, and the first of them, over all the expressions, ends the program at the release.
 */
void evaluation_hold(Evaluation *evaluation);

/* Between them, too: a row's value of this expression is of no use to the caller, for this reason.
 */
void evaluation_refuse(Evaluation *evaluation, size_t row, const Expression *expression,
                       const char *reason);

/* How many rows from the first on could be evaluated so far. */
size_t evaluation_sound(const Evaluation *evaluation);
void evaluation_release(Evaluation *evaluation);

/* Cells that --invalid missing turned into missing, so far; each cell counts once. */
uint64_t evaluation_invalid(const Evaluation *evaluation);

/* Counts the cells that another evaluation turned into missing as this one's. */
void evaluation_absorb(Evaluation *evaluation, const Evaluation *other);

Arena *evaluation_arena(Evaluation *evaluation);
void evaluation_close(Evaluation *evaluation);

#endif
