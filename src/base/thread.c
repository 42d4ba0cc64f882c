#define _GNU_SOURCE /* sched_getaffinity */
#include "base/thread.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

size_t threads_cores(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    return count < 1 ? 1 : (size_t)count;
}

typedef struct Thread {
    pthread_t handle;
    bool made;
    void (*work)(void *context, size_t thread);
    void *context;
    size_t number;
} Thread;

static void *thread_main(void *argument)
{
    Thread *thread = argument;
    thread->work(thread->context, thread->number);
    return NULL;
}

void threads_run(size_t count, void (*work)(void *context, size_t thread), void *context)
{
    Thread *threads = memory_array(count, sizeof *threads);
    for (size_t i = 0; i < count; i++) {
        threads[i] = (Thread){.work = work, .context = context, .number = i};
        threads[i].made = i + 1 < count &&
                          pthread_create(&threads[i].handle, NULL, thread_main, &threads[i]) == 0;
    }
    for (size_t i = 0; i < count; i++)
        if (!threads[i].made)
            work(context, i);
    for (size_t i = 0; i < count; i++)
        if (threads[i].made)
            pthread_join(threads[i].handle, NULL);
    free(threads);
}
