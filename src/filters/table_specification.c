#include "filters/specification.h"

static const Option options[] = {
    {"places", 0, "N", "show numbers with a fraction with N digits of it", 0},
    {"limit", 0, "N", "show the first N rows, and how many more there are", 0},
    {"bar", 0, "COL", "draw a bar beside each number of this column", 0},
    {"width", 0, "N", "fit into N columns, not the terminal (0: do not)", 0},
    {"color", 0, "auto|always|never", "colours, by default on a terminal without NO_COLOR", 0},
    {"markdown", 0, NULL, "write a table of Markdown", 0},
    {"json", 0, NULL, "write an array of JSON objects", 0},
    {0},
};

const Specification table_specification = {
    .name = "table",
    .purpose = "shows rows as aligned text, for eyes only",
    .kind = STAGE_DISPLAY,
    .options = options,
    .examples = {"table trade.csv", "rank 'tiv desc' trade.csv | table --limit 10 --bar tiv",
                 "table --places 2 --markdown trade.csv >>report.md", NULL},
};
