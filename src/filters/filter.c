/* filter: keeps the rows for which a condition is true. */

#include <limits.h>
#include <stdlib.h>

#include "base/diagnostic.h"
#include "filters/program.h"

typedef struct Filter {
    Program program;
    Expression *condition;
    uint8_t wanted; /* the truth that keeps a row */
    bool require;
    uint64_t left;    /* rows still to be kept */
    Writer *rejected; /* NULL unless --rejected */
} Filter;

/* Rows beside each other in the chunk that have one fate. */
typedef struct Run {
    Span bytes; /* with newlines, but perhaps the last */
    uint64_t rows;
    bool kept;
} Run;

typedef struct Worker {
    const Filter *filter;
    Evaluation *evaluation;
    uint32_t *chosen; /* by the condition, of the batch at hand */
    size_t chosen_room;
    Run *runs; /* of the chunk at hand */
    size_t run_count, run_room;
} Worker;

static void parse(Filter *filter, int argc, char **argv)
{
    Program *program = &filter->program;
    program_start(program, &filter_specification, argc, argv);
    const CommandLine *line = &program->line;
    Source source = program_source(program);
    filter->condition = expression_condition(&source, &program->arena);
    filter->wanted = command_line_has(line, "invert") ? TRUTH_FALSE : TRUTH_TRUE;
    filter->require = command_line_has(line, "require");
    if (filter->require && (command_line_has(line, "invert") ||
                            command_line_has(line, "rejected") || command_line_has(line, "limit")))
        fail_usage(
            "--require passes every row: it goes with none of --invert, --rejected, --limit");
    long limit = command_line_number(line, "limit", 0, LONG_MAX, -1);
    filter->left = limit < 0 ? UINT64_MAX : (uint64_t)limit;
}

static void open_all(Filter *filter)
{
    Program *program = &filter->program;
    program_open(program);
    const Header *header = reader_header(program->reader);
    expression_bind(filter->condition, header, reader_name(program->reader));
    writer_header(program->writer, header);
    const char *rejected = command_line_value(&program->line, "rejected");
    if (rejected == NULL)
        return;
    filter->rejected = writer_open(rejected, program->delimiter);
    writer_header(filter->rejected, header);
}

/* ---- in any thread: which rows are kept ---- */

static void *worker_open(void *context)
{
    Worker *worker = memory_zeroed(1, sizeof *worker);
    worker->filter = context;
    worker->evaluation = program_evaluation(&worker->filter->program);
    return worker;
}

/* Joins the run before, if that ends where this row begins. */
static void add_row(Worker *worker, const Batch *batch, size_t row, bool kept)
{
    Span bytes = batch_row(batch, row);
    bytes.size += bytes.at[bytes.size] == '\n';
    Run *last = worker->run_count == 0 ? NULL : &worker->runs[worker->run_count - 1];
    if (last != NULL && last->kept == kept && last->bytes.at + last->bytes.size == bytes.at) {
        last->bytes.size += bytes.size;
        last->rows++;
        return;
    }
    worker->runs =
        memory_grow(worker->runs, &worker->run_room, worker->run_count, sizeof *worker->runs);
    worker->runs[worker->run_count++] = (Run){bytes, 1, kept};
}

/* The rows before `end`; those that are not kept matter only to --rejected. */
static void add_rows(Worker *worker, const Batch *batch, size_t chosen, size_t end)
{
    bool rejects = worker->filter->rejected != NULL;
    size_t row = 0;
    for (size_t i = 0; i < chosen && worker->chosen[i] < end; i++) {
        for (; rejects && row < worker->chosen[i]; row++)
            add_row(worker, batch, row, false);
        row = worker->chosen[i];
        add_row(worker, batch, row++, true);
    }
    for (; rejects && row < end; row++)
        add_row(worker, batch, row, false);
}

/* The first row of which the condition is not true, be it that it can't be evaluated. */
static void check_required(const Worker *worker, const Batch *batch, size_t chosen, size_t fault)
{
    size_t row = 0;
    while (row < chosen && worker->chosen[row] == row)
        row++;
    if (row < batch->rows && row != fault)
        fail("%s: the condition is not true: %s", batch_place(batch, row, 0),
             worker->filter->program.argument);
}

/* Rows before one that cannot be evaluated are kept all the same: they may be all that --limit
 * asks for. */
static void work(void *state, const Batch *batch)
{
    Worker *worker = state;
    if (batch->rows > worker->chosen_room) {
        worker->chosen_room = batch->rows;
        worker->chosen = memory_resize(worker->chosen, batch->rows, sizeof *worker->chosen);
    }
    Evaluation *evaluation = worker->evaluation;
    evaluation_batch(evaluation, batch);
    evaluation_hold(evaluation);
    size_t chosen =
        evaluate_condition(evaluation, worker->filter->condition, evaluation_all(evaluation),
                           worker->filter->wanted, worker->chosen);
    size_t end = evaluation_sound(evaluation);
    add_rows(worker, batch, chosen, end);
    if (worker->filter->require)
        check_required(worker, batch, chosen, end);
    evaluation_release(evaluation);
}

/* ---- in the order of the input: writing them ---- */

/* Cuts the first rows off a run. */
static Run run_cut(Run *run, uint64_t rows)
{
    Run first = {.rows = rows, .kept = run->kept};
    bool inside = false;
    const char *at = run->bytes.at;
    for (uint64_t left = rows; left > 0; at++) {
        inside ^= *at == '"';
        left -= *at == '\n' && !inside;
    }
    first.bytes = (Span){run->bytes.at, (size_t)(at - run->bytes.at)};
    run->bytes = (Span){at, run->bytes.size - first.bytes.size};
    run->rows -= rows;
    return first;
}

static void write_run(Filter *filter, Run run)
{
    if (run.kept && run.rows > filter->left) {
        write_run(filter, run_cut(&run, filter->left));
        run.kept = false;
    }
    filter->left -= run.kept ? run.rows : 0;
    Writer *writer = run.kept ? filter->program.writer : filter->rejected;
    if (run.rows != 0 && writer != NULL)
        writer_pass(writer, run.bytes, run.rows);
}

/* Without --rejected nothing is left to do once the limit is reached. */
static bool is_done(const Filter *filter)
{
    return filter->left == 0 && filter->rejected == NULL;
}

static bool deliver(void *context, void *state)
{
    Filter *filter = context;
    Worker *worker = state;
    for (size_t i = 0; i < worker->run_count; i++)
        write_run(filter, worker->runs[i]);
    worker->run_count = 0;
    return !is_done(filter);
}

static void close_worker(void *context, void *state)
{
    Filter *filter = context;
    Worker *worker = state;
    evaluation_absorb(filter->program.evaluation, worker->evaluation);
    evaluation_close(worker->evaluation);
    free(worker->chosen);
    free(worker->runs);
    free(worker);
}

int main(int argc, char **argv)
{
    Filter filter = {0};
    parse(&filter, argc, argv);
    open_all(&filter);
    const CrewJob job = {.context = &filter,
                         .open = worker_open,
                         .work = work,
                         .deliver = deliver,
                         .close = close_worker};
    if (!is_done(&filter))
        crew_run(filter.program.reader, filter.program.jobs, &job);
    if (filter.rejected != NULL)
        writer_close(filter.rejected);
    return program_finish(&filter.program);
}
