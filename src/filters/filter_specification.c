#include "filters/specification.h"

static const Option options[] = {
    {"invert", 'v', NULL, "keep the rows for which the condition is false", 0},
    {"rejected", 0, "FILE", "write the rows that are not kept to FILE",
     OPTION_NOT_IN_PIPES | OPTION_WRITES},
    {"limit", 'n', "N", "keep the first N", OPTION_WHOLE},
    {"require", 0, NULL, "pass every row; stop at the first for which the condition is not true",
     0},
    {0},
};

const Specification filter_specification = {
    .name = "filter",
    .purpose = "keeps the rows for which a condition is true (SQL's WHERE)",
    .argument = "CONDITION",
    .label = "condition",
    .kind = STAGE_ROW_WISE,
    .options = options,
    .examples = {"filter \"recipient = 'South Korea' and year >= 2000\" trade.csv",
                 "filter 'year between :since and 2018' -p since=2000 trade.csv",
                 "filter --require 'tiv >= 0' trade.csv", NULL},
};
