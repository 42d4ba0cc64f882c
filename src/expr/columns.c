/*
 * Column lists: names separated by commas, as -g and pick take them.
 */
#include "base/diagnostic.h"
#include "expr/expression.h"
#include "expr/tree.h"

typedef struct ListReader {
    Origin origin;
    size_t at;
    ColumnSyntax syntax;
    char *names; /* where the next name is written: room for all of them */
} ListReader;

static char byte_at(const ListReader *reader, size_t at)
{
    return at < reader->origin.size ? reader->origin.text[at] : '\0';
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void skip_blanks(ListReader *reader)
{
    while (is_blank(byte_at(reader, reader->at)))
        reader->at++;
}

/* `as` with blanks around it begins at the offset. */
static bool as_at(const ListReader *reader, size_t at)
{
    const char *text = reader->origin.text + at;
    return reader->syntax == COLUMNS_AS && reader->origin.size - at > 3 && is_blank(text[0]) &&
           (text[1] | 32) == 'a' && (text[2] | 32) == 's' && is_blank(text[3]);
}

static bool name_ends(const ListReader *reader, size_t at)
{
    char byte = byte_at(reader, at);
    return at >= reader->origin.size || byte == ',' ||
           (byte == '=' && reader->syntax == COLUMNS_EQUAL) || as_at(reader, at);
}

static const char *read_quoted(ListReader *reader)
{
    size_t open = reader->at++;
    char *name = reader->names;
    size_t size = 0;
    for (;; reader->at++) {
        if (reader->at >= reader->origin.size)
            origin_fail(&reader->origin, open, "this \" is never closed");
        if (byte_at(reader, reader->at) == '"' && byte_at(reader, ++reader->at) != '"')
            break;
        name[size++] = byte_at(reader, reader->at);
    }
    name[size] = '\0';
    reader->names += size + 1;
    return name;
}

static const char *read_plain(ListReader *reader)
{
    size_t from = reader->at;
    while (!name_ends(reader, reader->at))
        if (byte_at(reader, reader->at++) == '"')
            origin_fail(&reader->origin, reader->at - 1,
                        "a name with a quote in it stands in double quotes, the quote doubled");
    size_t end = reader->at;
    while (end > from && is_blank(reader->origin.text[end - 1]))
        end--;
    char *name = memcpy(reader->names, reader->origin.text + from, end - from);
    name[end - from] = '\0';
    reader->names += end - from + 1;
    return name;
}

static const char *read_name(ListReader *reader)
{
    skip_blanks(reader);
    size_t at = reader->at;
    const char *name = byte_at(reader, at) == '"' ? read_quoted(reader) : read_plain(reader);
    if (name[0] == '\0')
        origin_fail(&reader->origin, at, "a column name is missing");
    return name;
}

static bool accept_second(ListReader *reader)
{
    size_t at = reader->at;
    if (as_at(reader, at)) {
        reader->at += 3;
        return true;
    }
    skip_blanks(reader);
    if (reader->syntax == COLUMNS_EQUAL && byte_at(reader, reader->at) == '=') {
        reader->at++;
        return true;
    }
    reader->at = at;
    return false;
}

static ColumnName read_column(ListReader *reader)
{
    ColumnName column = {.name = read_name(reader)};
    if (accept_second(reader))
        column.as = read_name(reader);
    skip_blanks(reader);
    if (reader->at < reader->origin.size && byte_at(reader, reader->at) != ',')
        origin_fail(&reader->origin, reader->at, "a comma is due here, not %s",
                    shown(reader->origin.text + reader->at, reader->origin.size - reader->at));
    return column;
}

/* One more than the commas is enough room. */
static size_t most_columns(Span text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.size; i++)
        count += text.at[i] == ',';
    return count;
}

ColumnList expression_columns(const char *text, const char *label, ColumnSyntax syntax,
                              Arena *arena)
{
    Span whole = span_of(text);
    ListReader reader = {.origin = {.label = label, .text = text, .size = whole.size},
                         .syntax = syntax,
                         .names = arena_array(arena, 2, whole.size + 1)};
    size_t valid = utf8_valid(text, whole.size);
    if (valid != whole.size)
        origin_fail(&reader.origin, valid, "not UTF-8: %s", shown(text + valid, 1));
    ColumnList list = {.columns = arena_array(arena, most_columns(whole), sizeof *list.columns)};
    do
        list.columns[list.count++] = read_column(&reader);
    while (byte_at(&reader, reader.at++) == ',');
    return list;
}
