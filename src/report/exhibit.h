/*
 * Exhibit: what a step's `show:` commands show, each run once for the report.
 *
 * A step is shown as the file stands, or, if it cannot be had so or no claim that stands on it is
 * judged so, in the first reading in which it can and is.  `plot` is run as a program found beside
 * warrant, and its drawing taken in; of `table` only the options are read: the report makes tables
 * of its own.  What cannot be shown has a problem to tell instead, and the report goes on.
 */
#ifndef REPORT_EXHIBIT_H
#define REPORT_EXHIBIT_H

#include "report/excerpt.h"
#include "report/inset.h"
#include "warrant/verdicts.h"

typedef struct Exhibit {
    const Step *step;
    const char *id;       /* "NAME-STEP-N" */
    const char *title;    /* what it shows, in a few words */
    const char *reading;  /* in which it is shown; NULL: as the file stands */
    const Result *result; /* there or not: then `problem` says why */
    char **command;       /* as a person would run it, but for its input */
    bool is_plot;
    Inset drawing;       /* of a plot */
    Excerpt excerpt;     /* of a table; behind a plot, the rows it was drawn from */
    const char *problem; /* why it cannot be shown, or NULL */
} Exhibit;

typedef struct Exhibits {
    Exhibit *items;
    size_t count;
} Exhibits;

/* The exhibits of all steps of a pipeline that was judged, in the file's order. */
Exhibits exhibits_make(PipelineVerdicts *pipeline, Arena *arena);

#endif
