/*
 * Stages: random filters, one behind the other.
 */
#ifndef SQL_STAGES_H
#define SQL_STAGES_H

#include "tables.h"

typedef struct Stages {
    Table table; /* what has come out so far */
    Buffer out;  /* words of the pipe */
    size_t made; /* columns, for names */
    size_t count;
} Stages;

/* What the step `first` gives, for others to look things up in. */
void stages_know(const Table *table);

/* Adds a stage, or none when what was drawn does not fit the table. */
void stage(Stages *s);

/* Adds a filter --require. */
void require(Stages *s);

#endif
