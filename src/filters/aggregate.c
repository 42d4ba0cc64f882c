/* aggregate: one row per group, made of summaries. */

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "filters/columns.h"
#include "filters/program.h"
#include "filters/result.h"
#include "filters/spread.h"

/* A table of more groups is past the caches: putting them apart costs less than its misses. */
enum { GROUPS_MOST = 64 * 1024 };

typedef struct Aggregate {
    Program program;
    ColumnList keys;
    const size_t *columns; /* of the keys */
    ItemList items;        /* expressions over summaries */
    SummaryCalls calls;    /* the summaries in them, each once */
    ResultForm form;
    struct Worker **workers;
    size_t worker_count;
    size_t memory; /* for the table of one worker */
    Spread spread;
} Aggregate;

/* A thread with the groups of the rows it reads. */
typedef struct Worker {
    Aggregate *aggregate;
    Evaluation *evaluation;
    Partial partial;
} Worker;

/* All names of the output stand on the command line. */
static void check_names(const Aggregate *aggregate)
{
    columns_check_names(&aggregate->keys, "group");
    for (size_t i = 0; i < aggregate->items.count; i++)
        for (size_t j = 0; j < aggregate->keys.count; j++) {
            const char *name = aggregate->items.items[i].name;
            if (strcmp(name, aggregate->keys.columns[j].name) == 0)
                fail_usage("summaries: column %s is there twice: it is a group column",
                           shown(name, strlen(name)));
        }
}

static void parse(Aggregate *aggregate, int argc, char **argv)
{
    Program *program = &aggregate->program;
    program_start(program, &aggregate_specification, argc, argv);
    Source source = program_source(program);
    aggregate->items = expression_summaries(&source, &program->arena);
    aggregate->keys = program_columns(program, "group", COLUMNS_PLAIN);
    check_names(aggregate);
    for (size_t i = 0; i < aggregate->items.count; i++)
        expression_take_summaries(aggregate->items.items[i].expression, &aggregate->calls,
                                  &aggregate->keys);
    aggregate->form.places =
        (int32_t)command_line_number(&program->line, "places", 0, DECIMAL_MAX_DIGITS, -1);
}

static void write_header(Aggregate *aggregate)
{
    const ColumnList *keys = &aggregate->keys;
    const ItemList *items = &aggregate->items;
    Header header = {0};
    header.names =
        arena_array(&aggregate->program.arena, keys->count + items->count, sizeof *header.names);
    for (size_t i = 0; i < keys->count; i++)
        header_add(&header, keys->columns[i].name);
    for (size_t i = 0; i < items->count; i++)
        header_add(&header, items->items[i].name);
    writer_header(aggregate->program.writer, &header);
}

static void open_all(Aggregate *aggregate)
{
    Program *program = &aggregate->program;
    program_open(program);
    const Header *header = reader_header(program->reader);
    const SummaryCalls *calls = &aggregate->calls;
    for (size_t i = 0; i < calls->count; i++)
        if (calls->calls[i].argument != NULL)
            expression_bind(calls->calls[i].argument, header, reader_name(program->reader));
    aggregate->columns = program_resolve(program, &aggregate->keys, header, "group");
    ResultForm *form = &aggregate->form;
    form->items = &aggregate->items;
    form->calls = calls;
    form->key_count = aggregate->keys.count;
    form->delimiter = program->delimiter;
    form->header = header;
    form->input = reader_name(program->reader);
    aggregate->workers =
        arena_array(&program->arena, program->jobs, sizeof(struct Worker *));
    aggregate->memory = program_memory(program) / (4 * program->jobs);
    spread_open(&aggregate->spread, program_memory(program));
    write_header(aggregate);
}

/* ---- reading ---- */

static void *worker_open(void *context)
{
    Aggregate *aggregate = context;
    Worker *worker = memory_zeroed(1, sizeof *worker);
    worker->aggregate = aggregate;
    worker->evaluation = evaluation_open(aggregate->program.invalid_missing);
    partial_open(&worker->partial, &aggregate->calls, aggregate->columns, aggregate->keys.count);
    aggregate->workers[aggregate->worker_count++] = worker;
    return worker;
}

static void worker_read(void *state, const Batch *batch)
{
    Worker *worker = state;
    Aggregate *aggregate = worker->aggregate;
    partial_add(&worker->partial, worker->evaluation, batch);
    if (groups_count(&worker->partial.groups) > GROUPS_MOST ||
        partial_size(&worker->partial) > aggregate->memory)
        spread_add(&aggregate->spread, &worker->partial);
}

static void worker_close(Worker *worker)
{
    evaluation_absorb(worker->aggregate->program.evaluation, worker->evaluation);
    evaluation_close(worker->evaluation);
    partial_close(&worker->partial);
    free(worker);
}

/* ---- writing ---- */

static void write_row(void *context, uint64_t ordinal, Span row)
{
    (void)ordinal;
    Writer *writer = context;
    writer_fields(writer, row);
    writer_end(writer);
}

static void write_partial(Aggregate *aggregate, Partial *partial)
{
    Result result;
    uint32_t *order = partial_order(partial);
    result_open(&result, &aggregate->form);
    result_rows(&result, partial, order, groups_count(&partial->groups), write_row,
                aggregate->program.writer);
    result_close(&result);
    free(order);
}

static void merge(Partial *into, Partial *from)
{
    Buffer record = {0};
    size_t count = groups_count(&from->groups);
    for (size_t group = 0; group < count; group++) {
        record.size = 0;
        partial_save(from, group, &record);
        const char *at = record.at;
        partial_load(into, &at);
    }
    buffer_free(&record);
}

/* Few groups are put into one table by one thread; to do it by parts takes many, or large states.
 */
static bool is_little(const Aggregate *aggregate)
{
    enum { LITTLE = 1024 * 1024 };
    size_t size = 0;
    for (size_t i = 1; i < aggregate->worker_count; i++)
        size += partial_size(&aggregate->workers[i]->partial);
    return !aggregate->spread.used && size < LITTLE;
}

static void write_groups(Aggregate *aggregate)
{
    Worker **workers = aggregate->workers;
    if (is_little(aggregate)) {
        for (size_t i = 1; i < aggregate->worker_count; i++)
            merge(&workers[0]->partial, &workers[i]->partial);
        write_partial(aggregate, &workers[0]->partial);
        return;
    }
    for (size_t i = 0; i < aggregate->worker_count; i++)
        spread_add(&aggregate->spread, &workers[i]->partial);
    spread_write(&aggregate->spread, &aggregate->form, aggregate->columns, aggregate->program.jobs,
                 aggregate->program.writer);
}

static void close_all(Aggregate *aggregate)
{
    for (size_t i = 0; i < aggregate->worker_count; i++)
        worker_close(aggregate->workers[i]);
    spread_close(&aggregate->spread);
    free(aggregate->calls.calls);
}

int main(int argc, char **argv)
{
    Aggregate aggregate = {0};
    parse(&aggregate, argc, argv);
    open_all(&aggregate);
    const CrewJob job = {.context = &aggregate, .open = worker_open, .work = worker_read};
    crew_run(aggregate.program.reader, aggregate.program.jobs, &job);
    write_groups(&aggregate);
    close_all(&aggregate);
    return program_finish(&aggregate.program);
}
