#include "table/accumulator.h"

#include "num/statistics.h"
#include "num/sum.h"
#include "table/tally.h"

/* ---- counts ---- */

static void count_row(Summary *summary, uint32_t group)
{
    ++*(uint64_t *)summary_state(summary, group);
}

static void count_number(Summary *summary, uint32_t group, Decimal value)
{
    (void)value;
    count_row(summary, group);
}

static void count_text(Summary *summary, uint32_t group, Span value)
{
    (void)value;
    count_row(summary, group);
}

static bool count_result(Summary *summary, size_t group, Number *result, Arena *arena)
{
    (void)arena;
    const uint64_t *count = summary_state(summary, group);
    *result = number_of(decimal_of((int64_t)*count));
    return true;
}

static void distinct_text(Summary *summary, uint32_t group, Span value)
{
    bool added;
    counts_add(&summary->texts, group, value, &added);
    if (added)
        count_row(summary, group);
}

/* ---- totals ---- */

typedef struct Total {
    uint64_t count;
    Sum sum;
} Total;

static void total_number(Summary *summary, uint32_t group, Decimal value)
{
    Total *total = summary_state(summary, group);
    total->count++;
    sum_add(&total->sum, value);
}

static bool sum_result(Summary *summary, size_t group, Number *result, Arena *arena)
{
    const Total *total = summary_state(summary, group);
    *result = number_of(sum_total(&total->sum, arena));
    return total->count != 0;
}

static bool mean_result(Summary *summary, size_t group, Number *result, Arena *arena)
{
    const Total *total = summary_state(summary, group);
    if (total->count == 0)
        return false;
    *result = statistics_mean(sum_total(&total->sum, arena), total->count, arena);
    return true;
}

static void total_free(void *state)
{
    Total *total = state;
    sum_free(&total->sum);
}

/* ---- moments ---- */

typedef struct Moments {
    uint64_t count;
    Sum sum;
    Sum squares;
} Moments;

static void moments_number(Summary *summary, uint32_t group, Decimal value)
{
    Moments *moments = summary_state(summary, group);
    moments->count++;
    sum_add(&moments->sum, value);
    sum_add_square(&moments->squares, value);
}

/* `less` is 1 for the sample's, which a single value does not have. */
static bool variance(Summary *summary, size_t group, unsigned less, Number *result, Arena *arena)
{
    const Moments *moments = summary_state(summary, group);
    if (moments->count <= less)
        return false;
    *result = statistics_variance(sum_total(&moments->sum, arena),
                                  sum_total(&moments->squares, arena), moments->count, less, arena);
    return true;
}

static bool variance_result(Summary *summary, size_t group, Number *result, Arena *arena)
{
    return variance(summary, group, 1, result, arena);
}

static bool variance_pop_result(Summary *summary, size_t group, Number *result, Arena *arena)
{
    return variance(summary, group, 0, result, arena);
}

/* A variance is never negative, so its root is never refused. */
static bool stddev_result(Summary *summary, size_t group, Number *result, Arena *arena)
{
    return variance(summary, group, 1, result, arena) &&
           number_sqrt(*result, result, arena) == NULL;
}

static bool stddev_pop_result(Summary *summary, size_t group, Number *result, Arena *arena)
{
    return variance(summary, group, 0, result, arena) &&
           number_sqrt(*result, result, arena) == NULL;
}

static void moments_free(void *state)
{
    Moments *moments = state;
    sum_free(&moments->sum);
    sum_free(&moments->squares);
}

/* ---- one number: min, max, first, last ---- */

typedef struct OneNumber {
    Decimal value;
    bool there;
} OneNumber;

static void one_set(Summary *summary, OneNumber *one, Decimal value)
{
    one->value = summary_keep(summary, value);
    one->there = true;
}

/* Of equals the one with the widest scale stays, whatever the order of rows. */
static void extreme_number(Summary *summary, uint32_t group, Decimal value, int wanted)
{
    OneNumber *one = summary_state(summary, group);
    int order = one->there ? decimal_compare(value, one->value) * wanted : 1;
    if (order > 0 || (order == 0 && value.scale > one->value.scale))
        one_set(summary, one, value);
}

static void min_number(Summary *summary, uint32_t group, Decimal value)
{
    extreme_number(summary, group, value, -1);
}

static void max_number(Summary *summary, uint32_t group, Decimal value)
{
    extreme_number(summary, group, value, 1);
}

static void first_number(Summary *summary, uint32_t group, Decimal value)
{
    OneNumber *one = summary_state(summary, group);
    if (!one->there)
        one_set(summary, one, value);
}

static void last_number(Summary *summary, uint32_t group, Decimal value)
{
    one_set(summary, summary_state(summary, group), value);
}

static bool one_number_result(Summary *summary, size_t group, Number *result, Arena *arena)
{
    (void)arena;
    const OneNumber *one = summary_state(summary, group);
    *result = number_of(one->value);
    return one->there;
}

static void one_number_keep(void *state, Arena *arena)
{
    OneNumber *one = state;
    one->value = decimal_keep(one->value, arena);
}

/* ---- one text: min, max, first, last; an empty buffer holds none, for no text is empty ---- */

static void text_set(Buffer *text, Span value)
{
    text->size = 0;
    buffer_append(text, value.at, value.size);
}

static void min_text(Summary *summary, uint32_t group, Span value)
{
    Buffer *text = summary_state(summary, group);
    if (text->size == 0 || span_compare(value, buffer_span(text)) < 0)
        text_set(text, value);
}

static void max_text(Summary *summary, uint32_t group, Span value)
{
    Buffer *text = summary_state(summary, group);
    if (span_compare(value, buffer_span(text)) > 0)
        text_set(text, value);
}

static void first_text(Summary *summary, uint32_t group, Span value)
{
    Buffer *text = summary_state(summary, group);
    if (text->size == 0)
        text_set(text, value);
}

static void last_text(Summary *summary, uint32_t group, Span value)
{
    text_set(summary_state(summary, group), value);
}

static Span one_text_result(Summary *summary, size_t group)
{
    const Buffer *text = summary_state(summary, group);
    return buffer_span(text);
}

static void one_text_free(void *state)
{
    buffer_free(state);
}

/* ---- values with their counts ---- */

static void tally_number(Summary *summary, uint32_t group, Decimal value)
{
    tally_add(summary_state(summary, group), summary_keep(summary, value));
}

static Decimal smallest(void *context, uint64_t i)
{
    return tally_smallest(context, i);
}

static bool quantile(Summary *summary, size_t group, Decimal fraction, Number *result, Arena *arena)
{
    Tally *tally = summary_state(summary, group);
    if (tally->total == 0)
        return false;
    tally_settle(tally);
    *result = statistics_quantile(smallest, tally, tally->total, fraction, arena);
    return true;
}

static bool quantile_result(Summary *summary, size_t group, Number *result, Arena *arena)
{
    return quantile(summary, group, summary->call->fraction, result, arena);
}

static bool median_result(Summary *summary, size_t group, Number *result, Arena *arena)
{
    static const Decimal half = {.small = 5, .scale = 1};
    return quantile(summary, group, half, result, arena);
}

static bool distinct_numbers(Summary *summary, size_t group, Number *result, Arena *arena)
{
    (void)arena;
    Tally *tally = summary_state(summary, group);
    tally_settle(tally);
    *result = number_of(decimal_of((int64_t)tally->count));
    return true;
}

static bool mode_number(Summary *summary, size_t group, Number *result, Arena *arena)
{
    (void)arena;
    Tally *tally = summary_state(summary, group);
    if (tally->total == 0)
        return false;
    tally_settle(tally);
    *result = number_of(tally_mode(tally));
    return true;
}

static void tally_state_keep(void *state, Arena *arena)
{
    tally_keep(state, arena);
}

static void tally_state_free(void *state)
{
    tally_free(state);
}

static bool overtakes(const Counts *texts, size_t entry, size_t ahead)
{
    uint64_t count = counts_of(texts, entry);
    uint64_t other = counts_of(texts, ahead);
    return count > other || (count == other && span_compare(counts_text(texts, entry),
                                                            counts_text(texts, ahead)) < 0);
}

/* The entry that is ahead, plus one.  Only the entry just counted can overtake it. */
typedef size_t Mode;

static void mode_text(Summary *summary, uint32_t group, Span value)
{
    Mode *mode = summary_state(summary, group);
    bool added;
    size_t entry = counts_add(&summary->texts, group, value, &added);
    if (*mode == 0 || overtakes(&summary->texts, entry, *mode - 1))
        *mode = entry + 1;
}

static Span mode_text_result(Summary *summary, size_t group)
{
    const Mode *mode = summary_state(summary, group);
    if (*mode == 0)
        return (Span){0};
    return counts_text(&summary->texts, *mode - 1);
}

/* ---- the tables ---- */

#define COUNTED .size = sizeof(uint64_t), .number = count_result
#define TOTAL .size = sizeof(Total), .add_number = total_number, .free = total_free
#define MOMENTS .size = sizeof(Moments), .add_number = moments_number, .free = moments_free
#define ONE_NUMBER .size = sizeof(OneNumber), .number = one_number_result, .keep = one_number_keep
#define ONE_TEXT .size = sizeof(Buffer), .text = one_text_result, .free = one_text_free
#define TALLY                                                                                      \
    .size = sizeof(Tally), .add_number = tally_number, .keep = tally_state_keep,                   \
    .free = tally_state_free

static const Accumulator for_numbers[] = {
    [SUMMARY_COUNT] = {COUNTED, .add_number = count_number},
    [SUMMARY_COUNT_DISTINCT] = {TALLY, .number = distinct_numbers},
    [SUMMARY_SUM] = {TOTAL, .number = sum_result},
    [SUMMARY_MEAN] = {TOTAL, .number = mean_result},
    [SUMMARY_MIN] = {ONE_NUMBER, .add_number = min_number},
    [SUMMARY_MAX] = {ONE_NUMBER, .add_number = max_number},
    [SUMMARY_MEDIAN] = {TALLY, .number = median_result},
    [SUMMARY_QUANTILE] = {TALLY, .number = quantile_result},
    [SUMMARY_MODE] = {TALLY, .number = mode_number},
    [SUMMARY_STDDEV] = {MOMENTS, .number = stddev_result},
    [SUMMARY_STDDEV_POP] = {MOMENTS, .number = stddev_pop_result},
    [SUMMARY_VARIANCE] = {MOMENTS, .number = variance_result},
    [SUMMARY_VARIANCE_POP] = {MOMENTS, .number = variance_pop_result},
    [SUMMARY_FIRST] = {ONE_NUMBER, .add_number = first_number},
    [SUMMARY_LAST] = {ONE_NUMBER, .add_number = last_number},
};

static const Accumulator for_texts[] = {
    [SUMMARY_COUNT_ROWS] = {COUNTED, .add_row = count_row},
    [SUMMARY_COUNT] = {COUNTED, .add_text = count_text},
    [SUMMARY_COUNT_DISTINCT] = {COUNTED, .add_text = distinct_text},
    [SUMMARY_MIN] = {ONE_TEXT, .add_text = min_text},
    [SUMMARY_MAX] = {ONE_TEXT, .add_text = max_text},
    [SUMMARY_MODE] = {.size = sizeof(Mode), .add_text = mode_text, .text = mode_text_result},
    [SUMMARY_FIRST] = {ONE_TEXT, .add_text = first_text},
    [SUMMARY_LAST] = {ONE_TEXT, .add_text = last_text},
};

/* min and max take a bare cell as a number; what can take both takes it as text. */
static bool takes_numbers(const SummaryCall *call)
{
    switch (call->function) {
    case SUMMARY_COUNT_ROWS:
        return false;
    case SUMMARY_COUNT:
    case SUMMARY_COUNT_DISTINCT:
    case SUMMARY_MODE:
    case SUMMARY_FIRST:
    case SUMMARY_LAST:
        return expression_type(call->argument) == TYPE_NUMBER;
    default:
        return summary_type(call) == TYPE_NUMBER;
    }
}

const Accumulator *accumulator_of(const SummaryCall *call)
{
    return takes_numbers(call) ? &for_numbers[call->function] : &for_texts[call->function];
}
