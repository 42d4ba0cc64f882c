/*
 * Specification: what a filter is, without running it.
 *
 * One table per program: its arguments, its options and what kind of stage it is.  The program
 * itself parses its command line by it; the runner checks pipelines against it and plans with it.
 */
#ifndef FILTERS_SPECIFICATION_H
#define FILTERS_SPECIFICATION_H

#include "base/option.h"

typedef enum StageKind {
    STAGE_ROW_WISE,  /* each row on its own: may run on any part of the input */
    STAGE_MERGEABLE, /* partial results of parts can be merged */
    STAGE_WHOLE,     /* needs every row, or their order */
    STAGE_DISPLAY    /* for a person; not part of a pipe that computes */
} StageKind;

typedef struct Specification {
    const char *name;
    const char *purpose;  /* one line for --help */
    const char *argument; /* "CONDITION"; NULL when there is none */
    const char *second;   /* a second one behind it, or NULL: pivot NAME VALUE */
    const char *instead;  /* option that takes the argument's place, or NULL: pick --except */
    const char *label;    /* what messages call the argument when it is an expression */
    StageKind kind;
    const char *starts;      /* the one program that it runs, found by PATH, or NULL */
    const Option *options;   /* its own; common_options come on top */
    const char *examples[4]; /* for --help; NULL-ended */
} Specification;

/* How many of the operands of a command line are arguments: 0, 1 or 2. */
size_t specification_arguments(const Specification *specification, const CommandLine *line);

/* The arguments as messages call them: "CONDITION", "NAME VALUE". */
const char *specification_usage(const Specification *specification);

/* -d -o -p -j --memory --max-row --invalid --stats -h -V. */
extern const Option common_options[];

extern const Specification aggregate_specification, derive_specification, describe_specification,
    filter_specification, ingest_specification, lookup_specification, pick_specification,
    pivot_specification, plot_specification, rank_specification, share_specification,
    table_specification, unpivot_specification;

/* All of them, NULL-ended, by name. */
extern const Specification *const specifications[];

const Specification *specification_find(const char *name);

#endif
