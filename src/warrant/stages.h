/*
 * Stages: programs joined by pipes, watched until all have ended.
 *
 * The stages run side by side without a shell.  Each one's exit status is looked at; its standard
 * error is read line by line, so that the counts that --stats prints are told from messages.  A
 * stage that a closed pipe ended is fine only if the stage behind it succeeded.  When one stage
 * fails the others are ended too, and so they are when a signal asks this program to stop: the
 * signal then takes its usual course, with nothing left running and nothing half-written.
 */
#ifndef WARRANT_STAGES_H
#define WARRANT_STAGES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/memory.h"
#include "base/text.h"

/* What one stage did. */
typedef struct StageRun {
    const char *program; /* path of the executable */
    char *const *argv;   /* NULL-ended; argv[0] is the filter's name */
    int status;          /* as waitpid() gives it */
    bool stopped;        /* ended by us because another had failed: says nothing about it */
    bool good;           /* ended well, or a closed pipe ended it and the next one is good */
    bool counted;        /* the three counts are known */
    uint64_t rows_in, rows_out, bytes;
    char seconds[24]; /* as the filter printed it; "" when not counted */
    Buffer said;      /* its other lines on standard error, "NAME: " taken off */
} StageRun;

/*
 * Runs the stages, the first with nothing on standard input, and hands the last one's output
 * piece by piece to `take`, which may fail(): the stages are ended then and the failure goes on.
 * True when every stage is good.  Otherwise stages_blame() names the culprit.
 */
bool stages_run(StageRun *stages, size_t count,
                void (*take)(void *context, const char *bytes, size_t size), void *context);

/* "stage 2 (aggregate): MESSAGE" of the stage whose failure caused the others', in the arena. */
const char *stages_blame(const StageRun *stages, size_t count, Arena *arena);

/*
 * Takes what a stage that ran elsewhere said on standard error, line by line, as if it had run
 * here.
 */
void stage_hear(StageRun *stage, const char *said, size_t size);

/* "exit 0", "exit 1", "signal 9", "closed pipe", "stopped". */
const char *stage_status(const StageRun *stage, Arena *arena);

void stages_free(StageRun *stages, size_t count);

#endif
