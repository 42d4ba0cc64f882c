/* aggregate: one row per group, made of summaries. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/thread.h"
#include "filters/columns.h"
#include "filters/program.h"
#include "filters/result.h"
#include "filters/spread.h"
#include "filters/statefile.h"

/*
 * A table of more groups is past the caches: putting them apart costs less than its misses.  Where
 * nearly every row has a group of its own a table gains nothing, and rows are put apart as they
 * come; now and then a table is tried again.
 */
enum { GROUPS_MOST = 64 * 1024, ROWS_APART = 1024 * 1024 };

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
    _Atomic bool spreading; /* there are groups in it */
    uint64_t rows_out;
    size_t part, parts; /* --part; 0: values are wanted, not states */
    StateWriter states; /* that go out */
    bool merging;
    StateSet set; /* states that come in */
} Aggregate;

/* What makes the result what it is, from the command line or from the header of states. */
typedef struct Definition {
    const char *group;
    int32_t places; /* -1: not given */
} Definition;

/* A thread with the groups of the rows it reads. */
typedef struct Worker {
    Aggregate *aggregate;
    Evaluation *evaluation;
    Partial partial;
    size_t rows;       /* that went into the partial */
    size_t rows_apart; /* as many follow that do not */
    Pieces pieces;     /* for the spread */
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

/* The program's argument and what belongs to it. */
static void define(Aggregate *aggregate, const Definition *definition)
{
    Program *program = &aggregate->program;
    Source source = program_source(program);
    aggregate->items = expression_summaries(&source, &program->arena);
    if (definition->group != NULL)
        aggregate->keys =
            expression_columns(definition->group, "group", COLUMNS_PLAIN, &program->arena);
    check_names(aggregate);
    for (size_t i = 0; i < aggregate->items.count; i++)
        expression_take_summaries(aggregate->items.items[i].expression, &aggregate->calls,
                                  &aggregate->keys);
    aggregate->form.places = definition->places;
    aggregate->form.items = &aggregate->items;
    aggregate->form.calls = &aggregate->calls;
    aggregate->form.key_count = aggregate->keys.count;
    aggregate->form.delimiter = program->delimiter;
}

/* "I/N", 1 <= I <= N. */
static void parse_part(Aggregate *aggregate)
{
    const char *text = command_line_value(&aggregate->program.line, "part");
    if (text == NULL)
        fail_usage("--partial: --part I/N is to say which of how many parts the input is");
    unsigned long long part = 0, parts = 0;
    int end = -1;
    if (strspn(text, "0123456789/") == strlen(text))
        sscanf(text, "%9llu/%9llu%n", &part, &parts, &end);
    if (end < 0 || text[end] != '\0' || part < 1 || part > parts || parts > STATE_PARTS_MOST)
        fail_usage("--part: not I/N with I from 1 to N and N up to %d: %s", STATE_PARTS_MOST,
                   shown(text, strlen(text)));
    aggregate->part = (size_t)part;
    aggregate->parts = (size_t)parts;
}

static int32_t parse_places(const CommandLine *line)
{
    return (int32_t)command_line_number(line, "places", 0, DECIMAL_MAX_DIGITS, -1);
}

/* States say themselves what they are states of. */
static void check_merge(const CommandLine *line)
{
    static const char *const said[] = {"group", "places", "param", "invalid", "partial", "part"};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (command_line_has(line, said[i]))
            fail_usage("--%s: what is merged is told by the states, not on the command line",
                       said[i]);
    if (line->operand_count == 0)
        fail_usage("--merge: the states of the parts are missing");
}

static int32_t read_places(const char *text)
{
    char *end;
    long places = text == NULL ? -1 : strtol(text, &end, 10);
    if (text != NULL &&
        (*text == '\0' || *end != '\0' || places < 0 || places > DECIMAL_MAX_DIGITS))
        fail("places: %s", shown(text, strlen(text)));
    return (int32_t)places;
}

static void define_merge(Aggregate *aggregate)
{
    Program *program = &aggregate->program;
    const StateFacts *facts = &aggregate->set.facts;
    for (size_t i = 0; i < facts->count; i++)
        if (strcmp(facts->items[i].item, "parameter") == 0)
            parameters_bind(&program->parameters, facts->items[i].value);
    program->argument = statefacts_value(facts, "summaries");
    Definition definition = {.group = statefacts_value(facts, "group"),
                             .places = read_places(statefacts_value(facts, "places"))};
    define(aggregate, &definition);
}

/* A header that cannot be read is the file's mistake, not the command line's. */
static void parse_merge(Aggregate *aggregate)
{
    Program *program = &aggregate->program;
    check_merge(&program->line);
    aggregate->merging = true;
    program_check_files(program);
    stateset_open(&aggregate->set, program->files, program->file_count);
    Trap trap;
    if (TRAP_SET(&trap)) {
        define_merge(aggregate);
        trap_end(&trap);
        return;
    }
    fail("%s: its header cannot be read: %s", aggregate->set.paths[0], trap.message);
}

static void parse(Aggregate *aggregate, int argc, char **argv)
{
    Program *program = &aggregate->program;
    program_start(program, &aggregate_specification, argc, argv);
    const CommandLine *line = &program->line;
    if (command_line_has(line, "merge")) {
        parse_merge(aggregate);
        return;
    }
    Definition definition = {.group = command_line_value(line, "group"),
                             .places = parse_places(line)};
    define(aggregate, &definition);
    if (command_line_has(line, "partial"))
        parse_part(aggregate);
    else if (command_line_has(line, "part"))
        fail_usage("--part goes with --partial");
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

static void add_parameters(StateFacts *facts, const Parameters *parameters, Arena *arena)
{
    for (size_t i = 0; i < parameters->count; i++) {
        Buffer text = {0};
        parameter_write(&parameters->items[i], &text);
        statefacts_add(facts, "parameter", arena_copy(arena, text.at, text.size));
        buffer_free(&text);
    }
}

/* The states' header: all that decides what becomes of them. */
static void open_states(Aggregate *aggregate)
{
    Program *program = &aggregate->program;
    const CommandLine *line = &program->line;
    StateFacts facts = {0};
    statefacts_add(&facts, "summaries", program->argument);
    if (command_line_has(line, "group"))
        statefacts_add(&facts, "group", command_line_value(line, "group"));
    if (command_line_has(line, "places"))
        statefacts_add(&facts, "places", command_line_value(line, "places"));
    statefacts_add(&facts, "invalid", program->invalid_missing ? "missing" : "error");
    add_parameters(&facts, &program->parameters, &program->arena);
    statefacts_add(&facts, "scale", "exact");
    statewriter_open(&aggregate->states, program->writer, aggregate->part, aggregate->parts,
                     &facts);
    aggregate->form.state_keys = &aggregate->keys;
    free(facts.items);
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
    aggregate->form.header = header;
    aggregate->form.input = reader_name(program->reader);
    aggregate->workers = arena_array(&program->arena, program->jobs, sizeof(struct Worker *));
    aggregate->memory = program->memory / (4 * program->jobs);
    spread_open(&aggregate->spread, program->memory, program->jobs);
    if (aggregate->parts != 0)
        open_states(aggregate);
    else
        write_header(aggregate);
}

/* ---- reading ---- */

static void *worker_open(void *context)
{
    Aggregate *aggregate = context;
    Worker *worker = memory_zeroed(1, sizeof *worker);
    worker->aggregate = aggregate;
    worker->evaluation = program_evaluation(&aggregate->program);
    worker->pieces = spread_pieces(&aggregate->spread);
    partial_open(&worker->partial, &aggregate->calls, aggregate->columns, aggregate->keys.count);
    aggregate->workers[aggregate->worker_count++] = worker;
    return worker;
}

static bool is_full(const Worker *worker)
{
    return groups_count(&worker->partial.groups) > GROUPS_MOST ||
           partial_size(&worker->partial) > worker->aggregate->memory;
}

static void worker_spread(Worker *worker)
{
    size_t groups = groups_count(&worker->partial.groups);
    if (groups > GROUPS_MOST && groups > worker->rows / 4 * 3)
        worker->rows_apart = ROWS_APART;
    worker->rows = 0;
    worker->aggregate->spreading = true;
    partial_spread(&worker->partial, &worker->pieces);
}

static void worker_read(void *state, const Batch *batch)
{
    Worker *worker = state;
    if (worker->rows_apart > 0) {
        partial_spread_rows(&worker->partial, worker->evaluation, batch, &worker->pieces);
        worker->rows_apart -= batch->rows < worker->rows_apart ? batch->rows : worker->rows_apart;
        return;
    }
    partial_add(&worker->partial, worker->evaluation, batch);
    worker->rows += batch->rows;
    if (is_full(worker))
        worker_spread(worker);
}

static void worker_close(Worker *worker)
{
    evaluation_absorb(worker->aggregate->program.evaluation, worker->evaluation);
    evaluation_close(worker->evaluation);
    partial_close(&worker->partial);
    free(worker);
}

/* ---- writing ---- */

static void take_row(void *context, Writer *writer, Span row)
{
    Aggregate *aggregate = context;
    if (aggregate->parts != 0) {
        statewriter_group(&aggregate->states, row);
        return;
    }
    writer_fields(writer, row);
    writer_end(writer);
}

static void write_row(void *context, uint64_t ordinal, Span row)
{
    (void)ordinal;
    Aggregate *aggregate = context;
    aggregate->rows_out++;
    take_row(aggregate, aggregate->program.writer, row);
}

static void write_partial(Aggregate *aggregate, Partial *partial)
{
    Result result;
    uint32_t *order = partial_order(partial);
    result_open(&result, &aggregate->form);
    result_rows(&result, partial, order, groups_count(&partial->groups), write_row, aggregate);
    result_close(&result);
    free(order);
}

/* Few groups are put into one table by one thread; to do it by parts takes many, or large states.
 */
static bool is_little(const Aggregate *aggregate)
{
    enum { LITTLE = 1024 * 1024 };
    size_t size = 0;
    for (size_t i = 1; i < aggregate->worker_count; i++)
        size += partial_slow_size(&aggregate->workers[i]->partial);
    return !aggregate->spreading && size < LITTLE;
}

static void settle_worker(void *context, size_t number)
{
    Aggregate *aggregate = context;
    partial_settle(&aggregate->workers[number]->partial);
}

/* The first worker's table takes the others'. */
static void merge_workers(Aggregate *aggregate)
{
    if (aggregate->worker_count > 1)
        threads_run(aggregate->worker_count, settle_worker, aggregate);
    for (size_t i = 1; i < aggregate->worker_count; i++)
        partial_merge(&aggregate->workers[0]->partial, &aggregate->workers[i]->partial);
}

static void write_spread(Aggregate *aggregate)
{
    const Program *program = &aggregate->program;
    const SpreadOutput output = {
        .writer = program->writer,
        .writers = aggregate->parts != 0 ? 1 : program->jobs, /* states go through one digest */
        .take = take_row,
        .context = aggregate,
    };
    aggregate->rows_out += spread_rows(&aggregate->spread, &aggregate->form, aggregate->columns,
                                       program->jobs, &output);
}

static void spread_worker(void *context, size_t number)
{
    Aggregate *aggregate = context;
    Worker *worker = aggregate->workers[number];
    worker_spread(worker);
    pieces_end(&worker->pieces);
}

static void write_groups(Aggregate *aggregate)
{
    if (is_little(aggregate)) {
        merge_workers(aggregate);
        write_partial(aggregate, &aggregate->workers[0]->partial);
        return;
    }
    threads_run(aggregate->worker_count, spread_worker, aggregate);
    write_spread(aggregate);
}

static void summarise(Aggregate *aggregate)
{
    Program *program = &aggregate->program;
    open_all(aggregate);
    const CrewJob job = {.context = aggregate, .open = worker_open, .work = worker_read};
    crew_run(program->reader, program->jobs, &job);
    write_groups(aggregate);
    for (size_t i = 0; i < aggregate->worker_count; i++)
        worker_close(aggregate->workers[i]);
}

static int finish(Aggregate *aggregate)
{
    Program *program = &aggregate->program;
    ProgramCounts counts = {.rows_in = reader_rows(program->reader),
                            .rows_out = aggregate->rows_out,
                            .bytes = reader_bytes(program->reader),
                            .invalid = evaluation_invalid(program->evaluation)};
    if (aggregate->parts != 0)
        statewriter_close(&aggregate->states, counts.rows_in, counts.invalid);
    return program_finish_counted(program, &counts);
}

/* ---- merging ---- */

/* Without the tables that were summarised: of them only the key columns are known. */
static void open_merge(Aggregate *aggregate)
{
    Program *program = &aggregate->program;
    const ColumnList *keys = &aggregate->keys;
    size_t *columns = arena_array(&program->arena, keys->count, sizeof *columns);
    Header *header = arena_take(&program->arena, sizeof *header);
    *header = (Header){.names = arena_array(&program->arena, keys->count, sizeof *header->names)};
    for (size_t i = 0; i < keys->count; i++) {
        columns[i] = i;
        header_add(header, keys->columns[i].name);
    }
    aggregate->columns = columns;
    aggregate->form.header = header;
    aggregate->form.input = aggregate->set.paths[0];
    aggregate->memory = program->memory / 4;
    if (program->jobs == 0)
        program->jobs = threads_cores();
    spread_open(&aggregate->spread, program->memory, 1);
    program->writer = writer_open(command_line_value(&program->line, "output"), program->delimiter);
    write_header(aggregate);
}

static void rest(void *context)
{
    Worker *worker = context;
    if (is_full(worker))
        worker_spread(worker);
}

static void merge_states(Aggregate *aggregate)
{
    open_merge(aggregate);
    Worker worker = {.aggregate = aggregate, .pieces = spread_pieces(&aggregate->spread)};
    partial_open(&worker.partial, &aggregate->calls, aggregate->columns, aggregate->keys.count);
    stateset_read(&aggregate->set, &worker.partial, &aggregate->keys, rest, &worker);
    if (aggregate->spreading) {
        worker_spread(&worker);
        pieces_end(&worker.pieces);
        write_spread(aggregate);
    } else {
        write_partial(aggregate, &worker.partial);
    }
    partial_close(&worker.partial);
}

static int finish_merge(Aggregate *aggregate)
{
    const StateSet *set = &aggregate->set;
    const ProgramCounts counts = {
        .rows_in = set->rows,
        .rows_out = aggregate->rows_out,
        .bytes = set->bytes,
        .invalid = set->invalid,
    };
    stateset_close(&aggregate->set);
    return program_finish_counted(&aggregate->program, &counts);
}

int main(int argc, char **argv)
{
    Aggregate aggregate = {0};
    parse(&aggregate, argc, argv);
    if (aggregate.merging)
        merge_states(&aggregate);
    else
        summarise(&aggregate);
    spread_close(&aggregate.spread);
    free(aggregate.calls.calls);
    return aggregate.merging ? finish_merge(&aggregate) : finish(&aggregate);
}
