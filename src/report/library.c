#include "report/library.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/diagnostic.h"

static Volume *find_open(const Library *library, Span name)
{
    for (size_t i = 0; i < library->count; i++)
        if (span_equal(span_of(library->volumes[i]->pipeline.name), name))
            return library->volumes[i];
    return NULL;
}

Volume *library_open(Library *library, const char *path)
{
    Volume *volume = arena_take(&library->arena, sizeof *volume);
    *volume = (Volume){0};
    verdicts_open(&volume->pipeline, path);
    volume->pipeline.builder.quiet = true;
    const Volume *same = find_open(library, span_of(volume->pipeline.name));
    library->volumes =
        memory_grow(library->volumes, &library->room, library->count, sizeof *library->volumes);
    library->volumes[library->count++] = volume;
    if (volume->pipeline.problem != NULL)
        fail("%s", volume->pipeline.problem);
    if (same != NULL)
        fail("%s: another pipeline is called %s too: %s", path, volume->pipeline.name,
             same->pipeline.path);
    return volume;
}

Volume *library_find(Library *library, Span name)
{
    Volume *volume = find_open(library, name);
    if (volume != NULL)
        return volume;
    const char *word = arena_copy(&library->arena, name.at, name.size);
    const char *path = arena_format(&library->arena, "pipelines/%s.yaml", word);
    if (name.size == 0 || strchr(word, '/') != NULL || access(path, F_OK) != 0)
        return NULL;
    return library_open(library, path);
}

const ClaimVerdicts *library_claim(Volume *volume, const Claim *claim)
{
    PipelineVerdicts *pipeline = &volume->pipeline;
    const Document *document = pipeline->document;
    size_t number = (size_t)(claim - document->claims);
    if (pipeline->count != 0)
        return &pipeline->claims[number];
    if (volume->claims == NULL) {
        Arena *arena = &pipeline->builder.arena;
        volume->claims = arena_array(arena, document->claim_count, sizeof *volume->claims);
        volume->judged = arena_array(arena, document->claim_count, sizeof *volume->judged);
        memset(volume->judged, 0, document->claim_count * sizeof *volume->judged);
    }
    if (!volume->judged[number])
        volume->claims[number] = verdicts_claim(pipeline, claim, NULL, "all");
    volume->judged[number] = true;
    return &volume->claims[number];
}

void library_close(Library *library)
{
    for (size_t i = 0; i < library->count; i++)
        verdicts_close(&library->volumes[i]->pipeline);
    free(library->volumes);
    arena_free(&library->arena);
}
