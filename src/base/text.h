/*
 * Text: a span is somebody else's bytes, a buffer is a growing string of one's own.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes that are borrowed: no owner, no NUL at the end. */
typedef struct Span {
    const char *at;
    size_t size;
} Span;

#define SPAN(literal) ((Span){(literal), sizeof(literal) - 1})

static inline Span span_of(const char *string)
{
    return (Span){string, strlen(string)};
}

static inline bool span_equal(Span a, Span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.at, b.at, a.size) == 0);
}

/*
 * Up to 8 bytes as a word, the first one lowest, zeros behind them: by two loads that overlap, for
 * a memcpy() of a size that is not known is a call.
 */
static inline uint64_t span_word(Span text)
{
    uint64_t word = 0;
    if (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && text.size >= 4) {
        uint32_t low, high;
        memcpy(&low, text.at, sizeof low);
        memcpy(&high, text.at + text.size - sizeof high, sizeof high);
        return low | (uint64_t)high >> 8 * (8 - text.size) << 32;
    }
    for (size_t i = 0; i < text.size; i++)
        word |= (uint64_t)(unsigned char)text.at[i] << 8 * i;
    return word;
}

/* The same of a text behind whose beginning 8 bytes may be read, whatever they are. */
static inline uint64_t span_word_open(Span text)
{
    static const uint64_t kept[9] = {0,
                                     UINT64_C(0xff),
                                     UINT64_C(0xffff),
                                     UINT64_C(0xffffff),
                                     UINT64_C(0xffffffff),
                                     UINT64_C(0xffffffffff),
                                     UINT64_C(0xffffffffffff),
                                     UINT64_C(0xffffffffffffff),
                                     UINT64_C(0xffffffffffffffff)};
    uint64_t word;
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
        return span_word(text);
    memcpy(&word, text.at, sizeof word);
    return word & kept[text.size];
}

/* Whether one of the word's bytes is `byte`. */
static inline bool word_has(uint64_t word, char byte)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    word ^= ones * (unsigned char)byte;
    return ((word - ones) & ~word & ones << 7) != 0;
}

/* Bytewise order, as SQL's COLLATE "C": <0, 0, >0. */
int span_compare(Span a, Span b);

/* A buffer owns its bytes; all zero is an empty one. */
typedef struct Buffer {
    char *at;
    size_t size;
    size_t room;
} Buffer;

void buffer_grow(Buffer *buffer, size_t more); /* what buffer_reserve() does when it must */

/* Room for `more` bytes behind size. */
static inline void buffer_reserve(Buffer *buffer, size_t more)
{
    if (more > buffer->room - buffer->size)
        buffer_grow(buffer, more);
}

static inline void buffer_append(Buffer *buffer, const char *bytes, size_t size)
{
    if (size == 0)
        return;
    buffer_reserve(buffer, size);
    memcpy(buffer->at + buffer->size, bytes, size);
    buffer->size += size;
}

static inline void buffer_byte(Buffer *buffer, char byte)
{
    buffer_reserve(buffer, 1);
    buffer->at[buffer->size++] = byte;
}

void buffer_text(Buffer *buffer, const char *string);
/* Bytes that the text will take, without a NUL; the arguments can be used again. */
size_t formatted_size(const char *format, va_list arguments);

void buffer_format(Buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_format_list(Buffer *buffer, const char *format, va_list arguments);
const char *buffer_string(Buffer *buffer); /* with a NUL behind, good until the next change */
void buffer_free(Buffer *buffer);

static inline Span buffer_span(const Buffer *buffer)
{
    return (Span){buffer->at, buffer->size};
}

/*
 * Length in bytes (1 to 4) of the well-formed UTF-8 character at the start of the bytes, 0 if
 * there is none: overlong forms, surrogates and code points past U+10FFFF are malformed (RFC 3629).
 */
size_t utf8_length(const char *bytes, size_t size);

/* Offset of the first byte that is not UTF-8, or `size`. Fast over ASCII. */
size_t utf8_valid(const char *bytes, size_t size);

/* Number of characters; malformed bytes count one each. */
size_t utf8_count(Span text);

/* The code point of the well-formed character of `length` bytes. */
uint32_t utf8_code(const char *bytes, size_t length);

enum { ESCAPE_ROOM = 8 };

/*
 * The next character of a text that is not empty as a person may safely see it, moving the text
 * behind it: the character itself, or in `escape` what stands for it (\n, \t, \x1b, \u202e) if it
 * is a control character, a line separator, turns the direction of writing, or is not UTF-8.
 */
Span text_visible(Span *text, char escape[ESCAPE_ROOM]);

/* Appends the whole text so; of the bytes \n, \t and \r those in `kept` stay as they are. */
void buffer_visible(Buffer *out, Span text, const char *kept);

/*
 * How many letters have to be changed, left out, put in or exchanged with their neighbour to make
 * one text of the other (Damerau 1964, each place touched once); case of ASCII letters counts for
 * nothing.  Neither may be longer than TEXT_DISTANCE bytes.
 */
enum { TEXT_DISTANCE = 200 };
size_t text_distance(Span a, Span b);

/*
 * The name nearest to `word` by edit distance, for "did you mean": NULL unless it is near enough
 * (at most a third of the word's length, at least 1; case counts for nothing).
 */
const char *text_nearest(Span word, const char *const *names, size_t count);

/* " (did you mean NAME?)", or "" when none is near. Good until the next call in this thread. */
const char *text_suggestion(Span word, const char *const *names, size_t count);

#endif
