#include "emit/script.h"

#include <string.h>

#include "base/diagnostic.h"
#include "warrant/build.h"
#include "warrant/invocation.h"

static ScriptTable source_table(const Script *script, const SourceName *source)
{
    const Resource *resource = setting_resource(script->setting, source);
    return (ScriptTable){
        .name = source->name, .path = resource->path, .source = source, .resource = resource};
}

static ScriptTable step_table(const Script *script, const Step *step)
{
    return (ScriptTable){.name = step->name,
                         .path =
                             arena_format(script->arena, "%s/%s.csv", script->folder, step->name),
                         .step = step_with_pipe(step, script->arena)};
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

static void add_table(Script *script, const char *name);

static void add_step(Script *script, const Step *step)
{
    for (size_t i = 0; i < step->from_count; i++)
        add_table(script, step->from[i]);
    for (size_t i = 0; i < step->pipe.count; i++)
        for (const char *const *table = step->pipe.stages[i].tables; *table != NULL; table++)
            add_table(script, *table);
    script->steps[script->step_count++] = step_table(script, step);
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

Script script_make(const Setting *setting, Arena *arena)
{
    const Document *document = setting->document;
    Script script = {.setting = setting, .folder = document->name, .arena = arena};
    script.sources = arena_array(arena, document->source_count, sizeof *script.sources);
    script.steps = arena_array(arena, document->step_count, sizeof *script.steps);
    for (size_t i = 0; i < document->step_count; i++)
        add_table(&script, document->steps[i].name);
    return script;
}

void script_require_sources(const Script *script)
{
    for (size_t i = 0; i < script->source_count; i++) {
        const ScriptTable *table = &script->sources[i];
        const char *problem =
            setting_uncovered(script->setting, table->source, table->resource, script->arena);
        if (problem != NULL)
            fail("%s: %s", script->setting->document->name, problem);
    }
}

char ***script_commands(const Script *script, const Step *step)
{
    Arena *arena = script->arena;
    const Pipe *pipe = &step->pipe;
    const char **files = arena_array(arena, step->from_count, sizeof *files);
    for (size_t i = 0; i < step->from_count; i++)
        files[i] = script_table(script, step->from[i])->path;
    TablePaths tables = {
        arena_array(arena, script->source_count + script->step_count, sizeof *tables.items), 0};
    for (size_t i = 0; i < script->source_count; i++)
        tables.items[tables.count++] =
            (TablePath){script->sources[i].name, script->sources[i].path};
    for (size_t i = 0; i < script->step_count; i++)
        tables.items[tables.count++] = (TablePath){script->steps[i].name, script->steps[i].path};
    char ***commands = arena_array(arena, pipe->count, sizeof *commands);
    for (size_t i = 0; i < pipe->count; i++)
        commands[i] = invocation_words(&pipe->stages[i], &script->setting->parameters, &tables,
                                       files, i == 0 ? step->from_count : 0, arena);
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
