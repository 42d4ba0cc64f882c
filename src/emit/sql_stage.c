#include "emit/sql_stage.h"

#include "base/diagnostic.h"
#include "emit/sql_clause.h"

static const struct Writer {
    const Specification *filter;
    Relation (*write)(SqlStage *stage);
} writers[] = {
    {&aggregate_specification, sql_aggregate}, {&derive_specification, sql_derive},
    {&filter_specification, sql_filter},       {&lookup_specification, sql_lookup},
    {&pick_specification, sql_pick},           {&pivot_specification, sql_pivot},
    {&rank_specification, sql_rank},           {&share_specification, sql_share},
    {&unpivot_specification, sql_unpivot},
};

Relation sql_stage_write(SqlStage *stage)
{
    if (clause_has(stage, "delimiter"))
        fail("-d has no meaning in PostgreSQL, where tables have no delimiters");
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        if (writers[i].filter == stage->stage->filter)
            return writers[i].write(stage);
    fail("%s has no form in SQL", stage->stage->filter->name);
}
