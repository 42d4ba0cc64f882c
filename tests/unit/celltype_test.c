/*
 * Tests of the types of cells, printed as TAP: celltype_test
 *
 * What a type accepts, and which type is proposed for a column of cells.
 */
#include <stdio.h>
#include <string.h>

#include "csv/celltype.h"

static int test_count, failed_count;

static void report(bool passes, const char *sentence)
{
    failed_count += !passes;
    printf("%s %d - %s\n", passes ? "ok" : "not ok", ++test_count, sentence);
}

/* Whether the type accepts just those of the values that come before the bar. */
static bool parted(CellType type, const char *values)
{
    bool wanted = true;
    for (const char *at = values; *at != '\0';) {
        size_t size = strcspn(at, " ");
        if (size == 1 && *at == '|')
            wanted = false;
        else if (celltype_accepts(type, (Span){at, size}) != wanted)
            return printf("# %s: %.*s\n", celltype_phrase(type), (int)size, at), false;
        at += size + (at[size] == ' ');
    }
    return true;
}

static void test_types(void)
{
    report(parted(CELL_INTEGER, "0 7 -12 +3 007 | 1.0 1e3 - + x 1- -+1"),
           "a whole number is digits, perhaps behind a sign");
    report(parted(CELL_NUMBER, "0 -1.50 1e3 123456789012345678901 | x 1. .. 1,5"),
           "a number is what the filters read as one");
    report(parted(CELL_BOOLEAN, "true True TRUE 1 false False FALSE 0 | tRUE yes 2 00"),
           "true and false have four spellings each");
    report(parted(CELL_YEARMONTH,
                  "2003-01 2003-12 0001-09 | 2003-00 2003-13 2003-1 2003/01 20030-1 "
                  "2003-011 x003-01 2003-x1"),
           "a month is YYYY-MM, from 01 to 12");
    report(parted(CELL_DATE, "2003-01-31 2003-04-30 2003-06-30 2003-07-31 2003-08-31 2003-09-30 "
                             "2003-10-31 2003-11-30 2003-02-28 2004-02-29 2000-02-29 2003-12-31 | "
                             "2003-01-32 2003-04-31 2003-06-31 2003-09-31 2003-11-31 2003-02-29 "
                             "1900-02-29 2003-02-30 2004-02-30 "
                             "2003-01-00 2003-13-01 2003-01/01 2003-01-1 2003-01-x1 2003-01-011"),
           "a date is YYYY-MM-DD of a day that was");
    report(
        parted(CELL_YEAR, "2003 -2003 0001 123456789 -123456789 | 203 -203 1234567890 +2003 2O03"),
        "a year has four digits or more, nine at most");
    report(parted(CELL_ANY, "x 1 -"), "a text is anything");
}

/* The type guessed for a column of these values. */
static const char *guessed(const char *column, const char *values)
{
    CellGuess guess = celltype_guess_begin(span_of(column));
    for (const char *at = values; *at != '\0';) {
        size_t size = strcspn(at, " ");
        celltype_guess(&guess, (Span){at, size});
        at += size + (at[size] == ' ');
    }
    return celltype_guessed(&guess);
}

static bool guesses(const char *column, const char *values, const char *type)
{
    const char *got = guessed(column, values);
    if (strcmp(got, type) != 0)
        printf("# %s of %s: %s\n", got, column, values);
    return strcmp(got, type) == 0;
}

static void test_guesses(void)
{
    report(guesses("n", "0 1 -12 10", "integer") && guesses("n", "0 1.5 -2e3", "number") &&
               guesses("n", "2003-01-31 1999-12-01", "date") && guesses("n", "a 1", "string") &&
               guesses("n", "", "string"),
           "the narrowest type that all cells have is proposed");
    report(guesses("n", "1 007", "string") && guesses("n", "+49 30", "string") &&
               guesses("n", "-01", "string") && guesses("n", "0 0.5 -0", "number"),
           "codes with leading zeros or plus signs stay text");
    report(guesses("Year of order", "2003 1999", "year") &&
               guesses("fiscal_year", "2003", "year") && guesses("year", "2003", "year") &&
               guesses("yea", "2003", "integer") && guesses("y", "2003", "integer") &&
               guesses("Yeas", "2003", "integer"),
           "four digits are a year where the column's name says so");
    report(guesses("year", "2003 12345", "integer") && guesses("year", "2003 x", "string"),
           "a column of that name with other numbers holds no years");
}

static void test_names(void)
{
    CellType type = CELL_ANY;
    report(celltype_find("year", &type) && type == CELL_YEAR && celltype_find("string", &type) &&
               type == CELL_ANY && celltype_find("geojson", &type) && type == CELL_ANY &&
               celltype_find("yearmonth", &type) && type == CELL_YEARMONTH,
           "Frictionless' types are known by name");
    report(!celltype_find("float", &type) && !celltype_find("", &type), "other names are no types");
}

int main(void)
{
    test_types();
    test_guesses();
    test_names();
    printf("1..%d\n", test_count);
    return failed_count != 0;
}
