#include "table/window.h"

static void walk_step(Walk *walk)
{
    walk->more = store_next(&walk->cursor, &walk->row);
}

static Walk walk_begin(const Store *store, GroupRange range, size_t readers)
{
    Walk walk = {.cursor = store_begin(store, range, readers)};
    walk_step(&walk);
    return walk;
}

typedef bool Same(const HeldRow *a, const HeldRow *b);

static bool same_group(const HeldRow *a, const HeldRow *b)
{
    return a->group == b->group && a->last == b->last;
}

static bool same_key(const HeldRow *a, const HeldRow *b)
{
    return same_group(a, b) && span_equal(a->key, b->key);
}

/* How many rows are the same as the model: they are beside each other, at or ahead of the walk. */
static uint64_t walk_run(Walk *walk, const HeldRow *model, Same *same)
{
    while (walk->more && !same(&walk->row, model))
        walk_step(walk);
    uint64_t count = 0;
    for (; walk->more && same(&walk->row, model); walk_step(walk))
        count++;
    return count;
}

void window_open(Window *window, const Store *store, unsigned ahead, GroupRange range,
                 size_t readers)
{
    *window = (Window){.ahead = ahead, .here = walk_begin(store, range, readers)};
    if (ahead & WINDOW_TIES)
        window->ties = walk_begin(store, range, readers);
    if (ahead & WINDOW_GROUP)
        window->group = walk_begin(store, range, readers);
}

void window_close(Window *window)
{
    store_end(&window->here.cursor);
    store_end(&window->ties.cursor);
    store_end(&window->group.cursor);
}

static void enter_group(Window *window)
{
    WindowRow *now = &window->now;
    now->position = now->dense = now->ranked = 0;
    if (!now->row.last && (window->ahead & WINDOW_GROUP))
        now->ranked = walk_run(&window->group, &now->row, same_group);
}

static void enter_ties(Window *window)
{
    WindowRow *now = &window->now;
    now->first = now->position;
    if (window->ahead & WINDOW_TIES)
        now->last = now->first + walk_run(&window->ties, &now->row, same_key) - 1;
    now->dense++;
}

/* The row's bytes if it is of the group at hand. */
static Span neighbour(const HeldRow *row, bool there)
{
    Span none = {0};
    return there ? row->bytes : none;
}

const WindowRow *window_next(Window *window)
{
    if (!window->here.more)
        return NULL;
    WindowRow *now = &window->now;
    HeldRow before = now->row;
    now->row = window->here.row;
    walk_step(&window->here);
    bool same = window->begun && before.group == now->row.group;
    window->begun = true;
    if (!same)
        enter_group(window);
    now->before = neighbour(&before, same);
    now->after =
        neighbour(&window->here.row, window->here.more && window->here.row.group == now->row.group);
    now->position++;
    if (!now->row.last && !(same && same_key(&before, &now->row)))
        enter_ties(window);
    return now;
}

/* ---- methods ---- */

static Number whole(uint64_t count)
{
    return number_of(decimal_of((int64_t)count));
}

static Number rank_competition(const WindowRow *row, Arena *arena)
{
    (void)arena;
    return whole(row->first);
}

static Number rank_dense(const WindowRow *row, Arena *arena)
{
    (void)arena;
    return whole(row->dense);
}

static Number rank_ordinal(const WindowRow *row, Arena *arena)
{
    (void)arena;
    return whole(row->position);
}

static Number rank_average(const WindowRow *row, Arena *arena)
{
    return number_divide(whole(row->first + row->last), whole(2), arena);
}

static Number rank_max(const WindowRow *row, Arena *arena)
{
    (void)arena;
    return whole(row->last);
}

/* SQL's percent_rank: how much of the others comes before. */
static Number rank_percent(const WindowRow *row, Arena *arena)
{
    if (row->ranked == 1)
        return whole(0);
    return number_divide(whole(row->first - 1), whole(row->ranked - 1), arena);
}

static const char *const method_names[] = {"competition", "dense", "ordinal",
                                           "average",     "max",   "percent"};
static RankMethod *const methods[] = {rank_competition, rank_dense, rank_ordinal,
                                      rank_average,     rank_max,   rank_percent};
static const unsigned method_ahead[] = {0, 0, 0, WINDOW_TIES, WINDOW_TIES, WINDOW_GROUP};
enum { METHOD_COUNT = sizeof methods / sizeof methods[0] };

RankMethod *rank_method(const char *name, unsigned *ahead)
{
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (strcmp(method_names[i], name) != 0)
            continue;
        *ahead = method_ahead[i];
        return methods[i];
    }
    return NULL;
}

const char *rank_method_suggestion(const char *name)
{
    return text_suggestion(span_of(name), method_names, METHOD_COUNT);
}
