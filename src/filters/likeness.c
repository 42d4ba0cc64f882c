#include "filters/likeness.h"

#include <stdlib.h>

enum { LONGEST = TEXT_DISTANCE, MOST_WORDS = 32 };

/* ---- plain letters ---- */

/* Letters of Latin-1 and Latin Extended-A without their marks, from U+00C0 on; '.' is none. */
static const char bases[] = "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
                            "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static char base_of(uint32_t code)
{
    if (code >= 0xC0 && code - 0xC0 < sizeof bases - 1)
        return bases[code - 0xC0];
    return '.';
}

static bool is_mark(uint32_t code)
{
    return code >= 0x300 && code < 0x370;
}

/* Letters and digits in lower case; writing without case stays; all else parts words. */
static void append_plain(Buffer *out, Span text)
{
    bool apart = false;
    while (text.size > 0) {
        size_t length = utf8_length(text.at, text.size);
        uint32_t code = length == 0 ? '?' : utf8_code(text.at, length);
        length = length == 0 ? 1 : length;
        char byte = code < 0x80 ? (char)code : base_of(code);
        if (byte >= 'A' && byte <= 'Z')
            byte = (char)(byte - 'A' + 'a');
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
        bool foreign =
            !letter && code >= 0x180 && !is_mark(code) && (code < 0x2000 || code > 0x206F);
        if (letter || foreign) {
            if (apart && out->size > 0)
                buffer_byte(out, ' ');
            apart = false;
            if (letter)
                buffer_byte(out, byte);
            else
                buffer_append(out, text.at, length);
        } else if (!is_mark(code) && code != '\'' && code != 0x2019 && code != '.') {
            apart = true;
        }
        text = (Span){text.at + length, text.size - length};
    }
}

static Span plain_of(Span text, Arena *arena)
{
    Buffer plain = {0};
    append_plain(&plain, text);
    Span kept = {arena_copy(arena, plain.at, plain.size), plain.size};
    buffer_free(&plain);
    return kept;
}

/* ---- words ---- */

typedef struct Words {
    Span words[MOST_WORDS];
    size_t count;
} Words;

static bool is_filler(Span word)
{
    static const char *const fillers[] = {"of", "the", "and", "de", "la", "du"};
    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
        if (span_equal(word, span_of(fillers[i])))
            return true;
    return false;
}

static Words words_of(Span plain)
{
    Words words = {.count = 0};
    while (plain.size > 0 && words.count < MOST_WORDS) {
        const char *blank = memchr(plain.at, ' ', plain.size);
        size_t size = blank == NULL ? plain.size : (size_t)(blank - plain.at);
        Span word = {plain.at, size};
        if (!is_filler(word))
            words.words[words.count++] = word;
        size += blank != NULL;
        plain = (Span){plain.at + size, plain.size - size};
    }
    return words;
}

/* "russia" and "russian" are one word; "man" and "mandate" are not. */
static bool same_word(Span a, Span b)
{
    Span shorter = a.size < b.size ? a : b, longer = a.size < b.size ? b : a;
    return memcmp(shorter.at, longer.at, shorter.size) == 0 &&
           (shorter.size == longer.size || (shorter.size >= 5 && longer.size - shorter.size <= 2));
}

static size_t common_words(const Words *a, const Words *b)
{
    size_t common = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            if (same_word(a->words[i], b->words[j])) {
                common++;
                break;
            }
    return common;
}

static bool is_acronym(Span letters, const Words *words)
{
    if (words->count < 2 || letters.size != words->count)
        return false;
    for (size_t i = 0; i < words->count; i++)
        if (letters.at[i] != words->words[i].at[0])
            return false;
    return true;
}

/* ---- letters ---- */

static size_t without_blanks(Span text, char *out)
{
    size_t size = 0;
    for (size_t i = 0; i < text.size && size < LONGEST; i++)
        if (text.at[i] != ' ')
            out[size++] = text.at[i];
    return size;
}

/* ---- likeness ---- */

/*
 * 0 is nothing in common, 1000 the same but for accents, case, blanks; between them, in this order:
 * other order of words, an abbreviation, few letters changed, one name within the other, some words
 * shared.
 */
static unsigned score(Span a, Span b)
{
    char left[LONGEST], right[LONGEST];
    size_t left_size = without_blanks(a, left), right_size = without_blanks(b, right);
    if (left_size == 0 || right_size == 0)
        return 0;
    if (left_size == right_size && memcmp(left, right, left_size) == 0)
        return span_equal(a, b) ? 1000 : 990;
    Words a_words = words_of(a), b_words = words_of(b);
    size_t common = common_words(&a_words, &b_words);
    size_t most = a_words.count > b_words.count ? a_words.count : b_words.count;
    size_t fewest = a_words.count < b_words.count ? a_words.count : b_words.count;
    if (common > 0 && common == most)
        return 900;
    if (is_acronym((Span){left, left_size}, &b_words) ||
        is_acronym((Span){right, right_size}, &a_words))
        return 800;
    size_t longest = left_size > right_size ? left_size : right_size;
    size_t shortest = left_size < right_size ? left_size : right_size;
    if ((longest - shortest) * 3 <= longest) {
        size_t apart = text_distance((Span){left, left_size}, (Span){right, right_size});
        if (apart * 3 <= longest)
            return (unsigned)(790 - apart * 300 / longest);
    }
    if (common > 0 && common == fewest)
        return (unsigned)(500 + common * 100 / most);
    /* NOLINTNEXTLINE: where something is common neither is empty */
    return common * 2 > most ? (unsigned)(common * 400 / most) : 0;
}

void likeness_open(Likeness *likeness, const Span *names, size_t count)
{
    *likeness = (Likeness){.count = count};
    likeness->plain = arena_array(&likeness->arena, count, sizeof *likeness->plain);
    for (size_t i = 0; i < count; i++)
        likeness->plain[i] = plain_of(names[i], &likeness->arena);
}

size_t likeness_find(Likeness *likeness, Span word)
{
    Arena arena = {0};
    Span plain = plain_of(word, &arena);
    size_t nearest = LIKENESS_NONE;
    unsigned best = 0;
    for (size_t i = 0; i < likeness->count; i++) {
        unsigned like = score(plain, likeness->plain[i]);
        if (like > best) {
            best = like;
            nearest = i;
        }
    }
    arena_free(&arena);
    return nearest;
}

void likeness_close(Likeness *likeness)
{
    arena_free(&likeness->arena);
}
