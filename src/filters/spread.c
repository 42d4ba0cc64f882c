#include "filters/spread.h"

#include <stdlib.h>

#include "base/attempt.h"
#include "base/budget.h"
#include "base/diagnostic.h"
#include "base/memory.h"
#include "base/thread.h"
#include "num/packed.h"
#include "table/sort.h"

enum { PIECE_LEAST = 4096, PIECE_MOST = 65536 };

void spread_open(Spread *spread, size_t memory, size_t threads)
{
    size_t piece = memory / (16 * PARTITION_COUNT * threads);
    *spread = (Spread){.memory = memory, .piece = clamp(piece, PIECE_LEAST, PIECE_MOST)};
    /* A quarter is the tables', another the rows'. */
    partition_open(&spread->records, memory / 8 * 3);
}

Pieces spread_pieces(Spread *spread)
{
    return (Pieces){.partition = &spread->records, .size = spread->piece};
}

/* ---- ranges of ordinals ---- */

/* As many as parts: range i begins with ordinal starts[i], the first with 0. */
typedef struct Ranges {
    uint64_t starts[PARTITION_COUNT];
    size_t count;
} Ranges;

/*
 * Ranges that have about the same number of groups, as far as the groups of one part can tell: they
 * are those of all by chance.
 */
static Ranges ranges_of(const Groups *groups, const uint32_t *order)
{
    size_t groups_in = groups_count(groups);
    Ranges ranges = {.count = 1};
    for (size_t i = 1; i < PARTITION_COUNT && groups_in >= PARTITION_COUNT; i++)
        ranges.starts[ranges.count++] =
            groups_ordinal(groups, order[i * groups_in / PARTITION_COUNT]);
    return ranges;
}

/* One after the other is mostly asked for in the same range, which `near` is. */
static size_t range_of(const Ranges *ranges, uint64_t ordinal, size_t near)
{
    size_t low = 0, high = ranges->count;
    if (ordinal >= ranges->starts[near])
        low = near;
    if (near + 1 < ranges->count && ordinal < ranges->starts[near + 1])
        high = near + 1;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (ordinal >= ranges->starts[middle])
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* ---- parts to rows ---- */

typedef struct Finish Finish;

/* What one thread works with. */
typedef struct Finisher {
    Finish *finish;
    Partial partial;
    Result result;
    uint32_t *order;
    size_t part;
    Pieces rows; /* by range */
    size_t range;
} Finisher;

struct Finish {
    Spread *spread;
    Ranges ranges;
    Partition rows; /* by range */
    Finisher *finishers;
    _Atomic size_t next; /* part that nobody has taken yet */

    /* Of the failures met, that of the earliest group: */
    pthread_mutex_t lock;
    bool failed;
    uint64_t failed_at;
    char message[sizeof((Trap *)0)->message];
};

static void hold_row(void *context, uint64_t ordinal, Span row)
{
    Finisher *finisher = context;
    finisher->range = range_of(&finisher->finish->ranges, ordinal, finisher->range);
    Buffer *rows = pieces_begin(&finisher->rows, finisher->range);
    pack_count(rows, ordinal);
    pack_text(rows, row);
    pieces_put(&finisher->rows, finisher->range);
}

/* False if there is nothing in the part: without a key a partial has its one group all the same. */
static bool gather_part(Finisher *finisher)
{
    Partial *partial = &finisher->partial;
    PartCursor cursor = partition_begin(&finisher->finish->spread->records, finisher->part);
    bool any = false;
    for (Span piece; partition_next(&cursor, &piece); any = true) {
        for (const char *at = piece.at; at < piece.at + piece.size;)
            partial_load(partial, &at);
        budget_check(partial_size(partial), finisher->finish->spread->memory,
                     "the values of a group");
    }
    return any;
}

/* The first part tells where the ranges begin. */
static void finish_part(void *context)
{
    Finisher *finisher = context;
    Partial *partial = &finisher->partial;
    if (!gather_part(finisher))
        return;
    if (finisher->part == 0) {
        finisher->order = partial_order(partial);
        finisher->finish->ranges = ranges_of(&partial->groups, finisher->order);
    } else {
        finisher->order = partial_groups(partial);
    }
    result_rows(&finisher->result, partial, finisher->order, groups_count(&partial->groups),
                hold_row, finisher);
}

static void ignore_row(void *context, uint64_t ordinal, Span row)
{
    (void)context;
    (void)ordinal;
    (void)row;
}

/* Once more, in the order of the input, for the first group that fails. */
static void fail_part(void *context)
{
    Finisher *finisher = context;
    Partial *partial = &finisher->partial;
    free(finisher->order);
    finisher->order = NULL;
    finisher->order = partial_order(partial);
    result_rows(&finisher->result, partial, finisher->order, groups_count(&partial->groups),
                ignore_row, NULL);
}

static void note_failure(Finish *finish, uint64_t ordinal, const Trap *trap)
{
    pthread_mutex_lock(&finish->lock);
    if (!finish->failed || ordinal < finish->failed_at) {
        finish->failed = true;
        finish->failed_at = ordinal;
        memcpy(finish->message, trap->message, sizeof finish->message);
    }
    pthread_mutex_unlock(&finish->lock);
}

/* A group without a value ends its part, but an earlier one may stand in another.  False if there
 * is no going on: what it worked with may have been left at any point. */
static bool try_part(Finisher *finisher, size_t part)
{
    Trap trap;
    finisher->part = part;
    bool sound = attempt(finish_part, finisher, &trap);
    if (!sound && !trap.exhausted)
        attempt(fail_part, finisher, &trap);
    if (!sound)
        note_failure(finisher->finish, finisher->result.at, &trap);
    if (!sound && trap.exhausted)
        return false;
    free(finisher->order);
    finisher->order = NULL;
    partial_clear(&finisher->partial);
    return true;
}

static void finish_parts(void *context, size_t thread)
{
    Finish *finish = context;
    for (size_t part; (part = finish->next++) < PARTITION_COUNT;)
        if (!try_part(&finish->finishers[thread], part))
            return;
    pieces_end(&finish->finishers[thread].rows);
}

static void finish_open(Finish *finish, Spread *spread, const ResultForm *form,
                        const size_t *columns, size_t threads)
{
    *finish = (Finish){.spread = spread,
                       .ranges.count = 1,
                       .finishers = memory_zeroed(threads, sizeof *finish->finishers)};
    partition_open(&finish->rows, spread->memory / 4);
    pthread_mutex_init(&finish->lock, NULL);
    for (size_t i = 0; i < threads; i++) {
        Finisher *finisher = &finish->finishers[i];
        finisher->finish = finish;
        finisher->rows = (Pieces){.partition = &finish->rows, .size = spread->piece};
        partial_open(&finisher->partial, form->calls, columns, form->key_count);
        result_open(&finisher->result, form);
    }
}

static void finishers_close(Finish *finish, size_t threads)
{
    for (size_t i = 0; i < threads; i++) {
        partial_close(&finish->finishers[i].partial);
        result_close(&finish->finishers[i].result);
    }
    free(finish->finishers);
}

/* The first part goes before the others. */
static void make_rows(Finish *finish, size_t threads)
{
    if (try_part(&finish->finishers[0], finish->next++))
        threads_run(threads, finish_parts, finish);
    if (finish->failed)
        fail("%s", finish->message);
    finishers_close(finish, threads);
}

/* ---- rows in order ---- */

typedef struct Giving {
    Partition *rows;
    const Ranges *ranges;
    const SpreadOutput *output;
    size_t memory;
    _Atomic uint64_t count; /* of rows given */
} Giving;

static void give_row(const Giving *giving, RelayHand *hand, const char *at)
{
    giving->output->take(giving->output->context, hand->writer, unpack_text(&at));
    relay_row(hand);
}

/* The next of a range's rows, the first being at `start`: its ordinal, and where it is. */
static uint64_t next_row(const char **at, const char *start, uint64_t *offset)
{
    uint64_t ordinal = unpack_count(at);
    *offset = (uint64_t)(*at - start);
    unpack_text(at);
    return ordinal;
}

/* How many ordinals a range has, or more than there can be places for. */
static uint64_t range_width(const Ranges *ranges, size_t range)
{
    return range + 1 < ranges->count ? ranges->starts[range + 1] - ranges->starts[range]
                                     : UINT64_MAX;
}

/* Where most ordinals are a row's each has a place: gives how many rows there are. */
static uint64_t give_placed(const Giving *giving, RelayHand *hand, Span bytes, size_t width)
{
    uint64_t offset, count = 0, start = giving->ranges->starts[hand->part];
    uint32_t *places = memory_zeroed(width, sizeof *places);
    for (const char *at = bytes.at; at < bytes.at + bytes.size; count++) {
        uint64_t ordinal = next_row(&at, bytes.at, &offset);
        places[ordinal - start] = (uint32_t)offset; /* never 0, where an ordinal stands */
    }
    for (size_t i = 0; i < width; i++)
        if (places[i] != 0)
            give_row(giving, hand, bytes.at + places[i]);
    free(places);
    return count;
}

/* Else they are sorted. */
static uint64_t give_sorted(const Giving *giving, RelayHand *hand, Span bytes)
{
    Entry *entries = NULL;
    size_t count = 0, room = 0;
    for (const char *at = bytes.at; at < bytes.at + bytes.size; count++) {
        entries = memory_grow(entries, &room, count, sizeof *entries);
        entries[count].words[0] = next_row(&at, bytes.at, &entries[count].words[1]);
    }
    budget_check(bytes.size + 2 * count * sizeof *entries, giving->memory, "the rows of groups");
    Entry *aside = memory_array(count, sizeof *aside);
    sort_entries(entries, count, aside);
    free(aside);
    for (size_t i = 0; i < count; i++)
        give_row(giving, hand, bytes.at + entries[i].words[1]);
    free(entries);
    return count;
}

static void give_range(void *context, RelayHand *hand)
{
    Giving *giving = context;
    Buffer rows = {0};
    partition_take(giving->rows, hand->part, &rows);
    uint64_t width = range_width(giving->ranges, hand->part);
    if (width <= rows.size / sizeof(uint32_t) && rows.size <= UINT32_MAX)
        giving->count += give_placed(giving, hand, buffer_span(&rows), (size_t)width);
    else
        giving->count += give_sorted(giving, hand, buffer_span(&rows));
    buffer_free(&rows);
}

uint64_t spread_rows(Spread *spread, const ResultForm *form, const size_t *columns, size_t threads,
                     const SpreadOutput *output)
{
    Finish finish;
    finish_open(&finish, spread, form, columns, threads);
    make_rows(&finish, threads);
    Giving giving = {
        .rows = &finish.rows, .ranges = &finish.ranges, .output = output, .memory = spread->memory};
    relay_run(output->writer, finish.ranges.count, output->writers, spread->memory / 16, give_range,
              &giving);
    pthread_mutex_destroy(&finish.lock);
    partition_close(&finish.rows);
    return giving.count;
}

void spread_close(Spread *spread)
{
    partition_close(&spread->records);
}
