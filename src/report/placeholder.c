#include "report/placeholder.h"

#include <stdlib.h>

#include "base/diagnostic.h"
#include "report/grid.h"
#include "report/markup.h"
#include "report/prose.h"
#include "warrant/figure.h"
#include "warrant/sentence.h"

enum { PLACES_DIGITS = 3 };

/* A placeholder taken apart; parts that are not there have no bytes. */
typedef struct Reference {
    Span whole; /* between the braces */
    Span pipeline, claim, check, reading, vintage;
    int32_t places; /* -1: as the figure it is held against */
    bool whatever;  /* the verdict is */
} Reference;

typedef struct Filling {
    const Template *template;
    Library *library;
    Arena *arena;
    Reference reference;
} Filling;

TextForm form_of_path(const char *path)
{
    static const struct {
        const char *suffix;
        TextForm form;
    } forms[] = {{"md", FORM_MARKDOWN},
                 {"markdown", FORM_MARKDOWN},
                 {"html", FORM_HTML},
                 {"htm", FORM_HTML},
                 {"tex", FORM_LATEX}};
    const char *point = strrchr(path, '.');
    for (size_t i = 0; point != NULL && i < sizeof forms / sizeof *forms; i++)
        if (strcmp(point + 1, forms[i].suffix) == 0)
            return forms[i].form;
    return FORM_PLAIN;
}

/* "paper.md:12:7: {{p.c}}: ", for a message. */
static const char *place_of(const Filling *filling)
{
    const Template *template = filling->template;
    Span whole = filling->reference.whole;
    const char *name = arena_copy(filling->arena, whole.at, whole.size);
    if (!template->lines)
        return arena_format(filling->arena, "%s: {{%s}}", template->place, name);
    size_t line = 1;
    const char *start = template->text.at;
    for (const char *at = start; at != whole.at; at++)
        if (*at == '\n') {
            line++;
            start = at + 1;
        }
    size_t column = utf8_count((Span){start, (size_t)(whole.at - start)}) - 1; /* of the braces */
    return arena_format(filling->arena, "%s:%zu:%zu: {{%s}}", template->place, line, column, name);
}

static _Noreturn void refuse(const Filling *filling, const char *message)
{
    fail("%s: %s", place_of(filling), message);
}

static _Noreturn void refuse_name(const Filling *filling, const char *what, Span name,
                                  const char *const *names, size_t count)
{
    if (name.size == 0)
        refuse(filling, arena_format(filling->arena,
                                     "the name of a %s is missing: write "
                                     "{{pipeline.claim}}, see warrant.yaml(5)",
                                     what));
    refuse(filling, arena_format(filling->arena, "unknown %s: %s%s", what,
                                 shown(name.at, name.size), text_suggestion(name, names, count)));
}

/* Cuts the part behind the first `mark` off; the mark goes. */
static Span cut(Span *text, char mark)
{
    const char *at = text->size == 0 ? NULL : memchr(text->at, mark, text->size);
    if (at == NULL)
        return (Span){text->at + text->size, 0};
    Span behind = {at + 1, text->size - (size_t)(at - text->at) - 1};
    text->size = (size_t)(at - text->at);
    return behind;
}

static bool is_places(Span text)
{
    if (text.size == 0 || text.size > PLACES_DIGITS)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return true;
}

/* Takes ":2" off the end of the text. */
static int32_t cut_places(Span *text)
{
    for (size_t i = text->size; i-- > 0;)
        if (text->at[i] == ':') {
            Span digits = {text->at + i + 1, text->size - i - 1};
            if (!is_places(digits))
                return -1;
            text->size = i;
            return (int32_t)strtol(digits.at, NULL, 10); /* ends at ! or } */
        }
    return -1;
}

static Span without_blanks(Span text)
{
    while (text.size != 0 && text.at[0] == ' ')
        text = (Span){text.at + 1, text.size - 1};
    while (text.size != 0 && text.at[text.size - 1] == ' ')
        text.size--;
    return text;
}

static Reference reference_read(Span whole)
{
    Span rest = without_blanks(whole);
    Reference reference = {.whole = whole};
    reference.whatever = rest.at[rest.size - 1] == '!';
    rest.size -= reference.whatever;
    reference.places = cut_places(&rest);
    reference.reading = cut(&rest, '@');
    reference.vintage = cut(&reference.reading, '@');
    reference.pipeline = rest;
    reference.claim = cut(&reference.pipeline, '.');
    reference.check = cut(&reference.claim, '.');
    return reference;
}

static Volume *find_volume(const Filling *filling)
{
    Span name = filling->reference.pipeline;
    Volume *volume = library_find(filling->library, name);
    if (volume != NULL)
        return volume;
    const Library *library = filling->library;
    const char **names = arena_array(filling->arena, library->count, sizeof *names);
    for (size_t i = 0; i < library->count; i++)
        names[i] = library->volumes[i]->pipeline.name;
    refuse_name(filling, "pipeline", name, names, library->count);
}

static const Claim *find_claim(const Filling *filling, const Document *document)
{
    Span name = filling->reference.claim;
    const char **names = arena_array(filling->arena, document->claim_count, sizeof *names);
    for (size_t i = 0; i < document->claim_count; i++) {
        names[i] = document->claims[i].name;
        if (span_equal(span_of(names[i]), name))
            return &document->claims[i];
    }
    refuse_name(filling, "claim", name, names, document->claim_count);
}

static size_t find_check(const Filling *filling, const Claim *claim)
{
    Span name = filling->reference.check;
    if (claim->check_count == 0)
        refuse(filling, "the claim has no check, so there is no value");
    const char **names = arena_array(filling->arena, claim->check_count, sizeof *names);
    const char *list = "";
    for (size_t i = 0; i < claim->check_count; i++) {
        names[i] = claim->checks[i].name;
        list = arena_format(filling->arena, "%s%s%s", list, i == 0 ? "" : ", ", names[i]);
        if (span_equal(span_of(names[i]), name))
            return i;
    }
    if (name.size != 0)
        refuse_name(filling, "check", name, names, claim->check_count);
    if (claim->check_count > 1)
        refuse(filling, arena_format(filling->arena, "ambiguous: which check? (%s)", list));
    return 0;
}

static const Reading *find_reading(const Filling *filling, const ReadingList *list)
{
    Span name = filling->reference.reading;
    const char **names = arena_array(filling->arena, list->count, sizeof *names);
    for (size_t i = 0; i < list->count; i++) {
        names[i] = list->items[i].name;
        if (span_equal(span_of(names[i]), name))
            return &list->items[i];
    }
    refuse_name(filling, "reading", name, names, list->count);
}

/* Places for a value when none are asked for; -1: all. */
static int32_t places_of(const Filling *filling, const Check *check)
{
    if (filling->reference.places >= 0)
        return filling->reference.places;
    if (check->comparison == COMPARE_PRINTED)
        return check->printed_places;
    bool figure = check->other == NULL && !check->target_is_text;
    return figure && check->comparison == COMPARE_NEAR ? check->target_number.scale : -1;
}

static const char *value_text(const Filling *filling, const Outcome *outcome)
{
    const Value *value = &outcome->observed.value;
    int32_t places = places_of(filling, outcome->check);
    if (!value->is_number && filling->reference.places >= 0)
        refuse(filling, "the value is no number and has no places");
    if (!value->is_number || places < 0)
        return arena_copy(filling->arena, value->text.at, value->text.size);
    return figure_exact(decimal_round(value->number, places, ROUND_HALF_AWAY, filling->arena),
                        filling->arena);
}

static bool tested(const Outcome *outcome)
{
    return outcome->verdict == VERDICT_REPRODUCED || outcome->verdict == VERDICT_CONTRADICTED;
}

/* Whether the value is one that the text may print without a second look. */
static void require_valid(const Filling *filling, const Outcome *outcome)
{
    if (!tested(outcome))
        refuse(filling, arena_format(filling->arena, "%s: %s", verdict_name(outcome->verdict),
                                     outcome->reason));
    if (outcome->verdict == VERDICT_CONTRADICTED && !filling->reference.whatever)
        refuse(filling, arena_format(filling->arena, "contradicted: %s",
                                     sentence_outcome(outcome, filling->arena)));
}

static const char *told(const Filling *filling, const Judgement *judgement, size_t check)
{
    const Outcome *outcome = &judgement->outcomes[check];
    if (filling->template->strict)
        require_valid(filling, outcome);
    return tested(outcome) ? value_text(filling, outcome)
                           : arena_format(filling->arena, "[%s]", verdict_name(outcome->verdict));
}

/* "through-2016: 10, through-2017: 9", until the values agree. */
static _Noreturn void refuse_ambiguous(const Filling *filling, const ClaimVerdicts *verdicts,
                                       size_t check)
{
    const char *list = "";
    for (size_t i = 0; i < verdicts->count; i++) {
        const Judgement *judgement = &verdicts->judgements[i];
        if (judgement->trial->other == NULL && tested(&judgement->outcomes[check]))
            list = arena_format(filling->arena, "%s%s%s: %s", list, list[0] == '\0' ? "" : ", ",
                                judgement->trial->reading->name,
                                value_text(filling, &judgement->outcomes[check]));
    }
    refuse(filling, arena_format(filling->arena, "ambiguous: which reading? (%s)", list));
}

static const char *value_in_all(const Filling *filling, const ClaimVerdicts *verdicts, size_t check)
{
    const Judgement *found = NULL;
    for (size_t i = 0; i < verdicts->count; i++) {
        const Judgement *judgement = &verdicts->judgements[i];
        if (judgement->trial->other != NULL || !tested(&judgement->outcomes[check]))
            continue;
        if (found != NULL && strcmp(value_text(filling, &found->outcomes[check]),
                                    value_text(filling, &judgement->outcomes[check])) != 0)
            refuse_ambiguous(filling, verdicts, check);
        if (filling->template->strict)
            require_valid(filling, &judgement->outcomes[check]);
        found = judgement;
    }
    return told(filling, found == NULL ? &verdicts->judgements[0] : found, check);
}

static const char *value_in_reading(const Filling *filling, Volume *volume,
                                    const ClaimVerdicts *verdicts, size_t check)
{
    PipelineVerdicts *pipeline = &volume->pipeline;
    Span vintage = filling->reference.vintage;
    const Reading *reading =
        find_reading(filling, document_readings(pipeline->document, verdicts->claim));
    const char *wanted =
        vintage.size == 0 ? NULL : arena_copy(filling->arena, vintage.at, vintage.size);
    if (wanted != NULL && !plan_vintage_known(pipeline->catalogue, wanted))
        refuse(filling, arena_format(filling->arena, "unknown vintage of the data: %s",
                                     shown(wanted, strlen(wanted))));
    GridCell cell = grid_find(pipeline, verdicts, reading, wanted);
    if (cell.judgement == NULL)
        refuse(filling, "nothing was judged in that reading of that vintage");
    return told(filling, cell.judgement, check);
}

static const char *value_of(const Filling *filling)
{
    Volume *volume = find_volume(filling);
    const Claim *claim = find_claim(filling, volume->pipeline.document);
    size_t check = find_check(filling, claim);
    const ClaimVerdicts *verdicts = library_claim(volume, claim);
    return filling->reference.reading.size != 0 ? value_in_reading(filling, volume, verdicts, check)
                                                : value_in_all(filling, verdicts, check);
}

static void put_latex(Buffer *out, const char *text)
{
    for (; *text != '\0'; text++)
        if (strchr("{}%$&#_", *text) != NULL)
            buffer_format(out, "\\%c", *text);
        else if (*text == '\\')
            buffer_text(out, "\\textbackslash{}");
        else if (*text == '~')
            buffer_text(out, "\\textasciitilde{}");
        else if (*text == '^')
            buffer_text(out, "\\textasciicircum{}");
        else
            buffer_byte(out, *text);
}

static void put_value(Buffer *out, TextForm form, const char *value)
{
    switch (form) {
    case FORM_MARKDOWN:
        prose_escape(out, span_of(value));
        return;
    case FORM_HTML:
        markup_text(out, span_of(value));
        return;
    case FORM_LATEX:
        put_latex(out, value);
        return;
    case FORM_PLAIN:
        buffer_text(out, value);
    }
}

/* What stands between braces on one line, up to the next pair; false if they do not close. */
static bool find_close(Span text, Span *inside)
{
    for (size_t i = 0; i + 1 < text.size && text.at[i] != '\n' && text.at[i] != '{'; i++)
        if (text.at[i] == '}' && text.at[i + 1] == '}') {
            *inside = (Span){text.at, i};
            return true;
        }
    return false;
}

static bool is_ours(Filling *filling, Span inside)
{
    static const char *const bytes =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@:=,+!";
    Span name = without_blanks(inside);
    for (size_t i = 0; i < name.size; i++)
        if (name.at[i] == '\0' ||
            (strchr(bytes, name.at[i]) == NULL && (unsigned char)name.at[i] < 0x80))
            return false;
    if (name.size == 0)
        return false;
    if (memchr(name.at, '.', name.size) != NULL)
        return true;
    filling->reference = (Reference){.whole = inside};
    if (library_find(filling->library, name) != NULL)
        refuse(filling, "names no claim");
    return false;
}

void placeholder_fill(Buffer *out, const Template *template, Library *library, Arena *arena)
{
    Filling filling = {.template = template, .library = library, .arena = arena};
    Span rest = template->text;
    while (rest.size != 0) {
        Span inside;
        bool opens = rest.size > 2 && rest.at[0] == '{' && rest.at[1] == '{';
        if (!opens || !find_close((Span){rest.at + 2, rest.size - 2}, &inside) ||
            !is_ours(&filling, inside)) {
            buffer_byte(out, rest.at[0]);
            rest = (Span){rest.at + 1, rest.size - 1};
            continue;
        }
        filling.reference = reference_read(inside);
        put_value(out, template->form, value_of(&filling));
        size_t passed = inside.size + 4;
        rest = (Span){rest.at + passed, rest.size - passed};
    }
}
