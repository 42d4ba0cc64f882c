/* rank: orders rows and numbers them. */

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/diagnostic.h"
#include "csv/relay.h"
#include "filters/columns.h"
#include "filters/program.h"
#include "table/group.h"
#include "table/key.h"
#include "table/store.h"
#include "table/window.h"

/* A neighbour's columns: --lag or --lead. */
typedef struct Neighbour {
    ColumnList list;
    size_t *columns;
} Neighbour;

typedef struct Rank {
    Program program;
    ItemList order;
    ColumnList keys;
    const char **names; /* of the new columns */
    size_t name_count;
    RankMethod *method;
    unsigned ahead; /* what it needs of the window */
    long top;       /* LONG_MAX: all */
    bool order_only;
    bool tied;
    bool ordinal, dense;
    bool cut; /* only rows up to the top one matter */
    Neighbour lag, lead;
    const size_t *columns; /* of the keys */
    Groups groups;
    Bar bar; /* for --top */
    Store rows;
} Rank;

/* A first number of the order whose row stood behind the bar of its group: those after it do too.
 */
typedef struct Refused {
    int64_t mantissa;
    int32_t scale;
    bool any;
} Refused;

/* A thread with the rows of the chunk it reads. */
typedef struct Worker {
    Rank *rank;
    Evaluation *evaluation;
    const Vector **values; /* of each part of the order, for the batch at hand */
    Buffer key;
    Groups groups;     /* as this thread has met them, */
    uint32_t *numbers; /* and the numbers of those that are known to all */
    size_t known, room;
    Refused *refused; /* the foremost by group, for as many as `refused_room` */
    size_t refused_room;
    Sheaf rows;
    Pile *pile; /* to be put in order, once a chunk is delivered */
} Worker;

/* ---- the command line ---- */

static void parse_method(Rank *rank)
{
    const CommandLine *line = &rank->program.line;
    const char *name = command_line_value(line, "method");
    if (name == NULL)
        name = "competition";
    rank->method = rank_method(name, &rank->ahead);
    if (rank->method == NULL)
        fail_usage("--method: not %s: %s%s", RANK_METHODS, shown(name, strlen(name)),
                   rank_method_suggestion(name));
    rank->ordinal = strcmp(name, "ordinal") == 0;
    rank->dense = strcmp(name, "dense") == 0;
    rank->top = command_line_number(line, "top", 0, LONG_MAX, LONG_MAX);
    if (command_line_has(line, "top") &&
        (strcmp(name, "average") == 0 || strcmp(name, "percent") == 0))
        fail_usage("--top goes with whole ranks, not with --method %s", name);
    rank->order_only = command_line_has(line, "order-only");
    if (rank->order_only && (command_line_has(line, "as") || command_line_has(line, "tied")))
        fail_usage("--order-only numbers nothing: it goes with neither --as nor --tied");
    if (rank->order_only && command_line_has(line, "method") && !command_line_has(line, "top"))
        fail_usage("--method says nothing beside --order-only, unless there is --top");
}

static void name_column(Rank *rank, const char *name)
{
    for (size_t i = 0; i < rank->name_count; i++)
        if (strcmp(rank->names[i], name) == 0)
            fail_usage("column %s is there twice", shown(name, strlen(name)));
    rank->names[rank->name_count++] = name;
}

static void name_neighbours(Rank *rank, const Neighbour *neighbour, const char *ending)
{
    for (size_t i = 0; i < neighbour->list.count; i++)
        name_column(rank, arena_format(&rank->program.arena, "%s_%s",
                                       neighbour->list.columns[i].name, ending));
}

static void name_columns(Rank *rank)
{
    Program *program = &rank->program;
    size_t most = 2 + rank->lag.list.count + rank->lead.list.count;
    rank->names = arena_array(&program->arena, most, sizeof *rank->names);
    if (!rank->order_only)
        name_column(rank, program_new_column(program, "as", "rank"));
    if (rank->tied)
        name_column(rank, program_new_column(program, "tied", NULL));
    name_neighbours(rank, &rank->lag, "lag");
    name_neighbours(rank, &rank->lead, "lead");
}

static void parse(Rank *rank, int argc, char **argv)
{
    Program *program = &rank->program;
    program_start(program, &rank_specification, argc, argv);
    Source source = program_source(program);
    rank->order = expression_order(&source, &program->arena);
    parse_method(rank);
    rank->keys = program_columns(program, "group", COLUMNS_PLAIN);
    columns_check_names(&rank->keys, "group");
    rank->tied = command_line_has(&program->line, "tied");
    if (rank->tied)
        rank->ahead |= WINDOW_TIES;
    rank->lag.list = program_columns(program, "lag", COLUMNS_PLAIN);
    rank->lead.list = program_columns(program, "lead", COLUMNS_PLAIN);
    /* What follows the last of them is another row's neighbour. */
    rank->cut = rank->top != LONG_MAX && rank->lead.list.count == 0;
    name_columns(rank);
}

static void open_all(Rank *rank)
{
    Program *program = &rank->program;
    program_open(program);
    bar_open(&rank->bar, (uint64_t)rank->top, rank->dense);
    store_open(&rank->rows, program->memory, program->jobs, rank->cut ? &rank->bar : NULL);
    const Header *header = reader_header(program->reader);
    for (size_t i = 0; i < rank->order.count; i++)
        expression_bind(rank->order.items[i].expression, header, reader_name(program->reader));
    rank->lag.columns = program_resolve(program, &rank->lag.list, header, "lag");
    rank->lead.columns = program_resolve(program, &rank->lead.list, header, "lead");
    rank->columns = program_resolve(program, &rank->keys, header, "group");
    groups_open(&rank->groups, rank->columns, rank->keys.count);
    Header output = header_copy(header, rank->name_count, &program->arena);
    for (size_t i = 0; i < rank->name_count; i++)
        header_add(&output, rank->names[i]);
    writer_header(program->writer, &output);
}

/* ---- reading, in any thread ---- */

static void *worker_open(void *context)
{
    Rank *rank = context;
    Worker *worker = memory_zeroed(1, sizeof *worker);
    worker->rank = rank;
    worker->evaluation = program_evaluation(&rank->program);
    worker->values = memory_array(rank->order.count, sizeof *worker->values);
    groups_open(&worker->groups, rank->columns, rank->keys.count);
    return worker;
}

static void evaluate_order(Worker *worker, const Batch *batch)
{
    Evaluation *evaluation = worker->evaluation;
    const ItemList *order = &worker->rank->order;
    evaluation_batch(evaluation, batch);
    Selection rows = evaluation_all(evaluation);
    evaluation_hold(evaluation);
    for (size_t i = 0; i < order->count; i++) {
        const Expression *key = order->items[i].expression;
        worker->values[i] = expression_type(key) == TYPE_NUMBER
                                ? evaluate_numbers(evaluation, key, rows)
                                : evaluate_texts(evaluation, key, rows);
    }
    evaluation_release(evaluation);
}

/* The row's ordering key; false if any part of it is missing. */
static bool make_key(Worker *worker, size_t row)
{
    const ItemList *order = &worker->rank->order;
    Arena *arena = evaluation_arena(worker->evaluation);
    worker->key.size = 0;
    for (size_t i = 0; i < order->count; i++) {
        const Vector *values = worker->values[i];
        bool descending = order->items[i].descending;
        if (values->type == TYPE_NUMBER ? values->missing[row] : values->texts[row].size == 0)
            return false;
        if (values->type == TYPE_NUMBER)
            key_number(&worker->key, number_settle(values->numbers[row], arena), descending);
        else
            key_text(&worker->key, values->texts[row], descending);
    }
    return true;
}

/* As one thread meets them, or all together. */
static void check_held(const Rank *rank, const Groups *groups)
{
    budget_check(groups_size(groups), rank->program.memory, "the names of so many groups");
}

static bool stands_before(const Rank *rank, Decimal number, const Refused *refused)
{
    int order = (number.small > refused->mantissa) - (number.small < refused->mantissa);
    return rank->order.items[0].descending ? order > 0 : order < 0;
}

/*
 * The first number of the row's order, of the kind that is compared at once; NULL if there is none
 * or a bar makes no difference.
 */
static const Number *first_number(const Worker *worker, size_t row)
{
    const Vector *first = worker->values[0];
    if (!worker->rank->cut || first->type != TYPE_NUMBER || first->missing[row] ||
        !number_is_short(&first->numbers[row]))
        return NULL;
    return &first->numbers[row];
}

/* Surely behind the bar, without a look at its key. */
static bool is_refused(const Worker *worker, const Number *first, uint32_t group)
{
    if (first == NULL || group >= worker->refused_room)
        return false;
    const Refused *refused = &worker->refused[group];
    return refused->any && refused->scale == first->value.scale &&
           first->value.small != refused->mantissa &&
           !stands_before(worker->rank, first->value, refused);
}

static void refuse(Worker *worker, const Number *first, uint32_t group)
{
    if (first == NULL || group >= worker->refused_room)
        return;
    Refused *refused = &worker->refused[group];
    if (!refused->any || (refused->scale == first->value.scale &&
                          stands_before(worker->rank, first->value, refused)))
        *refused = (Refused){first->value.small, first->value.scale, true};
}

/* Unless it is surely behind the first ones of its group. */
static void gather_row(Worker *worker, const Batch *batch, size_t row, uint32_t group)
{
    Span key = buffer_span(&worker->key);
    if (group >= worker->known || bar_passes(&worker->rank->bar, worker->numbers[group], key))
        sheaf_add(&worker->rows,
                  &(HeldRow){.group = group, .key = key, .bytes = batch_row(batch, row)});
    else
        refuse(worker, first_number(worker, row), group);
}

static void gather_rows(Worker *worker, const Batch *batch, const uint32_t *groups)
{
    for (size_t row = 0; row < batch->rows; row++)
        if (is_refused(worker, first_number(worker, row), groups[row]))
            continue;
        else if (make_key(worker, row))
            gather_row(worker, batch, row, groups[row]);
        else if (!worker->rank->cut)
            sheaf_add(
                &worker->rows,
                &(HeldRow){.group = groups[row], .last = true, .bytes = batch_row(batch, row)});
}

/* Whatever fails, others must not wait for ever to raise the bar. */
static void gather_below_bar(Worker *worker, const Batch *batch, const uint32_t *groups)
{
    Bar *bar = &worker->rank->bar;
    Trap failure;
    bar_hold(bar);
    if (!TRAP_SET(&failure)) {
        bar_release(bar);
        fail_again(&failure);
    }
    gather_rows(worker, batch, groups);
    trap_end(&failure);
    bar_release(bar);
}

static void gather_batch(void *state, const Batch *batch)
{
    Worker *worker = state;
    evaluate_order(worker, batch);
    const uint32_t *groups = groups_of_batch(&worker->groups, batch);
    check_held(worker->rank, &worker->groups);
    gather_below_bar(worker, batch, groups);
}

/* For many groups it is not worth the room. */
static void refused_reserve(Worker *worker)
{
    enum { MOST = 64 * 1024 };
    size_t room = worker->known < MOST ? worker->known : MOST;
    if (!worker->rank->cut || room <= worker->refused_room)
        return;
    room = 2 * room < MOST ? 2 * room : MOST;
    worker->refused = memory_resize(worker->refused, room, sizeof *worker->refused);
    memset(worker->refused + worker->refused_room, 0,
           (room - worker->refused_room) * sizeof *worker->refused);
    worker->refused_room = room;
}

/* In the order of the input, so that groups are numbered as they first appear there. */
static bool deliver(void *context, void *state)
{
    Rank *rank = context;
    Worker *worker = state;
    for (size_t i = worker->known; i < groups_count(&worker->groups); i++) {
        worker->numbers = memory_grow(worker->numbers, &worker->room, i, sizeof *worker->numbers);
        worker->numbers[i] = groups_merge(&rank->groups, &worker->groups, i);
    }
    worker->known = groups_count(&worker->groups);
    refused_reserve(worker);
    check_held(rank, &rank->groups);
    worker->pile = store_take(&rank->rows, &worker->rows, worker->numbers);
    return true;
}

static void order_pile(void *state)
{
    Worker *worker = state;
    pile_order(worker->pile);
    worker->pile = NULL;
}

static void worker_close(void *context, void *state)
{
    Rank *rank = context;
    Worker *worker = state;
    evaluation_absorb(rank->program.evaluation, worker->evaluation);
    evaluation_close(worker->evaluation);
    groups_free(&worker->groups);
    sheaf_free(&worker->rows);
    buffer_free(&worker->key);
    free(worker->numbers);
    free(worker->refused);
    free(worker->values);
    free(worker);
}

/* ---- writing, in any thread ---- */

/* Groups are apart: each range of them is ordered and numbered on its own. */
typedef struct Numbering {
    const Rank *rank;
    GroupRange *ranges;
    size_t count, threads;
} Numbering;

static void write_rank(const Rank *rank, Writer *writer, const WindowRow *row, Number number,
                       Arena *arena)
{
    if (row->row.last) {
        writer_value(writer, SPAN(""));
        if (rank->tied)
            writer_value(writer, SPAN(""));
        return;
    }
    writer_number(writer, number_settle(number, arena));
    if (rank->tied)
        writer_number(writer,
                      decimal_of(rank->ordinal ? 1 : (int64_t)(row->last - row->first + 1)));
}

static void write_neighbour(const Rank *rank, Writer *writer, const Neighbour *neighbour, Span row)
{
    for (size_t i = 0; i < neighbour->list.count; i++) {
        if (row.at == NULL)
            writer_value(writer, SPAN(""));
        else
            writer_field(writer, held_field(row, neighbour->columns[i], rank->program.delimiter));
    }
}

static void write_row(const Rank *rank, Writer *writer, const WindowRow *row, Arena *arena)
{
    bool all = rank->top == LONG_MAX;
    Number number = row->row.last ? number_of(decimal_of(0)) : rank->method(row, arena);
    if (!all && (row->row.last || number_compare(number, number_of(decimal_of(rank->top))) > 0))
        return;
    writer_fields(writer, row->row.bytes);
    if (!rank->order_only)
        write_rank(rank, writer, row, number, arena);
    write_neighbour(rank, writer, &rank->lag, row->before);
    write_neighbour(rank, writer, &rank->lead, row->after);
    writer_end(writer);
}

static void write_range(void *context, RelayHand *hand)
{
    const Numbering *numbering = context;
    const Rank *rank = numbering->rank;
    Arena arena = {0};
    Window window;
    window_open(&window, &rank->rows, rank->ahead, numbering->ranges[hand->part],
                numbering->threads);
    for (const WindowRow *row; (row = window_next(&window)) != NULL; arena_reset(&arena)) {
        write_row(rank, hand->writer, row, &arena);
        relay_row(hand);
    }
    arena_free(&arena);
    window_close(&window);
}

static void write_rows(Rank *rank)
{
    enum { WAIT_MOST = 32 * 1024 * 1024 };
    const Program *program = &rank->program;
    size_t wait = program->memory / 16 < WAIT_MOST ? program->memory / 16 : WAIT_MOST;
    store_sort(&rank->rows);
    Numbering numbering = {.rank = rank, .threads = store_readers(&rank->rows, program->jobs)};
    numbering.ranges = store_ranges(&rank->rows, &numbering.count);
    relay_run(program->writer, numbering.count, numbering.threads, wait, write_range, &numbering);
    free(numbering.ranges);
}

static void close_all(Rank *rank)
{
    store_free(&rank->rows);
    bar_close(&rank->bar);
    groups_free(&rank->groups);
}

int main(int argc, char **argv)
{
    Rank rank = {0};
    parse(&rank, argc, argv);
    open_all(&rank);
    const CrewJob job = {.context = &rank,
                         .open = worker_open,
                         .work = gather_batch,
                         .deliver = deliver,
                         .rest = order_pile,
                         .close = worker_close};
    crew_run(rank.program.reader, rank.program.jobs, &job);
    write_rows(&rank);
    close_all(&rank);
    return program_finish(&rank.program);
}
