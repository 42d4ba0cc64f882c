#include "warrant/coverage.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { WORD_LEAST = 4, WORDS_ALIKE = 2, WORDS_ALIKE_SUPERLATIVE = 1 };

/* The words of a text that mean something, in lower case, each once. */
typedef struct Bag {
    Span *words;
    size_t count, room;
} Bag;

/* A claim with all it speaks of. */
typedef struct Speaker {
    const Document *document;
    const Claim *claim;
    Bag bag;
    Decimal *values;
    size_t count, room;
    bool superlative;
    size_t page; /* 0: it does not say */
} Speaker;

typedef struct Search {
    Speaker *speakers;
    size_t speaker_count;
    Arena *arena;
} Search;

/* ---- words ---- */

static bool is_stop_word(Span word)
{
    static const char *const words[] = {"that", "this",  "with",  "from", "have",  "been",
                                        "were", "which", "their", "than", "they",  "other",
                                        "also", "since", "more",  "into", "about", NULL};
    for (size_t i = 0; words[i] != NULL; i++)
        if (word.size == strlen(words[i]) && strncmp(word.at, words[i], word.size) == 0)
            return true;
    return false;
}

/* Plural or not, a word is one. */
static Span stem(Span word)
{
    if (word.at[word.size - 1] == 's')
        word.size--;
    return word;
}

static bool bag_has(const Bag *bag, Span word)
{
    for (size_t i = 0; i < bag->count; i++)
        if (span_equal(bag->words[i], word))
            return true;
    return false;
}

static void bag_add(Bag *bag, Span word, Arena *arena)
{
    char *lower = arena_copy(arena, word.at, word.size);
    for (size_t i = 0; i < word.size; i++)
        if (lower[i] >= 'A' && lower[i] <= 'Z')
            lower[i] = (char)(lower[i] - 'A' + 'a');
    word = (Span){lower, word.size};
    if (is_stop_word(word))
        return;
    word = stem(word);
    if (bag_has(bag, word))
        return;
    if (bag->count == bag->room) {
        Span *old = bag->words;
        bag->room = bag->room * 2 + 16;
        bag->words = arena_array(arena, bag->room, sizeof *old);
        if (bag->count != 0)
            memcpy(bag->words, old, bag->count * sizeof *old);
    }
    bag->words[bag->count++] = word;
}

static void bag_fill(Bag *bag, Span text, Arena *arena)
{
    for (size_t at = 0; at < text.size;) {
        Span word = {text.at + at, word_length((Span){text.at + at, text.size - at})};
        if (word.size >= WORD_LEAST)
            bag_add(bag, word, arena);
        at += word.size == 0 ? 1 : word.size;
    }
}

static size_t words_alike(const Bag *a, const Bag *b)
{
    size_t count = 0;
    for (size_t i = 0; i < a->count; i++)
        count += bag_has(b, a->words[i]);
    return count;
}

/* ---- what a claim speaks of ---- */

static void speak(Speaker *speaker, Decimal value, Arena *arena)
{
    if (speaker->count == speaker->room) {
        Decimal *old = speaker->values;
        speaker->room = speaker->room * 2 + 16;
        speaker->values = arena_array(arena, speaker->room, sizeof *old);
        if (speaker->count != 0)
            memcpy(speaker->values, old, speaker->count * sizeof *old);
    }
    speaker->values[speaker->count++] = value;
}

static void speak_text(Speaker *speaker, const char *text, Arena *arena)
{
    Numerals numerals = numerals_find(span_of(text), arena);
    for (size_t i = 0; i < numerals.count; i++) {
        speaker->superlative =
            speaker->superlative || numerals.items[i].kind == NUMERAL_SUPERLATIVE;
        if (numerals.items[i].has_value)
            speak(speaker, numerals.items[i].value, arena);
    }
}

static void speak_parameters(Speaker *speaker, const Parameters *parameters, Arena *arena)
{
    for (size_t i = 0; i < parameters->count; i++)
        for (size_t v = 0; v < parameters->items[i].count; v++)
            if (parameters->items[i].values[v].kind == PARAMETER_NUMBER)
                speak(speaker, parameters->items[i].values[v].number, arena);
}

static void speak_check(Speaker *speaker, const Check *check, Arena *arena)
{
    const Observed *observed = &check->observed;
    if (check->target != NULL)
        speak_text(speaker, check->target, arena);
    if (observed->value != NULL && strstr(observed->value, "rank") != NULL)
        speaker->superlative = true;
    const char *const conditions[] = {observed->where, observed->count,
                                      check->other == NULL ? NULL : check->other->where};
    for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++)
        if (conditions[i] != NULL)
            bag_fill(&speaker->bag, span_of(conditions[i]), arena);
}

/* "p. 2, paragraph 3", "page 2"; 0 if it is not said so. */
static size_t page_of(const char *at)
{
    static const char *const words[] = {"p. ", "p.", "page "};
    for (size_t i = 0; at != NULL && i < sizeof words / sizeof *words; i++) {
        unsigned page;
        if (strncasecmp(at, words[i], strlen(words[i])) == 0 &&
            sscanf(at + strlen(words[i]), "%u", &page) == 1)
            return page;
    }
    return 0;
}

static Speaker speaker_of(const Document *document, const Claim *claim, Arena *arena)
{
    Speaker speaker = {.document = document, .claim = claim, .page = page_of(claim->at)};
    bag_fill(&speaker.bag, span_of(claim->says), arena);
    if (document->title != NULL)
        bag_fill(&speaker.bag, span_of(document->title), arena);
    speak_text(&speaker, claim->says, arena);
    speak_parameters(&speaker, &document->parameters, arena);
    const ReadingList *readings = document_readings(document, claim);
    for (size_t i = 0; i < readings->count; i++)
        speak_parameters(&speaker, &readings->items[i].parameters, arena);
    for (size_t i = 0; i < claim->check_count; i++)
        speak_check(&speaker, &claim->checks[i], arena);
    return speaker;
}

static bool speaks_of(const Speaker *speaker, const Numeral *numeral)
{
    if (numeral->kind == NUMERAL_SUPERLATIVE)
        return speaker->superlative;
    for (size_t i = 0; i < speaker->count && numeral->has_value; i++)
        if (decimal_compare(speaker->values[i], numeral->value) == 0)
            return true;
    return false;
}

/* ---- the numbers of the text ---- */

static bool is_blank_line(Span text, size_t newline)
{
    size_t at = newline + 1;
    while (at < text.size && strchr(" \t\r", text.at[at]) != NULL)
        at++;
    return at < text.size && text.at[at] == '\n';
}

/* A sentence ends at . ! ? before a blank and no small letter, and where a paragraph or page does.
 */
static bool ends_sentence(Span text, size_t at)
{
    char byte = text.at[at];
    if (byte == '\f')
        return true;
    if (byte == '\n')
        return is_blank_line(text, at);
    if (strchr(".!?", byte) == NULL || at + 1 >= text.size ||
        strchr(" \t\r\n", text.at[at + 1]) == NULL)
        return false;
    size_t next = at + 1;
    while (next < text.size && strchr(" \t\r\n", text.at[next]) != NULL)
        next++;
    bool abbreviation = at >= 2 && text.at[at - 2] == '.'; /* U.S. exports, but also: the U.S. In */
    return next == text.size || (!(text.at[next] >= 'a' && text.at[next] <= 'z') && !abbreviation);
}

static Span sentence_around(Span text, size_t at)
{
    size_t from = at, end = at;
    while (from > 0 && !ends_sentence(text, from - 1))
        from--;
    while (end < text.size && !ends_sentence(text, end))
        end++;
    while (from < end && strchr(" \t\r\n", text.at[from]) != NULL)
        from++;
    return (Span){text.at + from, end - from};
}

/* Places are counted on from the last number's. */
typedef struct Counting {
    Span text;
    size_t at, line, line_start, page, paragraph;
} Counting;

static void count_to(Counting *counting, size_t end)
{
    for (; counting->at < end; counting->at++) {
        char byte = counting->text.at[counting->at];
        if (byte == '\f') {
            counting->page++;
            counting->paragraph = 1;
        } else if (byte == '\n') {
            counting->line++;
            counting->line_start = counting->at + 1;
            counting->paragraph += is_blank_line(counting->text, counting->at);
        }
    }
}

static Covered place_numeral(Counting *counting, const Numeral *numeral)
{
    size_t at = (size_t)(numeral->text.at - counting->text.at);
    count_to(counting, at);
    Span before = {counting->text.at + counting->line_start, at - counting->line_start};
    return (Covered){.numeral = *numeral,
                     .line = counting->line,
                     .column = utf8_count(before) + 1,
                     .page = counting->page,
                     .paragraph = counting->paragraph,
                     .sentence = sentence_around(counting->text, at)};
}

/* ---- who answers ---- */

static void answer_number(const Search *search, Covered *covered, bool paged)
{
    Bag bag = {0};
    bag_fill(&bag, covered->sentence, search->arena);
    bool superlative = covered->numeral.kind == NUMERAL_SUPERLATIVE;
    size_t best = superlative ? WORDS_ALIKE_SUPERLATIVE : WORDS_ALIKE;
    for (size_t i = 0; i < search->speaker_count; i++) {
        const Speaker *speaker = &search->speakers[i];
        if (!speaks_of(speaker, &covered->numeral) ||
            (paged && speaker->page != 0 && speaker->page != covered->page))
            continue;
        size_t alike = words_alike(&bag, &speaker->bag);
        if (alike < best)
            continue;
        best = alike + 1; /* of claims as like as each other the first */
        covered->document = speaker->document;
        covered->claim = speaker->claim;
    }
}

/* {{pipeline.claim…}}: the names up to the first character that can't be in one. */
static void answer_template(const Search *search, Covered *covered)
{
    Span text = covered->numeral.text;
    while (text.size != 0 && text.at[0] == ' ')
        text = (Span){text.at + 1, text.size - 1};
    for (size_t i = 0; i < search->speaker_count; i++) {
        const Speaker *speaker = &search->speakers[i];
        const char *name =
            arena_format(search->arena, "%s.%s", speaker->document->name, speaker->claim->name);
        size_t size = strlen(name);
        if (text.size < size || strncmp(text.at, name, size) != 0 ||
            (text.size > size && strchr(".@: ", text.at[size]) == NULL))
            continue;
        covered->document = speaker->document;
        covered->claim = speaker->claim;
        return;
    }
    covered->problem = "no such claim";
}

static size_t count_pages(Span text)
{
    size_t pages = 1;
    for (size_t i = 0; i + 1 < text.size; i++)
        pages += text.at[i] == '\f';
    return pages;
}

static void gather_speakers(Search *search, Document *const *documents, size_t count)
{
    size_t room = 0;
    for (size_t d = 0; d < count; d++)
        room += documents[d]->claim_count;
    search->speakers = arena_array(search->arena, room, sizeof *search->speakers);
    for (size_t d = 0; d < count; d++)
        for (size_t c = 0; c < documents[d]->claim_count; c++)
            search->speakers[search->speaker_count++] =
                speaker_of(documents[d], &documents[d]->claims[c], search->arena);
}

Coverage coverage_find(Span text, Document *const *documents, size_t count, Arena *arena)
{
    Search search = {.arena = arena};
    gather_speakers(&search, documents, count);
    Numerals numerals = numerals_find(text, arena);
    Coverage coverage = {.items = arena_array(arena, numerals.count, sizeof *coverage.items),
                         .count = numerals.count,
                         .pages = count_pages(text)};
    Counting counting = {.text = text, .line = 1, .page = 1, .paragraph = 1};
    for (size_t i = 0; i < numerals.count; i++) {
        Covered *covered = &coverage.items[i];
        *covered = place_numeral(&counting, &numerals.items[i]);
        if (covered->numeral.kind == NUMERAL_TEMPLATE)
            answer_template(&search, covered);
        else
            answer_number(&search, covered, coverage.pages > 1);
        coverage.answered += covered->claim != NULL;
    }
    return coverage;
}
