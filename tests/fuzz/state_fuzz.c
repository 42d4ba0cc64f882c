/*
 * Partial states: whatever the bytes, the summaries of what stands in them or one sentence.
 *
 * First byte, what the rest is:
 *   0  a state as it stands;
 *   1  what stands in a state between its version and its checksum, which are put about it, so that
 *      what lies behind the checksum is reached;
 *   2  a byte that chooses an aggregate, a byte that says where to cut, and a table: the states of
 *      its two pieces, merged, give what the aggregate of the whole gives;
 *   3  the same behind four bytes of damage to one of the states.  With its old checksum it is
 *      refused or changes nothing; with a new one it is refused or gives strict CSV.
 * Every merge is made in ample and in scant memory, which must not differ.
 */
#include "../unit/csv_oracle.h"
#include "base/digest.h"
#include "fuzz.h"
#include "mains.h"

enum { MOST_WORDS = 16 };
static const char *const aggregates[][8] = {
    {"count(*), sum(x), mean(y), count(x)", "-g", "k", NULL},
    {"min(x), max(y), min(text(k)), median(x)", "-g", "k, y", "--invalid", "missing"},
    {"stddev(x), variance_pop(y), count(distinct k)", "--invalid", "missing", NULL},
    {"quantile(x, 0.25), mode(k), mode(number(x)) as m", "-g", "y", NULL},
    {"first(k), last(x), sum(x * y) as p, max(k || y) as j", NULL},
    {"sum(x) / count(*) - :p as q, stddev_pop(x) as s", "-g", "k", "-p", "p=2", "--places", "3"},
    {"count(distinct number(x)) as d, first(y), last(text(y)) as l", "-g", "k", NULL},
    {"sum(case when k = 'a' then x else 1 end) as c, variance(x)", "-g", "k", NULL},
    {"geomean(abs(x) + 1) as g, count(*) * 2 as n", "-g", "k", NULL},
};
enum { AGGREGATES = sizeof aggregates / sizeof *aggregates, WORDS = 8 };
enum { FILE_WHOLE, FILE_FIRST, FILE_SECOND }; /* slots */
enum { TRIAL_BYTES, TRIAL_BODY, TRIAL_LAW, TRIAL_DAMAGE, TRIALS };

/* ---- commands ---- */

typedef struct Command {
    int count;
    char *words[MOST_WORDS];
} Command;

static void add(Command *command, const char *word)
{
    command->words[command->count++] = (char *)word;
}

static void run(void *context)
{
    Command *command = context;
    FUZZ_CHECK(aggregate_main(command->count, command->words) == 0);
}

/* Appends what the command writes; false if it says a sentence instead. */
static bool attempt(Command *command, Buffer *out)
{
    fuzz_output();
    if (!fuzz_attempt(run, command)) {
        FUZZ_CHECK(fuzz_message[0] != '\0' && strchr(fuzz_message, '\n') == NULL);
        return false;
    }
    Span written = fuzz_contents(FUZZ_OUTPUT);
    buffer_append(out, written.at, written.size);
    return true;
}

/* part: "I/2", or NULL for the aggregate itself. */
static bool aggregate(unsigned number, const char *part, size_t slot, Buffer *out)
{
    Command command = {0};
    add(&command, "aggregate");
    for (size_t i = 0; i < WORDS && aggregates[number][i] != NULL; i++)
        add(&command, aggregates[number][i]);
    if (part != NULL) {
        add(&command, "--partial");
        add(&command, "--part");
        add(&command, part);
    }
    add(&command, "--");
    add(&command, fuzz_path(slot));
    return attempt(&command, out);
}

static bool merge_within(const char *memory, size_t parts, Buffer *out)
{
    Command command = {0};
    add(&command, "aggregate");
    add(&command, "--merge");
    add(&command, "--memory");
    add(&command, memory);
    add(&command, "--");
    for (size_t i = 0; i < parts; i++)
        add(&command, fuzz_path(FILE_FIRST + i));
    return attempt(&command, out);
}

static bool same(const Buffer *one, const Buffer *other)
{
    return span_equal(buffer_span(one), buffer_span(other));
}

static bool merge(size_t parts, Buffer *out)
{
    Buffer scant = {0};
    bool done = merge_within("64M", parts, out);
    FUZZ_CHECK(merge_within("1K", parts, &scant) == done);
    FUZZ_CHECK(same(out, &scant));
    buffer_free(&scant);
    if (done) {
        Oracle oracle = {0};
        oracle_read(&oracle, out->at, out->size);
        FUZZ_CHECK(oracle.sound && oracle.rows > 0);
        oracle_free(&oracle);
    }
    return done;
}

/* ---- states ---- */

static const char checksum_row[] = "\nend,sha256,";

/* Where the newline before the last checksum stands, or the end. */
static size_t checksum_at(const Buffer *state)
{
    size_t size = sizeof checksum_row - 1;
    for (size_t at = state->size; at-- > 0;)
        if (state->size - at >= size && memcmp(state->at + at, checksum_row, size) == 0)
            return at;
    return state->size;
}

static void mend_checksum(Buffer *state)
{
    char hex[DIGEST_SIZE];
    state->size = checksum_at(state);
    while (state->size > 0 && state->at[state->size - 1] == '\n')
        state->size--;
    buffer_byte(state, '\n');
    Digest *digest = digest_begin();
    digest_add(digest, state->at, state->size);
    digest_end(digest, hex);
    buffer_format(state, "end,sha256,%s,\n", hex);
}

static void try_bytes(FuzzInput *input)
{
    Buffer out = {0};
    fuzz_file(FILE_FIRST, fuzz_rest(input));
    merge(1, &out);
    buffer_free(&out);
}

static void try_body(FuzzInput *input)
{
    Buffer state = {0}, out = {0};
    Span body = fuzz_rest(input);
    buffer_text(&state, "record,item,value,n\nheader,version," WARRANT_VERSION ",\n");
    buffer_append(&state, body.at, body.size);
    mend_checksum(&state);
    fuzz_file(FILE_FIRST, buffer_span(&state));
    merge(1, &out);
    buffer_free(&state);
    buffer_free(&out);
}

/* ---- the law ---- */

/* The first end of a row at or behind the place; the rows are strict CSV, or no law holds. */
static size_t row_end(Span rows, size_t place)
{
    bool inside = false;
    for (size_t i = 0; i < rows.size; i++) {
        inside ^= rows.at[i] == '"';
        if (rows.at[i] == '\n' && !inside && i >= place)
            return i + 1;
    }
    return rows.size;
}

static void table_file(size_t slot, Span rows)
{
    Buffer table = {0};
    buffer_text(&table, "k,x,y\n");
    buffer_append(&table, rows.at, rows.size);
    fuzz_file(slot, buffer_span(&table));
    buffer_free(&table);
}

typedef struct Damage {
    unsigned kind, high, low, byte;
} Damage;

static Damage damage_of(FuzzInput *input)
{
    Damage damage = {.kind = fuzz_byte(input)};
    damage.high = fuzz_byte(input);
    damage.low = fuzz_byte(input);
    damage.byte = fuzz_byte(input);
    return damage;
}

static void take_out(Buffer *state, size_t from, size_t to)
{
    memmove(state->at + from, state->at + to, state->size - to);
    state->size -= to - from;
}

static void repeat(Buffer *state, size_t from, size_t to)
{
    Buffer tail = {0};
    buffer_append(&tail, state->at + from, state->size - from);
    state->size = to;
    buffer_append(state, tail.at, tail.size);
    buffer_free(&tail);
}

/* A bit turned, a byte put in or taken away, a row taken away or repeated, an end cut off. */
static void hurt(Buffer *state, Damage damage)
{
    size_t at = (damage.high << 8 | damage.low) % state->size, start = at, end = at;
    while (start > 0 && state->at[start - 1] != '\n')
        start--;
    while (end < state->size && state->at[end++] != '\n')
        ;
    switch (damage.kind / 4 % 6) {
    case 0:
        state->at[at] = (char)(state->at[at] ^ (1 << damage.byte % 8));
        break;
    case 1:
        state->at[at] = (char)damage.byte;
        break;
    case 2:
        take_out(state, at, at + 1);
        break;
    case 3:
        take_out(state, start, end);
        break;
    case 4:
        repeat(state, start, end);
        break;
    default:
        state->size = at;
    }
}

/* The two states, one of them hurt, against the aggregate; whole: its bytes, NULL if it fails. */
static void check_merge(Buffer states[2], const Buffer *whole, const Damage *damage)
{
    Buffer merged = {0};
    bool mended = damage != NULL && damage->kind & 1;
    if (damage != NULL)
        hurt(&states[damage->kind >> 1 & 1], *damage);
    if (mended)
        mend_checksum(&states[damage->kind >> 1 & 1]);
    for (size_t i = 0; i < 2; i++)
        fuzz_file(FILE_FIRST + i, buffer_span(&states[i]));
    bool done = merge(2, &merged);
    if (damage == NULL)
        FUZZ_CHECK(done == (whole != NULL));
    if (done && !mended)
        FUZZ_CHECK(whole != NULL && same(&merged, whole));
    buffer_free(&merged);
}

static void try_table(FuzzInput *input, const Damage *damage)
{
    unsigned number = fuzz_byte(input) % AGGREGATES, cut = fuzz_byte(input);
    Span rows = fuzz_rest(input);
    size_t middle = row_end(rows, rows.size * cut / 256);
    Buffer whole = {0}, states[2] = {{0}, {0}};
    table_file(FILE_WHOLE, rows);
    table_file(FILE_FIRST, (Span){rows.at, middle});
    table_file(FILE_SECOND, (Span){rows.at + middle, rows.size - middle});
    bool sound = aggregate(number, NULL, FILE_WHOLE, &whole);
    bool first = aggregate(number, "1/2", FILE_FIRST, &states[0]);
    bool second = first && aggregate(number, "2/2", FILE_SECOND, &states[1]);
    if (second)
        check_merge(states, sound ? &whole : NULL, damage);
    else
        FUZZ_CHECK(!sound);
    buffer_free(&whole);
    buffer_free(&states[0]);
    buffer_free(&states[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzInput input = {(const char *)bytes, size};
    unsigned trial = fuzz_byte(&input) % TRIALS;
    if (trial == TRIAL_BYTES)
        try_bytes(&input);
    else if (trial == TRIAL_BODY)
        try_body(&input);
    else {
        Damage damage = trial == TRIAL_DAMAGE ? damage_of(&input) : (Damage){0};
        try_table(&input, trial == TRIAL_DAMAGE ? &damage : NULL);
    }
    return 0;
}
