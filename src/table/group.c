#include "table/group.h"

#include <stdlib.h>

#include "base/diagnostic.h"

void groups_open(Groups *groups, const size_t *columns, size_t count)
{
    *groups = (Groups){.columns = columns, .column_count = count};
}

static uint32_t group_number(Groups *groups, Span key)
{
    size_t number = dictionary_add(&groups->keys, key, NULL);
    if (number >= UINT32_MAX)
        fail("too many groups: more than %lu", (unsigned long)UINT32_MAX);
    return (uint32_t)number;
}

static void number_by_one(Groups *groups, const Batch *batch)
{
    size_t column = groups->columns[0];
    for (size_t row = 0; row < batch->rows; row++)
        groups->numbers[row] = group_number(groups, batch_value(batch, row, column));
}

static void number_by_several(Groups *groups, const Batch *batch)
{
    Buffer *joined = &groups->joined;
    for (size_t row = 0; row < batch->rows; row++) {
        joined->size = 0;
        for (size_t i = 0; i < groups->column_count; i++) {
            Span value = batch_value(batch, row, groups->columns[i]);
            if (i > 0)
                buffer_byte(joined, '\0');
            buffer_append(joined, value.at, value.size);
        }
        groups->numbers[row] = group_number(groups, buffer_span(joined));
    }
}

const uint32_t *groups_of_batch(Groups *groups, const Batch *batch)
{
    if (batch->rows > groups->room) {
        free(groups->numbers);
        groups->room = batch->rows;
        groups->numbers = memory_zeroed(groups->room, sizeof *groups->numbers);
    }
    if (groups->column_count == 1)
        number_by_one(groups, batch);
    else if (groups->column_count > 1)
        number_by_several(groups, batch);
    return groups->numbers;
}

size_t groups_count(const Groups *groups)
{
    return groups->column_count == 0 ? 1 : groups->keys.count;
}

Span groups_key(const Groups *groups, size_t group, size_t i)
{
    Span rest = groups->keys.keys[group];
    if (groups->column_count == 1)
        return rest;
    for (;; i--) {
        const char *end = rest.size == 0 ? NULL : memchr(rest.at, '\0', rest.size);
        size_t size = end == NULL ? rest.size : (size_t)(end - rest.at);
        if (i == 0)
            return (Span){rest.at, size};
        rest = (Span){rest.at + size + 1, rest.size - size - 1};
    }
}

const char *groups_shown(const Groups *groups, const Header *header, size_t group,
                         const char *before, Arena *arena)
{
    if (groups->column_count == 0)
        return "";
    const char *text = arena_format(arena, "%sgroup ", before);
    for (size_t i = 0; i < groups->column_count; i++) {
        Span key = groups_key(groups, group, i);
        text = arena_format(arena, "%s%s%s = %s", text, i == 0 ? "" : ", ",
                            header->names[groups->columns[i]],
                            key.size == 0 ? "(missing)" : shown(key.at, key.size));
    }
    return text;
}

void groups_free(Groups *groups)
{
    dictionary_free(&groups->keys);
    buffer_free(&groups->joined);
    free(groups->numbers);
    *groups = (Groups){0};
}
