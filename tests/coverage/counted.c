/*
 * Counted: linked into the programs of the coverage build alone (`make coverage`), so that the
 * counts of every process reach their files when it ends:
 *
 * - the sandbox lets them be written (COUNTS is their folder): its linker-made stand-in adds a grant;
 * - a process that ends itself by a signal writes them first;
 * - what tests do to a program, failing its calls or limiting its files, is over when it writes them;
 * - what libgcov has to say goes to a file and not among the program's own messages.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/sandbox.h"

void __gcov_dump(void);

/* Of tests/fault/fault.c, where that is loaded. */
__attribute__((weak)) void fault_end(void);

/* A file cut short by a limit would spoil the counts of all: such a process goes uncounted. */
static bool is_limited(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

/* Runs before libgcov's destructors, which have the priority 100. */
__attribute__((destructor)) static void counted_end(void)
{
    if (fault_end != NULL)
        fault_end();
    if (is_limited())
        setenv("GCOV_PREFIX", "/dev/null", 1);
    setenv("GCOV_ERROR_FILE", is_limited() ? "/dev/null" : COUNTS "/libgcov.log", 1);
}

void __real_sandbox_enter(const SandboxRules *rules);
void __wrap_sandbox_enter(const SandboxRules *rules)
{
    Grant grants[rules->count + 1]; /* no allocation that a test could fail */
    memcpy(grants, rules->grants, rules->count * sizeof *grants);
    grants[rules->count] = (Grant){GRANT_FOLDER, COUNTS};
    SandboxRules wider = {grants, rules->count + 1, rules->children};
    __real_sandbox_enter(&wider);
}

int __real_raise(int number);
int __wrap_raise(int number)
{
    counted_end();
    __gcov_dump();
    return __real_raise(number);
}
