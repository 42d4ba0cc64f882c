/*
 * Coverage: which claim answers for each number of a text.
 *
 * A claim can answer for a number that it speaks of: one that stands in what it says, in a check
 * (printed, near, equals, the bounds) or among the parameters it may be read with; for a
 * superlative if it says one or checks a rank; for a template that names it.  Among those, the
 * claim is taken whose words are most like those of the sentence (two at least must be the same,
 * one for a superlative), and where the text has pages and the claim says "p. 2", only on that
 * page.  That finds the claim that a person would look at; whether it means what the sentence says
 * is for the person to judge.
 */
#ifndef WARRANT_COVERAGE_H
#define WARRANT_COVERAGE_H

#include "warrant/document.h"
#include "warrant/numeral.h"

/* A number of the text, with its place: all from 1. */
typedef struct Covered {
    Numeral numeral;
    size_t line, column, page, paragraph;
    Span sentence;
    const Document *document; /* of the claim, or NULL where none answers */
    const Claim *claim;
    const char *problem; /* a template that names nothing: why; else NULL */
} Covered;

typedef struct Coverage {
    Covered *items;
    size_t count;
    size_t answered;
    size_t pages;
} Coverage;

Coverage coverage_find(Span text, Document *const *documents, size_t count, Arena *arena);

#endif
