/*
 * Claim: the part of a pipeline file that says what the text says, and what was expected of it.
 *
 * Used by document.c, when parameters, sources, steps and readings are there to be looked up.
 */
#ifndef WARRANT_CLAIM_H
#define WARRANT_CLAIM_H

#include "warrant/document.h"
#include "warrant/yaml.h"

Claim claim_load(Document *document, const Node *key, const Node *map);

#endif
