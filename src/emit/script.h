/*
 * Script: a pipeline as every engine needs it - in one setting, its steps in an order in which each
 * finds its inputs made, its sources as files.
 *
 * Paths of sources are as they are seen from where `warrant` was called; a step's table is
 * FOLDER/STEP.csv, FOLDER being the pipeline's name.
 */
#ifndef EMIT_SCRIPT_H
#define EMIT_SCRIPT_H

#include "base/text.h"
#include "warrant/invocation.h"
#include "warrant/setting.h"

/*
 * A source or a step.  A source in several files that is to stand behind --from, where one file is
 * read, has a step of its own that puts it together.
 */
typedef struct ScriptTable {
    const char *name;
    const char *path;         /* the table in one file */
    Parts parts;              /* its files; of a step the one */
    const SourceName *source; /* NULL for a step */
    const Resource *resource; /* a source's first */
    const Step *step;         /* always with a pipe; NULL for a source */
} ScriptTable;

typedef struct Script {
    Setting *setting;
    const char *folder;
    ScriptTable *sources; /* those that steps rest on */
    size_t source_count;
    ScriptTable *steps;
    size_t step_count;
    Arena *arena;
} Script;

Script script_make(Setting *setting, Arena *arena);

/* Fails when a source does not reach as far as the pipeline needs: such steps cannot be built. */
void script_require_sources(const Script *script);

/* The source or step of that name. */
const ScriptTable *script_table(const Script *script, const char *name);

/* The step that makes what is read behind --from under that name; NULL if it is a source's file. */
const ScriptTable *script_made(const Script *script, const char *name);

/* Where each source and step lies for a filter that reads one file. */
TablePaths script_table_paths(const Script *script);

/* The files that a step reads, one behind the other. */
Parts script_inputs(const Script *script, const Step *step);

/* The commands of a step, one list of words for each stage, as invocation_words() gives them. */
char ***script_commands(const Script *script, const Step *step);

/*
 * Appends text as comment lines: each begins with the mark ("# ") and is broken between words where
 * it would get long; control characters become blanks.  Nothing for NULL.
 */
void comment_write(const char *mark, const char *text, Buffer *out);

/* The same for what stands at the top of a script: title, about, and in which reading it is. */
void script_heading(const Script *script, const char *mark, Buffer *out);

#endif
