/*
 * Crate: the report's provenance for machines, an RO-Crate 1.1 (JSON-LD in schema.org's words).
 *
 * The crate is the folder that the report lies in, and the report a part of it.  Pipeline files,
 * tables and results of steps lie elsewhere; they are named by their bytes (RFC 6920,
 * ni:///sha-256;...), so that the record does not depend on where it was made.  Each result has a
 * CreateAction with the programs as instruments, its inputs and parameters as objects and the
 * command lines as description; each verdict is a ClaimReview that stands on the results it was
 * read off, with observed values and intervals as PropertyValues, exact and as text.
 *
 * No clock is asked: the crate is dated by $SOURCE_DATE_EPOCH if that is set, else by the newest
 * vintage of the data in it.
 */
#ifndef REPORT_CRATE_H
#define REPORT_CRATE_H

#include "report/files.h"
#include "report/report.h"

/* "ro-crate-metadata.json" beside the report, as the specification wants it called. */
const char *crate_path(const char *report, Arena *arena);

/* `written` are the files of this run that have their bytes already. */
void crate_write(Buffer *out, const Report *report, const Files *written);

#endif
