/*
 * Attempt: work that may fail without ending the program.
 *
 * The work gets what it needs, and leaves what it made, in `context`; whatever it opened or
 * allocated must hang there too, so that the caller can give it back either way.
 */
#ifndef BASE_ATTEMPT_H
#define BASE_ATTEMPT_H

#include <stdbool.h>

#include "base/diagnostic.h"

/* False when the work failed: trap->message says why, trap->status how. */
bool attempt(void (*work)(void *context), void *context, Trap *trap);

#endif
