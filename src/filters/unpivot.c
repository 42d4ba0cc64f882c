/* unpivot: turns columns into rows. */

#include "base/diagnostic.h"
#include "filters/columns.h"
#include "filters/program.h"

typedef struct Unpivot {
    Program program;
    ColumnList list, into;
    bool except, keep_missing;
    ColumnRuns kept;
    size_t *turned; /* columns that become rows */
    Span *names;    /* of each, as a cell */
    size_t count;
} Unpivot;

static void parse(Unpivot *unpivot, int argc, char **argv)
{
    Program *program = &unpivot->program;
    program_start(program, &unpivot_specification, argc, argv);
    unpivot->except = program->argument == NULL;
    unpivot->list = unpivot->except
                        ? program_columns(program, "except", COLUMNS_PLAIN)
                        : expression_columns(program->argument, unpivot_specification.label,
                                             COLUMNS_PLAIN, &program->arena);
    columns_check_names(&unpivot->list, unpivot->except ? "--except" : "columns");
    unpivot->into = program_columns(program, "into", COLUMNS_PLAIN);
    if (unpivot->into.count != 2)
        fail_usage("--into NAME,VALUE is %s: the columns for the names and for the cells",
                   command_line_has(&program->line, "into") ? "not two names" : "missing");
    columns_check_names(&unpivot->into, "--into");
    unpivot->keep_missing = command_line_has(&program->line, "keep-missing");
}

/* Which columns stay and which turn. */
static size_t *choose(Unpivot *unpivot, const Header *header, size_t *kept_count)
{
    Program *program = &unpivot->program;
    Arena *arena = &program->arena;
    size_t *named = program_resolve(program, &unpivot->list, header,
                                    unpivot->except ? "--except" : unpivot_specification.label);
    size_t named_count = unpivot->list.count, other_count;
    size_t *others = columns_except(named, named_count, header->width, &other_count, arena);
    unpivot->turned = unpivot->except ? others : named;
    unpivot->count = unpivot->except ? other_count : named_count;
    *kept_count = unpivot->except ? named_count : other_count;
    /* The columns that stay keep the header's order, however --except lists them. */
    return unpivot->except ? columns_except(others, other_count, header->width, kept_count, arena)
                           : others;
}

static void encode_names(Unpivot *unpivot, const Header *header)
{
    Arena *arena = &unpivot->program.arena;
    Buffer cell = {0};
    unpivot->names = arena_array(arena, unpivot->count, sizeof *unpivot->names);
    for (size_t i = 0; i < unpivot->count; i++) {
        cell.size = 0;
        cell_append(&cell, span_of(header->names[unpivot->turned[i]]), unpivot->program.delimiter);
        unpivot->names[i] = (Span){arena_copy(arena, cell.at, cell.size), cell.size};
    }
    buffer_free(&cell);
}

static void open_all(Unpivot *unpivot)
{
    Program *program = &unpivot->program;
    program_open(program);
    const Header *header = reader_header(program->reader);
    size_t kept_count;
    size_t *kept = choose(unpivot, header, &kept_count);
    unpivot->kept = column_runs(kept, kept_count, &program->arena);
    encode_names(unpivot, header);
    Header output = {arena_array(&program->arena, kept_count + 2, sizeof *output.names),
                     kept_count};
    for (size_t i = 0; i < kept_count; i++)
        output.names[i] = header->names[kept[i]];
    columns_add(&output, unpivot->into.columns[0].name, "--into");
    columns_add(&output, unpivot->into.columns[1].name, "--into");
    writer_header(program->writer, &output);
}

static bool is_missing(Span field)
{
    return field.size == 0 || (field.size == 2 && field.at[0] == '"');
}

static void unpivot_row(const Unpivot *unpivot, const Batch *batch, size_t row)
{
    Writer *writer = unpivot->program.writer;
    for (size_t i = 0; i < unpivot->count; i++) {
        Span field = batch_field(batch, row, unpivot->turned[i]);
        if (is_missing(field) && !unpivot->keep_missing)
            continue;
        column_runs_write(&unpivot->kept, writer, batch, row);
        writer_field(writer, unpivot->names[i]);
        writer_field(writer, field);
        writer_end(writer);
    }
}

/* Nothing to turn is right only of a table without rows, of which pivot knows no columns. */
static void turn_batch(const Unpivot *unpivot, const Batch *batch)
{
    if (unpivot->count == 0)
        fail("%s: --except names every column: none is left to turn",
             reader_name(unpivot->program.reader));
    for (size_t row = 0; row < batch->rows; row++)
        unpivot_row(unpivot, batch, row);
}

int main(int argc, char **argv)
{
    Unpivot unpivot = {0};
    parse(&unpivot, argc, argv);
    open_all(&unpivot);
    Batch batch;
    while (reader_next(unpivot.program.reader, &batch))
        turn_batch(&unpivot, &batch);
    return program_finish(&unpivot.program);
}
