#include "table/state.h"

#include <stdlib.h>

#include "num/packed.h"
#include "table/accumulator.h"

/* A state on its way out: its saved bytes being read. */
typedef struct Unfolding {
    const char *at;
    StateTake *take;
    void *context;
    Arena arena;
    Buffer number;
} Unfolding;

static void take(Unfolding *state, Span value, uint64_t count, bool squares)
{
    state->take(state->context, &(StateEntry){value, count, squares});
}

static Span next_number(Unfolding *state)
{
    state->number.size = 0;
    decimal_write(unpack_decimal(&state->at, &state->arena), &state->number);
    return buffer_span(&state->number);
}

static void take_count(Unfolding *state)
{
    uint64_t count = unpack_count(&state->at);
    if (count != 0)
        take(state, (Span){0}, count, false);
}

static void take_sums(Unfolding *state, bool squares)
{
    uint64_t count = unpack_count(&state->at);
    if (count == 0)
        return;
    take(state, next_number(state), count, false);
    if (squares)
        take(state, next_number(state), 0, true);
}

static void take_one(Unfolding *state, bool number)
{
    if (unpack_count(&state->at) != 0)
        take(state, number ? next_number(state) : unpack_text(&state->at), 0, false);
}

static void take_numbers(Unfolding *state)
{
    for (uint64_t left = unpack_count(&state->at); left > 0; left--) {
        Span value = next_number(state);
        take(state, value, unpack_count(&state->at), false);
    }
}

typedef struct CountedText {
    Span text;
    uint64_t count;
} CountedText;

static int compare_texts(const void *a, const void *b)
{
    return span_compare(((const CountedText *)a)->text, ((const CountedText *)b)->text);
}

/* They are saved in an order that tells which thread met which first; a file is not to tell. */
static void take_texts(Unfolding *state)
{
    size_t count = (size_t)unpack_count(&state->at);
    CountedText *texts = memory_array(count, sizeof *texts);
    for (size_t i = 0; i < count; i++) {
        texts[i].text = unpack_text(&state->at);
        texts[i].count = unpack_count(&state->at);
    }
    qsort(texts, count, sizeof *texts, compare_texts);
    for (size_t i = 0; i < count; i++)
        take(state, texts[i].text, texts[i].count, false);
    free(texts);
}

static void unfold(Unfolding *state, StateShape shape)
{
    switch (shape) {
    case STATE_COUNT:
        take_count(state);
        break;
    case STATE_TOTAL:
    case STATE_MOMENTS:
        take_sums(state, shape == STATE_MOMENTS);
        break;
    case STATE_NUMBER:
    case STATE_TEXT:
        take_one(state, shape == STATE_NUMBER);
        break;
    case STATE_NUMBERS:
        take_numbers(state);
        break;
    case STATE_TEXTS:
        take_texts(state);
        break;
    }
}

void state_each(Summary *summary, size_t group, StateTake *take_entry, void *context)
{
    Buffer saved = {0};
    summary_save(summary->lender != NULL ? summary->lender : summary, group, &saved);
    Unfolding state = {.at = saved.at, .take = take_entry, .context = context};
    unfold(&state, summary->accumulator->shape);
    arena_free(&state.arena);
    buffer_free(&state.number);
    buffer_free(&saved);
}

/* ---- back into a summary ---- */

static bool is_counted(StateShape shape, bool squares)
{
    return shape != STATE_NUMBER && shape != STATE_TEXT && !squares;
}

static const char *misfit(StateShape shape, const StateEntry *entry)
{
    bool counted = is_counted(shape, entry->squares);
    if (entry->squares && shape != STATE_MOMENTS)
        return "a sum of squares too many";
    if ((entry->count != 0) != counted)
        return counted ? "no count" : "a count too many";
    if ((entry->value.size != 0) != (shape != STATE_COUNT))
        return shape == STATE_COUNT ? "a value too many" : "no value";
    return NULL;
}

/* The state that has nothing but this entry, as summary_save() would save it. */
static void fold(StateShape shape, const StateEntry *entry, Decimal number, uint64_t ordinal,
                 Buffer *out)
{
    static const Decimal zero = {0};
    switch (shape) {
    case STATE_COUNT:
        pack_count(out, entry->count);
        break;
    case STATE_TOTAL:
        pack_count(out, entry->count);
        pack_decimal(out, number);
        break;
    case STATE_MOMENTS:
        pack_count(out, entry->count);
        pack_decimal(out, entry->squares ? zero : number);
        pack_decimal(out, entry->squares ? number : zero);
        break;
    case STATE_NUMBER:
        pack_count(out, ordinal + 1);
        pack_decimal(out, number);
        break;
    case STATE_TEXT:
        pack_count(out, ordinal + 1);
        pack_text(out, entry->value);
        break;
    case STATE_NUMBERS:
        pack_count(out, 1);
        pack_decimal(out, number);
        pack_count(out, entry->count);
        break;
    case STATE_TEXTS:
        pack_count(out, 1);
        pack_text(out, entry->value);
        pack_count(out, entry->count);
        break;
    }
}

static bool holds_number(StateShape shape)
{
    return shape != STATE_COUNT && shape != STATE_TEXT && shape != STATE_TEXTS;
}

const char *state_add(Summary *summary, uint32_t group, const StateEntry *entry, uint64_t ordinal)
{
    StateShape shape = summary->accumulator->shape;
    Arena arena = {0};
    Decimal number = {0};
    const char *wrong = misfit(shape, entry);
    if (wrong == NULL && holds_number(shape) && !decimal_read_back(entry->value, &number, &arena))
        wrong = "not a number";
    if (wrong == NULL && summary->accumulator->positive && decimal_sign(number) <= 0)
        wrong = "not a positive number";
    if (wrong == NULL) {
        Buffer saved = {0};
        fold(shape, entry, number, ordinal, &saved);
        const char *at = saved.at;
        summary_load(summary, group, &at);
        buffer_free(&saved);
    }
    arena_free(&arena);
    return wrong;
}
