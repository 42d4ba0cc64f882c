#include "warrant/numeral.h"

#include <string.h>
#include <strings.h>

typedef struct Scan {
    Span text;
    size_t at;
    Numerals found;
    Arena *arena;
} Scan;

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Bytes past ASCII belong to letters: é, ü, 한. */
static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (unsigned char)byte >= 0xC0 ||
           ((unsigned char)byte >= 0x80 && (unsigned char)byte < 0xC0);
}

/* The byte at an offset, NUL outside of the text. */
static char byte_at(const Scan *scan, size_t at)
{
    return at < scan->text.size ? scan->text.at[at] : '\0';
}

static Span rest(const Scan *scan, size_t at)
{
    return at < scan->text.size ? (Span){scan->text.at + at, scan->text.size - at} : (Span){"", 0};
}

/*
 * Characters past ASCII that are no letters: Latin signs (no-break space, £), dashes and quotes,
 * currencies, the minus, East Asian punctuation.
 */
static bool parts_words(Span text)
{
    static const char *const signs[] = {"\xC2", "\xE2\x80", "\xE2\x82", "\xE2\x88", "\xE3\x80"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (text.size > strlen(signs[i]) && strncmp(text.at, signs[i], strlen(signs[i])) == 0)
            return true;
    return false;
}

size_t word_length(Span text)
{
    size_t size = 0;
    while (size < text.size && is_letter(text.at[size]) &&
           !parts_words((Span){text.at + size, text.size - size}))
        size++;
    return size;
}

static bool word_is(Span word, const char *other)
{
    return word.size == strlen(other) && strncasecmp(word.at, other, word.size) == 0;
}

static bool word_among(Span word, const char *const *words)
{
    for (; *words != NULL; words++)
        if (word_is(word, *words))
            return true;
    return false;
}

static void add(Scan *scan, size_t from, size_t end, NumeralKind kind, const Decimal *value)
{
    Numerals *found = &scan->found;
    if (found->count == found->room) {
        Numeral *old = found->items;
        found->room = found->room * 2 + 16;
        found->items = arena_array(scan->arena, found->room, sizeof *old);
        if (found->count != 0)
            memcpy(found->items, old, found->count * sizeof *old);
    }
    found->items[found->count++] = (Numeral){.kind = kind,
                                             .text = {scan->text.at + from, end - from},
                                             .has_value = value != NULL,
                                             .value = value != NULL ? *value : decimal_of(0)};
    scan->at = end;
}

/* Where the next word begins behind blanks or a hyphen; the text's end if there is none. */
static size_t next_word(const Scan *scan, size_t at)
{
    while (at < scan->text.size && (strchr(" \t\r\n-", scan->text.at[at]) != NULL))
        at++;
    if (parts_words(rest(scan, at)) && scan->text.at[at] == '\xC2')
        at += 2;
    return at;
}

static Span word_at(const Scan *scan, size_t at)
{
    Span text = rest(scan, at);
    return (Span){text.at, word_length(text)};
}

/* ---- number words ---- */

typedef struct NumberWord {
    const char *word, *ordinal;
    int64_t value;
} NumberWord;

static const NumberWord small_words[] = {
    {"zero", NULL, 0},
    {"one", "first", 1},
    {"two", "second", 2},
    {"three", "third", 3},
    {"four", "fourth", 4},
    {"five", "fifth", 5},
    {"six", "sixth", 6},
    {"seven", "seventh", 7},
    {"eight", "eighth", 8},
    {"nine", "ninth", 9},
    {"ten", "tenth", 10},
    {"eleven", "eleventh", 11},
    {"twelve", "twelfth", 12},
    {"thirteen", "thirteenth", 13},
    {"fourteen", "fourteenth", 14},
    {"fifteen", "fifteenth", 15},
    {"sixteen", "sixteenth", 16},
    {"seventeen", "seventeenth", 17},
    {"eighteen", "eighteenth", 18},
    {"nineteen", "nineteenth", 19},
    {"twenty", "twentieth", 20},
    {"thirty", "thirtieth", 30},
    {"forty", "fortieth", 40},
    {"fifty", "fiftieth", 50},
    {"sixty", "sixtieth", 60},
    {"seventy", "seventieth", 70},
    {"eighty", "eightieth", 80},
    {"ninety", "ninetieth", 90},
};

static const NumberWord scale_words[] = {
    {"hundred", "hundredth", 100},
    {"thousand", "thousandth", 1000},
    {"million", "millionth", 1000000},
    {"billion", "billionth", 1000000000},
    {"trillion", "trillionth", 1000000000000},
};

static const struct {
    const char *word;
    Decimal value;
} lone_words[] = {
    {"half", {.small = 5, .scale = 1}},
    {"halves", {.small = 5, .scale = 1}},
    {"quarter", {.small = 25, .scale = 2}},
    {"dozen", {.small = 12}},
    {"twice", {.small = 2}},
    {"double", {.small = 2}},
    {"doubled", {.small = 2}},
    {"twofold", {.small = 2}},
    {"thrice", {.small = 3}},
    {"triple", {.small = 3}},
    {"tripled", {.small = 3}},
    {"threefold", {.small = 3}},
    {"tenfold", {.small = 10}},
};

static const NumberWord *find_word(const NumberWord *words, size_t count, Span word, bool *ordinal)
{
    for (size_t i = 0; i < count; i++) {
        *ordinal = words[i].ordinal != NULL && word_is(word, words[i].ordinal);
        if (*ordinal || word_is(word, words[i].word))
            return &words[i];
    }
    return NULL;
}

static const NumberWord *small_word(Span word, bool *ordinal)
{
    return find_word(small_words, sizeof small_words / sizeof *small_words, word, ordinal);
}

static const NumberWord *scale_word(Span word, bool *ordinal)
{
    return find_word(scale_words, sizeof scale_words / sizeof *scale_words, word, ordinal);
}

/* Two hundred and fifty: hundreds multiply what stands before, thousands and up close a part. */
typedef struct WordSum {
    int64_t closed, open;
    bool begun, ordinal;
    int64_t last; /* the last small word, so that "twenty five" is one and "five six" are two */
} WordSum;

static bool take_small(WordSum *sum, Span word)
{
    bool ordinal;
    const NumberWord *small = small_word(word, &ordinal);
    if (small == NULL || (sum->last != 0 && !(sum->last >= 20 && small->value < 10)))
        return false;
    sum->open += small->value;
    sum->last = small->value == 0 ? 1 : small->value;
    sum->ordinal = ordinal;
    return true;
}

static bool take_scale(WordSum *sum, Span word)
{
    bool ordinal;
    const NumberWord *scale = scale_word(word, &ordinal);
    if (scale == NULL)
        return false;
    int64_t open = sum->open == 0 ? 1 : sum->open;
    if (open > INT64_MAX / 2 / scale->value)
        return false;
    sum->open = open * scale->value;
    sum->last = 0;
    sum->ordinal = ordinal;
    if (scale->value == 100)
        return true;
    sum->closed += sum->open;
    sum->open = 0;
    return true;
}

/* One that counts nothing: one of, one another, no one, everyone. */
static bool idle_one(const Scan *scan, size_t from, size_t end)
{
    static const char *const behind[] = {"of", "another", "can", "may", "might", "must", NULL};
    static const char *const before[] = {"no", "any", "every", "this", "that", "which", NULL};
    size_t start = from;
    while (start > 0 && byte_at(scan, start - 1) == ' ')
        start--;
    size_t word = start;
    while (word > 0 && is_letter(byte_at(scan, word - 1)))
        word--;
    return word_among(word_at(scan, next_word(scan, end)), behind) ||
           word_among((Span){scan->text.at + word, start - word}, before);
}

static size_t percent_end(const Scan *scan, size_t end);

/* Number words from here on; false if there are none. */
static bool scan_words(Scan *scan, Span word)
{
    WordSum sum = {0};
    size_t from = scan->at, at = from, end = from;
    while (word.size != 0 && !sum.ordinal) {
        bool joins = sum.begun && word_is(word, "and") && sum.last == 0;
        if (!joins && !take_small(&sum, word) && !take_scale(&sum, word))
            break;
        sum.begun = true;
        if (!joins)
            end = at + word.size;
        at = next_word(scan, at + word.size);
        word = word_at(scan, at);
    }
    if (end == from)
        return false;
    Decimal value = decimal_of(sum.closed + sum.open);
    if (value.small == 1 && !sum.ordinal && idle_one(scan, from, end)) {
        scan->at = end;
        return true;
    }
    size_t percent = percent_end(scan, end);
    if (sum.ordinal)
        add(scan, from, end, NUMERAL_ORDINAL, &value);
    else
        add(scan, from, percent, percent == end ? NUMERAL_NUMBER : NUMERAL_PERCENT, &value);
    return true;
}

static bool scan_lone_word(Scan *scan, Span word)
{
    for (size_t i = 0; i < sizeof lone_words / sizeof *lone_words; i++)
        if (word_is(word, lone_words[i].word)) {
            add(scan, scan->at, scan->at + word.size, NUMERAL_NUMBER, &lone_words[i].value);
            return true;
        }
    return false;
}

/* ---- superlatives ---- */

/* -est that is none. */
static bool merely_ends_in_est(Span word)
{
    static const char *const words[] = {
        "interest",  "request", "forest",      "harvest",  "invest",   "reinvest",  "contest",
        "protest",   "suggest", "modest",      "honest",   "guest",    "west",      "northwest",
        "southwest", "midwest", "test",        "rest",     "arrest",   "quest",     "inquest",
        "digest",    "ingest",  "manifest",    "conquest", "earnest",  "tempest",   "unrest",
        "attest",    "detest",  "infest",      "crest",    "chest",    "nest",      "pest",
        "vest",      "zest",    "bequest",     "priest",   "budapest", "bucharest", "everest",
        "brest",     "divest",  "disinterest", "behest",   "retest",   "pretest",   "lest",
        NULL};
    return word_among(word, words);
}

static bool scan_superlative(Scan *scan, Span word)
{
    static const char *const others[] = {"most", "least", "best", "worst", "top", "foremost", NULL};
    bool ends = word.size >= 5 && strncasecmp(word.at + word.size - 3, "est", 3) == 0;
    if (!word_among(word, others) && (!ends || merely_ends_in_est(word)))
        return false;
    size_t end = scan->at + word.size;
    if (byte_at(scan, end) == '-') /* fastest-growing */
        end += 1 + word_at(scan, end + 1).size;
    add(scan, scan->at, end, NUMERAL_SUPERLATIVE, NULL);
    return true;
}

/* ---- digits ---- */

/* The end of "%", " percent" or " per cent" behind a number, or the number's own. */
static size_t percent_end(const Scan *scan, size_t end)
{
    if (byte_at(scan, end) == '%')
        return end + 1;
    if (byte_at(scan, end) == '\\' && byte_at(scan, end + 1) == '%') /* LaTeX */
        return end + 2;
    size_t at = next_word(scan, end);
    Span word = word_at(scan, at);
    if (word_is(word, "percent") || word_is(word, "percentage"))
        return at + word.size;
    if (!word_is(word, "per"))
        return end;
    size_t second = next_word(scan, at + word.size);
    Span cent = word_at(scan, second);
    return word_is(cent, "cent") ? second + cent.size : end;
}

/* Digits with commas between groups of three, and a fraction; appended without the commas. */
static size_t read_digits(const Scan *scan, Buffer *digits)
{
    size_t at = scan->at, first = at;
    for (; is_digit(byte_at(scan, at)); at++)
        buffer_byte(digits, byte_at(scan, at));
    while (at - first <= 3 && byte_at(scan, at) == ',' && is_digit(byte_at(scan, at + 1)) &&
           is_digit(byte_at(scan, at + 2)) && is_digit(byte_at(scan, at + 3)) &&
           !is_digit(byte_at(scan, at + 4))) {
        buffer_append(digits, scan->text.at + at + 1, 3);
        at += 4;
        first = at - 3;
    }
    if (byte_at(scan, at) != '.' || !is_digit(byte_at(scan, at + 1)))
        return at;
    do
        buffer_byte(digits, byte_at(scan, at++));
    while (is_digit(byte_at(scan, at)));
    return at;
}

/* A name goes on: MK48 before, 9mm behind, F-16 with a capital before the hyphen. */
static bool part_of_name(const Scan *scan, size_t from, size_t end)
{
    static const char *const endings[] = {"st", "nd", "rd", "th", "s", NULL};
    char before = from == 0 ? ' ' : byte_at(scan, from - 1);
    char further = from < 2 ? ' ' : byte_at(scan, from - 2);
    if (is_letter(before) && !(from >= 2 && parts_words(rest(scan, from - 3))) &&
        !parts_words(rest(scan, from - 2)))
        return true;
    if (before == '-' && further >= 'A' && further <= 'Z')
        return true;
    Span behind = word_at(scan, end);
    return behind.size != 0 && !word_among(behind, endings);
}

static bool is_ordinal_ending(Span word)
{
    static const char *const endings[] = {"st", "nd", "rd", "th", NULL};
    return word_among(word, endings);
}

/* A number with a fraction and a scale may be large: 3.5 million. */
static size_t take_scales(const Scan *scan, size_t end, Decimal *value)
{
    bool ordinal;
    size_t at = next_word(scan, end);
    Span word = word_at(scan, at);
    const NumberWord *scale = scale_word(word, &ordinal);
    if (scale == NULL || ordinal || byte_at(scan, end) == '-')
        return end;
    *value =
        decimal_trim(decimal_multiply(*value, decimal_of(scale->value), scan->arena), scan->arena);
    return at + word.size;
}

static void scan_digits(Scan *scan)
{
    Buffer digits = {0};
    size_t from = scan->at, end = read_digits(scan, &digits);
    Decimal value;
    bool read = decimal_read(buffer_span(&digits), &value, scan->arena) == DECIMAL_READ;
    bool plain = digits.size == end - from && digits.size == 4 && value.scale == 0;
    buffer_free(&digits);
    scan->at = end;
    if (!read || part_of_name(scan, from, end))
        return;
    Span behind = word_at(scan, end);
    if (is_ordinal_ending(behind)) {
        add(scan, from, end + behind.size, NUMERAL_ORDINAL, &value);
        return;
    }
    bool year = plain && decimal_compare(value, decimal_of(1000)) >= 0 &&
                decimal_compare(value, decimal_of(3000)) < 0;
    size_t scaled = take_scales(scan, end, &value), percent = percent_end(scan, scaled);
    if (percent != scaled)
        add(scan, from, percent, NUMERAL_PERCENT, &value);
    else
        add(scan, from, scaled + (word_is(behind, "s") ? 1 : 0),
            year && scaled == end ? NUMERAL_YEAR : NUMERAL_NUMBER, &value);
}

/* ---- all of it ---- */

/* Passes over what is no prose: an address, a tag. */
static bool skip_markup(Scan *scan)
{
    Span text = rest(scan, scan->at);
    if ((text.size > 7 && strncmp(text.at, "http://", 7) == 0) ||
        (text.size > 8 && strncmp(text.at, "https://", 8) == 0)) {
        while (scan->at < scan->text.size && strchr(" \t\r\n<>\"", byte_at(scan, scan->at)) == NULL)
            scan->at++;
        return true;
    }
    const char *close = text.size > 1 && text.at[0] == '<' &&
                                (is_letter(text.at[1]) || strchr("/!", text.at[1]) != NULL)
                            ? memchr(text.at, '>', text.size)
                            : NULL;
    if (close == NULL)
        return false;
    scan->at += (size_t)(close - text.at) + 1;
    return true;
}

static bool scan_template(Scan *scan)
{
    Span text = rest(scan, scan->at);
    if (text.size < 4 || strncmp(text.at, "{{", 2) != 0)
        return false;
    for (size_t i = 2; i + 1 < text.size && text.at[i] != '\n'; i++) {
        if (text.at[i] != '}' || text.at[i + 1] != '}')
            continue;
        size_t from = scan->at;
        add(scan, from + 2, from + i, NUMERAL_TEMPLATE, NULL);
        scan->at = from + i + 2;
        return true;
    }
    return false;
}

static void scan_word(Scan *scan, Span word)
{
    if (!scan_words(scan, word) && !scan_lone_word(scan, word) && !scan_superlative(scan, word))
        scan->at += word.size;
}

Numerals numerals_find(Span text, Arena *arena)
{
    Scan scan = {.text = text, .arena = arena};
    while (scan.at < text.size) {
        Span word = word_at(&scan, scan.at);
        if (skip_markup(&scan) || scan_template(&scan))
            continue;
        if (is_digit(text.at[scan.at]))
            scan_digits(&scan);
        else if (word.size != 0)
            scan_word(&scan, word);
        else
            scan.at++;
    }
    return scan.found;
}

const char *numeral_kind_name(NumeralKind kind)
{
    static const char *const names[] = {"number", "percent",     "ordinal",
                                        "year",   "superlative", "template"};
    return names[kind];
}
