/* pick: chooses, reorders and renames columns. */

#include <stdlib.h>

#include "base/diagnostic.h"
#include "filters/columns.h"
#include "filters/program.h"

typedef struct Pick {
    Program program;
    bool except;
    ColumnList list;
    ColumnRuns runs;
} Pick;

typedef struct Worker {
    const Pick *pick;
    Writer *writer;
} Worker;

static void parse(Pick *pick, int argc, char **argv)
{
    Program *program = &pick->program;
    program_start(program, &pick_specification, argc, argv);
    pick->except = program->argument == NULL;
    if (pick->except) {
        pick->list = program_columns(program, "except", COLUMNS_PLAIN);
        return;
    }
    pick->list = expression_columns(program->argument, pick_specification.label, COLUMNS_AS,
                                    &program->arena);
    columns_check_names(&pick->list, pick_specification.label);
}

/* The names differ: those of a list were checked, those of the input are unique. */
static Header chosen_header(Pick *pick, const Header *header, const size_t *columns, size_t count)
{
    Header chosen = {arena_array(&pick->program.arena, count, sizeof *chosen.names), count};
    for (size_t i = 0; i < count; i++)
        chosen.names[i] =
            pick->except ? header->names[columns[i]] : column_new_name(&pick->list.columns[i]);
    return chosen;
}

static void open_all(Pick *pick)
{
    Program *program = &pick->program;
    program_open(program);
    const Header *header = reader_header(program->reader);
    size_t count = pick->list.count;
    size_t *columns =
        program_resolve(program, &pick->list, header, pick->except ? "--except" : "columns");
    if (pick->except)
        columns = columns_except(columns, count, header->width, &count, &program->arena);
    if (count == 0)
        fail("%s: --except names every column: none is left", reader_name(program->reader));
    pick->runs = column_runs(columns, count, &program->arena);
    Header chosen = chosen_header(pick, header, columns, count);
    writer_header(program->writer, &chosen);
}

static void *worker_open(void *context)
{
    const Pick *pick = context;
    Worker *worker = memory_zeroed(1, sizeof *worker);
    worker->pick = pick;
    worker->writer = writer_apart(pick->program.writer);
    return worker;
}

static void work(void *state, const Batch *batch)
{
    const Worker *worker = state;
    for (size_t row = 0; row < batch->rows; row++) {
        column_runs_write(&worker->pick->runs, worker->writer, batch, row);
        writer_end(worker->writer);
    }
}

static bool deliver(void *context, void *state)
{
    Pick *pick = context;
    Worker *worker = state;
    writer_take(pick->program.writer, worker->writer);
    return true;
}

static void worker_close(void *context, void *state)
{
    (void)context;
    Worker *worker = state;
    writer_drop(worker->writer);
    free(worker);
}

int main(int argc, char **argv)
{
    Pick pick = {0};
    parse(&pick, argc, argv);
    open_all(&pick);
    const CrewJob job = {.context = &pick,
                         .open = worker_open,
                         .work = work,
                         .deliver = deliver,
                         .close = worker_close};
    crew_run(pick.program.reader, pick.program.jobs, &job);
    return program_finish(&pick.program);
}
