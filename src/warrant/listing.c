#include "warrant/listing.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/diagnostic.h"
#include "csv/writer.h"
#include "warrant/figure.h"
#include "warrant/sentence.h"
#include "warrant/worst_case.h"

const char *const element_names[ELEMENT_COLUMNS] = {
    "pipeline", "claim", "reading", "vintage", "check",       "verdict", "observed", "unit",
    "low",      "high",  "margin",  "expect",  "as_expected", "reason",  "control",  "rounding"};

typedef struct Listing {
    void (*visit)(void *context, const Element *element);
    void *context;
    Arena *arena;
} Listing;

static Span number(bool there, Decimal value, Arena *arena)
{
    return there ? span_of(figure_exact(value, arena)) : SPAN("");
}

static void fill_outcome(Element *element, const Outcome *outcome, Arena *arena)
{
    const Check *check = outcome->check;
    const Interval *interval = &outcome->interval;
    bool compared = outcome->has_interval;
    element->values[ELEMENT_CHECK] = span_of(check->name);
    element->values[ELEMENT_VERDICT] = span_of(verdict_name(outcome->verdict));
    element->values[ELEMENT_OBSERVED] = outcome->observed.value.text;
    element->values[ELEMENT_UNIT] = span_of(check->unit == NULL ? "" : check->unit);
    element->values[ELEMENT_LOW] = number(compared && interval->has_low, interval->low, arena);
    element->values[ELEMENT_HIGH] = number(compared && interval->has_high, interval->high, arena);
    element->values[ELEMENT_MARGIN] = number(compared, outcome->margin, arena);
    element->values[ELEMENT_REASON] = span_of(sentence_reason(outcome, arena));
    element->values[ELEMENT_ROUNDING] = span_of(worst_case_name(outcome->worst_case.state));
}

static Element element_of(const PipelineVerdicts *pipeline, const Claim *claim,
                          const Judgement *judgement)
{
    static const char *const expected[] = {"", "true", "false"};
    const Trial *trial = judgement->trial;
    Element element = {{{0}}};
    element.values[ELEMENT_PIPELINE] = span_of(pipeline->name);
    element.values[ELEMENT_CLAIM] = span_of(claim->name);
    element.values[ELEMENT_READING] = span_of(trial->reading->name);
    element.values[ELEMENT_VINTAGE] = span_of(trial->vintages);
    element.values[ELEMENT_EXPECT] = span_of(judgement->expectation);
    element.values[ELEMENT_AS_EXPECTED] = span_of(expected[judgement->expected]);
    return element;
}

static void list_judgement(const Listing *listing, const PipelineVerdicts *pipeline,
                           const Claim *claim, const Judgement *judgement)
{
    for (size_t i = 0; i < claim->check_count; i++) {
        Element element = element_of(pipeline, claim, judgement);
        fill_outcome(&element, &judgement->outcomes[i], listing->arena);
        element.values[ELEMENT_CONTROL] = span_of(effect_name(judgement->effects[i]));
        listing->visit(listing->context, &element);
    }
    if (claim->untestable == NULL)
        return;
    Element element = element_of(pipeline, claim, judgement);
    element.values[ELEMENT_VERDICT] = span_of(verdict_name(VERDICT_NOT_TESTABLE));
    element.values[ELEMENT_REASON] = span_of(claim->untestable);
    listing->visit(listing->context, &element);
}

static void list_problem(const Listing *listing, const PipelineVerdicts *pipeline)
{
    Element element = {{{0}}};
    element.values[ELEMENT_PIPELINE] = span_of(pipeline->name);
    element.values[ELEMENT_VERDICT] = span_of(verdict_name(VERDICT_FAILED));
    element.values[ELEMENT_AS_EXPECTED] = SPAN("false");
    element.values[ELEMENT_REASON] = span_of(pipeline->problem);
    listing->visit(listing->context, &element);
}

void listing_each(const PipelineVerdicts *pipelines, size_t count,
                  void (*visit)(void *context, const Element *element), void *context, Arena *arena)
{
    Listing listing = {visit, context, arena};
    for (size_t p = 0; p < count; p++) {
        const PipelineVerdicts *pipeline = &pipelines[p];
        if (pipeline->problem != NULL)
            list_problem(&listing, pipeline);
        for (size_t c = 0; c < pipeline->count; c++)
            for (size_t i = 0; i < pipeline->claims[c].count; i++)
                list_judgement(&listing, pipeline, pipeline->claims[c].claim,
                               &pipeline->claims[c].judgements[i]);
    }
}

static void write_element(void *context, const Element *element)
{
    Writer *writer = context;
    for (size_t i = 0; i < ELEMENT_COLUMNS; i++)
        writer_value(writer, element->values[i]);
    writer_end(writer);
}

void listing_csv(const PipelineVerdicts *pipelines, size_t count, Arena *arena)
{
    const char *names[ELEMENT_COLUMNS];
    for (size_t i = 0; i < ELEMENT_COLUMNS; i++)
        names[i] = element_names[i];
    Writer *writer = writer_open(NULL, ',');
    writer_header(writer, &(Header){names, ELEMENT_COLUMNS});
    listing_each(pipelines, count, write_element, writer, arena);
    writer_close(writer);
}

/* Nothing to say is null; whether it is as expected is a truth, all else a text. */
static json_t *json_value(const Element *element, size_t column)
{
    Span value = element->values[column];
    if (value.size == 0)
        return json_null();
    if (column == ELEMENT_AS_EXPECTED)
        return json_boolean(span_equal(value, SPAN("true")));
    return json_stringn_nocheck(value.at, value.size);
}

static void add_element(void *context, const Element *element)
{
    json_t *array = context;
    json_t *object = json_object();
    for (size_t i = 0; i < ELEMENT_COLUMNS; i++)
        json_object_set_new_nocheck(object, element_names[i], json_value(element, i));
    if (json_array_append_new(array, object) != 0)
        fail("out of memory");
}

void listing_json(const PipelineVerdicts *pipelines, size_t count, Arena *arena)
{
    json_t *array = json_array();
    listing_each(pipelines, count, add_element, array, arena);
    char *text = json_dumps(array, JSON_INDENT(2));
    json_decref(array);
    if (text == NULL)
        fail("the verdicts cannot be written as JSON");
    Output *output = output_open(NULL);
    output_write(output, text, strlen(text));
    output_write(output, "\n", 1);
    free(text);
    output_commit(output);
}
