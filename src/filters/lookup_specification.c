#include "filters/specification.h"

static const Option options[] = {
    {"from", 0, "FILE", "the reference table", OPTION_SOURCE},
    {"take", 0, "COL [as NAME],...", "columns to add (or: all but the keys)", 0},
    {"unmatched", 0, "keep|drop|only", "rows without a match (or: an error)", 0},
    {"list-unmatched", 0, NULL, "give keys without a match, and what is most like each",
     OPTION_NOT_IN_PIPES},
    {"many", 0, NULL, "a key may have several rows in FILE: a row for each", 0},
    {0},
};

const Specification lookup_specification = {
    .name = "lookup",
    .purpose = "adds columns of a reference table, found by key (SQL's JOIN)",
    .argument = "KEYS",
    .label = "keys",
    .kind = STAGE_ROW_WISE,
    .options = options,
    .examples = {"lookup iso3 --from countries.csv trade.csv",
                 "lookup recipient=name --from countries.csv --take 'kind as what' t.csv",
                 "lookup recipient=name --from countries.csv --unmatched only trade.csv", NULL},
};
