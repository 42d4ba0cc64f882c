#include "base/attempt.h"

bool attempt(void (*work)(void *context), void *context, Trap *trap)
{
    if (!TRAP_SET(trap))
        return false;
    work(context);
    trap_end(trap);
    return true;
}
