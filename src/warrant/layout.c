#include "warrant/layout.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static size_t skip_blanks(const char *text, size_t at)
{
    return at + strspn(text + at, " \t\r\n");
}

/* Behind the string that begins at the quote. */
static size_t skip_string(const char *text, size_t at)
{
    for (at++; text[at] != '"'; at++)
        at += text[at] == '\\';
    return at + 1;
}

/* Behind the value that begins there. */
static size_t skip_value(const char *text, size_t at)
{
    size_t depth = 0;
    do {
        switch (text[at]) {
        case '"':
            at = skip_string(text, at);
            break;
        case '{':
        case '[':
            depth++;
            at++;
            break;
        case '}':
        case ']':
            depth--;
            at++;
            break;
        default:
            at += depth != 0 ? 1 : strcspn(text + at, ",]} \t\r\n");
        }
    } while (depth != 0);
    return at;
}

/* Behind a comma, if one follows. */
static size_t skip_comma(const char *text, size_t at)
{
    at = skip_blanks(text, at);
    return text[at] == ',' ? skip_blanks(text, at + 1) : at;
}

size_t layout_array(const char *text, const char *key)
{
    size_t at = skip_blanks(text, 0);
    if (text[at] != '{')
        return SIZE_MAX;
    for (at = skip_blanks(text, at + 1); text[at] == '"'; at = skip_comma(text, at)) {
        size_t name = at + 1;
        at = skip_string(text, at);
        bool wanted = at - 1 - name == strlen(key) && memcmp(text + name, key, strlen(key)) == 0;
        at = skip_blanks(text, skip_blanks(text, at) + 1);
        if (wanted)
            return text[at] == '[' ? at : SIZE_MAX;
        at = skip_value(text, at);
    }
    return SIZE_MAX;
}

size_t layout_item(const char *text, size_t array, size_t index)
{
    size_t at = skip_blanks(text, array + 1);
    for (; index > 0 && text[at] != ']'; index--)
        at = skip_comma(text, skip_value(text, at));
    return at;
}

size_t layout_line(const char *text, size_t offset)
{
    size_t line = 1;
    for (size_t i = 0; i < offset; i++)
        line += text[i] == '\n';
    return line;
}
