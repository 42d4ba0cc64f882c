#include "filters/specification.h"

#include <stdio.h>
#include <string.h>

const Option common_options[] = {
    {"delimiter", 'd', "C", "input and output delimiter, one byte (default: a comma; \\t is a tab)",
     0},
    {"output", 'o', "FILE", "write to FILE, which appears when it is whole",
     OPTION_NOT_IN_PIPES | OPTION_WRITES},
    {"param", 'p', "NAME=VALUE", "bind :NAME in expressions", OPTION_REPEATS | OPTION_NOT_IN_PIPES},
    {"jobs", 'j', "N", "threads (default: one for each core; two where the input is no file)",
     OPTION_NOT_IN_PIPES},
    {"memory", 0, "SIZE", "hold at most this much in memory, then use files in $TMPDIR",
     OPTION_NOT_IN_PIPES},
    {"max-row", 0, "SIZE", "longest row accepted (default: 16M)", 0},
    {"max-columns", 0, "N", "most columns accepted (default: 1048576)", 0},
    {"invalid", 0, "error|missing", "what a cell is that should be a number and is not", 0},
    {"stats", 0, NULL, "say rows in, rows out, bytes and seconds at the end", 0},
    {"progress", 0, NULL, "say how far it is (by default on a terminal, for files)",
     OPTION_NOT_IN_PIPES},
    {"help", 'h', NULL, "show this help", OPTION_NOT_IN_PIPES},
    {"version", 'V', NULL, "show the version", OPTION_NOT_IN_PIPES},
    {0},
};

const Specification *const specifications[] = {
    &aggregate_specification, &derive_specification,
    &describe_specification,  &filter_specification,
    &ingest_specification,    &lookup_specification,
    &pick_specification,      &pivot_specification,
    &plot_specification,      &rank_specification,
    &share_specification,     &table_specification,
    &unpivot_specification,   NULL,
};

size_t specification_arguments(const Specification *specification, const CommandLine *line)
{
    if (specification->argument == NULL ||
        (specification->instead != NULL && command_line_has(line, specification->instead)))
        return 0;
    return specification->second == NULL ? 1 : 2;
}

const char *specification_usage(const Specification *specification)
{
    static _Thread_local char usage[64];
    snprintf(usage, sizeof usage, "%s%s%s",
             specification->argument == NULL ? "" : specification->argument,
             specification->second == NULL ? "" : " ",
             specification->second == NULL ? "" : specification->second);
    return usage;
}

const Specification *specification_find(const char *name)
{
    for (size_t i = 0; specifications[i] != NULL; i++)
        if (strcmp(specifications[i]->name, name) == 0)
            return specifications[i];
    return NULL;
}
