#include "emit/slurm.h"

#include <string.h>

#include "base/diagnostic.h"
#include "emit/shell.h"
#include "warrant/invocation.h"

enum { MOST_TASKS = 64 };

static const char head[] =
    "set -u\n"
    "jobs=${SLURM_CPUS_PER_TASK:-1}\n"
    "\n"
    "# take TASK: reads lines \"TASK SHA256 FILE\"; puts the files of this task into `files`, and\n"
    "# looks whether they, and those of task 0, are what they were when this was written.\n"
    "take() {\n"
    "    local task sum file\n"
    "    files=()\n"
    "    while read -r task sum file; do\n"
    "        [ \"$task\" = \"$1\" ] || [ \"$task\" = 0 ] || continue\n"
    "        if [ \"$(sha256sum <\"$file\" | cut -d ' ' -f 1)\" != \"$sum\" ]; then\n"
    "            echo \"$file: not the file that it was when the job was made\"\n"
    "            return 1\n"
    "        fi >&2\n"
    "        [ \"$task\" = 0 ] || files+=(\"$file\")\n"
    "    done\n"
    "}\n"
    "\n"
    "# keep TABLE STATUS...: puts what the stages made in its place if each of them has "
    "succeeded.\n"
    "# One that a closed pipe ended (141) has if the next one has.\n"
    "keep() {\n"
    "    local table=$1 i\n"
    "    shift\n"
    "    ended=$*\n"
    "    for ((i = $#; i > 0; i--)); do\n"
    "        if [ \"${!i}\" -ne 0 ] && { [ \"${!i}\" -ne 141 ] || [ \"$i\" -eq $# ]; }; then\n"
    "            echo \"$table: its stages ended with status $*\" >&2\n"
    "            return 1\n"
    "        fi\n"
    "    done\n"
    "    sha256sum <\"$new\" >\"$new.sum\" && mv \"$new.sum\" \"$said.sum\" && mv \"$new\" "
    "\"$table\"\n"
    "}\n"
    "\n"
    "# gather TASKS: looks whether all of them have left what they made, and it is whole.  Of "
    "one\n"
    "# that has not, it forgets that it ended, so that it is tried again.\n"
    "gather() {\n"
    "    local i\n"
    "    for ((i = 1; i <= $1; i++)); do\n"
    "        if ! [ -e \"$run/$i.state\" ] ||\n"
    "            [ \"$(sha256sum <\"$run/$i.state\")\" != \"$(cat \"$run/$i.sum\")\" ]; then\n"
    "            echo \"part $i of $1 is missing or not whole\" >&2\n"
    "            rm -f \"$run/$i.ended\"\n"
    "            return 1\n"
    "        fi\n"
    "    done\n"
    "}\n"
    "\n"
    "# work STEP TASK: runs the step's function for a task, or for `once`, and notes how it "
    "ended.\n"
    "work() {\n"
    "    local status\n"
    "    folder \"$1\"\n"
    "    said=$run/$2\n"
    "    ended=\n"
    "    new=$(mktemp \"$run/new.XXXXXX\") || exit 1\n"
    "    trap 'rm -f \"$new\" \"$new.sum\" \"$new.ended\"' EXIT\n"
    "    if [ \"$2\" = once ]; then \"$1_once\"; else \"$1_task\" \"$2\"; fi 2>\"$said.said.0\"\n"
    "    status=$?\n"
    "    cat \"$said\".said.* >&2\n"
    "    printf '%s\\n' \"$status\" \"$ended\" >\"$new.ended\"\n"
    "    mv \"$new.ended\" \"$said.ended\" || exit 1\n"
    "    exit \"$status\"\n"
    "}\n";

/* ---- a job's functions ---- */

/* `read` takes blanks off the end of a line; the rest as for sha256sum. */
static void write_file(const char *task, const Part *file, Buffer *out)
{
    size_t size = strlen(file->path);
    if (strpbrk(file->path, "\n\r") != NULL || strchr(" \t", file->path[size - 1]) != NULL ||
        strchr(" \t", file->path[0]) != NULL)
        fail("%s: a path with a line break, or a blank at an end, cannot stand in a script",
             shown(file->path, size));
    buffer_format(out, "%s %s %s\n", task, file->sha256, file->path);
}

static void write_tables(const Job *job, Buffer *out)
{
    for (size_t i = 0; i < job->tables.count; i++)
        if (job->tables.items[i].sha256 != NULL)
            write_file("0", &job->tables.items[i], out);
}

static void write_task_files(const Job *job, Buffer *out)
{
    buffer_text(out, "    take \"$1\" <<'END' || return 1\n");
    write_tables(job, out);
    for (size_t task = 0; task < job->split.count; task++)
        for (size_t i = 0; i < job->split.tasks[task].count; i++) {
            char number[24];
            snprintf(number, sizeof number, "%zu", task + 1);
            write_file(number, &job->split.tasks[task].parts[i], out);
        }
    buffer_text(out, "END\n");
}

/* Files of a job that runs once only: of steps before it nobody knows the digest yet. */
static void write_once_files(const Job *job, Buffer *out)
{
    Buffer files = {0};
    write_tables(job, &files);
    for (size_t i = 0; job->split.count == 0 && i < job->parts.count; i++)
        if (job->parts.items[i].sha256 != NULL)
            write_file("0", &job->parts.items[i], &files);
    if (files.size != 0)
        buffer_format(out, "    take 0 <<'END' || return 1\n%sEND\n", buffer_string(&files));
    buffer_free(&files);
}

static bool has_word(char *const *words, const char *word)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

/* The command with what the runner adds: threads, counts; then words that are shell text already.
 */
static void write_command(const char *prefix, char *const *words, const char *more, size_t number,
                          bool last, Buffer *out)
{
    Buffer program = {0};
    buffer_format(&program, "%s%s", prefix, words[0]);
    shell_word(buffer_string(&program), out);
    buffer_free(&program);
    buffer_text(out, " -j \"$jobs\"");
    if (!has_word(words, "--stats"))
        buffer_text(out, " --stats");
    for (size_t i = 1; words[i] != NULL; i++) {
        buffer_byte(out, ' ');
        shell_word(words[i], out);
    }
    buffer_text(out, more);
    if (last)
        buffer_text(out, " >\"$new\"");
    buffer_format(out, " 2>\"$said.said.%zu\"%s\n", number, last ? "" : " |");
}

static void write_task(const Job *job, const char *name, Buffer *out)
{
    buffer_format(out, "%s_task() {\n", name);
    write_task_files(job, out);
    for (size_t i = 0; i < job->task_count; i++) {
        bool last = i + 1 == job->task_count;
        Buffer more = {0};
        if (i == 0)
            buffer_text(&more, " \"${files[@]}\"");
        if (last && job->split.merged)
            buffer_format(&more, " --partial --part \"$1/%zu\"", job->split.count);
        buffer_text(out, i == 0 ? "    " : "        ");
        write_command(job->prefix, job->task_commands[i], buffer_string(&more), i + 1, last, out);
        buffer_free(&more);
    }
    buffer_text(out, "    keep \"$run/$1.state\" \"${PIPESTATUS[@]}\"\n}\n\n");
}

static void write_once_commands(const Job *job, Arena *arena, Buffer *out)
{
    Buffer states = {0};
    if (job->split.count != 0)
        buffer_format(&states, " \"$run\"/{1..%zu}.state", job->split.count);
    const char *more = buffer_string(&states);
    size_t number = 1;
    if (job->split.merged || (job->split.count != 0 && job->rest_count == 0)) {
        buffer_text(out, "    ");
        write_command(job->prefix, job_gather_words(job, arena), more, number++,
                      job->rest_count == 0, out);
        more = "";
    }
    for (size_t i = 0; i < job->rest_count; i++) {
        buffer_text(out, number == 1 ? "    " : "        ");
        write_command(job->prefix, job->rest_commands[i], more, number++, i + 1 == job->rest_count,
                      out);
        more = "";
    }
    buffer_free(&states);
}

static void write_once(const Job *job, const char *name, const char *table, Arena *arena,
                       Buffer *out)
{
    buffer_format(out, "%s_once() {\n", name);
    write_once_files(job, out);
    if (job->split.count != 0)
        buffer_format(out, "    gather %zu || return 1\n", job->split.count);
    write_once_commands(job, arena, out);
    buffer_format(out, "    keep %s \"${PIPESTATUS[@]}\"\n}\n\n", table);
}

/* NAME_task and NAME_once; `table` is shell text. */
static void write_functions(const Job *job, const char *name, const char *table, Arena *arena,
                            Buffer *out)
{
    if (job->split.count != 0)
        write_task(job, name, out);
    write_once(job, name, table, arena, out);
}

void slurm_job_write(const Job *job, const char *bin, Buffer *out)
{
    Arena arena = {0};
    buffer_text(out, "#!/bin/bash\n");
    comment_write("# ", arena_format(&arena, "A job of %s: %s.", job->document, job->step), out);
    buffer_text(out, "PATH=");
    shell_word(bin, out);
    buffer_format(out, ":$PATH\n%s\nfolder() {\n    run=", head);
    shell_word(job->folder, out);
    buffer_text(out, "\n}\n\n");
    write_functions(job, "step", "\"$run/table.csv\"", &arena, out);
    buffer_text(out, "work step \"${1:-$SLURM_ARRAY_TASK_ID}\"\n");
    arena_free(&arena);
}

/* ---- a whole pipeline ---- */

static bool reads_sources(const Script *script, const Step *step)
{
    for (size_t i = 0; i < step->from_count; i++)
        if (script_table(script, step->from[i])->source == NULL)
            return false;
    return true;
}

static Parts lookup_tables(const Script *script, const Step *step)
{
    Parts tables = {0};
    for (size_t i = 0; i < step->pipe.count; i++)
        for (const char *const *name = step->pipe.stages[i].tables; *name != NULL; name++) {
            const ScriptTable *table = script_table(script, *name);
            if (table->source != NULL && table->parts.count == 1)
                tables = parts_joined(&tables, &table->parts, script->arena);
        }
    return tables;
}

static Job step_job(const Script *script, const ScriptTable *table)
{
    const Step *step = table->step;
    Parts parts = script_inputs(script, step);
    TablePaths tables = script_table_paths(script);
    size_t most = reads_sources(script, step) ? MOST_TASKS : 0;
    Job job =
        job_make(&step->pipe, &script->setting->parameters, &tables, &parts, most, script->arena);
    job.document = script->folder;
    job.prefix = "";
    job.step = table->name;
    job.tables = lookup_tables(script, step);
    if (job.split.count != 0)
        split_check_headers(&step->pipe, &parts);
    return job;
}

static const char submission[] =
    "# submit STEP TASKS [JOB...]: hands a step to Slurm, to begin when the jobs have succeeded;\n"
    "# its own jobs end with those that they wait for.  Leaves the last one's number in `job`.\n"
    "submit() {\n"
    "    local step=$1 tasks=$2 wait= jobs=\n"
    "    shift 2\n"
    "    [ $# -eq 0 ] || printf -v wait ':%s' \"$@\"\n"
    "    folder \"$step\"\n"
    "    if [ -e \"$run/jobs\" ] && [ -n \"$(squeue -h -j \"$(cat \"$run/jobs\")\" 2>/dev/null)\" "
    "]; then\n"
    "        echo \"$step: jobs $(cat \"$run/jobs\") are still at work in $run\" >&2\n"
    "        exit 1\n"
    "    fi\n"
    "    mkdir -p \"$run\" && rm -f \"$run\"/* || exit 1\n"
    "    if [ \"$tasks\" -ne 0 ]; then\n"
    "        batch \"$wait\" --array=\"1-$tasks\" \"$self\" task \"$step\"\n"
    "        wait=:$job\n"
    "    fi\n"
    "    batch \"$wait\" \"$self\" once \"$step\"\n"
    "    echo \"$step: $tasks tasks, and job $job behind them\"\n"
    "}\n"
    "\n"
    "# batch WAIT ARGUMENT...: sbatch with what all jobs have in common; notes at once who is at\n"
    "# work in the folder.\n"
    "batch() {\n"
    "    local wait=$1\n"
    "    shift\n"
    "    job=$(sbatch --parsable --no-requeue --kill-on-invalid-dep=yes --job-name=\"$step\" \\\n"
    "        --output=\"$run/slurm-%j.out\" ${wait:+--dependency=\"afterok$wait\"} \"$@\") || exit "
    "1\n"
    "    job=${job%%;*} jobs=${jobs:+$jobs,}${job%%;*}\n"
    "    echo \"$jobs\" >\"$run/jobs\" || exit 1\n"
    "}\n";

/* Which steps, by number, must be there before this one. */
static bool *steps_before(const Script *script, const Step *step)
{
    bool *before = arena_array(script->arena, script->step_count, sizeof *before);
    memset(before, 0, script->step_count * sizeof *before);
    for (size_t i = 0; i < step->from_count; i++) {
        const ScriptTable *table = script_table(script, step->from[i]);
        if (table->source == NULL)
            before[table - script->steps] = true;
    }
    for (size_t i = 0; i < step->pipe.count; i++)
        for (const char *const *name = step->pipe.stages[i].tables; *name != NULL; name++) {
            const ScriptTable *table = script_made(script, *name);
            if (table != NULL)
                before[table - script->steps] = true;
        }
    return before;
}

/* A step's last job is "$job_N" where others wait for it: names may hold what a variable's may not.
 */
static void write_submissions(const Script *script, const Job *jobs, Buffer *out)
{
    size_t count = script->step_count;
    bool **before = arena_array(script->arena, count, sizeof *before);
    for (size_t i = 0; i < count; i++)
        before[i] = steps_before(script, script->steps[i].step);
    for (size_t i = 0; i < count; i++) {
        bool awaited = false;
        buffer_text(out, "    submit ");
        shell_word(jobs[i].step, out);
        buffer_format(out, " %zu", jobs[i].split.count);
        for (size_t j = 0; j < count; j++) {
            awaited = awaited || before[j][i];
            if (before[i][j])
                buffer_format(out, " \"$job_%zu\"", j + 1);
        }
        buffer_byte(out, '\n');
        if (awaited)
            buffer_format(out, "    job_%zu=$job\n", i + 1);
    }
}

static void write_intro(const Script *script, Buffer *out)
{
    buffer_text(out, "#!/bin/bash\n");
    script_heading(script, "# ", out);
    comment_write("# ",
                  arena_format(script->arena,
                               "Run it with bash, on a machine that can submit, in the folder that "
                               "paths start from and that all nodes see. It needs the filters on "
                               "PATH, hands each step to Slurm and writes %s/STEP.csv; the folders "
                               "%s/STEP.run may be removed when the jobs have ended. Options for "
                               "sbatch are taken from the environment: SBATCH_PARTITION, "
                               "SBATCH_ACCOUNT, SBATCH_TIMELIMIT.",
                               script->folder, script->folder),
                  out);
    buffer_text(out, head);
    buffer_text(out, "\n# The folder in which a step's tasks leave what they made.\n"
                     "folder() {\n    run=");
    shell_word(script->folder, out);
    buffer_text(out, "/$1.run\n}\n\n");
}

void slurm_write(const Script *script, Buffer *out)
{
    Job *jobs = arena_array(script->arena, script->step_count, sizeof *jobs);
    script_require_sources(script);
    write_intro(script, out);
    for (size_t i = 0; i < script->step_count; i++) {
        const ScriptTable *table = &script->steps[i];
        Buffer path = {0};
        jobs[i] = step_job(script, table);
        comment_write("# ", table->name, out);
        comment_write("# ", table->step->why, out);
        shell_word(table->path, &path);
        write_functions(&jobs[i], table->name, buffer_string(&path), script->arena, out);
        buffer_free(&path);
    }
    buffer_text(out, submission);
    buffer_text(out, "\nself=$0\n"
                     "case ${1-} in\n"
                     "once) work \"$2\" once ;;\n"
                     "task) work \"$2\" \"${3:-$SLURM_ARRAY_TASK_ID}\" ;;\n"
                     "*)\n");
    write_submissions(script, jobs, out);
    buffer_text(out, "    ;;\nesac\n");
}
