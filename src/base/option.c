#include "base/option.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/memory.h"
#include "base/text.h"

static const Option *find_letter(const Option *const *tables, char letter)
{
    for (; *tables != NULL; tables++)
        for (const Option *option = *tables; option->name != NULL; option++)
            if (option->letter == letter)
                return option;
    return NULL;
}

static const Option *find_name(const Option *const *tables, Span name)
{
    for (; *tables != NULL; tables++)
        for (const Option *option = *tables; option->name != NULL; option++)
            if (span_equal(span_of(option->name), name))
                return option;
    return NULL;
}

static size_t count_options(const Option *const *tables)
{
    size_t count = 0;
    for (; *tables != NULL; tables++)
        for (const Option *option = *tables; option->name != NULL; option++)
            count++;
    return count;
}

static _Noreturn void fail_unknown(const Option *const *tables, Span name)
{
    size_t count = 0;
    const char **names = memory_array(count_options(tables), sizeof *names);
    for (; *tables != NULL; tables++)
        for (const Option *option = *tables; option->name != NULL; option++)
            names[count++] = option->name;
    const char *nearest = text_nearest(name, names, count);
    free(names);
    if (nearest != NULL)
        fail_usage("unknown option: --%s (did you mean --%s?)", shown(name.at, name.size), nearest);
    fail_usage("unknown option: --%s (--help lists them)", shown(name.at, name.size));
}

static void give(CommandLine *line, const Option *option, const char *value)
{
    if (!(option->flags & OPTION_REPEATS) && command_line_has(line, option->name))
        fail_usage("--%s is given twice", option->name);
    line->given[line->given_count++] = (GivenOption){option, value};
}

/* Arguments still to be parsed. */
typedef struct Arguments {
    char *const *next;
    char *const *end;
} Arguments;

static const char *take_value(Arguments *arguments, const Option *option)
{
    if (arguments->next == arguments->end)
        fail_usage("--%s needs a value: %s", option->name, option->value);
    return *arguments->next++;
}

static void parse_long(CommandLine *line, Arguments *arguments, const Option *const *tables,
                       const char *word)
{
    const char *equal = strchr(word, '=');
    Span name = {word, equal == NULL ? strlen(word) : (size_t)(equal - word)};
    const Option *option = find_name(tables, name);
    if (option == NULL)
        fail_unknown(tables, name);
    if (option->value == NULL && equal != NULL)
        fail_usage("--%s takes no value", option->name);
    const char *value = option->value == NULL ? NULL
                        : equal != NULL       ? equal + 1
                                              : take_value(arguments, option);
    give(line, option, value);
}

static void parse_letters(CommandLine *line, Arguments *arguments, const Option *const *tables,
                          const char *letters)
{
    for (; *letters != '\0'; letters++) {
        const Option *option = find_letter(tables, *letters);
        if (option == NULL)
            fail_usage("unknown option: -%s (--help lists them; -- goes before an argument that "
                       "begins with a dash)",
                       shown(letters, 1));
        if (option->value != NULL) {
            give(line, option, letters[1] != '\0' ? letters + 1 : take_value(arguments, option));
            return;
        }
        give(line, option, NULL);
    }
}

void command_line_parse(CommandLine *line, int argc, char *const *argv, const Option *const *tables)
{
    size_t room = 0;
    for (int i = 1; i < argc; i++)
        room += strlen(argv[i]) + 1; /* every letter of a bundle may be an option */
    line->given = memory_array(room, sizeof *line->given);
    line->operands = memory_array(argc > 0 ? (size_t)argc : 1, sizeof *line->operands);
    line->given_count = line->operand_count = 0;
    Arguments arguments = {argv + (argc > 0), argv + argc};
    bool options = true;
    while (arguments.next < arguments.end) {
        char *word = *arguments.next++;
        if (!options || word[0] != '-' || word[1] == '\0')
            line->operands[line->operand_count++] = word;
        else if (strcmp(word, "--") == 0)
            options = false;
        else if (word[1] == '-')
            parse_long(line, &arguments, tables, word + 2);
        else
            parse_letters(line, &arguments, tables, word + 1);
    }
}

bool command_line_has(const CommandLine *line, const char *name)
{
    for (size_t i = 0; i < line->given_count; i++)
        if (strcmp(line->given[i].option->name, name) == 0)
            return true;
    return false;
}

const char *command_line_value(const CommandLine *line, const char *name)
{
    for (size_t i = line->given_count; i-- > 0;)
        if (strcmp(line->given[i].option->name, name) == 0)
            return line->given[i].value;
    return NULL;
}

long command_line_number(const CommandLine *line, const char *name, long least, long most,
                         long otherwise)
{
    const char *value = command_line_value(line, name);
    if (value == NULL)
        return otherwise;
    char *end;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number < least || number > most)
        fail_usage("--%s: not a whole number from %ld to %ld: %s", name, least, most,
                   shown(value, strlen(value)));
    return number;
}

static bool size_read(const char *value, size_t *size)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(value, &end, 10);
    static const char units[] = "KMGT";
    size_t bytes = number;
    bool good = errno == 0 && end != value && value[0] >= '0' && value[0] <= '9';
    if (good && *end != '\0') {
        const char *unit = strchr(units, *end);
        good = unit != NULL && end[1] == '\0' &&
               !__builtin_mul_overflow(bytes, (size_t)1 << (10 * (unit - units + 1)), &bytes);
    }
    *size = bytes;
    return good && bytes != 0;
}

static size_t size_require(const char *where, const char *name, const char *value, size_t otherwise)
{
    size_t size = otherwise;
    if (value != NULL && !size_read(value, &size))
        fail_usage("%s%s: not a size such as 64K, 16M or 1G: %s", where, name,
                   shown(value, strlen(value)));
    return size;
}

size_t command_line_size(const CommandLine *line, const char *name, size_t otherwise)
{
    return size_require("--", name, command_line_value(line, name), otherwise);
}

size_t environment_size(const char *name, size_t otherwise)
{
    return size_require("", name, getenv(name), otherwise);
}

void command_line_free(CommandLine *line)
{
    free(line->given);
    free(line->operands);
}

/* ---- help ---- */

enum { HELP_WIDTH = 80, WIDEST_LEFT = 26 };

/* "-d, --delimiter C" */
static void append_name(const Option *option, const char *between, Buffer *out)
{
    if (option->letter != 0)
        buffer_format(out, "-%c%s", option->letter, between);
    buffer_format(out, "--%s%s%s", option->name, option->value == NULL ? "" : " ",
                  option->value == NULL ? "" : option->value);
}

static size_t name_width(const Option *option)
{
    Buffer name = {0};
    append_name(option, ", ", &name);
    size_t width = name.size;
    buffer_free(&name);
    return width;
}

/* The end of the last word within the width. */
static size_t fold(const char *text, size_t width)
{
    size_t size = strlen(text);
    if (size <= width)
        return size;
    for (size_t end = width; end > 0; end--)
        if (text[end] == ' ')
            return end;
    return width;
}

static void append_help(const Option *option, size_t left, Buffer *out)
{
    size_t width = HELP_WIDTH - left - 4;
    buffer_text(out, "  ");
    append_name(option, ", ", out);
    size_t used = name_width(option);
    for (const char *text = option->help; *text != '\0'; used = 0) {
        buffer_format(out, "%*s", (int)(used > left ? 2 : left + (used == 0 ? 4 : 2) - used), "");
        size_t end = fold(text, used > left ? width - (used - left) : width);
        buffer_append(out, text, end);
        buffer_byte(out, '\n');
        text += end + (text[end] == ' ');
    }
}

void option_help(const Option *const *tables, Buffer *out)
{
    size_t left = 0;
    for (const Option *const *table = tables; *table != NULL; table++)
        for (const Option *option = *table; option->name != NULL; option++)
            if (name_width(option) > left)
                left = name_width(option);
    if (left > WIDEST_LEFT)
        left = WIDEST_LEFT;
    for (; *tables != NULL; tables++)
        for (const Option *option = *tables; option->name != NULL; option++)
            append_help(option, left, out);
}

void option_list(const Option *table, const char *before, Buffer *out)
{
    Buffer name = {0};
    size_t used = strlen(before);
    buffer_text(out, before);
    for (const Option *option = table; option->name != NULL; option++) {
        name.size = 0;
        append_name(option, "/", &name);
        if (option[1].name != NULL)
            buffer_byte(&name, ',');
        bool fits = used + 1 + name.size <= HELP_WIDTH;
        buffer_text(out, fits ? " " : "\n  ");
        used = (fits ? used + 1 : 2) + name.size;
        buffer_append(out, name.at, name.size);
    }
    buffer_byte(out, '\n');
    buffer_free(&name);
}
