/*
 * Checksums: a list of all that went into a report, and of the report itself, for sha256sum -c.
 *
 * Paths are those from the working directory, so the list is checked from the place where the
 * report was made.  Files that are not there are left out.
 */
#ifndef REPORT_CHECKSUMS_H
#define REPORT_CHECKSUMS_H

#include "report/files.h"
#include "report/inventory.h"

/* "build/report/report.sha256" beside build/report/report.html. */
const char *checksums_path(const char *report, Arena *arena);

/* `written` are the files of this run that have their bytes already. */
void checksums_write(Buffer *out, const Inventory *inventory, const Files *written);

#endif
