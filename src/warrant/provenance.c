#include "warrant/provenance.h"

#include <stdlib.h>
#include <string.h>

#include "base/attempt.h"
#include "warrant/invocation.h"
#include "warrant/table.h"
#include "warrant/tell.h"

static bool chain_has(const Chain *chain, const Result *result)
{
    for (size_t i = 0; i < chain->count; i++) {
        const Result *other = chain->items[i];
        if (other == result ||
            (other->path != NULL && result->path != NULL && strcmp(other->path, result->path) == 0))
            return true;
    }
    return false;
}

void chain_add(Chain *chain, const Result *result)
{
    if (chain_has(chain, result))
        return;
    for (size_t i = 0; i < result->input_count; i++)
        chain_add(chain, result->inputs[i]);
    chain->items = memory_grow(chain->items, &chain->room, chain->count, sizeof *chain->items);
    chain->items[chain->count++] = result;
}

bool provenance_rows(const Result *result, size_t stage, unsigned long long *in,
                     unsigned long long *out)
{
    const Entry *entry =
        result->record == NULL ? NULL : record_entry(result->record, ENTRY_STAGE, stage);
    return entry != NULL && sscanf(entry->value, "%llu %llu", in, out) == 2;
}

void provenance_commands(FILE *out, const Result *result, const char *indent, Arena *arena)
{
    for (size_t i = 0; i < result->command_count; i++) {
        Buffer text = {0};
        unsigned long long rows_in, rows_out;
        invocation_write(result->commands[i], &text);
        if (i + 1 < result->command_count)
            buffer_text(&text, " |");
        if (provenance_rows(result, i, &rows_in, &rows_out))
            buffer_format(&text, "  # %llu -> %llu rows", rows_in, rows_out);
        tell(out, "%s%s\n", indent, arena_copy(arena, text.at, text.size));
        buffer_free(&text);
    }
}

void provenance_stages(FILE *out, const Result *result, Arena *arena)
{
    for (size_t i = 0; i < result->command_count; i++) {
        const StageRun *run = result->runs == NULL ? NULL : &result->runs[i];
        unsigned long long rows_in, rows_out;
        tell(out, "  %zu %-10s %-12s", i + 1, result->commands[i][0],
             run == NULL ? "kept" : stage_status(run, arena));
        if (provenance_rows(result, i, &rows_in, &rows_out))
            tell(out, " %10llu rows in %10llu rows out", rows_in, rows_out);
        if (run != NULL && run->counted)
            tell(out, " %9s s", run->seconds);
        tell(out, "\n");
    }
}

typedef struct Counting {
    const Part *part;
    Table table;
    Arena arena;
    unsigned long long rows;
} Counting;

static void count_row(void *context, const Batch *batch, size_t row, uint64_t number)
{
    (void)batch;
    (void)row;
    ((Counting *)context)->rows = number + 1;
}

static void count_rows(void *context)
{
    Counting *counting = context;
    table_open(&counting->table, counting->part->path, &counting->arena);
    table_visit(&counting->table, NULL, count_row, counting);
}

/* A manifest tells how many rows there are; another table has to be read. */
bool provenance_source_rows(const Result *result, unsigned long long *rows)
{
    if (result->parts.count == 0)
        return false;
    *rows = manifest_rows(&result->parts);
    if (result->resource->manifest)
        return true;
    Counting counting = {.part = &result->parts.items[0]};
    Trap trap;
    bool counted = attempt(count_rows, &counting, &trap);
    table_close(&counting.table);
    arena_free(&counting.arena);
    *rows = counting.rows;
    return counted;
}

static void print_rows(FILE *out, const Result *result)
{
    unsigned long long rows;
    if (result->state != RESULT_THERE || !provenance_source_rows(result, &rows))
        return;
    tell(out, ", %llu rows", rows);
    if (result->resource->manifest)
        tell(out, " in %zu parts", result->parts.count);
}

void provenance_source(FILE *out, const Result *result, const char *indent)
{
    const Resource *resource = result->resource;
    if (resource == NULL) {
        tell(out, "%sthe %zu tables above, one behind the other\n", indent, result->input_count);
        return;
    }
    tell(out, "%s%s", indent, resource->name);
    if (resource->vintage != NULL)
        tell(out, ", vintage %s", resource->vintage);
    print_rows(out, result);
    if (resource->names != NULL)
        tell(out, ", names: %s", resource->names);
    tell(out, "\n");
    if (resource->title != NULL)
        tell(out, "%s%s\n", indent, resource->title);
    if (resource->source != NULL)
        tell(out, "%sfrom %s\n", indent, resource->source);
    tell(out, "%s%s\n%ssha256 %s\n", indent, resource->path, indent, resource->sha256);
    if (result->state != RESULT_THERE)
        tell(out, "%s%s\n", indent, result->reason);
}
