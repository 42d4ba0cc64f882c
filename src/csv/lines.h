/*
 * Lines: where the fields of a batch stand, for those who ask for many of them.
 *
 * The fields are asked for in reading order, so that the batch's newlines are counted once.
 */
#ifndef CSV_LINES_H
#define CSV_LINES_H

#include "csv/excerpt.h"
#include "csv/reader.h"

typedef struct Lines {
    const char *at;         /* counted up to here */
    const char *line_start; /* of the line in which that is */
    uint64_t line;
} Lines;

Lines lines_of(const Batch *batch);

/* Of a field that does not lie before the one asked for last. */
Position lines_position(Lines *lines, Span field);

#endif
