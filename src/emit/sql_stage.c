#include "emit/sql_stage.h"

#include "base/diagnostic.h"
#include "emit/sql_clause.h"
#include "warrant/invocation.h"

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

/* The options that have a meaning there, or change no result. */
static const char *const known_options[] = {"as",
                                            "cumulative",
                                            "except",
                                            "from",
                                            "group",
                                            "into",
                                            "invalid",
                                            "invert",
                                            "keep-missing",
                                            "lag",
                                            "largest-remainder",
                                            "lead",
                                            "limit",
                                            "many",
                                            "max-row",
                                            "method",
                                            "order-only",
                                            "percent",
                                            "places",
                                            "require",
                                            "stats",
                                            "take",
                                            "tied",
                                            "top",
                                            "unmatched",
                                            NULL};

static void check_options(const SqlStage *stage)
{
    const char *other = stage_other_option(stage->stage, known_options);
    if (clause_has(stage, "delimiter"))
        fail("-d has no meaning in PostgreSQL, where tables have no delimiters");
    if (other != NULL)
        fail("--%s has no meaning in PostgreSQL", other);
}

Relation sql_stage_write(SqlStage *stage)
{
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        if (writers[i].filter == stage->stage->filter) {
            check_options(stage);
            return writers[i].write(stage);
        }
    fail("%s has no form in SQL", stage->stage->filter->name);
}
