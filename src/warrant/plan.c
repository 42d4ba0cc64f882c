#include "warrant/plan.h"

#include <string.h>

#include "base/diagnostic.h"
#include "warrant/invocation.h"
#include "warrant/judge.h"

/* What a claim stands on in a setting. */
typedef struct Grounds {
    const Setting *setting;
    const Claim *claim;
    bool *sources, *steps; /* by their number in the document */
} Grounds;

static void stand_on(Grounds *grounds, const char *name);

static void stand_on_tables(Grounds *grounds, const Pipe *pipe)
{
    for (size_t i = 0; i < pipe->count; i++)
        for (size_t t = 0; t < 4 && pipe->stages[i].tables[t] != NULL; t++)
            stand_on(grounds, pipe->stages[i].tables[t]);
}

static void stand_on(Grounds *grounds, const char *name)
{
    const Document *document = grounds->setting->document;
    const SourceName *source = document_source(document, name);
    if (source != NULL) {
        grounds->sources[source - document->sources] = true;
        return;
    }
    const Step *step = document_step(document, name);
    if (step == NULL || grounds->steps[step - document->steps])
        return;
    grounds->steps[step - document->steps] = true;
    for (size_t i = 0; i < step->from_count; i++)
        stand_on(grounds, step->from[i]);
    stand_on_tables(grounds, &step->pipe);
}

static void stand_on_observed(Grounds *grounds, const Observed *observed)
{
    const char *step = judge_step(grounds->setting, grounds->claim, observed);
    if (step != NULL)
        stand_on(grounds, step);
}

static Grounds grounds_find(const Setting *setting, const Claim *claim, Arena *arena)
{
    const Document *document = setting->document;
    Grounds grounds = {.setting = setting, .claim = claim};
    grounds.sources = arena_array(arena, document->source_count, sizeof *grounds.sources);
    grounds.steps = arena_array(arena, document->step_count, sizeof *grounds.steps);
    memset(grounds.sources, 0, document->source_count * sizeof *grounds.sources);
    memset(grounds.steps, 0, document->step_count * sizeof *grounds.steps);
    for (size_t i = 0; i < claim->check_count; i++) {
        stand_on_observed(&grounds, &claim->checks[i].observed);
        if (claim->checks[i].other != NULL)
            stand_on_observed(&grounds, claim->checks[i].other);
    }
    for (size_t i = 0; i < claim->control_count; i++)
        stand_on_tables(&grounds, &claim->controls[i].pipe);
    return grounds;
}

static bool pipe_mentions(const Pipe *pipe, const char *name)
{
    for (size_t i = 0; i < pipe->count; i++)
        if (stage_mentions(&pipe->stages[i], name))
            return true;
    return false;
}

static bool observed_mentions(const Observed *observed, const char *name)
{
    return observed != NULL && ((observed->where != NULL && text_mentions(observed->where, name)) ||
                                (observed->count != NULL && text_mentions(observed->count, name)));
}

static bool source_needs(const SourceName *source, const char *name)
{
    for (size_t i = 0; i < source->need_count; i++) {
        const Bound *bounds[] = {&source->needs[i].first, &source->needs[i].last};
        for (size_t b = 0; b < 2; b++)
            if (bounds[b]->parameter != NULL && strcmp(bounds[b]->parameter, name) == 0)
                return true;
    }
    return false;
}

static bool parameter_matters(const Grounds *grounds, const char *name)
{
    const Document *document = grounds->setting->document;
    const Claim *claim = grounds->claim;
    for (size_t i = 0; i < document->step_count; i++)
        if (grounds->steps[i] && pipe_mentions(&document->steps[i].pipe, name))
            return true;
    for (size_t i = 0; i < document->source_count; i++)
        if (grounds->sources[i] && source_needs(&document->sources[i], name))
            return true;
    for (size_t i = 0; i < claim->check_count; i++)
        if (observed_mentions(&claim->checks[i].observed, name) ||
            observed_mentions(claim->checks[i].other, name))
            return true;
    for (size_t i = 0; i < claim->control_count; i++)
        if (pipe_mentions(&claim->controls[i].pipe, name))
            return true;
    return false;
}

/* Steps, parameters and vintages that the claim stands on, as one text. */
static const char *grounds_write(const Grounds *grounds, Arena *arena)
{
    const Setting *setting = grounds->setting;
    const Document *document = setting->document;
    Buffer text = {0};
    for (size_t i = 0; i < document->step_count; i++)
        if (grounds->steps[i])
            buffer_format(&text, "%s\n", document->steps[i].name);
    for (size_t i = 0; i < setting->parameters.count; i++) {
        const Parameter *parameter = &setting->parameters.items[i];
        if (!parameter_matters(grounds, parameter->name))
            continue;
        parameter_write(parameter, &text);
        buffer_byte(&text, '\n');
    }
    for (size_t i = 0; i < document->source_count; i++) {
        const char *vintage = setting_vintage(setting, &document->sources[i]);
        if (grounds->sources[i] && vintage != NULL)
            buffer_format(&text, "%s@%s\n", document->sources[i].name, vintage);
    }
    /* Where each check looks may differ though the steps are the same. */
    if (setting->reading->from != NULL)
        buffer_format(&text, "from %s\n", setting->reading->from);
    const char *copy = arena_copy(arena, text.at, text.size);
    buffer_free(&text);
    return copy;
}

Factor factor_of_parameter(const Parameter *parameter, Arena *arena)
{
    Factor factor = {.kind = FACTOR_PARAMETER, .name = parameter->name};
    Buffer text = {0};
    for (size_t i = 0; i < parameter->count; i++) {
        const ParameterValue *value = &parameter->values[i];
        bool missing = value->kind == PARAMETER_MISSING;
        buffer_format(&text, "%s%.*s", i == 0 ? "" : ", ", missing ? 7 : (int)value->text.size,
                      missing ? "missing" : value->text.at);
    }
    factor.value = arena_copy(arena, text.at, text.size);
    buffer_free(&text);
    factor.is_number = !parameter->list && parameter->values[0].kind == PARAMETER_NUMBER;
    if (factor.is_number)
        factor.number = parameter->values[0].number;
    return factor;
}

static void find_factors(const Grounds *grounds, Trial *trial, Arena *arena)
{
    const Setting *setting = grounds->setting;
    const Document *document = setting->document;
    const Parameters *parameters = &setting->parameters;
    trial->factors =
        arena_array(arena, parameters->count + document->source_count + 1, sizeof *trial->factors);
    for (size_t i = 0; i < parameters->count; i++)
        if (parameter_matters(grounds, parameters->items[i].name))
            trial->factors[trial->factor_count++] =
                factor_of_parameter(&parameters->items[i], arena);
    for (size_t i = 0; i < document->source_count; i++) {
        const SourceName *source = &document->sources[i];
        const char *vintage = setting_vintage(setting, source);
        if (grounds->sources[i] && vintage != NULL)
            trial->factors[trial->factor_count++] =
                (Factor){.kind = FACTOR_VINTAGE, .name = source->name, .value = vintage};
    }
    const char *from =
        setting->reading->from != NULL ? setting->reading->from : grounds->claim->from;
    if (from != NULL)
        trial->factors[trial->factor_count++] =
            (Factor){.kind = FACTOR_STEP, .name = "", .value = from};
}

/* The vintages, each once, joined by a plus where the claim stands on several. */
static const char *vintages_write(const Grounds *grounds, Arena *arena)
{
    const Setting *setting = grounds->setting;
    const Document *document = setting->document;
    const char **seen = arena_array(arena, document->source_count, sizeof *seen);
    size_t count = 0;
    const char *text = "";
    for (size_t i = 0; i < document->source_count; i++) {
        const char *vintage = setting_vintage(setting, &document->sources[i]);
        bool known = !grounds->sources[i] || vintage == NULL;
        for (size_t j = 0; j < count && !known; j++)
            known = strcmp(seen[j], vintage) == 0;
        if (known)
            continue;
        seen[count++] = vintage;
        text = arena_format(arena, "%s%s%s", text, count == 1 ? "" : "+", vintage);
    }
    return text;
}

static const Expectation *trial_expectation(const Claim *claim, const Trial *trial)
{
    const char *reading = trial->reading->name;
    if (trial->other != NULL)
        return claim_expectation(claim, reading, trial->other);
    for (size_t i = 0; i < trial->factor_count; i++) {
        const Expectation *own = trial->factors[i].kind == FACTOR_VINTAGE
                                     ? claim_expectation(claim, reading, trial->factors[i].value)
                                     : NULL;
        if (own != NULL)
            return own;
    }
    return claim_expectation(claim, reading, NULL);
}

bool trial_bound(const Claim *claim, const Trial *trial)
{
    return trial->other == NULL || trial_expectation(claim, trial) != NULL;
}

bool trial_expected(const Claim *claim, const Trial *trial, Verdict verdict)
{
    const Expectation *expectation = trial_expectation(claim, trial);
    if (expectation == NULL)
        return trial->other != NULL || verdict == VERDICT_REPRODUCED;
    for (size_t i = 0; i < expectation->count; i++)
        if (expectation->verdicts[i] == verdict)
            return true;
    return false;
}

/* The vintages of the document's series, "2022-07, 2026-06"; NULL if `vintage` is one of them. */
static const char *vintages_but(const Document *document, const Catalogue *catalogue,
                                const char *vintage, Arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < catalogue->count; i++) {
        const Resource *resource = &catalogue->resources[i];
        bool used = false;
        for (size_t s = 0; s < document->source_count && !used; s++)
            used = resource->series != NULL && document->sources[s].series != NULL &&
                   strcmp(resource->series, document->sources[s].series) == 0;
        if (!used)
            continue;
        if (strcmp(resource->vintage, vintage) == 0)
            return NULL;
        text = arena_format(arena, "%s%s%s", text, *text == '\0' ? "" : ", ", resource->vintage);
    }
    return text;
}

void plan_require_vintages(const Document *document, const Catalogue *catalogue, Arena *arena)
{
    for (size_t c = 0; c < document->claim_count; c++) {
        const Claim *claim = &document->claims[c];
        for (size_t i = 0; i < claim->expect_count; i++) {
            const Expectation *expectation = &claim->expect[i];
            const char *at =
                expectation->reading == NULL ? NULL : strchr(expectation->reading, '@');
            const char *others =
                at == NULL ? NULL : vintages_but(document, catalogue, at + 1, arena);
            if (others != NULL)
                place_fail(document->path, expectation->mark,
                           "no source has the vintage %s (there are %s)",
                           shown(at + 1, strlen(at + 1)), *others == '\0' ? "none" : others);
        }
    }
}

static bool same_expectation(const Claim *claim, const Trial *a, const Trial *b)
{
    if (trial_bound(claim, a) != trial_bound(claim, b))
        return false;
    for (int verdict = VERDICT_REPRODUCED; verdict <= VERDICT_FAILED; verdict++)
        if (trial_expected(claim, a, (Verdict)verdict) !=
            trial_expected(claim, b, (Verdict)verdict))
            return false;
    return true;
}

typedef struct Planning {
    Plan *plan;
    Builder *builder;
    const Document *document;
    const Catalogue *catalogue;
    const Claim *claim;
} Planning;

static Trial trial_make(const Planning *planning, const Reading *reading, const char *vintage,
                        Grounds *grounds)
{
    Arena *arena = &planning->builder->arena;
    Trial trial = {.reading = reading};
    trial.setting =
        setting_make(planning->document, planning->catalogue, reading, vintage, NULL, arena);
    *grounds = grounds_find(trial.setting, planning->claim, arena);
    trial.vintages = vintages_write(grounds, arena);
    trial.same = grounds_write(grounds, arena);
    find_factors(grounds, &trial, arena);
    return trial;
}

/* A reading on its own data stands whatever another reading says of the same data. */
static void trial_add(const Planning *planning, Trial trial)
{
    Plan *plan = planning->plan;
    for (size_t i = 0; i < plan->count; i++)
        if (strcmp(plan->trials[i].same, trial.same) == 0 &&
            (trial.other != NULL || plan->trials[i].other == NULL) &&
            same_expectation(planning->claim, &plan->trials[i], &trial))
            return;
    if (plan->count == plan->room) {
        Trial *old = plan->trials;
        plan->room = plan->room * 2 + 8;
        plan->trials = arena_array(&planning->builder->arena, plan->room, sizeof *old);
        if (plan->count != 0)
            memcpy(plan->trials, old, plan->count * sizeof *old);
    }
    plan->trials[plan->count++] = trial;
}

/* The reading in a vintage that may turn out to be its own. */
static void add_vintage(const Planning *planning, const Trial *own, const char *vintage)
{
    Grounds grounds;
    Trial trial = trial_make(planning, own->reading, vintage, &grounds);
    if (strcmp(trial.same, own->same) == 0)
        trial = *own;
    else
        trial.other = vintage;
    trial_add(planning, trial);
}

static bool grounds_in_series(const Grounds *grounds, const char *series)
{
    const Document *document = grounds->setting->document;
    for (size_t i = 0; i < document->source_count; i++)
        if (grounds->sources[i] && document->sources[i].series != NULL &&
            strcmp(document->sources[i].series, series) == 0)
            return true;
    return false;
}

static void add_reading(const Planning *planning, const Reading *reading, const char *vintage)
{
    Grounds grounds;
    Trial own = trial_make(planning, reading, NULL, &grounds);
    bool all = vintage != NULL && strcmp(vintage, "all") == 0;
    if (vintage != NULL && !all) {
        add_vintage(planning, &own, vintage);
        return;
    }
    trial_add(planning, own);
    const Catalogue *catalogue = planning->catalogue;
    for (size_t i = 0; all && i < catalogue->count; i++) {
        const Resource *resource = &catalogue->resources[i];
        if (resource->series != NULL && resource->vintage != NULL &&
            grounds_in_series(&grounds, resource->series))
            add_vintage(planning, &own, resource->vintage);
    }
}

Plan plan_claim(Builder *builder, const Document *document, const Catalogue *catalogue,
                const Claim *claim, const char *reading, const char *vintage)
{
    Plan plan = {0};
    Planning planning = {&plan, builder, document, catalogue, claim};
    const ReadingList *readings = document_readings(document, claim);
    for (size_t i = 0; i < readings->count; i++)
        if (reading == NULL || strcmp(reading, readings->items[i].name) == 0)
            add_reading(&planning, &readings->items[i], vintage);
    return plan;
}

bool plan_vintage_known(const Catalogue *catalogue, const char *vintage)
{
    for (size_t i = 0; i < catalogue->count; i++)
        if (catalogue->resources[i].series != NULL && catalogue->resources[i].vintage != NULL &&
            strcmp(catalogue->resources[i].vintage, vintage) == 0)
            return true;
    return false;
}
