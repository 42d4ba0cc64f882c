#include "table/run.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

/* Records follow each other at their alignment. */
static size_t record_span(const Record *record)
{
    size_t size = sizeof *record + record->key_size + record->row_size;
    return (size + alignof(Record) - 1) / alignof(Record) * alignof(Record);
}

/* ---- writing ---- */

void run_begin(RunWriter *writer, Spill *spill, size_t buffer)
{
    *writer = (RunWriter){.spill = spill, .room = buffer};
    writer->buffer = memory_array(buffer, 1);
    writer->run.from = spill_size(spill);
}

static void run_flush(RunWriter *writer)
{
    spill_put(writer->spill, writer->buffer, writer->used);
    writer->used = 0;
}

void run_add(RunWriter *writer, const Record *record)
{
    size_t size = sizeof *record + record->key_size + record->row_size;
    size_t span = record_span(record);
    if (span > writer->room - writer->used) {
        run_flush(writer);
        if (span > writer->room) {
            writer->buffer = memory_resize(writer->buffer, span, 1);
            writer->room = span;
        }
    }
    memcpy(writer->buffer + writer->used, record, size);
    memset(writer->buffer + writer->used + size, 0, span - size);
    writer->used += span;
}

Run run_end(RunWriter *writer)
{
    run_flush(writer);
    free(writer->buffer);
    writer->run.end = spill_size(writer->spill);
    return writer->run;
}

/* ---- reading one ---- */

typedef struct Source {
    Run rest;     /* what is not in the buffer yet */
    char *buffer; /* bytes [next, filled) are still to be taken, a whole number of records or not */
    size_t room, next, filled;
    Entry entry;
    bool more; /* there is one */
} Source;

/* Moves what is left to the front and reads on, so that `size` bytes are there. */
static void source_fill(const Spill *spill, Source *source, size_t size)
{
    size_t kept = source->filled - source->next;
    memmove(source->buffer, source->buffer + source->next, kept);
    if (size > source->room) {
        source->buffer = memory_resize(source->buffer, size, 1);
        source->room = size;
    }
    uint64_t left = source->rest.end - source->rest.from;
    size_t wanted = source->room - kept < left ? source->room - kept : (size_t)left;
    spill_get(spill, source->rest.from, source->buffer + kept, wanted);
    source->rest.from += wanted;
    source->next = 0;
    source->filled = kept + wanted;
}

static void source_next(const Spill *spill, Source *source)
{
    size_t kept = source->filled - source->next;
    source->more = kept != 0 || source->rest.from != source->rest.end;
    if (!source->more)
        return;
    if (kept < sizeof(Record))
        source_fill(spill, source, sizeof(Record));
    size_t span = record_span((const Record *)(const void *)(source->buffer + source->next));
    if (source->filled - source->next < span)
        source_fill(spill, source, span);
    source->entry = entry_of((Record *)(void *)(source->buffer + source->next));
    source->next += span;
}

/* ---- merging ---- */

/*
 * A tree of losers (Knuth, The Art of Computer Programming 3, 5.4.1): the sources are its leaves,
 * count to 2 * count - 1; each inner node keeps who lost there, and who never lost is the winner.
 */
struct Merge {
    const Spill *spill;
    size_t count;
    Source *sources;
    size_t *losers;
    size_t winner;
    bool begun;
};

static bool source_before(const Merge *merge, size_t a, size_t b)
{
    const Source *x = &merge->sources[a], *y = &merge->sources[b];
    if (!x->more || !y->more)
        return x->more;
    int order = entry_compare(&x->entry, &y->entry);
    return order < 0 || (order == 0 && a < b);
}

/* Plays the source's way up again; a place nobody has come to yet is taken, and ends the way. */
static void replay(Merge *merge, size_t source)
{
    size_t winner = source;
    for (size_t node = (source + merge->count) / 2; node > 0; node /= 2) {
        size_t other = merge->losers[node];
        if (other == SIZE_MAX) {
            merge->losers[node] = winner;
            return;
        }
        if (source_before(merge, other, winner)) {
            merge->losers[node] = winner;
            winner = other;
        }
    }
    merge->winner = winner;
}

Merge *merge_open(const Spill *spill, const Run *runs, size_t count, size_t buffer)
{
    Merge *merge = memory_zeroed(1, sizeof *merge);
    merge->spill = spill;
    merge->count = count;
    merge->sources = memory_zeroed(count, sizeof *merge->sources);
    merge->losers = memory_array(count, sizeof *merge->losers);
    for (size_t i = 0; i < count; i++) {
        Source *source = &merge->sources[i];
        source->rest = runs[i];
        source->room = buffer > sizeof(Record) ? buffer : sizeof(Record);
        source->buffer = memory_array(source->room, 1);
        source_next(spill, source);
        merge->losers[i] = SIZE_MAX;
    }
    for (size_t i = 0; i < count; i++)
        replay(merge, i);
    return merge;
}

const Record *merge_next(Merge *merge)
{
    if (merge->count == 0)
        return NULL;
    if (merge->begun) {
        source_next(merge->spill, &merge->sources[merge->winner]);
        replay(merge, merge->winner);
    }
    merge->begun = true;
    const Source *winner = &merge->sources[merge->winner];
    return winner->more ? winner->entry.record : NULL;
}

void merge_close(Merge *merge)
{
    if (merge == NULL)
        return;
    for (size_t i = 0; i < merge->count; i++)
        free(merge->sources[i].buffer);
    free(merge->sources);
    free(merge->losers);
    free(merge);
}
