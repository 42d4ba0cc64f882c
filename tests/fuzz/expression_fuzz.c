/*
 * Expressions: parsed, typed and evaluated over a small table, or one sentence.
 *
 * First byte: what the text is parsed as; the rest: the text.  A condition sorts every row into
 * true, false and missing, each once; and its negation turns true and false about.
 */
#include "csv/reader.h"
#include "expr/evaluate.h"
#include "expr/expression.h"
#include "fuzz.h"

static const char table[] = "k,x,y,\"a b\"\n"
                            "South Korea,12.50,3,-1\n"
                            ",0,0.000000001,\n"
                            "\"a,\"\"b\",-99999999999999999999.5,,7e3\n"
                            "\xc3\xa9t\xc3\xa9,,+2.50,text\n"
                            "2003,2003,2003.0,002003\n";
enum { ROWS = 5 };

typedef struct Trial {
    unsigned form;
    const char *text;
    uint32_t chosen[3][ROWS];
    size_t counts[3];
    Arena arena;
    Parameters parameters;
} Trial;

static void evaluate_items(Evaluation *evaluation, const ItemList *items)
{
    for (size_t i = 0; i < items->count; i++)
        evaluate_texts(evaluation, items->items[i].expression, evaluation_all(evaluation));
}

static void bind_items(const ItemList *items, const Header *header)
{
    for (size_t i = 0; i < items->count; i++)
        expression_bind(items->items[i].expression, header, "t.csv");
}

static void try_condition(Trial *trial, const Source *source, const Header *header,
                          const Batch *batch)
{
    Expression *condition = expression_condition(source, &trial->arena);
    expression_bind(condition, header, "t.csv");
    Evaluation *evaluation = evaluation_open(true);
    evaluation_batch(evaluation, batch);
    for (uint8_t truth = TRUTH_FALSE; truth <= TRUTH_MISSING; truth++)
        trial->counts[truth] = evaluate_condition(
            evaluation, condition, evaluation_all(evaluation), truth, trial->chosen[truth]);
    evaluation_close(evaluation);
}

static void try_items(Trial *trial, const Source *source, const Header *header,
                      const Batch *batch)
{
    ItemList items = trial->form == 1 ? expression_derivations(source, &trial->arena)
                                      : expression_order(source, &trial->arena);
    bind_items(&items, header);
    Evaluation *evaluation = evaluation_open(true);
    evaluation_batch(evaluation, batch);
    evaluate_items(evaluation, &items);
    evaluation_close(evaluation);
}

static void try_summaries(Trial *trial, const Source *source)
{
    ColumnList groups = expression_columns("k", "-g", COLUMNS_PLAIN, &trial->arena);
    ItemList items = expression_summaries(source, &trial->arena);
    SummaryCalls calls = {0};
    for (size_t i = 0; i < items.count; i++)
        expression_take_summaries(items.items[i].expression, &calls, &groups);
    free(calls.calls);
}

static void work(void *context)
{
    Trial *trial = context;
    Source source = {trial->text, "expression", &trial->parameters};
    if (trial->form == 3) {
        try_summaries(trial, &source);
        return;
    }
    char *paths[] = {(char *)fuzz_path(0)};
    Reader *reader = reader_open(paths, 1, &(ReaderOptions){0});
    Batch batch;
    FUZZ_CHECK(reader_next(reader, &batch) && batch.rows == ROWS);
    if (trial->form == 0)
        try_condition(trial, &source, reader_header(reader), &batch);
    else
        try_items(trial, &source, reader_header(reader), &batch);
    reader_close(reader);
}

static bool attempt(Trial *trial, unsigned form, const char *text)
{
    fuzz_file(0, (Span){table, sizeof table - 1});
    trial->form = form;
    trial->text = text;
    bool done = fuzz_attempt(work, trial);
    if (done)
        arena_free(&trial->arena);
    trial->arena = (Arena){0}; /* a failure has given it back */
    return done;
}

static void check_law(Trial *trial, const char *text)
{
    FUZZ_CHECK(trial->counts[0] + trial->counts[1] + trial->counts[2] == ROWS);
    Buffer negation = {0};
    buffer_text(&negation, "not (");
    buffer_text(&negation, text);
    buffer_text(&negation, "\n)");
    buffer_byte(&negation, '\0');
    Trial other = {.parameters = trial->parameters};
    /* One level deeper may be too deep. */
    if (attempt(&other, 0, negation.at)) {
        FUZZ_CHECK(other.counts[TRUTH_TRUE] == trial->counts[TRUTH_FALSE]);
        FUZZ_CHECK(other.counts[TRUTH_MISSING] == trial->counts[TRUTH_MISSING]);
    }
    buffer_free(&negation);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzInput input = {(const char *)bytes, size};
    unsigned form = fuzz_byte(&input) % 4;
    Span rest = fuzz_rest(&input);
    char *text = malloc(rest.size + 1);
    if (text == NULL || (rest.size > 0 && memchr(rest.at, '\0', rest.size) != NULL)) {
        free(text);
        return -1;
    }
    memcpy(text, rest.size > 0 ? rest.at : "", rest.size);
    text[rest.size] = '\0';
    Trial trial = {0};
    parameters_bind(&trial.parameters, "p=2000");
    parameters_bind(&trial.parameters, "l=('a',3)");
    if (!attempt(&trial, form, text))
        FUZZ_CHECK(fuzz_message[0] != '\0' && strchr(fuzz_message, '\n') == NULL);
    else if (form == 0)
        check_law(&trial, text);
    parameters_free(&trial.parameters);
    free(text);
    return 0;
}
