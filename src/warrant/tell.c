#include "warrant/tell.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"

void tell(FILE *out, const char *format, ...)
{
    va_list arguments;
    char *text;
    size_t size;
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL)
        fail_errno("cannot write");
    va_start(arguments, format);
    vfprintf(memory, format, arguments);
    va_end(arguments);
    if (fclose(memory) != 0)
        fail_errno("cannot write");
    Buffer visible = {0};
    buffer_visible(&visible, (Span){text, size}, "\n");
    fwrite(visible.at, 1, visible.size, out);
    buffer_free(&visible);
    free(text);
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
