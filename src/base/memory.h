/*
 * Memory: allocation that cannot fail quietly, and arenas for things that die together.
 *
 * Every function ends the program with a sentence (diagnostic.h) when memory runs out, so callers
 * never see NULL.  Sizes are checked for overflow.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* The size, or of two bounds, least <= most, the one that it is past. */
static inline size_t clamp(size_t size, size_t least, size_t most)
{
    return size < least ? least : size > most ? most : size;
}

/* count * size bytes, not cleared; freed with free(). */
void *memory_array(size_t count, size_t size);

/* The same, all zero. */
void *memory_zeroed(size_t count, size_t size);

/* Changes an array from memory_array() to `count` elements. */
void *memory_resize(void *array, size_t count, size_t size);

/*
 * Room for one more: grows `array` (of *room elements) geometrically so that `used` + 1 fit.
 * Use as  items = memory_grow(items, &room, used, sizeof *items);
 */
void *memory_grow(void *array, size_t *room, size_t used, size_t size);

/*
 * An arena hands out memory that is freed all at once; a pointer stays good until then.  Where a
 * stranger's data decides how much is asked for, it has a ceiling, past which the program ends.
 */
typedef struct ArenaBlock ArenaBlock;
typedef struct Arena {
    char *at;           /* next free byte of the newest block */
    size_t left;        /* bytes left there */
    ArenaBlock *newest; /* blocks, newest first */
    size_t size;        /* bytes held by all blocks */
    size_t ceiling;     /* bytes that may be held; 0: any */
} Arena;                /* all zero but for the ceiling is an empty arena */

/* Aligned for any type; a size of 0 gives a valid pointer. */
void *arena_take(Arena *arena, size_t size);
void *arena_array(Arena *arena, size_t count, size_t size);

/* A copy of the bytes with a NUL behind them. */
char *arena_copy(Arena *arena, const char *bytes, size_t size);
char *arena_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Gives everything back but one block of common size, so that a loop can reuse it. */
void arena_reset(Arena *arena);
void arena_free(Arena *arena);

#endif
