/*
 * Sentence: an outcome in words, for a person.
 */
#ifndef WARRANT_SENTENCE_H
#define WARRANT_SENTENCE_H

#include "warrant/verdicts.h"

/*
 * "share 9.2099 percent in [8.5, 9.5], margin 0.2901", "rank 2, not 1; rival: Saudi Arabia, 447
 * ahead in tiv", or why there is no comparison.
 */
const char *sentence_outcome(const Outcome *outcome, Arena *arena);

/* "margin 0.2901"; "" where one value alone is right and rows are not what is counted. */
const char *sentence_margin(const Outcome *outcome, Arena *arena);

/*
 * Whether rounding of the inputs could make the verdict another, behind a name for the state
 * (worst_case_name()): "decided: 59.5 to 60.5", "inside: it can be another verdict; 59.5 to 60.5",
 * "unknown: why"; "" where no input is uncertain.
 */
const char *sentence_rounding(const Outcome *outcome, const char *name, Arena *arena);

/* What an outcome has to add to its figures: a reason, the rival, the rows counted; "" for nothing.
 */
const char *sentence_reason(const Outcome *outcome, Arena *arena);

/* "us-arms-exports.rok-share [through-2017]"; another vintage stands behind an @. */
const char *sentence_name(const PipelineVerdicts *pipeline, const Claim *claim, const Trial *trial,
                          Arena *arena);

#endif
