/*
 * Repair: what `ingest` may do to a cell - trim it, make it missing, rewrite a number - and how
 * often it did.
 *
 * A number is rewritten only if the whole cell is one in the notation that was described: groups
 * of exactly three digits between thousands separators, digits on both sides of the decimal mark.
 * Everything else leaves as it came.
 */
#ifndef FILTERS_REPAIR_H
#define FILTERS_REPAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"

typedef struct Repair {
    bool trim;
    Dictionary missing;      /* cells that mean nothing is known */
    Span decimal, thousands; /* one character each; size 0: no such mark */
    uint64_t trimmed, made_missing, rewritten;
    /* Numbers with a point although the decimal mark is another: left, and worth a word. */
    uint64_t pointed;
    const char *pointed_at; /* "FILE:LINE: VALUE" of the first */
    Arena arena;
    Buffer number; /* the cell that was rewritten last */
} Repair;

/* Without blanks at either end: white space of ASCII, no-break spaces, the ideographic space. */
Span span_trimmed(Span text);

/* The cell as it is to be written: good until the next call.  `file` and `line` name the place. */
Span repair_cell(Repair *repair, Span value, const char *file, uint64_t line);

void repair_free(Repair *repair);

#endif
