#include "warrant/sentence.h"

#include "warrant/figure.h"
#include "warrant/rival.h"
#include "warrant/tell.h"
#include "warrant/worst_case.h"

enum { FURTHER_PLACES = 4 };

/* A few digits past those of the figure in the text. */
static int32_t places_shown(const Check *check)
{
    if (check->other != NULL)
        return FURTHER_PLACES;
    return (check->comparison == COMPARE_PRINTED ? check->printed_places
                                                 : check->target_number.scale) +
           FURTHER_PLACES;
}

static const char *plural(Span count)
{
    return span_equal(count, SPAN("1")) ? " row" : " rows";
}

static const char *unit_of(const Check *check, Span figure, Arena *arena)
{
    if (check->unit != NULL) /* not "years 1.02 years" */
        return strcmp(check->unit, check->name) == 0 ? "" : arena_format(arena, " %s", check->unit);
    return check->observed.count != NULL ? plural(figure) : "";
}

static const char *interval_text(const Outcome *outcome, Arena *arena)
{
    const Interval *interval = &outcome->interval;
    bool holds = outcome->verdict == VERDICT_REPRODUCED;
    const char *low = interval->has_low ? figure_exact(interval->low, arena) : "";
    const char *high = interval->has_high ? figure_exact(interval->high, arena) : "";
    switch (outcome->check->comparison) {
    case COMPARE_PRINTED:
    case COMPARE_NEAR:
        return arena_format(arena, "%s[%s, %s]", holds ? " in " : ", not in ", low, high);
    case COMPARE_EQUALS:
        return arena_format(arena, "%s%s", holds ? " as said" : ", not ", holds ? "" : low);
    case COMPARE_AT_LEAST:
        return arena_format(arena, ", %sat least %s", holds ? "" : "not ", low);
    case COMPARE_AT_MOST:
        return arena_format(arena, ", %sat most %s", holds ? "" : "not ", high);
    case COMPARE_MORE_THAN:
        return arena_format(arena, ", %smore than %s", holds ? "" : "not ", low);
    case COMPARE_LESS_THAN:
        return arena_format(arena, ", %sless than %s", holds ? "" : "not ", high);
    }
    return "";
}

/* Where one value alone is right the distance to it says little, but for rows. */
const char *sentence_margin(const Outcome *outcome, Arena *arena)
{
    const Check *check = outcome->check;
    bool rows = check->observed.count != NULL;
    if (check->comparison == COMPARE_EQUALS && (!rows || decimal_sign(outcome->margin) == 0))
        return "";
    const char *figure = figure_text(outcome->margin, places_shown(check), arena);
    return arena_format(arena, "margin %s%s", figure,
                        rows && check->unit == NULL ? plural(span_of(figure)) : "");
}

static const char *number_sentence(const Outcome *outcome, Arena *arena)
{
    const Check *check = outcome->check;
    const char *figure = figure_beside(outcome->observed.value.number, &outcome->interval,
                                       places_shown(check), arena);
    const char *margin = sentence_margin(outcome, arena);
    return arena_format(arena, "%s %s%s%s%s%s", check->name, figure,
                        unit_of(check, span_of(figure), arena), interval_text(outcome, arena),
                        margin[0] == '\0' ? "" : ", ", margin);
}

static const char *text_sentence(const Outcome *outcome, Arena *arena)
{
    Span observed = outcome->observed.value.text;
    bool holds = outcome->verdict == VERDICT_REPRODUCED;
    return arena_format(arena, "%s %.*s%s%s", outcome->check->name, (int)observed.size, observed.at,
                        holds ? " as said" : ", not ", holds ? "" : outcome->target);
}

/* The bounds for the eye, cut outward; "1" where the value is the same whatever the inputs were. */
static const char *bounds_text(const Outcome *outcome, Arena *arena)
{
    const WorstCase *worst = &outcome->worst_case;
    int32_t places = places_shown(outcome->check);
    if (decimal_compare(worst->low, worst->high) == 0)
        return figure_exact(decimal_trim(worst->low, arena), arena);
    Decimal low = worst->low, high = worst->high;
    if (low.scale > places)
        low = decimal_round(low, places, ROUND_DOWN, arena);
    if (high.scale > places)
        high = decimal_round(high, places, ROUND_UP, arena);
    return arena_format(arena, "%s to %s", figure_exact(decimal_trim(low, arena), arena),
                        figure_exact(decimal_trim(high, arena), arena));
}

const char *sentence_rounding(const Outcome *outcome, const char *name, Arena *arena)
{
    const WorstCase *worst = &outcome->worst_case;
    const char *bounds = worst->enclosed ? bounds_text(outcome, arena) : "";
    if (!worst->uncertain)
        return "";
    if (worst->state == WORST_CASE_UNKNOWN)
        return arena_format(arena, "%s: %s", name, worst->reason);
    if (worst->state == WORST_CASE_INSIDE)
        return arena_format(arena, "%s: it can be another verdict%s%s", name,
                            worst->enclosed ? "; " : "", bounds);
    return arena_format(arena, "%s%s%s", name, worst->enclosed ? ": " : "", bounds);
}

const char *sentence_reason(const Outcome *outcome, Arena *arena)
{
    if (outcome->reason != NULL)
        return outcome->reason;
    if (outcome->rival.found)
        return arena_format(arena, "rival: %s", outcome->rival.told);
    const char *counted = rival_counted(outcome, arena);
    if (counted != NULL)
        return arena_format(arena, "%s: %s", outcome->check->label, counted);
    if (outcome->target != NULL && outcome->verdict == VERDICT_CONTRADICTED)
        return arena_format(arena, "not %s", outcome->target);
    return "";
}

const char *sentence_outcome(const Outcome *outcome, Arena *arena)
{
    if (outcome->reason != NULL)
        return outcome->reason;
    if (!outcome->has_interval)
        return text_sentence(outcome, arena);
    const char *sentence = number_sentence(outcome, arena);
    const char *more = sentence_reason(outcome, arena);
    return more[0] == '\0' ? sentence : arena_format(arena, "%s; %s", sentence, more);
}

const char *sentence_name(const PipelineVerdicts *pipeline, const Claim *claim, const Trial *trial,
                          Arena *arena)
{
    const char *name =
        arena_format(arena, "%s.%s [%s%s%s]", pipeline->name, claim->name, trial->reading->name,
                     trial->other == NULL ? "" : "@", trial->other == NULL ? "" : trial->vintages);
    return on_one_line(span_of(name), arena);
}
