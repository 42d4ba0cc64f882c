/*
 * Celltype: Frictionless field types, as cells of strict CSV may show them.
 *
 * A number is what the filters take for one, so that a verified table is one they can work on:
 * no INF, no NaN, no thousands separators.  Dates are YYYY-MM-DD and on the calendar.
 */
#ifndef CSV_CELLTYPE_H
#define CSV_CELLTYPE_H

#include <stdbool.h>

#include "base/text.h"

typedef enum CellType {
    CELL_ANY, /* string, any; also types that are known by name and not looked into */
    CELL_INTEGER,
    CELL_NUMBER,
    CELL_BOOLEAN,
    CELL_DATE,
    CELL_YEARMONTH,
    CELL_YEAR,
    CELL_TYPES
} CellType;

/* False if Frictionless has no type of that name. */
bool celltype_find(const char *name, CellType *type);

/* What a cell of that type is, for "not …": "a whole number". */
const char *celltype_phrase(CellType type);

/* Whether a cell that is not missing is of that type. */
bool celltype_accepts(CellType type, Span value);

/* What a column's cells have left open so far. */
typedef struct CellGuess {
    bool integer, number, date, year;
    bool any; /* a cell has been seen */
} CellGuess;

CellGuess celltype_guess_begin(Span column);
void celltype_guess(CellGuess *guess, Span value);

/* The name of the narrowest type that all cells had: string where none is left. */
const char *celltype_guessed(const CellGuess *guess);

#endif
