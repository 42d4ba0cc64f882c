/*
 * Fuzz: what every harness needs to feed one input after another to code that ends on failure.
 *
 * The code under test fails by diagnostic.h: it frees nothing on that way, since a program that
 * fails is about to end.  Here it lands in a trap, and whatever it has allocated and opened since
 * is given back, so that a million failing inputs cost no more than one.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/text.h"

/* Runs the work; false if it failed, and fuzz_message then says how. */
bool fuzz_attempt(void (*work)(void *context), void *context);
extern char fuzz_message[sizeof((Trap *)0)->message];

/* A file without a name that holds the bytes; its path, good until the slot is used again. */
enum { FUZZ_OUTPUT = 3, FUZZ_FILES };
const char *fuzz_file(size_t slot, Span bytes);
const char *fuzz_path(size_t slot);
/* What stands in it; valid until the next call for any slot. */
Span fuzz_contents(size_t slot);
/* Standard output goes into an empty file from here on: FUZZ_OUTPUT. */
void fuzz_output(void);

/* The input, taken apart from the front. */
typedef struct FuzzInput {
    const char *at;
    size_t size;
} FuzzInput;
unsigned fuzz_byte(FuzzInput *input);
/* Up to the next occurrence of the byte, which is dropped; all the rest if there is none. */
Span fuzz_until(FuzzInput *input, char byte);
Span fuzz_rest(FuzzInput *input);

/* Ends the run with a sentence when two opinions differ. */
#define FUZZ_CHECK(holds)                                                                          \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #holds);                    \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
