/*
 * Slurm: a pipeline as a bash script that submits itself - for each step an array of tasks, each
 * for a few files of its source, and a job behind it that runs once and makes the table of what
 * the tasks left.
 *
 * Called with a step and a number the script is one task; called without anything it submits all.
 * Every task checks the files that it reads, looks at the status of each stage, and leaves what it
 * made under its name only when it is whole; what runs once wants each of them.
 */
#ifndef EMIT_SLURM_H
#define EMIT_SLURM_H

#include "emit/script.h"
#include "warrant/job.h"

void slurm_write(const Script *script, Buffer *out);

/*
 * The script of one job, for the engine (cluster.c): `bash SCRIPT N` is task N, SLURM_ARRAY_TASK_ID
 * unless it is given, `bash SCRIPT once` what runs once.  Filters are found in `bin`.
 *
 * Of task N, and of what runs once (N is `once`), stay in the job's folder: N.state, with its
 * sha256 in N.sum, or table.csv; N.said.0 ... what the script and each stage said; N.ended, which
 * is written last: a line with 0 or how the script failed, and one with the stages' statuses.
 */
void slurm_job_write(const Job *job, const char *bin, Buffer *out);

#endif
