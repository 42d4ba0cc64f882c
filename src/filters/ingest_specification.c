#include "filters/specification.h"

static const Option options[] = {
    {"encoding", 0, "E", "encoding, where no byte order mark says it (or UTF-8)", 0},
    {"quote", 0, "C", "byte that quotes fields (or: \"; none: nothing does)", 0},
    {"escape", 0, "C", "byte that takes the next as it is (or: \"\" is a quote)", 0},
    {"skip", 0, "N", "pass over the first N lines of each file", 0},
    {"header", 0, "N", "the header has N rows, joined by a blank (or: 1)", 0},
    {"no-header", 0, NULL, "there is none: columns are column_1, column_2 ...", 0},
    {"footer", 0, "N", "drop the last N rows of each file", 0},
    {"decimal", 0, "C", "the decimal mark of numbers (default: a point)", 0},
    {"thousands", 0, "C", "the mark between groups of three digits", 0},
    {"missing", 0, "TEXT", "cells that are TEXT are missing", OPTION_REPEATS},
    {"trim", 0, NULL, "take blanks off both ends of cells and names", 0},
    {"rename", 0, "N=NAME", "name the column with number N", OPTION_REPEATS},
    {"rename-duplicates", 0, NULL, "number names that stand again: x, x_2, x_3", 0},
    {"file-column", 0, "NAME", "add a column with the file's name", 0},
    {"parts", 0, "N", "write N parts and a manifest into the folder of -o", OPTION_NOT_IN_PIPES},
    {0},
};

const Specification ingest_specification = {
    .name = "ingest",
    .purpose = "turns raw downloads into strict CSV (-d is the input's delimiter)",
    .kind = STAGE_WHOLE, /* --skip and --footer speak of a whole file */
    .options = options,
    .examples = {"ingest --encoding windows-1252 -d ';' --decimal , download.csv",
                 "ingest --skip 10 --footer 2 --rename 1=recipient --file-column file T-*.csv",
                 "ingest --thousands ' ' --missing : --trim budgets.csv.gz", NULL},
};
