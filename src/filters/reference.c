#include "filters/reference.h"

#include <stdlib.h>

#include "base/budget.h"
#include "base/diagnostic.h"

/* No cell holds a NUL, so parts joined by it are as distinct as the parts. */
bool key_read(KeyColumns *key, const Batch *batch, size_t row, Span *bytes)
{
    *bytes = batch_value(batch, row, key->columns[0]);
    if (bytes->size == 0 || key->count == 1)
        return bytes->size != 0;
    key->joined.size = 0;
    buffer_append(&key->joined, bytes->at, bytes->size);
    for (size_t i = 1; i < key->count; i++) {
        Span part = batch_value(batch, row, key->columns[i]);
        if (part.size == 0)
            return false;
        buffer_byte(&key->joined, '\0');
        buffer_append(&key->joined, part.at, part.size);
    }
    *bytes = buffer_span(&key->joined);
    return true;
}

void key_write(Span key, Buffer *out)
{
    for (size_t i = 0; i < key.size; i++) {
        if (key.at[i] == '\0')
            buffer_text(out, ", ");
        else
            buffer_byte(out, key.at[i]);
    }
}

static Span keep_cells(Reference *reference, const Batch *batch, size_t row,
                       const ColumnRuns *taken, Buffer *cells)
{
    cells->size = 0;
    for (size_t i = 0; i < taken->count; i++) {
        if (i > 0)
            buffer_byte(cells, reader_delimiter(batch->reader));
        Span run = column_run_span(taken->runs[i], batch, row);
        buffer_append(cells, run.at, run.size);
    }
    return (Span){arena_copy(&reference->arena, cells->at, cells->size), cells->size};
}

static _Noreturn void fail_repeated(const Batch *batch, size_t row, size_t column, Span key)
{
    Buffer text = {0};
    key_write(key, &text);
    fail("%s: a second row for the key %s (--many takes them all)", batch_place(batch, row, column),
         shown(text.at, text.size));
}

/* Hangs the newest row under its key. */
static void chain(Reference *reference, size_t number, bool added)
{
    size_t row = reference->count - 1;
    if (added) {
        if (number == reference->key_room) {
            reference->key_room = number < 32 ? 64 : number * 2;
            reference->first =
                memory_resize(reference->first, reference->key_room, sizeof *reference->first);
            reference->last =
                memory_resize(reference->last, reference->key_room, sizeof *reference->last);
        }
        reference->first[number] = row;
    } else {
        reference->next[reference->last[number]] = row;
    }
    reference->last[number] = row;
}

static void add_row(Reference *reference, Span cells)
{
    size_t row = reference->count++;
    reference->taken =
        memory_grow(reference->taken, &reference->taken_room, row, sizeof *reference->taken);
    reference->next =
        memory_grow(reference->next, &reference->next_room, row, sizeof *reference->next);
    reference->taken[row] = cells;
    reference->next[row] = REFERENCE_NONE;
}

/* Bytes of memory. */
static size_t held(const Reference *reference)
{
    return dictionary_size(&reference->keys) + reference->arena.size +
           reference->key_room * (sizeof *reference->first + sizeof *reference->last) +
           reference->taken_room * sizeof *reference->taken +
           reference->next_room * sizeof *reference->next;
}

void reference_read(Reference *reference, Reader *reader, KeyColumns *key, const ColumnRuns *taken,
                    bool many)
{
    Buffer cells = {0};
    Batch batch;
    while (reader_next(reader, &batch)) {
        for (size_t row = 0; row < batch.rows; row++) {
            Span bytes;
            if (!key_read(key, &batch, row, &bytes))
                continue;
            bool added;
            size_t number = dictionary_add(&reference->keys, bytes, &added);
            if (!added && !many)
                fail_repeated(&batch, row, key->columns[0], bytes);
            add_row(reference, keep_cells(reference, &batch, row, taken, &cells));
            chain(reference, number, added);
        }
        budget_check(held(reference), reference->memory, "the reference, which is held whole");
    }
    buffer_free(&cells);
}

size_t reference_find(const Reference *reference, Span key)
{
    size_t number = dictionary_find(&reference->keys, key);
    return number == DICTIONARY_NONE ? REFERENCE_NONE : reference->first[number];
}

static Span name_of(Span key, Arena *arena)
{
    Buffer text = {0};
    key_write(key, &text);
    Span name = {arena_copy(arena, text.at, text.size), text.size};
    buffer_free(&text);
    return name;
}

static void open_likeness(Reference *reference)
{
    size_t count = reference->keys.count;
    reference->names = arena_array(&reference->arena, count, sizeof *reference->names);
    for (size_t i = 0; i < count; i++)
        reference->names[i] = name_of(reference->keys.keys[i], &reference->arena);
    likeness_open(&reference->likeness, reference->names, count);
}

Span reference_nearest(Reference *reference, Span key)
{
    if (reference->keys.count > REFERENCE_LIKENESS)
        return SPAN("");
    if (reference->names == NULL)
        open_likeness(reference);
    Arena arena = {0};
    size_t nearest = likeness_find(&reference->likeness, name_of(key, &arena));
    arena_free(&arena);
    return nearest == LIKENESS_NONE ? SPAN("") : reference->names[nearest];
}

void reference_free(Reference *reference)
{
    dictionary_free(&reference->keys);
    free(reference->first);
    free(reference->last);
    free(reference->taken);
    free(reference->next);
    likeness_close(&reference->likeness);
    arena_free(&reference->arena);
}
