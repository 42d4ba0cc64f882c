/*
 * The filters: whatever the table, strict CSV or one sentence.
 *
 * First byte: which of the command lines below; the rest: the table.  What comes out is read by
 * libcsv; a filter that keeps rows is held against its inverse.
 */
#include "../unit/csv_oracle.h"
#include "fuzz.h"
#include "mains.h"

enum { MOST_WORDS = 10 };
typedef int Main(int argc, char **argv);
typedef struct Template {
    Main *main;
    const char *words[MOST_WORDS];
} Template;

static const Template templates[] = {
    {filter_main, {"filter", "number(x) > 0 or k like 'a%'", NULL}},
    {filter_main, {"filter", "--invert", "k = 'a' and x between -1 and 1", "--invalid", "missing"}},
    {filter_main, {"filter", "x / y > 2 or x in (1, 2, 3)", "--limit", "3"}},
    {derive_main, {"derive", "x * y as p, x / y as q, k || '!' as t", NULL}},
    {derive_main, {"derive", "x % y as m, round(x, 2) as r, abs(x) as a", "--places", "4"}},
    {derive_main, {"derive", "sqrt(abs(x)) as x, upper(k) as k, substr(k, 2, 1) as s", NULL}},
    {aggregate_main, {"aggregate", "count(*), sum(x), min(x), max(x), mean(y)", "-g", "k"}},
    {aggregate_main, {"aggregate", "median(x), quantile(x, 0.9), mode(k)", "-g", "k, y"}},
    {aggregate_main, {"aggregate", "stddev(x), variance_pop(y), count(distinct x)", NULL}},
    {aggregate_main, {"aggregate", "first(k), last(x), max(text(y)), sum(x*y) as p", NULL}},
    {share_main, {"share", "x", "-g", "k", "--percent", "--cumulative"}},
    {share_main, {"share", "x", "--places", "1", "--largest-remainder", NULL}},
    {rank_main, {"rank", "x desc, text(k)", "-g", "y", "--tied", "n"}},
    {rank_main, {"rank", "x", "--method", "average", "--lag", "x,k", "--lead", "y"}},
    {rank_main, {"rank", "x desc", "--top", "2", NULL}},
    {rank_main, {"rank", "text(k), y desc", "--order-only", "--memory", "1K"}},
    {pick_main, {"pick", "y, k as name", NULL}},
    {pick_main, {"pick", "--except", "k", NULL}},
    {unpivot_main, {"unpivot", "x, y", "--into", "name,value", NULL}},
};
enum { TEMPLATES = sizeof templates / sizeof *templates };

typedef struct Command {
    const Template *template;
    int count;
    char *words[MOST_WORDS + 4];
} Command;

static void run(void *context)
{
    Command *command = context;
    FUZZ_CHECK(command->template->main(command->count, command->words) == 0);
}

static Command command_of(const Template *template, const char *path)
{
    Command command = {.template = template};
    while (command.count < MOST_WORDS && template->words[command.count] != NULL) {
        command.words[command.count] = (char *)template->words[command.count];
        command.count++;
    }
    command.words[command.count++] = (char *)"--";
    command.words[command.count++] = (char *)path;
    return command;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzInput input = {(const char *)bytes, size};
    const Template *template = &templates[fuzz_byte(&input) % TEMPLATES];
    Buffer table = {0};
    if (input.size > 0 && input.at[0] != 'k') /* most inputs should get past the header */
        buffer_text(&table, "k,x,y\n");
    buffer_append(&table, input.at, input.size);
    Command command = command_of(template, fuzz_file(0, (Span){table.at, table.size}));
    fuzz_output();
    if (fuzz_attempt(run, &command)) {
        Span out = fuzz_contents(FUZZ_OUTPUT);
        Oracle oracle = {0};
        oracle_read(&oracle, out.at, out.size);
        FUZZ_CHECK(oracle.sound && oracle.rows > 0);
        oracle_free(&oracle);
    } else {
        FUZZ_CHECK(fuzz_message[0] != '\0' && strchr(fuzz_message, '\n') == NULL);
    }
    buffer_free(&table);
    return 0;
}
