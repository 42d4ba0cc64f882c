#include "filters/specification.h"

static const Option options[] = {
    {"places", 0, "N", "write every computed number with N digits behind the point", 0},
    {0},
};

const Specification derive_specification = {
    .name = "derive",
    .purpose = "adds or replaces computed columns (SQL's SELECT *, expr AS name)",
    .argument = "DERIVATIONS",
    .label = "derivations",
    .kind = STAGE_ROW_WISE,
    .options = options,
    .examples = {"derive 'units * price as value' trade.csv",
                 "derive \"case when year < 2010 then 'before' else 'after' end as era\" trade.csv",
                 "derive --places 2 'tiv / 3 as third, upper(code) as code' trade.csv", NULL},
};
