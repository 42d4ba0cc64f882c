#include "table/accumulator.h"

#include "num/packed.h"
#include "num/statistics.h"
#include "num/sum.h"
#include "table/tally.h"

/* ---- counts ---- */

static void count_value(Summary *summary, uint32_t group)
{
    ++*(uint64_t *)summary_state(summary, group);
}

static void count_number(Summary *summary, uint32_t group, Decimal value)
{
    (void)value;
    count_value(summary, group);
}

static void count_text(Summary *summary, uint32_t group, Span value)
{
    (void)value;
    count_value(summary, group);
}

static void count_rows(Summary *summary, const SummaryRows *rows)
{
    uint64_t *counts = summary->states;
    for (size_t row = 0; row < rows->count; row++)
        counts[rows->groups[row]]++;
}

static void count_save(Summary *summary, size_t group, Buffer *out)
{
    pack_count(out, *(uint64_t *)summary_state(summary, group));
}

static void count_load(Summary *summary, uint32_t group, const char **at)
{
    *(uint64_t *)summary_state(summary, group) += unpack_count(at);
}

static bool count_result(Summary *summary, size_t group, Number *result, Arena *arena)
{
    (void)arena;
    const uint64_t *count = summary_state(summary, group);
    *result = number_of(decimal_of((int64_t)*count));
    return true;
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

static void total_rows(Summary *summary, const SummaryRows *rows)
{
    Total *totals = summary->states;
    for (size_t row = 0; row < rows->count; row++) {
        if (rows->values->missing[row])
            continue;
        Total *total = &totals[rows->groups[row]];
        const Number *number = &rows->values->numbers[row];
        total->count++;
        if (!number_is_short(number) ||
            !sum_add_small(&total->sum, number->value.small, number->value.scale))
            sum_add(&total->sum, summary_value(rows, row));
    }
}

static void sum_save(const Sum *sum, Buffer *out)
{
    Arena arena = {0};
    pack_decimal(out, sum_total(sum, &arena));
    arena_free(&arena);
}

static void sum_load(Sum *sum, const char **at)
{
    Arena arena = {0};
    sum_add(sum, unpack_decimal(at, &arena));
    arena_free(&arena);
}

static void total_save(Summary *summary, size_t group, Buffer *out)
{
    const Total *total = summary_state(summary, group);
    pack_count(out, total->count);
    sum_save(&total->sum, out);
}

static void total_load(Summary *summary, uint32_t group, const char **at)
{
    Total *total = summary_state(summary, group);
    total->count += unpack_count(at);
    sum_load(&total->sum, at);
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

static void moments_save(Summary *summary, size_t group, Buffer *out)
{
    const Moments *moments = summary_state(summary, group);
    pack_count(out, moments->count);
    sum_save(&moments->sum, out);
    sum_save(&moments->squares, out);
}

static void moments_load(Summary *summary, uint32_t group, const char **at)
{
    Moments *moments = summary_state(summary, group);
    moments->count += unpack_count(at);
    sum_load(&moments->sum, at);
    sum_load(&moments->squares, at);
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
    uint64_t row; /* its ordinal, plus one; 0: there is none */
} OneNumber;

static void one_number_set(Summary *summary, OneNumber *one, Decimal value)
{
    one->value = summary_keep(summary, value);
    one->row = summary->ordinal + 1;
}

/* Of equals the one with the widest scale stays, whatever the order of rows. */
static void extreme_number(Summary *summary, uint32_t group, Decimal value, int wanted)
{
    OneNumber *one = summary_state(summary, group);
    int order = one->row != 0 ? decimal_compare(value, one->value) * wanted : 1;
    if (order > 0 || (order == 0 && value.scale > one->value.scale))
        one_number_set(summary, one, value);
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
    if (one->row == 0 || summary->ordinal < one->row - 1)
        one_number_set(summary, one, value);
}

static void last_number(Summary *summary, uint32_t group, Decimal value)
{
    OneNumber *one = summary_state(summary, group);
    if (summary->ordinal >= one->row)
        one_number_set(summary, one, value);
}

static void one_number_save(Summary *summary, size_t group, Buffer *out)
{
    const OneNumber *one = summary_state(summary, group);
    pack_count(out, one->row);
    if (one->row != 0)
        pack_decimal(out, one->value);
}

/* Added like a value of the row it came from. */
static void one_number_load(Summary *summary, uint32_t group, const char **at)
{
    uint64_t row = unpack_count(at);
    if (row == 0)
        return;
    Arena arena = {0};
    summary->ordinal = row - 1;
    summary->accumulator->add_number(summary, group, unpack_decimal(at, &arena));
    arena_free(&arena);
}

static bool one_number_result(Summary *summary, size_t group, Number *result, Arena *arena)
{
    (void)arena;
    const OneNumber *one = summary_state(summary, group);
    *result = number_of(one->value);
    return one->row != 0;
}

static void one_number_keep(void *state, Arena *arena)
{
    OneNumber *one = state;
    one->value = decimal_keep(one->value, arena);
}

/* ---- one text: min, max, first, last; an empty buffer holds none, for no text is empty ---- */

typedef struct OneText {
    Buffer text;
    uint64_t row; /* its ordinal, plus one; 0: there is none */
} OneText;

static void one_text_set(Summary *summary, OneText *one, Span value)
{
    summary->held -= one->text.room;
    one->text.size = 0;
    buffer_append(&one->text, value.at, value.size);
    summary->held += one->text.room;
    one->row = summary->ordinal + 1;
}

static void min_text(Summary *summary, uint32_t group, Span value)
{
    OneText *one = summary_state(summary, group);
    if (one->row == 0 || span_compare(value, buffer_span(&one->text)) < 0)
        one_text_set(summary, one, value);
}

static void max_text(Summary *summary, uint32_t group, Span value)
{
    OneText *one = summary_state(summary, group);
    if (span_compare(value, buffer_span(&one->text)) > 0)
        one_text_set(summary, one, value);
}

static void first_text(Summary *summary, uint32_t group, Span value)
{
    OneText *one = summary_state(summary, group);
    if (one->row == 0 || summary->ordinal < one->row - 1)
        one_text_set(summary, one, value);
}

static void last_text(Summary *summary, uint32_t group, Span value)
{
    OneText *one = summary_state(summary, group);
    if (summary->ordinal >= one->row)
        one_text_set(summary, one, value);
}

static void one_text_save(Summary *summary, size_t group, Buffer *out)
{
    const OneText *one = summary_state(summary, group);
    pack_count(out, one->row);
    if (one->row != 0)
        pack_text(out, buffer_span(&one->text));
}

static void one_text_load(Summary *summary, uint32_t group, const char **at)
{
    uint64_t row = unpack_count(at);
    if (row == 0)
        return;
    summary->ordinal = row - 1;
    summary->accumulator->add_text(summary, group, unpack_text(at));
}

static Span one_text_result(Summary *summary, size_t group)
{
    const OneText *one = summary_state(summary, group);
    return buffer_span(&one->text);
}

static void one_text_free(void *state)
{
    OneText *one = state;
    buffer_free(&one->text);
}

/* ---- numbers with their counts ---- */

static void tally_number_times(Summary *summary, uint32_t group, Decimal value, uint64_t times)
{
    Tally *tally = summary_state(summary, group);
    size_t before = tally_size(tally);
    tally_add(tally, summary_keep(summary, value), times);
    summary->held += tally_size(tally) - before;
}

static void tally_number(Summary *summary, uint32_t group, Decimal value)
{
    tally_number_times(summary, group, value, 1);
}

static void tally_rows(Summary *summary, const SummaryRows *rows)
{
    Tally *tallies = summary->states;
    for (size_t row = 0; row < rows->count; row++) {
        if (rows->values->missing[row])
            continue;
        Decimal value = summary_value(rows, row);
        if (!tally_append(&tallies[rows->groups[row]], value))
            tally_number(summary, rows->groups[row], value);
    }
}

static void tally_save(Summary *summary, size_t group, Buffer *out)
{
    Tally *tally = summary_state(summary, group);
    Decimal value;
    uint64_t times;
    tally_settle(tally);
    pack_count(out, tally_distinct(tally));
    for (size_t at = 0; tally_next(tally, &at, &value, &times);) {
        pack_decimal(out, value);
        pack_count(out, times);
    }
}

static void tally_load(Summary *summary, uint32_t group, const char **at)
{
    Arena arena = {0};
    for (uint64_t left = unpack_count(at); left > 0; left--) {
        Decimal value = unpack_decimal(at, &arena);
        tally_number_times(summary, group, value, unpack_count(at));
    }
    arena_free(&arena);
}

static Decimal smallest(void *context, uint64_t i)
{
    return tally_smallest(context, i);
}

static bool quantile(Summary *summary, size_t group, Decimal fraction, Number *result, Arena *arena)
{
    Tally *tally = summary_state(summary, group);
    if (tally->count == 0)
        return false;
    tally_settle(tally);
    *result = statistics_quantile(smallest, tally, tally_total(tally), fraction, arena);
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

static bool next_value(void *context, size_t *at, Decimal *value, uint64_t *times)
{
    return tally_next(context, at, value, times);
}

static bool geomean_result(Summary *summary, size_t group, Number *result, Arena *arena)
{
    Tally *tally = summary_state(summary, group);
    if (tally->count == 0)
        return false;
    tally_settle(tally);
    *result = statistics_geomean(next_value, tally, arena);
    return true;
}

static bool distinct_numbers(Summary *summary, size_t group, Number *result, Arena *arena)
{
    (void)arena;
    Tally *tally = summary_state(summary, group);
    tally_settle(tally);
    *result = number_of(decimal_of((int64_t)tally_distinct(tally)));
    return true;
}

static bool mode_number(Summary *summary, size_t group, Number *result, Arena *arena)
{
    (void)arena;
    Tally *tally = summary_state(summary, group);
    if (tally->count == 0)
        return false;
    tally_settle(tally);
    *result = number_of(tally_mode(tally));
    return true;
}

/* Large values have to move to the arena of this summary. */
static bool tally_state_merge(Summary *summary, uint32_t group, Summary *from, size_t other)
{
    Tally *tally = summary_state(summary, group);
    const Tally *added = summary_state(from, other);
    size_t before = tally_size(tally);
    if (added->large != NULL)
        return false;
    tally_merge(tally, added);
    summary->held += tally_size(tally) - before;
    return true;
}

static void tally_state_settle(void *state)
{
    tally_settle(state);
}

static void tally_state_keep(void *state, Arena *arena)
{
    tally_keep(state, arena);
}

static void tally_state_free(void *state)
{
    tally_free(state);
}

/* ---- texts with their counts ---- */

typedef struct Texts {
    size_t newest; /* entry, plus one */
    uint64_t distinct;
    size_t mode; /* the entry that is ahead, plus one */
} Texts;

static bool overtakes(const Counts *texts, size_t entry, size_t ahead)
{
    uint64_t count = counts_of(texts, entry);
    uint64_t other = counts_of(texts, ahead);
    return count > other || (count == other && span_compare(counts_text(texts, entry),
                                                            counts_text(texts, ahead)) < 0);
}

/* Only the entry just counted can overtake the one ahead. */
static void texts_times(Summary *summary, uint32_t group, Span value, uint64_t times)
{
    Texts *texts = summary_state(summary, group);
    size_t newest = texts->newest;
    size_t entry = counts_add(&summary->texts, group, value, times, &texts->newest);
    texts->distinct += texts->newest != newest;
    if (texts->mode == 0 || overtakes(&summary->texts, entry, texts->mode - 1))
        texts->mode = entry + 1;
}

static void texts_text(Summary *summary, uint32_t group, Span value)
{
    texts_times(summary, group, value, 1);
}

static void texts_save(Summary *summary, size_t group, Buffer *out)
{
    const Texts *texts = summary_state(summary, group);
    const Counts *counts = &summary->texts;
    pack_count(out, texts->distinct);
    for (size_t i = texts->newest; i != 0; i = counts_older(counts, i - 1)) {
        pack_text(out, counts_text(counts, i - 1));
        pack_count(out, counts_of(counts, i - 1));
    }
}

static void texts_load(Summary *summary, uint32_t group, const char **at)
{
    for (uint64_t left = unpack_count(at); left > 0; left--) {
        Span text = unpack_text(at);
        texts_times(summary, group, text, unpack_count(at));
    }
}

static bool distinct_texts(Summary *summary, size_t group, Number *result, Arena *arena)
{
    (void)arena;
    const Texts *texts = summary_state(summary, group);
    *result = number_of(decimal_of((int64_t)texts->distinct));
    return true;
}

static Span mode_text(Summary *summary, size_t group)
{
    const Texts *texts = summary_state(summary, group);
    if (texts->mode == 0)
        return (Span){0};
    return counts_text(&summary->texts, texts->mode - 1);
}

/* ---- the tables ---- */

#define STATE(kind, type, name)                                                                    \
    .shape = STATE_##kind, .size = sizeof(type), .save = name##_save, .load = name##_load
#define COUNTED STATE(COUNT, uint64_t, count), .number = count_result
#define TOTAL                                                                                      \
    STATE(TOTAL, Total, total), .add_number = total_number, .add_rows = total_rows,                \
                                .free = total_free
#define MOMENTS STATE(MOMENTS, Moments, moments), .add_number = moments_number, .free = moments_free
#define ONE_NUMBER                                                                                 \
    STATE(NUMBER, OneNumber, one_number), .number = one_number_result, .keep = one_number_keep
#define ONE_TEXT STATE(TEXT, OneText, one_text), .text = one_text_result, .free = one_text_free
#define TALLY                                                                                      \
    STATE(NUMBERS, Tally, tally), .add_number = tally_number, .add_rows = tally_rows,              \
                                  .merge = tally_state_merge, .settle = tally_state_settle,        \
                                  .keep = tally_state_keep, .free = tally_state_free
#define TEXTS STATE(TEXTS, Texts, texts), .add_text = texts_text

static const Accumulator for_numbers[] = {
    [SUMMARY_COUNT] = {COUNTED, .add_number = count_number},
    [SUMMARY_COUNT_DISTINCT] = {TALLY, .number = distinct_numbers},
    [SUMMARY_SUM] = {TOTAL, .number = sum_result},
    [SUMMARY_MEAN] = {TOTAL, .number = mean_result},
    [SUMMARY_GEOMEAN] = {TALLY, .positive = true, .number = geomean_result},
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
    [SUMMARY_COUNT_ROWS] = {COUNTED, .add_text = count_text, .add_rows = count_rows},
    [SUMMARY_COUNT] = {COUNTED, .add_text = count_text},
    [SUMMARY_COUNT_DISTINCT] = {TEXTS, .number = distinct_texts},
    [SUMMARY_MIN] = {ONE_TEXT, .add_text = min_text},
    [SUMMARY_MAX] = {ONE_TEXT, .add_text = max_text},
    [SUMMARY_MODE] = {TEXTS, .text = mode_text},
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
