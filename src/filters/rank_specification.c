#include "filters/specification.h"

static const Option options[] = {
    {"group", 'g', "COLS", "rank among the rows with the same values in these columns", 0},
    {"method", 0, "METHOD",
     "competition, dense, ordinal, average, max or percent (default: competition)", 0},
    {"top", 0, "N", "keep the rows whose rank is at most N, ties included", 0},
    {"tied", 0, "NAME", "add a column: how many rows have this rank", 0},
    {"as", 0, "NAME", "name of the rank column (default: rank)", 0},
    {"order-only", 0, NULL, "order the rows and add no rank (SQL's ORDER BY)", 0},
    {"lag", 0, "COLS", "add COL_lag: the value in the row before", 0},
    {"lead", 0, "COLS", "add COL_lead: the value in the row after", 0},
    {0},
};

const Specification rank_specification = {
    .name = "rank",
    .purpose = "orders rows and numbers them (SQL's rank() OVER (ORDER BY ...))",
    .argument = "ORDER",
    .label = "order",
    .kind = STAGE_WHOLE,
    .options = options,
    .examples = {"rank 'tiv desc' --top 10 trade.csv",
                 "rank 'year, text(recipient)' --order-only trade.csv",
                 "rank year -g recipient --order-only --lag tiv trade.csv", NULL},
};
