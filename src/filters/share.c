/* share: adds each row's share of its group's total. */

#include <stdlib.h>

#include "base/budget.h"
#include "base/diagnostic.h"
#include "filters/columns.h"
#include "filters/program.h"
#include "table/group.h"
#include "table/parts.h"

typedef struct Share {
    Program program;
    ColumnList column; /* one */
    ColumnList keys;
    const char *name; /* of the new column */
    bool cumulative;
    bool largest_remainder;
    Decimal whole;
    int32_t places;
    size_t index;          /* of the column */
    const size_t *columns; /* of the keys */
    Groups groups;
    Parts parts;
    uint64_t claim; /* number of the next part, where they are counted */
} Share;

/* A thread of the first pass, which adds up. */
typedef struct Adder {
    Share *share;
    Evaluation *evaluation;
    Groups groups;
    Parts parts;
} Adder;

/* A thread of the passes that follow. */
typedef struct Worker {
    Share *share;
    Evaluation *evaluation;
    GroupNumbers groups;
    Writer *writer;
} Worker;

static void parse(Share *share, int argc, char **argv)
{
    Program *program = &share->program;
    program_start(program, &share_specification, argc, argv);
    const CommandLine *line = &program->line;
    share->column = expression_columns(program->argument, share_specification.label, COLUMNS_PLAIN,
                                       &program->arena);
    if (share->column.count != 1)
        fail_usage("column: one is wanted: %s", program->argument);
    share->keys = program_columns(program, "group", COLUMNS_PLAIN);
    columns_check_names(&share->keys, "group");
    share->name = program_new_column(program, "as", "share");
    share->cumulative = command_line_has(line, "cumulative");
    share->largest_remainder = command_line_has(line, "largest-remainder");
    if (share->largest_remainder && !command_line_has(line, "places"))
        fail_usage("--largest-remainder needs --places");
    long places = command_line_number(line, "places", 0, DECIMAL_MAX_DIGITS, -1);
    share->whole = decimal_of(command_line_has(line, "percent") ? 100 : 1);
    share->places = (int32_t)places;
}

static void open_all(Share *share)
{
    Program *program = &share->program;
    program_open_to_repeat(program);
    const Header *header = reader_header(program->reader);
    share->index = *program_resolve(program, &share->column, header, share_specification.label);
    share->columns = program_resolve(program, &share->keys, header, "group");
    groups_open(&share->groups, share->columns, share->keys.count);
    parts_open(&share->parts, share->whole, share->places, program->memory / 2);
    Header output = header_copy(header, 2, &program->arena);
    header_add(&output, share->name);
    if (share->cumulative)
        header_add(&output, arena_format(&program->arena, "%s_cumulative", share->name));
    writer_header(program->writer, &output);
}

/* ---- the first pass: totals ---- */

static void *adder_open(void *context)
{
    Share *share = context;
    Adder *adder = memory_zeroed(1, sizeof *adder);
    adder->share = share;
    adder->evaluation = program_evaluation(&share->program);
    groups_open(&adder->groups, share->columns, share->keys.count);
    parts_open(&adder->parts, share->whole, share->places, 0);
    return adder;
}

static void take_negative(Adder *adder, const Batch *batch, size_t row, uint32_t group)
{
    const Share *share = adder->share;
    if (!share->program.invalid_missing) {
        Span value = batch_value(batch, row, share->index);
        fail("%s: %s: negative part%s: %s (--invalid missing leaves such a group without shares)",
             batch_place(batch, row, share->index), share->column.columns[0].name,
             groups_shown(&adder->groups, reader_header(share->program.reader), group, " of the ",
                          evaluation_arena(adder->evaluation)),
             shown(value.at, value.size));
    }
    parts_refuse(&adder->parts, group);
}

/* As one thread meets them, or all together. */
static void check_held(const Share *share, const Groups *groups, const Parts *parts)
{
    budget_check(groups_size(groups) + parts->room * sizeof *parts->groups, share->program.memory,
                 "the totals of so many groups");
}

static void add_batch(void *state, const Batch *batch)
{
    Adder *adder = state;
    Evaluation *evaluation = adder->evaluation;
    evaluation_batch(evaluation, batch);
    const uint32_t *groups = groups_of_batch(&adder->groups, batch);
    check_held(adder->share, &adder->groups, &adder->parts);
    evaluation_hold(evaluation);
    const Vector *values =
        evaluate_column_numbers(evaluation, adder->share->index, evaluation_all(evaluation));
    size_t sound = evaluation_sound(evaluation);
    for (size_t row = 0; row < sound; row++) {
        if (values->missing[row])
            continue;
        Decimal part = values->numbers[row].value;
        if (decimal_sign(part) < 0)
            take_negative(adder, batch, row, groups[row]);
        parts_add(&adder->parts, groups[row], part);
    }
    evaluation_release(evaluation);
}

static void adder_close(void *context, void *state)
{
    Share *share = context;
    Adder *adder = state;
    for (size_t i = 0; i < groups_count(&adder->groups); i++) {
        uint32_t group = groups_merge(&share->groups, &adder->groups, i);
        parts_merge(&share->parts, group, &adder->parts, (uint32_t)i);
    }
    check_held(share, &share->groups, &share->parts);
    evaluation_absorb(share->program.evaluation, adder->evaluation);
    evaluation_close(adder->evaluation);
    groups_free(&adder->groups);
    parts_free(&adder->parts);
    free(adder);
}

/* The zero total that the input comes to first. */
static bool find_zero(const Share *share, size_t *zero)
{
    bool found = false;
    for (size_t i = 0; i < groups_count(&share->groups); i++) {
        if (!parts_is_zero(&share->parts, i))
            continue;
        if (!found || groups_ordinal(&share->groups, i) < groups_ordinal(&share->groups, *zero))
            *zero = i;
        found = true;
    }
    return found;
}

static void check_totals(Share *share)
{
    const Program *program = &share->program;
    parts_close(&share->parts, groups_count(&share->groups));
    size_t zero = 0;
    if (program->invalid_missing || !find_zero(share, &zero))
        return;
    fail("%s: %s: the total%s is zero (--invalid missing leaves such a group without shares)",
         reader_name(program->reader), share->column.columns[0].name,
         groups_shown(&share->groups, reader_header(program->reader), zero, " of the ",
                      &share->program.arena));
}

/* ---- the other passes ---- */

static void *worker_open(void *context)
{
    Share *share = context;
    Worker *worker = memory_zeroed(1, sizeof *worker);
    worker->share = share;
    worker->evaluation = program_evaluation(&share->program);
    worker->writer = writer_apart(share->program.writer);
    return worker;
}

static void worker_close(void *context, void *state)
{
    (void)context;
    Worker *worker = state;
    evaluation_close(worker->evaluation); /* its invalid cells were counted in the first pass */
    writer_drop(worker->writer);
    group_numbers_free(&worker->groups);
    free(worker);
}

/* The parts of a batch, by row; a row without one is missing. */
static const Vector *read_parts(const Worker *worker, const Batch *batch)
{
    evaluation_batch(worker->evaluation, batch);
    return evaluate_column_numbers(worker->evaluation, worker->share->index,
                                   evaluation_all(worker->evaluation));
}

/* The row has a share if it has a part and its group shares. */
static bool has_share(const Worker *worker, const Vector *values, const uint32_t *groups,
                      size_t row)
{
    return !values->missing[row] && parts_has_shares(&worker->share->parts, groups[row]);
}

static void claim_batch(void *state, const Batch *batch)
{
    Worker *worker = state;
    Share *share = worker->share;
    const Vector *values = read_parts(worker, batch);
    const uint32_t *groups = groups_find_batch(&share->groups, batch, &worker->groups);
    for (size_t row = 0; row < batch->rows; row++)
        if (has_share(worker, values, groups, row))
            parts_claim(&share->parts, groups[row], values->numbers[row].value,
                        evaluation_arena(worker->evaluation));
}

static void write_missing(const Worker *worker)
{
    writer_value(worker->writer, SPAN(""));
    if (worker->share->cumulative)
        writer_value(worker->writer, SPAN(""));
}

static void write_share(Worker *worker, uint32_t group, Decimal part)
{
    Share *share = worker->share;
    Arena *arena = evaluation_arena(worker->evaluation);
    uint64_t claim = share->largest_remainder ? share->claim++ : 0;
    Decimal shown_share = parts_share(&share->parts, group, part, claim, arena);
    writer_number(worker->writer, shown_share);
    if (share->cumulative)
        writer_number(worker->writer,
                      parts_cumulative(&share->parts, group, part, shown_share, arena));
}

static void share_batch(void *state, const Batch *batch)
{
    Worker *worker = state;
    const Vector *values = read_parts(worker, batch);
    const uint32_t *groups = groups_find_batch(&worker->share->groups, batch, &worker->groups);
    for (size_t row = 0; row < batch->rows; row++) {
        writer_fields(worker->writer, batch_row(batch, row));
        if (has_share(worker, values, groups, row))
            write_share(worker, groups[row], values->numbers[row].value);
        else
            write_missing(worker);
        writer_end(worker->writer);
    }
}

static bool deliver(void *context, void *state)
{
    Share *share = context;
    Worker *worker = state;
    writer_take(share->program.writer, worker->writer);
    return true;
}

/* What counts parts, or adds them up in their order, is for one thread. */
static void write_rows(Share *share)
{
    Program *program = &share->program;
    bool in_order = share->largest_remainder || share->cumulative;
    if (share->largest_remainder) {
        const CrewJob claims = {
            .context = share, .open = worker_open, .work = claim_batch, .close = worker_close};
        reader_again(program->reader);
        crew_run(program->reader, 1, &claims);
        parts_apportion(&share->parts);
    }
    const CrewJob shares = {.context = share,
                            .open = worker_open,
                            .work = share_batch,
                            .deliver = deliver,
                            .close = worker_close};
    reader_again(program->reader);
    crew_run(program->reader, in_order ? 1 : program->jobs, &shares);
}

static void close_all(Share *share)
{
    uint64_t refused = parts_refused(&share->parts);
    if (refused != 0)
        warn("%llu group%s negative parts or a total of zero: no shares",
             (unsigned long long)refused, refused == 1 ? " has" : "s have");
    parts_free(&share->parts);
    groups_free(&share->groups);
}

int main(int argc, char **argv)
{
    Share share = {0};
    parse(&share, argc, argv);
    open_all(&share);
    const CrewJob totals = {
        .context = &share, .open = adder_open, .work = add_batch, .close = adder_close};
    crew_run(share.program.reader, share.program.jobs, &totals);
    check_totals(&share);
    write_rows(&share);
    close_all(&share);
    return program_finish(&share.program);
}
