#define _GNU_SOURCE /* memmem */
#include "expr/pattern.h"

#include <string.h>

/* Elements that stand for characters of the text; no UTF-8 text holds these bytes. */
enum { ANY_RUN = 0xfe, ANY_ONE = 0xff };
static const char any_run = (char)ANY_RUN, any_one = (char)ANY_ONE;

enum { WORD_BITS = 64 };

/* --- reading --- */

static char folded(char byte, bool folds)
{
    return (char)(folds && byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
}

static bool pieces_are_short(Span elements)
{
    while (elements.size > 0) {
        const char *end = memchr(elements.at, ANY_RUN, elements.size);
        size_t size = end == NULL ? elements.size : (size_t)(end - elements.at);
        if (size > PATTERN_PIECE && memchr(elements.at, ANY_ONE, size) != NULL)
            return false;
        size += end != NULL;
        elements = (Span){elements.at + size, elements.size - size};
    }
    return true;
}

const char *pattern_read(Pattern *pattern, Span text, bool folds)
{
    Buffer *elements = &pattern->elements;
    pattern->folds = folds;
    elements->size = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] == '\\' && i + 1 == text.size)
            return "a pattern must not end in a backslash";
        char element = text.at[i] == '%'    ? any_run
                       : text.at[i] == '_'  ? any_one
                       : text.at[i] == '\\' ? folded(text.at[++i], folds)
                                            : folded(text.at[i], folds);
        buffer_byte(elements, element);
    }
    if (!pieces_are_short(buffer_span(elements)))
        return "a pattern with _ in it has at most 1024 bytes between one % and the next";
    return NULL;
}

void pattern_free(Pattern *pattern)
{
    buffer_free(&pattern->elements);
    buffer_free(&pattern->folded);
    buffer_free(&pattern->steps);
}

/* --- one piece: what stands between one % and the next --- */

static const size_t NOWHERE = SIZE_MAX;

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Where the character ends that begins at `at`. */
static size_t character_end(Span text, size_t at)
{
    do
        at++;
    while (at < text.size && continues(text.at[at]));
    return at;
}

/* Where the piece ends if it stands at `at`; *steps counts the elements that were looked at. */
static size_t piece_at(Span piece, Span text, size_t at, size_t *steps)
{
    for (size_t i = 0; i < piece.size; i++, ++*steps) {
        if (at == text.size)
            return NOWHERE;
        if (piece.at[i] == any_one)
            at = character_end(text, at);
        else if (piece.at[i] == text.at[at])
            at++;
        else
            return NOWHERE;
    }
    return at;
}

/* By the bits of a state: bit i is set when elements 0 … i match the text that ends here. */
typedef struct Automaton {
    size_t words;
    uint64_t *state;
    uint64_t *ones;    /* the elements that are _ */
    uint64_t *accepts; /* by byte: the elements that match it as the first byte of theirs */
} Automaton;

static Automaton automaton_make(Pattern *pattern, Span piece)
{
    size_t words = (piece.size + WORD_BITS - 1) / WORD_BITS;
    size_t bytes = (2 + 256) * words * sizeof(uint64_t);
    pattern->steps.size = 0;
    buffer_reserve(&pattern->steps, bytes);
    memset(pattern->steps.at, 0, bytes);
    uint64_t *at = (uint64_t *)(void *)pattern->steps.at;
    Automaton made = {words, at, at + words, at + 2 * words};
    for (size_t i = 0; i < piece.size; i++) {
        size_t word = i / WORD_BITS;
        uint64_t bit = UINT64_C(1) << i % WORD_BITS;
        if (piece.at[i] == any_one)
            made.ones[word] |= bit;
        else
            made.accepts[(unsigned char)piece.at[i] * words + word] |= bit;
    }
    for (size_t byte = 0; byte < 256; byte++)
        for (size_t word = 0; word < words && !continues((char)byte); word++)
            made.accepts[byte * words + word] |= made.ones[word];
    return made;
}

/* An element that is _ stays matched over the rest of its character. */
static void automaton_step(Automaton *automaton, char byte)
{
    const uint64_t *accepts = automaton->accepts + (unsigned char)byte * automaton->words;
    uint64_t stays = continues(byte) ? ~UINT64_C(0) : 0, carried = 1;
    for (size_t word = 0; word < automaton->words; word++) {
        uint64_t state = automaton->state[word];
        automaton->state[word] =
            ((state << 1 | carried) & accepts[word]) | (state & automaton->ones[word] & stays);
        carried = state >> (WORD_BITS - 1);
    }
}

/* Shift-and (Baeza-Yates & Gonnet 1992, "A new approach to text searching"). */
static size_t find_steadily(Pattern *pattern, Span piece, Span text, size_t from)
{
    Automaton automaton = automaton_make(pattern, piece);
    uint64_t *last = &automaton.state[automaton.words - 1];
    uint64_t whole = UINT64_C(1) << (piece.size - 1) % WORD_BITS;
    for (size_t at = from; at < text.size; at++) {
        automaton_step(&automaton, text.at[at]);
        if ((*last & whole) != 0)
            return character_end(text, at);
    }
    return NOWHERE;
}

/*
 * Tries one place after the other, which is quick while most places fail at once; when it turns out
 * not to be, the steady way goes on from there.
 */
static size_t find_with_ones(Pattern *pattern, Span piece, Span text, size_t from)
{
    enum { FREE = 4096, PATIENCE = 16 };
    size_t steps = 0;
    for (size_t at = from; at < text.size; at = character_end(text, at)) {
        if (piece.at[0] != any_one) {
            const char *hit = memchr(text.at + at, piece.at[0], text.size - at);
            if (hit == NULL)
                return NOWHERE;
            at = (size_t)(hit - text.at);
        }
        size_t end = piece_at(piece, text, at, &steps);
        if (end != NOWHERE)
            return end;
        if (steps > FREE + PATIENCE * (at - from))
            return find_steadily(pattern, piece, text, at);
    }
    return NOWHERE;
}

/* Where the piece ends that begins first, at `from` or behind it. */
static size_t piece_find(Pattern *pattern, Span piece, Span text, size_t from)
{
    if (piece.size == 0)
        return from;
    if (memchr(piece.at, ANY_ONE, piece.size) != NULL)
        return find_with_ones(pattern, piece, text, from);
    const char *hit = memmem(text.at + from, text.size - from, piece.at, piece.size);
    return hit == NULL ? NOWHERE : (size_t)(hit - text.at) + piece.size;
}

/* Where a piece must begin that ends with the text. */
static size_t piece_at_end(Span piece, Span text)
{
    size_t at = text.size;
    for (size_t i = 0; i < piece.size; i++) {
        if (continues(piece.at[i]))
            continue;
        do
            if (at == 0)
                return NOWHERE;
        while (continues(text.at[--at]));
    }
    return at;
}

/* --- the whole --- */

static Span text_folded(Pattern *pattern, Span text)
{
    if (!pattern->folds)
        return text;
    pattern->folded.size = 0;
    buffer_append(&pattern->folded, text.at, text.size);
    for (size_t i = 0; i < text.size; i++)
        pattern->folded.at[i] = folded(text.at[i], true);
    return buffer_span(&pattern->folded);
}

/* Takes the piece at the front and the % behind it; false if there is no %. */
static bool take_piece(Span *elements, Span *piece)
{
    const char *end = elements->size == 0 ? NULL : memchr(elements->at, ANY_RUN, elements->size);
    if (end == NULL)
        return false;
    *piece = (Span){elements->at, (size_t)(end - elements->at)};
    *elements = (Span){end + 1, elements->size - piece->size - 1};
    return true;
}

/*
 * The first piece begins the text and the last ends it; of those between, each may be taken where
 * it is found first, since that leaves the most for the others.
 */
bool pattern_match(Pattern *pattern, Span text)
{
    Span rest = buffer_span(&pattern->elements), piece;
    size_t steps = 0;
    text = text_folded(pattern, text);
    if (!take_piece(&rest, &piece))
        return piece_at(rest, text, 0, &steps) == text.size;
    size_t at = piece_at(piece, text, 0, &steps);
    const char *last = memrchr(pattern->elements.at, ANY_RUN, pattern->elements.size);
    Span end = {last + 1, (size_t)(rest.at + rest.size - (last + 1))};
    size_t stop = piece_at_end(end, text);
    if (at == NOWHERE || stop == NOWHERE || stop < at ||
        piece_at(end, text, stop, &steps) != text.size)
        return false;
    text.size = stop;
    while (take_piece(&rest, &piece))
        if ((at = piece_find(pattern, piece, text, at)) == NOWHERE)
            return false;
    return true;
}
