/*
 * Numeral: the numbers that stand in prose, in whatever shape.
 *
 * Digits (1,094; 9.5; 3.5 million), percentages (9%, 9 percent), ordinals (50th, fiftieth), years,
 * number words (forty; two hundred and fifty; half; twice), superlatives (largest, most), and the
 * templates of an author's text ({{pipeline.claim}}).  English only.  Passed over are digits that
 * are part of a name (F-16, MK48), of an address (https://…), of a tag (<td width=9>), and `one`
 * where it counts nothing (one of, no one).
 */
#ifndef WARRANT_NUMERAL_H
#define WARRANT_NUMERAL_H

#include <stdbool.h>

#include "base/memory.h"
#include "base/text.h"
#include "num/decimal.h"

typedef enum NumeralKind {
    NUMERAL_NUMBER,
    NUMERAL_PERCENT,
    NUMERAL_ORDINAL,
    NUMERAL_YEAR,        /* four digits from 1000 to 2999 with nothing about them */
    NUMERAL_SUPERLATIVE, /* no value */
    NUMERAL_TEMPLATE     /* no value; the text is what stands between the braces */
} NumeralKind;

typedef struct Numeral {
    NumeralKind kind;
    Span text; /* as written, in the text that was searched */
    bool has_value;
    Decimal value; /* of 9%: 9; of the fiftieth: 50 */
} Numeral;

typedef struct Numerals {
    Numeral *items;
    size_t count, room;
} Numerals; /* in the arena */

/* All of them in order. */
Numerals numerals_find(Span text, Arena *arena);

const char *numeral_kind_name(NumeralKind kind); /* "number", "percent" … */

/* A word of letters at the start of the text: its bytes, 0 if there is none. */
size_t word_length(Span text);

#endif
