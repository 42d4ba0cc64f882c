#include "filters/specification.h"

static const Option options[] = {
    {"except", 0, "COL,...", "turn every column but these", 0},
    {"into", 0, "NAME,VALUE", "the columns that take the names and the cells", 0},
    {"keep-missing", 0, NULL, "give a row for a missing cell too", 0},
    {0},
};

const Specification unpivot_specification = {
    .name = "unpivot",
    .purpose = "turns columns into rows: years across become years down",
    .argument = "COLUMNS",
    .instead = "except",
    .label = "columns",
    .kind = STAGE_ROW_WISE,
    .options = options,
    .examples = {"unpivot '2016, 2017, 2018' --into year,tiv wide.csv",
                 "unpivot --except recipient --into year,tiv wide.csv",
                 "unpivot --except recipient --into year,tiv --keep-missing wide.csv", NULL},
};
