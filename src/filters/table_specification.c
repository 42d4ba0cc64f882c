#include "filters/specification.h"

static const Option options[] = {
    {"places", 0, "N", "show numbers that have digits behind the point with N of them", 0},
    {"limit", 0, "N", "show the first N rows and say how many more there are", 0},
    {0},
};

const Specification table_specification = {
    .name = "table",
    .purpose = "shows rows as aligned text, for eyes only",
    .kind = STAGE_DISPLAY,
    .options = options,
    .examples = {"table trade.csv", "rank 'tiv desc' trade.csv | table --limit 10 --places 2",
                 NULL},
};
