/*
 * Plan: in which readings and vintages a claim has to be judged.
 *
 * A claim stands on some steps and sources, and through them on some parameters and series.  A
 * reading that changes none of those would only be judged twice, so it is left out - unless
 * something else is expected of it.
 */
#ifndef WARRANT_PLAN_H
#define WARRANT_PLAN_H

#include "warrant/build.h"

/* Something that the claim depends on and that a reading may choose. */
typedef enum FactorKind { FACTOR_PARAMETER, FACTOR_VINTAGE, FACTOR_STEP } FactorKind;

typedef struct Factor {
    FactorKind kind;
    const char *name;  /* the parameter, or the source with its vintage; "" for the step */
    const char *value; /* "2018", "FRA, DEU", "2022-07", "by-state" */
    bool is_number;
    Decimal number;
} Factor;

Factor factor_of_parameter(const Parameter *parameter, Arena *arena);

/* One way in which a claim is judged. */
typedef struct Trial {
    const Reading *reading;
    Setting *setting;
    const char
        *vintages;     /* of the series it stands on, as shown: "2022-07"; "" if there are none */
    const char *other; /* a vintage that is not the reading's own, or NULL */
    const char *same;  /* what decides the result; equal for equal trials */
    Factor *factors;   /* parameters, vintages, the step: in the document's order */
    size_t factor_count;
} Trial;

typedef struct Plan {
    Trial *trials; /* readings in the document's order, each in its own vintage first */
    size_t count, room;
} Plan;

/*
 * reading: only the one of that name, NULL for all.
 * vintage: NULL for each reading's own, "all" for every vintage of the series a claim stands on as
 * well, else the one that replaces the readings' own wherever a series has it.
 */
Plan plan_claim(Builder *builder, const Document *document, const Catalogue *catalogue,
                const Claim *claim, const char *reading, const char *vintage);

/* Whether some series of the catalogue has that vintage. */
bool plan_vintage_known(const Catalogue *catalogue, const char *vintage);

/*
 * Fails, with its place in the file, on an expectation READING@VINTAGE whose vintage none of the
 * document's series has.
 */
void plan_require_vintages(const Document *document, const Catalogue *catalogue, Arena *arena);

/*
 * Whether anything is expected of the trial: always in the reading's own vintage (reproduced where
 * nothing is said), in another only what READING@VINTAGE says, which also may name the own one and
 * then counts before READING; and whether a verdict is as expected, true where nothing binds it.
 */
bool trial_bound(const Claim *claim, const Trial *trial);
bool trial_expected(const Claim *claim, const Trial *trial, Verdict verdict);

#endif
