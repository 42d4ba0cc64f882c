/*
 * Job: a step as several programs can share it - commands that run in each task of a split, and
 * commands that run once - and the engines that run one.
 *
 * A job has a folder of its own while it runs.  Task N leaves N.state there, the state of its parts
 * or the rows that its stages left; what runs once makes the step's table of all of them.
 */
#ifndef WARRANT_JOB_H
#define WARRANT_JOB_H

#include "warrant/invocation.h"
#include "warrant/split.h"
#include "warrant/stages.h"

typedef struct Job {
    const char *document, *step; /* names */
    const char *folder;          /* made by job_lock() */
    const char *prefix;          /* before the filters' names where they run */
    const Pipe *pipe;
    Parts parts; /* the files of the table it reads */
    Split split;
    Parts tables;          /* behind --from; sha256 is NULL where it is not known yet */
    char ***task_commands; /* words of the stages of a task, without its files, without --partial */
    size_t task_count;
    char ***rest_commands; /* of the stages behind; if there are no tasks, all, with their files */
    size_t rest_count;
    long patience;         /* seconds in which something has to move, for engines that wait */
    const char *delimiter; /* of what a task's last stage writes, as -d takes it; NULL: a comma */
} Job;

/*
 * The job of a pipe over these parts; names, folder and tables are the caller's to set.  With
 * `most_tasks` 0 it is not shared out.
 */
Job job_make(const Pipe *pipe, const Parameters *parameters, const TablePaths *tables,
             const Parts *parts, size_t most_tasks, Arena *arena);

/*
 * Makes the job's folder and locks it: one run at a time, until the descriptor is closed.  Fails
 * with the holder's name.  The system drops the lock when its holder ends, however it ends, so that
 * none is ever left behind; the name in the file is for the message.
 */
int job_lock(const Job *job, Arena *arena);

/* Where task `task`, from 1, leaves what it made. */
const char *job_state(const Job *job, size_t task, Arena *arena);

/* All that a task runs: words of `task_count` commands, but for where the last one's output goes.
 */
char ***job_task_words(const Job *job, size_t task, Arena *arena);

/* What takes the states, without their paths, if no stage behind does: a merge, or all rows. */
char **job_gather_words(const Job *job, Arena *arena);

/* All that runs once, on the states; *count commands. */
char ***job_once_words(const Job *job, size_t *count, Arena *arena);

/*
 * Adds what a command of a task, or of what runs once, did to what is known of its stage.
 */
void job_count_task(StageRun *stage, const StageRun *run);
void job_count_once(const Job *job, size_t command, StageRun *runs, const StageRun *run);

/* Removes a job's folder with the files in it. */
void job_remove(const Job *job);

/* How a job's folder is called in that of its pipeline, "STEP-KEY.TASKS.run", and the script in it
 * of an engine whose tasks go on when the program is killed. */
#define JOB_ENDING ".run"
#define JOB_SCRIPT "job.sh"

/*
 * Removes the folders that runs of a pipeline have left which were killed, but for those whose
 * tasks may go on, for the same command to follow them again; what can't be removed stays.
 * `folder` is that of the pipeline's results.
 */
void jobs_sweep(const char *folder);

typedef struct Engine {
    const char *name; /* as --on calls it */
    size_t most_tasks;

    /*
     * Runs a job whose folder is locked, in tasks or not, and gives its table's path inside the
     * job's folder.  `runs` are the step's stages, told apart by their argv, which get counts and
     * messages.  Fails with a sentence; then no table has come of it.
     */
    const char *(*run)(const Job *job, StageRun *runs, Arena *arena);
} Engine;

extern const Engine parts_engine; /* one task after the other, here */
extern const Engine slurm_engine; /* in the room emit, which writes its script */

/* Fails as usage if there is none of that name. */
const Engine *engine_find(const char *name);

#endif
