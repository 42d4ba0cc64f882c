#include "filters/specification.h"

static const Option options[] = {
    {"x", 0, "COL", "the column that names or places the rows (or: a likely one)", 0},
    {"y", 0, "COL,...", "the columns that are drawn (or: those that hold numbers)", 0},
    {"limit", 0, "N", "show the first N rows; of ranked bars the N largest", 0},
    {"mark", 0, "CONDITION", "set off the rows for which the condition is true", 0},
    {"title", 0, "TEXT", "what stands above the picture", 0},
    {"unit", 0, "TEXT", "what the numbers are in: percent, million dollars", 0},
    {"source", 0, "TEXT", "where the numbers are from, below the picture", 0},
    {"png", 0, NULL, "write PNG, as for -o FILE.png, instead of SVG", 0},
    {0},
};

const Specification plot_specification = {
    .name = "plot",
    .purpose = "draws a chart as SVG or PNG, through gnuplot",
    .argument = "line|bar|ranked|stacked",
    .label = "kind",
    .kind = STAGE_DISPLAY,
    .starts = "gnuplot",
    .options = options,
    .examples = {"plot line --x year --y tiv --title 'Arms exports' trade.csv >trade.svg",
                 "plot ranked --x recipient --limit 10 --mark 'rank <= 2' -o top.svg t.csv",
                 "pivot supplier share -g year t.csv | plot stacked --x year -o shares.svg", NULL},
};
