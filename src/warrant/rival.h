/*
 * Rival: the row that stands between a verdict and its opposite.
 */
#ifndef WARRANT_RIVAL_H
#define WARRANT_RIVAL_H

#include "warrant/judge.h"

/*
 * Looks for the rival of the row that was observed: of the rows whose own value gives the other
 * verdict, the nearest; where the value is a rank, nearness and distance are told in the column the
 * rank orders by.  The table is open on the observed result and is read through.
 */
void rival_find(Builder *builder, const Setting *setting, Outcome *outcome, Table *table);

/* For a count with a label: the labels of the rows that were counted, "1981-04-29, 1999-11-23". */
const char *rival_counted(const Outcome *outcome, Arena *arena);

#endif
