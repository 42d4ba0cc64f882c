#include "chance.h"

static uint64_t state;

void chance_seed(uint64_t seed)
{
    state = seed;
}

/* splitmix64 (Steele, Lea & Flood 2014). */
static uint64_t next(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

size_t any(size_t count)
{
    return (size_t)(next() % count);
}

bool chance(unsigned percent)
{
    return any(100) < percent;
}
