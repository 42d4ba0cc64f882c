#include "filters/specification.h"

static const Option options[] = {
    {"except", 0, "COL,...", "keep every column but these, in their order", 0},
    {0},
};

const Specification pick_specification = {
    .name = "pick",
    .purpose = "chooses, reorders and renames columns (SQL's SELECT)",
    .argument = "COLUMNS",
    .instead = "except",
    .label = "columns",
    .kind = STAGE_ROW_WISE,
    .options = options,
    .examples = {"pick 'recipient, year, tiv as volume' trade.csv",
                 "pick --except 'source, note' trade.csv",
                 "pick '\"Arms type\" as type, year' trade.csv", NULL},
};
