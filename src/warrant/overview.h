/*
 * Overview: a claim in one line over all the readings it was judged in - in how many it holds, what
 * turns the verdict, and who stands nearest to turning it.
 *
 * "holds in 3 of 5 readings, not testable in 1; turns when through goes from 2017 to 2018; rival:
 * Saudi Arabia, 447 ahead in tiv (0.3 points of share) [through-2018]"
 *
 * What turns the verdict is told of the readings that were tested, in every vintage judged, as far
 * as they show it:
 *   1. a parameter (or vintage, or step) whose value alone parts those that hold from those that
 *      are contradicted: "turns when through is 2018", or "holds only when …" if these are fewer;
 *      all of them where several change together: "turns when first is 2008 and last is 2018";
 *   2. else two readings that differ in one thing and in the verdict: "turns when through goes from
 *      2017 to 2018", for up to two such things;
 *   3. else the names of the readings that are contradicted.
 * "inside rounding error in …" says that values within the declared precision of the inputs give
 * the other verdict of a check; "decided even under worst-case rounding" that none do
 * (worst_case.h), in the readings named where others have no input of a declared precision.
 *
 * The rival, or else the margin, is that of the reading nearest to another verdict: of those that
 * are contradicted where some are, else of those that hold.
 */
#ifndef WARRANT_OVERVIEW_H
#define WARRANT_OVERVIEW_H

#include "warrant/verdicts.h"

typedef struct Overview {
    size_t judged;                     /* readings, in each vintage that was judged */
    size_t counts[VERDICT_FAILED + 1]; /* of them, by verdict */
    const char *holds;                 /* "holds in 3 of 5 readings, not testable in 1" */
    const char *turns;                 /* "turns when …", "contradicted in …"; NULL */
    const char *nearest;               /* "rival: …", "least margin 0.29 [through-2017]"; NULL */
    const Judgement *nearest_to;       /* the judgement `nearest` is told of; NULL */
    WorstCaseState rounding;           /* the worst of all checks tested on uncertain inputs:
                                          inside, unknown, decided; NONE where no input is */
    const char *rounded;               /* "inside rounding error in …", "decided even under
                                          worst-case rounding"; NULL */
    const char *text;                  /* all of it, parts joined by "; " */
} Overview;

/* Everything is put into the arena; the verdicts must outlive it. */
Overview overview_of(const ClaimVerdicts *verdicts, Arena *arena);

#endif
