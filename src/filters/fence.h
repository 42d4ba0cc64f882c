/*
 * Fence: the sandbox of a filter (base/sandbox.h), read from its command line.
 */
#ifndef FILTERS_FENCE_H
#define FILTERS_FENCE_H

#include "filters/program.h"

/*
 * From here on the program reads its FILE operands and the tables of its options, writes beside its
 * outputs and in $TMPDIR, and nothing else.  Call before the first input is opened.
 */
void fence_enter(const Program *program);

#endif
