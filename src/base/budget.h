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

#endif
