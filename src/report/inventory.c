#include "report/inventory.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "warrant/toolkit.h"

void inventory_judgement(Chain *chain, const ClaimVerdicts *verdicts, const Judgement *judgement)
{
    for (size_t i = 0; i < verdicts->claim->check_count; i++) {
        const Outcome *outcome = &judgement->outcomes[i];
        if (outcome->observed.result != NULL)
            chain_add(chain, outcome->observed.result);
        if (outcome->other.result != NULL)
            chain_add(chain, outcome->other.result);
    }
}

bool inventory_stands_on(const ClaimVerdicts *verdicts, const Step *step)
{
    Chain chain = {0};
    bool found = false;
    for (size_t i = 0; i < verdicts->count; i++)
        if (verdicts->judgements[i].trial->other == NULL)
            inventory_judgement(&chain, verdicts, &verdicts->judgements[i]);
    for (size_t i = 0; i < chain.count && !found; i++)
        found = strcmp(chain.items[i]->name, step->name) == 0;
    free(chain.items);
    return found;
}

static void take_claim(Inventory *inventory, const ClaimVerdicts *verdicts)
{
    for (size_t i = 0; i < verdicts->count; i++)
        inventory_judgement(&inventory->chain, verdicts, &verdicts->judgements[i]);
}

static void take_volume(Inventory *inventory, const Volume *volume)
{
    const PipelineVerdicts *pipeline = &volume->pipeline;
    inventory->documents[inventory->document_count++] = pipeline->path;
    const char *catalogue = pipeline->catalogue->path;
    bool known = false;
    for (size_t i = 0; i < inventory->catalogue_count && !known; i++)
        known = strcmp(inventory->catalogues[i], catalogue) == 0;
    if (!known)
        inventory->catalogues[inventory->catalogue_count++] = catalogue;
    for (size_t i = 0; i < pipeline->count; i++)
        take_claim(inventory, &pipeline->claims[i]);
    for (size_t i = 0; volume->claims != NULL && i < pipeline->document->claim_count; i++)
        if (volume->judged[i])
            take_claim(inventory, &volume->claims[i]);
}

bool inventory_is_step(const Result *result)
{
    return result->step != NULL;
}

static void take_source(Inventory *inventory, const Result *result)
{
    for (size_t i = 0; i < inventory->source_count; i++)
        if (strcmp(inventory->sources[i]->resource->path, result->resource->path) == 0)
            return;
    inventory->sources[inventory->source_count++] = result;
}

static void take_tool(Inventory *inventory, const char *name)
{
    for (size_t i = 0; i < inventory->tool_count; i++)
        if (strcmp(inventory->tools[i].name, name) == 0)
            return;
    inventory->tools[inventory->tool_count++] = (Tool){.name = name};
}

static size_t stage_total(const Chain *chain)
{
    size_t total = 0;
    for (size_t i = 0; i < chain->count; i++)
        total += chain->items[i]->command_count;
    return total;
}

static int tool_order(const void *a, const void *b)
{
    return strcmp(((const Tool *)a)->name, ((const Tool *)b)->name);
}

/* The path from the working directory if the file is below it; else as it is. */
static const char *path_from_here(const char *path, Arena *arena)
{
    char folder[PATH_MAX];
    if (getcwd(folder, sizeof folder) == NULL)
        fail_errno("cannot find the working directory");
    size_t size = strlen(folder);
    bool below = strncmp(path, folder, size) == 0 && path[size] == '/' && path[size + 1] != '\0';
    return below ? path + size + 1 : arena_copy(arena, path, strlen(path));
}

/* The programs that were run, and the runner itself. */
static void find_tools(Inventory *inventory, const char *cache)
{
    const Chain *chain = &inventory->chain;
    inventory->tools =
        arena_array(inventory->arena, stage_total(chain) + 1, sizeof *inventory->tools);
    take_tool(inventory, "warrant");
    for (size_t i = 0; i < chain->count; i++)
        for (size_t s = 0; s < chain->items[i]->command_count; s++)
            take_tool(inventory, chain->items[i]->commands[s][0]);
    qsort(inventory->tools, inventory->tool_count, sizeof *inventory->tools, tool_order);
    for (size_t i = 0; i < inventory->tool_count; i++) {
        Tool *tool = &inventory->tools[i];
        tool->path =
            path_from_here(toolkit_program(tool->name, inventory->arena), inventory->arena);
        tool->sha256 = toolkit_digest(tool->name, cache, inventory->arena);
    }
}

Inventory inventory_make(const Library *library, Arena *arena)
{
    Inventory inventory = {.arena = arena};
    inventory.documents = arena_array(arena, library->count, sizeof *inventory.documents);
    inventory.catalogues = arena_array(arena, library->count, sizeof *inventory.catalogues);
    for (size_t i = 0; i < library->count; i++)
        take_volume(&inventory, library->volumes[i]);
    const Chain *chain = &inventory.chain;
    inventory.sources = arena_array(arena, chain->count, sizeof *inventory.sources);
    for (size_t i = 0; i < chain->count; i++)
        if (chain->items[i]->resource != NULL)
            take_source(&inventory, chain->items[i]);
    if (library->count != 0)
        find_tools(&inventory, library->volumes[0]->pipeline.builder.folder);
    return inventory;
}

void inventory_free(Inventory *inventory)
{
    free(inventory->chain.items);
}
