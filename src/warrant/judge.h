/*
 * Judge: one check of a claim in one setting - what is observed, what it is held against, and what
 * follows from that.
 */
#ifndef WARRANT_JUDGE_H
#define WARRANT_JUDGE_H

#include "warrant/build.h"
#include "warrant/interval.h"
#include "warrant/table.h"

/* A value found in a step's result. */
typedef struct Value {
    Span text; /* the cell, or the number of rows */
    bool is_number;
    Decimal number;
} Value;

/* Where a value was found. */
typedef struct Finding {
    const Result *result; /* the step looked at; NULL when it came to nothing before that */
    bool found;
    Value value;
    Rows rows; /* those that decide: the one row, or the first of those counted */
} Finding;

/* The row that would have to change places for the verdict to change. */
typedef struct Rival {
    bool found;
    Span name;        /* in the label column */
    Span *cells;      /* of the whole row */
    const char *told; /* "Saudi Arabia, 447 ahead in tiv (0.3 points of share)" */
    bool measured;
    Decimal distance; /* if measured: between the two rows, in the share where there is one, else
                         in the quantity that ranks, else in the value checked */
} Rival;

/* Whether the values behind rounded inputs could make the verdict another (worst_case.h). */
typedef enum WorstCaseState {
    WORST_CASE_NONE,    /* there is no comparison */
    WORST_CASE_DECIDED, /* the verdict is the same for all of them */
    WORST_CASE_INSIDE,  /* it is another for some: inputs were found that make it so */
    WORST_CASE_UNKNOWN  /* neither could be shown */
} WorstCaseState;

typedef struct WorstCase {
    WorstCaseState state;
    bool uncertain; /* an input has a precision; if none has, the inputs are taken as exact */
    bool enclosed;  /* the observed number lies between low and high whatever the inputs were */
    Decimal low, high;
    const char *reason; /* why it is unknown; NULL */
} WorstCase;

typedef struct Outcome {
    const Check *check;
    Verdict verdict;
    const char *reason; /* why it failed or cannot be tested, else NULL */
    Finding observed, other;
    bool has_interval; /* numbers were compared, and so there is a margin */
    Interval interval;
    Decimal margin;
    const char *target; /* a text that was compared with, or NULL */
    Rival rival;
    WorstCase worst_case; /* set by worst_case_find() */
} Outcome;

/*
 * Judges a check.  Steps are built as needed; whatever fails makes the verdict `failed`.  With
 * `rival` the rival row is looked for.
 */
Outcome judge(Builder *builder, Setting *setting, const Claim *claim, const Check *check,
              bool rival);

/* The step a value is looked for in: its own, the reading's, the claim's. */
const char *judge_step(const Setting *setting, const Claim *claim, const Observed *observed);

#endif
