/*
 * Thread: one piece of work done by several threads at once.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <stddef.h>

/* How many processors this process may use, at least 1. */
size_t threads_cores(void);

/* Between two looks at what another thread is about to do. */
static inline void thread_pause(void)
{
#ifdef __x86_64__
    __builtin_ia32_pause();
#endif
}

/*
 * Calls work(context, 0 … count-1), each in a thread of its own, the last in the calling one, and
 * returns when all have.  Where no thread can be made the calling one does its part too.
 */
void threads_run(size_t count, void (*work)(void *context, size_t thread), void *context);

#endif
