/*
 * Chance: what the random pipelines are drawn with; the same seed draws the same.
 */
#ifndef SQL_CHANCE_H
#define SQL_CHANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void chance_seed(uint64_t seed);

/* 0 … count-1 */
size_t any(size_t count);

bool chance(unsigned percent);

#define ONE_OF(list) ((list)[any(sizeof(list) / sizeof *(list))])

#endif
