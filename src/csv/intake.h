/*
 * Intake: raw delimited text of any dialect as rows of values, by way of libcsv.
 *
 * Where the reader refuses, the intake accepts and counts: ragged rows, stray quotes, blank lines;
 * LF, CRLF and CR end a line.  It is for `ingest` alone, and slower.  Input is already UTF-8
 * (encoding.h); a byte order mark at its start is skipped.
 *
 * A quote inside an unquoted field is an ordinary byte.  In a quoted field, a quote with neither a
 * quote, a delimiter nor a line end behind it is taken for a part of the text ("3" pipe" is
 * 3" pipe); a row in which that happens must end on its line, since otherwise nobody could tell
 * how many rows it swallowed.
 */
#ifndef CSV_INTAKE_H
#define CSV_INTAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/memory.h"
#include "base/text.h"

typedef struct IntakeDialect {
    char delimiter; /* ',' */
    char quote;     /* '"' ; '\0' for none */
    char escape;    /* '\0': a quote is doubled; else that byte takes the next one as it is */
    size_t max_row; /* bytes */
    size_t max_columns;
} IntakeDialect;

typedef struct IntakeRow {
    const Span *values;
    size_t width;
    uint64_t line; /* on which the row begins, from 1 */
} IntakeRow;

typedef struct Intake Intake;

/* Where the next bytes come from: fills up to `size`, returns how many, 0 at the end. */
typedef size_t IntakeSource(void *context, char *bytes, size_t size);

/* The name is for messages and must outlive the intake. */
Intake *intake_open(IntakeSource *source, void *context, const IntakeDialect *dialect,
                    const char *name);

/*
 * The next row (a blank line is a row of one empty value); false at the end.  Good until the next
 * call.  Fails with NAME:LINE on a quote that never closes (the line where it opens), a NUL, a row
 * past a limit, a stray quote that may have swallowed rows.
 */
bool intake_next(Intake *intake, IntakeRow *row);

/* How many rows so far had a quote where strict CSV has none. */
uint64_t intake_stray_quotes(const Intake *intake);
void intake_close(Intake *intake);

#endif
