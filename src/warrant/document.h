/*
 * Document: a pipeline file as it was written, checked for form.
 *
 * document_load() reads pipelines/NAME.yaml through libyaml's events and gives the tree below, in
 * one arena.  It refuses anchors, aliases, tags, duplicate and unknown keys, wrong kinds of nodes,
 * names that are not there (a step's `from`, a claim's reading, a parameter …), loops among steps,
 * and too much nesting - each with "FILE:LINE:COLUMN: sentence".  Pipes are parsed into words
 * (shell spelling, no shell) and every stage is checked against its filter's specification.
 * What it does not look at: data, the catalogue, columns.
 *
 * Everything lives in the document's arena, the items of Parameters too: read them, copy them into
 * a set of one's own, but neither bind to them nor free them.  Lists keep the order of the file.
 *
 * A reading written as a matrix, growth: { matrix: { last: [2015, 2016], base: [0, 10] } }, becomes
 * one reading per cell, the last parameter changing fastest: growth:last=2015,base=0,
 * growth:last=2015,base=10 …; a list among the values is named by its values joined with +.
 */
#ifndef WARRANT_DOCUMENT_H
#define WARRANT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"
#include "expr/parameters.h"
#include "filters/specification.h"
#include "warrant/yaml.h"

/* One filter of a pipe. */
typedef struct Stage {
    const Specification *filter;
    char **words; /* [0] is the filter's name; NULL-ended */
    size_t word_count;
    const char *tables[4]; /* names behind --from: sources or steps; NULL-ended */
    Mark mark;
} Stage;

typedef struct Pipe {
    const char *text; /* as written */
    Stage *stages;
    size_t count;
    Mark mark;
} Pipe;

/* A bound of `needs`: a number or the name of a parameter. */
typedef struct Bound {
    const char *parameter; /* NULL for a number */
    Decimal number;
    Mark mark;
} Bound;

typedef struct Need {
    const char *column;
    Bound first, last;
} Need;

typedef struct SourceName {
    const char *name;
    const char *
        *resources; /* names of resources, whose rows follow each other; none with a series */
    size_t resource_count;
    const char *series;
    const char *vintage; /* the default one */
    Need *needs;
    size_t need_count;
    Mark mark;
} SourceName;

typedef struct Step {
    const char *name;
    const char **from; /* sources or steps */
    size_t from_count;
    const char *why; /* NULL if not said */
    Pipe pipe;       /* count 0: the inputs as they are */
    Pipe *show;      /* one stage each */
    size_t show_count;
    Mark mark;
} Step;

/* Names given a value: vintages by series. */
typedef struct Choice {
    const char *name, *value;
} Choice;

/* One way of reading the text. */
typedef struct Reading {
    const char *name;      /* a matrix's: "growth:last=2015,base=10" */
    Parameters parameters; /* those it changes */
    Choice *vintages;
    size_t vintage_count;
    const char *from; /* another step for the claim, or NULL */
    const char *grid; /* the matrix's name, NULL if it stands alone */
    Mark mark;
} Reading;

typedef struct ReadingList {
    Reading *items;
    size_t count;
} ReadingList;

typedef enum Comparison {
    COMPARE_PRINTED,
    COMPARE_NEAR,
    COMPARE_EQUALS,
    COMPARE_AT_LEAST,
    COMPARE_AT_MOST,
    COMPARE_MORE_THAN,
    COMPARE_LESS_THAN
} Comparison;

/* A value in a step's result: a column of the one row that `where` meets, or a count of rows. */
typedef struct Observed {
    const char *from;  /* a step; NULL: the claim's */
    const char *value; /* a column, or NULL when counting */
    const char *count; /* a condition, or NULL */
    const char *where; /* a condition, or NULL for a one-row step */
    Mark mark;
} Observed;

typedef struct Check {
    const char *name; /* given, or the value's column, or "count"; unique within the claim */
    Observed observed;
    Comparison comparison;
    const char *target;  /* as written: "9", "120", "South Korea"; NULL when `other` is used */
    bool target_is_text; /* for equals: quoted, or not a number; target_number is not set */
    Decimal target_number, within;
    int32_t printed_places; /* digits behind the point of `printed` */
    const Observed *other;  /* the right side, when it is another value */
    const char *unit;       /* a label; NULL */
    const char *label;      /* the column that names the rival row; NULL */
    Mark mark;
} Check;

typedef enum Verdict {
    VERDICT_REPRODUCED,
    VERDICT_NOT_TESTABLE,
    VERDICT_CONTRADICTED,
    VERDICT_FAILED
} Verdict;

/*
 * What is expected: by reading, or for all (reading NULL).  `reading` may be "NAME@VINTAGE".  An
 * expectation of a matrix as a whole stands here once for each of its readings.
 */
typedef struct Expectation {
    const char *reading;
    Verdict *verdicts;
    size_t count;
    Mark mark;
} Expectation;

typedef struct Control {
    const char *in; /* the source that is changed */
    Pipe pipe;
    Mark mark;
} Control;

typedef struct Claim {
    const char *name, *at, *says, *note;
    bool beside; /* the text does not make it: it stands beside a passage, as `at` says */
    const char *from;
    Check *checks;
    size_t check_count;
    const char *untestable; /* the reason, instead of checks */
    Expectation *expect;
    size_t expect_count;
    Control *controls;
    size_t control_count;
    ReadingList readings; /* its own; count 0: the document's */
    Mark mark;
} Claim;

typedef struct Document {
    Arena arena;
    const char *path; /* as given */
    const char *name; /* file name without folder and .yaml */
    const char *title, *about;
    Parameters parameters;
    SourceName *sources;
    size_t source_count;
    Step *steps; /* in file order; document_load() has checked that there is no loop */
    size_t step_count;
    Claim *claims;
    size_t claim_count;
    ReadingList readings; /* one named "default" where none are written */
    size_t reading_count; /* of all lists together */
} Document;

/* Fails (a trap catches it) with one sentence; nothing of the document is left then. */
Document *document_load(const char *path);
void document_free(Document *document);

const SourceName *document_source(const Document *document, const char *name);
const Step *document_step(const Document *document, const char *name);
const Claim *document_claim(const Document *document, const char *name);

/* The readings a claim is judged in. */
const ReadingList *document_readings(const Document *document, const Claim *claim);

const char *verdict_name(Verdict verdict); /* "reproduced", "not testable", … */

/*
 * What is said under `expect` of a claim in a reading: with vintage NULL of the reading as such,
 * else by "READING@VINTAGE" alone.  NULL when nothing is.
 */
const Expectation *claim_expectation(const Claim *claim, const char *reading, const char *vintage);

#endif
