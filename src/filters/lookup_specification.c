#include "filters/specification.h"

static const Option options[] = {
    {"from", 0, "FILE", "the reference table", OPTION_SOURCE},
    {"take", 0, "COL [as NAME],...", "columns of FILE to add (default: all but its keys)", 0},
    {"unmatched", 0, "keep|drop|only",
     "rows without a match: keep, drop, or give only them (default: an error)", 0},
    {"list-unmatched", 0, NULL,
     "give each key without a match, its rows, and the key in FILE that is most like it",
     OPTION_NOT_IN_PIPES},
    {"many", 0, NULL, "a key may have several rows in FILE: one row out for each", 0},
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
                 "lookup recipient=name --from countries.csv --take 'kind as recipient_kind' t.csv",
                 "lookup recipient=name --from countries.csv --unmatched only trade.csv", NULL},
};
