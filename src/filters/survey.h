/*
 * Survey: a file that is no strict CSV, read all the same, and what `ingest` needs to be told of
 * it.
 *
 * Compression, encoding, delimiter, lines before and behind the table, ragged rows, names that are
 * missing or stand twice: each is a finding, with the line and with the option that cures it.  The
 * table itself is what has the width that most rows have.
 */
#ifndef FILTERS_SURVEY_H
#define FILTERS_SURVEY_H

#include "filters/profile.h"

typedef struct Survey {
    const char *path;
    size_t bound; /* of distinct values that are counted */
    size_t memory;
    Arena arena;
    const char **findings;
    size_t count, room;
    Buffer options; /* of ingest, each with a blank before it */
    char delimiter;
    const char *encoding; /* NULL: by its byte order mark, or UTF-8 */
    size_t width;
    uint64_t header;   /* its line; 0: none was found */
    Profile *profiles; /* by column */
    uint64_t rows;
    uint64_t ragged; /* rows of another width inside the table */
    bool broken;     /* it could not be read to the end */
} Survey;

/* `bound`: see profile_open(); `memory`: see budget_check(). */
void survey_file(Survey *survey, const char *path, size_t bound, size_t memory);

/* Of a table of one column: only whether another byte separates its fields. */
void survey_delimiter(Survey *survey, const char *path);

/* Adds an option once. */
void survey_option(Survey *survey, const char *option);

/* One more finding, formatted. */
void survey_find(Survey *survey, const char *format, ...) __attribute__((format(printf, 2, 3)));

void survey_free(Survey *survey);

#endif
