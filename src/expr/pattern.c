#include "expr/pattern.h"

#include <string.h>

static unsigned char folded(char byte, bool folds)
{
    return (unsigned char)(folds && byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
}

const char *pattern_fault(Span pattern)
{
    for (size_t i = 0; i < pattern.size; i++)
        if (pattern.at[i] == '\\' && ++i == pattern.size)
            return "a pattern must not end in a backslash";
    return NULL;
}

/* Bytes of the character at the start of a text that is not empty. */
static size_t character(Span text, size_t from)
{
    size_t size = utf8_length(text.at + from, text.size - from);
    return size == 0 ? 1 : size;
}

/* One element of the pattern against the text's next bytes: moves both on if they agree. */
static bool step(Span pattern, size_t *p, Span text, size_t *t, bool folds)
{
    if (*p == pattern.size)
        return false;
    if (pattern.at[*p] == '_') {
        *p += 1;
        *t += character(text, *t);
        return true;
    }
    size_t literal = *p + (pattern.at[*p] == '\\' && *p + 1 < pattern.size ? 1 : 0);
    if (folded(pattern.at[literal], folds) != folded(text.at[*t], folds))
        return false;
    *p = literal + 1;
    *t += 1;
    return true;
}

/*
 * Where the run that a % takes ends next: behind `from`, and if the pattern goes on with a plain
 * byte, in front of one.  A character's first byte is never found in the middle of another.
 */
static size_t next_end(Span pattern, size_t p, Span text, size_t from, bool folds)
{
    from += character(text, from);
    if (folds || p == pattern.size || strchr("%_\\", pattern.at[p]) != NULL)
        return from;
    const char *hit = memchr(text.at + from, pattern.at[p], text.size - from);
    return hit == NULL ? text.size : (size_t)(hit - text.at);
}

/*
 * Two pointers and one point of return: when the text disagrees, the last % takes one character
 * more.  Earlier ones need not be tried again, since the last can take whatever they would have
 * left (Krauss 2008, "Matching Wildcards: An Algorithm").
 */
bool pattern_match(Span pattern, Span text, bool folds)
{
    size_t p = 0, t = 0, back_p = 0, back_t = 0;
    bool back = false;
    while (t < text.size) {
        if (p < pattern.size && pattern.at[p] == '%') {
            back = true;
            back_p = ++p;
            back_t = t;
        } else if (!step(pattern, &p, text, &t, folds)) {
            if (!back)
                return false;
            back_t = next_end(pattern, back_p, text, back_t, folds);
            p = back_p;
            t = back_t;
        }
    }
    while (p < pattern.size && pattern.at[p] == '%')
        p++;
    return p == pattern.size;
}
