#include "warrant/rival.h"

#include "warrant/figure.h"
#include "warrant/lineage.h"

enum { LABELS_TOLD = 5, FIGURE_PLACES = 4 };

/* A row that could be the rival. */
typedef struct Candidate {
    bool found;
    Decimal value;       /* in the column that is checked */
    Decimal apart, away; /* from the row observed: in that column, and in the quantity */
    Span *cells;
} Candidate;

typedef struct Search {
    const Outcome *outcome;
    Arena *arena;
    size_t label, value;
    size_t quantity; /* the column that distance is told in */
    size_t share;    /* or COLUMN_NONE */
    size_t *groups;
    size_t group_count;
    Ordering ordering;
    const Span *own; /* the row observed */
    Decimal own_quantity;
    bool holds;        /* the observed value lies in the interval */
    Candidate best;    /* whose verdict would be the other one */
    Candidate nearest; /* of all other rows: the rival when none has the other verdict */
} Search;

static bool number_of_cell(Span cell, Decimal *number, Arena *arena)
{
    return cell.size != 0 && decimal_read(cell, number, arena) == DECIMAL_READ;
}

static Decimal distance(Decimal a, Decimal b, Arena *arena)
{
    return decimal_absolute(decimal_subtract(a, b, arena), arena);
}

static bool same_group(const Search *search, const Batch *batch, size_t row)
{
    for (size_t i = 0; i < search->group_count; i++)
        if (!span_equal(batch_value(batch, row, search->groups[i]), search->own[search->groups[i]]))
            return false;
    return true;
}

static bool closer(const Candidate *a, const Candidate *b)
{
    if (!b->found)
        return true;
    int order = decimal_compare(a->apart, b->apart);
    return order != 0 ? order < 0 : decimal_compare(a->away, b->away) < 0;
}

static Span *copy_cells(const Batch *batch, size_t row, Arena *arena)
{
    Span *cells = arena_array(arena, batch->width, sizeof *cells);
    for (size_t column = 0; column < batch->width; column++) {
        Span value = batch_value(batch, row, column);
        cells[column] = (Span){arena_copy(arena, value.at, value.size), value.size};
    }
    return cells;
}

static void consider_row(void *context, const Batch *batch, size_t row, uint64_t number)
{
    Search *search = context;
    Arena *arena = search->arena;
    Candidate candidate = {.found = true};
    Decimal quantity;
    if (number == search->outcome->observed.rows.numbers[0] || !same_group(search, batch, row) ||
        !number_of_cell(batch_value(batch, row, search->value), &candidate.value, arena) ||
        !number_of_cell(batch_value(batch, row, search->quantity), &quantity, arena))
        return;
    candidate.apart = distance(candidate.value, search->outcome->observed.value.number, arena);
    candidate.away = distance(quantity, search->own_quantity, arena);
    bool other_side = interval_holds(&search->outcome->interval, candidate.value) != search->holds;
    Candidate *place = other_side ? &search->best : &search->nearest;
    if (!closer(&candidate, place))
        return;
    candidate.cells = copy_cells(batch, row, arena);
    *place = candidate;
}

/* Which columns tell the distance: those of the ranking, or the checked column itself. */
static void find_columns(Search *search, const Setting *setting, const Table *table)
{
    const Outcome *outcome = search->outcome;
    const Header *header = table_header(table);
    const char *step = outcome->observed.result->name;
    search->label = table_column(table, outcome->check->label, step);
    search->value = table_column(table, outcome->check->observed.value, step);
    search->quantity = search->value;
    search->share = COLUMN_NONE;
    if (!column_ordering(setting->document, &setting->parameters, outcome->observed.result->step,
                         outcome->check->observed.value, &search->ordering, search->arena))
        return;
    const Ordering *ordering = &search->ordering;
    size_t quantity =
        ordering->quantity == NULL ? COLUMN_NONE : header_find(header, span_of(ordering->quantity));
    if (quantity != COLUMN_NONE)
        search->quantity = quantity;
    if (quantity != COLUMN_NONE && ordering->share != NULL)
        search->share = header_find(header, span_of(ordering->share));
    search->groups = arena_array(search->arena, ordering->groups.count, sizeof *search->groups);
    for (size_t i = 0; i < ordering->groups.count; i++) {
        size_t column = header_find(header, span_of(ordering->groups.columns[i].name));
        if (column != COLUMN_NONE)
            search->groups[search->group_count++] = column;
    }
}

/* "ahead" and "behind" in a ranking, "above" and "below" where values are compared. */
static const char *direction(const Search *search, const Candidate *rival, Decimal quantity)
{
    if (search->quantity != search->value) {
        int order = decimal_compare(rival->value, search->outcome->observed.value.number);
        if (order != 0)
            return order < 0 ? "ahead" : "behind";
    }
    return decimal_compare(quantity, search->own_quantity) > 0 ? "above" : "below";
}

/* How far the rival's share is from the observed row's; false where there are none. */
static bool shares_apart(const Search *search, const Candidate *rival, Decimal *apart)
{
    Arena *arena = search->arena;
    Decimal own, other;
    if (search->share == COLUMN_NONE || !number_of_cell(search->own[search->share], &own, arena) ||
        !number_of_cell(rival->cells[search->share], &other, arena))
        return false;
    *apart = distance(own, other, arena);
    return true;
}

static const char *tell_share(const Search *search, const Candidate *rival)
{
    Decimal apart;
    if (!shares_apart(search, rival, &apart))
        return "";
    return arena_format(search->arena, " (%s%s of %s)", figure_text(apart, 2, search->arena),
                        search->ordering.percent ? " points" : "", search->ordering.share);
}

static const char *tell(const Search *search, const Candidate *rival, const char *column)
{
    Arena *arena = search->arena;
    Span name = rival->cells[search->label];
    Decimal quantity;
    number_of_cell(rival->cells[search->quantity], &quantity, arena);
    if (decimal_sign(rival->away) == 0)
        return arena_format(arena, "%.*s, level in %s", (int)name.size, name.at, column);
    return arena_format(arena, "%.*s, %s %s in %s%s", (int)name.size, name.at,
                        figure_text(rival->away, FIGURE_PLACES, arena),
                        direction(search, rival, quantity), column, tell_share(search, rival));
}

static void find_among_rows(const Setting *setting, Outcome *outcome, Table *table, Arena *arena)
{
    Search search = {.outcome = outcome,
                     .arena = arena,
                     .own = outcome->observed.rows.cells[0],
                     .holds = outcome->verdict == VERDICT_REPRODUCED};
    find_columns(&search, setting, table);
    if (!number_of_cell(search.own[search.quantity], &search.own_quantity, arena))
        return;
    table_visit(table, NULL, consider_row, &search);
    const Candidate *rival = search.best.found ? &search.best : &search.nearest;
    if (!rival->found)
        return;
    const char *column = table_header(table)->names[search.quantity];
    outcome->rival = (Rival){.found = true,
                             .name = rival->cells[search.label],
                             .cells = rival->cells,
                             .told = tell(&search, rival, column),
                             .measured = true,
                             .distance = rival->away};
    shares_apart(&search, rival, &outcome->rival.distance);
}

/* A value held against another row's: that row is the rival. */
static void take_other(Outcome *outcome, const char *label, Arena *arena)
{
    const Rows *rows = &outcome->other.rows;
    size_t column = header_require(&rows->header, span_of(label), outcome->other.result->name);
    if (rows->kept == 0)
        return;
    Span name = rows->cells[0][column];
    outcome->rival = (Rival){.found = true,
                             .name = name,
                             .cells = rows->cells[0],
                             .told = arena_format(arena, "%.*s with %.*s", (int)name.size, name.at,
                                                  (int)outcome->other.value.text.size,
                                                  outcome->other.value.text.at)};
}

void rival_find(Builder *builder, const Setting *setting, Outcome *outcome, Table *table)
{
    const Check *check = outcome->check;
    if (check->other != NULL && check->other->count == NULL) {
        take_other(outcome, check->label, &builder->arena);
        return;
    }
    table_column(table, check->label, outcome->observed.result->name);
    if (check->observed.count == NULL && outcome->has_interval)
        find_among_rows(setting, outcome, table, &builder->arena);
}

const char *rival_counted(const Outcome *outcome, Arena *arena)
{
    const Rows *rows = &outcome->observed.rows;
    const Check *check = outcome->check;
    if (check->observed.count == NULL || check->label == NULL || rows->count == 0)
        return NULL;
    size_t column = header_find(&rows->header, span_of(check->label));
    if (column == COLUMN_NONE)
        return NULL;
    Buffer text = {0};
    for (size_t i = 0; i < rows->kept && i < LABELS_TOLD; i++) {
        buffer_text(&text, i == 0 ? "" : ", ");
        buffer_append(&text, rows->cells[i][column].at, rows->cells[i][column].size);
    }
    if (rows->count > LABELS_TOLD)
        buffer_format(&text, " and %llu more", (unsigned long long)(rows->count - LABELS_TOLD));
    const char *told = arena_copy(arena, text.at, text.size);
    buffer_free(&text);
    return told;
}
