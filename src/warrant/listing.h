/*
 * Listing: verdicts of several pipelines on standard output, in one of four forms.
 */
#ifndef WARRANT_LISTING_H
#define WARRANT_LISTING_H

#include "warrant/verdicts.h"

/* For a person: a line for each claim, reading and check, what is not as expected, a summary. */
void listing_text(const PipelineVerdicts *pipelines, size_t count, Arena *arena);

/* The Test Anything Protocol: a point for each claim and reading. */
void listing_tap(const PipelineVerdicts *pipelines, size_t count, Arena *arena);

/* A table, or one JSON array, of the elements below. */
void listing_csv(const PipelineVerdicts *pipelines, size_t count, Arena *arena);
void listing_json(const PipelineVerdicts *pipelines, size_t count, Arena *arena);

/* A check of a claim in a reading and vintage, as texts; "" where there is nothing to say. */
enum {
    ELEMENT_PIPELINE,
    ELEMENT_CLAIM,
    ELEMENT_READING,
    ELEMENT_VINTAGE,
    ELEMENT_CHECK,
    ELEMENT_VERDICT,
    ELEMENT_OBSERVED,
    ELEMENT_UNIT,
    ELEMENT_LOW,
    ELEMENT_HIGH,
    ELEMENT_MARGIN,
    ELEMENT_EXPECT,
    ELEMENT_AS_EXPECTED,
    ELEMENT_REASON,
    ELEMENT_CONTROL,
    ELEMENT_ROUNDING,
    ELEMENT_COLUMNS
};

typedef struct Element {
    Span values[ELEMENT_COLUMNS];
} Element;

extern const char *const element_names[ELEMENT_COLUMNS];

/* Every element in order; a pipeline that could not be read is one that failed. */
void listing_each(const PipelineVerdicts *pipelines, size_t count,
                  void (*visit)(void *context, const Element *element), void *context,
                  Arena *arena);

#endif
