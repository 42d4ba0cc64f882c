/* derive: adds or replaces computed columns. */

#include <stdlib.h>

#include "base/diagnostic.h"
#include "filters/columns.h"
#include "filters/program.h"

/* A piece of the output row: columns as they came, or one item's value. */
typedef struct Piece {
    ColumnRun run;
    size_t item; /* ITEM_NONE: the run */
} Piece;

#define ITEM_NONE ((size_t)-1)

typedef struct Derive {
    Program program;
    ItemList list;
    size_t *columns; /* of each item that is a bare column, else COLUMN_NONE */
    Piece *pieces;
    size_t piece_count;
    int32_t places; /* -1: as they come */
} Derive;

typedef struct Worker {
    const Derive *derive;
    Evaluation *evaluation;
    Writer *writer;
    const Vector **values; /* of each item, for the batch at hand; not set for a bare column */
} Worker;

static void parse(Derive *derive, int argc, char **argv)
{
    Program *program = &derive->program;
    program_start(program, &derive_specification, argc, argv);
    Source source = program_source(program);
    derive->list = expression_derivations(&source, &program->arena);
    derive->places =
        (int32_t)command_line_number(&program->line, "places", 0, DECIMAL_MAX_DIGITS, -1);
}

/* The output's header; each of its columns comes from the input or, where `from` says so, an item.
 */
static Header plan_header(Derive *derive, const Header *input, size_t *from)
{
    const ItemList *list = &derive->list;
    Header header = header_copy(input, list->count, &derive->program.arena);
    for (size_t column = 0; column < input->width + list->count; column++)
        from[column] = ITEM_NONE;
    for (size_t i = 0; i < list->count; i++) {
        size_t column = header_find(&header, span_of(list->items[i].name));
        if (column == COLUMN_NONE) {
            column = header.width;
            header_add(&header, list->items[i].name);
        }
        from[column] = i;
    }
    return header;
}

static void plan_pieces(Derive *derive, const size_t *from, size_t width)
{
    derive->pieces = arena_array(&derive->program.arena, width, sizeof *derive->pieces);
    for (size_t column = 0; column < width; column++) {
        Piece *last = derive->piece_count == 0 ? NULL : &derive->pieces[derive->piece_count - 1];
        if (from[column] == ITEM_NONE && last != NULL && last->item == ITEM_NONE)
            last->run.last = column;
        else
            /* NOLINTNEXTLINE: the pieces are there from the first column on */
            derive->pieces[derive->piece_count++] = (Piece){{column, column}, from[column]};
    }
}

static void open_all(Derive *derive)
{
    Program *program = &derive->program;
    program_open(program);
    const Header *input = reader_header(program->reader);
    const ItemList *list = &derive->list;
    derive->columns = arena_array(&program->arena, list->count, sizeof *derive->columns);
    for (size_t i = 0; i < list->count; i++) {
        expression_bind(list->items[i].expression, input, reader_name(program->reader));
        derive->columns[i] = expression_column(list->items[i].expression);
    }
    size_t *from = arena_array(&program->arena, input->width + list->count, sizeof *from);
    Header header = plan_header(derive, input, from);
    plan_pieces(derive, from, header.width);
    writer_header(program->writer, &header);
}

static void *worker_open(void *context)
{
    const Derive *derive = context;
    Worker *worker = memory_zeroed(1, sizeof *worker);
    worker->derive = derive;
    worker->evaluation = program_evaluation(&derive->program);
    worker->writer = writer_apart(derive->program.writer);
    worker->values = memory_array(derive->list.count, sizeof *worker->values);
    return worker;
}

static Span truth_text(uint8_t truth)
{
    return truth == TRUTH_TRUE    ? SPAN("true")
           : truth == TRUTH_FALSE ? SPAN("false")
                                  : (Span){"", 0};
}

static void write_value(const Worker *worker, const Vector *values, size_t row)
{
    Writer *writer = worker->writer;
    if (values->type == TYPE_NUMBER && !values->missing[row])
        writer_number(writer,
                      number_settle(values->numbers[row], evaluation_arena(worker->evaluation)));
    else if (values->type == TYPE_TEXT || values->type == TYPE_CELL)
        writer_value(writer, values->texts[row]);
    else if (values->type == TYPE_TRUTH)
        writer_value(writer, truth_text(values->truths[row]));
    else
        writer_value(writer, (Span){"", 0});
}

static void write_piece(const Worker *worker, const Piece *piece, const Batch *batch, size_t row)
{
    const size_t *columns = worker->derive->columns;
    if (piece->item == ITEM_NONE)
        column_run_write(piece->run, worker->writer, batch, row);
    else if (columns[piece->item] != COLUMN_NONE)
        writer_field(worker->writer, batch_field(batch, row, columns[piece->item]));
    else
        write_value(worker, worker->values[piece->item], row);
}

static const Vector *evaluate_item(const Worker *worker, const Expression *item)
{
    Evaluation *evaluation = worker->evaluation;
    Selection rows = evaluation_all(evaluation);
    if (expression_type(item) != TYPE_NUMBER)
        return evaluate(evaluation, item, rows);
    return evaluate_rounded(evaluation, item, worker->derive->places, rows);
}

static void evaluate_items(const Worker *worker, const Batch *batch)
{
    Evaluation *evaluation = worker->evaluation;
    const Derive *derive = worker->derive;
    evaluation_batch(evaluation, batch);
    evaluation_hold(evaluation);
    for (size_t i = 0; i < derive->list.count; i++)
        if (derive->columns[i] == COLUMN_NONE)
            worker->values[i] = evaluate_item(worker, derive->list.items[i].expression);
    evaluation_release(evaluation);
}

static void work(void *state, const Batch *batch)
{
    const Worker *worker = state;
    const Derive *derive = worker->derive;
    evaluate_items(worker, batch);
    for (size_t row = 0; row < batch->rows; row++) {
        for (size_t i = 0; i < derive->piece_count; i++)
            write_piece(worker, &derive->pieces[i], batch, row);
        writer_end(worker->writer);
    }
}

static bool deliver(void *context, void *state)
{
    Derive *derive = context;
    Worker *worker = state;
    writer_take(derive->program.writer, worker->writer);
    return true;
}

static void worker_close(void *context, void *state)
{
    Derive *derive = context;
    Worker *worker = state;
    evaluation_absorb(derive->program.evaluation, worker->evaluation);
    evaluation_close(worker->evaluation);
    writer_drop(worker->writer);
    free(worker->values);
    free(worker);
}

int main(int argc, char **argv)
{
    Derive derive = {0};
    parse(&derive, argc, argv);
    open_all(&derive);
    const CrewJob job = {.context = &derive,
                         .open = worker_open,
                         .work = work,
                         .deliver = deliver,
                         .close = worker_close};
    crew_run(derive.program.reader, derive.program.jobs, &job);
    return program_finish(&derive.program);
}
