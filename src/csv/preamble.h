/*
 * Preamble: what stands before a raw table - free text to be skipped, Excel's `sep=;` line.
 *
 * Such lines reach the intake as empty ones, so that its line numbers stay those of the file and
 * an unpaired quote in free text harms nothing.
 */
#ifndef CSV_PREAMBLE_H
#define CSV_PREAMBLE_H

#include "csv/intake.h"

typedef struct Preamble Preamble;

/*
 * Looks at the beginning of the text.  `skip` lines are blanked; a `sep=` line before them is
 * blanked too and not counted among them.
 */
Preamble *preamble_open(IntakeSource *source, void *context, uint64_t skip);

/* The delimiter that a `sep=` line names, or '\0'. */
char preamble_delimiter(const Preamble *preamble);

/* An IntakeSource. */
size_t preamble_read(void *preamble, char *bytes, size_t size);

/* How many lines were blanked so far; all of them, once a byte of another line was given. */
uint64_t preamble_lines(const Preamble *preamble);

void preamble_close(Preamble *preamble);

#endif
