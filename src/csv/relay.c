#include "csv/relay.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/diagnostic.h"
#include "base/memory.h"
#include "base/thread.h"

enum { PIECE = 256 * 1024 }; /* gathered within the caches, then passed on */

struct Relay {
    Writer *writer;
    RelayWork *work;
    void *context;
    size_t parts, most;

    pthread_mutex_t lock; /* for all that follows */
    pthread_cond_t turned;
    size_t next;   /* part that nobody has taken yet */
    size_t turn;   /* the first part that is not written */
    bool giving;   /* somebody writes one that is done */
    Writer **done; /* by part: all its rows that are not written; NULL: it is not done */
    Writer **idle; /* to be used again */
    size_t idle_count;
    size_t held; /* bytes of rows that wait */
    bool stopped;
    Trap failure;
};

/* What failed first fails in all threads. */
static void relay_stop(Relay *relay, const Trap *failure)
{
    pthread_mutex_lock(&relay->lock);
    if (!relay->stopped)
        relay->failure = *failure;
    relay->stopped = true;
    pthread_cond_broadcast(&relay->turned);
    pthread_mutex_unlock(&relay->lock);
}

/* Counts the hand's rows; the lock must be held. */
static void hand_count(RelayHand *hand)
{
    size_t bytes = (size_t)writer_bytes(hand->writer);
    hand->relay->held += bytes - hand->held;
    hand->held = bytes;
}

/* It is the hand's turn. */
static void hand_give(RelayHand *hand)
{
    Relay *relay = hand->relay;
    writer_take(relay->writer, hand->writer);
    pthread_mutex_lock(&relay->lock);
    hand_count(hand);
    pthread_mutex_unlock(&relay->lock);
}

void relay_count(RelayHand *hand)
{
    Relay *relay = hand->relay;
    pthread_mutex_lock(&relay->lock);
    hand_count(hand);
    while (!relay->stopped && relay->turn != hand->part && relay->held >= relay->most)
        pthread_cond_wait(&relay->turned, &relay->lock);
    bool stopped = relay->stopped, turn = relay->turn == hand->part;
    pthread_mutex_unlock(&relay->lock);
    if (stopped)
        fail_again(&relay->failure);
    if (turn)
        hand_give(hand);
    hand->next = hand->held + PIECE;
}

/* Whether the part whose turn it is waits to be written, and nobody does it. */
static bool is_waited_for(const Relay *relay)
{
    return !relay->stopped && !relay->giving && relay->turn < relay->parts &&
           relay->done[relay->turn] != NULL;
}

/* Writes parts that are done and whose turn has come; the lock is held but while it writes. */
static void give_done(Relay *relay)
{
    while (is_waited_for(relay)) {
        Writer *done = relay->done[relay->turn];
        size_t bytes = (size_t)writer_bytes(done);
        relay->giving = true;
        pthread_mutex_unlock(&relay->lock);
        writer_take(relay->writer, done);
        pthread_mutex_lock(&relay->lock);
        relay->giving = false;
        relay->held -= bytes;
        relay->idle[relay->idle_count++] = done;
        relay->turn++;
        pthread_cond_broadcast(&relay->turned);
    }
}

static void part_end(RelayHand *hand)
{
    Relay *relay = hand->relay;
    pthread_mutex_lock(&relay->lock);
    hand_count(hand);
    relay->done[hand->part] = hand->writer;
    pthread_mutex_unlock(&relay->lock);
}

static void relay_give(Relay *relay)
{
    pthread_mutex_lock(&relay->lock);
    give_done(relay);
    pthread_mutex_unlock(&relay->lock);
}

/* False if there is no part left, or no more is wanted. */
static bool part_take(Relay *relay, RelayHand *hand)
{
    pthread_mutex_lock(&relay->lock);
    *hand = (RelayHand){.relay = relay, .part = relay->next, .next = PIECE};
    bool taken = !relay->stopped && relay->next < relay->parts;
    if (taken && relay->idle_count > 0)
        hand->writer = relay->idle[--relay->idle_count];
    relay->next += taken;
    pthread_mutex_unlock(&relay->lock);
    return taken;
}

static void part_work(Relay *relay, RelayHand *hand)
{
    if (hand->writer == NULL)
        hand->writer = writer_apart(relay->writer);
    relay->work(relay->context, hand);
    part_end(hand);
    relay_give(relay);
}

static void thread_work(void *context, size_t thread)
{
    (void)thread;
    Relay *relay = context;
    RelayHand hand;
    while (part_take(relay, &hand)) {
        Trap failure;
        if (TRAP_SET(&failure)) {
            part_work(relay, &hand);
            trap_end(&failure);
        } else {
            relay_stop(relay, &failure);
        }
    }
}

static void relay_open(Relay *relay)
{
    relay->done = memory_zeroed(relay->parts, sizeof(Writer *));
    relay->idle = memory_zeroed(relay->parts, sizeof(Writer *));
    pthread_mutex_init(&relay->lock, NULL);
    pthread_cond_init(&relay->turned, NULL);
}

static void relay_close(Relay *relay)
{
    for (size_t i = 0; i < relay->idle_count; i++)
        writer_drop(relay->idle[i]);
    free(relay->done);
    free(relay->idle);
    pthread_mutex_destroy(&relay->lock);
    pthread_cond_destroy(&relay->turned);
}

void relay_run(Writer *writer, size_t parts, size_t threads, size_t most, RelayWork *work,
               void *context)
{
    if (threads == 1 || parts == 1) {
        for (size_t part = 0; part < parts; part++)
            work(context, &(RelayHand){.part = part, .writer = writer});
        return;
    }
    Relay relay = {
        .writer = writer, .work = work, .context = context, .parts = parts, .most = most};
    relay_open(&relay);
    threads_run(threads < parts ? threads : parts, thread_work, &relay);
    if (relay.stopped)
        fail_again(&relay.failure);
    relay_close(&relay);
}
