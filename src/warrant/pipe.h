/*
 * Pipe: a shell line's words without a shell.
 *
 * Words, '…' and "…" quotes, backslash outside and in double quotes (before " \ $ ` and newline), `#` comments to the
 * end of a line where a word would begin, `|` between commands, newlines as blanks.  Anything a
 * shell would act on beyond that - $ ; > < * ? [ & ` ~ ( ) { } ! outside quotes, or $ and ` inside double
 * quotes - is refused with its place.
 */
#ifndef WARRANT_PIPE_H
#define WARRANT_PIPE_H

#include "warrant/document.h"

/* Parses and checks a pipe; `file` and `mark` (where the text begins) are for messages. */
Pipe pipe_parse(const char *text, const char *file, Mark mark, Arena *arena);

/* The same for `show:`: one display command (table, plot) a line. */
Pipe *pipe_parse_show(const char *text, const char *file, Mark mark, Arena *arena, size_t *count);

#endif
