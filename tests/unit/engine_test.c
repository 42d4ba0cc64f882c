/*
 * Tests of what threads and memory limits rest on, printed as TAP: engine_test [SEED]
 *
 * The crew's order and failures, tapes and partitions past their ceilings, the stable order of
 * stores that spill, the bar, the tally.  Each is held against the plainest way to the same result.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/tape.h"
#include "csv/crew.h"
#include "table/partition.h"
#include "table/store.h"
#include "table/tally.h"

static int test_count, failed_count;
static bool passing; /* so far in the running test */

static void check_at(int line, bool holds, const char *what)
{
    if (holds)
        return;
    passing = false;
    printf("# line %d: not so: %s\n", line, what);
}

#define CHECK(holds) check_at(__LINE__, (holds), #holds)

static void test(const char *sentence, void (*body)(void))
{
    passing = true;
    body();
    failed_count += !passing;
    printf("%s %d - %s\n", passing ? "ok" : "not ok", ++test_count, sentence);
    fflush(stdout);
}

static size_t below(size_t limit)
{
    return (size_t)rand() % limit;
}

/* ---- crew ---- */

enum { CREW_ROWS = 3000, CREW_CHUNK = 512 };

typedef struct Adding {
    Buffer seen; /* what was delivered */
    size_t stop; /* after so many bytes nothing is wanted; 0: all is */
    int opened, closed;
} Adding;

typedef struct AddingWorker {
    Buffer rows;
} AddingWorker;

static void *adding_open(void *context)
{
    ((Adding *)context)->opened++;
    return memory_zeroed(1, sizeof(AddingWorker));
}

static void adding_work(void *state, const Batch *batch)
{
    AddingWorker *worker = state;
    for (size_t row = 0; row < batch->rows; row++) {
        Span value = batch_value(batch, row, 0);
        if (span_equal(value, SPAN("bad")))
            fail("%s: bad", batch_place(batch, row, 0));
        buffer_append(&worker->rows, value.at, value.size);
        buffer_byte(&worker->rows, ' ');
    }
}

static bool adding_deliver(void *context, void *state)
{
    Adding *adding = context;
    AddingWorker *worker = state;
    buffer_append(&adding->seen, worker->rows.at, worker->rows.size);
    worker->rows.size = 0;
    return adding->stop == 0 || adding->seen.size < adding->stop;
}

static void adding_close(void *context, void *state)
{
    AddingWorker *worker = state;
    ((Adding *)context)->closed++;
    buffer_free(&worker->rows);
    free(worker);
}

/* A file without a name; some rows hold newlines. */
static int rows_file(const char *last)
{
    char name[] = "/tmp/engine_test.XXXXXX";
    int file = mkstemp(name);
    unlink(name);
    dprintf(file, "x,y\n");
    for (int i = 0; i < CREW_ROWS; i++)
        dprintf(file, i % 5 == 0 ? "%d,\"a\n\"\"b\"\n" : "%d,c\n", i);
    dprintf(file, "%s", last);
    return file;
}

/* Runs a crew over the file; false if it failed, the trap says how. */
static bool run_crew(int file, size_t jobs, Adding *adding, Trap *trap)
{
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    char *paths[] = {path};
    Reader *reader = reader_open(paths, 1, &(ReaderOptions){.chunk = CREW_CHUNK});
    const CrewJob job = {.context = adding,
                         .open = adding_open,
                         .work = adding_work,
                         .deliver = adding_deliver,
                         .close = adding_close};
    volatile bool sound = false;
    if (TRAP_SET(trap)) {
        crew_run(reader, jobs, &job);
        trap_end(trap);
        sound = true;
    }
    reader_close(reader);
    return sound;
}

static void crew_keeps_order(void)
{
    Buffer expected = {0};
    for (int i = 0; i < CREW_ROWS; i++)
        buffer_format(&expected, "%d ", i);
    int file = rows_file("");
    for (size_t jobs = 1; jobs <= 8; jobs++) {
        Adding adding = {0};
        Trap trap;
        CHECK(run_crew(file, jobs, &adding, &trap));
        CHECK(span_equal(buffer_span(&adding.seen), buffer_span(&expected)));
        CHECK(adding.opened == (int)jobs && adding.closed == (int)jobs);
        buffer_free(&adding.seen);
    }
    close(file);
    buffer_free(&expected);
}

/* The place is the true one, and what is before the failing batch has been delivered. */
static void crew_fails_alike(void)
{
    static const char *const lasts[] = {"bad,1\n1,2,3\n", "1,2,3\nbad,1\n", "1,\"2\n"};
    for (size_t i = 0; i < sizeof lasts / sizeof *lasts; i++) {
        int file = rows_file(lasts[i]);
        Trap alone;
        Adding first = {0};
        CHECK(!run_crew(file, 1, &first, &alone));
        CHECK(strstr(alone.message, ":3602:") != NULL);
        for (size_t jobs = 2; jobs <= 8; jobs++) {
            Trap trap;
            Adding adding = {0};
            CHECK(!run_crew(file, jobs, &adding, &trap));
            CHECK(strcmp(trap.message, alone.message) == 0);
            buffer_free(&adding.seen);
        }
        buffer_free(&first.seen);
        close(file);
    }
}

static void crew_stops(void)
{
    int file = rows_file("bad,1\n");
    for (size_t jobs = 1; jobs <= 8; jobs++) {
        Trap trap;
        Adding adding = {.stop = 100};
        CHECK(run_crew(file, jobs, &adding, &trap));
        CHECK(adding.seen.size >= 100 && adding.seen.size < 2000);
        CHECK(memcmp(adding.seen.at, "0 1 2 3 ", 8) == 0);
        buffer_free(&adding.seen);
    }
    close(file);
}

/* ---- tape, partition ---- */

static void tape_plays_back(void)
{
    enum { SIZE = 3 * TAPE_BLOCK };
    char *bytes = memory_array(SIZE, 1), *back = memory_array(SIZE, 1);
    for (size_t i = 0; i < SIZE; i++)
        bytes[i] = (char)below(256);
    static const size_t ceilings[] = {1, TAPE_BLOCK, TAPE_BLOCK + 77, 2 * SIZE};
    for (size_t i = 0; i < sizeof ceilings / sizeof *ceilings; i++) {
        Tape tape = {.ceiling = ceilings[i]};
        for (size_t at = 0, piece; at < SIZE; at += piece) {
            piece = below(300000) + 1;
            piece = piece < SIZE - at ? piece : SIZE - at;
            tape_put(&tape, bytes + at, piece);
        }
        size_t done = 0;
        for (size_t got; (got = tape_get(&tape, done, back + done, SIZE - done)) != 0;)
            done += got;
        CHECK(done == SIZE && memcmp(bytes, back, SIZE) == 0);
        CHECK(tape.held <= ceilings[i]);
        tape_free(&tape);
    }
    free(bytes);
    free(back);
}

static void partition_gives_back(void)
{
    static const size_t ceilings[] = {0, 1000, SIZE_MAX};
    for (size_t i = 0; i < sizeof ceilings / sizeof *ceilings; i++) {
        Partition partition;
        Buffer expected[3] = {0};
        partition_open(&partition, ceilings[i]);
        for (int n = 0; n < 200; n++) {
            Buffer piece = {0};
            size_t part = below(3);
            buffer_format(&piece, "piece %d;", n);
            buffer_append(&expected[part], piece.at, piece.size);
            partition_put(&partition, part, &piece);
            CHECK(piece.size == 0);
            buffer_free(&piece);
        }
        for (size_t part = 0; part < 3; part++) {
            Buffer got = {0};
            PartCursor cursor = partition_begin(&partition, part);
            for (Span piece; partition_next(&cursor, &piece);)
                buffer_append(&got, piece.at, piece.size);
            CHECK(span_equal(buffer_span(&got), buffer_span(&expected[part])));
            buffer_free(&got);
            buffer_free(&expected[part]);
        }
        partition_close(&partition);
    }
}

/* ---- store, bar ---- */

enum { STORE_ROWS = 20000 };

typedef struct Plain {
    uint32_t group;
    char key[4];
    int number; /* in the order in which it was added */
} Plain;

static int plain_compare(const void *a, const void *b)
{
    const Plain *x = a, *y = b;
    int keys = strcmp(x->key, y->key);
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return keys != 0 ? keys : x->number - y->number;
}

static Plain *plain_rows(void)
{
    Plain *rows = memory_zeroed(STORE_ROWS, sizeof *rows);
    for (int i = 0; i < STORE_ROWS; i++) {
        rows[i].group = (uint32_t)below(7);
        rows[i].number = i;
        snprintf(rows[i].key, sizeof rows[i].key, "%03zu", below(500));
    }
    return rows;
}

static void fill(Store *store, const Plain *rows)
{
    for (size_t i = 0; i < STORE_ROWS; i++)
        store_add(store, &(HeldRow){.group = rows[i].group,
                                    .key = {rows[i].key, 3},
                                    .bytes = {(const char *)&rows[i].number, sizeof(int)}});
    store_sort(store);
}

static int next_number(StoreCursor *cursor)
{
    HeldRow row;
    int number = -1;
    if (store_next(cursor, &row))
        memcpy(&number, row.bytes.at, sizeof number);
    return number;
}

static void store_orders(void)
{
    static const size_t budgets[] = {1, 300000, SIZE_MAX};
    for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
        Plain *rows = plain_rows();
        Store store;
        store_open(&store, budgets[i], 1, NULL);
        fill(&store, rows);
        qsort(rows, STORE_ROWS, sizeof *rows, plain_compare);
        StoreCursor cursor = store_begin(&store, ALL_GROUPS, 1);
        bool same = true;
        for (size_t row = 0; row < STORE_ROWS; row++)
            same = same && next_number(&cursor) == rows[row].number;
        CHECK(same && next_number(&cursor) == -1);
        CHECK(budgets[i] != 1 || spill_size(&store.spill) != 0);
        store_end(&cursor);
        store_free(&store);
        free(rows);
    }
}

/* Range by range, as several threads do it. */
static void store_ranges_order(void)
{
    static const size_t budgets[] = {1, 300000, SIZE_MAX};
    for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
        Plain *rows = plain_rows();
        Store store;
        size_t count, row = 0;
        store_open(&store, budgets[i], 1, NULL);
        fill(&store, rows);
        qsort(rows, STORE_ROWS, sizeof *rows, plain_compare);
        GroupRange *ranges = store_ranges(&store, &count);
        CHECK(budgets[i] == SIZE_MAX || count > 2);
        for (size_t range = 0; range < count; range++) {
            StoreCursor cursor = store_begin(&store, ranges[range], 2);
            for (int number; (number = next_number(&cursor)) != -1; row++)
                CHECK(row < STORE_ROWS && number == rows[row].number &&
                      rows[row].group >= ranges[range].from && rows[row].group < ranges[range].end);
            store_end(&cursor);
        }
        CHECK(row == STORE_ROWS);
        free(ranges);
        store_free(&store);
        free(rows);
    }
}

/* Every row that has fewer than 3 before it in its group is there. */
static void bar_lets_first_pass(void)
{
    Plain *rows = plain_rows();
    Bar bar;
    Store store;
    bar_open(&bar, 3, false);
    store_open(&store, 300000, 1, &bar);
    fill(&store, rows);
    qsort(rows, STORE_ROWS, sizeof *rows, plain_compare);
    StoreCursor cursor = store_begin(&store, ALL_GROUPS, 1);
    int number = next_number(&cursor);
    size_t held = 0;
    for (size_t row = 0; row < STORE_ROWS; row++) {
        bool there = number == rows[row].number;
        if (row < 3 || rows[row].group != rows[row - 3].group)
            CHECK(there);
        held += there;
        if (there)
            number = next_number(&cursor);
    }
    CHECK(number == -1 && held < STORE_ROWS / 10);
    store_end(&cursor);
    store_free(&store);
    bar_close(&bar);
    free(rows);
}

/* A bar that has no memory to be raised; who holds it next would else wait for ever. */
static void bar_is_released(void)
{
    Bar bar;
    Store store;
    Trap trap;
    Plain *volatile rows = plain_rows();
    bar_open(&bar, 3, false);
    bar.arena.ceiling = 1;
    store_open(&store, 300000, 1, &bar);
    bool failed = !TRAP_SET(&trap);
    if (!failed) {
        fill(&store, rows);
        trap_end(&trap);
    }
    CHECK(failed && trap.exhausted);
    CHECK(pthread_rwlock_trywrlock(&bar.lock) == 0);
    pthread_rwlock_unlock(&bar.lock);
    store_free(&store);
    bar_close(&bar);
    free(rows);
}

/* ---- tally ---- */

static int decimal_order(const void *a, const void *b)
{
    const Decimal *x = a, *y = b;
    int order = decimal_compare(*x, *y);
    return order != 0 ? order : x->scale - y->scale;
}

/* In two halves that are merged; the second may be large, so that words become decimals. */
static void tally_try(size_t count, int64_t span, int64_t factor)
{
    Tally tally = {0}, other = {0};
    Decimal *values = memory_array(count, sizeof *values);
    for (size_t i = 0; i < count; i++) {
        int64_t mantissa = (int64_t)below((size_t)span) - span / 2;
        values[i] = (Decimal){.small = i > count / 2 ? mantissa * factor : mantissa,
                              .scale = (int32_t)below(4)};
        tally_add(i < count / 2 ? &tally : &other, values[i], 1);
    }
    tally_merge(&tally, &other);
    tally_settle(&tally);
    qsort(values, count, sizeof *values, decimal_order);
    CHECK(tally_total(&tally) == count);
    size_t at = 0, from = 0, distinct = 0;
    Decimal value;
    uint64_t times;
    for (; tally_next(&tally, &at, &value, &times); distinct++) {
        size_t end = from;
        while (end < count && decimal_compare(values[end], values[from]) == 0)
            end++;
        CHECK(times == end - from && decimal_order(&value, &values[end - 1]) == 0);
        CHECK(decimal_order(&(Decimal[]){tally_smallest(&tally, from)}[0], &value) == 0);
        from = end;
    }
    CHECK(from == count && distinct == tally_distinct(&tally));
    tally_free(&tally);
    tally_free(&other);
    free(values);
}

static void tally_counts(void)
{
    tally_try(1, 1, 1);
    tally_try(20, 50, 1);
    tally_try(1000, 10, 1);
    tally_try(1000, 100000, 1);
    tally_try(1000, 100000, INT64_C(50000000000000));
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? (unsigned)atol(argv[1]) : (unsigned)time(NULL);
    printf("# seed %u\n", seed);
    srand(seed);
    diagnostic_program("engine_test");
    test("a crew of any size delivers in the order of the input", crew_keeps_order);
    test("a crew of any size fails as one thread does", crew_fails_alike);
    test("a crew stops when no more is wanted, whatever is wrong behind", crew_stops);
    test("a tape gives back what was put, past its ceiling too", tape_plays_back);
    test("a partition gives back each part in its order, past its ceiling too",
         partition_gives_back);
    test("a store orders by group and key, equal ones as added, past its budget too", store_orders);
    test("a store read by ranges of groups gives the same rows", store_ranges_order);
    test("a bar lets all rows pass that may be among the first", bar_lets_first_pass);
    test("a bar is released when raising it fails", bar_is_released);
    test("a tally counts and orders values of any scale and size", tally_counts);
    printf("1..%d\n", test_count);
    return failed_count != 0;
}
