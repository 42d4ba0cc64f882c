/*
 * Page parts: pieces of the page that page.c puts together.
 */
#ifndef REPORT_PAGE_PART_H
#define REPORT_PAGE_PART_H

#include "report/report.h"

/* What the parts of a page need besides what they write. */
typedef struct Page {
    Buffer *out;
    const Report *report;
    Arena *arena; /* for what lives until the page is written */
} Page;

/* The definitions of the signs for verdicts and standings, used everywhere by name. */
void page_signs(Page *page);

/* The sign alone, for places where the word stands beside it; with it, and the word. */
void page_sign(Page *page, const char *class);
void page_verdict(Page *page, Verdict verdict);
const char *verdict_class(Verdict verdict);
const char *standing_class(Standing standing);

/* id of the passage that tells how a verdict came about: "CLAIM..READING..VINTAGE". */
void page_trial_id(Page *page, const Section *section, const Judgement *judgement);

/* An excerpt as a table with a caption; rows with a role say so. */
void page_excerpt(Page *page, const Excerpt *excerpt, const char *caption, const char *class);

/* Claims by readings: the table of those that stand alone; a grid for each matrix, and vintages. */
void page_readings(Page *page, const Section *section);
void page_grids(Page *page, const Section *section);

/* The rows that decided, of all readings on their own vintage. */
void page_decisions(Page *page, const Section *section);

/* How each verdict came about: rows, commands, sources; one folded passage for each. */
void page_derivations(Page *page, const Section *section);

void page_exhibit(Page *page, const Exhibit *exhibit);

/* The sources and the programs, at the end of the page. */
void page_sources(Page *page);
void page_programs(Page *page);

#endif
