#include "filters/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"

ColumnRuns column_runs(const size_t *columns, size_t count, Arena *arena)
{
    ColumnRuns runs = {arena_array(arena, count, sizeof *runs.runs), 0};
    for (size_t i = 0; i < count; i++) {
        if (runs.count > 0 && runs.runs[runs.count - 1].last + 1 == columns[i])
            runs.runs[runs.count - 1].last = columns[i];
        else
            runs.runs[runs.count++] = (ColumnRun){columns[i], columns[i]};
    }
    return runs;
}

size_t *columns_except(const size_t *named, size_t named_count, size_t width, size_t *count,
                       Arena *arena)
{
    size_t *others = arena_array(arena, width, sizeof *others);
    bool *is_named = memory_zeroed(width, sizeof *is_named);
    for (size_t i = 0; i < named_count; i++)
        is_named[named[i]] = true;
    *count = 0;
    for (size_t column = 0; column < width; column++)
        if (!is_named[column])
            others[(*count)++] = column;
    free(is_named);
    return others;
}

void columns_check_names(const ColumnList *list, const char *label)
{
    for (size_t i = 1; i < list->count; i++) {
        const char *name = column_new_name(&list->columns[i]);
        for (size_t j = 0; j < i; j++)
            if (strcmp(name, column_new_name(&list->columns[j])) == 0)
                fail_usage("%s: column %s is there twice", label, shown(name, strlen(name)));
    }
}

void columns_add(Header *header, const char *name, const char *label)
{
    if (header_find(header, span_of(name)) != COLUMN_NONE)
        fail("%s: column %s is already there", label, shown(name, strlen(name)));
    header_add(header, name);
}
