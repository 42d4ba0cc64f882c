#include "report/markup.h"

#include "base/diagnostic.h"
#include "base/quote.h"

static void character(Buffer *out, Span one)
{
    if (one.at[0] == '\'')
        buffer_text(out, "&#39;");
    else
        quote_markup(one, out);
}

void markup_text(Buffer *out, Span text)
{
    char escape[ESCAPE_ROOM];
    while (text.size != 0) {
        Span seen = text_visible(&text, escape);
        if (seen.at == escape)
            buffer_append(out, seen.at, seen.size);
        else
            character(out, seen);
    }
}

void markup_lines(Buffer *out, Span text)
{
    while (text.size != 0) {
        const char *newline = memchr(text.at, '\n', text.size);
        size_t size = newline == NULL ? text.size : (size_t)(newline - text.at);
        markup_text(out, (Span){text.at, size});
        if (newline == NULL)
            return;
        buffer_byte(out, '\n');
        text = (Span){newline + 1, text.size - size - 1};
    }
}

void markup_fill(Buffer *out, const char *template, const char *const *values)
{
    for (const char *at = template; *at != '\0'; at++) {
        if (*at != '$') {
            buffer_byte(out, *at);
            continue;
        }
        if (*values == NULL)
            fail("a template lacks a value: %s", template);
        markup_text(out, span_of(*values++));
    }
}

void markup_id(Buffer *out, const char *name)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
    for (const char *at = name; *at != '\0'; at++)
        if (strchr(safe, *at) != NULL)
            buffer_byte(out, *at);
        else
            buffer_format(out, "_%02x", (unsigned)(unsigned char)*at);
}
