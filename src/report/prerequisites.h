/*
 * Prerequisites: what an output was made from, as a rule that make can include.
 *
 *     report.html: pipelines/a.yaml data/datapackage.json data/t.csv bin/filter …
 *
 * Each has a rule of its own without a recipe, so that one which is removed is no error.  A table
 * that is not there yet but may be obtained stands under $(wildcard): it counts once it is there.
 */
#ifndef REPORT_PREREQUISITES_H
#define REPORT_PREREQUISITES_H

#include "report/inventory.h"

/* `text` is the author's, or NULL. */
void prerequisites_write(Buffer *out, const char *const *targets, size_t target_count,
                         const char *text, const Inventory *inventory);

#endif
