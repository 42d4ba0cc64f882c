#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "base/pages.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/diagnostic.h"
#include "base/memory.h"

static bool is_large(size_t size)
{
    enum { LARGE = 512 * 1024 };
    return size >= LARGE;
}

void *pages_take(size_t size)
{
    if (!is_large(size))
        return memory_array(size, 1);
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        fail_exhausted("out of memory: %zu bytes", size);
    return pages;
}

void *pages_shrink(void *pages, size_t size, size_t less)
{
    if (!is_large(size))
        return memory_resize(pages, less, 1);
    void *copy = pages_take(less);
    memcpy(copy, pages, less);
    pages_free(pages, size);
    return copy;
}

void pages_free(void *pages, size_t size)
{
    if (pages == NULL)
        return;
    if (is_large(size))
        munmap(pages, size);
    else
        free(pages);
}
