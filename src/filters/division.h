/*
 * Division: a table cut into parts of about the same size, and a manifest that speaks of them.
 *
 *     Division *division = division_open("trade", 8);
 *     division_header(division, &header);
 *     ... for each row: cells and writer_end() on division_writer(division);
 * division_row(division); division_close(division);
 *
 * The parts follow each other in the order of the rows, each with the header; a part may have no
 * rows.  They are files FOLDER/part-N-DIGEST.csv, and FOLDER/manifest.csv says of each one
 *
 *     part,path,rows,bytes,sha256
 *
 * with the path from the folder on.  Since a name tells what is in the file, the old parts stay
 * until the new manifest has replaced the old one, which is the moment in which one table takes the
 * place of the other; then parts that the manifest does not speak of are removed.
 *
 * Until the last row is there nobody knows where to cut, so the table lies in a temporary file
 * (base/spill.h) first.
 */
#ifndef FILTERS_DIVISION_H
#define FILTERS_DIVISION_H

#include "csv/writer.h"

enum { DIVISION_MOST = 100 * 1000 };

typedef struct Division Division;

/* Makes the folder if need be; `parts` is at least 1, at most DIVISION_MOST. */
Division *division_open(const char *folder, size_t parts);

void division_header(Division *division, const Header *header);

/* Where rows are to be written; closed by division_close(). */
Writer *division_writer(Division *division);

/* The row just closed may be the last of a part. */
void division_row(Division *division);

/* Cuts and writes everything; frees. */
void division_close(Division *division);

#endif
