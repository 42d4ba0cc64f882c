/*
 * Reading: the parts of a pipeline file that speak of parameters and of ways to read the text.
 *
 * Used by document.c and claim.c while a document is loaded; others meet only the result.
 */
#ifndef WARRANT_READING_H
#define WARRANT_READING_H

#include "warrant/document.h"
#include "warrant/yaml.h"

enum { READINGS_IN_LIST = 1000, READINGS_IN_DOCUMENT = 10000 };

/* `params:` of a document. */
Parameters parameters_load(const Node *map, Arena *arena);

/*
 * `readings:` of a document or of one claim, matrices expanded.  The document's parameters,
 * sources and steps must be there: what a reading changes is looked up.
 */
ReadingList reading_list_load(Document *document, const Node *map, bool of_claim);

/* The list of a document that names none. */
ReadingList reading_list_default(Document *document);

#endif
