#include "table/partial.h"

#include <stdlib.h>

#include "num/packed.h"
#include "table/sort.h"

void partial_open(Partial *partial, const SummaryCalls *calls, const size_t *columns,
                  size_t column_count)
{
    *partial = (Partial){.count = calls->count,
                         .summaries = memory_array(calls->count, sizeof(Summary)),
                         .rows = memory_array(calls->count, sizeof(SummaryRows))};
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

/* ---- records: hash, ordinal with a bit for what follows the key, key ---- */

enum { RECORD_STATES, RECORD_VALUES };

static Buffer *record_begin(Pieces *pieces, uint32_t hash, uint64_t ordinal, unsigned kind,
                            Span key)
{
    Buffer *out = pieces_begin(pieces, partition_part(hash));
    buffer_append(out, (const char *)&hash, sizeof hash);
    pack_count(out, ordinal << 1 | kind);
    pack_text(out, key);
    return out;
}

void partial_spread(Partial *partial, Pieces *pieces)
{
    const Groups *groups = &partial->groups;
    size_t count = groups_count(groups);
    for (size_t group = 0; group < count; group++) {
        uint32_t hash = groups_hash(groups, group);
        Buffer *out = record_begin(pieces, hash, groups_ordinal(groups, group), RECORD_STATES,
                                   groups_whole_key(groups, group));
        for (size_t i = 0; i < partial->count; i++)
            summary_save(&partial->summaries[i], group, out);
        pieces_put(pieces, partition_part(hash));
    }
    partial_clear(partial);
}

void partial_spread_rows(Partial *partial, Evaluation *evaluation, const Batch *batch,
                         Pieces *pieces)
{
    evaluation_batch(evaluation, batch);
    evaluation_hold(evaluation);
    for (size_t i = 0; i < partial->count; i++)
        partial->rows[i] = summary_rows(&partial->summaries[i], evaluation);
    for (size_t row = 0; row < batch->rows; row++) {
        uint32_t hash;
        Span key = groups_row_key(&partial->groups, batch, row, &hash);
        Buffer *out = record_begin(pieces, hash, batch->ordinal + row, RECORD_VALUES, key);
        for (size_t i = 0; i < partial->count; i++)
            summary_save_value(&partial->summaries[i], &partial->rows[i], row, out);
        pieces_put(pieces, partition_part(hash));
    }
    evaluation_release(evaluation);
}

void partial_load(Partial *partial, const char **at)
{
    uint32_t hash;
    memcpy(&hash, *at, sizeof hash);
    *at += sizeof hash;
    uint64_t head = unpack_count(at), ordinal = head >> 1;
    Span key = unpack_text(at);
    uint32_t group = groups_add(&partial->groups, key, hash, ordinal);
    for (size_t i = 0; i < partial->count; i++)
        if ((head & 1) == RECORD_STATES)
            summary_load(&partial->summaries[i], group, at);
        else
            summary_load_value(&partial->summaries[i], group, ordinal, at);
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

uint32_t *partial_groups(const Partial *partial)
{
    size_t count = groups_count(&partial->groups);
    uint32_t *numbers = memory_array(count, sizeof *numbers);
    for (size_t i = 0; i < count; i++)
        numbers[i] = (uint32_t)i;
    return numbers;
}

uint32_t *partial_order(const Partial *partial)
{
    const Groups *groups = &partial->groups;
    size_t count = groups_count(groups);
    uint32_t *order = partial_groups(partial);
    bool sorted = true;
    for (size_t i = 1; i < count; i++)
        sorted &= groups_ordinal(groups, i - 1) < groups_ordinal(groups, i);
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
    free(partial->rows);
}
