#include "filters/spread.h"

#include <stdlib.h>

#include "base/budget.h"
#include "base/diagnostic.h"
#include "base/thread.h"
#include "num/packed.h"

enum { PIECE_LEAST = 4096, PIECE_MOST = 65536 };

static size_t clamp_piece(size_t size)
{
    return size < PIECE_LEAST ? PIECE_LEAST : size > PIECE_MOST ? PIECE_MOST : size;
}

void spread_open(Spread *spread, size_t memory, size_t threads)
{
    *spread =
        (Spread){.memory = memory, .piece = clamp_piece(memory / (16 * PARTITION_COUNT * threads))};
    partition_open(&spread->records,
                   memory / 8 * 3); /* a quarter is the tables', another the rows' */
}

/* What is read back in pieces has one of every part in memory at once. */
static size_t piece_size(const Spread *spread)
{
    return clamp_piece(spread->memory / (8 * PARTITION_COUNT));
}

void spread_add(Spread *spread, SpreadPieces *pieces, Partial *partial)
{
    size_t count = groups_count(&partial->groups);
    for (size_t group = 0; group < count; group++) {
        size_t part = partition_part(groups_hash(&partial->groups, group));
        Buffer *piece = &pieces->parts[part];
        if (piece->room == 0)
            buffer_reserve(piece, spread->piece + spread->piece / 8);
        partial_save(partial, group, piece);
        if (piece->size >= spread->piece)
            partition_put(&spread->records, part, piece);
    }
    partial_clear(partial);
    spread->used = true;
}

void spread_end(Spread *spread, SpreadPieces *pieces)
{
    for (size_t part = 0; part < PARTITION_COUNT; part++) {
        partition_put(&spread->records, part, &pieces->parts[part]);
        buffer_free(&pieces->parts[part]);
    }
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
    Buffer rows;
} Finisher;

struct Finish {
    Spread *spread;
    Partition rows;
    Finisher *finishers;
    size_t piece;
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
    pack_count(&finisher->rows, ordinal);
    pack_text(&finisher->rows, row);
    if (finisher->rows.size >= finisher->finish->piece)
        partition_put(&finisher->finish->rows, finisher->part, &finisher->rows);
}

static void finish_part(Finisher *finisher)
{
    Partial *partial = &finisher->partial;
    PartCursor cursor = partition_begin(&finisher->finish->spread->records, finisher->part);
    bool empty = true;
    for (Span piece; partition_next(&cursor, &piece); empty = false) {
        for (const char *at = piece.at; at < piece.at + piece.size;)
            partial_load(partial, &at);
        budget_check(partial_size(partial), finisher->finish->spread->memory,
                     "the values of a group");
    }
    if (empty) /* without a key a partial has its one group though nothing came */
        return;
    finisher->order = partial_order(partial);
    result_rows(&finisher->result, partial, finisher->order, groups_count(&partial->groups),
                hold_row, finisher);
    partition_put(&finisher->finish->rows, finisher->part, &finisher->rows);
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

/* A group without a value ends its part, but an earlier one may stand in another. */
static void finish_parts(void *context, size_t thread)
{
    Finish *finish = context;
    Finisher *finisher = &finish->finishers[thread];
    while ((finisher->part = finish->next++) < PARTITION_COUNT) {
        Trap trap;
        if (TRAP_SET(&trap)) {
            finish_part(finisher);
            trap_end(&trap);
        } else {
            note_failure(finish, finisher->result.at, &trap);
            if (trap.exhausted)
                return; /* what it worked with may have been left at any point */
        }
        free(finisher->order);
        finisher->order = NULL;
        partial_clear(&finisher->partial);
    }
}

/* ---- rows in order ---- */

typedef struct Run {
    PartCursor cursor;
    const char *at, *end; /* of the piece at hand, behind the ordinal of its next row */
    uint64_t ordinal;
} Run;

static bool run_next(Run *run)
{
    if (run->at == run->end) {
        Span piece;
        if (!partition_next(&run->cursor, &piece))
            return false;
        run->at = piece.at;
        run->end = piece.at + piece.size;
    }
    run->ordinal = unpack_count(&run->at);
    return true;
}

/* Lets the run at the place sink to where no later run is above it. */
static void heap_sink(Run **heap, size_t count, size_t place)
{
    Run *sinking = heap[place];
    for (size_t child; (child = 2 * place + 1) < count; place = child) {
        if (child + 1 < count && heap[child + 1]->ordinal < heap[child]->ordinal)
            child++;
        if (sinking->ordinal <= heap[child]->ordinal)
            break;
        heap[place] = heap[child];
    }
    heap[place] = sinking;
}

static void give_rows(Partition *rows, ResultRow *take, void *context)
{
    Run runs[PARTITION_COUNT], *heap[PARTITION_COUNT];
    size_t count = 0;
    for (size_t part = 0; part < PARTITION_COUNT; part++) {
        runs[part] = (Run){.cursor = partition_begin(rows, part)};
        if (run_next(&runs[part]))
            heap[count++] = &runs[part];
    }
    for (size_t i = count / 2; i-- > 0;)
        heap_sink(heap, count, i);
    while (count > 0) {
        take(context, heap[0]->ordinal, unpack_text(&heap[0]->at));
        if (!run_next(heap[0]))
            heap[0] = heap[--count];
        heap_sink(heap, count, 0);
    }
}

void spread_rows(Spread *spread, const ResultForm *form, const size_t *columns, size_t threads,
                 ResultRow *take, void *context)
{
    Finish finish = {.spread = spread,
                     .finishers = memory_zeroed(threads, sizeof *finish.finishers),
                     .piece = piece_size(spread)};
    partition_open(&finish.rows, spread->memory / 4);
    pthread_mutex_init(&finish.lock, NULL);
    for (size_t i = 0; i < threads; i++) {
        finish.finishers[i].finish = &finish;
        partial_open(&finish.finishers[i].partial, form->calls, columns, form->key_count);
        result_open(&finish.finishers[i].result, form);
    }
    threads_run(threads, finish_parts, &finish);
    if (finish.failed)
        fail("%s", finish.message);
    for (size_t i = 0; i < threads; i++) {
        partial_close(&finish.finishers[i].partial);
        result_close(&finish.finishers[i].result);
        buffer_free(&finish.finishers[i].rows);
    }
    free(finish.finishers);
    give_rows(&finish.rows, take, context);
    pthread_mutex_destroy(&finish.lock);
    partition_close(&finish.rows);
}

void spread_close(Spread *spread)
{
    partition_close(&spread->records);
}
