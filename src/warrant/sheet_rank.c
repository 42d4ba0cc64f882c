/*
 * The stage that orders rows: rank.
 *
 * Of two rows with uncertain keys several orders may be possible: a set of MAY_BE_LESS (the first
 * comes before), MAY_BE_EQUAL and MAY_BE_GREATER.  A row's rank lies between what the rows make of
 * it that surely come before, and what those make of it that may.
 */

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "expr/tree.h"
#include "warrant/invocation.h"
#include "warrant/sheet.h"

/* Rows of a group: each is compared with each, for dense ranks with those before it too. */
enum { RANKED_MOST = 2000, DENSE_MOST = 300 };

typedef struct RankKey {
    bool is_text, descending;
    bool anything; /* it may be any value, or missing */
    Enclosed cell; /* text or bounds */
} RankKey;

typedef struct RankRow {
    size_t row; /* of the input */
    bool maybe;
    bool ranked;   /* no key is surely missing */
    bool anything; /* a key may be anything, and so the rank */
    RankKey *keys;
    size_t key_count;
    size_t order; /* among the rows of its group as they came */
} RankRow;

typedef enum Method {
    METHOD_COMPETITION,
    METHOD_DENSE,
    METHOD_ORDINAL,
    METHOD_AVERAGE,
    METHOD_MAX,
    METHOD_PERCENT
} Method;

typedef struct Ranking {
    const Sheet *input;
    Sheet *output;
    Encloser *encloser;
    ItemList order;
    Method method;
    Decimal top;
    bool has_top, order_only, tied;
    size_t *lag, lag_count, *lead, lead_count;
    RankRow *rows; /* of the group at hand */
    size_t count;
    bool all_ranked;            /* none may be absent or without a rank */
    const Influence *influence; /* of all their first keys */
    bool settled;               /* keys and presence of all rows of the group are certain */
    Arena *arena;
} Ranking;

/* ---- keys ---- */

/* A key as the filter compares it: a number settled, a text by its bytes, a truth as text. */
static RankKey read_key(const Ranking *ranking, const Item *item)
{
    RankKey key = {.descending = item->descending};
    if (expression_type(item->expression) == TYPE_NUMBER ||
        expression_type(item->expression) == TYPE_CELL) {
        Range range = enclose_number(ranking->encloser, item->expression);
        key.cell = range_cell(range, -1, ranking->arena);
    } else {
        key.is_text = true;
        key.cell = enclose_cell(ranking->encloser, item->expression, -1);
    }
    key.anything = key.cell.known == KNOWN_NOTHING || key.cell.optional ||
                   (key.is_text && key.cell.known != KNOWN_TEXT);
    return key;
}

static bool is_missing(const RankKey *key)
{
    return key->cell.known == KNOWN_TEXT && key->cell.text.size == 0;
}

static RankRow read_row(const Ranking *ranking, size_t row)
{
    const Sheet *input = ranking->input;
    RankRow ranked = {.row = row, .maybe = input->maybe[row], .ranked = true};
    EnclosedRow seen = {.cells = sheet_row(input, row), .cell_count = input->header.width};
    encloser_row(ranking->encloser, &seen);
    ranked.key_count = ranking->order.count;
    ranked.keys = arena_array(ranking->arena, ranked.key_count, sizeof *ranked.keys);
    for (size_t i = 0; i < ranked.key_count; i++) {
        ranked.keys[i] = read_key(ranking, &ranking->order.items[i]);
        ranked.ranked = ranked.ranked && !is_missing(&ranked.keys[i]);
        ranked.anything = ranked.anything || ranked.keys[i].anything;
    }
    return ranked;
}

static unsigned key_orders(const RankKey *a, const RankKey *b)
{
    unsigned orders;
    if (a->anything || b->anything)
        return MAY_BE_LESS | MAY_BE_EQUAL | MAY_BE_GREATER;
    if (a->is_text) {
        int order = span_compare(a->cell.text, b->cell.text);
        orders = order < 0 ? MAY_BE_LESS : order > 0 ? MAY_BE_GREATER : MAY_BE_EQUAL;
    } else {
        orders = bounds_orders(&a->cell.low, &a->cell.high, &b->cell.low, &b->cell.high);
    }
    if (!a->descending)
        return orders;
    return (orders & MAY_BE_EQUAL) | (orders & MAY_BE_LESS ? MAY_BE_GREATER : 0u) |
           (orders & MAY_BE_GREATER ? MAY_BE_LESS : 0u);
}

/* Later keys count where all before them may be equal. */
static unsigned row_orders(const RankRow *a, const RankRow *b)
{
    unsigned orders = 0;
    for (size_t i = 0; i < a->key_count; i++) {
        unsigned key = key_orders(&a->keys[i], &b->keys[i]);
        orders |= key & ~(unsigned)MAY_BE_EQUAL;
        if (!(key & MAY_BE_EQUAL))
            return orders;
    }
    return orders | MAY_BE_EQUAL;
}

static bool is_point(const RankKey *key)
{
    return !key->anything &&
           (key->cell.known == KNOWN_TEXT || decimal_compare(key->cell.low, key->cell.high) == 0);
}

static bool group_settled(const Ranking *ranking)
{
    for (size_t i = 0; i < ranking->count; i++) {
        if (ranking->rows[i].maybe)
            return false;
        for (size_t k = 0; k < ranking->rows[i].key_count; k++)
            if (!is_point(&ranking->rows[i].keys[k]))
                return false;
    }
    return true;
}

/* ---- ranks ---- */

/* How many rows come before a row, and how many before it or level with it, at least and at most.
 */
typedef struct Places {
    size_t before_least, before_most;   /* strictly before */
    size_t through_least, through_most; /* before or level, itself not counted */
    size_t tied_least, tied_most;       /* before, or level and earlier in the input */
    size_t distinct_least;              /* different values that surely come before */
    size_t ranked;
} Places;

/* Whether a row surely differs from all surely before it that were counted so far. */
static bool is_new_value(const Ranking *ranking, const size_t *counted, size_t count,
                         const RankRow *row)
{
    for (size_t i = 0; i < count; i++)
        if (row_orders(&ranking->rows[counted[i]], row) & MAY_BE_EQUAL)
            return false;
    return true;
}

static Places places_of_row(const Ranking *ranking, const RankRow *own)
{
    Places places = {0};
    size_t *counted = ranking->method == METHOD_DENSE && ranking->count <= DENSE_MOST
                          ? arena_array(ranking->arena, ranking->count, sizeof *counted)
                          : NULL;
    for (size_t i = 0; i < ranking->count; i++) {
        const RankRow *other = &ranking->rows[i];
        places.ranked += other->ranked;
        if (other == own || !other->ranked)
            continue;
        unsigned orders = row_orders(other, own);
        bool never_after = !(orders & MAY_BE_GREATER);
        bool earlier = ranking->input->ordered && other->order < own->order;
        places.before_most += (orders & MAY_BE_LESS) != 0;
        places.through_most += (orders & (MAY_BE_LESS | MAY_BE_EQUAL)) != 0;
        places.tied_most += (orders & (MAY_BE_LESS | MAY_BE_EQUAL)) != 0 &&
                            (orders != MAY_BE_EQUAL || !ranking->input->ordered || earlier);
        if (other->maybe || other->anything)
            continue; /* it may not be there, or have no rank */
        places.before_least += orders == MAY_BE_LESS;
        places.through_least += never_after;
        places.tied_least += orders == MAY_BE_LESS || (never_after && earlier);
        if (counted != NULL && orders == MAY_BE_LESS &&
            is_new_value(ranking, counted, places.distinct_least, other))
            counted[places.distinct_least++] = i;
    }
    return places;
}

static Range whole_range(size_t low, size_t high)
{
    return (Range){.state = RANGE_BOUNDS,
                   .low = number_of(decimal_of((int64_t)low)),
                   .high = number_of(decimal_of((int64_t)high))};
}

static Range rank_of(const Ranking *ranking, const RankRow *own)
{
    Arena *arena = ranking->arena;
    Places places = places_of_row(ranking, own);
    Range competition = whole_range(1 + places.before_least, 1 + places.before_most);
    Range most = whole_range(1 + places.through_least, 1 + places.through_most);
    switch (ranking->method) {
    case METHOD_COMPETITION:
        return competition;
    case METHOD_MAX:
        return most;
    case METHOD_DENSE:
        return whole_range(1 + places.distinct_least, 1 + places.before_most);
    case METHOD_ORDINAL:
        return whole_range(1 + places.tied_least, 1 + places.tied_most);
    case METHOD_AVERAGE:
        return range_divide(range_add(competition, most, arena),
                            range_point(number_of(decimal_of(2))), arena);
    case METHOD_PERCENT:
        if (!ranking->all_ranked)
            return range_nothing();
        if (places.ranked == 1)
            return range_point(number_of(decimal_of(0)));
        return range_divide(
            range_subtract(competition, range_point(number_of(decimal_of(1))), arena),
            range_point(number_of(decimal_of((int64_t)places.ranked - 1))), arena);
    }
    return range_nothing();
}

/*
 * A rank falls where the row's own key goes ahead, and rises where others' do; the group's keys,
 * the row's own among them, are weighed together.
 */
static const Influence *rank_influence(const Ranking *ranking, const RankRow *own)
{
    int ahead = own->keys[0].descending ? 1 : -1;
    return influence_join(own->keys[0].cell.influence, -2 * ahead, ranking->influence, ahead,
                          ranking->arena);
}

static const Influence *group_influence(const Ranking *ranking)
{
    Influence *influence = influence_make(ranking->count, ranking->arena);
    for (size_t i = 0; i < ranking->count; i++)
        influence_set(influence, i, ranking->rows[i].keys[0].cell.influence, 1);
    return influence;
}

/* ---- neighbours ---- */

/* The order of a settled group: rows without a rank last, level ones as they came. */
static int compare_rows(const void *a, const void *b)
{
    const RankRow *one = a, *other = b;
    if (one->ranked != other->ranked)
        return one->ranked ? -1 : 1;
    unsigned orders = one->ranked ? row_orders(one, other) : MAY_BE_EQUAL;
    if (orders == MAY_BE_EQUAL)
        return one->order < other->order ? -1 : 1;
    return orders == MAY_BE_LESS ? -1 : 1;
}

static void add_neighbours(const Ranking *ranking, Enclosed *cells, const size_t *columns,
                           size_t count, size_t neighbour)
{
    for (size_t i = 0; i < count; i++) {
        cells[i] = (Enclosed){.known = KNOWN_NOTHING};
        if (ranking->settled)
            cells[i] = neighbour < ranking->count
                           ? sheet_row(ranking->input, ranking->rows[neighbour].row)[columns[i]]
                           : (Enclosed){.known = KNOWN_TEXT, .text = {"", 0}};
    }
}

/* ---- rows ---- */

/* Whether a row may stay and whether it surely does, under --top. */
static bool may_stay(const Ranking *ranking, const RankRow *row, const Range *rank, bool *surely)
{
    *surely = true;
    if (!ranking->has_top)
        return true;
    if (!row->ranked)
        return false;
    if (rank->state != RANGE_BOUNDS)
        fail("not enclosed: --top of ranks that are not known");
    *surely = number_compare(rank->high, number_of(ranking->top)) <= 0;
    return number_compare(rank->low, number_of(ranking->top)) <= 0;
}

static void add_row(const Ranking *ranking, size_t at)
{
    const RankRow *row = &ranking->rows[at];
    size_t width = ranking->input->header.width;
    Range rank = row->ranked ? rank_of(ranking, row) : range_missing();
    if (row->ranked && row->anything)
        rank = range_nothing();
    bool surely;
    if (!may_stay(ranking, row, &rank, &surely))
        return;
    if (row->ranked && rank.state == RANGE_BOUNDS)
        rank.influence = rank_influence(ranking, row);
    Enclosed *cells = sheet_add(ranking->output, row->maybe || !surely);
    memcpy(cells, sheet_row(ranking->input, row->row), width * sizeof *cells);
    cells += width;
    if (!ranking->order_only)
        *cells++ = range_cell(rank, -1, ranking->arena);
    if (ranking->tied)
        *cells++ = (Enclosed){.known = KNOWN_NOTHING};
    add_neighbours(ranking, cells, ranking->lag, ranking->lag_count, at - 1);
    add_neighbours(ranking, cells + ranking->lag_count, ranking->lead, ranking->lead_count, at + 1);
}

static void rank_group(Ranking *ranking, const size_t *rows, size_t count)
{
    if (count > RANKED_MOST)
        fail("not enclosed: more than %d rows to be ranked", RANKED_MOST);
    ranking->count = count;
    ranking->rows = arena_array(ranking->arena, count, sizeof *ranking->rows);
    for (size_t i = 0; i < count; i++) {
        ranking->rows[i] = read_row(ranking, rows[i]);
        ranking->rows[i].order = i;
    }
    ranking->all_ranked = true;
    for (size_t i = 0; i < count; i++)
        ranking->all_ranked =
            ranking->all_ranked && !ranking->rows[i].maybe && !ranking->rows[i].anything;
    ranking->settled = ranking->input->ordered && group_settled(ranking);
    ranking->output->ordered = ranking->output->ordered && ranking->settled;
    if (ranking->settled)
        qsort(ranking->rows, count, sizeof *ranking->rows, compare_rows);
    ranking->influence = group_influence(ranking);
    for (size_t i = 0; i < count; i++)
        add_row(ranking, i);
}

/* ---- the stage ---- */

/* The column that the order begins with, from the greatest down; COLUMN_NONE if it is no column. */
static size_t leading_column(const Ranking *ranking)
{
    const Item *item = &ranking->order.items[0];
    const Expression *key = item->expression;
    while (key->kind == KIND_AS_NUMBER)
        key = key->parts[0];
    return item->descending && item->expression->type == TYPE_NUMBER && key->kind == KIND_SLOT &&
                   key->slot < 0
               ? (size_t)(-1 - key->slot)
               : COLUMN_NONE;
}

/* Which rows of the output make a group: they stand in the order in which groups were ranked. */
static void note_ranked(Ranking *ranking, const SheetGroups *groups)
{
    Ranked *ranked = &ranking->output->ranked;
    ranked->column = leading_column(ranking);
    ranked->rank = ranking->input->header.width;
    if (ranked->column == COLUMN_NONE || ranking->method != METHOD_ORDINAL || ranking->has_top ||
        ranking->order_only)
        return;
    ranked->known = true;
    ranked->sizes = groups->sizes;
    ranked->group = arena_array(ranking->arena, ranking->input->rows, sizeof *ranked->group);
    for (size_t group = 0, row = 0; group < groups->count; group++)
        for (size_t i = 0; i < groups->sizes[group]; i++)
            ranked->group[row++] = group;
}

static Method method_of(const Stage *stage)
{
    static const char *const names[] = {"competition", "dense", "ordinal",
                                        "average",     "max",   "percent"};
    const char *name = stage_option(stage, "method");
    for (size_t i = 0; name != NULL && i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return (Method)i;
    return METHOD_COMPETITION;
}

static void add_neighbour_names(Header *header, const ColumnList *list, const char *ending,
                                Arena *arena)
{
    for (size_t i = 0; i < list->count; i++)
        header_add(header, arena_format(arena, "%s_%s", list->columns[i].name, ending));
}

static void read_options(Ranking *ranking, const Stage *stage)
{
    Arena *arena = ranking->arena;
    const char *top = stage_option(stage, "top"), *as = stage_option(stage, "as");
    ColumnList lag = stage_columns(stage, "lag", COLUMNS_PLAIN, arena);
    ColumnList lead = stage_columns(stage, "lead", COLUMNS_PLAIN, arena);
    ranking->method = method_of(stage);
    ranking->order_only = stage_has_option(stage, "order-only");
    ranking->tied = stage_has_option(stage, "tied");
    ranking->has_top = top != NULL;
    if (top != NULL && decimal_read(span_of(top), &ranking->top, arena) != DECIMAL_READ)
        fail("not enclosed: --top %s", top);
    ranking->lag = sheet_columns(ranking->input, &lag);
    ranking->lag_count = lag.count;
    ranking->lead = sheet_columns(ranking->input, &lead);
    ranking->lead_count = lead.count;
    Header header = header_copy(&ranking->input->header, 2 + lag.count + lead.count, arena);
    if (!ranking->order_only)
        header_add(&header, as == NULL ? "rank" : as);
    if (ranking->tied)
        header_add(&header, stage_option(stage, "tied"));
    add_neighbour_names(&header, &lag, "lag", arena);
    add_neighbour_names(&header, &lead, "lead", arena);
    ranking->output = sheet_make(&header, true, arena);
}

Sheet *sheet_rank(Enclosures *enclosures, const Stage *stage, const Sheet *input)
{
    Arena *arena = &enclosures->arena;
    Source source = enclosures_source(enclosures, stage);
    Ranking ranking = {.input = input,
                       .encloser = enclosures_encloser(enclosures, stage),
                       .order = expression_order(&source, arena),
                       .arena = arena};
    for (size_t i = 0; i < ranking.order.count; i++)
        sheet_bind(input, ranking.order.items[i].expression);
    read_options(&ranking, stage);
    ColumnList keys = stage_columns(stage, "group", COLUMNS_PLAIN, arena);
    SheetGroups groups = sheet_groups(input, &keys);
    for (size_t i = 0; i < groups.count; i++)
        rank_group(&ranking, groups.rows[i], groups.sizes[i]);
    note_ranked(&ranking, &groups);
    return ranking.output;
}
