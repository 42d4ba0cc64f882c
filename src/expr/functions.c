#include "expr/functions.h"

#include <stdio.h>

#include "expr/lexer.h"

enum { PLACES_LIMIT = DECIMAL_MAX_DIGITS };

/* The whole number that an argument has to be. */
static bool whole(const Value *argument, int64_t *integer, Arena *arena)
{
    return decimal_integer(number_settle(argument->number, arena), integer);
}

static const char *call_abs(const Value *a, size_t count, Value *result, Arena *arena)
{
    (void)count;
    result->number = number_absolute(a[0].number, arena);
    return NULL;
}

static Number rounded(Number value, int32_t places, Rounding rounding, Arena *arena)
{
    if (value.divisor == NULL && value.value.scale <= places)
        return number_of(decimal_trim(value.value, arena));
    return number_of(decimal_trim(number_round(value, places, rounding, arena), arena));
}

static const char *call_round(const Value *a, size_t count, Value *result, Arena *arena)
{
    int64_t places = 0;
    if (count == 2 && !whole(&a[1], &places, arena))
        return "the places of round must be a whole number";
    if (places < -PLACES_LIMIT || places > PLACES_LIMIT)
        return "the places of round must lie between -1000 and 1000";
    result->number = rounded(a[0].number, (int32_t)places, ROUND_HALF_AWAY, arena);
    return NULL;
}

static const char *call_floor(const Value *a, size_t count, Value *result, Arena *arena)
{
    (void)count;
    result->number = rounded(a[0].number, 0, ROUND_DOWN, arena);
    return NULL;
}

static const char *call_ceil(const Value *a, size_t count, Value *result, Arena *arena)
{
    (void)count;
    result->number = rounded(a[0].number, 0, ROUND_UP, arena);
    return NULL;
}

static const char *call_sqrt(const Value *a, size_t count, Value *result, Arena *arena)
{
    (void)count;
    return number_sqrt(a[0].number, &result->number, arena);
}

static const char *call_power(const Value *a, size_t count, Value *result, Arena *arena)
{
    (void)count;
    return number_power(a[0].number, a[1].number, &result->number, arena);
}

static const char *call_ln(const Value *a, size_t count, Value *result, Arena *arena)
{
    (void)count;
    return number_ln(a[0].number, &result->number, arena);
}

static const char *call_exp(const Value *a, size_t count, Value *result, Arena *arena)
{
    (void)count;
    return number_exp(a[0].number, &result->number, arena);
}

/* The text with every byte from `first` to `last` moved by `step`. */
static Span shifted(Span text, char first, char last, int step, Arena *arena)
{
    char *copy = arena_copy(arena, text.at, text.size);
    for (size_t i = 0; i < text.size; i++)
        if (copy[i] >= first && copy[i] <= last)
            copy[i] = (char)(copy[i] + step);
    return (Span){copy, text.size};
}

static const char *call_lower(const Value *a, size_t count, Value *result, Arena *arena)
{
    (void)count;
    result->text = shifted(a[0].text, 'A', 'Z', 'a' - 'A', arena);
    return NULL;
}

static const char *call_upper(const Value *a, size_t count, Value *result, Arena *arena)
{
    (void)count;
    result->text = shifted(a[0].text, 'a', 'z', 'A' - 'a', arena);
    return NULL;
}

/* SQL's trim takes away blanks and nothing else. */
static const char *call_trim(const Value *a, size_t count, Value *result, Arena *arena)
{
    (void)count;
    (void)arena;
    Span text = a[0].text;
    while (text.size != 0 && text.at[0] == ' ')
        text = (Span){text.at + 1, text.size - 1};
    while (text.size != 0 && text.at[text.size - 1] == ' ')
        text.size--;
    result->text = text;
    return NULL;
}

static const char *call_length(const Value *a, size_t count, Value *result, Arena *arena)
{
    (void)count;
    (void)arena;
    result->number = number_of(decimal_of((int64_t)utf8_count(a[0].text)));
    return NULL;
}

/* Offset behind the first `count` characters. */
static size_t characters_end(Span text, int64_t count)
{
    size_t at = 0;
    for (; count > 0 && at < text.size; count--) {
        size_t size = utf8_length(text.at + at, text.size - at);
        at += size == 0 ? 1 : size;
    }
    return at;
}

/* Characters from `from` (1 is the first) up to but not including from + count: those before the
 * first are counted though there are none, as SQL has it. */
static const char *call_substr(const Value *a, size_t count, Value *result, Arena *arena)
{
    int64_t from, length = INT64_MAX, end;
    if (!whole(&a[1], &from, arena) || (count == 3 && !whole(&a[2], &length, arena)))
        return "the positions of substr must be whole numbers";
    if (length < 0)
        return "the count of substr must not be negative";
    if (__builtin_add_overflow(from, length, &end))
        end = INT64_MAX;
    size_t begin = characters_end(a[0].text, from - (from > INT64_MIN));
    size_t stop = characters_end(a[0].text, end - (end > INT64_MIN));
    result->text = (Span){a[0].text.at + begin, stop > begin ? stop - begin : 0};
    return NULL;
}

/* Offset of `part` in text from `from` on, or the text's size. */
static size_t find(Span text, size_t from, Span part)
{
    while (text.size - from >= part.size) {
        const char *hit = memchr(text.at + from, part.at[0], text.size - from - part.size + 1);
        if (hit == NULL)
            break;
        from = (size_t)(hit - text.at);
        if (memcmp(hit, part.at, part.size) == 0)
            return from;
        from++;
    }
    return text.size;
}

static size_t occurrences(Span text, Span part)
{
    size_t count = 0;
    for (size_t at = find(text, 0, part); at != text.size; count++)
        at = find(text, at + part.size, part);
    return count;
}

static void append(char *bytes, size_t *size, const char *from, size_t more)
{
    if (more != 0)
        memcpy(bytes + *size, from, more);
    *size += more;
}

static const char *call_replace(const Value *a, size_t count, Value *result, Arena *arena)
{
    (void)count;
    Span text = a[0].text, old = a[1].text, new = a[2].text;
    size_t hits = occurrences(text, old);
    result->text = text;
    if (hits == 0)
        return NULL;
    size_t added, kept = text.size - hits * old.size, size = 0;
    if (__builtin_mul_overflow(hits, new.size, &added) || added > SIZE_MAX / 2)
        return "result too large";
    char *bytes = arena_take(arena, kept + added);
    size_t from = 0;
    for (size_t at = find(text, 0, old); at != text.size; at = find(text, from, old)) {
        append(bytes, &size, text.at + from, at - from);
        append(bytes, &size, new.at, new.size);
        from = at + old.size;
    }
    append(bytes, &size, text.at + from, text.size - from);
    result->text = (Span){bytes, size};
    return NULL;
}

/* Field `n`, the first being 1; from the end if negative, as PostgreSQL 14 has it. */
static const char *call_split_part(const Value *a, size_t count, Value *result, Arena *arena)
{
    (void)count;
    Span text = a[0].text, mark = a[1].text;
    int64_t n;
    if (!whole(&a[2], &n, arena))
        return "the field number of split_part must be a whole number";
    if (n == 0)
        return "the fields of split_part are numbered from 1, or from -1 at the end";
    int64_t fields = (int64_t)occurrences(text, mark) + 1;
    int64_t left = n > 0 ? n - 1 : n < -fields ? fields : fields + n;
    result->text = (Span){0};
    if (left >= fields)
        return NULL;
    size_t from = 0;
    for (; left > 0; left--)
        from = find(text, from, mark) + mark.size;
    size_t end = find(text, from, mark);
    result->text = (Span){text.at + from, end - from};
    return NULL;
}

#define NUMBER TYPE_NUMBER
#define TEXT TYPE_TEXT
#define ANY TYPE_NULL

static const Function functions[] = {
    {"abs", "abs(x)", KIND_CALL, 1, 1, {NUMBER}, NUMBER, call_abs},
    {"round", "round(x[, places])", KIND_CALL, 1, 2, {NUMBER, NUMBER}, NUMBER, call_round},
    {"floor", "floor(x)", KIND_CALL, 1, 1, {NUMBER}, NUMBER, call_floor},
    {"ceil", "ceil(x)", KIND_CALL, 1, 1, {NUMBER}, NUMBER, call_ceil},
    {"sqrt", "sqrt(x)", KIND_CALL, 1, 1, {NUMBER}, NUMBER, call_sqrt},
    {"power", "power(x, y)", KIND_CALL, 2, 2, {NUMBER, NUMBER}, NUMBER, call_power},
    {"ln", "ln(x)", KIND_CALL, 1, 1, {NUMBER}, NUMBER, call_ln},
    {"exp", "exp(x)", KIND_CALL, 1, 1, {NUMBER}, NUMBER, call_exp},
    {"lower", "lower(text)", KIND_CALL, 1, 1, {TEXT}, TEXT, call_lower},
    {"upper", "upper(text)", KIND_CALL, 1, 1, {TEXT}, TEXT, call_upper},
    {"trim", "trim(text)", KIND_CALL, 1, 1, {TEXT}, TEXT, call_trim},
    {"length", "length(text)", KIND_CALL, 1, 1, {TEXT}, NUMBER, call_length},
    {"substr",
     "substr(text, from[, count])",
     KIND_CALL,
     2,
     3,
     {TEXT, NUMBER, NUMBER},
     TEXT,
     call_substr},
    {"replace", "replace(text, old, new)", KIND_CALL, 3, 3, {TEXT, TEXT, TEXT}, TEXT, call_replace},
    {"split_part",
     "split_part(text, delimiter, n)",
     KIND_CALL,
     3,
     3,
     {TEXT, TEXT, NUMBER},
     TEXT,
     call_split_part},
    {"coalesce", "coalesce(x, …)", KIND_COALESCE, 1, FUNCTION_ANY_COUNT, {ANY}, ANY, NULL},
    {"nullif", "nullif(x, y)", KIND_NULLIF, 2, 2, {ANY}, ANY, NULL},
    {"least", "least(x, …)", KIND_LEAST, 1, FUNCTION_ANY_COUNT, {ANY}, ANY, NULL},
    {"greatest", "greatest(x, …)", KIND_GREATEST, 1, FUNCTION_ANY_COUNT, {ANY}, ANY, NULL},
    {"number", "number(x)", KIND_AS_NUMBER, 1, 1, {ANY}, NUMBER, NULL},
    {"text", "text(x)", KIND_AS_TEXT, 1, 1, {ANY}, TEXT, NULL},
};

enum { FUNCTION_COUNT = sizeof functions / sizeof *functions };

static const char *const summaries[] = {
    [SUMMARY_COUNT_ROWS] = "count",
    [SUMMARY_COUNT] = "count",
    [SUMMARY_COUNT_DISTINCT] = "count",
    [SUMMARY_SUM] = "sum",
    [SUMMARY_MEAN] = "mean",
    [SUMMARY_GEOMEAN] = "geomean",
    [SUMMARY_MIN] = "min",
    [SUMMARY_MAX] = "max",
    [SUMMARY_MEDIAN] = "median",
    [SUMMARY_QUANTILE] = "quantile",
    [SUMMARY_MODE] = "mode",
    [SUMMARY_STDDEV] = "stddev",
    [SUMMARY_STDDEV_POP] = "stddev_pop",
    [SUMMARY_VARIANCE] = "variance",
    [SUMMARY_VARIANCE_POP] = "variance_pop",
    [SUMMARY_FIRST] = "first",
    [SUMMARY_LAST] = "last",
};

enum { SUMMARY_COUNT_OF = sizeof summaries / sizeof *summaries };

const Function *function_find(Span name)
{
    for (size_t i = 0; i < FUNCTION_COUNT; i++)
        if (word_is(name, functions[i].name))
            return &functions[i];
    return NULL;
}

const char *summary_name(SummaryFunction function)
{
    return summaries[function];
}

bool summary_find(Span name, SummaryFunction *function)
{
    for (size_t i = SUMMARY_COUNT; i < SUMMARY_COUNT_OF; i++)
        if (word_is(name, summaries[i])) {
            *function = (SummaryFunction)i;
            return true;
        }
    return false;
}

/* Names that other languages have for what is here. */
static const struct Synonym {
    const char *theirs, *ours;
} synonyms[] = {
    {"avg", "mean"},
    {"average", "mean"},
    {"substring", "substr"},
    {"len", "length"},
    {"ceiling", "ceil"},
    {"pow", "power"},
    {"ifnull", "coalesce"},
    {"nvl", "coalesce"},
    {"isnull", "coalesce"},
    {"log", "ln"},
    {"concat", "||"},
    {"stdev", "stddev"},
    {"stddev_samp", "stddev"},
    {"var_samp", "variance"},
    {"var_pop", "variance_pop"},
    {"total", "sum"},
    {"percentile", "quantile"},
    {"mod", "%"},
    {"cast", "number or text"},
    {"if", "case when … then … else … end"},
    {"char_length", "length"},
    {"strpos", "like"},
    {"position", "like"},
};

const char *function_suggestion(Span name)
{
    static _Thread_local char said[80];
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (word_is(name, synonyms[i].theirs)) {
            snprintf(said, sizeof said, " (did you mean %s?)", synonyms[i].ours);
            return said;
        }
    const char *names[FUNCTION_COUNT + SUMMARY_COUNT_OF];
    for (size_t i = 0; i < FUNCTION_COUNT; i++)
        names[i] = functions[i].name;
    for (size_t i = 0; i < SUMMARY_COUNT_OF; i++)
        names[FUNCTION_COUNT + i] = summaries[i];
    return text_suggestion(name, names, FUNCTION_COUNT + SUMMARY_COUNT_OF);
}
