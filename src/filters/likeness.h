/*
 * Likeness: the name that was meant, among names of countries, firms and the like.
 *
 * Beyond slips of the pen (text_nearest) names of one thing differ in accents, blanks, the order of
 * words, words left out, and abbreviations: Turkey and Türkiye, Korea, South and South Korea, UAE
 * and United Arab Emirates, Russian Federation and Russia.
 */
#ifndef FILTERS_LIKENESS_H
#define FILTERS_LIKENESS_H

#include "base/memory.h"
#include "base/text.h"

/* Names made ready to be compared with many words. */
typedef struct Likeness {
    Arena arena;
    Span *plain; /* letters and digits without accents and case, one blank between words */
    size_t count;
} Likeness;

#define LIKENESS_NONE ((size_t)-1)

/* The names need not outlive it. */
void likeness_open(Likeness *likeness, const Span *names, size_t count);

/* The number of the name that is most like the word, of equals the first; or LIKENESS_NONE. */
size_t likeness_find(Likeness *likeness, Span word);

void likeness_close(Likeness *likeness);

#endif
