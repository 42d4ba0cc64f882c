#include "warrant/tell.h"

#include <stdarg.h>
#include <string.h>

void tell(FILE *out, const char *format, ...)
{
    va_list arguments;
    Buffer text = {0}, visible = {0};
    va_start(arguments, format);
    buffer_format_list(&text, format, arguments);
    va_end(arguments);
    buffer_visible(&visible, buffer_span(&text), "\n");
    fwrite(visible.at, 1, visible.size, out);
    buffer_free(&visible);
    buffer_free(&text);
}

const char *on_one_line(Span text, Arena *arena)
{
    Buffer line = {0};
    buffer_visible(&line, text, "\n\t\r");
    for (size_t i = 0; i < line.size; i++)
        if (strchr("\n\t\r", line.at[i]) != NULL)
            line.at[i] = ' ';
    while (line.size != 0 && line.at[line.size - 1] == ' ')
        line.size--;
    const char *copy = arena_copy(arena, line.at, line.size);
    buffer_free(&line);
    return copy;
}
