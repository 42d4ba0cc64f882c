/*
 * Pipe: a shell line's words without a shell.
 *
 * Words, '…' and "…" quotes, backslash outside and in double quotes (there before " \ $ ` and
 * newline), `#` comments to the end of a line where a word would begin, `|` between commands,
 * newlines as blanks.  Anything a shell would act on beyond that - $ ; > < * ? [ & ` ~ ( ) { } !
 * outside quotes, or $ and ` inside double quotes - is refused with its place.
 *
 * Every command must be one of the toolkit's filters; its options are parsed by the filter's own
 * table.  FILE operands and options that are the runner's business are refused.
 */
#ifndef WARRANT_PIPE_H
#define WARRANT_PIPE_H

#include "warrant/document.h"
#include "warrant/yaml.h"

enum { PIPE_STAGES = 100 };

/*
 * Parses and checks a pipe; the passage's file and marks are for messages.  The names behind --from
 * are collected in Stage.tables, for the caller to look up.
 */
Pipe pipe_parse(const Passage *passage, Arena *arena);

/*
 * A line as it was typed at a prompt: FILE operands, options that are the runner's business and
 * display commands are taken as they stand; what the options mean is not looked into.  Newlines are
 * blanks here too.
 */
Pipe pipe_parse_line(const Passage *passage, Arena *arena);

/* The same for `show:`: one display command (table, plot) a line. */
Pipe *pipe_parse_show(const Passage *passage, Arena *arena, size_t *count);

#endif
