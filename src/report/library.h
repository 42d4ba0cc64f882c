/*
 * Library: the pipelines at hand, by name, and the verdicts on their claims.
 *
 * Those that a command names are there from the start; others are looked for as pipelines/NAME.yaml
 * when a placeholder speaks of them.  A claim of a pipeline that was not judged as a whole is
 * judged when it is first asked for, without its controls, in every vintage of its data.  No lines
 * are printed about what is built.
 */
#ifndef REPORT_LIBRARY_H
#define REPORT_LIBRARY_H

#include "warrant/verdicts.h"

typedef struct Volume {
    PipelineVerdicts pipeline;
    ClaimVerdicts *claims; /* by claim, of one not judged as a whole; NULL before the first */
    bool *judged;
} Volume;

typedef struct Library {
    Arena arena;
    Volume **volumes; /* in the order in which they came */
    size_t count, room;
} Library;

/* Opens the pipeline file; fails with its problem, or when another has the same name. */
Volume *library_open(Library *library, const char *path);

/* The pipeline of that name, opened if need be; NULL when there is none. */
Volume *library_find(Library *library, Span name);

const ClaimVerdicts *library_claim(Volume *volume, const Claim *claim);

void library_close(Library *library);

#endif
