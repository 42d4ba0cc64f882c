#include "table/partial.h"

#include <stdlib.h>

#include "num/packed.h"
#include "table/sort.h"

void partial_open(Partial *partial, const SummaryCalls *calls, const size_t *columns,
                  size_t column_count)
{
    *partial =
        (Partial){.count = calls->count, .summaries = memory_array(calls->count, sizeof(Summary))};
    for (size_t i = 0; i < calls->count; i++)
        summary_open(&partial->summaries[i], &calls->calls[i], i);
    groups_open(&partial->groups, columns, column_count);
}

void partial_add(Partial *partial, Evaluation *evaluation, const Batch *batch)
{
    evaluation_batch(evaluation, batch);
    const uint32_t *groups = groups_of_batch(&partial->groups, batch);
    size_t count = groups_count(&partial->groups);
    evaluation_hold(evaluation);
    for (size_t i = 0; i < partial->count; i++)
        summary_add(&partial->summaries[i], evaluation, groups, count, batch->ordinal);
    evaluation_release(evaluation);
}

void partial_save(Partial *partial, size_t group, Buffer *out)
{
    const Groups *groups = &partial->groups;
    uint32_t hash = groups_hash(groups, group);
    buffer_append(out, (const char *)&hash, sizeof hash);
    pack_count(out, groups_ordinal(groups, group));
    pack_text(out, groups_whole_key(groups, group));
    for (size_t i = 0; i < partial->count; i++)
        summary_save(&partial->summaries[i], group, out);
}

void partial_load(Partial *partial, const char **at)
{
    uint32_t hash;
    memcpy(&hash, *at, sizeof hash);
    *at += sizeof hash;
    uint64_t ordinal = unpack_count(at);
    Span key = unpack_text(at);
    uint32_t group = groups_add(&partial->groups, key, hash, ordinal);
    for (size_t i = 0; i < partial->count; i++)
        summary_load(&partial->summaries[i], group, at);
}

void partial_merge(Partial *into, Partial *from)
{
    size_t count = groups_count(&from->groups);
    for (size_t other = 0; other < count; other++) {
        uint32_t group = groups_merge(&into->groups, &from->groups, other);
        for (size_t i = 0; i < into->count; i++)
            summary_merge(&into->summaries[i], group, &from->summaries[i], other);
    }
}

void partial_settle(Partial *partial)
{
    for (size_t i = 0; i < partial->count; i++)
        summary_settle(&partial->summaries[i]);
}

size_t partial_slow_size(const Partial *partial)
{
    size_t size = groups_size(&partial->groups);
    for (size_t i = 0; i < partial->count; i++)
        size += summary_slow_size(&partial->summaries[i]);
    return size;
}

/* Ordinals are all different, so the entries' first words order them. */
static void sort_by_ordinal(const Groups *groups, uint32_t *order, size_t count)
{
    Entry *places = memory_array(2 * count, sizeof *places);
    for (size_t i = 0; i < count; i++)
        places[i] = (Entry){.words = {groups_ordinal(groups, i), i}};
    sort_entries(places, count, places + count);
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)places[i].words[1];
    free(places);
}

uint32_t *partial_order(const Partial *partial)
{
    const Groups *groups = &partial->groups;
    size_t count = groups_count(groups);
    uint32_t *order = memory_array(count, sizeof *order);
    bool sorted = true;
    for (size_t i = 0; i < count; i++) {
        order[i] = (uint32_t)i;
        sorted &= i == 0 || groups_ordinal(groups, i - 1) < groups_ordinal(groups, i);
    }
    if (!sorted)
        sort_by_ordinal(groups, order, count);
    return order;
}

size_t partial_size(const Partial *partial)
{
    size_t size = groups_size(&partial->groups);
    for (size_t i = 0; i < partial->count; i++)
        size += summary_size(&partial->summaries[i]);
    return size;
}

void partial_clear(Partial *partial)
{
    groups_clear(&partial->groups);
    for (size_t i = 0; i < partial->count; i++)
        summary_clear(&partial->summaries[i]);
}

void partial_close(Partial *partial)
{
    groups_free(&partial->groups);
    for (size_t i = 0; i < partial->count; i++)
        summary_close(&partial->summaries[i]);
    free(partial->summaries);
}
