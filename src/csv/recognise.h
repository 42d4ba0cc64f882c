/*
 * Recognise: what a file that is no strict CSV may be, by its first bytes.
 *
 * For messages that name the command that works, and for proposals; nothing is read differently on
 * its account.
 */
#ifndef CSV_RECOGNISE_H
#define CSV_RECOGNISE_H

#include <stdbool.h>

#include "base/text.h"

typedef struct Recognised {
    const char *compression; /* gzip, bzip2, xz or zstd, or NULL */
    const char *encoding;    /* UTF-16LE, UTF-16BE, UTF-32LE, UTF-32BE, or NULL */
    bool marked;             /* by a byte order mark, so that it need not be said */
    char delimiter;          /* that most of the first lines have equally often, or '\0' */
} Recognised;

enum { RECOGNISE_HEAD = 64 * 1024 }; /* more bytes tell no more */

/* The beginning of a file; the delimiter is looked for only in what is neither of the others. */
Recognised recognise(Span head);

/* The delimiter of text by its first lines, or '\0': comma, semicolon, tab or bar. */
char recognise_delimiter(Span text);

#endif
