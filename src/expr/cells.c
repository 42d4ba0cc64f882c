/*
 * Cells: the bytes of a file as numbers and texts.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/diagnostic.h"
#include "expr/evaluation.h"

/* --- what is wrong with a cell --- */

static bool reads(Span text)
{
    Arena arena = {0};
    Decimal number;
    bool read = decimal_read(text, &number, &arena) == DECIMAL_READ;
    arena_free(&arena);
    return read;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool reads_without_blanks(Span text)
{
    while (text.size != 0 && is_blank(text.at[0]))
        text = (Span){text.at + 1, text.size - 1};
    while (text.size != 0 && is_blank(text.at[text.size - 1]))
        text.size--;
    return text.size != 0 && reads(text);
}

/* 1,234 and 1,234,567.8: the mark stands in front of every three digits. */
static bool reads_grouped(Span text, char mark)
{
    char plain[64];
    size_t size = 0, group = 0, marks = 0;
    bool fraction = false;
    if (text.size > sizeof plain)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.at[i];
        if (byte == mark && !fraction) {
            if (marks == 0 ? group == 0 || group > 3 : group != 3)
                return false;
            marks++;
            group = 0;
            continue;
        }
        if (byte == '.' && marks != 0 && group != 3)
            return false;
        fraction |= byte == '.';
        group += is_digit(byte) && !fraction;
        plain[size++] = byte;
    }
    return marks != 0 && group == 3 && reads((Span){plain, size});
}

static bool reads_with_comma(Span text)
{
    char plain[64];
    if (text.size > sizeof plain || memchr(text.at, ',', text.size) == NULL ||
        memchr(text.at, '.', text.size) != NULL)
        return false;
    for (size_t i = 0; i < text.size; i++)
        plain[i] = text.at[i] == ',' ? '.' : text.at[i];
    return reads((Span){plain, text.size});
}

/* The option of `ingest` that would have made a number of it, or NULL. */
static const char *ingest_option(Span text)
{
    if (reads_without_blanks(text))
        return "--trim";
    if (reads_grouped(text, ','))
        return "--thousands ,";
    if (reads_grouped(text, ' '))
        return "--thousands ' '";
    if (reads_grouped(text, '\''))
        return "--thousands \"'\"";
    if (reads_with_comma(text))
        return "--decimal ,";
    return NULL;
}

const char *not_a_number(Span text, Arena *arena)
{
    static const char missing[] = "--invalid missing treats such cells as missing";
    Decimal number;
    const char *seen = shown(text.at, text.size);
    if (decimal_read(text, &number, arena) == DECIMAL_TOO_LONG)
        return arena_format(arena, "number has more than %d digits: \"%s\" (%s)",
                            (int)DECIMAL_MAX_DIGITS, seen, missing);
    const char *option = ingest_option(text);
    if (option != NULL)
        return arena_format(arena, "not a number: \"%s\" (ingest %s cleans such cells; %s)", seen,
                            option, missing);
    return arena_format(arena, "not a number: \"%s\" (%s)", seen, missing);
}

/* --- numbers --- */

static bool read_number(Span text, Number *number, Arena *arena)
{
    number->divisor = NULL;
    return decimal_read(text, &number->value, arena) == DECIMAL_READ;
}

void text_to_number(Evaluation *evaluation, const Expression *node, Span text, Register *to,
                    uint32_t row)
{
    to->vector.missing[row] = 1;
    if (text.size == 0)
        return;
    if (read_number(text, &to->vector.numbers[row], &evaluation->arena)) {
        to->vector.missing[row] = 0;
        return;
    }
    if (evaluation->invalid_missing)
        evaluation->invalid++;
    else if (row < evaluation->fault.row)
        fault_note(evaluation, row, node, not_a_number(text, &evaluation->arena));
}

static void columns_reserve(Evaluation *evaluation, size_t width)
{
    if (width <= evaluation->column_count)
        return;
    evaluation->columns = memory_resize(evaluation->columns, width, sizeof *evaluation->columns);
    memset(evaluation->columns + evaluation->column_count, 0,
           (width - evaluation->column_count) * sizeof *evaluation->columns);
    evaluation->column_count = width;
}

/* The column's store, emptied if what it holds is of an earlier batch. */
static ColumnNumbers *column_store(Evaluation *evaluation, size_t column)
{
    columns_reserve(evaluation, evaluation->batch.width);
    ColumnNumbers *store = &evaluation->columns[column];
    if (store->batch == evaluation->serial)
        return store;
    size_t rows = evaluation->batch.rows;
    if (rows > store->read_room) {
        Vector *vector = &store->numbers.vector;
        vector->numbers = memory_resize(vector->numbers, rows, sizeof *vector->numbers);
        vector->missing = memory_resize(vector->missing, rows, sizeof *vector->missing);
        store->read = memory_resize(store->read, rows, sizeof *store->read);
        store->read_room = vector->room = rows;
        vector->type = TYPE_NUMBER;
        store->numbers.shared = true;
    }
    memset(store->read, 0, rows);
    store->batch = evaluation->serial;
    store->whole = store->any = false;
    return store;
}

static void refuse_cell(Evaluation *evaluation, size_t column, uint32_t row)
{
    if (evaluation->invalid_missing)
        evaluation->invalid++;
    else if (row < evaluation->fault.row)
        evaluation->fault = (Fault){.row = row, .column = column};
}

/* A cell that is not small: quoted, large, missing, or no number at all. */
static void read_cell(Evaluation *evaluation, Vector *vector, size_t column, uint32_t row)
{
    Span text = batch_value(&evaluation->batch, row, column);
    vector->missing[row] = 1;
    if (text.size == 0)
        return;
    if (read_number(text, &vector->numbers[row], &evaluation->arena))
        vector->missing[row] = 0;
    else
        refuse_cell(evaluation, column, row);
}

static inline __attribute__((always_inline)) void
store_cell(Evaluation *evaluation, Vector *vector, const Batch *batch, size_t column, uint32_t row)
{
    int64_t mantissa;
    int32_t scale;
    if (!cell_number(batch_field(batch, row, column), &mantissa, &scale)) {
        read_cell(evaluation, vector, column, row);
        return;
    }
    vector->numbers[row] = (Number){.value = {.small = mantissa, .scale = scale}};
    vector->missing[row] = 0;
}

/* Copies keep what the loop needs in registers, whatever it writes. */
static void read_all(Evaluation *evaluation, ColumnNumbers *store, size_t column)
{
    const Batch batch = evaluation->batch;
    Vector vector = store->numbers.vector;
    for (uint32_t row = 0; row < batch.rows; row++)
        store_cell(evaluation, &vector, &batch, column, row);
}

static void read_some(Evaluation *evaluation, ColumnNumbers *store, size_t column, Selection rows)
{
    for (size_t i = 0; i < rows.count; i++) {
        uint32_t row = rows.rows[i];
        if (store->read[row])
            continue;
        store->read[row] = 1;
        store_cell(evaluation, &store->numbers.vector, &evaluation->batch, column, row);
    }
}

Register *column_numbers(Evaluation *evaluation, size_t column, Selection rows)
{
    ColumnNumbers *store = column_store(evaluation, column);
    if (store->whole)
        return &store->numbers;
    store->whole = rows.count == evaluation->batch.rows;
    if (store->whole && !store->any)
        read_all(evaluation, store, column);
    else
        read_some(evaluation, store, column, rows);
    store->any = true;
    return &store->numbers;
}

bool column_number(Evaluation *evaluation, size_t column, uint32_t row, Number *number)
{
    ColumnNumbers *store = column_store(evaluation, column);
    if (!store->whole)
        read_some(evaluation, store, column, (Selection){&row, 1});
    store->any = true;
    *number = store->numbers.vector.numbers[row];
    return !store->numbers.vector.missing[row];
}

Register *column_texts(Evaluation *evaluation, size_t column, Selection rows)
{
    Register *out = register_take(evaluation, TYPE_TEXT);
    Span *texts = out->vector.texts;
    for (size_t i = 0; i < rows.count; i++)
        texts[rows.rows[i]] = batch_value(&evaluation->batch, rows.rows[i], column);
    return out;
}
