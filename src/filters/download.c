#include "filters/download.h"

#include <stdlib.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "csv/encoding.h"
#include "csv/preamble.h"
#include "csv/raw.h"
#include "filters/repair.h"

/* A row kept back until it is known that it is not part of the footer. */
typedef struct HeldRow {
    Buffer bytes;
    Span *values;
    size_t room, width;
    uint64_t line;
} HeldRow;

/* Empty rows met of late: data if another row follows, else the blank end of the file. */
typedef struct EmptyRows {
    uint64_t count, wide;
    IntakeRow narrow; /* the first that is narrower than the header; width 0: none */
} EmptyRows;

struct Download {
    const DownloadForm *form;
    const char *name;
    Arena arena;
    Raw *raw;
    Decoder *decoder;
    Preamble *preamble;
    Intake *intake;
    Span *header;
    size_t width;
    HeldRow *held; /* a ring of footer + 1 */
    size_t held_count, oldest;
    EmptyRows empty;
    bool waiting; /* `row` is to be given once the empty rows before it are */
    IntakeRow row;
    bool measured; /* `first` was read to count its fields and is still to be given */
    IntakeRow first;
    Span *blanks; /* a row of missing cells */
    DownloadCounts counts;
};

static void hold(HeldRow *held, const IntakeRow *row)
{
    held->bytes.size = 0;
    buffer_reserve(&held->bytes, 1); /* spans of empty cells point somewhere, too */
    for (size_t i = 0; i < row->width; i++)
        buffer_append(&held->bytes, row->values[i].at, row->values[i].size);
    if (row->width > held->room) {
        held->values = memory_resize(held->values, row->width, sizeof *held->values);
        held->room = row->width;
    }
    size_t start = 0;
    for (size_t i = 0; i < row->width; i++) {
        held->values[i] = (Span){held->bytes.at + start, row->values[i].size};
        start += row->values[i].size;
    }
    held->width = row->width;
    held->line = row->line;
}

static bool next_row(Download *download, IntakeRow *row)
{
    if (!download->measured)
        return intake_next(download->intake, row);
    download->measured = false;
    *row = download->first;
    return true;
}

/* The next row that is not in the footer: as many rows as it has are always kept back. */
static bool next_above_footer(Download *download, IntakeRow *row)
{
    size_t footer = download->form->footer;
    if (footer == 0)
        return next_row(download, row);
    while (next_row(download, row)) {
        size_t slot = (download->oldest + download->held_count) % (footer + 1);
        hold(&download->held[slot], row);
        if (++download->held_count <= footer)
            continue;
        const HeldRow *oldest = &download->held[download->oldest];
        *row = (IntakeRow){oldest->values, oldest->width, oldest->line};
        download->oldest = (download->oldest + 1) % (footer + 1);
        download->held_count--;
        return true;
    }
    return false;
}

/* Whether the cells from one on are all empty, or will be once they are trimmed. */
static bool is_empty(const Download *download, const IntakeRow *row, size_t from)
{
    for (size_t i = from; i < row->width; i++) {
        Span value = row->values[i];
        if (value.size != 0 && !(download->form->trim && span_trimmed(value).size == 0))
            return false;
    }
    return true;
}

static _Noreturn void fail_width(const Download *download, const IntakeRow *row)
{
    size_t width = download->width;
    fail("%s:%llu: %zu field%s where the %s %zu%s", download->name, (unsigned long long)row->line,
         row->width, row->width == 1 ? "" : "s",
         download->form->header == 0 ? "first row has" : "header has", width,
         row->width == 1 && row->values[0].size == 0 ? " (an empty line)" : "");
}

static void fit(Download *download, IntakeRow *row)
{
    if (row->width < download->width ||
        (row->width > download->width && !is_empty(download, row, download->width)))
        fail_width(download, row);
    download->counts.wide_rows += row->width > download->width;
    row->width = download->width;
}

static void put_off(Download *download, const IntakeRow *row)
{
    EmptyRows *empty = &download->empty;
    static const Span nothing;
    empty->count++;
    empty->wide += row->width > download->width;
    if (row->width < download->width && empty->narrow.width == 0)
        empty->narrow = (IntakeRow){&nothing, row->width, row->line};
}

/* Empty rows turned out to stand between others: they are data. */
static void take_back(Download *download)
{
    EmptyRows *empty = &download->empty;
    if (empty->narrow.width != 0)
        fail_width(download, &empty->narrow);
    download->counts.wide_rows += empty->wide;
    empty->wide = 0;
}

/* Passes empty rows over until the one behind them, which then waits its turn. */
static bool reach_row(Download *download)
{
    while (next_above_footer(download, &download->row)) {
        if (!is_empty(download, &download->row, 0)) {
            take_back(download);
            fit(download, &download->row);
            return true;
        }
        put_off(download, &download->row);
    }
    download->counts.empty_rows += download->empty.count;
    download->empty.count = 0;
    return false;
}

bool download_next(Download *download, IntakeRow *row)
{
    if (!download->waiting && !reach_row(download))
        return false;
    download->counts.rows++;
    if (download->empty.count > 0) {
        download->empty.count--;
        download->waiting = true;
        *row = (IntakeRow){download->blanks, download->width, 0};
        return true;
    }
    download->waiting = false;
    *row = download->row;
    return true;
}

/* The lines that the preamble blanked come first. */
static bool next_behind_preamble(Download *download, IntakeRow *row)
{
    for (uint64_t line = 1; intake_next(download->intake, row); line++)
        if (line > preamble_lines(download->preamble))
            return true;
    return false;
}

/* Adds the cells of one more header row to those above them. */
static void join_header(Download *download, Buffer *cells, const IntakeRow *row)
{
    for (size_t i = 0; i < row->width; i++) {
        /* NOLINTNEXTLINE: there are as many cells as columns */
        if (cells[i].size > 0 && row->values[i].size > 0)
            buffer_byte(&cells[i], ' ');
        buffer_append(&cells[i], row->values[i].at, row->values[i].size);
    }
    if (row->width > download->width)
        download->width = row->width;
}

static Buffer *widen(Buffer *cells, size_t width, size_t wanted)
{
    if (wanted <= width)
        return cells;
    cells = memory_resize(cells, wanted, sizeof *cells);
    for (size_t i = width; i < wanted; i++)
        cells[i] = (Buffer){0};
    return cells;
}

static void keep_header(Download *download, Buffer *cells)
{
    Arena *arena = &download->arena;
    download->header = arena_array(arena, download->width, sizeof *download->header);
    for (size_t i = 0; i < download->width; i++) {
        /* NOLINTNEXTLINE: there are as many cells as columns */
        download->header[i] = (Span){arena_copy(arena, cells[i].at, cells[i].size), cells[i].size};
        buffer_free(&cells[i]);
    }
    free(cells);
}

static void read_header(Download *download)
{
    const DownloadForm *form = download->form;
    Buffer *cells = NULL;
    IntakeRow row = {0};
    for (size_t i = 0; i < form->header; i++) {
        if (!(i == 0 ? next_behind_preamble(download, &row) : intake_next(download->intake, &row)))
            fail("%s: no header: the file %s", download->name,
                 i > 0 || preamble_lines(download->preamble) > 0 ? "ends before it" : "is empty");
        cells = widen(cells, download->width, row.width);
        join_header(download, cells, &row);
    }
    keep_header(download, cells);
    for (size_t i = 0; i < download->width; i++)
        if (download->header[i].size > 0)
            return;
    fail("%s:%llu: the header is empty (--skip N passes over N lines before it)", download->name,
         (unsigned long long)row.line);
}

/* Without a header the first row says how many columns there are. */
static void measure_first_row(Download *download)
{
    download->measured = next_behind_preamble(download, &download->first);
    if (!download->measured)
        fail("%s: no rows: the file is empty", download->name);
    download->width = download->first.width;
    download->header = arena_array(&download->arena, download->width, sizeof *download->header);
    for (size_t i = 0; i < download->width; i++)
        download->header[i] = (Span){"", 0};
}

static void open_intake(Download *download)
{
    const DownloadForm *form = download->form;
    IntakeDialect dialect = form->dialect;
    download->decoder = decoder_open(raw_read, download->raw, form->encoding, download->name);
    download->preamble = preamble_open(decoder_read, download->decoder, form->skip);
    char delimiter = preamble_delimiter(download->preamble);
    if (delimiter != '\0' && !form->delimiter_given)
        dialect.delimiter = delimiter;
    download->counts.separator_lines = delimiter != '\0';
    download->intake = intake_open(preamble_read, download->preamble, &dialect, download->name);
}

Download *download_open(const char *path, const DownloadForm *form)
{
    Download *download = memory_zeroed(1, sizeof *download);
    download->form = form;
    download->name = file_name(path);
    download->raw = raw_open(path);
    open_intake(download);
    if (form->footer > 0)
        download->held = memory_zeroed(form->footer + 1, sizeof *download->held);
    if (form->header > 0)
        read_header(download);
    else
        measure_first_row(download);
    download->blanks = arena_array(&download->arena, download->width, sizeof *download->blanks);
    for (size_t i = 0; i < download->width; i++)
        download->blanks[i] = (Span){"", 0};
    return download;
}

const Span *download_header(const Download *download, size_t *width)
{
    *width = download->width;
    return download->header;
}

static void add_counts(Download *download, DownloadCounts *counts)
{
    counts->bytes += raw_bytes(download->raw);
    counts->rows += download->counts.rows;
    counts->separator_lines += download->counts.separator_lines;
    counts->empty_rows += download->counts.empty_rows;
    counts->wide_rows += download->counts.wide_rows;
    counts->stray_quotes += intake_stray_quotes(download->intake);
}

void download_close(Download *download, DownloadCounts *counts)
{
    add_counts(download, counts);
    intake_close(download->intake);
    preamble_close(download->preamble);
    decoder_close(download->decoder);
    raw_close(download->raw);
    for (size_t i = 0; download->held != NULL && i <= download->form->footer; i++) {
        buffer_free(&download->held[i].bytes);
        free(download->held[i].values);
    }
    free(download->held);
    arena_free(&download->arena);
    free(download);
}
