#include "filters/specification.h"

static const Option options[] = {
    {"group", 'g', "COLS", "one row for each combination of values of these columns", 0},
    {"places", 0, "N", "round numbers to N digits behind the point", 0},
    {"partial", 0, NULL, "write the states of the summaries of a part, to be merged",
     OPTION_NOT_IN_PIPES},
    {"part", 0, "I/N", "with --partial: the input is part I of N", OPTION_NOT_IN_PIPES},
    {"merge", 0, NULL, "the FILEs are the states of all parts: write the result",
     OPTION_NOT_IN_PIPES},
    {0},
};

const Specification aggregate_specification = {
    .name = "aggregate",
    .purpose = "summarises each group of rows in one (SQL's GROUP BY)",
    .argument = "SUMMARIES",
    .instead = "merge",
    .label = "summaries",
    .kind = STAGE_MERGEABLE,
    .options = options,
    .examples = {"aggregate 'sum(tiv) as tiv, count(*) as deals' -g recipient trade.csv",
                 "aggregate 'max(year) - min(year) + 1 as span' trade.csv",
                 "aggregate 'median(tiv)' -g supplier --partial --part 2/8 -o 2.state 2.csv", NULL},
};
