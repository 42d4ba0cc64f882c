/*
 * Budget: how much memory a program may take for what it has to hold.
 */
#ifndef BASE_BUDGET_H
#define BASE_BUDGET_H

#include <stddef.h>

/*
 * The least of 1 GiB, an eighth of the machine's memory and a quarter of the limit that a cgroup of
 * either version sets for this process; at least 16 MiB.  What cannot be found out sets no limit.
 */
size_t budget_default(void);

/*
 * For what has to be held and can't be put aside: fails as out of memory (fail_exhausted()) where
 * `bytes` are more than the ceiling, or than 16 MiB where that is lower.  `what` takes them: "the
 * reference".
 */
void budget_check(size_t bytes, size_t ceiling, const char *what);

#endif
