/*
 * States of parts: merged they make what the rows make, and whoever changed one is told so.
 *
 * First byte: which of the summaries below; second: what is done to the state; then a table up to
 * a NUL; then changes of three bytes each: an offset and what the byte there becomes.  A state that
 * was changed is refused, unless its checksum was made anew: then it may be anything but a crash.
 * With the third kind of deed the bytes behind the NUL are the whole state.
 */
#include "base/digest.h"
#include "fuzz.h"
#include "mains.h"

enum { LEAVE, CHANGE, CHANGE_AND_SIGN, REPLACE, DEEDS };
enum { TABLE, STATE };

static const char *const summaries[][2] = {
    {"count(*) as n, sum(x), mean(y) as m, min(x), max(y)", "k"},
    {"median(x), quantile(x, 0.9), mode(k) as often, count(distinct y)", "k, y"},
    {"stddev(x), variance_pop(y), first(k), last(x), max(text(y)) as t", NULL},
    {"sum(x * y) as p, count(x), first(text(y)) as f", "y"},
};
enum { SUMMARIES = sizeof summaries / sizeof *summaries };

typedef struct Command {
    int count;
    char *words[12];
} Command;

static void word_add(Command *command, const char *word)
{
    command->words[command->count++] = (char *)word;
}

static Command command_begin(void)
{
    Command command = {0};
    word_add(&command, "aggregate");
    return command;
}

static Command command_of(unsigned which, bool partial)
{
    Command command = command_begin();
    word_add(&command, summaries[which][0]);
    if (summaries[which][1] != NULL) {
        word_add(&command, "-g");
        word_add(&command, summaries[which][1]);
    }
    if (partial) {
        word_add(&command, "--partial");
        word_add(&command, "--part");
        word_add(&command, "1/1");
    }
    word_add(&command, "--");
    word_add(&command, fuzz_path(TABLE));
    return command;
}

static void run(void *context)
{
    Command *command = context;
    FUZZ_CHECK(aggregate_main(command->count, command->words) == 0);
}

/* What the command writes, copied; false if it fails, in one sentence. */
static bool written(Command command, Buffer *output)
{
    output->size = 0;
    fuzz_output();
    if (!fuzz_attempt(run, &command)) {
        FUZZ_CHECK(fuzz_message[0] != '\0' && strchr(fuzz_message, '\n') == NULL);
        return false;
    }
    Span contents = fuzz_contents(FUZZ_OUTPUT);
    buffer_append(output, contents.at, contents.size);
    return true;
}

static bool merged(Span state, Buffer *output)
{
    fuzz_file(STATE, state);
    Command command = command_begin();
    word_add(&command, "--merge");
    word_add(&command, "--");
    word_add(&command, fuzz_path(STATE));
    return written(command, output);
}

static void change(Buffer *state, FuzzInput *input)
{
    while (input->size >= 3) {
        unsigned high = fuzz_byte(input), low = fuzz_byte(input), byte = fuzz_byte(input);
        if (state->size != 0)
            state->at[(high << 8 | low) % state->size] = (char)byte;
    }
}

/* Cuts off the line of the checksum and writes that of what is left. */
static void sign(Buffer *state)
{
    static const char last[] = "\nend,sha256,";
    char hex[DIGEST_SIZE];
    size_t at = state->size;
    while (at > 0 && (state->size - at < sizeof last - 1 ||
                      memcmp(state->at + at, last, sizeof last - 1) != 0))
        at--;
    state->size = at + 1;
    Digest *digest = digest_begin();
    digest_add(digest, state->at, state->size);
    digest_end(digest, hex);
    buffer_text(state, last + 1);
    buffer_text(state, hex);
    buffer_text(state, ",\n");
}

static void check(unsigned deed, const Buffer *whole, Buffer *state, FuzzInput *input)
{
    Buffer result = {0}, before = {0};
    buffer_append(&before, state->at, state->size);
    if (deed != LEAVE)
        change(state, input);
    bool same = span_equal(buffer_span(state), buffer_span(&before));
    if (deed == CHANGE_AND_SIGN)
        sign(state);
    bool done = merged(buffer_span(state), &result);
    if (same)
        FUZZ_CHECK(done && span_equal(buffer_span(&result), buffer_span(whole)));
    else if (deed == CHANGE)
        FUZZ_CHECK(!done);
    buffer_free(&result);
    buffer_free(&before);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzInput input = {(const char *)bytes, size};
    unsigned which = fuzz_byte(&input) % SUMMARIES, deed = fuzz_byte(&input) % DEEDS;
    Buffer table = {0}, whole = {0}, state = {0};
    Span rows = fuzz_until(&input, '\0');
    buffer_text(&table, "k,x,y\n");
    buffer_append(&table, rows.at, rows.size);
    fuzz_file(TABLE, buffer_span(&table));
    if (deed == REPLACE)
        merged(fuzz_rest(&input), &state);
    else if (written(command_of(which, false), &whole) && written(command_of(which, true), &state))
        check(deed, &whole, &state, &input);
    buffer_free(&table);
    buffer_free(&whole);
    buffer_free(&state);
    return 0;
}
