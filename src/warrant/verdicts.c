#include "warrant/verdicts.h"

#include <string.h>

#include "base/attempt.h"
#include "base/diagnostic.h"
#include "warrant/worst_case.h"

static void open_pipeline(void *context)
{
    PipelineVerdicts *pipeline = context;
    pipeline->document = document_load(pipeline->path);
    pipeline->name = pipeline->document->name;
    pipeline->catalogue = catalogue_find(pipeline->path);
    builder_open(&pipeline->builder, pipeline->catalogue);
    plan_require_vintages(pipeline->document, pipeline->catalogue, &pipeline->builder.arena);
}

/* pipelines/NAME.yaml is called NAME, also when it cannot be read. */
static const char *name_of_path(const char *path, Arena *arena)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash == NULL ? path : slash + 1;
    const char *point = strrchr(base, '.');
    size_t size = point == NULL || point == base ? strlen(base) : (size_t)(point - base);
    return arena_copy(arena, base, size);
}

void verdicts_open(PipelineVerdicts *pipeline, const char *path)
{
    *pipeline = (PipelineVerdicts){.path = path};
    Trap trap;
    if (attempt(open_pipeline, pipeline, &trap))
        return;
    Arena *arena = &pipeline->builder.arena;
    pipeline->problem = arena_copy(arena, trap.message, strlen(trap.message));
    if (pipeline->document == NULL)
        pipeline->name = name_of_path(path, arena);
}

void verdicts_close(PipelineVerdicts *pipeline)
{
    builder_close(&pipeline->builder);
    if (pipeline->catalogue != NULL)
        catalogue_free(pipeline->catalogue);
    document_free(pipeline->document);
}

static const char *expectation_write(const Claim *claim, const Trial *trial, Arena *arena)
{
    if (!trial_bound(claim, trial))
        return "";
    const char *text = "";
    for (int verdict = VERDICT_REPRODUCED; verdict < VERDICT_FAILED; verdict++)
        if (trial_expected(claim, trial, (Verdict)verdict))
            text = arena_format(arena, "%s%s%s", text, text[0] == '\0' ? "" : " or ",
                                verdict_name((Verdict)verdict));
    return text;
}

static Judgement judge_trial(Builder *builder, const Claim *claim, const Trial *trial)
{
    Arena *arena = &builder->arena;
    Judgement judgement = {.trial = trial,
                           .verdict = claim->untestable != NULL ? VERDICT_NOT_TESTABLE
                                                                : VERDICT_REPRODUCED};
    judgement.outcomes = arena_array(arena, claim->check_count, sizeof *judgement.outcomes);
    judgement.effects = arena_array(arena, claim->check_count, sizeof *judgement.effects);
    for (size_t i = 0; i < claim->check_count; i++) {
        judgement.effects[i] = EFFECT_NONE;
        judgement.outcomes[i] = judge(builder, trial->setting, claim, &claim->checks[i], true);
        if (judgement.outcomes[i].verdict > judgement.verdict)
            judgement.verdict = judgement.outcomes[i].verdict;
    }
    worst_case_find(builder, trial->setting, claim, judgement.outcomes);
    judgement.expectation = expectation_write(claim, trial, arena);
    if (trial_bound(claim, trial))
        judgement.expected =
            trial_expected(claim, trial, judgement.verdict) && judgement.verdict != VERDICT_FAILED
                ? EXPECTED_YES
                : EXPECTED_NO;
    return judgement;
}

static bool testable(const Outcome *outcome)
{
    return outcome->verdict == VERDICT_REPRODUCED || outcome->verdict == VERDICT_CONTRADICTED;
}

static bool same_value(const Finding *a, const Finding *b)
{
    if (!a->found || !b->found)
        return a->found == b->found;
    if (a->value.is_number && b->value.is_number)
        return decimal_compare(a->value.number, b->value.number) == 0;
    return span_equal(a->value.text, b->value.text);
}

/*
 * A control that leaves nothing to observe has not shown that the check can fail: it counts as
 * nothing moved.
 */
static Effect effect_of(const Outcome *plain, const Outcome *changed)
{
    if (!testable(changed))
        return EFFECT_UNMOVED;
    if (same_value(&plain->observed, &changed->observed) &&
        same_value(&plain->other, &changed->other))
        return EFFECT_UNMOVED;
    return plain->verdict == changed->verdict ? EFFECT_MOVED : EFFECT_FLIPPED;
}

static void fault_add(ClaimVerdicts *verdicts, const char *text)
{
    for (size_t i = 0; i < verdicts->fault_count; i++)
        if (strcmp(verdicts->faults[i], text) == 0)
            return;
    verdicts->faults[verdicts->fault_count++] = text;
}

/* The strongest effect that any of the controls has on each check counts. */
static void run_control(Builder *builder, ClaimVerdicts *verdicts, Judgement *judgement,
                        const Control *control)
{
    const Claim *claim = verdicts->claim;
    Setting *changed = setting_control(judgement->trial->setting, control, &builder->arena);
    for (size_t i = 0; i < claim->check_count; i++) {
        const Outcome *plain = &judgement->outcomes[i];
        if (!testable(plain))
            continue;
        Outcome outcome = judge(builder, changed, claim, &claim->checks[i], false);
        Effect effect = effect_of(plain, &outcome);
        if (effect > judgement->effects[i])
            judgement->effects[i] = effect;
        if (outcome.verdict == VERDICT_FAILED && judgement->trial->other == NULL)
            fault_add(verdicts, arena_format(&builder->arena, "fails: %s", outcome.reason));
    }
}

/* Each check must be moved wherever it can be tested, and flipped somewhere. */
static void inspect_check(ClaimVerdicts *verdicts, size_t check, Arena *arena)
{
    const char *name = verdicts->claim->checks[check].name;
    bool tested = false, flipped = false;
    for (size_t i = 0; i < verdicts->count; i++) {
        Judgement *judgement = &verdicts->judgements[i];
        Effect effect = judgement->effects[check];
        if (judgement->trial->other != NULL || effect == EFFECT_NONE)
            continue;
        tested = true;
        flipped = flipped || effect == EFFECT_FLIPPED;
        if (effect != EFFECT_UNMOVED)
            continue;
        judgement->control_wrong = true;
        fault_add(verdicts, arena_format(arena, "does not move %s in %s", name,
                                         judgement->trial->reading->name));
    }
    if (!tested || flipped)
        return;
    fault_add(verdicts, arena_format(arena, "never flips %s", name));
    for (size_t i = 0; i < verdicts->count; i++)
        if (verdicts->judgements[i].effects[check] != EFFECT_NONE &&
            verdicts->judgements[i].trial->other == NULL)
            verdicts->judgements[i].control_wrong = true;
}

static void run_controls(Builder *builder, ClaimVerdicts *verdicts)
{
    const Claim *claim = verdicts->claim;
    Arena *arena = &builder->arena;
    size_t room = claim->check_count * (verdicts->count * (claim->control_count + 1) + 1);
    verdicts->faults = arena_array(arena, room, sizeof *verdicts->faults);
    for (size_t i = 0; i < verdicts->count; i++)
        for (size_t c = 0; c < claim->control_count; c++)
            run_control(builder, verdicts, &verdicts->judgements[i], &claim->controls[c]);
    for (size_t i = 0; i < claim->check_count; i++)
        inspect_check(verdicts, i, arena);
}

static ClaimVerdicts judge_claim(PipelineVerdicts *pipeline, const Claim *claim,
                                 const char *reading, const char *vintage)
{
    Builder *builder = &pipeline->builder;
    ClaimVerdicts verdicts = {.claim = claim};
    verdicts.plan =
        plan_claim(builder, pipeline->document, pipeline->catalogue, claim, reading, vintage);
    verdicts.count = verdicts.plan.count;
    verdicts.judgements = arena_array(&builder->arena, verdicts.count, sizeof *verdicts.judgements);
    for (size_t i = 0; i < verdicts.count; i++)
        verdicts.judgements[i] = judge_trial(builder, claim, &verdicts.plan.trials[i]);
    return verdicts;
}

ClaimVerdicts verdicts_claim(PipelineVerdicts *pipeline, const Claim *claim, const char *reading,
                             const char *vintage)
{
    return judge_claim(pipeline, claim, reading, vintage);
}

void verdicts_judge(PipelineVerdicts *pipeline, const char *vintage)
{
    if (pipeline->problem != NULL)
        return;
    const Document *document = pipeline->document;
    pipeline->claims =
        arena_array(&pipeline->builder.arena, document->claim_count, sizeof *pipeline->claims);
    for (size_t i = 0; i < document->claim_count; i++) {
        ClaimVerdicts *verdicts = &pipeline->claims[pipeline->count++];
        *verdicts = judge_claim(pipeline, &document->claims[i], NULL, vintage);
        run_controls(&pipeline->builder, verdicts);
    }
}

static int judgement_status(const Judgement *judgement)
{
    if (judgement->verdict == VERDICT_FAILED)
        return 3;
    if (judgement->expected == EXPECTED_NO)
        return judgement->verdict == VERDICT_NOT_TESTABLE ? 2 : 1;
    return 0;
}

int verdicts_status(const PipelineVerdicts *pipeline)
{
    int status = pipeline->problem != NULL ? 3 : 0;
    for (size_t c = 0; c < pipeline->count; c++) {
        const ClaimVerdicts *verdicts = &pipeline->claims[c];
        if (verdicts->fault_count != 0 && status < 1)
            status = 1;
        for (size_t i = 0; i < verdicts->count; i++) {
            int one = judgement_status(&verdicts->judgements[i]);
            if (one > status)
                status = one;
        }
    }
    return status;
}

const char *effect_name(Effect effect)
{
    static const char *const names[] = {"", "unmoved", "moved", "flipped"};
    return names[effect];
}
