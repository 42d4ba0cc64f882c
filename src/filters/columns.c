#include "filters/columns.h"

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

static bool contains(const size_t *columns, size_t count, size_t column)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i] == column)
            return true;
    return false;
}

size_t *columns_except(const size_t *named, size_t named_count, size_t width, size_t *count,
                       Arena *arena)
{
    size_t *others = arena_array(arena, width, sizeof *others);
    *count = 0;
    for (size_t column = 0; column < width; column++)
        if (!contains(named, named_count, column))
            others[(*count)++] = column;
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
