#include "filters/naming.h"

#include <string.h>

#include "base/diagnostic.h"
#include "base/hash.h"
#include "filters/repair.h"

static void rename_columns(const NamingRules *rules, Header *header, const char *name)
{
    for (size_t i = 0; i < rules->rename_count; i++) {
        const Rename *rename = &rules->renames[i];
        if (rename->column > header->width)
            fail("%s: --rename %zu=%s: there are %zu columns", name, rename->column,
                 shown(rename->name, strlen(rename->name)), header->width);
        header->names[rename->column - 1] = rename->name;
    }
}

/* The first of NAME_2, NAME_3 ... that no other column has. */
static const char *number_name(const char *name, const Dictionary *taken, Arena *arena)
{
    for (size_t number = 2;; number++) {
        const char *numbered = arena_format(arena, "%s_%zu", name, number);
        if (dictionary_find(taken, span_of(numbered)) == DICTIONARY_NONE)
            return numbered;
    }
}

/* `first` is where each name of the dictionary stood first. */
static void settle_repeated(const NamingRules *rules, Header *header, Dictionary *taken,
                            const size_t *first, const char *file, NamingCounts *counts,
                            Arena *arena)
{
    for (size_t i = 0; i < header->width; i++) {
        const char *name = header->names[i];
        size_t column = first[dictionary_find(taken, span_of(name))];
        if (column == i)
            continue;
        if (!rules->number_duplicates)
            fail("%s: columns %zu and %zu are both named %s (--rename-duplicates numbers them)",
                 file, column + 1, i + 1, shown(name, strlen(name)));
        header->names[i] = number_name(name, taken, arena);
        dictionary_add(taken, span_of(header->names[i]), NULL);
        counts->repeated++;
    }
}

static void make_unique(const NamingRules *rules, Header *header, const char *file,
                        NamingCounts *counts, Arena *arena)
{
    Dictionary taken = {0};
    size_t *first = arena_array(arena, header->width, sizeof *first);
    for (size_t i = 0; i < header->width; i++) {
        bool added;
        size_t number = dictionary_add(&taken, span_of(header->names[i]), &added);
        if (added)
            first[number] = i;
    }
    settle_repeated(rules, header, &taken, first, file, counts, arena);
    dictionary_free(&taken);
}

Header naming_apply(const NamingRules *rules, const Span *cells, size_t width, const char *name,
                    NamingCounts *counts, Arena *arena)
{
    Header header = {arena_array(arena, width, sizeof *header.names), width};
    for (size_t i = 0; i < width; i++) {
        Span cell = rules->trim ? span_trimmed(cells[i]) : cells[i];
        header.names[i] = arena_copy(arena, cell.at, cell.size);
    }
    rename_columns(rules, &header, name);
    for (size_t i = 0; i < width; i++) {
        if (header.names[i][0] != '\0')
            continue;
        header.names[i] = arena_format(arena, "column_%zu", i + 1);
        counts->unnamed++;
    }
    make_unique(rules, &header, name, counts, arena);
    return header;
}
