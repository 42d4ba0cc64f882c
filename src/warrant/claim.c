#include "warrant/claim.h"

#include <stdio.h>
#include <string.h>

#include "base/attempt.h"
#include "base/diagnostic.h"
#include "base/text.h"
#include "expr/expression.h"
#include "warrant/name.h"
#include "warrant/pipe.h"
#include "warrant/reading.h"

/* A list's items, or the single one that stands without a list. */
static const Node *one_or_more(const Node *node, size_t *count)
{
    *count = node->kind == NODE_LIST ? node->count : 1;
    return node->kind == NODE_LIST ? node->items : node;
}

typedef struct ConditionText {
    Document *document;
    const Node *node;
    const char *key;
} ConditionText;

static void read_condition(void *context)
{
    const ConditionText *condition = context;
    Source source = {condition->node->passage.text, condition->key,
                     &condition->document->parameters};
    expression_condition(&source, &condition->document->arena);
}

/* Fails with the place in the file of a mistake that is told as "KEY:LINE:BYTE: sentence". */
static _Noreturn void fail_condition(const Node *node, const char *key, const char *message)
{
    size_t line, byte;
    int end = -1;
    const char *text = node->passage.text, *at = text;
    if (strncmp(message, key, strlen(key)) != 0 ||
        sscanf(message + strlen(key), ":%zu:%zu: %n", &line, &byte, &end) != 2 || end < 0)
        node_fail(node, "%s", message);
    for (; line > 1 && strchr(at, '\n') != NULL; line--)
        at = strchr(at, '\n') + 1;
    size_t offset = (size_t)(at - text) + byte - 1;
    size_t size = strlen(text);
    place_fail(node->passage.file, passage_mark(&node->passage, offset < size ? offset : size),
               "%s: %s", key, message + strlen(key) + end);
}

/* A condition is read with each reading's parameters later; what is wrong with its form shows now.
 */
static void check_condition(Document *document, const Node *map, const char *key)
{
    ConditionText condition = {document, node_get(map, key), key};
    if (condition.node == NULL)
        return;
    Trap trap;
    if (!attempt(read_condition, &condition, &trap))
        fail_condition(condition.node, key, trap.message);
}

static void load_observed(Document *document, const Node *map, Observed *observed)
{
    observed->mark = map->mark;
    observed->value = node_get_text(map, "value");
    observed->count = node_get_text(map, "count");
    observed->where = node_get_text(map, "where");
    if ((observed->value == NULL) == (observed->count == NULL))
        node_fail(map, "a check looks at one thing: value: COLUMN or count: CONDITION");
    if (observed->count != NULL && observed->where != NULL)
        node_fail(node_get(map, "where"), "count: has its condition already");
    check_condition(document, map, "count");
    check_condition(document, map, "where");
    const Node *from = node_get(map, "from");
    if (from != NULL)
        observed->from = name_step(document, from, "from");
}

typedef struct ComparisonKey {
    const char *key;
    Comparison comparison;
} ComparisonKey;

static const ComparisonKey comparisons[] = {
    {"printed", COMPARE_PRINTED},     {"near", COMPARE_NEAR},
    {"equals", COMPARE_EQUALS},       {"at_least", COMPARE_AT_LEAST},
    {"at_most", COMPARE_AT_MOST},     {"more_than", COMPARE_MORE_THAN},
    {"less_than", COMPARE_LESS_THAN},
};

static const Node *find_comparison(const Node *map, Check *check)
{
    const Node *found = NULL;
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        const Node *node = node_get(map, comparisons[i].key);
        if (node == NULL)
            continue;
        if (found != NULL)
            node_fail(node, "a second comparison, %s: give it a check of its own",
                      comparisons[i].key);
        found = node;
        check->comparison = comparisons[i].comparison;
    }
    if (found == NULL)
        node_fail(map, "a check without a comparison (printed, near, equals, at_least, at_most, "
                       "more_than, less_than)");
    return found;
}

static void require_number(const Node *node, const char *key, Decimal *number, Arena *arena)
{
    const char *text = node_text(node, key);
    if (!node_number(node, number, arena))
        node_fail(node, "%s needs a number: %s", key, shown(text, strlen(text)));
}

/* The places that a figure is printed with say how far it was rounded. */
static void load_printed(const Node *node, Check *check)
{
    const char *text = check->target;
    const char *exponent = strpbrk(text, "eE");
    if (exponent != NULL)
        node_fail(node, "printed is a figure as the text shows it, without an exponent: %s",
                  shown(text, strlen(text)));
    check->printed_places = check->target_number.scale;
}

static void load_other(Document *document, const Node *map, Check *check)
{
    static const char *const keys[] = {"value", "count", "where", "from", NULL};
    if (check->comparison == COMPARE_PRINTED || check->comparison == COMPARE_NEAR)
        node_fail(map, "printed and near hold the value against a figure in the text, not against "
                       "another value");
    node_check_keys(map, keys, "another value");
    Observed *other = arena_take(&document->arena, sizeof *other);
    *other = (Observed){0};
    load_observed(document, map, other);
    check->other = other;
}

static void load_target(Document *document, const Node *map, Check *check)
{
    const Node *node = find_comparison(map, check);
    const char *key = "";
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++)
        if (comparisons[i].comparison == check->comparison)
            key = comparisons[i].key;
    if (node->kind == NODE_MAP) {
        load_other(document, node, check);
        return;
    }
    check->target = node_text(node, key);
    if (check->comparison == COMPARE_EQUALS)
        check->target_is_text =
            node->quoted || !node_number(node, &check->target_number, &document->arena);
    else
        require_number(node, key, &check->target_number, &document->arena);
    if (check->comparison == COMPARE_PRINTED)
        load_printed(node, check);
}

static void load_within(Document *document, const Node *map, Check *check)
{
    const Node *node = node_get(map, "within");
    if (check->comparison == COMPARE_NEAR && node == NULL)
        node_fail(map, "near needs its tolerance said: within: NUMBER");
    if (check->comparison != COMPARE_NEAR && node != NULL)
        node_fail(node, "within goes with near alone");
    if (node == NULL)
        return;
    require_number(node, "within", &check->within, &document->arena);
    if (decimal_sign(check->within) < 0)
        node_fail(node, "within is a distance and cannot be negative: %s", node->passage.text);
}

/* Where no name is given the column's serves, as long as it is the only one. */
static void name_of_check(const Claim *claim, const Node *map, Check *check)
{
    const Node *given = node_get(map, "name");
    check->name = check->observed.value != NULL ? check->observed.value : "count";
    if (given != NULL) {
        check->name = node_text(given, "name");
        name_check(given, "a check", ".");
    }
    for (size_t i = 0; i < claim->check_count; i++)
        if (strcmp(claim->checks[i].name, check->name) == 0)
            node_fail(given != NULL ? given : map,
                      "a second check named %s: give it a name: of its "
                      "own",
                      shown(check->name, strlen(check->name)));
}

static Check load_check(Document *document, const Claim *claim, const Node *map)
{
    static const char *const keys[] = {
        "name",   "value",    "where",   "count",     "from",      "printed", "near",  "within",
        "equals", "at_least", "at_most", "more_than", "less_than", "unit",    "label", NULL};
    node_require(map, NODE_MAP, "check");
    node_check_keys(map, keys, "a check");
    Check check = {.mark = map->mark};
    load_observed(document, map, &check.observed);
    load_target(document, map, &check);
    load_within(document, map, &check);
    check.unit = node_get_text(map, "unit");
    check.label = node_get_text(map, "label");
    name_of_check(claim, map, &check);
    return check;
}

static void load_checks(Document *document, const Node *node, Claim *claim)
{
    size_t count;
    const Node *items = one_or_more(node, &count);
    if (count == 0)
        node_fail(node, "check holds no check");
    claim->checks = arena_array(&document->arena, count, sizeof *claim->checks);
    for (size_t i = 0; i < count; i++) {
        claim->checks[i] = load_check(document, claim, &items[i]);
        claim->check_count++;
    }
}

static Control load_control(Document *document, const Node *map)
{
    static const char *const keys[] = {"in", "pipe", NULL};
    node_require(map, NODE_MAP, "control");
    node_check_keys(map, keys, "a control");
    const Node *in = node_get(map, "in"), *pipe = node_get(map, "pipe");
    if (in == NULL || pipe == NULL)
        node_fail(map, "a control needs in: SOURCE and pipe: the change made to it");
    Control control = {.in = name_source(document, in, "in"), .mark = map->mark};
    node_text(pipe, "pipe");
    control.pipe = pipe_parse(&pipe->passage, &document->arena);
    name_pipe_tables(document, &control.pipe, true);
    return control;
}

static void load_controls(Document *document, const Node *node, Claim *claim)
{
    size_t count;
    const Node *items = one_or_more(node, &count);
    claim->controls = arena_array(&document->arena, count, sizeof *claim->controls);
    for (size_t i = 0; i < count; i++)
        claim->controls[claim->control_count++] = load_control(document, &items[i]);
}

static const char *const verdict_names[] = {"reproduced", "not testable", "contradicted", "failed"};

const char *verdict_name(Verdict verdict)
{
    return verdict_names[verdict];
}

static Verdict load_verdict(const Node *node)
{
    const char *text = node_text(node, "expect");
    for (size_t i = VERDICT_REPRODUCED; i <= VERDICT_CONTRADICTED; i++)
        if (strcmp(verdict_names[i], text) == 0)
            return (Verdict)i;
    if (strcmp(text, verdict_names[VERDICT_FAILED]) == 0)
        node_fail(node, "failed cannot be expected: it says that something is broken");
    node_fail(node, "unknown verdict: %s%s", shown(text, strlen(text)),
              text_suggestion(span_of(text), verdict_names, VERDICT_FAILED));
}

static Expectation load_verdicts(const Node *node, const char *reading, Arena *arena)
{
    Expectation expectation = {.reading = reading};
    size_t count;
    const Node *items = one_or_more(node, &count);
    if (count == 0)
        node_fail(node, "expect holds no verdict");
    expectation.verdicts = arena_array(arena, count, sizeof *expectation.verdicts);
    for (size_t i = 0; i < count; i++)
        expectation.verdicts[expectation.count++] = load_verdict(&items[i]);
    return expectation;
}

static bool names_reading(const Reading *reading, const char *name, size_t size)
{
    return strncmp(reading->name, name, size) == 0 && reading->name[size] == '\0';
}

static bool is_grid_of(const Reading *reading, const char *name)
{
    return reading->grid != NULL && strcmp(reading->grid, name) == 0;
}

static _Noreturn void fail_reading(Document *document, const ReadingList *list, const Node *key)
{
    const char *name = key->passage.text;
    const char **names = arena_array(&document->arena, list->count, sizeof *names);
    for (size_t i = 0; i < list->count; i++)
        names[i] = list->items[i].name;
    node_fail(key, "unknown reading: %s%s", shown(name, strlen(name)),
              text_suggestion(span_of(name), names, list->count));
}

static void add_expectation(Claim *claim, Expectation expectation)
{
    claim->expect[claim->expect_count++] = expectation;
}

/*
 * A key is a reading, READING@VINTAGE, or a matrix, which stands for those of its readings that are
 * not named themselves.
 */
static void load_expectation(Document *document, Claim *claim, const Node *map, size_t at)
{
    const ReadingList *list = document_readings(document, claim);
    const Node *key = &map->keys[at];
    const char *name = key->passage.text;
    const char *vintage = strchr(name, '@');
    size_t size = vintage == NULL ? strlen(name) : (size_t)(vintage - name);
    if (vintage != NULL && vintage[1] == '\0')
        node_fail(key, "a vintage is missing behind @");
    Expectation expectation = load_verdicts(&map->items[at], name, &document->arena);
    expectation.mark = key->mark;
    bool found = false;
    for (size_t i = 0; i < list->count; i++) {
        const Reading *reading = &list->items[i];
        if (names_reading(reading, name, size)) {
            add_expectation(claim, expectation);
            return;
        }
        if (!is_grid_of(reading, name))
            continue;
        found = true;
        if (node_get(map, reading->name) != NULL)
            continue;
        expectation.reading = reading->name;
        add_expectation(claim, expectation);
    }
    if (!found)
        fail_reading(document, list, key);
}

static void load_expect(Document *document, const Node *node, Claim *claim)
{
    Arena *arena = &document->arena;
    size_t room = 1;
    if (node->kind == NODE_MAP)
        room = node->count + document_readings(document, claim)->count;
    claim->expect = arena_array(arena, room, sizeof *claim->expect);
    if (node->kind != NODE_MAP)
        add_expectation(claim, load_verdicts(node, NULL, arena));
    for (size_t i = 0; node->kind == NODE_MAP && i < node->count; i++)
        load_expectation(document, claim, node, i);
}

/* Every value that is looked at must be looked for somewhere. */
static void check_from(Document *document, const Claim *claim, const Node *map)
{
    if (claim->from != NULL)
        return;
    const ReadingList *list = document_readings(document, claim);
    bool by_reading = true;
    for (size_t i = 0; i < list->count; i++)
        by_reading = by_reading && list->items[i].from != NULL;
    for (size_t i = 0; i < claim->check_count && !by_reading; i++) {
        const Check *check = &claim->checks[i];
        if (check->observed.from == NULL || (check->other != NULL && check->other->from == NULL))
            node_fail(map, "%s does not say from: which step it takes its value", claim->name);
    }
}

static void load_grounds(Document *document, const Node *map, Claim *claim)
{
    const Node *check = node_get(map, "check"), *control = node_get(map, "control");
    claim->untestable = node_get_text(map, "untestable");
    if ((check == NULL) == (claim->untestable == NULL))
        node_fail(map, "%s needs either check: or untestable: with the reason", claim->name);
    if ((check == NULL) != (control == NULL))
        node_fail(map,
                  check == NULL ? "%s has a control and no check"
                                : "%s has a check and no control: a change of a source that "
                                  "must move it",
                  claim->name);
    if (check == NULL)
        return;
    load_checks(document, check, claim);
    load_controls(document, control, claim);
    if (claim->control_count == 0)
        node_fail(control, "control holds no control");
}

/* Where it stands in the text, or beside which passage. */
static void load_position(Document *document, const Node *map, Claim *claim)
{
    const char *beside = node_get_text(map, "beside");
    claim->at = node_get_text(map, "at");
    claim->beside = beside != NULL;
    if (beside == NULL)
        return;
    if (claim->at != NULL)
        node_fail(node_get(map, "beside"), "a claim stands at a place or beside it, not both");
    claim->at = arena_format(&document->arena, "beside %s", beside);
}

Claim claim_load(Document *document, const Node *key, const Node *map)
{
    static const char *const keys[] = {"at",       "beside",     "says",    "note",
                                       "from",     "check",      "control", "expect",
                                       "readings", "untestable", NULL};
    name_check(key, "a claim", "");
    Claim claim = {.name = key->passage.text, .mark = key->mark};
    node_require(map, NODE_MAP, claim.name);
    node_check_keys(map, keys, "a claim");
    load_position(document, map, &claim);
    claim.says = node_get_text(map, "says");
    claim.note = node_get_text(map, "note");
    if (claim.says == NULL)
        node_fail(key, "%s has no says: what the text says, in a sentence", claim.name);
    const Node *from = node_get(map, "from"), *readings = node_get(map, "readings");
    if (from != NULL)
        claim.from = name_step(document, from, "from");
    if (readings != NULL)
        claim.readings = reading_list_load(document, readings, true);
    load_grounds(document, map, &claim);
    if (node_get(map, "expect") != NULL)
        load_expect(document, node_get(map, "expect"), &claim);
    check_from(document, &claim, key);
    return claim;
}

const Expectation *claim_expectation(const Claim *claim, const char *reading, const char *vintage)
{
    size_t size = strlen(reading);
    for (size_t i = 0; i < claim->expect_count; i++) {
        const Expectation *expectation = &claim->expect[i];
        const char *name = expectation->reading;
        if (name == NULL && vintage == NULL)
            return expectation;
        if (name == NULL || strncmp(name, reading, size) != 0)
            continue;
        const char *behind = name + size;
        if (vintage == NULL ? *behind == '\0' : *behind == '@' && strcmp(behind + 1, vintage) == 0)
            return expectation;
    }
    return NULL;
}
