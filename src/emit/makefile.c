#include "emit/makefile.h"

#include <string.h>

#include "base/diagnostic.h"
#include "emit/shell.h"

/* What make would take for something else in a list of files is refused: it has no quotes. */
static void write_file(const char *path, Buffer *out)
{
    for (const char *at = path; *at != '\0'; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= '0' && *at <= '9') || (unsigned char)*at >= 0x80 ||
                     strchr(" ._/@+,-", *at) != NULL;
        if (!plain)
            fail("%s: make takes no file with %s in its name", shown(path, strlen(path)),
                 shown(at, 1));
        if (*at == ' ')
            buffer_byte(out, '\\');
        buffer_byte(out, *at);
    }
}

/*
 * A word of a recipe.  Line breaks are written as \n, since make takes signs off the beginning of a
 * recipe's lines.
 */
static void write_word(const char *word, Buffer *out)
{
    Buffer shell = {0};
    if (strchr(word, '\n') == NULL) {
        shell_word(word, &shell);
    } else {
        buffer_text(&shell, "$'");
        for (const char *at = word; *at != '\0'; at++)
            if (*at == '\n')
                buffer_text(&shell, "\\n");
            else
                buffer_format(&shell, *at == '\'' || *at == '\\' ? "\\%c" : "%c", *at);
        buffer_byte(&shell, '\'');
    }
    for (size_t i = 0; i < shell.size; i++) {
        if (shell.at[i] == '$')
            buffer_byte(out, '$');
        buffer_byte(out, shell.at[i]);
    }
    buffer_free(&shell);
}

static void write_checked(const Script *script, Buffer *out)
{
    write_file(script->folder, out);
    buffer_text(out, "/.checked");
}

static void write_head(const Script *script, Buffer *out)
{
    script_heading(script, "# ", out);
    comment_write("# ",
                  arena_format(script->arena,
                               "Run it with make -f in the folder that paths start from. It needs "
                               "GNU make, bash and the filters on PATH and writes %s/STEP.csv.",
                               script->folder),
                  out);
    buffer_text(out, "\nSHELL = /bin/bash\n"
                     ".SHELLFLAGS = -uc\n"
                     ".ONESHELL:\n"
                     ".DELETE_ON_ERROR:\n"
                     ".SUFFIXES:\n"
                     "self := $(lastword $(MAKEFILE_LIST))\n"
                     "\n.PHONY: all\nall:");
    for (size_t i = 0; i < script->step_count; i++) {
        buffer_text(out, " \\\n\t");
        write_file(script->steps[i].path, out);
    }
    buffer_text(
        out,
        "\n\n# Puts a step's table in its place if every stage of its pipe has succeeded.  A stage "
        "that a\n# closed pipe ended (141) has if the next one has.\n"
        "define keep\n"
        "set -- \"$${PIPESTATUS[@]}\"\n"
        "for ((i = $$#; i > 0; i--)); do\n"
        "    if [ \"$${!i}\" -ne 0 ] && { [ \"$${!i}\" -ne 141 ] || [ \"$$i\" -eq $$# ]; }; then\n"
        "        echo \"$@: its stages ended with status $$*\" >&2\n"
        "        exit 1\n"
        "    fi\n"
        "done\n"
        "mv \"$@.part\" \"$@\" || exit 1\n"
        "endef\n");
}

static void write_files(const Parts *files, Buffer *out)
{
    for (size_t i = 0; i < files->count; i++) {
        buffer_byte(out, ' ');
        write_file(files->items[i].path, out);
    }
}

static void write_check(const Part *file, Buffer *out)
{
    Buffer line = {0};
    checksum_line(file, &line);
    line.size--; /* its line break */
    buffer_text(out, "\techo ");
    write_word(buffer_string(&line), out);
    buffer_text(out, " | sha256sum --check --quiet\n");
    buffer_free(&line);
}

static void write_checksums(const Script *script, Buffer *out)
{
    buffer_text(out, "\n# The tables have to be those that the pipeline was written for.\n");
    write_checked(script, out);
    buffer_byte(out, ':');
    for (size_t i = 0; i < script->source_count; i++)
        write_files(&script->sources[i].parts, out);
    buffer_text(out, " $(self)\n\tset -e\n\tmkdir -p \"$(@D)\"\n");
    for (size_t i = 0; i < script->source_count; i++)
        for (size_t p = 0; p < script->sources[i].parts.count; p++)
            write_check(&script->sources[i].parts.items[p], out);
    buffer_text(out, "\ttouch \"$@\"\n");
}

static void write_inputs(const Script *script, const Step *step, Buffer *out)
{
    Parts inputs = script_inputs(script, step);
    write_files(&inputs, out);
    for (size_t i = 0; i < step->pipe.count; i++)
        for (const char *const *table = step->pipe.stages[i].tables; *table != NULL; table++) {
            buffer_byte(out, ' ');
            write_file(script_table(script, *table)->path, out);
        }
}

static void write_rule(const Script *script, const ScriptTable *table, Buffer *out)
{
    char ***commands = script_commands(script, table->step);
    buffer_byte(out, '\n');
    comment_write("# ", table->step->why, out);
    write_file(table->path, out);
    buffer_text(out, ": ");
    write_checked(script, out);
    write_inputs(script, table->step, out);
    buffer_text(out, "\n\ttrap 'rm -f \"$@.part\"' EXIT\n\t");
    for (size_t i = 0; i < table->step->pipe.count; i++) {
        buffer_text(out, i == 0 ? "" : " |\n\t    ");
        for (size_t word = 0; commands[i][word] != NULL; word++) {
            buffer_text(out, word == 0 ? "" : " ");
            write_word(commands[i][word], out);
        }
    }
    buffer_text(out, " >\"$@.part\"\n\t$(keep)\n");
}

void makefile_write(const Script *script, Buffer *out)
{
    script_require_sources(script);
    write_head(script, out);
    write_checksums(script, out);
    for (size_t i = 0; i < script->step_count; i++)
        write_rule(script, &script->steps[i], out);
}
