#include "report/prerequisites.h"

#include <unistd.h>

/* A name as make reads it: blanks, #, % and : escaped, $ doubled. */
static void write_name(Buffer *out, const char *name)
{
    for (; *name != '\0'; name++) {
        if (*name == '$')
            buffer_byte(out, '$');
        else if (strchr(" \t#%:", *name) != NULL)
            buffer_byte(out, '\\');
        buffer_byte(out, *name);
    }
}

typedef struct Names {
    const char **items;
    size_t count;
} Names;

static void names_add(Names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i], name) == 0)
            return;
    names->items[names->count++] = name;
}

static void add_source(Names *names, const Result *source)
{
    names_add(names, source->resource->path);
    for (size_t i = 0; source->resource->manifest && i < source->parts.count; i++)
        names_add(names, source->parts.items[i].path);
}

static Names names_of(const char *text, const Inventory *inventory)
{
    size_t room = 1 + inventory->document_count + inventory->catalogue_count +
                  inventory->source_count + inventory->tool_count;
    for (size_t i = 0; i < inventory->source_count; i++)
        room += inventory->sources[i]->parts.count;
    Names names = {arena_array(inventory->arena, room, sizeof *names.items), 0};
    if (text != NULL && strcmp(text, "-") != 0)
        names_add(&names, text);
    for (size_t i = 0; i < inventory->document_count; i++)
        names_add(&names, inventory->documents[i]);
    for (size_t i = 0; i < inventory->catalogue_count; i++)
        names_add(&names, inventory->catalogues[i]);
    for (size_t i = 0; i < inventory->source_count; i++)
        add_source(&names, inventory->sources[i]);
    for (size_t i = 0; i < inventory->tool_count; i++)
        names_add(&names, inventory->tools[i].path);
    return names;
}

void prerequisites_write(Buffer *out, const char *const *targets, size_t target_count,
                         const char *text, const Inventory *inventory)
{
    Names names = names_of(text, inventory);
    for (size_t i = 0; i < target_count; i++) {
        buffer_text(out, i == 0 ? "" : " ");
        write_name(out, targets[i]);
    }
    buffer_byte(out, ':');
    for (size_t i = 0; i < names.count; i++) {
        bool there = access(names.items[i], F_OK) == 0;
        buffer_text(out, there ? " \\\n  " : " \\\n  $(wildcard ");
        write_name(out, names.items[i]);
        buffer_text(out, there ? "" : ")");
    }
    buffer_byte(out, '\n');
    for (size_t i = 0; i < names.count; i++) {
        buffer_byte(out, '\n');
        write_name(out, names.items[i]);
        buffer_text(out, ":\n");
    }
}
