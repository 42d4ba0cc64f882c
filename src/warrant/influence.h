/*
 * Influence: which source cells a value was made of, and how it moves with each.
 *
 * A value computed from others has as weights its partial derivatives by them, so that the effect
 * of every source cell on the last value of a pipeline can be had by going back from it once
 * (reverse accumulation: Linnainmaa 1976).  Weights are rough and in floating point: an influence
 * proves nothing, it is for finding the corner of the box of possible inputs in which a result goes
 * furthest, which is then tried with the filters themselves.
 */
#ifndef WARRANT_INFLUENCE_H
#define WARRANT_INFLUENCE_H

#include <stddef.h>

#include "base/memory.h"

typedef struct Influence Influence;

/* A source cell's own. */
Influence *influence_of_cell(Arena *arena);

/* Room for `count` parts, to be set; a part may be NULL: of no influence. */
Influence *influence_make(size_t count, Arena *arena);
void influence_set(Influence *influence, size_t i, const Influence *part, double weight);

/* Of two values; NULL if neither has any. */
const Influence *influence_join(const Influence *a, double weight, const Influence *b, double other,
                                Arena *arena);

/*
 * Notes for every source cell behind the two (either may be NULL) which way it has to go for `up`
 * to rise against `down`.  Each call is a round of its own, which forgets the one before.
 */
void influence_aim(const Influence *up, const Influence *down, unsigned round);
int influence_way(const Influence *cell, unsigned round); /* 1, -1, or 0: not noted in that round */

#endif
