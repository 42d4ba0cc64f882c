/*
 * Expressions as SQL: evaluated, written with every parenthesis, parsed again, evaluated again.
 *
 * The input is an expression over a small table.  What is written must parse, be written the same
 * once more, and have the same values or fail likewise: so the parser's precedence is held against
 * the tree it made.  (What PostgreSQL makes of the SQL that `warrant tangle` writes is held against
 * the filters by `make check-sql`, over random pipelines.)
 */
#include "csv/reader.h"
#include "expr/evaluate.h"
#include "expr/functions.h"
#include "fuzz.h"

static const char table[] = "k,x,y,\"a b\"\n"
                            "South Korea,12.50,3,-1\n"
                            ",0,0.000000001,\n"
                            "\"a,\"\"b\",-99999999999999999999.5,,7e3\n"
                            "\xc3\xa9t\xc3\xa9,,+2.50,text\n"
                            "2003,2003,2003.0,002003\n";

/* ---- writing ---- */

static void write_quoted(Span text, char quote, Buffer *out)
{
    buffer_byte(out, quote);
    for (size_t i = 0; i < text.size; i++) {
        buffer_byte(out, text.at[i]);
        if (text.at[i] == quote)
            buffer_byte(out, quote);
    }
    buffer_byte(out, quote);
}

static void write_node(const Expression *node, Buffer *out);

/* The parts from `first` on, in parentheses each. */
static void write_parts(const Expression *node, size_t first, const char *between, Buffer *out)
{
    for (size_t i = first; i < node->count; i++) {
        buffer_text(out, i > first ? between : "");
        write_node(node->parts[i], out);
    }
}

static void write_case(const Expression *node, Buffer *out)
{
    CaseLayout layout = case_layout(node);
    buffer_text(out, "case ");
    if (layout.operand != NULL)
        write_node(layout.operand, out);
    for (size_t i = 0; i < layout.pair_count; i++) {
        buffer_text(out, " when ");
        write_node(layout.pairs[2 * i], out);
        buffer_text(out, " then ");
        write_node(layout.pairs[2 * i + 1], out);
    }
    if (layout.otherwise != NULL) {
        buffer_text(out, " else ");
        write_node(layout.otherwise, out);
    }
    buffer_text(out, " end");
}

/* value [not] OPERATOR the other parts */
static void write_range(const Expression *node, const char *operator, const char * between,
                        Buffer *out)
{
    write_node(node->parts[0], out);
    buffer_text(out, node->negated ? " not " : " ");
    buffer_text(out, operator);
    write_parts(node, 1, between, out);
}

static const char *binary_operator(Kind kind)
{
    switch (kind) {
    case KIND_OR:
        return " or ";
    case KIND_AND:
        return " and ";
    case KIND_EQUAL:
        return " = ";
    case KIND_UNEQUAL:
        return " <> ";
    case KIND_LESS:
        return " < ";
    case KIND_LESS_EQUAL:
        return " <= ";
    case KIND_GREATER:
        return " > ";
    case KIND_GREATER_EQUAL:
        return " >= ";
    case KIND_JOIN:
        return " || ";
    case KIND_ADD:
        return " + ";
    case KIND_SUBTRACT:
        return " - ";
    case KIND_MULTIPLY:
        return " * ";
    case KIND_DIVIDE:
        return " / ";
    case KIND_REMAINDER:
        return " % ";
    default:
        return NULL;
    }
}

static const char *unary_operator(Kind kind)
{
    return kind == KIND_NOT ? "not " : kind == KIND_NEGATE ? "- " : kind == KIND_PLUS ? "+ " : NULL;
}

static void write_call(const Expression *node, Buffer *out)
{
    buffer_text(out, node->function->name);
    buffer_byte(out, '(');
    write_parts(node, 0, ", ", out);
    buffer_byte(out, ')');
}

static void write_leaf(const Expression *node, Buffer *out)
{
    if (node->kind == KIND_NUMBER)
        decimal_write(node->number.value, out);
    else if (node->kind == KIND_TEXT)
        write_quoted(node->text, '\'', out);
    else if (node->kind == KIND_COLUMN)
        write_quoted(node->text, '"', out);
    else
        buffer_text(out, node->kind == KIND_NULL ? "null" : node->truth ? "true" : "false");
}

static void write_inner(const Expression *node, Buffer *out)
{
    if (binary_operator(node->kind) != NULL) {
        write_parts(node, 0, binary_operator(node->kind), out);
    } else if (unary_operator(node->kind) != NULL) {
        buffer_text(out, unary_operator(node->kind));
        write_parts(node, 0, "", out);
    } else if (node->kind == KIND_IS_NULL) {
        write_parts(node, 0, "", out);
        buffer_text(out, node->negated ? " is not null" : " is null");
    } else if (node->kind == KIND_BETWEEN) {
        write_range(node, "between ", " and ", out);
    } else if (node->kind == KIND_LIKE) {
        write_range(node, node->folds ? "ilike " : "like ", "", out);
    } else if (node->kind == KIND_IN) {
        write_range(node, "in (", ", ", out);
        buffer_byte(out, ')');
    } else if (node->kind == KIND_CASE) {
        write_case(node, out);
    } else {
        FUZZ_CHECK(node->function != NULL);
        write_call(node, out);
    }
}

static void write_node(const Expression *node, Buffer *out)
{
    if (node->count == 0 && node->function == NULL) {
        write_leaf(node, out);
        return;
    }
    buffer_byte(out, '(');
    write_inner(node, out);
    buffer_byte(out, ')');
}

/* ---- trials ---- */

/* What is known of a text; the buffers are the process's, whatever fails. */
typedef struct Trial {
    const char *text;
    Buffer written, values;
    Arena arena;
} Trial;

static void write_work(void *context)
{
    Trial *trial = context;
    Source source = {trial->text, "expression", NULL};
    write_node(expression_value(&source, &trial->arena), &trial->written);
    buffer_byte(&trial->written, '\0');
}

static void evaluate_work(void *context)
{
    Trial *trial = context;
    Source source = {trial->text, "expression", NULL};
    Expression *expression = expression_value(&source, &trial->arena);
    char *paths[] = {(char *)fuzz_path(0)};
    Reader *reader = reader_open(paths, 1, &(ReaderOptions){0});
    Batch batch;
    FUZZ_CHECK(reader_next(reader, &batch));
    expression_bind(expression, reader_header(reader), "t.csv");
    Evaluation *evaluation = evaluation_open(true);
    evaluation_batch(evaluation, &batch);
    const Vector *values = evaluate_texts(evaluation, expression, evaluation_all(evaluation));
    for (size_t row = 0; row < batch.rows; row++) {
        buffer_append(&trial->values, values->texts[row].at, values->texts[row].size);
        buffer_byte(&trial->values, '\n');
    }
    evaluation_close(evaluation);
    reader_close(reader);
}

/* What a failed attempt allocated has been given back. */
static bool attempt(Trial *trial, void (*work)(void *context))
{
    Trial before = *trial;
    if (!fuzz_attempt(work, trial)) {
        *trial = before;
        return false;
    }
    arena_free(&trial->arena);
    return true;
}

/* Parentheses may be more than the parser lets nest. */
static bool too_deep(void)
{
    return strstr(fuzz_message, "deep") != NULL || strstr(fuzz_message, "nest") != NULL;
}

static void check(Trial *trial)
{
    Trial again = {.text = trial->written.at};
    if (attempt(&again, write_work)) {
        FUZZ_CHECK(span_equal(buffer_span(&trial->written), buffer_span(&again.written)));
        bool done = attempt(trial, evaluate_work);
        FUZZ_CHECK(attempt(&again, evaluate_work) == done);
        FUZZ_CHECK(span_equal(buffer_span(&trial->values), buffer_span(&again.values)));
    } else {
        FUZZ_CHECK(too_deep());
    }
    buffer_free(&again.written);
    buffer_free(&again.values);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size > 0 && memchr(bytes, '\0', size) != NULL)
        return -1;
    char *text = malloc(size + 1);
    if (text == NULL)
        return -1;
    memcpy(text, size > 0 ? (const char *)bytes : "", size);
    text[size] = '\0';
    Trial trial = {.text = text};
    fuzz_file(0, (Span){table, sizeof table - 1});
    if (attempt(&trial, write_work))
        check(&trial);
    buffer_free(&trial.written);
    buffer_free(&trial.values);
    free(text);
    return 0;
}
