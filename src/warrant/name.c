#include "warrant/name.h"

#include <string.h>

#include "base/diagnostic.h"
#include "base/text.h"

static bool is_name_byte(char byte, const char *further)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' ||
           (byte != '\0' && strchr(further, byte) != NULL);
}

void name_check(const Node *key, const char *what, const char *further)
{
    const char *name = key->passage.text;
    size_t size = 0;
    while (is_name_byte(name[size], further))
        size++;
    if (size == 0 || name[size] != '\0')
        node_fail(key, "%s needs a name of letters, digits, - and _, not %s", what,
                  *name == '\0' ? "an empty one" : shown(name, strlen(name)));
}

/* The nearest name among sources and steps, as far as they are wanted. */
static const char *suggestion(Document *document, const char *name, bool sources, bool steps)
{
    const char **names =
        arena_array(&document->arena, document->source_count + document->step_count, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; sources && i < document->source_count; i++)
        names[count++] = document->sources[i].name;
    for (size_t i = 0; steps && i < document->step_count; i++)
        names[count++] = document->steps[i].name;
    return text_suggestion(span_of(name), names, count);
}

const char *name_step(Document *document, const Node *node, const char *key)
{
    const char *name = node_text(node, key);
    if (document_step(document, name) != NULL)
        return name;
    if (document_source(document, name) != NULL)
        node_fail(node, "%s is a source where a step is wanted", name);
    node_fail(node, "unknown step: %s%s", shown(name, strlen(name)),
              suggestion(document, name, false, true));
}

const char *name_source(Document *document, const Node *node, const char *key)
{
    const char *name = node_text(node, key);
    if (document_source(document, name) != NULL)
        return name;
    if (document_step(document, name) != NULL)
        node_fail(node, "%s is a step where a source is wanted", name);
    node_fail(node, "unknown source: %s%s", shown(name, strlen(name)),
              suggestion(document, name, true, false));
}

static bool is_table(const Document *document, const char *name)
{
    return document_source(document, name) != NULL || document_step(document, name) != NULL;
}

const char *name_table(Document *document, const Node *node, const char *key)
{
    const char *name = node_text(node, key);
    if (!is_table(document, name))
        node_fail(node, "unknown source or step: %s%s", shown(name, strlen(name)),
                  suggestion(document, name, true, true));
    return name;
}

void name_pipe_tables(Document *document, const Pipe *pipe, bool sources_only)
{
    for (size_t i = 0; i < pipe->count; i++) {
        const Stage *stage = &pipe->stages[i];
        for (const char *const *name = stage->tables; *name != NULL; name++) {
            if (sources_only && document_step(document, *name) != NULL)
                place_fail(document->path, stage->mark,
                           "%s: --from %s: a control reads sources only, and that is a step",
                           stage->filter->name, *name);
            if (!is_table(document, *name))
                place_fail(document->path, stage->mark, "%s: --from %s: unknown source or step%s",
                           stage->filter->name, shown(*name, strlen(*name)),
                           suggestion(document, *name, true, !sources_only));
        }
    }
}
