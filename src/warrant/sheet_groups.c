/* The stages that look at groups of rows: aggregate and share. */

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "expr/tree.h"
#include "num/statistics.h"
#include "warrant/invocation.h"
#include "warrant/sheet.h"

/* ---- the summaries of one group ---- */

/* An argument's value in a row: as a cell, and as a range where numbers are taken. */
typedef struct Member {
    Enclosed cell;
    Range range;
    bool maybe;
} Member;

typedef struct Members {
    Member *items; /* those that are not surely missing */
    size_t count;
    bool certain; /* none may be absent, or missing */
    bool some;    /* one at least is there in every group that is */
    bool known;   /* none is KNOWN_NOTHING */
    bool exact;   /* all are texts */
    bool ordered;
    Arena *arena;
} Members;

static Enclosed whole_cell(size_t low, size_t high, Arena *arena)
{
    const char *digits = arena_format(arena, "%zu", low);
    if (low == high)
        return (Enclosed){.known = KNOWN_TEXT, .text = span_of(digits)};
    return (Enclosed){
        .known = KNOWN_BOUNDS, .low = decimal_of((int64_t)low), .high = decimal_of((int64_t)high)};
}

static Enclosed missing_cell(void)
{
    return (Enclosed){.known = KNOWN_TEXT, .text = {"", 0}};
}

static Enclosed unknown_cell(void)
{
    return (Enclosed){.known = KNOWN_NOTHING};
}

static Enclosed summarise_count(const Members *members)
{
    size_t surely = 0;
    for (size_t i = 0; i < members->count; i++)
        surely += !members->items[i].maybe && members->items[i].cell.known != KNOWN_NOTHING;
    return whole_cell(surely, members->count, members->arena);
}

static const Influence *influence_of_members(const Members *members, double weight)
{
    Influence *influence = influence_make(members->count, members->arena);
    for (size_t i = 0; i < members->count; i++)
        influence_set(influence, i, members->items[i].range.influence, weight);
    return influence;
}

static Range between(Decimal low, Decimal high, const Members *members)
{
    return (Range){.state = RANGE_BOUNDS,
                   .low = number_of(low),
                   .high = number_of(high),
                   .influence = influence_of_members(members, 1)};
}

/* The least of all lows and the greatest of all highs. */
static void span_of_members(const Members *members, Decimal *low, Decimal *high)
{
    *low = members->items[0].range.low.value;
    *high = members->items[0].range.high.value;
    for (size_t i = 1; i < members->count; i++) {
        const Range *range = &members->items[i].range;
        if (decimal_compare(range->low.value, *low) < 0)
            *low = range->low.value;
        if (decimal_compare(range->high.value, *high) > 0)
            *high = range->high.value;
    }
}

/* Where none is sure to be there but one is, the least sum may be that of one alone. */
static Range summarise_sum(const Members *members)
{
    Arena *arena = members->arena;
    Decimal low = decimal_of(0), high = low, least, most;
    bool surely = false;
    for (size_t i = 0; i < members->count; i++) {
        const Member *member = &members->items[i];
        Decimal from = member->range.low.value, to = member->range.high.value;
        surely = surely || !member->maybe;
        if (!member->maybe || decimal_sign(from) < 0)
            low = decimal_add(low, from, arena);
        if (!member->maybe || decimal_sign(to) > 0)
            high = decimal_add(high, to, arena);
    }
    if (surely)
        return between(low, high, members);
    span_of_members(members, &least, &most);
    return between(decimal_sign(least) < 0 ? low : least, decimal_sign(most) > 0 ? high : most,
                   members);
}

/* A mean, and a quantile, lies between the least and the greatest of those that are there. */
static Range summarise_between(const Members *members)
{
    Decimal low, high;
    span_of_members(members, &low, &high);
    return between(low, high, members);
}

static Range summarise_mean(const Members *members)
{
    if (!members->certain)
        return summarise_between(members);
    return range_divide(summarise_sum(members),
                        range_point(number_of(decimal_of((int64_t)members->count))),
                        members->arena);
}

/* min and max never fall when a value rises; one that may be absent can only take them further. */
static Range summarise_extreme(const Members *members, bool greatest)
{
    Range range = range_missing();
    for (size_t i = 0; i < members->count; i++)
        if (!members->items[i].maybe)
            range = range_extreme(range, members->items[i].range, greatest, members->arena);
    if (range.state == RANGE_MISSING)
        return summarise_between(members);
    for (size_t i = 0; i < members->count; i++) {
        const Member *member = &members->items[i];
        if (!member->maybe)
            continue;
        Range with = range_extreme(range, member->range, greatest, members->arena);
        range = range_either(range, with, members->arena);
    }
    return range;
}

static int compare_decimals(const void *a, const void *b)
{
    return decimal_compare(*(const Decimal *)a, *(const Decimal *)b);
}

static Decimal smallest(void *context, uint64_t i)
{
    return ((const Decimal *)context)[i];
}

static Number quantile_of(const Members *members, bool highs, Decimal fraction)
{
    Decimal *values = arena_array(members->arena, members->count, sizeof *values);
    for (size_t i = 0; i < members->count; i++) {
        const Range *range = &members->items[i].range;
        values[i] = highs ? range->high.value : range->low.value;
    }
    qsort(values, members->count, sizeof *values, compare_decimals);
    return statistics_quantile(smallest, values, members->count, fraction, members->arena);
}

/* A quantile never falls when a value rises: its ends are those of all lows and of all highs. */
static Range summarise_quantile(const Members *members, Decimal fraction)
{
    if (!members->certain)
        return summarise_between(members);
    return (Range){.state = RANGE_BOUNDS,
                   .low = quantile_of(members, false, fraction),
                   .high = quantile_of(members, true, fraction),
                   .influence = influence_of_members(members, 1 / (double)members->count)};
}

enum { DISTINCT_MOST = 4000 }; /* each is compared with each */

static Enclosed summarise_distinct(const Members *members, bool numbers)
{
    size_t count = 0;
    if (!members->certain || !members->exact || numbers || members->count > DISTINCT_MOST)
        return unknown_cell();
    for (size_t i = 0; i < members->count; i++) {
        size_t j = 0;
        while (j < i && !span_equal(members->items[i].cell.text, members->items[j].cell.text))
            j++;
        count += j == i;
    }
    return whole_cell(count, count, members->arena);
}

static Enclosed summarise_end(const Members *members, bool last)
{
    if (!members->certain || !members->ordered)
        return unknown_cell();
    return members->items[last ? members->count - 1 : 0].cell;
}

static Enclosed summarise_text_extreme(const Members *members, bool greatest)
{
    if (!members->certain || !members->exact)
        return unknown_cell();
    Enclosed extreme = members->items[0].cell;
    for (size_t i = 1; i < members->count; i++)
        if ((span_compare(members->items[i].cell.text, extreme.text) > 0) == greatest)
            extreme = members->items[i].cell;
    return extreme;
}

static Enclosed cell_of_range(Range range, Arena *arena)
{
    return range_cell(range, -1, arena);
}

static Enclosed summarise_numbers(const SummaryCall *call, const Members *members)
{
    static const Decimal half = {.small = 5, .scale = 1};
    Arena *arena = members->arena;
    if (!members->known || !members->some)
        return unknown_cell(); /* with none of them there it is missing */
    switch (call->function) {
    case SUMMARY_SUM:
        return cell_of_range(summarise_sum(members), arena);
    case SUMMARY_MEAN:
        return cell_of_range(summarise_mean(members), arena);
    case SUMMARY_MIN:
    case SUMMARY_MAX:
        return cell_of_range(summarise_extreme(members, call->function == SUMMARY_MAX), arena);
    case SUMMARY_MEDIAN:
        return cell_of_range(summarise_quantile(members, half), arena);
    case SUMMARY_QUANTILE:
        return cell_of_range(summarise_quantile(members, call->fraction), arena);
    default:
        return unknown_cell();
    }
}

static Enclosed summarise(const SummaryCall *call, const Members *members)
{
    bool numbers = call->argument != NULL && expression_type(call->argument) == TYPE_NUMBER;
    if (call->function == SUMMARY_COUNT_ROWS || call->function == SUMMARY_COUNT)
        return summarise_count(members);
    if (call->function == SUMMARY_COUNT_DISTINCT)
        return summarise_distinct(members, numbers);
    if (members->count == 0)
        return missing_cell();
    if (call->function == SUMMARY_FIRST || call->function == SUMMARY_LAST)
        return summarise_end(members, call->function == SUMMARY_LAST);
    if ((call->function == SUMMARY_MIN || call->function == SUMMARY_MAX) &&
        expression_type(call->argument) == TYPE_TEXT)
        return summarise_text_extreme(members, call->function == SUMMARY_MAX);
    return summarise_numbers(call, members);
}

/* ---- aggregate ---- */

typedef struct Aggregation {
    const Sheet *input;
    Encloser *encloser;
    SummaryCalls calls;
    SheetGroups groups;
    Arena *arena;
} Aggregation;

/* Numbers are taken as numbers even where a cell may be text: it is the filter that refuses it. */
static Member member_of(const Aggregation *aggregation, const SummaryCall *call, size_t row)
{
    Member member = {.maybe = aggregation->input->maybe[row]};
    if (call->argument == NULL) {
        member.cell = (Enclosed){.known = KNOWN_TEXT, .text = SPAN("row")};
        return member;
    }
    EnclosedRow seen = {.cells = sheet_row(aggregation->input, row),
                        .cell_count = aggregation->input->header.width};
    encloser_row(aggregation->encloser, &seen);
    member.cell = enclose_cell(aggregation->encloser, call->argument, -1);
    member.range = range_of_cell(&member.cell, aggregation->arena);
    member.maybe = member.maybe || member.cell.optional;
    member.range.optional = false; /* where it is there at all */
    return member;
}

static Members members_of(const Aggregation *aggregation, const SummaryCall *call,
                          const size_t *rows, size_t count, bool grouped)
{
    bool surely = false;
    Members members = {.items = arena_array(aggregation->arena, count, sizeof *members.items),
                       .certain = true,
                       .known = true,
                       .exact = true,
                       .some = grouped,
                       .ordered = aggregation->input->ordered,
                       .arena = aggregation->arena};
    for (size_t i = 0; i < count; i++) {
        Member member = member_of(aggregation, call, rows[i]);
        if (member.cell.known == KNOWN_TEXT && member.cell.text.size == 0) {
            members.some = false; /* the group may be there with nothing but this */
            continue;
        }
        members.some = members.some && !member.cell.optional;
        members.certain = members.certain && !member.maybe && member.cell.known != KNOWN_NOTHING;
        members.exact = members.exact && member.cell.known == KNOWN_TEXT;
        members.known = members.known && member.range.state == RANGE_BOUNDS;
        surely = surely || (!member.maybe && member.cell.known != KNOWN_NOTHING);
        members.items[members.count++] = member;
    }
    members.some = members.some || surely;
    return members;
}

/* ---- the sum of the greatest ---- */

/* The K of  case when RANK <= K then COLUMN end  over ranked rows; 0 if the argument is no such. */
static size_t greatest_wanted(const SummaryCall *call, const Ranked *ranked)
{
    const Expression *node = call->argument;
    int64_t most;
    if (call->function != SUMMARY_SUM || node->kind != KIND_CASE || node->simple ||
        node->count != 2)
        return 0;
    const Expression *when = node->parts[0], *then = node->parts[1];
    if ((when->kind != KIND_LESS_EQUAL && when->kind != KIND_LESS) ||
        when->parts[0]->kind != KIND_SLOT || -1 - when->parts[0]->slot != (int)ranked->rank ||
        then->kind != KIND_SLOT || -1 - then->slot != (int)ranked->column ||
        !when->parts[1]->constant || when->parts[1]->type != TYPE_NUMBER ||
        when->parts[1]->number.divisor != NULL ||
        !decimal_integer(when->parts[1]->number.value, &most))
        return 0;
    most -= when->kind == KIND_LESS;
    return most < 1 ? 0 : (size_t)most;
}

/* Whether the rows are one whole group of the ranking. */
static bool whole_ranked_group(const Ranked *ranked, const size_t *rows, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (ranked->group[rows[i]] != ranked->group[rows[0]])
            return false;
    return count != 0 && ranked->sizes[ranked->group[rows[0]]] == count;
}

/* The values of a ranked column; the lows of those only that are sure to be there. */
typedef struct Values {
    Decimal *lows, *highs;
    double *middles;
    const Influence **influences;
    size_t count, surely;
} Values;

/* False where the sum of the greatest can't be told from them. */
static bool read_values(const Sheet *input, const size_t *rows, size_t count, Values *values)
{
    Arena *arena = input->arena;
    *values = (Values){.lows = arena_array(arena, count, sizeof(Decimal)),
                       .highs = arena_array(arena, count, sizeof(Decimal)),
                       .middles = arena_array(arena, count, sizeof(double)),
                       .influences = arena_array(arena, count, sizeof(const Influence *)),
                       .count = count};
    for (size_t i = 0; i < count; i++) {
        Range range = range_of_cell(&sheet_row(input, rows[i])[input->ranked.column], arena);
        if (range.state != RANGE_BOUNDS || range.optional || number_sign(range.low) < 0)
            return false;
        if (!input->maybe[rows[i]])
            values->lows[values->surely++] = range.low.value;
        values->highs[i] = range.high.value;
        values->middles[i] = range_middle(range);
        values->influences[i] = range.influence;
    }
    return values->surely != 0;
}

/* Of sorted values the sum of the K greatest, and of the others. */
static void sum_greatest(Decimal *values, size_t count, size_t wanted, Decimal *greatest,
                         Decimal *rest, Arena *arena)
{
    *greatest = *rest = decimal_of(0);
    qsort(values, count, sizeof *values, compare_decimals);
    for (size_t i = 0; i < count; i++) {
        Decimal *sum = count - i <= wanted ? greatest : rest;
        *sum = decimal_add(*sum, values[i], arena);
    }
}

/* Those with fewer than K greater ones count. */
static const Influence *influence_of_greatest(const Values *values, size_t wanted, Arena *arena)
{
    Influence *influence = influence_make(values->count, arena);
    for (size_t i = 0; i < values->count; i++) {
        size_t greater = 0;
        for (size_t j = 0; j < values->count && greater < wanted; j++)
            greater += values->middles[j] > values->middles[i];
        influence_set(influence, i, values->influences[i], greater < wanted);
    }
    return influence;
}

/*
 * The sum of the K greatest never falls when a value rises, nor - of values that are not negative -
 * when a row comes in, and no more does the sum of the others: so both are least with all values at
 * their least and no row there that may be absent, and greatest the other way.
 */
static bool summarise_greatest(const Aggregation *aggregation, const SummaryCall *call,
                               const size_t *rows, size_t count, Enclosed *sum)
{
    const Ranked *ranked = &aggregation->input->ranked;
    Arena *arena = aggregation->arena;
    Values values;
    size_t wanted = ranked->known && call->argument != NULL ? greatest_wanted(call, ranked) : 0;
    if (wanted == 0 || !whole_ranked_group(ranked, rows, count) ||
        !read_values(aggregation->input, rows, count, &values))
        return false;
    Decimal low, high, rest_low, rest_high;
    sum_greatest(values.lows, values.surely, wanted, &low, &rest_low, arena);
    sum_greatest(values.highs, count, wanted, &high, &rest_high, arena);
    Portion *portion = arena_take(arena, sizeof *portion);
    *portion = (Portion){.factor = number_of(decimal_of(1)),
                         .low = number_of(low),
                         .high = number_of(high),
                         .rest_low = number_of(rest_low),
                         .rest_high = number_of(rest_high)};
    *sum = (Enclosed){.known = KNOWN_BOUNDS,
                      .low = low,
                      .high = high,
                      .influence = influence_of_greatest(&values, wanted, arena),
                      .portion = portion};
    return true;
}

/* ---- parts of a whole ---- */

/* X of  case when CONDITION then X [else 0] end, and the condition; NULL if it is something else.
 */
static const Expression *part_of_case(const SummaryCall *call, const Expression **condition)
{
    const Expression *node = call->argument;
    if (call->function != SUMMARY_SUM || node == NULL || node->kind != KIND_CASE || node->simple ||
        node->count < 2 || node->count > 3)
        return NULL;
    const Expression *otherwise = node->count == 3 ? node->parts[2] : NULL;
    if (otherwise != NULL && !(otherwise->constant && otherwise->type == TYPE_NUMBER &&
                               number_sign(otherwise->number) == 0))
        return NULL;
    *condition = node->parts[0];
    return node->parts[1];
}

/* The call that sums X over all rows; the number of calls if there is none. */
static size_t whole_of(const SummaryCalls *calls, const Expression *part)
{
    size_t i = 0;
    for (; i < calls->count; i++)
        if (calls->calls[i].function == SUMMARY_SUM && tree_equal(calls->calls[i].argument, part))
            break;
    return i;
}

/* Sums over the rows that the condition takes and over those that it leaves. */
static bool split_sums(const Aggregation *aggregation, const Expression *condition,
                       const Expression *part, const size_t *rows, size_t count, Portion *portion)
{
    Arena *arena = aggregation->arena;
    const Sheet *input = aggregation->input;
    Decimal zero = decimal_of(0), sums[2][2] = {{zero, zero}, {zero, zero}}; /* taken, left */
    for (size_t i = 0; i < count; i++) {
        EnclosedRow seen = {.cells = sheet_row(input, rows[i]), .cell_count = input->header.width};
        encloser_row(aggregation->encloser, &seen);
        unsigned truths = enclose_truth(aggregation->encloser, condition);
        Enclosed cell = enclose_cell(aggregation->encloser, part, -1);
        Range range = range_of_cell(&cell, arena);
        if (range.state == RANGE_MISSING)
            continue;
        if (range.state == RANGE_NOTHING || number_sign(range.low) < 0)
            return false;
        bool surely = !input->maybe[rows[i]] && !range.optional;
        bool may[2] = {(truths & MAY_BE_TRUE) != 0, truths != MAY_BE_TRUE};
        for (size_t side = 0; side < 2; side++) {
            if (may[side])
                sums[side][1] = decimal_add(sums[side][1], range.high.value, arena);
            if (may[side] && !may[1 - side] && surely)
                sums[side][0] = decimal_add(sums[side][0], range.low.value, arena);
        }
    }
    *portion = (Portion){.factor = number_of(decimal_of(1)),
                         .low = number_of(sums[0][0]),
                         .high = number_of(sums[0][1]),
                         .rest_low = number_of(sums[1][0]),
                         .rest_high = number_of(sums[1][1])};
    return true;
}

/* Tells a sum over some rows, and the sum over all, that one is part of the other. */
static void note_portion(const Aggregation *aggregation, Enclosed *slots, size_t call,
                         const size_t *rows, size_t count)
{
    const SummaryCalls *calls = &aggregation->calls;
    const Expression *condition, *part = part_of_case(&calls->calls[call], &condition);
    size_t whole = part == NULL ? calls->count : whole_of(calls, part);
    if (whole == calls->count || slots[call].known != KNOWN_BOUNDS ||
        slots[whole].known != KNOWN_BOUNDS)
        return;
    Portion portion;
    if (slots[call].portion != NULL)
        portion = *slots[call].portion;
    else if (!split_sums(aggregation, condition, part, rows, count, &portion))
        return;
    portion.whole = &calls->calls[whole];
    slots[whole].whole = portion.whole;
    Portion *kept = arena_take(aggregation->arena, sizeof *kept);
    *kept = portion;
    slots[call].portion = kept;
}

/* ---- groups ---- */

/* Whether any of the rows is sure to be there; without -g there is a row even of nothing. */
static bool group_certain(const Sheet *input, const size_t *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!input->maybe[rows[i]])
            return true;
    return false;
}

static void aggregate_group(const Aggregation *aggregation, const ItemList *items,
                            const Enclosed *keys, size_t key_count, const size_t *rows,
                            size_t count, Enclosed *cells, int32_t places)
{
    const SummaryCalls *calls = &aggregation->calls;
    Enclosed *slots = arena_array(aggregation->arena, calls->count, sizeof *slots);
    for (size_t i = 0; i < calls->count; i++) {
        if (summarise_greatest(aggregation, &calls->calls[i], rows, count, &slots[i]))
            continue;
        Members members = members_of(aggregation, &calls->calls[i], rows, count, key_count != 0);
        slots[i] = summarise(&calls->calls[i], &members);
    }
    for (size_t i = 0; i < calls->count; i++)
        note_portion(aggregation, slots, i, rows, count);
    EnclosedRow seen = {.cells = keys, .cell_count = key_count, .slots = slots, .calls = calls};
    encloser_row(aggregation->encloser, &seen);
    for (size_t i = 0; i < items->count; i++)
        cells[key_count + i] =
            enclose_cell(aggregation->encloser, items->items[i].expression, places);
}

static Header aggregate_header(const ColumnList *keys, const ItemList *items, Arena *arena)
{
    Header header = {arena_array(arena, keys->count + items->count, sizeof *header.names), 0};
    for (size_t i = 0; i < keys->count; i++)
        header.names[header.width++] = keys->columns[i].name;
    for (size_t i = 0; i < items->count; i++)
        header.names[header.width++] = items->items[i].name;
    return header;
}

/* The list of calls is on the heap: a copy in the arena cannot be lost. */
static SummaryCalls take_summaries(const ItemList *items, const ColumnList *keys,
                                   const Sheet *input, Arena *arena)
{
    SummaryCalls calls = {0};
    for (size_t i = 0; i < items->count; i++)
        expression_take_summaries(items->items[i].expression, &calls, keys);
    SummaryCalls kept = {arena_array(arena, calls.count, sizeof *calls.calls), calls.count,
                         calls.count};
    if (calls.count != 0)
        memcpy(kept.calls, calls.calls, calls.count * sizeof *calls.calls);
    free(calls.calls);
    for (size_t i = 0; i < kept.count; i++)
        if (kept.calls[i].argument != NULL)
            sheet_bind(input, kept.calls[i].argument);
    return kept;
}

Sheet *sheet_aggregate(Enclosures *enclosures, const Stage *stage, const Sheet *input)
{
    Arena *arena = &enclosures->arena;
    Source source = enclosures_source(enclosures, stage);
    ItemList items = expression_summaries(&source, arena);
    ColumnList keys = stage_columns(stage, "group", COLUMNS_PLAIN, arena);
    size_t *columns = sheet_columns(input, &keys);
    Aggregation aggregation = {.input = input,
                               .encloser = enclosures_encloser(enclosures, stage),
                               .calls = take_summaries(&items, &keys, input, arena),
                               .groups = sheet_groups(input, &keys),
                               .arena = arena};
    Header header = aggregate_header(&keys, &items, arena);
    Sheet *output = sheet_make(&header, input->ordered && sheet_certain(input), arena);
    bool whole = keys.count == 0;
    size_t count = whole ? 1 : aggregation.groups.count;
    for (size_t group = 0; group < count; group++) {
        bool empty = group >= aggregation.groups.count;
        const size_t *rows = empty ? NULL : aggregation.groups.rows[group];
        size_t row_count = empty ? 0 : aggregation.groups.sizes[group];
        Enclosed *cells = sheet_add(output, !whole && !group_certain(input, rows, row_count));
        for (size_t i = 0; i < keys.count; i++)
            /* NOLINTNEXTLINE: without rows there are no keys */
            cells[i] = sheet_row(input, rows[0])[columns[i]];
        aggregate_group(&aggregation, &items, cells, keys.count, rows, row_count, cells,
                        stage_places(stage));
    }
    return output;
}

/* ---- share ---- */

/* The totals of a group: of what is surely there at its least, of all that may be at its most. */
typedef struct Total {
    Decimal least, most;
    bool known;
    const Influence *influence;
} Total;

static Total total_of(const Sheet *input, size_t column, const size_t *rows, size_t count,
                      Arena *arena)
{
    Total total = {.least = decimal_of(0), .most = decimal_of(0), .known = true};
    Influence *influence = influence_make(count, arena);
    for (size_t i = 0; i < count; i++) {
        const Enclosed *cell = &sheet_row(input, rows[i])[column];
        Range part = range_of_cell(cell, arena);
        if (part.state == RANGE_MISSING)
            continue;
        if (part.state == RANGE_NOTHING) {
            total.known = false;
            continue;
        }
        if (number_sign(part.low) < 0)
            fail("not enclosed: a share where a part may be negative");
        if (!input->maybe[rows[i]] && !part.optional)
            total.least = decimal_add(total.least, part.low.value, arena);
        total.most = decimal_add(total.most, part.high.value, arena);
        influence_set(influence, i, part.influence, 1);
    }
    total.influence = influence;
    if (total.known && count != 0 && decimal_sign(total.least) == 0)
        fail("not enclosed: a share where the total may be zero");
    return total;
}

/*
 * x / (x + others) rises with x and falls with the others, so it is least with x at its least and
 * all others at their most, those that may be there being there; and the other way round.
 */
static Range share_of(const Enclosed *cell, bool maybe, const Total *total, Decimal whole,
                      Arena *arena)
{
    Range part = range_of_cell(cell, arena);
    if (part.state != RANGE_BOUNDS || !total->known)
        return part.state == RANGE_MISSING ? part : range_nothing();
    Decimal low = part.low.value, high = part.high.value;
    Decimal others_most = decimal_subtract(total->most, high, arena);
    maybe = maybe || part.optional;
    Decimal others_least = maybe ? total->least : decimal_subtract(total->least, low, arena);
    Number factor = number_of(whole);
    Range share = {.state = RANGE_BOUNDS, .optional = part.optional};
    share.low = number_divide(number_multiply(number_of(low), factor, arena),
                              number_of(decimal_add(low, others_most, arena)), arena);
    share.high = number_divide(number_multiply(number_of(high), factor, arena),
                               number_of(decimal_add(high, others_least, arena)), arena);
    double own = range_middle(part);
    double all = range_middle((Range){
        .state = RANGE_BOUNDS, .low = number_of(total->least), .high = number_of(total->most)});
    share.influence =
        influence_join(part.influence, 1 / all, total->influence, -own / (all * all), arena);
    return share;
}

Sheet *sheet_share(Enclosures *enclosures, const Stage *stage, const Sheet *input)
{
    Arena *arena = &enclosures->arena;
    ColumnList list = expression_columns(stage_argument(stage), "column", COLUMNS_PLAIN, arena);
    ColumnList keys = stage_columns(stage, "group", COLUMNS_PLAIN, arena);
    size_t column = sheet_column(input, list.columns[0].name), width = input->header.width;
    const char *given = stage_option(stage, "as"), *name = given == NULL ? "share" : given;
    bool cumulative = stage_has_option(stage, "cumulative");
    Header header = header_copy(&input->header, 2, arena);
    header_add(&header, name);
    if (cumulative)
        header_add(&header, arena_format(arena, "%s_cumulative", name));
    SheetGroups groups = sheet_groups(input, &keys);
    Total *totals = arena_array(arena, groups.count, sizeof *totals);
    for (size_t i = 0; i < groups.count; i++)
        totals[i] = total_of(input, column, groups.rows[i], groups.sizes[i], arena);
    Decimal whole = decimal_of(stage_has_option(stage, "percent") ? 100 : 1);
    Sheet *output = sheet_make(&header, input->ordered, arena);
    for (size_t row = 0; row < input->rows; row++) {
        Enclosed *cells = sheet_add(output, input->maybe[row]);
        memcpy(cells, sheet_row(input, row), width * sizeof *cells);
        Range share =
            share_of(&cells[column], input->maybe[row], &totals[groups.group[row]], whole, arena);
        cells[width] = stage_has_option(stage, "largest-remainder")
                           ? unknown_cell()
                           : range_cell(share, stage_places(stage), arena);
        if (cumulative)
            cells[width + 1] = unknown_cell();
    }
    return output;
}
