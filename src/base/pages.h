/*
 * Pages: large memory that comes from the system and goes back to it at once.
 *
 * What malloc() is given back it may keep, a heap for each thread, so that a program that makes and
 * frees many large things holds more than it uses.  Pages are held only while they are used.  What
 * is small is malloc()'s all the same.
 */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <stddef.h>

/* Never NULL: fails as memory.h does. */
void *pages_take(size_t size);

/* What pages_take(size) gave, cut to less; it may move. */
void *pages_shrink(void *pages, size_t size, size_t less);

/* What pages_take(size) gave, or NULL. */
void pages_free(void *pages, size_t size);

#endif
