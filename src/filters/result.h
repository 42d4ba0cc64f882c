/*
 * Result: the rows that aggregate writes, items evaluated over the summaries of groups, or the
 * states of these summaries.
 *
 * Rows come as the bytes of their cells with delimiters between, to be written or to be held.  One
 * result belongs to one thread.
 */
#ifndef FILTERS_RESULT_H
#define FILTERS_RESULT_H

#include "expr/evaluate.h"
#include "table/partial.h"

/* What is the same for all of them. */
typedef struct ResultForm {
    const ItemList *items;
    const SummaryCalls *calls;
    size_t key_count;
    int32_t places; /* -1: as they come */
    char delimiter;
    const ColumnList *state_keys; /* states are wanted (statefile.h), not values; else NULL */
    const Header *header;         /* of the input, and its name, for messages */
    const char *input;
} ResultForm;

typedef struct Result {
    const ResultForm *form;
    Evaluation *evaluation;
    Vector *results;       /* by call */
    Vector *key_values;    /* by key column */
    const Vector **values; /* by item */
    Arena lasting, passing;
    Buffer row;

    /* Some groups at a time: */
    Partial *partial;
    const uint32_t *groups;
    uint64_t at; /* ordinal of the group in work: of the one at fault when there is a failure */
} Result;

void result_open(Result *result, const ResultForm *form);

/* Takes a row, good until it returns. */
typedef void ResultRow(void *context, uint64_t ordinal, Span row);

/* Gives the rows of groups[0] … groups[count-1], in this order. */
void result_rows(Result *result, Partial *partial, const uint32_t *groups, size_t count,
                 ResultRow *take, void *context);

void result_close(Result *result);

#endif
