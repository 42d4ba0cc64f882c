#include "table/run.h"

#include <stdlib.h>

#include "base/memory.h"

/* ---- marks ---- */

void run_mark(Run *run, uint32_t group, uint64_t at)
{
    if (run->mark_count != 0 && at - run->marks[run->mark_count - 1].at < MARK_STEP)
        return;
    run->marks = memory_grow(run->marks, &run->mark_room, run->mark_count, sizeof *run->marks);
    run->marks[run->mark_count++] = (Mark){at, group};
}

void run_unmark(Run *run)
{
    free(run->marks);
    run->marks = NULL;
    run->mark_count = run->mark_room = 0;
}

/* The first mark of this group or a later one; mark_count if there is none. */
static size_t mark_find(const Run *run, uint32_t group)
{
    size_t low = 0, high = run->mark_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (run->marks[middle].group < group)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The piece of the run that holds the groups in the range, and few records of others. */
static Run run_piece(const Run *run, GroupRange range)
{
    size_t first = mark_find(run, range.from), last = mark_find(run, range.end);
    Run piece = {.bytes = run->bytes, .from = run->from, .end = run->end};
    if (first > 0)
        piece.from = run->marks[first - 1].at;
    if (last < run->mark_count)
        piece.end = run->marks[last].at;
    return piece;
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
    size_t size = record_size(record);
    size_t span = record_aligned(size);
    if (span > writer->room - writer->used) {
        run_flush(writer);
        if (span > writer->room) {
            writer->buffer = memory_resize(writer->buffer, span, 1);
            writer->room = span;
        }
    }
    run_mark(&writer->run, record->group, spill_size(writer->spill) + writer->used);
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

enum { AHEAD = 512 }; /* bytes that are fetched to the cache before they are looked at */

/* Bytes [next, filled) of the buffer, which for a run in memory is the run, are still to be taken.
 */
typedef struct Source {
    Run rest; /* what is not in the buffer yet */
    char *buffer;
    size_t room; /* 0: the buffer is the run */
    size_t next, filled;
    Entry entry;
    bool more; /* there is one */
} Source;

static void source_open(Source *source, Run piece, size_t buffer)
{
    if (piece.bytes != NULL) {
        *source = (Source){.buffer = piece.bytes, .next = piece.from, .filled = piece.end};
        return;
    }
    *source = (Source){.rest = piece, .room = buffer > sizeof(Record) ? buffer : sizeof(Record)};
    source->buffer = memory_array(source->room, 1);
}

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

static Record *source_record(const Source *source)
{
    return (Record *)(void *)(source->buffer + source->next);
}

static uint32_t source_group(const Source *source)
{
    return (uint32_t)(source->entry.words[0] >> 1);
}

static void source_next(const Spill *spill, Source *source, uint32_t end)
{
    size_t left = source->filled - source->next;
    source->more = left != 0 || source->rest.from != source->rest.end;
    if (!source->more)
        return;
    if (left < sizeof(Record))
        source_fill(spill, source, sizeof(Record));
    size_t size = record_aligned(record_size(source_record(source)));
    if (source->filled - source->next < size)
        source_fill(spill, source, size);
    source->entry = entry_of(source_record(source));
    source->more = source_group(source) < end;
    source->next += size;
    __builtin_prefetch(source->buffer + source->next + AHEAD);
}

/* To the first record of the range. */
static void source_begin(const Spill *spill, Source *source, GroupRange range)
{
    do
        source_next(spill, source, range.end);
    while (source->more && source_group(source) < range.from);
}

static void source_close(Source *source)
{
    if (source->room != 0)
        free(source->buffer);
}

/* ---- merging ---- */

typedef unsigned __int128 Head; /* an entry's words as one number; of no entry the largest */

/*
 * A tree of losers (Knuth, The Art of Computer Programming 3, 5.4.1): the sources are its leaves,
 * count to 2 * count - 1; each inner node keeps who lost there, and who never lost is the winner.
 */
struct Merge {
    const Spill *spill;
    GroupRange range;
    size_t count;
    Source *sources;
    Head *heads; /* by source */
    size_t *losers;
    size_t winner;
    bool begun;
};

static Head head_of(const Source *source)
{
    const uint64_t *words = source->entry.words;
    return source->more ? (Head)words[0] << 64 | words[1] : ~(Head)0;
}

static void merge_advance(Merge *merge, size_t number)
{
    Source *source = &merge->sources[number];
    source_next(merge->spill, source, merge->range.end);
    merge->heads[number] = head_of(source);
}

/* Of two sources with equal heads: by the rest of the keys, then the earlier one. */
static bool equal_before(const Merge *merge, size_t a, size_t b)
{
    const Source *x = &merge->sources[a], *y = &merge->sources[b];
    int order = x->more && y->more ? entry_compare_keys(&x->entry, &y->entry) : 0;
    return order < 0 || (order == 0 && a < b);
}

/*
 * Plays the source's way up again; a place nobody has come to yet is taken, and ends the way.  Who
 * wins can't be guessed, so heads that differ decide no branch.
 */
static void replay(Merge *merge, size_t source)
{
    size_t winner = source;
    const Head *heads = merge->heads;
    for (size_t node = (source + merge->count) / 2; node > 0; node /= 2) {
        size_t other = merge->losers[node];
        if (__builtin_expect(other == SIZE_MAX, 0)) {
            merge->losers[node] = winner;
            return;
        }
        bool before = heads[other] < heads[winner];
        if (__builtin_expect(heads[other] == heads[winner], 0))
            before = equal_before(merge, other, winner);
        size_t change = (other ^ winner) & -(size_t)before;
        merge->losers[node] = other ^ change;
        winner ^= change;
    }
    merge->winner = winner;
}

Merge *merge_open(const Spill *spill, const Run *runs, size_t count, GroupRange range,
                  size_t buffer)
{
    Merge *merge = memory_zeroed(1, sizeof *merge);
    merge->spill = spill;
    merge->range = range;
    merge->count = count;
    merge->sources = memory_zeroed(count, sizeof *merge->sources);
    merge->heads = memory_array(count, sizeof *merge->heads);
    merge->losers = memory_array(count, sizeof *merge->losers);
    for (size_t i = 0; i < count; i++) {
        source_open(&merge->sources[i], run_piece(&runs[i], range), buffer);
        source_begin(spill, &merge->sources[i], range);
        merge->heads[i] = head_of(&merge->sources[i]);
        merge->losers[i] = SIZE_MAX;
    }
    for (size_t i = 0; i < count; i++)
        replay(merge, i);
    return merge;
}

const Record *merge_next(Merge *merge, bool *lasting)
{
    if (merge->count == 0)
        return NULL;
    if (merge->begun) {
        merge_advance(merge, merge->winner);
        replay(merge, merge->winner);
    }
    merge->begun = true;
    const Source *winner = &merge->sources[merge->winner];
    *lasting = winner->room == 0;
    return winner->more ? winner->entry.record : NULL;
}

void merge_close(Merge *merge)
{
    if (merge == NULL)
        return;
    for (size_t i = 0; i < merge->count; i++)
        source_close(&merge->sources[i]);
    free(merge->sources);
    free(merge->heads);
    free(merge->losers);
    free(merge);
}
