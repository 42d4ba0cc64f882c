/*
 * Statefile: the groups of one part of a table with the states of their summaries, as strict CSV.
 *
 *     record,item,value,n
 *     header,version,1.0.0,
 *     header,part,2,8                 the second of eight parts
 *     header,summaries,"sum(tiv) as tiv, count(*) as deals",
 *     header,group,recipient,         and whatever else makes the result what it is
 *     header,scale,exact,             numbers have all their digits; they are rounded once merged
 *     group,recipient,South Korea,    a group begins: its key's first column ...
 *     key,year,2004,                  ... and the others
 *     state,1,1346.42,17              the first summary: a sum of 17 values
 *     end,rows,,512                   rows of the part
 *     end,invalid,,0                  cells that were taken as missing
 *     end,sha256,9f86d0818988...,     of every byte before this line
 *
 * Groups stand in the order of their first rows.  What follows from the rows and the specification
 * alone is written, so that the same part gives the same bytes.
 */
#ifndef FILTERS_STATEFILE_H
#define FILTERS_STATEFILE_H

#include "base/digest.h"
#include "csv/writer.h"
#include "table/partial.h"

/* A bound on the memory that a hostile header can ask for. */
enum { STATE_PARTS_MOST = 1000 * 1000 };

/* More than any table has: a bound on hostile counts, below which all sums of them are right. */
#define STATE_ROWS_MOST UINT64_C(10000000000000)

/* A row of the header. */
typedef struct StateFact {
    const char *item, *value;
} StateFact;

typedef struct StateFacts {
    StateFact *items;
    size_t count, room;
} StateFacts; /* heap; free(items) */

void statefacts_add(StateFacts *facts, const char *item, const char *value);

/* The first value of that item, or NULL. */
const char *statefacts_value(const StateFacts *facts, const char *item);

/* ---- writing ---- */

typedef struct StateWriter {
    Writer *writer; /* the caller's */
    Digest *digest;
    Buffer line;
} StateWriter;

void statewriter_open(StateWriter *state, Writer *writer, size_t part, size_t parts,
                      const StateFacts *facts);

/* Appends the rows of one group, newlines between; for any thread. */
void stategroup_append(Partial *partial, size_t group, const ColumnList *keys, Buffer *out);

/* Writes the rows of one group. */
void statewriter_group(StateWriter *state, Span rows);

void statewriter_close(StateWriter *state, uint64_t rows, uint64_t invalid);

/* ---- reading ---- */

typedef struct StateSet {
    Arena arena;
    char **paths; /* by part */
    size_t count;
    StateFacts facts; /* that all have */
    uint64_t rows, invalid, bytes;
} StateSet;

/*
 * Looks at the headers of the files.  Fails unless they are the N parts of one specification, each
 * there once, made by this version.
 */
void stateset_open(StateSet *set, char *const *paths, size_t count);

/* Called from time to time while groups are added. */
typedef void StateRest(void *context);

/*
 * Adds all groups of all parts to a partial whose key columns have these names.  Fails with the
 * place on whatever is not as it was written: a row too many or too few, another byte, summaries of
 * more values than there are rows.
 */
void stateset_read(StateSet *set, Partial *partial, const ColumnList *keys, StateRest *rest,
                   void *context);

void stateset_close(StateSet *set);

#endif
