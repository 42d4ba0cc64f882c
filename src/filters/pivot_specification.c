#include "filters/specification.h"

static const Option options[] = {
    {"group", 'g', "COLS", "the columns that stay: one row for each of their combinations", 0},
    {0},
};

const Specification pivot_specification = {
    .name = "pivot",
    .purpose = "turns rows into columns: years down become years across",
    .argument = "NAME",
    .second = "VALUE",
    .label = "columns",
    .kind = STAGE_WHOLE,
    .options = options,
    .examples = {"pivot year tiv -g recipient trade.csv",
                 "rank year --order-only trade.csv | pivot year tiv -g recipient",
                 "aggregate 'sum(t) as t' -g year,who t.csv | pivot who t -g year", NULL},
};
