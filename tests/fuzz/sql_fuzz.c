/*
 * Expressions as SQL: parsed, evaluated, printed as PostgreSQL's SQL, read again, evaluated again,
 * with the same values in every row, or failing both times.
 *
 * First byte: what the text is parsed as, and whether invalid cells are missing; the rest: the
 * text.
 *
 * The language is a part of PostgreSQL's, with its precedence, so what is printed is read by the
 * language's own parser once what only PostgreSQL knows is put in its words:
 *
 *     x::text  x::numeric  x::ratio    text(x)  number(x)  number(x)
 *     settle(x)                        number(text(x)), which rounds as a value that is left
 *     number_or_null rounded           number round, the missing told by the evaluation
 *     least_ratio greatest_ratio       least greatest
 *     trim_scale(x)  whole(x)          (x): round() trims here, positions are checked here
 *     a column                         text(x) or number(x), by the form its table declares
 *     x COLLATE "C"  NULL::boolean     x  NULL
 *
 * So this judges precedence, parentheses, signs, quotes, the choice of number or text for every
 * cell and every null, and the order of arguments.  It does not judge what lies in PostgreSQL
 * alone, whose judge is `make check-sql`: that a cast keeps an integer from overflowing, that a
 * collation is said, and what the functions of the prelude do.  Summaries are left to it too: they
 * are not expressions over one row.
 */
#include <ctype.h>

#include "csv/reader.h"
#include "expr/evaluate.h"
#include "expr/sql.h"
#include "fuzz.h"

static const char table[] = "k,x,y,\"a b\",i,d\n"
                            "South Korea,12.50,3,-1,1,0.5\n"
                            ",0,0.000000001,,-20,12.50\n"
                            "\"a,\"\"b\",-99999999999999999999.5,,7e3,,-3.000\n"
                            "\xc3\xa9t\xc3\xa9,,+2.50,text,300,\n"
                            "2003,2003,2003.0,002003,2003,2003\n";
static const SqlColumn columns[] = {{"k", SQL_TEXT},   {"x", SQL_TEXT},    {"y", SQL_TEXT},
                                    {"a b", SQL_TEXT}, {"i", SQL_INTEGER}, {"d", SQL_NUMERIC}};
enum { ROWS = 5, COLUMNS = sizeof columns / sizeof *columns };

/* ---- from PostgreSQL's words to the language's ---- */

enum { FRAMES = 2000 };
typedef struct Reading {
    const char *at;
    Buffer out;
    size_t operand; /* where the last whole operand begins in `out` */
    struct Frame {
        size_t operand;
        unsigned closes;
    } frames[FRAMES]; /* of parentheses and cases */
    size_t depth;
} Reading;

/* What the prelude or PostgreSQL calls otherwise, and how many parentheses close it. */
static const struct Word {
    const char *name, *instead;
    unsigned closes;
} calls[] = {
    {"settle", "number(text", 2},
    {"number_or_null", "number", 1},
    {"rounded", "round", 1},
    {"least_ratio", "least", 1},
    {"greatest_ratio", "greatest", 1},
    {"trim_scale", "", 1},
    {"whole", "", 1},
};

static void push(Reading *reading, unsigned closes)
{
    FUZZ_CHECK(reading->depth < FRAMES);
    reading->frames[reading->depth++] = (struct Frame){reading->out.size, closes};
}

static void pop(Reading *reading)
{
    FUZZ_CHECK(reading->depth > 0);
    reading->operand = reading->frames[--reading->depth].operand;
}

/* What opens with `size` bytes of a name, and a parenthesis. */
static void read_call(Reading *reading, size_t size)
{
    Span name = {reading->at, size};
    struct Word word = {NULL, NULL, 1};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (span_equal(name, span_of(calls[i].name)))
            word = calls[i];
    push(reading, word.closes);
    if (word.instead != NULL)
        buffer_text(&reading->out, word.instead);
    else
        buffer_append(&reading->out, name.at, size);
    buffer_byte(&reading->out, '(');
    reading->at += size + 1;
}

static void read_close(Reading *reading)
{
    pop(reading);
    for (unsigned i = 0; i < reading->frames[reading->depth].closes; i++)
        buffer_byte(&reading->out, ')');
    reading->at++;
}

static size_t quoted_size(const char *text)
{
    size_t size = 1;
    while (text[size] != '\0' && (text[size] != *text || text[size + 1] == *text))
        size += text[size] == *text ? 2 : 1;
    FUZZ_CHECK(text[size] == *text);
    return size + 1;
}

static void read_column(Reading *reading, size_t size)
{
    Span name = {reading->at, size};
    const SqlColumn *column = columns;
    if (*name.at == '"')
        name = (Span){name.at + 1, size - 2};
    while (column < columns + COLUMNS && !span_equal(name, span_of(column->name)))
        column++;
    FUZZ_CHECK(column < columns + COLUMNS);
    reading->operand = reading->out.size;
    buffer_format(&reading->out, "%s(\"%s\")", column->form == SQL_TEXT ? "text" : "number",
                  column->name);
    reading->at += size;
}

static void copy(Reading *reading, size_t size)
{
    buffer_append(&reading->out, reading->at, size);
    reading->at += size;
}

static bool word_of(const Reading *reading, size_t size, const char *word)
{
    return span_equal((Span){reading->at, size}, span_of(word));
}

static void read_keyword(Reading *reading, size_t size)
{
    static const char collation[] = "COLLATE \"C\"";
    if (word_of(reading, size, "COLLATE")) {
        FUZZ_CHECK(strncmp(reading->at, collation, sizeof collation - 1) == 0);
        reading->at += sizeof collation - 1;
        return;
    }
    bool ends = word_of(reading, size, "END");
    if (word_of(reading, size, "CASE"))
        push(reading, 0);
    else if (word_of(reading, size, "NULL") || word_of(reading, size, "TRUE") ||
             word_of(reading, size, "FALSE"))
        reading->operand = reading->out.size;
    copy(reading, size);
    if (ends)
        pop(reading);
}

/* Keywords are printed in capitals, names are not. */
static void read_word(Reading *reading)
{
    size_t size = 0;
    while (isalnum((unsigned char)reading->at[size]) || reading->at[size] == '_')
        size++;
    if (reading->at[size] == '(')
        read_call(reading, size);
    else if (isupper((unsigned char)*reading->at))
        read_keyword(reading, size);
    else
        read_column(reading, size);
}

/* The operand before it goes into a call. */
static void read_cast(Reading *reading)
{
    static const char *const casts[][2] = {
        {"::text", "text("}, {"::numeric", "number("}, {"::ratio", "number("}, {"::boolean", NULL}};
    size_t cast = 0;
    while (strncmp(reading->at, casts[cast][0], strlen(casts[cast][0])) != 0)
        FUZZ_CHECK(++cast < sizeof casts / sizeof *casts);
    reading->at += strlen(casts[cast][0]);
    if (casts[cast][1] == NULL)
        return;
    Buffer operand = {0};
    buffer_append(&operand, reading->out.at + reading->operand,
                  reading->out.size - reading->operand);
    reading->out.size = reading->operand;
    buffer_text(&reading->out, casts[cast][1]);
    buffer_append(&reading->out, operand.at, operand.size);
    buffer_byte(&reading->out, ')');
    buffer_free(&operand);
}

static void read_token(Reading *reading)
{
    char byte = *reading->at;
    if (isalpha((unsigned char)byte)) {
        read_word(reading);
    } else if (byte == '"') {
        read_column(reading, quoted_size(reading->at));
    } else if (byte == '\'' || isdigit((unsigned char)byte)) {
        reading->operand = reading->out.size;
        copy(reading, byte == '\'' ? quoted_size(reading->at) : strspn(reading->at, "0123456789."));
    } else if (byte == '(') {
        read_call(reading, 0);
    } else if (byte == ')') {
        read_close(reading);
    } else if (byte == ':') {
        read_cast(reading);
    } else {
        copy(reading, 1);
    }
}

/* The caller's buffer. */
static Buffer read_back(const char *sql)
{
    static Reading reading;
    reading.at = sql;
    reading.depth = 0;
    reading.out = (Buffer){0};
    while (*reading.at != '\0')
        read_token(&reading);
    FUZZ_CHECK(reading.depth == 0);
    return reading.out;
}

/* ---- the two ways ---- */

typedef enum Form { FORM_CONDITION, FORM_CELL, FORM_KEY, FORMS } Form;

typedef struct Trial {
    Form form;
    bool invalid_missing;
    const char *text;
    const Parameters *parameters;
    Expression *expression;
    Buffer sql, values;
    Arena arena;
} Trial;

static Batch batch;
static const Header *header;

static void open_table(void)
{
    static char *paths[1]; /* as long as the reader, which stays open */
    paths[0] = (char *)fuzz_file(0, (Span){table, sizeof table - 1});
    Reader *reader = reader_open(paths, 1, &(ReaderOptions){0});
    FUZZ_CHECK(reader_next(reader, &batch) && batch.rows == ROWS);
    header = reader_header(reader);
}

static void parse(void *context)
{
    Trial *trial = context;
    Source source = {trial->text, "expression", trial->parameters};
    trial->expression = trial->form == FORM_CONDITION ? expression_condition(&source, &trial->arena)
                                                      : expression_value(&source, &trial->arena);
    expression_bind(trial->expression, header, "t.csv");
}

static void print(void *context)
{
    Trial *trial = context;
    SqlScope scope = {columns, COLUMNS, "n", trial->invalid_missing};
    if (trial->form == FORM_CONDITION)
        sql_condition(trial->expression, &scope, &trial->sql);
    else if (trial->form == FORM_CELL)
        sql_cell(trial->expression, &scope, -1, &trial->sql);
    else
        sql_key(trial->expression, &scope, &trial->sql);
    buffer_byte(&trial->sql, '\0');
}

static const Vector *values_of(const Trial *trial, Evaluation *evaluation)
{
    Selection all = evaluation_all(evaluation);
    if (trial->form == FORM_CONDITION)
        return evaluate(evaluation, trial->expression, all);
    return trial->form == FORM_CELL || expression_type(trial->expression) == TYPE_TEXT
               ? evaluate_texts(evaluation, trial->expression, all)
               : evaluate_numbers(evaluation, trial->expression, all);
}

static void write_value(Trial *trial, const Vector *values, size_t row, Arena *arena)
{
    if (values->type == TYPE_NUMBER && values->missing[row] == 0)
        decimal_write(number_settle(values->numbers[row], arena), &trial->values);
    else if (values->type == TYPE_TRUTH)
        buffer_format(&trial->values, "%d", values->truths[row]);
    else if (values->type != TYPE_NUMBER)
        buffer_append(&trial->values, values->texts[row].at, values->texts[row].size);
    buffer_byte(&trial->values, '\n');
}

static void work_out(void *context)
{
    Trial *trial = context;
    Evaluation *evaluation = evaluation_open(trial->invalid_missing);
    Arena unquoted = {0}; /* the reader's own would outlive a failure that gives it back */
    Batch rows = batch;
    rows.arena = &unquoted;
    evaluation_batch(evaluation, &rows);
    const Vector *values = values_of(trial, evaluation);
    for (size_t row = 0; row < ROWS; row++)
        write_value(trial, values, row, evaluation_arena(evaluation));
    evaluation_close(evaluation);
    arena_free(&unquoted);
}

/* What is printed may be longer and deeper than what was written. */
static bool is_excess(void)
{
    return strstr(fuzz_message, "levels") != NULL || strstr(fuzz_message, "longer") != NULL ||
           strstr(fuzz_message, "memory") != NULL;
}

static void check_again(const Trial *trial, bool done)
{
    Buffer text = read_back(trial->sql.at);
    Trial again = {.form = trial->form,
                   .invalid_missing = trial->invalid_missing,
                   .text = buffer_string(&text)};
    if (fuzz_attempt(parse, &again)) {
        bool done_again = fuzz_attempt(work_out, &again);
        if (done != done_again)
            FUZZ_CHECK(!done_again && is_excess());
        else if (done)
            FUZZ_CHECK(span_equal(buffer_span(&trial->values), buffer_span(&again.values)));
        if (done_again)
            buffer_free(&again.values);
        arena_free(&again.arena);
    } else {
        FUZZ_CHECK(is_excess());
    }
    buffer_free(&text);
}

static void check(Trial *trial)
{
    if (!fuzz_attempt(parse, trial)) {
        FUZZ_CHECK(fuzz_message[0] != '\0' && strchr(fuzz_message, '\n') == NULL);
        return;
    }
    FUZZ_CHECK(fuzz_attempt(print, trial));
    bool done = fuzz_attempt(work_out, trial);
    check_again(trial, done);
    if (done)
        buffer_free(&trial->values);
    buffer_free(&trial->sql);
    arena_free(&trial->arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static Parameters parameters;
    FuzzInput input = {(const char *)bytes, size};
    unsigned form = fuzz_byte(&input);
    Buffer text = {0};
    if (input.size > 0 && memchr(input.at, '\0', input.size) != NULL)
        return -1;
    if (header == NULL) {
        open_table();
        parameters_bind(&parameters, "p=2000");
        parameters_bind(&parameters, "l=('a',3)");
    }
    buffer_append(&text, input.at, input.size);
    Trial trial = {.form = form % FORMS,
                   .invalid_missing = form / FORMS % 2 != 0,
                   .text = buffer_string(&text),
                   .parameters = &parameters};
    check(&trial);
    buffer_free(&text);
    return 0;
}
