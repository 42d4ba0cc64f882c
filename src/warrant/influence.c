#include "warrant/influence.h"

#include <stdlib.h>

typedef struct Part {
    const Influence *influence;
    double weight;
} Part;

struct Influence {
    size_t count;
    Part *parts;
    /* Notes of one round, which are no part of the value; the rest never changes. */
    unsigned round;
    double effect; /* of this value on the one that is aimed at */
};

Influence *influence_make(size_t count, Arena *arena)
{
    Influence *influence = arena_take(arena, sizeof *influence);
    *influence = (Influence){.count = count, .parts = arena_array(arena, count, sizeof(Part))};
    for (size_t i = 0; i < count; i++)
        influence->parts[i] = (Part){0};
    return influence;
}

Influence *influence_of_cell(Arena *arena)
{
    return influence_make(0, arena);
}

void influence_set(Influence *influence, size_t i, const Influence *part, double weight)
{
    influence->parts[i] = (Part){part, weight};
}

const Influence *influence_join(const Influence *a, double weight, const Influence *b, double other,
                                Arena *arena)
{
    if (a == NULL && b == NULL)
        return NULL;
    Influence *joined = influence_make(2, arena);
    influence_set(joined, 0, a, weight);
    influence_set(joined, 1, b, other);
    return joined;
}

/* Influences in an order in which each stands behind all that it is made of. */
typedef struct Sequence {
    Influence **items;
    size_t count, room;
} Sequence;

static void sequence_add(Sequence *sequence, const Influence *influence, unsigned round)
{
    Influence *noted = (Influence *)influence;
    if (noted == NULL || noted->round == round)
        return;
    noted->round = round;
    noted->effect = 0;
    for (size_t i = 0; i < noted->count; i++)
        sequence_add(sequence, noted->parts[i].influence, round);
    sequence->items =
        memory_grow(sequence->items, &sequence->room, sequence->count, sizeof *sequence->items);
    sequence->items[sequence->count++] = noted;
}

/* What comes of infinities is no direction. */
static double finite(double number)
{
    return number - number == 0 ? number : 0;
}

void influence_aim(const Influence *up, const Influence *down, unsigned round)
{
    Sequence sequence = {0};
    sequence_add(&sequence, up, round);
    sequence_add(&sequence, down, round);
    if (up != NULL)
        ((Influence *)up)->effect += 1;
    if (down != NULL)
        ((Influence *)down)->effect -= 1;
    for (size_t i = sequence.count; i-- > 0;) {
        const Influence *influence = sequence.items[i];
        for (size_t p = 0; p < influence->count; p++) {
            Influence *part = (Influence *)influence->parts[p].influence;
            if (part != NULL)
                part->effect += finite(influence->effect * influence->parts[p].weight);
        }
    }
    free(sequence.items);
}

int influence_way(const Influence *cell, unsigned round)
{
    return cell->round != round ? 0 : (cell->effect > 0) - (cell->effect < 0);
}
