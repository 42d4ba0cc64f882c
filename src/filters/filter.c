/* filter: keeps the rows for which a condition is true. */

#include <limits.h>
#include <stdlib.h>

#include "base/diagnostic.h"
#include "filters/program.h"

typedef struct Filter {
    Program program;
    Expression *condition;
    uint8_t wanted;    /* the truth that keeps a row */
    bool require;
    uint64_t left;     /* rows still to be kept */
    Writer *rejected;  /* NULL unless --rejected */
    uint32_t *chosen;
    size_t chosen_room;
} Filter;

static void parse(Filter *filter, int argc, char **argv)
{
    Program *program = &filter->program;
    program_start(program, &filter_specification, argc, argv);
    const CommandLine *line = &program->line;
    Source source = program_source(program);
    filter->condition = expression_condition(&source, &program->arena);
    filter->wanted = command_line_has(line, "invert") ? TRUTH_FALSE : TRUTH_TRUE;
    filter->require = command_line_has(line, "require");
    if (filter->require && (command_line_has(line, "invert") || command_line_has(line, "rejected") ||
                            command_line_has(line, "limit")))
        fail_usage("--require passes every row: it goes with none of --invert, --rejected, --limit");
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

/* Rows that are kept go out; those between them are rejected. */
static void write_rows(Filter *filter, const Batch *batch, size_t chosen)
{
    Writer *writer = filter->program.writer;
    size_t next = 0;
    for (size_t row = 0; row < batch->rows; row++) {
        bool kept = next < chosen && filter->chosen[next] == row && filter->left > 0;
        if (next < chosen && filter->chosen[next] == row)
            next++;
        if (kept) {
            filter->left--;
            writer_row(writer, batch, row);
        } else if (filter->rejected != NULL) {
            writer_row(filter->rejected, batch, row);
        }
    }
}

static void check_required(const Filter *filter, const Batch *batch, size_t chosen)
{
    if (chosen == batch->rows)
        return;
    size_t row = 0;
    while (row < chosen && filter->chosen[row] == row)
        row++;
    fail("%s: the condition is not true: %s", batch_place(batch, row, 0), filter->program.argument);
}

static void filter_batch(Filter *filter, const Batch *batch)
{
    if (batch->rows > filter->chosen_room) {
        filter->chosen_room = batch->rows;
        filter->chosen = memory_resize(filter->chosen, batch->rows, sizeof *filter->chosen);
    }
    Evaluation *evaluation = filter->program.evaluation;
    evaluation_batch(evaluation, batch);
    size_t chosen = evaluate_condition(evaluation, filter->condition, evaluation_all(evaluation),
                                       filter->wanted, filter->chosen);
    if (filter->require)
        check_required(filter, batch, chosen);
    write_rows(filter, batch, chosen);
}

int main(int argc, char **argv)
{
    Filter filter = {0};
    parse(&filter, argc, argv);
    open_all(&filter);
    Batch batch;
    /* Without --rejected nothing is left to do once the limit is reached. */
    while ((filter.left > 0 || filter.rejected != NULL) &&
           reader_next(filter.program.reader, &batch))
        filter_batch(&filter, &batch);
    if (filter.rejected != NULL)
        writer_close(filter.rejected);
    free(filter.chosen);
    return program_finish(&filter.program);
}
