/*
 * Report: everything that is told about some pipelines, put together once for all its forms.
 *
 * report_make() judges the pipelines in every vintage of their data, with their controls, runs what
 * the steps `show:`, fills the placeholders of the prose, and takes stock of the files behind it
 * all.  page.h and markdown.h write it down.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "report/exhibit.h"
#include "report/grid.h"
#include "report/inventory.h"
#include "report/standing.h"

typedef struct Section { /* a claim */
    const ClaimVerdicts *verdicts;
    const char *id;   /* "us-arms-exports.rok-share", fit for a page */
    const char *name; /* the same, as it is written */
    const char *note; /* Markdown, its placeholders filled; NULL */
    Stand stand;
    Arrangement arrangement;
    Exhibit **exhibits; /* of the steps that it stands on */
    size_t exhibit_count;
} Section;

typedef struct Chapter { /* a pipeline */
    PipelineVerdicts *pipeline;
    const char *id, *title;
    const char *about; /* as `note` */
    Section *sections;
    size_t count;
    Exhibits exhibits;
    Exhibit **beside; /* those of steps that no claim stands on */
    size_t beside_count;
} Chapter;

typedef struct Report {
    Arena arena;
    Library library;
    Chapter *chapters;
    size_t count;
    const char *title;
    const char *command;   /* that made the report, as a shell reads it */
    const char *checksums; /* path of the list beside the report; NULL when there is none */
    Inventory inventory;
} Report;

/* Fails when a pipeline can't be read, or a placeholder in its prose is unknown or ambiguous. */
void report_make(Report *report, char *const *paths, size_t count, const char *title);
void report_free(Report *report);

/* How many exhibits are missing, and how many verdicts are `failed`; each is told on the way. */
size_t report_shortcomings(const Report *report);

/* The section that shows an exhibit in full: the first that stands on its step. */
const Section *report_owner(const Chapter *chapter, const Exhibit *exhibit);

/* Rows that decided, of one step: as they stand in its table. */
typedef struct Decision {
    const char *step;
    Excerpt excerpt;
} Decision;

typedef struct Decisions {
    Decision *items; /* one for each step or set of columns */
    size_t count, room;
} Decisions; /* all zero is an empty one */

/*
 * Adds the rows that decided an outcome in a reading - at most `limit`, the rival, those it was
 * compared with - behind those that are there already, where the columns are the same.
 */
void decisions_add(Decisions *decisions, const Outcome *outcome, const char *reading, size_t limit,
                   Arena *arena);
void decisions_finish(Decisions *decisions, int32_t places, Arena *arena);

/*
 * Totals over the claims that the text makes, by standing, and over all their readings, by verdict;
 * and how many claims stand beside the text.
 */
typedef struct Totals {
    size_t claims, readings, standings[STANDINGS], verdicts[VERDICT_FAILED + 1];
    size_t beside;
} Totals;
Totals report_totals(const Report *report);

#endif
