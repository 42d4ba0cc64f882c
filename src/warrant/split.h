/*
 * Split: which stages of a step may run on each part of a table, and which have to wait for all.
 *
 * The leading row-wise stages run on a part as on the whole.  If an aggregate stands behind them it
 * makes a state of each part, and the states are merged; all that follows runs once.  If none does,
 * the rows that the row-wise stages leave are brought together, and the rest runs on them.
 *
 * Parts are dealt out to tasks in order, so that each task has about as many bytes as the others.
 */
#ifndef WARRANT_SPLIT_H
#define WARRANT_SPLIT_H

#include <stdio.h>

#include "warrant/document.h"
#include "warrant/manifest.h"

typedef struct SplitTask {
    const Part *parts; /* its files, one behind the other */
    size_t count;
} SplitTask;

typedef struct Split {
    size_t row_wise; /* leading stages that run in each task */
    bool merged;     /* the one behind is an aggregate whose states are merged */
    SplitTask *tasks;
    size_t count;
} Split;

/*
 * The split of a pipe over a table's parts into at most that many tasks, in the arena; its count is
 * 0 when the first stage needs every row, or `most` is 0.
 */
Split split_plan(const Pipe *pipe, const Parts *parts, size_t most, Arena *arena);

/* How many stages run in each task, the aggregate counted in. */
size_t split_stages(const Split *split);

/* What stands for that in --explain: two or three lines, each behind the indent. */
void split_explain(FILE *out, const Split *split, const Pipe *pipe, size_t files,
                   const char *indent);

/* Fails where a file's header is not that of the first, as a filter that reads both would. */
void split_check_headers(const Pipe *pipe, const Parts *parts);

#endif
