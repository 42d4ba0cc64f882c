/*
 * Standing: a claim over all its readings, for a reader who wants one word and one line.
 *
 * The word and the count are those of the readings on their own vintages of the data; what other
 * vintages say stands behind the line.  The line itself is overview.h's.
 */
#ifndef REPORT_STANDING_H
#define REPORT_STANDING_H

#include "warrant/verdicts.h"

typedef enum Standing {
    STANDING_HOLDS,
    STANDING_DEPENDS, /* holds in some readings, is contradicted in others */
    STANDING_CONTRADICTED,
    STANDING_UNTESTABLE,
    STANDING_FAILED
} Standing;

enum { STANDINGS = STANDING_FAILED + 1 };

typedef struct Stand {
    Standing standing;
    size_t verdicts[VERDICT_FAILED + 1]; /* readings by verdict */
    size_t readings;
    const char *line; /* a sentence with its full stop */
} Stand;

Stand standing_of(const ClaimVerdicts *verdicts, Arena *arena);

/* "holds", "depends on the reading", … */
const char *standing_name(Standing standing);

/* The same of a claim, which "holds where tested" if some readings could not be. */
const char *standing_word(const Stand *stand);

/* What a reading changes: "through is 2018, arms-transfers of 2026-06"; "" if nothing. */
const char *standing_reading(const Reading *reading, Arena *arena);

/*
 * Whether rounding of the inputs alone could turn the verdict, for a person: "decided even under
 * worst-case rounding of the inputs (9.04 to 9.06)"; "" where no input is uncertain.
 */
const char *standing_rounding(const Outcome *outcome, Arena *arena);

#endif
