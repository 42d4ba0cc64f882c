#include "filters/specification.h"

static const Option options[] = {
    {"schema", 0, NULL, "write the schema of a data package instead", 0},
    {"places", 0, "N", "show means with N digits behind the point", 0},
    {"width", 0, "N", "fit into N columns, not the terminal (0: do not)", 0},
    {"color", 0, "auto|always|never", "colours, by default on a terminal without NO_COLOR", 0},
    {0},
};

const Specification describe_specification = {
    .name = "describe",
    .purpose = "tells what is in each column, and what is wrong with a file",
    .kind = STAGE_DISPLAY,
    .options = options,
    .examples = {"describe trade.csv", "describe --places 2 trade.csv",
                 "describe --schema trade.csv", NULL},
};
