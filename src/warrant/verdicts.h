/*
 * Verdicts: every claim of a pipeline in every reading, held against what was expected, and the
 * controls that show that each check can fail.
 */
#ifndef WARRANT_VERDICTS_H
#define WARRANT_VERDICTS_H

#include "warrant/judge.h"
#include "warrant/plan.h"

/* What the controls of a claim did to one check. */
typedef enum Effect {
    EFFECT_NONE, /* not testable: nothing to move */
    EFFECT_UNMOVED,
    EFFECT_MOVED,
    EFFECT_FLIPPED
} Effect;

typedef enum Expected { EXPECTED_UNBOUND, EXPECTED_YES, EXPECTED_NO } Expected;

/* A claim in one reading and vintage. */
typedef struct Judgement {
    const Trial *trial;
    Outcome *outcomes; /* by check; none for an untestable claim */
    Effect *effects;   /* by check */
    Verdict verdict;   /* of the claim: the worst of its checks' */
    Expected expected;
    const char *expectation; /* "contradicted or not testable"; "" when unbound */
    bool control_wrong;      /* some control does not do to its checks what it must */
} Judgement;

typedef struct ClaimVerdicts {
    const Claim *claim;
    Plan plan;
    Judgement *judgements; /* by trial */
    size_t count;
    const char **faults; /* of its controls: "never flips share" */
    size_t fault_count;
} ClaimVerdicts;

typedef struct PipelineVerdicts {
    const char *path, *name;
    char *problem; /* why the pipeline could not be read, or NULL */
    Document *document;
    Catalogue *catalogue;
    Builder builder;
    ClaimVerdicts *claims;
    size_t count;
} PipelineVerdicts;

/* Reads a pipeline file and its catalogue; a problem is kept, not raised. */
void verdicts_open(PipelineVerdicts *pipeline, const char *path);
void verdicts_close(PipelineVerdicts *pipeline);

/* Judges all claims; vintage as in plan_claim(). */
void verdicts_judge(PipelineVerdicts *pipeline, const char *vintage);

/* Judges one claim without its controls; reading and vintage as in plan_claim(). */
ClaimVerdicts verdicts_claim(PipelineVerdicts *pipeline, const Claim *claim, const char *reading,
                             const char *vintage);

/* 0 all as expected, 1 a verdict or control differs, 2 unexpectedly not testable, 3 failed. */
int verdicts_status(const PipelineVerdicts *pipeline);

const char *effect_name(Effect effect); /* "", "unmoved", "moved", "flipped" */

#endif
