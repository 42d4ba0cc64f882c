#include "warrant/overview.h"

#include <string.h>

#include "warrant/sentence.h"

enum { VALUES_TOLD = 4, TURNS_TOLD = 2, READINGS_TOLD = 4 };

/* The judgements that were tested: those that hold and those that are contradicted. */
typedef struct Tested {
    const Judgement **items;
    size_t count;
    size_t holding;
    Arena *arena;
} Tested;

static bool holds(const Judgement *judgement)
{
    return judgement->verdict == VERDICT_REPRODUCED;
}

static Tested find_tested(const ClaimVerdicts *verdicts, Arena *arena)
{
    Tested tested = {.items = arena_array(arena, verdicts->count, sizeof *tested.items),
                     .arena = arena};
    for (size_t i = 0; i < verdicts->count; i++) {
        const Judgement *judgement = &verdicts->judgements[i];
        if (!holds(judgement) && judgement->verdict != VERDICT_CONTRADICTED)
            continue;
        tested.items[tested.count++] = judgement;
        tested.holding += holds(judgement);
    }
    return tested;
}

/* The reading, and the vintage where it is not its own. */
static const char *reading_name(const Trial *trial, Arena *arena)
{
    if (trial->other == NULL)
        return trial->reading->name;
    return arena_format(arena, "%s@%s", trial->reading->name, trial->vintages);
}

/* ---- in how many it holds ---- */

static const char *verdict_word(Verdict verdict)
{
    return verdict == VERDICT_REPRODUCED ? "holds" : verdict_name(verdict);
}

/* "readings", or what they are where some are the same reading of other data. */
static const char *readings_word(const ClaimVerdicts *verdicts)
{
    for (size_t i = 0; i < verdicts->count; i++)
        if (verdicts->judgements[i].trial->other != NULL)
            return "readings and vintages";
    return "readings";
}

static const char *tell_holds(const Overview *overview, const ClaimVerdicts *verdicts, Arena *arena)
{
    static const Verdict order[] = {VERDICT_REPRODUCED, VERDICT_CONTRADICTED, VERDICT_NOT_TESTABLE,
                                    VERDICT_FAILED};
    const char *word = readings_word(verdicts), *text = NULL;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        size_t count = overview->counts[order[i]];
        const char *verdict = verdict_word(order[i]);
        if (count == 0)
            continue;
        if (overview->judged == 1)
            text = verdict;
        else if (count == overview->judged)
            text = count == 2 ? arena_format(arena, "%s in both %s", verdict, word)
                              : arena_format(arena, "%s in all %zu %s", verdict, count, word);
        else if (text == NULL)
            text =
                arena_format(arena, "%s in %zu of %zu %s", verdict, count, overview->judged, word);
        else
            text = arena_format(arena, "%s, %s in %zu", text, verdict, count);
    }
    return text == NULL ? "" : text;
}

/* ---- what turns it ---- */

static bool same_factor(const Factor *a, const Factor *b)
{
    return a->kind == b->kind && strcmp(a->name, b->name) == 0;
}

static const Factor *factor_like(const Trial *trial, const Factor *factor)
{
    for (size_t i = 0; i < trial->factor_count; i++)
        if (same_factor(&trial->factors[i], factor))
            return &trial->factors[i];
    return NULL;
}

static bool equal_values(const Factor *a, const Factor *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a->value, b->value) == 0;
}

/* Whether no value of the factor goes with both verdicts. */
static bool parts_verdicts(const Tested *tested, const Factor *factor)
{
    for (size_t i = 0; i < tested->count; i++)
        for (size_t j = 0; j < i; j++) {
            const Judgement *a = tested->items[i], *b = tested->items[j];
            if (holds(a) != holds(b) &&
                equal_values(factor_like(a->trial, factor), factor_like(b->trial, factor)))
                return false;
        }
    return true;
}

static const char *factor_name(const Factor *factor, Arena *arena)
{
    switch (factor->kind) {
    case FACTOR_PARAMETER:
        return factor->name;
    case FACTOR_VINTAGE:
        return arena_format(arena, "the vintage of %s", factor->name);
    case FACTOR_STEP:
        return "the step";
    }
    return "";
}

/* Values of the factor with which the claim holds, or does not: each once, "2018, 2019 or 2020". */
static const char *tell_values(const Tested *tested, const Factor *factor, bool holding)
{
    const Factor **seen = arena_array(tested->arena, tested->count, sizeof *seen);
    size_t count = 0;
    for (size_t i = 0; i < tested->count; i++) {
        const Factor *value = factor_like(tested->items[i]->trial, factor);
        bool told = holds(tested->items[i]) != holding || value == NULL;
        for (size_t j = 0; j < count && !told; j++)
            told = equal_values(seen[j], value);
        if (!told)
            seen[count++] = value;
    }
    if (count == 0 || count > VALUES_TOLD)
        return NULL;
    const char *text = seen[0]->value;
    for (size_t i = 1; i < count; i++)
        text = arena_format(tested->arena, "%s%s%s", text, i + 1 == count ? " or " : ", ",
                            seen[i]->value);
    return text;
}

/* Factors that change together part the verdicts together, and nobody knows which of them does. */
static const char *tell_parting(const Tested *tested)
{
    const Trial *first = tested->items[0]->trial;
    bool few_hold = tested->holding * 2 < tested->count;
    const char *text = NULL;
    for (size_t i = 0; i < first->factor_count; i++) {
        const Factor *factor = &first->factors[i];
        const char *values =
            parts_verdicts(tested, factor) ? tell_values(tested, factor, few_hold) : NULL;
        if (values == NULL)
            continue;
        text = arena_format(tested->arena, "%s %s is %s",
                            text != NULL ? arena_format(tested->arena, "%s and", text)
                            : few_hold   ? "holds only when"
                                         : "turns when",
                            factor_name(factor, tested->arena), values);
    }
    return text;
}

/* The one factor in which two trials differ; NULL if they differ in none or in several. */
static const Factor *only_difference(const Trial *a, const Trial *b)
{
    const Factor *only = NULL;
    if (a->factor_count != b->factor_count)
        return NULL;
    for (size_t i = 0; i < a->factor_count; i++) {
        if (equal_values(&a->factors[i], factor_like(b, &a->factors[i])))
            continue;
        if (only != NULL)
            return NULL;
        only = &a->factors[i];
    }
    return only;
}

/* How far two values of a factor are apart, for the nearest pair to be told; texts are all alike.
 */
static Decimal apart(const Factor *a, const Factor *b, Arena *arena)
{
    if (!a->is_number || !b->is_number)
        return decimal_of(0);
    return decimal_absolute(decimal_subtract(a->number, b->number, arena), arena);
}

/* Two readings that differ in one factor and in the verdict. */
typedef struct Pair {
    const Factor *from, *to;
    Decimal apart;
} Pair;

static void note_pair(Pair *pairs, size_t *count, Pair pair)
{
    for (size_t i = 0; i < *count; i++)
        if (same_factor(pairs[i].from, pair.from)) {
            if (decimal_compare(pair.apart, pairs[i].apart) < 0)
                pairs[i] = pair;
            return;
        }
    if (*count < TURNS_TOLD)
        pairs[(*count)++] = pair;
}

static size_t find_pairs(const Tested *tested, Pair pairs[TURNS_TOLD])
{
    size_t count = 0;
    for (size_t i = 0; i < tested->count; i++)
        for (size_t j = i + 1; j < tested->count; j++) {
            const Judgement *a = tested->items[i], *b = tested->items[j];
            if (holds(a) == holds(b))
                continue;
            const Judgement *held = holds(a) ? a : b, *turned = holds(a) ? b : a;
            const Factor *from = only_difference(held->trial, turned->trial);
            const Factor *to = from == NULL ? NULL : factor_like(turned->trial, from);
            if (to != NULL)
                note_pair(pairs, &count, (Pair){from, to, apart(from, to, tested->arena)});
        }
    return count;
}

static const char *tell_pairs(const Tested *tested)
{
    Pair pairs[TURNS_TOLD];
    size_t count = find_pairs(tested, pairs);
    const char *text = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *turn = arena_format(tested->arena, "%s goes from %s to %s",
                                        factor_name(pairs[i].from, tested->arena),
                                        pairs[i].from->value, pairs[i].to->value);
        text = text == NULL ? arena_format(tested->arena, "turns when %s", turn)
                            : arena_format(tested->arena, "%s, and when %s", text, turn);
    }
    return text;
}

static const char *tell_names(const Tested *tested)
{
    const char *text = "contradicted in ";
    size_t told = 0, against = tested->count - tested->holding;
    for (size_t i = 0; i < tested->count && told < READINGS_TOLD; i++)
        if (!holds(tested->items[i]))
            text = arena_format(tested->arena, "%s%s%s", text, told++ == 0 ? "" : ", ",
                                reading_name(tested->items[i]->trial, tested->arena));
    return against == told ? text
                           : arena_format(tested->arena, "%s and %zu more", text, against - told);
}

static const char *tell_turns(const Tested *tested)
{
    if (tested->holding == 0 || tested->holding == tested->count)
        return NULL;
    const char *text = tell_parting(tested);
    if (text == NULL)
        text = tell_pairs(tested);
    return text != NULL ? text : tell_names(tested);
}

/* ---- who is nearest to turning it ---- */

/* The check that the verdict comes from; where all hold, the first with a margin. */
static const Outcome *deciding(const ClaimVerdicts *verdicts, const Judgement *judgement)
{
    for (size_t i = 0; i < verdicts->claim->check_count; i++) {
        const Outcome *outcome = &judgement->outcomes[i];
        if (outcome->verdict == judgement->verdict && outcome->has_interval)
            return outcome;
    }
    return NULL;
}

/* Nearer to another verdict, of two outcomes of one check: by the margin, then by the rival. */
static bool nearer(const Outcome *a, const Outcome *b)
{
    int order = decimal_compare(a->margin, b->margin);
    if (order != 0 || !a->rival.measured || !b->rival.measured)
        return order < 0;
    return decimal_compare(a->rival.distance, b->rival.distance) < 0;
}

static const Outcome *find_nearest(const ClaimVerdicts *verdicts, const Tested *tested,
                                   const Judgement **where)
{
    const Outcome *nearest = NULL;
    bool holding = tested->holding == tested->count;
    for (size_t i = 0; i < tested->count; i++) {
        const Judgement *judgement = tested->items[i];
        const Outcome *outcome = holds(judgement) == holding ? deciding(verdicts, judgement) : NULL;
        if (outcome == NULL ||
            (nearest != NULL && (outcome->check != nearest->check || !nearer(outcome, nearest))))
            continue;
        nearest = outcome;
        *where = judgement;
    }
    return nearest;
}

/* "rival: …", "year: 1981, 1999" or "least margin 0.1594 of share". */
static const char *tell_outcome(const ClaimVerdicts *verdicts, const Outcome *outcome, Arena *arena)
{
    const char *reason = sentence_reason(outcome, arena);
    const char *margin = sentence_margin(outcome, arena);
    if (reason[0] != '\0' || margin[0] == '\0')
        return reason;
    bool several = verdicts->claim->check_count > 1;
    return arena_format(arena, "%s%s%s%s", verdicts->count > 1 ? "least " : "", margin,
                        several ? " of " : "", several ? outcome->check->name : "");
}

static const char *tell_nearest(const ClaimVerdicts *verdicts, const Tested *tested,
                                Overview *overview)
{
    Arena *arena = tested->arena;
    const Judgement *where = NULL;
    const Outcome *nearest = find_nearest(verdicts, tested, &where);
    if (nearest == NULL)
        return NULL;
    const char *text = tell_outcome(verdicts, nearest, arena);
    if (text[0] == '\0')
        return NULL;
    overview->nearest_to = where;
    return overview->judged == 1
               ? text
               : arena_format(arena, "%s [%s]", text, reading_name(where->trial, arena));
}

/* ---- whether rounding could turn it ---- */

/* The worst of the checks' whose inputs are uncertain. */
static WorstCaseState rounding_of(const ClaimVerdicts *verdicts, const Judgement *judgement)
{
    static const int badness[] = {0, 1, 3, 2}; /* by WorstCaseState: inside is worse than unknown */
    WorstCaseState worst = WORST_CASE_NONE;
    for (size_t i = 0; i < verdicts->claim->check_count; i++) {
        const WorstCase *one = &judgement->outcomes[i].worst_case;
        if (one->uncertain && badness[one->state] > badness[worst])
            worst = one->state;
    }
    return worst;
}

static const char *tell_where(const ClaimVerdicts *verdicts, const Tested *tested,
                              WorstCaseState state)
{
    Arena *arena = tested->arena;
    const char *text = "";
    size_t count = 0;
    for (size_t i = 0; i < tested->count; i++) {
        if (rounding_of(verdicts, tested->items[i]) != state || ++count > READINGS_TOLD)
            continue;
        text = arena_format(arena, "%s%s%s", text, count == 1 ? " in " : ", ",
                            reading_name(tested->items[i]->trial, arena));
    }
    if (count > READINGS_TOLD)
        return arena_format(arena, "%s and %zu more", text, count - READINGS_TOLD);
    return verdicts->count == 1 ? "" : text;
}

static bool all_uncertain(const ClaimVerdicts *verdicts, const Tested *tested)
{
    for (size_t i = 0; i < tested->count; i++)
        if (rounding_of(verdicts, tested->items[i]) == WORST_CASE_NONE)
            return false;
    return true;
}

static const char *tell_rounding(const ClaimVerdicts *verdicts, const Tested *tested,
                                 Overview *overview)
{
    static const WorstCaseState order[] = {WORST_CASE_INSIDE, WORST_CASE_UNKNOWN,
                                           WORST_CASE_DECIDED};
    static const char *const words[] = {"", "decided even under worst-case rounding",
                                        "inside rounding error",
                                        "not known to be safe from rounding"};
    for (size_t o = 0; o < sizeof order / sizeof *order; o++)
        for (size_t i = 0; i < tested->count; i++) {
            if (rounding_of(verdicts, tested->items[i]) != order[o])
                continue;
            overview->rounding = order[o];
            if (order[o] == WORST_CASE_DECIDED && all_uncertain(verdicts, tested))
                return words[order[o]];
            return arena_format(tested->arena, "%s%s%s", words[order[o]],
                                tell_where(verdicts, tested, order[o]),
                                order[o] == WORST_CASE_DECIDED
                                    ? " (elsewhere inputs are exact or of undeclared precision)"
                                    : "");
        }
    return NULL;
}

/* ---- all of it ---- */

static const char *join(const Overview *overview, const Claim *claim, Arena *arena)
{
    const char *parts[] = {claim->untestable, overview->turns, overview->nearest,
                           overview->rounded};
    const char *text = overview->holds;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i] != NULL)
            text = arena_format(arena, "%s; %s", text, parts[i]);
    return text;
}

Overview overview_of(const ClaimVerdicts *verdicts, Arena *arena)
{
    Overview overview = {.judged = verdicts->count};
    for (size_t i = 0; i < verdicts->count; i++)
        overview.counts[verdicts->judgements[i].verdict]++;
    Tested tested = find_tested(verdicts, arena);
    overview.holds = tell_holds(&overview, verdicts, arena);
    overview.turns = tell_turns(&tested);
    overview.nearest = tell_nearest(verdicts, &tested, &overview);
    overview.rounded = tell_rounding(verdicts, &tested, &overview);
    overview.text = join(&overview, verdicts->claim, arena);
    return overview;
}
