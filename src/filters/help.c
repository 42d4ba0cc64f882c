#include "filters/help.h"

#include <stdio.h>

enum { SCREEN = 23 }; /* lines, the prompt's left out */

static size_t count_lines(const Buffer *text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text->size; i++)
        lines += text->at[i] == '\n';
    return lines;
}

/* Its own options with a line each, those that all filters have by name. */
void help_print(const Specification *specification)
{
    const Option *const own[] = {specification->options, NULL};
    Buffer options = {0}, common = {0}, examples = {0};
    option_help(own, &options);
    option_list(common_options, "as in every filter:", &common);
    for (size_t i = 0; specification->examples[i] != NULL; i++)
        buffer_format(&examples, "  %s\n", specification->examples[i]);
    /* Blank lines between the parts, if the screen has them. */
    size_t lines = 2 + count_lines(&options) + count_lines(&common) + count_lines(&examples);
    const char *gap = lines + 3 <= SCREEN ? "\n" : "";
    const char *heading = lines + 5 <= SCREEN ? "examples:\n" : "";
    printf("usage: %s [options] %s%s[FILE...]      (man %s has more)\n", specification->name,
           specification_usage(specification), specification->argument == NULL ? "" : " ",
           specification->name);
    printf("%s: %s\n%s%s%s%s%s%s%s", specification->name, specification->purpose, gap,
           buffer_string(&options), gap, buffer_string(&common), gap, heading,
           buffer_string(&examples));
    buffer_free(&options);
    buffer_free(&common);
    buffer_free(&examples);
}
