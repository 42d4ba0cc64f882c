#include "emit/relation.h"

#include <string.h>

#include "base/diagnostic.h"

Relation relation_make(const char *name, size_t room, Arena *arena)
{
    return (Relation){name, arena_array(arena, room, sizeof(SqlColumn)), 0};
}

static void check_name(const char *name)
{
    if (strlen(name) > SQL_NAME_SIZE)
        fail("column %s: PostgreSQL takes no name of more than %d bytes (pick or derive can give "
             "it a shorter one)",
             shown(name, strlen(name)), (int)SQL_NAME_SIZE);
    if (strpbrk(name, "\n\r") != NULL)
        fail("column %s: a name with a line break cannot stand in the script",
             shown(name, strlen(name)));
}

size_t relation_find(const Relation *relation, const char *name)
{
    for (size_t i = 0; i < relation->count; i++)
        if (strcmp(relation->columns[i].name, name) == 0)
            return i;
    return COLUMN_NONE;
}

void relation_add(Relation *relation, const char *name, SqlForm form)
{
    check_name(name);
    if (relation_find(relation, name) != COLUMN_NONE)
        fail("column %s is already there", shown(name, strlen(name)));
    if (relation->count + 1 == SQL_COLUMNS)
        fail("PostgreSQL takes no table of more than %d columns", (int)SQL_COLUMNS - 1);
    relation->columns[relation->count++] = (SqlColumn){name, form};
}

Relation relation_copy(const char *name, const Relation *from, size_t more, Arena *arena)
{
    Relation copy = relation_make(name, from->count + more, arena);
    if (from->count != 0)
        memcpy(copy.columns, from->columns, from->count * sizeof *copy.columns);
    copy.count = from->count;
    return copy;
}

Header relation_header(const Relation *relation, Arena *arena)
{
    Header header = {arena_array(arena, relation->count, sizeof *header.names), relation->count};
    for (size_t i = 0; i < relation->count; i++)
        header.names[i] = relation->columns[i].name;
    return header;
}

size_t relation_require(const Relation *relation, const char *name, const char *place)
{
    size_t found = relation_find(relation, name);
    if (found != COLUMN_NONE)
        return found;
    Arena arena = {0};
    Header header = relation_header(relation, &arena);
    fail("%s: unknown column: %s%s", place, shown(name, strlen(name)),
         text_suggestion(span_of(name), header.names, header.width));
}
