#include "report/standing.h"

#include <ctype.h>

#include "warrant/overview.h"
#include "warrant/sentence.h"
#include "warrant/worst_case.h"

const char *standing_name(Standing standing)
{
    static const char *const names[] = {"holds", "depends on the reading", "contradicted",
                                        "not testable", "failed"};
    return names[standing];
}

const char *standing_word(const Stand *stand)
{
    bool partly = stand->verdicts[VERDICT_NOT_TESTABLE] != 0;
    if (partly && stand->standing == STANDING_HOLDS)
        return "holds where tested";
    if (partly && stand->standing == STANDING_CONTRADICTED)
        return "contradicted where tested";
    return standing_name(stand->standing);
}

const char *standing_reading(const Reading *reading, Arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < reading->parameters.count; i++) {
        Factor factor = factor_of_parameter(&reading->parameters.items[i], arena);
        text = arena_format(arena, "%s%s%s is %s", text, text[0] == '\0' ? "" : ", ", factor.name,
                            factor.value);
    }
    for (size_t i = 0; i < reading->vintage_count; i++)
        text = arena_format(arena, "%s%s%s of %s", text, text[0] == '\0' ? "" : ", ",
                            reading->vintages[i].name, reading->vintages[i].value);
    if (reading->from != NULL)
        text = arena_format(arena, "%s%sread off %s", text, text[0] == '\0' ? "" : ", ",
                            reading->from);
    return text;
}

static Standing choose(const Stand *stand)
{
    size_t held = stand->verdicts[VERDICT_REPRODUCED];
    size_t contradicted = stand->verdicts[VERDICT_CONTRADICTED];
    if (stand->verdicts[VERDICT_FAILED] != 0)
        return STANDING_FAILED;
    if (held != 0 && contradicted != 0)
        return STANDING_DEPENDS;
    if (held != 0)
        return STANDING_HOLDS;
    return contradicted != 0 ? STANDING_CONTRADICTED : STANDING_UNTESTABLE;
}

/* Those on their own vintage of the data alone. */
static ClaimVerdicts own_verdicts(const ClaimVerdicts *verdicts, Arena *arena)
{
    ClaimVerdicts own = *verdicts;
    own.judgements = arena_array(arena, verdicts->count, sizeof *own.judgements);
    own.count = 0;
    for (size_t i = 0; i < verdicts->count; i++)
        if (verdicts->judgements[i].trial->other == NULL)
            own.judgements[own.count++] = verdicts->judgements[i];
    return own;
}

/* Whether the same was judged before it, or in a reading on that vintage of its own. */
static bool told_already(const ClaimVerdicts *verdicts, size_t at)
{
    for (size_t i = 0; i < verdicts->count; i++) {
        const Trial *trial = verdicts->judgements[i].trial;
        if ((i < at || trial->other == NULL) &&
            strcmp(trial->same, verdicts->judgements[at].trial->same) == 0)
            return true;
    }
    return false;
}

static const char *tell_vintages(const ClaimVerdicts *verdicts, Arena *arena)
{
    size_t tested = 0, held = 0;
    for (size_t i = 0; i < verdicts->count; i++) {
        Verdict verdict = verdicts->judgements[i].verdict;
        if (verdicts->judgements[i].trial->other == NULL || told_already(verdicts, i))
            continue;
        held += verdict == VERDICT_REPRODUCED;
        tested += verdict == VERDICT_REPRODUCED || verdict == VERDICT_CONTRADICTED;
    }
    return tested == 0
               ? ""
               : arena_format(arena, "; on other vintages of the data it holds in %zu of %zu", held,
                              tested);
}

/* What stands in the way where nothing can be told of values. */
static const char *tell_reason(const ClaimVerdicts *verdicts, Standing standing, Arena *arena)
{
    Verdict wanted = standing == STANDING_FAILED ? VERDICT_FAILED : VERDICT_NOT_TESTABLE;
    if (standing != STANDING_FAILED && standing != STANDING_UNTESTABLE)
        return "";
    for (size_t i = 0; i < verdicts->count; i++)
        for (size_t c = 0; c < verdicts->claim->check_count; c++)
            if (verdicts->judgements[i].outcomes[c].verdict == wanted)
                return arena_format(arena, ": %s", verdicts->judgements[i].outcomes[c].reason);
    return "";
}

static const char *sentence(const char *text, Arena *arena)
{
    size_t size = strlen(text);
    bool ends = size != 0 && strchr(".?!", text[size - 1]) != NULL;
    char *line = arena_format(arena, "%s%s", text, ends ? "" : ".");
    line[0] = (char)toupper((unsigned char)line[0]);
    return line;
}

Stand standing_of(const ClaimVerdicts *verdicts, Arena *arena)
{
    ClaimVerdicts own = own_verdicts(verdicts, arena);
    Overview overview = overview_of(&own, arena);
    Stand stand = {.readings = own.count};
    memcpy(stand.verdicts, overview.counts, sizeof stand.verdicts);
    stand.standing = choose(&stand);
    stand.line = sentence(arena_format(arena, "%s%s%s", overview.text,
                                       tell_reason(&own, stand.standing, arena),
                                       tell_vintages(verdicts, arena)),
                          arena);
    return stand;
}

const char *standing_rounding(const Outcome *outcome, Arena *arena)
{
    static const char *const openings[] = {
        [WORST_CASE_DECIDED] = "decided even under worst-case rounding of the inputs",
        [WORST_CASE_INSIDE] = "inside rounding error of the inputs",
        [WORST_CASE_UNKNOWN] = "whether rounding of the inputs could turn it is unknown"};
    WorstCaseState state = outcome->worst_case.state;
    return state == WORST_CASE_NONE ? "" : sentence_rounding(outcome, openings[state], arena);
}
