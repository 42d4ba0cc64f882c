/*
 * Build: results of sources and steps in a setting, made or found in the cache.
 *
 * Building never fails as a call: a result that cannot be had says so, and so does every result
 * that stands on it.
 */
#ifndef WARRANT_BUILD_H
#define WARRANT_BUILD_H

#include "warrant/cache.h"
#include "warrant/job.h"
#include "warrant/setting.h"
#include "warrant/stages.h"

typedef enum ResultState {
    RESULT_THERE,
    RESULT_PENDING,     /* only planned (Builder.plan_only) */
    RESULT_UNAVAILABLE, /* a file that is not there, a vintage that does not reach */
    RESULT_FAILED
} ResultState;

typedef struct Result {
    ResultState state;
    const char *reason;       /* why it is not there, or has to be built */
    const char *path;         /* of the table, or of its manifest; NULL for a list of resources */
    const char *digest;       /* its sha256, NULL while pending */
    Parts parts;              /* files of the table, one behind the other */
    const char *name;         /* of the source or step */
    const Resource *resource; /* a source's; NULL for a list of them, which are its inputs */
    const Step *step;         /* a step's; also that of a control; else NULL */
    const struct Result **inputs; /* FILE operands, then tables behind --from */
    size_t input_count, file_count;
    const Job *job;   /* how it can be shared out; NULL unless it reads sources in several files */
    char ***commands; /* words of each stage as they are run, without --stats */
    size_t command_count;
    const Record *record; /* what it was made of and what happened; NULL for a source */
    StageRun *runs;       /* the stages if they ran now; NULL when kept */
} Result;

typedef struct Builder {
    Arena arena;
    const char *folder;   /* the cache */
    const Engine *engine; /* runs what reads sources; NULL: one pipe, here */
    size_t most_tasks;    /* 0: as many as the engine takes */
    long patience;        /* of an engine that waits, in seconds */
    bool plan_only;       /* look, do not run */
    bool quiet;           /* no lines about rebuilding */
    size_t most_bytes;    /* of one result: $WARRANT_MAX_OUTPUT */
    const Result **made;  /* step results of this process, by path */
    size_t made_count, made_room;
} Builder;

void builder_open(Builder *builder, const Catalogue *catalogue);
void builder_close(Builder *builder);

/*
 * A step without a pipe is its input, or all of them one behind the other: `filter true` does that.
 * The step itself if it has a pipe.
 */
const Step *step_with_pipe(const Step *step, Arena *arena);

/* What the first stages of a step give, in the builder's arena; nothing is said about building. */
const Result *build_begun(Builder *builder, Setting *setting, const Step *step, size_t stages);

/* The result of a source or step, in the builder's arena. */
const Result *build(Builder *builder, Setting *setting, const char *name);

#endif
