#include "base/memory.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/text.h"

/* The first block is small, since there may be an arena for each of many things. */
enum { ARENA_LEAST = 1024, ARENA_BLOCK = 64 * 1024, ARENA_KEPT = 1024 * 1024 };

struct ArenaBlock {
    ArenaBlock *older;
    size_t size;
    alignas(max_align_t) char bytes[];
};

static size_t product(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        fail_exhausted("out of memory: %zu items of %zu bytes", count, size);
    return bytes;
}

static void *checked(void *memory, size_t bytes)
{
    if (memory == NULL)
        fail_exhausted("out of memory: %zu bytes", bytes);
    return memory;
}

void *memory_array(size_t count, size_t size)
{
    size_t bytes = product(count, size);
    return checked(malloc(bytes != 0 ? bytes : 1), bytes);
}

void *memory_zeroed(size_t count, size_t size)
{
    size_t bytes = product(count, size);
    return checked(calloc(1, bytes != 0 ? bytes : 1), bytes);
}

void *memory_resize(void *array, size_t count, size_t size)
{
    size_t bytes = product(count, size);
    return checked(realloc(array, bytes != 0 ? bytes : 1), bytes);
}

void *memory_grow(void *array, size_t *room, size_t used, size_t size)
{
    if (used < *room)
        return array;
    size_t wanted = *room < 8 ? 8 : *room + *room / 2;
    array = memory_resize(array, wanted, size);
    *room = wanted;
    return array;
}

static void arena_block(Arena *arena, size_t size)
{
    size_t bytes;
    if (__builtin_add_overflow(sizeof(ArenaBlock), size, &bytes))
        fail_exhausted("out of memory: %zu bytes", size);
    if (arena->ceiling != 0 && size > arena->ceiling - arena->size)
        fail_exhausted("out of memory: the values of the rows at hand take more than %zu bytes "
                       "(see --memory)",
                       arena->ceiling);
    ArenaBlock *block = checked(malloc(bytes), bytes);
    block->older = arena->newest;
    block->size = size;
    arena->newest = block;
    arena->at = block->bytes;
    arena->left = size;
    arena->size += size;
}

/* Blocks grow with the arena. */
static size_t block_size(const Arena *arena)
{
    return arena->size < ARENA_LEAST   ? ARENA_LEAST
           : arena->size > ARENA_BLOCK ? ARENA_BLOCK
                                       : arena->size;
}

void *arena_take(Arena *arena, size_t size)
{
    size_t step = alignof(max_align_t);
    if (size > SIZE_MAX - step)
        fail_exhausted("out of memory: %zu bytes", size);
    size = size == 0 ? step : (size + step - 1) / step * step;
    if (size > arena->left)
        arena_block(arena, size > block_size(arena) ? size : block_size(arena));
    void *taken = arena->at;
    arena->at += size;
    arena->left -= size;
    return taken;
}

void *arena_array(Arena *arena, size_t count, size_t size)
{
    return arena_take(arena, product(count, size));
}

char *arena_copy(Arena *arena, const char *bytes, size_t size)
{
    if (size == SIZE_MAX)
        fail_exhausted("out of memory: %zu bytes", size);
    char *copy = arena_take(arena, size + 1);
    if (size != 0)
        memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

char *arena_format(Arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t size = formatted_size(format, arguments);
    char *text = arena_take(arena, size + 1);
    vsnprintf(text, size + 1, format, arguments);
    va_end(arguments);
    return text;
}

static void blocks_free(ArenaBlock *block)
{
    while (block != NULL) {
        ArenaBlock *older = block->older;
        free(block);
        block = older;
    }
}

void arena_reset(Arena *arena)
{
    ArenaBlock *kept = arena->newest;
    if (kept == NULL)
        return;
    if (kept->size > ARENA_KEPT) {
        arena_free(arena);
        return;
    }
    blocks_free(kept->older);
    kept->older = NULL;
    arena->at = kept->bytes;
    arena->left = kept->size;
    arena->size = kept->size;
}

void arena_free(Arena *arena)
{
    blocks_free(arena->newest);
    *arena = (Arena){.ceiling = arena->ceiling};
}
