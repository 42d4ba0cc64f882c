/*
 * Inventory: every file that some verdicts stand on, each once, and how they hang together.
 *
 * Pipeline files and their catalogues, tables (also those that are not there), the results of steps
 * and the programs that made them.  What is listed is what was used, in the order in which it was
 * first used; the controls' results are left out.
 */
#ifndef REPORT_INVENTORY_H
#define REPORT_INVENTORY_H

#include "report/library.h"
#include "warrant/provenance.h"

/* A program of the toolkit. */
typedef struct Tool {
    const char *name, *path, *sha256;
} Tool;

typedef struct Inventory {
    Arena *arena;
    Chain chain; /* results of sources and steps, inputs first */
    const char **documents, **catalogues;
    size_t document_count, catalogue_count;
    const Result **sources; /* of the chain, one for each resource */
    size_t source_count;
    Tool *tools;
    size_t tool_count;
} Inventory;

/* Of all claims in the library that were judged. */
Inventory inventory_make(const Library *library, Arena *arena);
void inventory_free(Inventory *inventory);

/* Whether a result is a step's, and not a source's or a list of those. */
bool inventory_is_step(const Result *result);

/* Adds what one judgement stands on. */
void inventory_judgement(Chain *chain, const ClaimVerdicts *verdicts, const Judgement *judgement);

/* Whether a claim stands on the step in some reading on its own vintage. */
bool inventory_stands_on(const ClaimVerdicts *verdicts, const Step *step);

#endif
