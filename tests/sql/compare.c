/*
 * compare OURS THEIRS: whether two CSV files hold the same table, cell by cell, however the cells
 * are quoted.  Says in one line where they part; exit 1 then.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/diagnostic.h"
#include "base/memory.h"
#include "csv/reader.h"

typedef struct Side {
    char *path;
    Reader *reader;
    Batch batch;
    size_t row; /* in the batch */
} Side;

static void open_side(Side *side, char *path)
{
    side->path = path;
    side->reader = reader_open(&side->path, 1, &(ReaderOptions){0});
}

static bool next_row(Side *side)
{
    if (++side->row < side->batch.rows)
        return true;
    side->row = 0;
    return reader_next(side->reader, &side->batch);
}

static void compare_headers(const Header *ours, const Header *theirs)
{
    for (size_t i = 0; i < ours->width && i < theirs->width; i++)
        if (!span_equal(span_of(ours->names[i]), span_of(theirs->names[i])))
            fail("column %zu: %s here, %s there", i + 1, ours->names[i], theirs->names[i]);
    if (ours->width != theirs->width)
        fail("%zu columns here, %zu there", ours->width, theirs->width);
}

static void compare_rows(const Side *ours, const Side *theirs, size_t number)
{
    const Header *header = reader_header(ours->reader);
    for (size_t i = 0; i < header->width; i++) {
        Span a = batch_value(&ours->batch, ours->row, i);
        Span b = batch_value(&theirs->batch, theirs->row, i);
        if (!span_equal(a, b))
            fail("row %zu, %s: %.*s here, %.*s there", number, header->names[i], (int)a.size, a.at,
                 (int)b.size, b.at);
    }
}

int main(int argc, char **argv)
{
    diagnostic_program("compare");
    if (argc != 3)
        fail_usage("two files are wanted");
    Side ours = {0}, theirs = {0};
    open_side(&ours, argv[1]);
    open_side(&theirs, argv[2]);
    compare_headers(reader_header(ours.reader), reader_header(theirs.reader));
    size_t rows = 0;
    for (;; rows++) {
        bool more = next_row(&ours), more_there = next_row(&theirs);
        if (more != more_there)
            fail("%s has no row %zu", more ? argv[2] : argv[1], rows + 1);
        if (!more)
            break;
        compare_rows(&ours, &theirs, rows + 1);
    }
    printf("%zu\n", rows * reader_header(ours.reader)->width);
    reader_close(ours.reader);
    reader_close(theirs.reader);
    return 0;
}
