#include "emit/shell.h"

#include <string.h>

#include "base/diagnostic.h"
#include "warrant/invocation.h"

void shell_word(const char *word, Buffer *out)
{
    char *words[] = {(char *)word, NULL};
    invocation_write(words, out);
}

void checksum_line(const Part *file, Buffer *out)
{
    if (strpbrk(file->path, "\n\r\\") != NULL)
        fail("%s: a path with a line break or a backslash cannot stand in a script",
             shown(file->path, strlen(file->path)));
    buffer_format(out, "%s  %s\n", file->sha256, file->path);
}

static void write_folder(const Script *script, Buffer *out)
{
    shell_word(script->folder, out);
}

/* What every step calls when its pipe has ended. */
static void write_functions(Buffer *out)
{
    buffer_text(
        out,
        "# keep TABLE STATUS...: puts a step's table in its place if every stage of its pipe has\n"
        "# succeeded.  A stage that a closed pipe ended (141) has if the next one has.\n"
        "keep() {\n"
        "    local table=$1 i\n"
        "    shift\n"
        "    for ((i = $#; i > 0; i--)); do\n"
        "        if [ \"${!i}\" -ne 0 ] && { [ \"${!i}\" -ne 141 ] || [ \"$i\" -eq $# ]; }; then\n"
        "            echo \"$table: its stages ended with status $*\" >&2\n"
        "            exit 1\n"
        "        fi\n"
        "    done\n"
        "    mv \"$part\" \"$table\" || exit 1\n"
        "}\n");
}

static void write_checksums(const Script *script, Buffer *out)
{
    if (script->source_count == 0)
        return;
    buffer_text(out, "\n# The tables have to be those that the pipeline was written for.\n"
                     "sha256sum --check --quiet <<'END' || exit 1\n");
    for (size_t i = 0; i < script->source_count; i++)
        for (size_t p = 0; p < script->sources[i].parts.count; p++)
            checksum_line(&script->sources[i].parts.items[p], out);
    buffer_text(out, "END\n");
}

static void write_head(const Script *script, Buffer *out)
{
    buffer_text(out, "#!/bin/bash\n");
    script_heading(script, "# ", out);
    comment_write("# ",
                  arena_format(script->arena,
                               "Run it with bash in the folder that paths start from. It needs the "
                               "filters on PATH and writes %s/STEP.csv.",
                               script->folder),
                  out);
    buffer_text(out, "set -u\n\nmkdir -p ");
    write_folder(script, out);
    buffer_text(out, " || exit 1\npart=");
    write_folder(script, out);
    buffer_text(out, "/part.$$\ntrap 'rm -f \"$part\"' EXIT\n\n");
    write_functions(out);
    write_checksums(script, out);
}

static void write_step(const Script *script, const ScriptTable *table, Buffer *out)
{
    char ***commands = script_commands(script, table->step);
    size_t count = table->step->pipe.count;
    buffer_byte(out, '\n');
    comment_write("# ", table->name, out);
    comment_write("# ", table->step->why, out);
    for (size_t i = 0; i < count; i++) {
        buffer_text(out, i == 0 ? "" : " |\n    ");
        invocation_write(commands[i], out);
    }
    buffer_text(out, " >\"$part\"\nkeep ");
    shell_word(table->path, out);
    buffer_text(out, " \"${PIPESTATUS[@]}\"\n");
}

void shell_write(const Script *script, Buffer *out)
{
    script_require_sources(script);
    write_head(script, out);
    for (size_t i = 0; i < script->step_count; i++)
        write_step(script, &script->steps[i], out);
}
