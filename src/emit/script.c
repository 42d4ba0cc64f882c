#include "emit/script.h"

#include <string.h>

#include "base/diagnostic.h"
#include "warrant/build.h"
#include "warrant/invocation.h"

static Parts source_parts(const Script *script, const SourceName *source)
{
    Parts all = {0};
    for (size_t i = 0; i < setting_resource_count(source); i++) {
        Parts some = resource_parts(setting_resource(script->setting, source, i), script->arena);
        all = parts_joined(&all, &some, script->arena);
    }
    return all;
}

static const char *path_in_folder(const Script *script, const char *name)
{
    return arena_format(script->arena, "%s/%s.csv", script->folder, name);
}

/* What makes one file of a source in several. */
static const char *whole_name(const Script *script, const char *source)
{
    return arena_format(script->arena, "%s@whole", source);
}

static ScriptTable source_table(const Script *script, const SourceName *source)
{
    ScriptTable table = {.name = source->name,
                         .parts = source_parts(script, source),
                         .source = source,
                         .resource = setting_resource(script->setting, source, 0)};
    table.path = table.parts.count == 1 ? table.parts.items[0].path
                                        : path_in_folder(script, whole_name(script, source->name));
    return table;
}

static ScriptTable step_table(const Script *script, const Step *step, const char *path)
{
    ScriptTable table = {
        .name = step->name, .path = path, .step = step_with_pipe(step, script->arena)};
    table.parts = (Parts){arena_array(script->arena, 1, sizeof *table.parts.items), 1};
    table.parts.items[0] = (Part){.path = path};
    return table;
}

const ScriptTable *script_table(const Script *script, const char *name)
{
    for (size_t i = 0; i < script->source_count; i++)
        if (strcmp(script->sources[i].name, name) == 0)
            return &script->sources[i];
    for (size_t i = 0; i < script->step_count; i++)
        if (strcmp(script->steps[i].name, name) == 0)
            return &script->steps[i];
    return NULL;
}

const ScriptTable *script_made(const Script *script, const char *name)
{
    const ScriptTable *table = script_table(script, name);
    if (table->source != NULL && table->parts.count > 1)
        table = script_table(script, whole_name(script, name));
    return table->source == NULL ? table : NULL;
}

static void add_table(Script *script, const char *name);

/* A table that stands behind --from, made one file if it is not. */
static void add_lookup(Script *script, const char *name)
{
    add_table(script, name);
    const ScriptTable *table = script_table(script, name);
    const char *whole = whole_name(script, name);
    if (table->parts.count == 1 || script_table(script, whole) != NULL)
        return;
    const char **from = arena_array(script->arena, 1, sizeof *from);
    from[0] = name;
    Step *step = arena_take(script->arena, sizeof *step);
    *step = (Step){.name = whole, .from = from, .from_count = 1, .mark = table->source->mark};
    script->steps[script->step_count++] = step_table(script, step, table->path);
}

static void add_step(Script *script, const Step *step)
{
    for (size_t i = 0; i < step->from_count; i++)
        add_table(script, step->from[i]);
    for (size_t i = 0; i < step->pipe.count; i++)
        for (const char *const *table = step->pipe.stages[i].tables; *table != NULL; table++)
            add_lookup(script, *table);
    script->steps[script->step_count++] =
        step_table(script, step, path_in_folder(script, step->name));
}

/* Inputs first; the document has made sure that there is no loop. */
static void add_table(Script *script, const char *name)
{
    const Document *document = script->setting->document;
    if (script_table(script, name) != NULL)
        return;
    const SourceName *source = document_source(document, name);
    if (source != NULL)
        script->sources[script->source_count++] = source_table(script, source);
    else
        add_step(script, document_step(document, name));
}

Script script_make(Setting *setting, Arena *arena)
{
    const Document *document = setting->document;
    Script script = {.setting = setting, .folder = document->name, .arena = arena};
    script.sources = arena_array(arena, document->source_count, sizeof *script.sources);
    script.steps =
        arena_array(arena, document->step_count + document->source_count, sizeof *script.steps);
    for (size_t i = 0; i < document->step_count; i++)
        add_table(&script, document->steps[i].name);
    return script;
}

void script_require_sources(const Script *script)
{
    for (size_t i = 0; i < script->source_count; i++) {
        const ScriptTable *table = &script->sources[i];
        const char *problem = setting_uncovered(script->setting, table->source, script->arena);
        if (problem != NULL)
            fail("%s: %s", script->setting->document->name, problem);
    }
}

Parts script_inputs(const Script *script, const Step *step)
{
    Parts all = {0};
    for (size_t i = 0; i < step->from_count; i++)
        all = parts_joined(&all, &script_table(script, step->from[i])->parts, script->arena);
    return all;
}

TablePaths script_table_paths(const Script *script)
{
    TablePaths tables = {
        arena_array(script->arena, script->source_count + script->step_count, sizeof *tables.items),
        0};
    for (size_t i = 0; i < script->source_count; i++)
        tables.items[tables.count++] =
            (TablePath){script->sources[i].name, script->sources[i].path};
    for (size_t i = 0; i < script->step_count; i++)
        tables.items[tables.count++] = (TablePath){script->steps[i].name, script->steps[i].path};
    return tables;
}

char ***script_commands(const Script *script, const Step *step)
{
    Arena *arena = script->arena;
    const Pipe *pipe = &step->pipe;
    Parts parts = script_inputs(script, step);
    const char **files = arena_array(arena, parts.count, sizeof *files);
    for (size_t i = 0; i < parts.count; i++)
        files[i] = parts.items[i].path;
    TablePaths tables = script_table_paths(script);
    char ***commands = arena_array(arena, pipe->count, sizeof *commands);
    for (size_t i = 0; i < pipe->count; i++)
        commands[i] = invocation_words(&pipe->stages[i], &script->setting->parameters, &tables,
                                       files, i == 0 ? parts.count : 0, arena);
    return commands;
}

/* ---- comments ---- */

enum { COMMENT_WIDTH = 96 };

static bool is_blank(char byte)
{
    return (unsigned char)byte <= ' ' || byte == 0x7f;
}

/* One line of the text, broken where a word would not fit. */
static void comment_line(const char *mark, Span line, Buffer *out)
{
    size_t width = 0;
    buffer_text(out, mark);
    while (line.size != 0) {
        size_t size = 0;
        while (size < line.size && !is_blank(line.at[size]))
            size++;
        Span word = {line.at, size};
        size_t length = utf8_count(word);
        if (width != 0 && length != 0 && width + 1 + length > COMMENT_WIDTH) {
            buffer_format(out, "\n%s", mark);
            width = 0;
        }
        if (width != 0 && length != 0)
            buffer_byte(out, ' ');
        width += length + (width != 0 && length != 0);
        buffer_append(out, word.at, word.size);
        while (size < line.size && is_blank(line.at[size]))
            size++;
        line = (Span){line.at + size, line.size - size};
    }
    while (out->size != 0 && out->at[out->size - 1] == ' ')
        out->size--;
    if (out->size != 0 && out->at[out->size - 1] == '\\')
        buffer_byte(out, ' '); /* for make a backslash at the end takes in the next line */
    buffer_byte(out, '\n');
}

void comment_write(const char *mark, const char *text, Buffer *out)
{
    while (text != NULL && *text != '\0') {
        size_t size = strcspn(text, "\n");
        comment_line(mark, (Span){text, size}, out);
        text += size + (text[size] == '\n');
    }
}

void script_heading(const Script *script, const char *mark, Buffer *out)
{
    const Setting *setting = script->setting;
    const Document *document = setting->document;
    comment_write(mark, document->title, out);
    comment_write(mark, document->title == NULL ? NULL : "\n", out);
    const char *reading = setting->reading == NULL ? "" : ", in the reading ";
    const char *name = setting->reading == NULL ? "" : setting->reading->name;
    comment_write(mark,
                  arena_format(script->arena, "Written by warrant tangle: the steps of %s%s%s.",
                               document->name, reading, name),
                  out);
}
