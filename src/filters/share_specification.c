#include "filters/specification.h"

static const Option options[] = {
    {"group", 'g', "COLS", "shares of the total of rows with the same values in these columns", 0},
    {"percent", 0, NULL, "shares of 100 instead of 1", 0},
    {"cumulative", 0, NULL, "add NAME_cumulative, the shares up to this row, in input order", 0},
    {"places", 0, "N", "round to N digits behind the point", 0},
    {"largest-remainder", 0, NULL, "round so that the shares still add up (needs --places)", 0},
    {"as", 0, "NAME", "name of the new column (default: share)", 0},
    {0},
};

const Specification share_specification = {
    .name = "share",
    .purpose = "adds each row's share of its group's total (SQL's x / sum(x) OVER ())",
    .argument = "COLUMN",
    .label = "column",
    .kind = STAGE_WHOLE,
    .options = options,
    .examples = {"share tiv --percent trade.csv",
                 "share tiv -g supplier --as part --cumulative trade.csv",
                 "share tiv --percent --places 1 --largest-remainder trade.csv", NULL},
};
