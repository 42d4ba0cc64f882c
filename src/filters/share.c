/* share: adds each row's share of its group's total. */

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
    size_t index; /* of the column */
    Groups groups;
    Parts parts;
    Store rows;
    Buffer held;
} Share;

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
    parts_open(&share->parts, decimal_of(command_line_has(line, "percent") ? 100 : 1),
               (int32_t)places);
}

static void open_all(Share *share)
{
    Program *program = &share->program;
    program_open(program);
    const Header *header = reader_header(program->reader);
    share->index = *program_resolve(program, &share->column, header, share_specification.label);
    groups_open(&share->groups, program_resolve(program, &share->keys, header, "group"),
                share->keys.count);
    store_open(&share->rows, program_memory(program));
    Header output = header_copy(header, 2, &program->arena);
    header_add(&output, share->name);
    if (share->cumulative)
        header_add(&output, arena_format(&program->arena, "%s_cumulative", share->name));
    writer_header(program->writer, &output);
}

/* ---- the first pass: totals ---- */

static void take_negative(Share *share, const Batch *batch, size_t row, uint32_t group)
{
    if (!share->program.invalid_missing) {
        Span value = batch_value(batch, row, share->index);
        fail("%s: %s: negative part%s: %s (--invalid missing leaves such a group without shares)",
             batch_place(batch, row, share->index), share->column.columns[0].name,
             groups_shown(&share->groups, reader_header(share->program.reader), group, " of the ",
                          &share->program.arena),
             shown(value.at, value.size));
    }
    parts_refuse(&share->parts, group);
}

/* A store puts groups apart; here rows keep their order, so that the group goes with the bytes. */
static void hold_row(Share *share, const Batch *batch, size_t row, uint32_t group)
{
    Span bytes = batch_row(batch, row);
    share->held.size = 0;
    buffer_append(&share->held, (const char *)&group, sizeof group);
    buffer_append(&share->held, bytes.at, bytes.size);
    store_add(&share->rows, &(HeldRow){.bytes = buffer_span(&share->held)});
}

static bool next_row(StoreCursor *cursor, HeldRow *row)
{
    if (!store_next(cursor, row))
        return false;
    memcpy(&row->group, row->bytes.at, sizeof row->group);
    row->bytes.at += sizeof row->group;
    row->bytes.size -= sizeof row->group;
    return true;
}

static void total_batch(Share *share, const Batch *batch)
{
    Evaluation *evaluation = share->program.evaluation;
    evaluation_batch(evaluation, batch);
    const uint32_t *groups = groups_of_batch(&share->groups, batch);
    const Vector *values =
        evaluate_column_numbers(evaluation, share->index, evaluation_all(evaluation));
    for (size_t row = 0; row < batch->rows; row++) {
        hold_row(share, batch, row, groups[row]);
        if (values->missing[row])
            continue;
        Decimal part = values->numbers[row].value;
        if (decimal_sign(part) < 0)
            take_negative(share, batch, row, groups[row]);
        parts_add(&share->parts, groups[row], part);
    }
}

static void check_totals(Share *share)
{
    const Program *program = &share->program;
    Parts *parts = &share->parts;
    parts_close(parts, groups_count(&share->groups));
    size_t zero = parts_zero_total(parts, 0);
    if (zero == parts->count || program->invalid_missing)
        return;
    fail("%s: %s: the total%s is zero (--invalid missing leaves such a group without shares)",
         reader_name(program->reader), share->column.columns[0].name,
         groups_shown(&share->groups, reader_header(program->reader), zero, " of the ",
                      &share->program.arena));
}

/* ---- the other passes ---- */

/* The row's part; false if it is missing, was taken as missing, or its group has no shares. */
static bool held_part(const Share *share, const HeldRow *row, Decimal *part, Arena *arena)
{
    if (!parts_has_shares(&share->parts, row->group))
        return false;
    Span field = held_field(row->bytes, share->index, share->program.delimiter);
    return decimal_read(field_value(field, arena), part, arena) == DECIMAL_READ;
}

static void apportion(Share *share)
{
    Arena arena = {0};
    StoreCursor cursor = store_begin(&share->rows);
    HeldRow row;
    Decimal part;
    for (; next_row(&cursor, &row); arena_reset(&arena))
        if (held_part(share, &row, &part, &arena))
            parts_claim(&share->parts, row.group, part, &arena);
    store_end(&cursor);
    arena_free(&arena);
    parts_apportion(&share->parts);
}

static void write_missing(const Share *share)
{
    writer_value(share->program.writer, SPAN(""));
    if (share->cumulative)
        writer_value(share->program.writer, SPAN(""));
}

static void write_rows(Share *share)
{
    Writer *writer = share->program.writer;
    Arena arena = {0};
    StoreCursor cursor = store_begin(&share->rows);
    HeldRow row;
    Decimal part;
    uint64_t claim = 0;
    for (; next_row(&cursor, &row); arena_reset(&arena)) {
        writer_fields(writer, row.bytes);
        if (held_part(share, &row, &part, &arena)) {
            Decimal shown_share = parts_share(&share->parts, row.group, part, claim++, &arena);
            writer_number(writer, shown_share);
            if (share->cumulative)
                writer_number(
                    writer, parts_cumulative(&share->parts, row.group, part, shown_share, &arena));
        } else {
            write_missing(share);
        }
        writer_end(writer);
    }
    store_end(&cursor);
    arena_free(&arena);
}

static void close_all(Share *share)
{
    uint64_t refused = parts_refused(&share->parts);
    if (refused != 0)
        warn("%llu group%s negative parts or a total of zero: no shares",
             (unsigned long long)refused, refused == 1 ? " has" : "s have");
    store_free(&share->rows);
    buffer_free(&share->held);
    parts_free(&share->parts);
    groups_free(&share->groups);
}

int main(int argc, char **argv)
{
    Share share = {0};
    parse(&share, argc, argv);
    open_all(&share);
    Batch batch;
    while (reader_next(share.program.reader, &batch))
        total_batch(&share, &batch);
    check_totals(&share);
    store_sort(&share.rows);
    if (share.largest_remainder)
        apportion(&share);
    write_rows(&share);
    close_all(&share);
    return program_finish(&share.program);
}
