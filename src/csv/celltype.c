#include "csv/celltype.h"

#include <string.h>

#include "base/memory.h"
#include "num/decimal.h"

static const struct {
    const char *name;
    CellType type;
} types[] = {
    {"string", CELL_ANY},    {"any", CELL_ANY},    {"integer", CELL_INTEGER},
    {"number", CELL_NUMBER}, {"year", CELL_YEAR},  {"boolean", CELL_BOOLEAN},
    {"date", CELL_DATE},     {"time", CELL_ANY},   {"yearmonth", CELL_YEARMONTH},
    {"datetime", CELL_ANY},  {"object", CELL_ANY}, {"duration", CELL_ANY},
    {"geopoint", CELL_ANY},  {"array", CELL_ANY},  {"geojson", CELL_ANY},
};

bool celltype_find(const char *name, CellType *type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, name) == 0) {
            *type = types[i].type;
            return true;
        }
    return false;
}

const char *celltype_phrase(CellType type)
{
    static const char *const phrases[CELL_TYPES] = {
        "anything",          "a whole number", "a number", "true or false", "a date (YYYY-MM-DD)",
        "a month (YYYY-MM)", "a year (YYYY)",
    };
    return phrases[type];
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool are_digits(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!is_digit(bytes[i]))
            return false;
    return size != 0;
}

/* Almost every cell is short digits; the rest is for the grammar of numbers to judge. */
static bool is_number(Span value)
{
    if (value.size <= DECIMAL_MAX_DIGITS && are_digits(value.at, value.size))
        return true;
    Arena arena = {0};
    Decimal number;
    bool read = decimal_read(value, &number, &arena) == DECIMAL_READ;
    arena_free(&arena);
    return read;
}

static bool is_integer(Span value)
{
    size_t sign = value.size > 0 && (value.at[0] == '+' || value.at[0] == '-');
    return value.size - sign <= DECIMAL_MAX_DIGITS &&
           are_digits(value.at + sign, value.size - sign);
}

static bool is_boolean(Span value)
{
    static const char *const words[] = {"true",  "True",  "TRUE",  "1",
                                        "false", "False", "FALSE", "0"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (span_equal(value, span_of(words[i])))
            return true;
    return false;
}

static unsigned number_at(const char *digits, size_t count)
{
    unsigned number = 0;
    for (size_t i = 0; i < count; i++)
        number = number * 10 + (unsigned)(digits[i] - '0');
    return number;
}

static bool is_yearmonth(Span value)
{
    if (value.size != 7 || !are_digits(value.at, 4) || value.at[4] != '-' ||
        !are_digits(value.at + 5, 2))
        return false;
    unsigned month = number_at(value.at + 5, 2);
    return month >= 1 && month <= 12;
}

static bool is_leap(unsigned year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_date(Span value)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (value.size != 10 || !is_yearmonth((Span){value.at, 7}) || value.at[7] != '-' ||
        !are_digits(value.at + 8, 2))
        return false;
    unsigned month = number_at(value.at + 5, 2), day = number_at(value.at + 8, 2);
    unsigned last = month == 2 && is_leap(number_at(value.at, 4)) ? 29 : days[month - 1];
    return day >= 1 && day <= last;
}

static bool is_year(Span value)
{
    size_t sign = value.size > 0 && value.at[0] == '-';
    return value.size - sign >= 4 && value.size - sign <= 9 &&
           are_digits(value.at + sign, value.size - sign);
}

bool celltype_accepts(CellType type, Span value)
{
    switch (type) {
    case CELL_INTEGER:
        return is_integer(value);
    case CELL_NUMBER:
        return is_number(value);
    case CELL_BOOLEAN:
        return is_boolean(value);
    case CELL_DATE:
        return is_date(value);
    case CELL_YEARMONTH:
        return is_yearmonth(value);
    case CELL_YEAR:
        return is_year(value);
    default:
        return true;
    }
}

/* A four-digit number is a year only in a column that says so. */
static bool speaks_of_years(Span column)
{
    for (size_t i = 0; i + 4 <= column.size; i++)
        if ((column.at[i] == 'y' || column.at[i] == 'Y') &&
            memcmp(column.at + i + 1, "ear", 3) == 0)
            return true;
    return false;
}

CellGuess celltype_guess_begin(Span column)
{
    return (CellGuess){true, true, true, speaks_of_years(column), false};
}

/* 007 and +49 are codes: read as numbers they would lose what tells them apart. */
static bool is_code(Span value)
{
    size_t sign = value.size > 0 && value.at[0] == '-';
    return value.size > 0 &&
           (value.at[0] == '+' ||
            (value.size > sign + 1 && value.at[sign] == '0' && is_digit(value.at[sign + 1])));
}

void celltype_guess(CellGuess *guess, Span value)
{
    if (value.size == 0)
        return;
    bool code = is_code(value);
    guess->any = true;
    guess->integer = guess->integer && !code && is_integer(value);
    guess->number = guess->number && !code && is_number(value);
    guess->date = guess->date && is_date(value);
    guess->year = guess->year && value.size == 4 && is_year(value);
}

const char *celltype_guessed(const CellGuess *guess)
{
    return !guess->any      ? "string"
           : guess->year    ? "year"
           : guess->integer ? "integer"
           : guess->number  ? "number"
           : guess->date    ? "date"
                            : "string";
}
