/*
 * Worst case: could rounding of the inputs alone make a verdict another?
 *
 * A cell of a column with a declared precision stands for any value so far from it (percent of the
 * cell, or an amount), within the column's minimum and maximum; any other cell is exact.  Two
 * independent proofs are tried:
 *
 *   decided  The observed value - and what it is held against, if that is another value - is
 *            enclosed between bounds for all such values at once (sheet.h), and the comparison
 * comes out the same for everything between them. inside   Values within the precision were found
 * with which the filters themselves, run on them, give the other verdict.  Those tried are corners:
 * cells that the value rises with at one end, those that it falls with at the other (influence.h),
 * and the other way round.
 *
 * Where neither succeeds it is unknown.  So `decided` and `inside` are never said without a proof,
 * and each holds whatever the other would have found.  A verdict of exact inputs is decided.
 */
#ifndef WARRANT_WORST_CASE_H
#define WARRANT_WORST_CASE_H

#include "warrant/judge.h"

/* Sets the worst case of each of the claim's outcomes (one for each check) in a setting. */
void worst_case_find(Builder *builder, Setting *setting, const Claim *claim, Outcome *outcomes);

const char *worst_case_name(WorstCaseState state); /* "", "decided", "inside", "unknown" */

#endif
