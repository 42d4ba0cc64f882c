/*
 * Option: command lines described by tables.
 *
 * The same table parses the arguments, prints --help and tells the runner which options a pipeline
 * may use.  Options may stand anywhere before `--`: -x, -xVALUE, -x VALUE, --name, --name=VALUE,
 * --name VALUE; flags can be bundled (-vn 3).  A lone `-` is an operand.
 */
#ifndef BASE_OPTION_H
#define BASE_OPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum {
    OPTION_REPEATS = 1,      /* may be given more than once */
    OPTION_NOT_IN_PIPES = 2, /* refused in a pipeline file: the runner decides */
    OPTION_SOURCE = 4,       /* its value names another input table */
    OPTION_WRITES = 8,       /* its value names a file, or a folder, that is written */
    OPTION_WHOLE = 16        /* it speaks of all rows, so that the filter is row-wise no more */
};

typedef struct Option {
    const char *name;  /* long name without the dashes */
    char letter;       /* short name or 0 */
    const char *value; /* what the value is called in --help; NULL for a flag */
    const char *help;  /* one line, no full stop */
    unsigned flags;
} Option;

/* Tables are arrays that end with an option without a name. */

typedef struct GivenOption {
    const Option *option;
    const char *value; /* points into argv; NULL for a flag */
} GivenOption;

typedef struct CommandLine {
    GivenOption *given; /* in order of appearance */
    size_t given_count;
    char **operands;
    size_t operand_count;
} CommandLine;

/*
 * Parses argv[1 … argc-1] by several tables (NULL-ended array of tables).  Fails as usage: "unknown
 * option: --percnt (did you mean --percent?)", a missing or unwanted value, an option twice.
 */
void command_line_parse(CommandLine *line, int argc, char *const *argv,
                        const Option *const *tables);
bool command_line_has(const CommandLine *line, const char *name);

/* The value given last, or NULL. */
const char *command_line_value(const CommandLine *line, const char *name);

/* The value as a whole number in [least, most], or `otherwise` when not given; usage error if not
 * one. */
long command_line_number(const CommandLine *line, const char *name, long least, long most,
                         long otherwise);

/* The value as a size: digits with an optional K, M, G or T (powers of 1024); `otherwise` when not
 * given. */
size_t command_line_size(const CommandLine *line, const char *name, size_t otherwise);

/* The same of a variable of the environment. */
size_t environment_size(const char *name, size_t otherwise);

void command_line_free(CommandLine *line);

/* Appends the tables as aligned lines for --help, no wider than 80 columns. */
void option_help(const Option *const *tables, Buffer *out);

/* Appends the options' names behind some words, folded to 80 columns. */
void option_list(const Option *table, const char *before, Buffer *out);

#endif
