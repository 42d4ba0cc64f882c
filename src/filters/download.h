/*
 * Download: one raw file as header cells and rows of one width.
 *
 * Unpacks and decodes the file, passes over the preamble and the footer, joins header rows, drops
 * empty rows at the end, cuts off empty cells past the last column, and counts all that.  A row
 * that still does not have the header's width is an error.
 */
#ifndef FILTERS_DOWNLOAD_H
#define FILTERS_DOWNLOAD_H

#include "base/memory.h"
#include "csv/intake.h"

typedef struct DownloadForm {
    IntakeDialect dialect;
    bool delimiter_given; /* a `sep=` line does not override it */
    const char *encoding; /* NULL: by byte order mark, or UTF-8 */
    uint64_t skip;        /* lines before the header */
    size_t header;        /* rows of it; 0: none */
    size_t footer;        /* rows at the end that are no data */
    bool trim;            /* a cell of blanks is an empty one */
} DownloadForm;

/* What was mended, added up over several files. */
typedef struct DownloadCounts {
    uint64_t bytes, rows; /* read and given */
    uint64_t separator_lines;
    uint64_t empty_rows; /* at the end, dropped */
    uint64_t wide_rows;  /* whose surplus cells, all empty, were cut off */
    uint64_t stray_quotes;
} DownloadCounts;

typedef struct Download Download;

/* path as file_open(); it and the form must outlive the download. */
Download *download_open(const char *path, const DownloadForm *form);

/*
 * The header's cells, rows of it joined by a blank, as they stand; without a header the cells are
 * empty and as many as the first row has.  Good until the download is closed.
 */
const Span *download_header(const Download *download, size_t *width);

/* The next row, of exactly that width; false at the end.  Good until the next call. */
bool download_next(Download *download, IntakeRow *row);

/* Adds the counts and frees. */
void download_close(Download *download, DownloadCounts *counts);

#endif
