/*
 * Tests of what a pipeline file becomes, printed as TAP: document_test
 *
 * What is refused is tested through `warrant check` (document.bats); here stands what a document
 * that is accepted holds: words of pipes and their places, values, matrices, expectations.
 */
#define _GNU_SOURCE /* mkstemps */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "warrant/document.h"
#include "warrant/pipe.h"

static int test_count, failed_count;

static void check(bool holds, const char *sentence)
{
    failed_count += !holds;
    printf("%s %d - %s\n", holds ? "ok" : "not ok", ++test_count, sentence);
}

static bool same(const char *a, const char *b)
{
    if (a != NULL && b != NULL && strcmp(a, b) == 0)
        return true;
    printf("# %s\n# %s\n", a == NULL ? "(none)" : a, b == NULL ? "(none)" : b);
    return false;
}

static Document *load(const char *text)
{
    char path[] = "/tmp/document_test.XXXXXX.yaml";
    int descriptor = mkstemps(path, 5);
    if (descriptor < 0)
        fail_errno("%s", path);
    close(descriptor);
    Output *output = output_open(path);
    output_write(output, text, strlen(text));
    output_commit(output);
    Trap trap;
    if (TRAP_SET(&trap)) {
        Document *document = document_load(path);
        trap_end(&trap);
        unlink(path);
        return document;
    }
    unlink(path);
    fail("%s", trap.message);
}

/* The words of every stage, each in brackets. */
static const char *words(const Pipe *pipe, Buffer *out)
{
    out->size = 0;
    for (size_t i = 0; i < pipe->count; i++) {
        buffer_text(out, i == 0 ? "" : "|");
        for (size_t j = 0; j < pipe->stages[i].word_count; j++)
            buffer_format(out, "[%s]", pipe->stages[i].words[j]);
    }
    return buffer_string(out);
}

static void test_words(void)
{
    static const struct {
        const char *text, *words, *sentence;
    } cases[] = {
        {"filter 'a > 1'", "[filter][a > 1]", "single quotes make one word"},
        {"filter \"a = 'x'\"", "[filter][a = 'x']", "double quotes hold single ones"},
        {"filter 'it''s'", "[filter][its]", "quotes that touch make one word"},
        {"filter a' > '1", "[filter][a > 1]", "quotes inside a word belong to it"},
        {"filter \"a\\\"b\\\\c\\$d\\`e\\n\"", "[filter][a\"b\\c$d`e\\n]",
         "a backslash in double quotes guards four characters only"},
        {"filter 'a\\b'", "[filter][a\\b]", "a backslash in single quotes is itself"},
        {"filter a\\ \\>\\ 1", "[filter][a > 1]", "a backslash outside quotes guards any"},
        {"filter 'a\nb'", "[filter][a\nb]", "a newline in quotes stays"},
        {"filter\n'a'\n-n 3\n|\npick b", "[filter][a][-n][3]|[pick][b]", "a newline is a blank"},
        {"filter a \\\n -n 3", "[filter][a][-n][3]", "a backslash joins lines"},
        {"filter ab\\\ncd", "[filter][abcd]", "a backslash joins a word over lines"},
        {"# first\nfilter a # b | c\n| pick b", "[filter][a]|[pick][b]",
         "comments are passed over"},
        {"pick a#b", "[pick][a#b]", "a # inside a word is itself"},
        {"filter a|pick b", "[filter][a]|[pick][b]", "a bar needs no blanks"},
        {"filter 'a || b $x ; > <'", "[filter][a || b $x ; > <]", "quotes take away all meaning"},
        {"filter \"a * b; c > d\"", "[filter][a * b; c > d]", "double quotes do but for $ and `"},
        {"derive \"'' as x\"", "[derive]['' as x]", "empty text inside a word"},
        {"filter ''", "[filter][]", "an empty word is a word"},
        {"pick -- -a", "[pick][--][-a]", "-- ends the options"},
    };
    Buffer out = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena arena = {0};
        Passage passage = {.file = "f", .text = cases[i].text, .mark = {1, 1}};
        Pipe pipe = pipe_parse(&passage, &arena);
        check(same(words(&pipe, &out), cases[i].words), cases[i].sentence);
        arena_free(&arena);
    }
    buffer_free(&out);
}

static const char sample[] =
    "version: 1\n"
    "params: { n: 1.50, q: \"9306\", w: FRA, none: , l: [A, 3, \"4\"], y: yes }\n"
    "sources:\n"
    "  table: name-of-table\n"
    "  arms: { series: arms, vintage: 2022-07, needs: { year: [2000, n], month: 3 } }\n"
    "steps:\n"
    "  late:\n"
    "    from: [early, table]\n"
    "    pipe: |\n"
    "\n"
    "      # who they are\n"
    "      filter 'a > 1' |\n"
    "        lookup a --from arms\n"
    "    show: |\n"
    "      table --limit 3\n"
    "\n"
    "      table\n"
    "  early: { from: table }\n"
    "claims:\n"
    "  one:\n"
    "    says: so\n"
    "    from: late\n"
    "    check:\n"
    "      - { value: a, printed: 9.0 }\n"
    "      - { value: b, equals: 2018 }\n"
    "      - { value: c, equals: \"2018\" }\n"
    "      - { value: d, equals: South Korea }\n"
    "      - { count: a > 1, near: \"120\", within: 5 }\n"
    "      - { name: last, value: a, more_than: { value: a, from: early } }\n"
    "    control: [ { in: arms, pipe: filter x }, { in: table, pipe: filter y } ]\n"
    "    expect:\n"
    "      plain: contradicted\n"
    "      growth: [reproduced, not testable]\n"
    "      growth:n=2,w=B,l=: contradicted\n"
    "      plain@2026-06: not testable\n"
    "  two: { says: so, untestable: no data, expect: not testable, readings: { own: { from: early "
    "} } }\n"
    "readings:\n"
    "  plain: { vintages: { arms: 2018-10 } }\n"
    "  growth: { params: { q: x }, matrix: { n: [1, 2], w: [A, B], l: [[], [A, B]] } }\n"
    "  other: { matrix: { n: [1, 2], w: [A, B] } }\n";

static void test_parameters(const Document *document)
{
    const Parameter *p = document->parameters.items;
    check(p[0].values[0].kind == PARAMETER_NUMBER && same(p[0].values[0].text.at, "1.50"),
          "a plain number is a number and keeps its digits");
    check(p[1].values[0].kind == PARAMETER_TEXT, "a quoted number is text");
    check(p[2].values[0].kind == PARAMETER_TEXT && same(p[2].values[0].text.at, "FRA"),
          "a plain word is text");
    check(p[3].values[0].kind == PARAMETER_MISSING && !p[3].list, "nothing is missing");
    check(p[4].list && p[4].count == 3 && p[4].values[1].kind == PARAMETER_NUMBER &&
              p[4].values[2].kind == PARAMETER_TEXT,
          "a list holds numbers and text");
    check(p[5].values[0].kind == PARAMETER_TEXT && same(p[5].values[0].text.at, "yes"),
          "yes is a word");
}

static void test_tables(const Document *document)
{
    const SourceName *table = &document->sources[0], *arms = &document->sources[1];
    check(same(table->resources[0], "name-of-table") && table->resource_count == 1 &&
              table->series == NULL,
          "a source may be a resource's name alone");
    check(same(arms->series, "arms") && same(arms->vintage, "2022-07") && arms->need_count == 2,
          "a series has a default vintage");
    check(arms->needs[0].first.parameter == NULL && same(arms->needs[0].last.parameter, "n"),
          "a bound is a number or a parameter");
    check(decimal_compare(arms->needs[1].first.number, arms->needs[1].last.number) == 0,
          "one bound is both");
    const Step *late = &document->steps[0];
    check(late->from_count == 2 && same(late->from[0], "early"),
          "a step may stand before its input");
    check(same(late->pipe.stages[1].tables[0], "arms") && late->pipe.stages[1].tables[1] == NULL,
          "--from names a table");
    check(late->pipe.stages[0].mark.line == 12 && late->pipe.stages[0].mark.column == 7 &&
              late->pipe.stages[1].mark.line == 13 && late->pipe.stages[1].mark.column == 9,
          "stages know their place");
    check(late->show_count == 2 && same(late->show[0].text, "table --limit 3") &&
              late->show[1].stages[0].word_count == 1,
          "show takes a command a line");
    check(document->steps[1].pipe.count == 0, "a step may do without a pipe");
}

static void test_readings(const Document *document)
{
    const ReadingList *list = &document->readings;
    check(list->count == 1 + 8 + 4, "a matrix is as many readings as it has cells");
    check(same(list->items[1].name, "growth:n=1,w=A,l=") &&
              same(list->items[2].name, "growth:n=1,w=A,l=A+B") &&
              same(list->items[8].name, "growth:n=2,w=B,l=A+B"),
          "the last parameter changes fastest");
    check(list->items[8].parameters.count == 4 && same(list->items[8].grid, "growth"),
          "a cell has the parameters of the reading and its own");
    check(list->items[0].grid == NULL && same(list->items[0].vintages[0].value, "2018-10"),
          "a reading may choose a vintage");
}

static void test_checks(const Document *document)
{
    const Claim *claim = document_claim(document, "one");
    const Check *c = claim->checks;
    check(c[0].printed_places == 1 && same(c[0].target, "9.0"), "printed keeps its digits");
    check(!c[1].target_is_text && c[2].target_is_text && c[3].target_is_text,
          "equals takes a number plain, and text quoted or not");
    check(same(c[4].name, "count") && c[4].comparison == COMPARE_NEAR &&
              decimal_compare(c[4].within, decimal_of(5)) == 0,
          "near has a tolerance");
    check(same(c[5].name, "last") && c[5].target == NULL && same(c[5].other->from, "early"),
          "the right side may be another value");
    check(claim->control_count == 2 && same(claim->controls[1].in, "table"),
          "controls may be several");
}

/* Whether that verdict is as expected; nothing said means reproduced, in the reading's own vintage.
 */
static bool expects(const Claim *claim, const char *reading, const char *vintage, Verdict verdict)
{
    const Expectation *expected = claim_expectation(claim, reading, vintage);
    if (expected == NULL)
        return vintage != NULL || verdict == VERDICT_REPRODUCED;
    for (size_t i = 0; i < expected->count; i++)
        if (expected->verdicts[i] == verdict)
            return true;
    return false;
}

static void test_expectations(const Document *document)
{
    const Claim *one = document_claim(document, "one"), *two = document_claim(document, "two");
    check(expects(one, "plain", NULL, VERDICT_CONTRADICTED) &&
              !expects(one, "plain", NULL, VERDICT_REPRODUCED),
          "an expectation binds its reading");
    check(expects(one, "growth:n=1,w=A,l=", NULL, VERDICT_NOT_TESTABLE) &&
              expects(one, "growth:n=1,w=A,l=", NULL, VERDICT_REPRODUCED),
          "the name of a matrix stands for its readings");
    check(!expects(one, "growth:n=2,w=B,l=", NULL, VERDICT_REPRODUCED),
          "unless they are named themselves");
    check(expects(one, "other:n=1,w=A", NULL, VERDICT_REPRODUCED) &&
              !expects(one, "other:n=1,w=A", NULL, VERDICT_CONTRADICTED),
          "what is not named is reproduced");
    check(expects(one, "plain", "2026-06", VERDICT_NOT_TESTABLE) &&
              !expects(one, "plain", "2026-06", VERDICT_CONTRADICTED),
          "READING@VINTAGE binds another vintage");
    check(claim_expectation(one, "plain", "2010-01") == NULL &&
              expects(one, "plain", "2010-01", VERDICT_FAILED),
          "nothing is expected of a vintage that is not named");
    check(expects(two, "own", NULL, VERDICT_NOT_TESTABLE) &&
              document_readings(document, two)->count == 1,
          "a claim's own readings take the place of the file's");
}

int main(void)
{
    diagnostic_program("document_test");
    test_words();
    Document *document = load(sample);
    test_parameters(document);
    test_tables(document);
    test_readings(document);
    test_checks(document);
    test_expectations(document);
    document_free(document);
    printf("1..%d\n", test_count);
    return failed_count != 0;
}
