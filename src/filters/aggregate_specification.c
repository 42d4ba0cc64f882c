#include "filters/specification.h"

static const Option options[] = {
    {"group", 'g', "COLS", "one row for each combination of values of these columns", 0},
    {"places", 0, "N", "round numbers to N digits behind the point", 0},
    {0},
};

const Specification aggregate_specification = {
    .name = "aggregate",
    .purpose = "summarises each group of rows in one (SQL's GROUP BY)",
    .argument = "SUMMARIES",
    .label = "summaries",
    .kind = STAGE_MERGEABLE,
    .options = options,
    .examples = {"aggregate 'sum(tiv) as tiv, count(*) as deals' -g recipient trade.csv",
                 "aggregate 'max(year) - min(year) + 1 as span' trade.csv",
                 "aggregate 'median(tiv), quantile(tiv, 0.9) as p90' -g supplier trade.csv", NULL},
};
