#include "csv/recognise.h"

typedef struct Sign {
    const char *name, *bytes;
    size_t size;
} Sign;

static const char *begins_with(Span head, const Sign *signs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (head.size >= signs[i].size && memcmp(head.at, signs[i].bytes, signs[i].size) == 0)
            return signs[i].name;
    return NULL;
}

static const char *compression_of(Span head)
{
    static const Sign signs[] = {{"gzip", "\x1f\x8b", 2},
                                 {"bzip2", "BZh", 3},
                                 {"xz",
                                  "\xfd"
                                  "7zXZ\0",
                                  6},
                                 {"zstd", "\x28\xb5\x2f\xfd", 4}};
    return begins_with(head, signs, sizeof signs / sizeof *signs);
}

static const char *marked_encoding(Span head)
{
    static const Sign signs[] = {{"UTF-32LE", "\xff\xfe\0\0", 4},
                                 {"UTF-32BE", "\0\0\xfe\xff", 4},
                                 {"UTF-16LE", "\xff\xfe", 2},
                                 {"UTF-16BE", "\xfe\xff", 2}};
    return begins_with(head, signs, sizeof signs / sizeof *signs);
}

/* Text of Latin letters in UTF-16 has a NUL in nearly every second byte. */
static const char *unmarked_encoding(Span head)
{
    size_t even = 0, odd = 0, pairs = head.size / 2;
    for (size_t i = 0; i < pairs; i++) {
        even += head.at[2 * i] == '\0';
        odd += head.at[2 * i + 1] == '\0';
    }
    if (odd * 10 > pairs * 7 && even * 10 < pairs)
        return "UTF-16LE";
    return even * 10 > pairs * 7 && odd * 10 < pairs ? "UTF-16BE" : NULL;
}

/* How often the byte stands outside quotes in the line that begins at `at`; moves behind it. */
static size_t count_in_line(Span text, size_t *at, char byte)
{
    size_t count = 0;
    bool quoted = false;
    for (; *at < text.size && (quoted || (text.at[*at] != '\n' && text.at[*at] != '\r')); ++*at) {
        quoted ^= text.at[*at] == '"';
        count += !quoted && text.at[*at] == byte;
    }
    while (*at < text.size && (text.at[*at] == '\n' || text.at[*at] == '\r'))
        ++*at;
    return count;
}

/* In how many of the first lines the byte stands as often as in most of them. */
static size_t agreement(Span text, char byte, size_t *lines)
{
    enum { LINES = 50 };
    size_t counts[LINES], at = 0, best = 0;
    for (*lines = 0; *lines < LINES && at < text.size; ++*lines)
        counts[*lines] = count_in_line(text, &at, byte);
    for (size_t i = 0; i < *lines; i++) {
        size_t same = 0;
        for (size_t j = 0; counts[i] > 0 && j < *lines; j++)
            same += counts[j] == counts[i];
        best = same > best ? same : best;
    }
    return best;
}

char recognise_delimiter(Span text)
{
    static const char candidates[] = ",;\t|";
    size_t best = 0, lines = 0;
    char delimiter = '\0';
    for (size_t i = 0; candidates[i] != '\0'; i++) {
        size_t same = agreement(text, candidates[i], &lines);
        if (same > best) {
            best = same;
            delimiter = candidates[i];
        }
    }
    return best * 2 > lines || (best > 0 && lines < 3) ? delimiter : '\0';
}

Recognised recognise(Span head)
{
    Recognised found = {0};
    if (head.size > RECOGNISE_HEAD)
        head.size = RECOGNISE_HEAD;
    found.compression = compression_of(head);
    if (found.compression != NULL)
        return found;
    found.encoding = marked_encoding(head);
    found.marked = found.encoding != NULL;
    if (found.encoding == NULL)
        found.encoding = unmarked_encoding(head);
    if (found.encoding == NULL)
        found.delimiter = recognise_delimiter(head);
    return found;
}
