#define _GNU_SOURCE /* memfd_create, close_range */
#include "fuzz.h"

#include <fcntl.h>
#include <mpfr.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

char fuzz_message[sizeof((Trap *)0)->message];

/* ---- memory: the linker sends every allocation of the code under test through these ---- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);

/* Open addressing by address; a slot that was emptied holds `gone`. */
static struct {
    bool watching;
    void **blocks;
    size_t room, used;
} watched;
static char gone;

static size_t slot_of(void **blocks, size_t room, const void *block)
{
    size_t slot = (size_t)((uintptr_t)block >> 4) * UINT64_C(0x9e3779b97f4a7c15) % room;
    while (blocks[slot] != NULL && blocks[slot] != block)
        slot = (slot + 1) % room;
    return slot;
}

static void watched_grow(void)
{
    size_t room = watched.room == 0 ? 4096 : 2 * watched.room;
    void **blocks = __real_calloc(room, sizeof *blocks);
    if (blocks == NULL)
        abort();
    for (size_t i = 0; i < watched.room; i++)
        if (watched.blocks[i] != NULL && watched.blocks[i] != &gone)
            blocks[slot_of(blocks, room, watched.blocks[i])] = watched.blocks[i];
    __real_free(watched.blocks);
    watched.blocks = blocks;
    watched.room = room;
}

static void watch(void *block)
{
    if (!watched.watching || block == NULL)
        return;
    if (2 * ++watched.used > watched.room)
        watched_grow();
    watched.blocks[slot_of(watched.blocks, watched.room, block)] = block;
}

static void unwatch(void *block)
{
    if (watched.room == 0 || block == NULL)
        return;
    size_t slot = slot_of(watched.blocks, watched.room, block);
    if (watched.blocks[slot] == block)
        watched.blocks[slot] = &gone;
}

void *__wrap_malloc(size_t size)
{
    void *block = __real_malloc(size);
    watch(block);
    return block;
}

void *__wrap_calloc(size_t count, size_t size)
{
    void *block = __real_calloc(count, size);
    watch(block);
    return block;
}

void *__wrap_realloc(void *block, size_t size)
{
    unwatch(block);
    void *moved = __real_realloc(block, size);
    watch(moved != NULL ? moved : block);
    return moved;
}

void __wrap_free(void *block)
{
    unwatch(block);
    __real_free(block);
}

static void watched_clear(bool release)
{
    for (size_t i = 0; i < watched.room; i++) {
        if (release && watched.blocks[i] != NULL && watched.blocks[i] != &gone)
            __real_free(watched.blocks[i]);
        watched.blocks[i] = NULL;
    }
    watched.used = 0;
}

/* ---- attempts ---- */

bool fuzz_attempt(void (*work)(void *context), void *context)
{
    int lowest = dup(STDIN_FILENO);
    close(lowest);
    watched.watching = true;
    Trap trap;
    bool done = false;
    if (TRAP_SET(&trap)) {
        work(context);
        trap_end(&trap);
        done = true;
    }
    watched.watching = false;
    if (!done)
        snprintf(fuzz_message, sizeof fuzz_message, "%s", trap.message);
    mpfr_free_cache(); /* what it keeps would be given back under its feet */
    watched_clear(!done);
    if (!done)
        close_range((unsigned)lowest, ~0U, 0);
    return done;
}

/* ---- files ---- */

static int files[FUZZ_FILES] = {-1, -1, -1, -1};
static char paths[FUZZ_FILES][32];

const char *fuzz_path(size_t slot)
{
    return paths[slot];
}

const char *fuzz_file(size_t slot, Span bytes)
{
    if (files[slot] < 0)
        files[slot] = memfd_create("fuzz", MFD_CLOEXEC);
    if (files[slot] < 0 || ftruncate(files[slot], 0) != 0 || lseek(files[slot], 0, SEEK_SET) != 0 ||
        write(files[slot], bytes.at, bytes.size) != (ssize_t)bytes.size)
        abort();
    lseek(files[slot], 0, SEEK_SET);
    snprintf(paths[slot], sizeof paths[slot], "/proc/self/fd/%d", files[slot]);
    return paths[slot];
}

void fuzz_output(void)
{
    fuzz_file(FUZZ_OUTPUT, (Span){"", 0});
    if (dup2(files[FUZZ_OUTPUT], STDOUT_FILENO) < 0)
        abort();
}

Span fuzz_contents(size_t slot)
{
    static char *contents;
    struct stat status;
    if (fstat(files[slot], &status) != 0)
        abort();
    size_t size = (size_t)status.st_size;
    free(contents);
    contents = malloc(size + 1);
    if (contents == NULL || pread(files[slot], contents, size, 0) != (ssize_t)size)
        abort();
    contents[size] = '\0';
    return (Span){contents, size};
}

/* ---- inputs ---- */

unsigned fuzz_byte(FuzzInput *input)
{
    if (input->size == 0)
        return 0;
    input->size--;
    return (unsigned char)*input->at++;
}

Span fuzz_until(FuzzInput *input, char byte)
{
    const char *end = input->size == 0 ? NULL : memchr(input->at, byte, input->size);
    Span piece = {input->at, end == NULL ? input->size : (size_t)(end - input->at)};
    size_t taken = piece.size + (end != NULL);
    input->at += taken;
    input->size -= taken;
    return piece;
}

Span fuzz_rest(FuzzInput *input)
{
    Span rest = {input->at, input->size};
    input->size = 0;
    return rest;
}
