/* warrant data: verifies the catalogue of tables, or adds to it. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/option.h"
#include "base/text.h"
#include "warrant/catalogue.h"
#include "warrant/commands.h"
#include "warrant/entry.h"
#include "warrant/inspection.h"
#include "warrant/tell.h"

static const Option options[] = {
    {"add", 0, "FILE", "write an entry for a table into the catalogue", 0},
    {"help", 'h', NULL, "show this help", 0},
    {0},
};

static const char default_catalogue[] = "data/datapackage.json";

static void print_help(const Option *const *tables)
{
    printf("warrant data: verifies the catalogue of tables, or adds to it\n\n"
           "usage: warrant data [--add FILE] [CATALOGUE...]\n\n");
    Buffer help = {0};
    option_help(tables, &help);
    printf("%s", buffer_string(&help));
    buffer_free(&help);
    printf("\nCATALOGUE is data/datapackage.json here or in the nearest folder above.\n"
           "The manual has more: man warrant\n");
}

/* Lines are for a person and a program alike: NAME: ok, ROWS rows - or what is wrong. */
static void report(Buffer *out, const Resource *resource, const Inspection *inspection)
{
    buffer_format(out, "%s: ", resource->name);
    if (inspection->problem != NULL) {
        buffer_text(out, inspection->problem);
    } else {
        buffer_format(out, "ok, %llu row%s", (unsigned long long)inspection->rows,
                      inspection->rows == 1 ? "" : "s");
        if (inspection->remark != NULL)
            buffer_format(out, " (%s)", inspection->remark);
        if (resource->source == NULL || resource->licence == NULL)
            buffer_format(out, " (%s not said yet)",
                          resource->source != NULL    ? "licence"
                          : resource->licence != NULL ? "source"
                                                      : "source and licence");
    }
}

/* How many resources are wrong. */
static size_t verify(const char *path, Output *output)
{
    Catalogue *catalogue = catalogue_load(path);
    Buffer line = {0};
    size_t wrong = 0;
    for (size_t i = 0; i < catalogue->count; i++) {
        Arena arena = {0};
        Inspection inspection = resource_inspect(&catalogue->resources[i], &arena);
        wrong += inspection.problem != NULL && !inspection.absent;
        line.size = 0;
        report(&line, &catalogue->resources[i], &inspection);
        const char *told = on_one_line(buffer_span(&line), &arena);
        output_write(output, told, strlen(told));
        output_write(output, "\n", 1);
        output_flush(output);
        arena_free(&arena);
    }
    if (wrong != 0)
        warn("%s: %zu of %zu resources %s not as described", path, wrong, catalogue->count,
             wrong == 1 ? "is" : "are");
    buffer_free(&line);
    catalogue_free(catalogue);
    return wrong;
}

static void add(const char *catalogue, const char *table, Arena *arena)
{
    Entry entry = entry_add(catalogue, table, arena);
    tell(stdout, "%s: added %s, %llu row%s of %zu column%s; fill in title, sources and licenses\n",
         catalogue, entry.name, (unsigned long long)entry.rows, entry.rows == 1 ? "" : "s",
         entry.fields, entry.fields == 1 ? "" : "s");
}

static const char *nearest_catalogue(bool adding, Arena *arena)
{
    const char *path = catalogue_nearest(".", arena);
    if (path == NULL && !adding)
        fail("no %s here or in a folder above", default_catalogue);
    return path != NULL ? path : default_catalogue;
}

static int run(const CommandLine *line, Arena *arena)
{
    const char *table = command_line_value(line, "add");
    if (table != NULL && line->operand_count > 1)
        fail_usage("--add takes one catalogue: %s", line->operands[1]);
    const char *nearest = line->operand_count == 0 ? nearest_catalogue(table != NULL, arena) : NULL;
    if (table != NULL) {
        add(nearest != NULL ? nearest : line->operands[0], table, arena);
        return EXIT_SUCCESS;
    }
    Output *output = output_open(NULL);
    size_t wrong = nearest != NULL ? verify(nearest, output) : 0;
    for (size_t i = 0; i < line->operand_count; i++)
        wrong += verify(line->operands[i], output);
    output_commit(output);
    return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILED;
}

int data_command(int argc, char **argv)
{
    const Option *const tables[] = {options, NULL};
    CommandLine line = {0};
    Arena arena = {0};
    command_line_parse(&line, argc, argv, tables);
    int status = EXIT_SUCCESS;
    if (command_line_has(&line, "help"))
        print_help(tables);
    else
        status = run(&line, &arena);
    if (fflush(stdout) != 0 || ferror(stdout))
        fail_errno("standard output: cannot write");
    command_line_free(&line);
    arena_free(&arena);
    return status;
}
