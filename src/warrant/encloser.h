/*
 * Encloser: expressions over cells of which some are known by bounds only.
 *
 * What rests on exact cells alone is left to the evaluator that the filters use, so that it comes
 * out as it does there; for the rest + - * / abs power sqrt ln exp round floor ceil number least
 * greatest case coalesce, comparisons, between, in, is null, and, or, not are enclosed.  Whatever
 * else has an uncertain part (texts made of it, %, nullif, like …) is nothing that is known.
 *
 * A condition has a set of truths that are possible.
 *
 * Expressions are prepared by expression_take_summaries() with every column they may mention as a
 * group column: column i of that list is cell i of a row.
 */
#ifndef WARRANT_ENCLOSER_H
#define WARRANT_ENCLOSER_H

#include "expr/evaluate.h"
#include "warrant/enclosure.h"

enum {
    MAY_BE_FALSE = 1 << TRUTH_FALSE,
    MAY_BE_TRUE = 1 << TRUTH_TRUE,
    MAY_BE_MISSING = 1 << TRUTH_MISSING,
    MAY_BE_ANY = MAY_BE_FALSE | MAY_BE_TRUE | MAY_BE_MISSING
};

/* What an expression sees: the cells of a row, and in `aggregate` results of summaries. */
typedef struct EnclosedRow {
    const Enclosed *cells;
    size_t cell_count;
    const Enclosed *slots;
    const SummaryCalls *calls; /* of the slots; NULL without */
} EnclosedRow;

typedef struct Encloser Encloser;

/* invalid_missing: as for evaluation_open(). Results are put into the arena. */
Encloser *encloser_open(bool invalid_missing, Arena *arena);

/* Turns to a row, which must stay until the next. */
void encloser_row(Encloser *encloser, const EnclosedRow *row);

/*
 * The expression's value there; fails where the evaluator would on exact cells.  enclose_cell() is
 * what a filter writes for it: `places` as for range_cell().
 */
Range enclose_number(Encloser *encloser, const Expression *node);
unsigned enclose_truth(Encloser *encloser, const Expression *node);
Enclosed enclose_cell(Encloser *encloser, const Expression *node, int32_t places);

void encloser_close(Encloser *encloser);

#endif
