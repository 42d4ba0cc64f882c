/*
 * Tests of src/expr, printed as TAP: expression_test [FILE]
 *
 * Most are cases in tests/data/expressions.txt, whose head explains how they are written.  Every
 * case is evaluated over all its rows at once and again over each row alone: both must agree.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "expr/evaluate.h"
#include "expr/pattern.h"

enum { MOST_LINES = 16, MOST_ROWS = 32 };

static int test_count, failed_count;

static void report(bool holds, const char *sentence, int line)
{
    failed_count += !holds;
    if (line > 0)
        printf("%s %d - line %d: %s\n", holds ? "ok" : "not ok", ++test_count, line, sentence);
    else
        printf("%s %d - %s\n", holds ? "ok" : "not ok", ++test_count, sentence);
    fflush(stdout);
}

/* ---- one case ---- */

typedef enum Mode { MODE_VALUE, MODE_CONDITION, MODE_ORDER, MODE_DERIVE, MODE_SUMMARIES } Mode;

typedef struct Case {
    int line;
    Mode mode;
    bool invalid_missing, types;
    const char *bindings[MOST_LINES];
    size_t binding_count;
    const char *expression, *table, *expected;
} Case;

/* What a case holds on to, so that it can be freed after a failure too. */
typedef struct Bench {
    Arena arena;
    Parameters parameters;
    Reader *reader;
    Evaluation *evaluation;
    Buffer result;
} Bench;

static const char *type_word(Type type)
{
    static const char *const words[] = {"null", "cell", "number", "text", "truth"};
    return words[type];
}

static ItemList items_of(const Case *given, const Source *source, Bench *bench)
{
    static Item one;
    one = (Item){0};
    switch (given->mode) {
    case MODE_ORDER:
        return expression_order(source, &bench->arena);
    case MODE_DERIVE:
        return expression_derivations(source, &bench->arena);
    case MODE_SUMMARIES:
        return expression_summaries(source, &bench->arena);
    case MODE_CONDITION:
        one.expression = expression_condition(source, &bench->arena);
        break;
    default:
        one.expression = expression_value(source, &bench->arena);
    }
    return (ItemList){&one, 1};
}

static void write_table(const char *table)
{
    FILE *file = fopen("t.csv", "w");
    if (file == NULL)
        fail_errno("t.csv");
    for (const char *at = table; *at != '\0';) {
        const char *bar = strstr(at, " | ");
        size_t size = bar == NULL ? strlen(at) : (size_t)(bar - at);
        fprintf(file, "%.*s\n", (int)size, at);
        at += size + (bar == NULL ? 0 : 3);
    }
    fclose(file);
}

static void add_row(Buffer *out, Span text)
{
    if (out->size != 0)
        buffer_text(out, " | ");
    if (text.size == 0)
        buffer_text(out, "null");
    else
        buffer_append(out, text.at, text.size);
}

static void evaluate_alone(Bench *bench, const Expression *expression, size_t rows, Buffer *out)
{
    for (uint32_t row = 0; row < rows; row++) {
        Selection one = {&row, 1};
        add_row(out, evaluate_texts(bench->evaluation, expression, one)->texts[row]);
    }
}

static void evaluate_item(Bench *bench, Expression *expression, const Batch *batch)
{
    Buffer alone = {0};
    evaluation_batch(bench->evaluation, batch);
    Selection all = evaluation_all(bench->evaluation);
    Buffer together = {0};
    const Vector *texts = evaluate_texts(bench->evaluation, expression, all);
    for (size_t row = 0; row < batch->rows; row++)
        add_row(&together, texts->texts[row]);
    evaluation_batch(bench->evaluation, batch);
    evaluate_alone(bench, expression, batch->rows, &alone);
    if (!span_equal(buffer_span(&together), buffer_span(&alone)))
        buffer_format(&bench->result, "(row by row: %s)", buffer_string(&alone));
    if (bench->result.size != 0)
        buffer_text(&bench->result, " ; ");
    buffer_append(&bench->result, together.at, together.size);
    buffer_free(&alone);
    buffer_free(&together);
}

static void describe_item(Bench *bench, const Item *item)
{
    if (bench->result.size != 0)
        buffer_text(&bench->result, ", ");
    buffer_text(&bench->result, type_word(expression_type(item->expression)));
    if (item->name != NULL)
        buffer_format(&bench->result, " as %s", item->name);
    if (item->descending)
        buffer_text(&bench->result, " desc");
}

static void run_case(const Case *given, Bench *bench)
{
    for (size_t i = 0; i < given->binding_count; i++)
        parameters_bind(&bench->parameters, given->bindings[i]);
    Source source = {.text = given->expression, .label = "e", .parameters = &bench->parameters};
    ItemList list = items_of(given, &source, bench);
    if (given->types || given->mode == MODE_SUMMARIES) {
        for (size_t i = 0; i < list.count; i++)
            describe_item(bench, &list.items[i]);
        return;
    }
    write_table(given->table);
    char *paths[] = {(char[]){"t.csv"}};
    Batch batch;
    bench->reader = reader_open(paths, 1, &(ReaderOptions){0});
    for (size_t i = 0; i < list.count; i++)
        expression_bind(list.items[i].expression, reader_header(bench->reader), "t.csv");
    bench->evaluation = evaluation_open(given->invalid_missing);
    if (!reader_next(bench->reader, &batch))
        return;
    for (size_t i = 0; i < list.count; i++)
        evaluate_item(bench, list.items[i].expression, &batch);
}

static void bench_clear(Bench *bench)
{
    if (bench->evaluation != NULL)
        evaluation_close(bench->evaluation);
    if (bench->reader != NULL)
        reader_close(bench->reader);
    parameters_free(&bench->parameters);
    arena_free(&bench->arena);
    buffer_free(&bench->result);
    *bench = (Bench){0};
}

static void test_case(const Case *given)
{
    static Bench bench;
    Trap trap;
    Buffer got = {0};
    if (TRAP_SET(&trap)) {
        run_case(given, &bench);
        trap_end(&trap);
        buffer_append(&got, bench.result.at, bench.result.size);
    } else {
        buffer_format(&got, "%s %s", trap.status == EXIT_USAGE ? "usage:" : "fails:", trap.message);
    }
    bool same = strcmp(buffer_string(&got), given->expected) == 0;
    if (!same)
        printf("# wanted: %s\n#    got: %s\n", given->expected, buffer_string(&got));
    report(same, given->expression, given->line);
    buffer_free(&got);
    bench_clear(&bench);
}

/* ---- the file of cases ---- */

static void read_directive(Case *given, const char *word)
{
    if (strncmp(word, "-p ", 3) == 0)
        given->bindings[given->binding_count++ % MOST_LINES] = word + 3;
    else if (strcmp(word, "condition") == 0)
        given->mode = MODE_CONDITION;
    else if (strcmp(word, "order") == 0)
        given->mode = MODE_ORDER;
    else if (strcmp(word, "derive") == 0)
        given->mode = MODE_DERIVE;
    else if (strcmp(word, "summaries") == 0)
        given->mode = MODE_SUMMARIES;
    else if (strcmp(word, "invalid missing") == 0)
        given->invalid_missing = true;
    else if (strcmp(word, "types") == 0)
        given->types = true;
    else
        report(false, word, given->line);
}

static const char **next_part(Case *given)
{
    return given->expression == NULL ? &given->expression
           : given->table == NULL    ? &given->table
                                     : &given->expected;
}

static void run_cases(char *text)
{
    Case given = {0};
    int number = 0;
    for (char *line = text; line != NULL;) {
        char *next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        number++;
        if (line[0] == '@') {
            read_directive(&given, line + 1);
        } else if (line[0] == '\0') {
            if (given.expected != NULL)
                test_case(&given);
            else if (given.expression != NULL)
                report(false, "a case is not whole", given.line);
            given = (Case){0};
        } else if (line[0] != '#') {
            given.line = given.expression == NULL ? number : given.line;
            *next_part(&given) = line;
        }
        line = next;
    }
    if (given.expected != NULL)
        test_case(&given);
}

/* ---- what is easier said in C ---- */

static Arena arena;

static Expression *value_of(const char *text)
{
    Source source = {.text = text, .label = "e"};
    return expression_value(&source, &arena);
}

static bool is_refused(const char *text, const char *message)
{
    Trap trap;
    if (TRAP_SET(&trap)) {
        value_of(text);
        trap_end(&trap);
        return false;
    }
    bool same = strncmp(trap.message, message, strlen(message)) == 0;
    if (!same)
        printf("# got: %s\n", trap.message);
    return same && trap.status == EXIT_USAGE;
}

static char *repeated(const char *piece, size_t times)
{
    Buffer buffer = {0};
    for (size_t i = 0; i < times; i++)
        buffer_text(&buffer, piece);
    char *copy = arena_copy(&arena, buffer_string(&buffer), buffer.size);
    buffer_free(&buffer);
    return copy;
}

static void test_limits(void)
{
    report(is_refused(repeated("(", 5000), "e:1:201: more than 200 levels"),
           "open parentheses without end are refused", 0);
    report(is_refused(repeated("-", 1), "e:1:2: something is missing"), "a lone sign is refused",
           0);
    report(is_refused(repeated("- ", 30000), "e:1:401: more than 200 levels"),
           "signs without end are refused", 0);
    report(is_refused(repeated("not ", 16000), "e:1:801: more than 200 levels"),
           "not without end is refused", 0);
    report(is_refused(repeated("1+", 20000), "e:1:4000: more than 2000 operations"),
           "a sum of thousands of parts is refused", 0);
    report(is_refused(repeated("x", 70000), "e: longer than 64 KiB"), "a long text is refused", 0);
    char *chain = arena_format(&arena, "%s true", repeated("x = 'y' or ", 5900));
    report(expression_type(value_of(chain)) == TYPE_TRUTH, "a chain of or may be long", 0);
}

static char *columns_shown(const char *text, ColumnSyntax syntax)
{
    Buffer buffer = {0};
    Trap trap;
    if (TRAP_SET(&trap)) {
        ColumnList list = expression_columns(text, "-g", syntax, &arena);
        for (size_t i = 0; i < list.count; i++)
            buffer_format(&buffer, "[%s%s%s]", list.columns[i].name,
                          list.columns[i].as != NULL ? ">" : "",
                          list.columns[i].as != NULL ? list.columns[i].as : "");
        trap_end(&trap);
    } else {
        buffer_format(&buffer, "%s", trap.message);
    }
    char *copy = arena_copy(&arena, buffer_string(&buffer), buffer.size);
    buffer_free(&buffer);
    return copy;
}

static void test_columns(void)
{
    static const struct {
        const char *text;
        ColumnSyntax syntax;
        const char *shown;
    } cases[] = {
        {"a", COLUMNS_PLAIN, "[a]"},
        {" a , Arms type ,2003", COLUMNS_PLAIN, "[a][Arms type][2003]"},
        {"\"a,b\",\"say \"\"x\"\"\" , \"c as d\"", COLUMNS_AS, "[a,b][say \"x\"][c as d]"},
        {"a as b, c AS d e ,f", COLUMNS_AS, "[a>b][c>d e][f]"},
        {"\"a\" as \"b\"", COLUMNS_AS, "[a>b]"},
        {"a as b", COLUMNS_PLAIN, "[a as b]"},
        {"basis, as, a as as", COLUMNS_AS, "[basis][as][a>as]"},
        {"recipient=name, year", COLUMNS_EQUAL, "[recipient>name][year]"},
        {"a = b", COLUMNS_EQUAL, "[a>b]"},
        {"a=b", COLUMNS_PLAIN, "[a=b]"},
        {"수출국,연도", COLUMNS_PLAIN, "[수출국][연도]"},
        {"", COLUMNS_PLAIN, "-g:1:1: a column name is missing"},
        {"a,", COLUMNS_PLAIN, "-g:1:3: a column name is missing"},
        {"a,,b", COLUMNS_PLAIN, "-g:1:3: a column name is missing"},
        {"a as ", COLUMNS_AS, "-g:1:6: a column name is missing"},
        {"\"\"", COLUMNS_PLAIN, "-g:1:1: a column name is missing"},
        {"\"a", COLUMNS_PLAIN, "-g:1:1: this \" is never closed"},
        {"\"a\"b", COLUMNS_PLAIN, "-g:1:4: a comma is due here, not b"},
        {"a\"b", COLUMNS_PLAIN,
         "-g:1:2: a name with a quote in it stands in double quotes, the quote doubled"},
        {"a as b as c", COLUMNS_AS, "-g:1:8: a comma is due here, not as c"},
        {"a=b=c", COLUMNS_EQUAL, "-g:1:4: a comma is due here, not =c"},
        {"a\xff", COLUMNS_PLAIN, "-g:1:2: not UTF-8: \\xff"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *got = columns_shown(cases[i].text, cases[i].syntax);
        bool same = strcmp(got, cases[i].shown) == 0;
        if (!same)
            printf("# wanted: %s\n#    got: %s\n", cases[i].shown, got);
        report(same,
               arena_format(&arena, "column list: %s", shown(cases[i].text, strlen(cases[i].text))),
               0);
    }
}

static char *parameter_shown(const char *assignment)
{
    Parameters parameters = {0};
    Buffer buffer = {0};
    Trap trap;
    if (TRAP_SET(&trap)) {
        parameters_bind(&parameters, assignment);
        parameter_write(&parameters.items[0], &buffer);
        for (size_t i = 0; i < parameters.items[0].count; i++)
            buffer_text(&buffer, &" -#\0 -n\0 -t\0"[4 * parameters.items[0].values[i].kind + 2]);
        trap_end(&trap);
    } else {
        buffer_text(&buffer, trap.message);
    }
    char *copy = arena_copy(&arena, buffer_string(&buffer), buffer.size);
    buffer_free(&buffer);
    parameters_free(&parameters);
    return copy;
}

/* What is bound, as it would be written back, and # n t for each missing, number, text. */
static void test_parameters(void)
{
    static const char *const cases[][2] = {
        {"x=2018", "x=2018n"},
        {"x=-1.50", "x=-1.50n"},
        {"x=FRA", "x='FRA't"},
        {"x='9306'", "x='9306't"},
        {"x='it''s'", "x='it''s't"},
        {"x=", "x=#"},
        {"x=''", "x=#"},
        {"x= 12", "x=' 12't"},
        {"x=1,234", "x='1,234't"},
        {"x=('FRA','DEU', 3)", "x=('FRA', 'DEU', 3)ttn"},
        {"x=( FRA , 'a,b)' )", "x=('FRA', 'a,b)')tt"},
        {"x=()", "x=()"},
        {"x=('')", "x=('')#"},
        {"x=a=b", "x='a=b't"},
        {"국가=한국", "국가='한국't"},
        {"x=drop' table", "x='drop'' table't"},
        {"x", "parameter must be NAME=VALUE, the name of letters, digits and _: x"},
        {"1x=3", "parameter must be NAME=VALUE, the name of letters, digits and _: 1x=3"},
        {"x='a", "parameter x: this ' is never closed: 'a"},
        {"x='a'b", "parameter x: a quote inside a text is doubled: 'a'b"},
        {"x=(1", "parameter x: the list is never closed: (1 (quote it if it is text: '(…')"},
        {"x=(1,,2)", "parameter x: an item of the list is empty"},
        {"x=(1,)", "parameter x: an item of the list is empty"},
        {"x=('a' b)", "parameter x: a quote inside a text is doubled: 'a' b"},
        {"x=1e9999", "parameter x: number has more than 1000 digits: 1e9999"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *got = parameter_shown(cases[i][0]);
        bool same = strcmp(got, cases[i][1]) == 0;
        if (!same)
            printf("# wanted: %s\n#    got: %s\n", cases[i][1], got);
        report(same, arena_format(&arena, "parameter %s", cases[i][0]), 0);
    }
}

static void test_twice(void)
{
    Parameters parameters = {0};
    Trap trap;
    parameters_bind(&parameters, "x=1");
    bool refused = true;
    if (TRAP_SET(&trap)) {
        parameters_bind(&parameters, "x=2");
        trap_end(&trap);
        refused = false;
    }
    report(refused && strcmp(trap.message, "parameter x is bound twice") == 0,
           "a parameter is bound once", 0);
    parameters_free(&parameters);
}

enum { LONGEST_PATTERN = 200, LONGEST_TEXT = 1000 };

/* The dumb way: a table of which end of the pattern matches which end of the text. */
static bool match_slowly(Span pattern, Span text)
{
    static bool matches[LONGEST_PATTERN + 1][LONGEST_TEXT + 1];
    for (size_t p = pattern.size + 1; p-- > 0;)
        for (size_t t = text.size + 1; t-- > 0;) {
            char element = p < pattern.size ? pattern.at[p] : '\0';
            size_t width = t < text.size ? utf8_length(text.at + t, text.size - t) : 1;
            if (p == pattern.size || (t == text.size && element != '%'))
                matches[p][t] = p == pattern.size && t == text.size;
            else if (element == '%')
                matches[p][t] = matches[p + 1][t] || (t < text.size && matches[p][t + 1]);
            else if (element == '_')
                matches[p][t] = width != 0 && matches[p + 1][t + width];
            else
                matches[p][t] = element == text.at[t] && matches[p + 1][t + 1];
        }
    return matches[0][0];
}

static unsigned random_below(unsigned *state, unsigned limit)
{
    *state = *state * 1103515245u + 12345u;
    return (*state >> 16) % limit;
}

/* A text of up to `most` bytes, of letters of which the first `kinds` may occur. */
static void random_text(unsigned *state, Buffer *text, const char *const *letters, unsigned kinds,
                        unsigned most)
{
    text->size = 0;
    for (unsigned left = random_below(state, most - 2); left > 0; left--) {
        buffer_text(text, letters[random_below(state, kinds)]);
        if (text->size + 3 > most)
            break;
    }
}

static int patterns_wrong(unsigned rounds, unsigned longest_pattern, unsigned longest_text,
                          const char *const *elements, unsigned element_kinds,
                          const char *const *letters, unsigned kinds)
{
    unsigned state = 12345;
    int wrong = 0;
    Buffer written = {0}, text = {0};
    Pattern pattern = {0};
    for (unsigned round = 0; round < rounds; round++) {
        random_text(&state, &written, elements, element_kinds, longest_pattern);
        random_text(&state, &text, letters, kinds, longest_text);
        bool read = pattern_read(&pattern, buffer_span(&written), false) == NULL;
        wrong += !read || pattern_match(&pattern, buffer_span(&text)) !=
                              match_slowly(buffer_span(&written), buffer_span(&text));
    }
    pattern_free(&pattern);
    buffer_free(&written);
    buffer_free(&text);
    return wrong;
}

static void test_patterns(void)
{
    static const char *const few[] = {"a", "%", "_", "\xc3\xa9", "b"};
    static const char *const letters[] = {"a", "\xc3\xa9", "b", "\xe2\x82\xac"};
    report(patterns_wrong(200000, 8, 12, few, 5, letters, 4) == 0,
           "like agrees with trying everything", 0);
    static const char *const same[] = {"a", "a", "a", "a", "a", "a", "a", "_", "a", "a",       "a",
                                       "a", "_", "a", "a", "a", "a", "a", "a", "%", "\xc3\xa9"};
    static const char *const mostly[] = {"a", "a", "a", "a", "a", "a", "a",       "a",
                                         "a", "a", "a", "a", "a", "a", "\xc3\xa9"};
    report(patterns_wrong(2000, LONGEST_PATTERN, LONGEST_TEXT, same, 20, mostly, 14) == 0 &&
               patterns_wrong(2000, LONGEST_PATTERN, LONGEST_TEXT, same, 21, mostly, 15) == 0 &&
               patterns_wrong(3000, 30, LONGEST_TEXT, same, 21, mostly, 15) == 0,
           "like agrees with it where pieces nearly match everywhere", 0);
}

/* ---- summaries cut out, slots put in ---- */

static Vector slot_number(Number *number, uint8_t *missing)
{
    return (Vector){.type = TYPE_NUMBER, .room = 1, .numbers = number, .missing = missing};
}

static const char *group_place(void *context, size_t row)
{
    const Span *years = context;
    return arena_format(&arena, "group %.*s", (int)years[row].size, years[row].at);
}

static void test_slots(void)
{
    Source source = {.text = "sum(tiv * tiv) / power(sum(tiv), 2) as hhi, sum(tiv) as s, "
                             "year || '!' as y, max(year) - first(year) as span, 1 / sum(tiv) as r",
                     .label = "summaries"};
    ItemList list = expression_summaries(&source, &arena);
    ColumnList groups = expression_columns("year", "-g", COLUMNS_PLAIN, &arena);
    SummaryCalls calls = {0};
    for (size_t i = 0; i < list.count; i++)
        expression_take_summaries(list.items[i].expression, &calls, &groups);
    report(calls.count == 4, "equal summaries share a slot", 0);

    Number numbers[4] = {number_of(decimal_of(50)), number_of(decimal_of(10)),
                         number_of(decimal_of(2009)), number_of(decimal_of(0))};
    uint8_t missing[4] = {0};
    Span year = SPAN("1999"), first = SPAN("2005");
    Vector slots[4], group = {.type = TYPE_CELL, .room = 1, .texts = &year};
    for (size_t i = 0; i < 4; i++)
        slots[i] = slot_number(&numbers[i], &missing[i]);
    slots[3] = (Vector){.type = TYPE_CELL, .room = 1, .texts = &first};
    report(summary_type(&calls.calls[3]) == TYPE_CELL, "first(x) of a bare column is a cell", 0);

    Evaluation *evaluation = evaluation_open(false);
    evaluation_slots(evaluation, slots, &group, 1, group_place, (void *)&year);
    static const char *const wanted[] = {"0.5", "10", "1999!", "4", "0.1"};
    bool same = true;
    for (size_t i = 0; i < list.count; i++) {
        const Vector *got =
            evaluate_texts(evaluation, list.items[i].expression, evaluation_all(evaluation));
        same = same && span_equal(got->texts[0], span_of(wanted[i]));
    }
    report(same, "expressions over summaries are evaluated from slots", 0);

    numbers[1] = number_of(decimal_of(0));
    Trap trap;
    evaluation_slots(evaluation, slots, &group, 1, group_place, (void *)&year);
    if (TRAP_SET(&trap)) {
        evaluate(evaluation, list.items[4].expression, evaluation_all(evaluation));
        trap_end(&trap);
    }
    report(strcmp(trap.message, "group 1999: summaries:1:113: division by zero") == 0,
           "a fault over slots names the group", 0);
    evaluation_close(evaluation);
    free(calls.calls);
}

static void test_stray_column(void)
{
    Source source = {.text = "sum(tiv) / units as x", .label = "summaries"};
    ItemList list = expression_summaries(&source, &arena);
    SummaryCalls calls = {0};
    Trap trap;
    if (TRAP_SET(&trap)) {
        expression_take_summaries(list.items[0].expression, &calls, NULL);
        trap_end(&trap);
    }
    report(strcmp(trap.message,
                  "summaries:1:12: column units must stand inside a summary or in -g") == 0,
           "a column outside of summaries must be a group's", 0);
    free(calls.calls);
}

/* ---- conditions as numbers ---- */

static void test_condition_order(void)
{
    write_table("a | 7 | \"\" | 3");
    char *paths[] = {(char[]){"t.csv"}};
    Reader *reader = reader_open(paths, 1, &(ReaderOptions){0});
    Source source = {.text = "a > 5 desc", .label = "order"};
    Expression *key = expression_order(&source, &arena).items[0].expression;
    Evaluation *evaluation = evaluation_open(false);
    Batch batch;
    reader_next(reader, &batch);
    evaluation_batch(evaluation, &batch);
    expression_bind(key, reader_header(reader), "t.csv");
    const Vector *got = evaluate_numbers(evaluation, key, evaluation_all(evaluation));
    report(number_compare(got->numbers[0], number_of(decimal_of(1))) == 0 && got->missing[1] &&
               number_compare(got->numbers[2], number_of(decimal_of(0))) == 0,
           "a condition that orders rows is 1 where it holds, 0 where not, or missing", 0);
    evaluation_close(evaluation);
    reader_close(reader);
}

/* ---- faults and selections ---- */

static void test_hold(void)
{
    write_table("a,b | 1,2 | 3,x | y,4");
    char *paths[] = {(char[]){"t.csv"}};
    Reader *reader = reader_open(paths, 1, &(ReaderOptions){0});
    Source source = {.text = "a + 1 as p, b + 1 as q", .label = "e"};
    ItemList list = expression_derivations(&source, &arena);
    Evaluation *evaluation = evaluation_open(false);
    Batch batch;
    Trap trap;
    reader_next(reader, &batch);
    evaluation_batch(evaluation, &batch);
    if (TRAP_SET(&trap)) {
        evaluation_hold(evaluation);
        for (size_t i = 0; i < 2; i++) {
            expression_bind(list.items[i].expression, reader_header(reader), "t.csv");
            evaluate(evaluation, list.items[i].expression, evaluation_all(evaluation));
        }
        evaluation_release(evaluation);
        trap_end(&trap);
    }
    report(strncmp(trap.message, "t.csv:3:3: b: not a number: \"x\"", 31) == 0,
           "of several expressions the first row's fault is told", 0);
    evaluation_close(evaluation);
    reader_close(reader);
}

static void test_invalid_count(void)
{
    write_table("a | 1 | x | y | 4");
    char *paths[] = {(char[]){"t.csv"}};
    Reader *reader = reader_open(paths, 1, &(ReaderOptions){0});
    Source source = {.text = "a > 1 or a + 1 > 2 or a between 7 and 9 or a in (77)", .label = "e"};
    Expression *condition = expression_condition(&source, &arena);
    Evaluation *evaluation = evaluation_open(true);
    Batch batch;
    uint32_t chosen[8];
    reader_next(reader, &batch);
    evaluation_batch(evaluation, &batch);
    expression_bind(condition, reader_header(reader), "t.csv");
    Selection all = evaluation_all(evaluation);
    size_t kept = evaluate_condition(evaluation, condition, all, TRUTH_TRUE, chosen);
    size_t lost = evaluate_condition(evaluation, condition, all, TRUTH_MISSING, chosen);
    report(kept == 1 && lost == 2 && chosen[0] == 1 && chosen[1] == 2,
           "cells that are no numbers make a condition missing under --invalid missing", 0);
    report(evaluation_invalid(evaluation) == 2, "each invalid cell counts once", 0);
    evaluation_close(evaluation);
    reader_close(reader);
}

int main(int argc, char **argv)
{
    diagnostic_program("expression_test");
    unsetenv("WARRANT_CHUNK"); /* each case is one batch */
    size_t size;
    char *cases = file_load(argc > 1 ? argv[1] : "tests/data/expressions.txt", 1 << 24, &size);
    char folder[] = "/tmp/expression_test.XXXXXX";
    if (mkdtemp(folder) == NULL || chdir(folder) != 0)
        fail_errno("%s", folder);
    run_cases(cases);
    test_limits();
    test_columns();
    test_parameters();
    test_twice();
    test_patterns();
    test_slots();
    test_stray_column();
    test_condition_order();
    test_hold();
    test_invalid_count();
    printf("1..%d\n", test_count);
    unlink("t.csv");
    rmdir(folder);
    free(cases);
    arena_free(&arena);
    return failed_count != 0;
}
