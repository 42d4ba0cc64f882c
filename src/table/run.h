/*
 * Run: records in order, in memory or put aside in a spill, and several runs merged to one.
 *
 * Runs are numbered in the order in which their records came: of equal records the one from the
 * earlier run comes first, so that a merge of sorted runs is as stable as one sort of all.
 */
#ifndef TABLE_RUN_H
#define TABLE_RUN_H

#include <stdbool.h>

#include "base/spill.h"
#include "table/sort.h"

/* A record of that group begins there.  Marks are at least so many bytes apart. */
enum { MARK_STEP = 8 * 1024 };
typedef struct Mark {
    uint64_t at;
    uint32_t group;
} Mark;

typedef struct Run {
    char *bytes;        /* the records, if they are in memory (pages.h), else NULL */
    uint64_t from, end; /* [from, end) of these, or of the spill */
    Mark *marks;        /* by them a group is found without a search */
    size_t mark_count, mark_room;
} Run;

/* Groups [from, end). */
typedef struct GroupRange {
    uint32_t from, end;
} GroupRange;

#define ALL_GROUPS ((GroupRange){0, UINT32_MAX})

/* The run's next record, of that group, begins there: marks it if it is time for a mark. */
void run_mark(Run *run, uint32_t group, uint64_t at);

void run_unmark(Run *run);

typedef struct RunWriter {
    Spill *spill;
    char *buffer;
    size_t room, used;
    Run run;
} RunWriter;

/* Begins a run behind what is in the spill, to which nothing else may be put until its end. */
void run_begin(RunWriter *writer, Spill *spill, size_t buffer);
void run_add(RunWriter *writer, const Record *record);
Run run_end(RunWriter *writer);

typedef struct Merge Merge;

/*
 * Reads the runs' records of the groups in the range, those in the spill through a buffer of that
 * size each; spill and runs in memory must outlive it.
 */
Merge *merge_open(const Spill *spill, const Run *runs, size_t count, GroupRange range,
                  size_t buffer);

/*
 * The next record of all, NULL at the end.  One that lies in memory is good as long as its run, one
 * from a spill until the next call; *lasting says which.
 */
const Record *merge_next(Merge *merge, bool *lasting);

void merge_close(Merge *merge);

#endif
