#include "csv/crew.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/progress.h"
#include "base/thread.h"
#include "csv/reading.h"

/* How many chunks a worker may be ahead of the slowest. */
enum { AHEAD = 64 };

/* What is known of a chunk that has been worked on. */
typedef struct Finished {
    bool is;
    uint64_t line;  /* Chunk.line */
    uint64_t lines; /* newlines in it */
} Finished;

typedef struct Crew Crew;

typedef struct Worker {
    Crew *crew;
    void *state;
    Chunk chunk;
    bool given;      /* the chunk has not been worked on yet */
    uint64_t number; /* of the chunk */

    Scan scan;
    size_t at;            /* where the rows at hand begin in the chunk */
    uint64_t lines, rows; /* before them */
    Batch batch;
    bool working; /* on the batch: a failure is the job's */
    Arena values;
} Worker;

struct Crew {
    Reader *reader;
    const CrewJob *job;
    Worker *workers;
    size_t count;
    int alarm; /* ends the wait for input; negative: none is needed */

    pthread_mutex_t reading; /* held by who cuts: */
    uint64_t cut;            /* how many chunks were */
    bool ended;

    pthread_mutex_t lock; /* for all that follows */
    pthread_cond_t turned;
    uint64_t turn; /* the first chunk that is not finished */
    uint64_t line; /* in which it begins */
    uint64_t rows; /* that were worked on */
    Finished finished[AHEAD];
    bool stopped; /* nothing more is wanted */
    bool failed;
    Trap failure;
};

typedef bool Step(Worker *worker);

/* Takes the step; false if it failed, and the trap says how. */
static bool attempt(Worker *worker, Step *step, bool *result, Trap *trap)
{
    if (!TRAP_SET(trap))
        return false;
    *result = step(worker);
    trap_end(trap);
    return true;
}

/* ---- turns ---- */

static bool crew_stopped(Crew *crew)
{
    pthread_mutex_lock(&crew->lock);
    bool stopped = crew->stopped;
    pthread_mutex_unlock(&crew->lock);
    return stopped;
}

/* Called by who has the turn, so that the first failure in the input's order is the only one; but
 * by anybody when what failed has no place in the input. */
static void crew_stop(Crew *crew, const Trap *failure)
{
    static const uint64_t one = 1;
    pthread_mutex_lock(&crew->lock);
    if (failure != NULL && !crew->failed) {
        crew->failed = true;
        crew->failure = *failure;
    }
    crew->stopped = true;
    pthread_cond_broadcast(&crew->turned);
    pthread_mutex_unlock(&crew->lock);
    if (crew->alarm >= 0 && write(crew->alarm, &one, sizeof one) < 0)
        return; /* it rings already */
}

/* Waits until less than `ahead` chunks before this one are unfinished; false if all is stopped. */
static bool turn_wait(Worker *worker, uint64_t ahead)
{
    Crew *crew = worker->crew;
    pthread_mutex_lock(&crew->lock);
    while (!crew->stopped && worker->number - crew->turn >= ahead)
        pthread_cond_wait(&crew->turned, &crew->lock);
    bool going = !crew->stopped;
    pthread_mutex_unlock(&crew->lock);
    return going;
}

/* The chunk is finished, and with it perhaps those behind it. */
static void turn_end(Worker *worker)
{
    Crew *crew = worker->crew;
    pthread_mutex_lock(&crew->lock);
    crew->rows += worker->rows;
    progress_rows(worker->rows);
    crew->finished[worker->number % AHEAD] = (Finished){true, worker->chunk.line, worker->lines};
    for (Finished *next; (next = &crew->finished[crew->turn % AHEAD])->is; crew->turn++) {
        crew->line = (next->line != 0 ? next->line : crew->line) + next->lines;
        next->is = false;
    }
    pthread_cond_broadcast(&crew->turned);
    pthread_mutex_unlock(&crew->lock);
}

/* In which line the worker's chunk begins; it must be its turn. */
static uint64_t chunk_line(Worker *worker)
{
    Crew *crew = worker->crew;
    pthread_mutex_lock(&crew->lock);
    uint64_t line = worker->chunk.line != 0 ? worker->chunk.line : crew->line;
    pthread_mutex_unlock(&crew->lock);
    return line;
}

/* ---- work on a chunk ---- */

/* What has not been given out; `line` is that of the chunk. */
static Excerpt rest_of(const Worker *worker, uint64_t line)
{
    const Chunk *chunk = &worker->chunk;
    return (Excerpt){reader_file_name(worker->crew->reader, chunk->file), chunk->bytes + worker->at,
                     chunk->size - worker->at, line + worker->lines};
}

/* Leaves behind the rows of the last scan. */
static void rows_drop(Worker *worker)
{
    Scan *scan = &worker->scan;
    worker->lines += scan->folded
                         ? scanner_count(worker->chunk.bytes + worker->at, scan->used, '\n')
                         : scan->rows;
    worker->rows += scan->rows;
    worker->at += scan->used;
    scan->fault_at -= scan->fault != SCAN_SOUND ? scan->used : 0;
    scan->rows = scan->used = 0;
}

/* Lines in the chunk are counted from 1 until there is a failure. */
static bool batch_find(Worker *worker)
{
    const Chunk *chunk = &worker->chunk;
    Scan *scan = &worker->scan;
    rows_drop(worker);
    if (scan->fault == SCAN_SOUND && worker->at < chunk->size)
        scan_rows(scan, chunk->bytes + worker->at, chunk->size - worker->at, READER_BATCH,
                  chunk->last);
    if (scan->fault != SCAN_SOUND && scan->rows == 0) {
        Excerpt rest = rest_of(worker, 1);
        excerpt_fail(&rest, scan);
    }
    arena_reset(&worker->values);
    worker->batch = (Batch){
        .bytes = chunk->bytes + worker->at,
        .line = 1 + worker->lines,
        .ordinal = chunk->ordinal + worker->rows,
        .starts = scan->starts,
        .ends = scan->ends,
        .rows = scan->rows,
        .width = scan->width,
        .reader = worker->crew->reader,
        .file = chunk->file,
        .arena = &worker->values,
    };
    return scan->rows != 0;
}

static void chunk_begin(Worker *worker)
{
    worker->at = 0;
    worker->lines = worker->rows = 0;
    worker->working = false;
    scan_restart(&worker->scan);
    worker->scan.rows = worker->scan.used = 0;
    worker->scan.fault = SCAN_SOUND;
    worker->scan.folded = false;
}

static bool rows_work(Worker *worker)
{
    chunk_begin(worker);
    while (batch_find(worker)) {
        worker->working = true;
        worker->crew->job->work(worker->state, &worker->batch);
        worker->working = false;
    }
    return true;
}

/* What failed, once more, now that the lines before the chunk have been counted. */
static bool rows_fail(Worker *worker)
{
    uint64_t line = chunk_line(worker);
    if (worker->working) {
        worker->batch.line = line + worker->lines;
        worker->crew->job->work(worker->state, &worker->batch);
        return true;
    }
    Excerpt rest = rest_of(worker, line);
    excerpt_fail(&rest, &worker->scan);
}

static bool rows_deliver(Worker *worker)
{
    const CrewJob *job = worker->crew->job;
    return job->deliver == NULL || job->deliver(job->context, worker->state);
}

static bool rest_work(Worker *worker)
{
    const CrewJob *job = worker->crew->job;
    if (job->rest != NULL)
        job->rest(worker->state);
    return true;
}

/* The worker has the turn. A second failure is the first with true lines; without one, the first
 * still stands. */
static void chunk_fail(Worker *worker, const Trap *failure)
{
    Trap trap;
    bool done;
    crew_stop(worker->crew, attempt(worker, rows_fail, &done, &trap) ? failure : &trap);
}

static void chunk_work(Worker *worker)
{
    Crew *crew = worker->crew;
    Trap failure, trap;
    bool done, more, sound = attempt(worker, rows_work, &done, &failure);
    if (!turn_wait(worker, sound && crew->job->deliver == NULL ? AHEAD : 1))
        return;
    if (!sound && failure.exhausted)
        crew_stop(crew, &failure);
    else if (!attempt(worker, rows_deliver, &more, &trap))
        crew_stop(crew, &trap);
    else if (!more)
        crew_stop(crew, NULL);
    else if (!sound)
        chunk_fail(worker, &failure);
    turn_end(worker);
    if (!attempt(worker, rest_work, &done, &trap))
        crew_stop(crew, &trap);
}

/* ---- chunks ---- */

static bool chunk_cut(Worker *worker)
{
    Crew *crew = worker->crew;
    if (crew->ended || crew_stopped(crew))
        return false;
    worker->number = crew->cut++;
    crew->ended = true; /* should this fail, there is nothing behind it */
    crew->ended = !reader_cut(crew->reader, &worker->chunk);
    return !crew->ended;
}

/*
 * Another's read of a file most often ends within the time that it takes to fall asleep and be
 * woken, so a while is spent looking.
 */
static void reading_lock(Crew *crew)
{
    enum { LOOKS = 4000 };
    bool brief = reader_is_regular(crew->reader);
    for (int i = 0; brief && i < LOOKS; i++) {
        if (pthread_mutex_trylock(&crew->reading) == 0)
            return;
        thread_pause();
    }
    pthread_mutex_lock(&crew->reading);
}

/* The next chunk for the worker; false if there is none. */
static bool chunk_take(Worker *worker)
{
    Crew *crew = worker->crew;
    Trap trap;
    bool taken = false;
    reading_lock(crew);
    bool sound = attempt(worker, chunk_cut, &taken, &trap);
    pthread_mutex_unlock(&crew->reading);
    if (!sound && turn_wait(worker, 1))
        crew_stop(crew, &trap);
    return sound && taken;
}

static void worker_run(void *context, size_t number)
{
    Crew *crew = context;
    Worker *worker = &crew->workers[number];
    while (worker->given || chunk_take(worker)) {
        worker->given = false;
        chunk_work(worker);
    }
}

/* ---- the crew ---- */

static void worker_open(Crew *crew, Worker *worker)
{
    worker->crew = crew;
    worker->scan = reader_scan(crew->reader);
    worker->state = crew->job->open(crew->job->context);
}

static void worker_close(Worker *worker)
{
    const CrewJob *job = worker->crew->job;
    if (job->close != NULL)
        job->close(job->context, worker->state);
    chunk_free(&worker->chunk);
    scan_free(&worker->scan);
    arena_free(&worker->values);
}

static void crew_open(Crew *crew, size_t count)
{
    crew->workers = memory_zeroed(count, sizeof *crew->workers);
    crew->alarm = -1;
    pthread_mutex_init(&crew->reading, NULL);
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->turned, NULL);
    worker_open(crew, &crew->workers[0]);
    crew->count = 1;
}

static void crew_close(Crew *crew)
{
    reader_count(crew->reader, crew->rows);
    for (size_t i = 0; i < crew->count; i++)
        worker_close(&crew->workers[i]);
    free(crew->workers);
    if (crew->alarm >= 0)
        close(crew->alarm);
    reader_listen(crew->reader, -1);
    pthread_mutex_destroy(&crew->reading);
    pthread_mutex_destroy(&crew->lock);
    pthread_cond_destroy(&crew->turned);
}

/* The others join; the first worker may have been given a chunk. */
static void crew_grow(Crew *crew, size_t count)
{
    if (!reader_is_regular(crew->reader)) {
        crew->alarm = eventfd(0, EFD_CLOEXEC);
        if (crew->alarm < 0)
            fail_errno("threads");
        reader_listen(crew->reader, crew->alarm);
    }
    for (; crew->count < count; crew->count++)
        worker_open(crew, &crew->workers[crew->count]);
    threads_run(count, worker_run, crew);
}

/* The first worker is alone until there is more than a chunk to do. */
static void crew_work(Crew *crew, size_t count)
{
    Worker *first = &crew->workers[0];
    while (chunk_take(first)) {
        first->given = true;
        if (reader_bytes(crew->reader) >= reader_chunk(crew->reader) &&
            reader_goes_on(crew->reader)) {
            crew_grow(crew, count);
            return;
        }
        first->given = false;
        chunk_work(first);
    }
}

static bool batch_work(Worker *worker)
{
    const Crew *crew = worker->crew;
    if (!reader_next(crew->reader, &worker->batch))
        return false;
    crew->job->work(worker->state, &worker->batch);
    return true;
}

/* One thread, and the reader's own batches. */
static void run_alone(Crew *crew)
{
    Worker *worker = &crew->workers[0];
    Trap failure;
    for (bool more = true, sound = true; more && sound;) {
        sound = attempt(worker, batch_work, &more, &failure);
        more =
            ((!sound && failure.exhausted) || (rows_deliver(worker) && rest_work(worker))) && more;
        crew->failed = !sound && more;
        if (crew->failed)
            crew->failure = failure;
    }
}

/* A test build has as many as the environment says. */
size_t crew_size(const Reader *reader, size_t jobs)
{
#ifdef WARRANT_TEST
    const char *number = getenv("WARRANT_JOBS");
    if (jobs == 0 && number != NULL && atol(number) > 0)
        return (size_t)atol(number);
#endif
    if (jobs != 0)
        return jobs;
    size_t cores = threads_cores();
    return cores > 2 && !reader_is_regular(reader) ? 2 : cores;
}

void crew_run(Reader *reader, size_t jobs, const CrewJob *job)
{
    size_t size = crew_size(reader, jobs);
    Crew crew = {.reader = reader, .job = job};
    crew_open(&crew, size);
    if (size == 1)
        run_alone(&crew);
    else
        crew_work(&crew, size);
    if (crew.failed && crew.failure.exhausted)
        fail_again(&crew.failure); /* a state may have been left at any point: it is not closed */
    crew_close(&crew);
    if (crew.failed)
        fail_again(&crew.failure);
}
