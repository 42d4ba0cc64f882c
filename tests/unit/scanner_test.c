/*
 * Tests of the scanner, printed as TAP: scanner_test [SEED [ROUNDS [LENGTH]]]
 *
 * Law: on every strict file the scanner finds the cells that libcsv finds; on any other it finds
 * the rows before the fault, and a fault - however the bytes are cut into chunks, and whichever
 * registers the processor has for it.
 */
#include "csv/scanner.h"

#include <time.h>

#include "base/diagnostic.h"
#include "csv/reader.h"
#include "csv_oracle.h"

static size_t rounds = 4000, longest = 5;
static Arena values;

static void scan_table(const Scan *scan, const char *bytes, Buffer *table)
{
    Batch batch = {.bytes = bytes,
                   .starts = scan->starts,
                   .ends = scan->ends,
                   .rows = scan->rows,
                   .width = scan->width,
                   .arena = &values};
    for (size_t row = 0; row < scan->rows; row++) {
        for (size_t column = 0; column < scan->width; column++)
            table_cell(table, batch_value(&batch, row, column));
        buffer_byte(table, '\n');
    }
}

/* What the scanner makes of the bytes, given `step` more of them at a time, `limit` rows at most.
 */
typedef struct Finding {
    Buffer table;
    ScanFault fault;
    size_t fault_at, fault_fields;
} Finding;

static void scan_all(Scan *scan, Span text, size_t step, size_t limit, Finding *finding)
{
    size_t taken = 0, filled = 0;
    bool late = step % 2 == 0; /* the end is seen only after the last bytes, as in a pipe */
    for (bool last = !late && text.size == 0;;) {
        /* A copy of its own, so that the sanitizer sees a byte too far. */
        char *bytes = malloc(filled - taken + 1);
        memcpy(bytes, text.at + taken, filled - taken);
        bytes = realloc(bytes, filled - taken == 0 ? 1 : filled - taken);
        scan_rows(scan, bytes, filled - taken, limit, last);
        scan_table(scan, bytes, &finding->table);
        free(bytes);
        finding->fault = scan->fault;
        finding->fault_at = taken + scan->fault_at;
        finding->fault_fields = scan->fault_fields;
        taken += scan->used;
        if (scan->fault != SCAN_SOUND || (last && scan->rows == 0))
            return;
        if (scan->rows != 0)
            continue;
        last = late && filled == text.size;
        filled = text.size - filled < step ? text.size : filled + step;
        last = last || (!late && filled == text.size);
    }
}

static bool finding_agrees(const Finding *finding, const Oracle *oracle)
{
    return span_equal(buffer_span(&finding->table), buffer_span(&oracle->table)) &&
           (finding->fault == SCAN_SOUND) == oracle->sound;
}

/* Whether the scanner is of the oracle's opinion; tells when it is not. */
static bool agrees(Span text, size_t step, size_t limit, const Oracle *oracle)
{
    static Scan scan; /* used again and again, as the reader does */
    Finding finding = {0};
    scan.delimiter = ',';
    scan.width = 0;
    scan_restart(&scan);
    scan_all(&scan, text, step, limit, &finding);
    bool agreed = finding_agrees(&finding, oracle);
    if (!agreed && passing) {
        show_bytes("input", text);
        printf("# chunks of %zu, %zu rows at most, fault %d at %zu, should be %s\n", step, limit,
               finding.fault, finding.fault_at, oracle->sound ? "sound" : "broken");
        show_bytes("found", buffer_span(&finding.table));
        show_bytes("wanted", buffer_span(&oracle->table));
    }
    buffer_free(&finding.table);
    scan_free(&scan);
    arena_reset(&values);
    return agreed;
}

static bool agrees_in_steps(Span text, const size_t *steps, size_t count)
{
    Oracle oracle = {0};
    oracle_read(&oracle, text.at, text.size);
    bool agreed = true;
    for (size_t i = 0; i < count; i++)
        agreed = agreed && agrees(text, steps[i], SIZE_MAX, &oracle) &&
                 agrees(text, steps[i], 1 + random_below(3), &oracle);
    oracle_free(&oracle);
    return agreed;
}

/* Every text of the alphabet up to a length, with `before` put in front. */
static void every_text(Span before)
{
    static const char alphabet[] = {'a', ',', '"', '\n', '\r', '\xc3', '\xa9', '\0'};
    static const size_t steps[] = {1, 3, 1000};
    char text[256];
    memcpy(text, before.at, before.size);
    for (size_t length = 0; length <= longest; length++)
        for (size_t number = 0; number < (size_t)1 << 3 * length; number++) {
            for (size_t i = 0; i < length; i++)
                text[before.size + i] = alphabet[number >> 3 * i & 7];
            CHECK(agrees_in_steps((Span){text, before.size + length}, steps, 3));
            if (!passing)
                return;
        }
}

static void short_texts(void)
{
    every_text(SPAN(""));
}

static void short_texts_across_blocks(void)
{
    longest -= 1;
    every_text(SPAN("a,bbbbbbbbbbbbbbbbbbbbbbbbbbbb\nc,dddddddddddddddddddddddddddddd"));
    every_text(SPAN("a,bbbbbbbbbbbbbbbbbbbbbbbbbbbb\nc,\"ddddddddddddddddddddddddddddd"));
    longest += 1;
}

static const size_t CUTS[] = {1, 2, 7, 61, 63, 64, 65, 128, 1000, 100000};
enum { CUT_COUNT = sizeof CUTS / sizeof *CUTS };

static void strict_tables(void)
{
    for (size_t i = 0; i < rounds && passing; i++) {
        Buffer text = {0};
        random_rows(&text, 1 + random_below(5), 1 + random_below(12));
        Oracle oracle = {0};
        oracle_read(&oracle, text.at, text.size);
        CHECK(oracle.sound);
        CHECK(agrees_in_steps(buffer_span(&text), CUTS, CUT_COUNT));
        oracle_free(&oracle);
        buffer_free(&text);
    }
}

static void broken_tables(void)
{
    for (size_t i = 0; i < rounds && passing; i++) {
        Buffer text = {0};
        random_rows(&text, 1 + random_below(5), 1 + random_below(12));
        for (size_t damages = 1 + random_below(3); damages > 0; damages--)
            random_damage(&text, 0);
        CHECK(agrees_in_steps(buffer_span(&text), CUTS, CUT_COUNT));
        buffer_free(&text);
    }
}

static Finding find(const char *text, size_t step, size_t max_row)
{
    Scan scan = {.delimiter = ',', .max_row = max_row};
    Finding finding = {0};
    scan_all(&scan, span_of(text), step, SIZE_MAX, &finding);
    buffer_free(&finding.table);
    scan_free(&scan);
    return finding;
}

#define LINE "................................................................" /* 64 bytes */

static void faults_named(void)
{
    static const struct {
        const char *text;
        ScanFault fault;
        size_t at, fields;
    } cases[] = {
        {"a,b\n1,x\"y\n", SCAN_QUOTE_IN_FIELD, 7, 0},
        {"a,b\n1,\"x\"y\n", SCAN_AFTER_QUOTE, 9, 0},
        {"a,b\n1,\"x\n\n", SCAN_QUOTE_OPEN, 10, 0},
        {"a,b\n1,x\ry\n", SCAN_CARRIAGE_RETURN, 7, 0},
        {"a,b\n1,x\r", SCAN_CARRIAGE_RETURN, 7, 0},
        {"a,b\n1,\x80\n", SCAN_NOT_UTF8, 6, 0},
        {"a,b\n1,\xc3", SCAN_NOT_UTF8, 6, 0},
        {"a,b\n\n1,2\n", SCAN_EMPTY_LINE, 4, 0},
        {"a,b\n\r\n1,2\n", SCAN_EMPTY_LINE, 4, 0},
        {"a,b\n1,2\n1\n", SCAN_TOO_NARROW, 8, 1},
        {"a,b\n1,2\n1,2,3,4", SCAN_TOO_WIDE, 8, 4},
        {"a,b\n1,\"x\"" LINE LINE, SCAN_AFTER_QUOTE, 9, 0},
        {"a,b\n1,x\r" LINE LINE, SCAN_CARRIAGE_RETURN, 7, 0},
        {"a,b\n1,\xc3" LINE LINE, SCAN_NOT_UTF8, 6, 0},
        {"a,b\n1,\"" LINE LINE, SCAN_QUOTE_OPEN, 135, 0},
        {"a,b\n1,2\n", SCAN_SOUND, 0, 0},
        {"a,b\n1,\"x\"\r\n" LINE "," LINE, SCAN_SOUND, 0, 0},
        {"", SCAN_SOUND, 0, 0},
    };
    /* A longer first name moves the fault over all places in a block. */
    char text[512];
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t shift = 0; shift < 130; shift++) {
            memcpy(text + shift, cases[i].text, strlen(cases[i].text) + 1);
            const char *whole = cases[i].text[0] == '\0' ? "" : text;
            for (int cut = 0; cut < 2; cut++) {
                Finding finding = find(whole, cut == 0 ? sizeof text : 1 + shift % 80, 0);
                CHECK(finding.fault == cases[i].fault);
                CHECK(finding.fault == SCAN_SOUND || finding.fault_at == cases[i].at + shift);
                CHECK(cases[i].fields == 0 || finding.fault_fields == cases[i].fields);
            }
        }
}

/* The chunks decide nothing: neither whether a row is too long, nor what else is wrong with it. */
static void long_rows(void)
{
    for (size_t step = 1; step < 20; step++) {
        CHECK(find("a,b\n1,2345\n1,2\n", step, 6).fault == SCAN_SOUND);
        CHECK(find("a,b\r\n1,2345\r\n1,2\n", step, 6).fault == SCAN_SOUND);
        CHECK(find("a,b\n1,2345", step, 6).fault == SCAN_SOUND);
        CHECK(find("a,b\n1,23456\n", step, 6).fault == SCAN_TOO_LONG);
        CHECK(find("a,b\n1,23456", step, 6).fault == SCAN_TOO_LONG);
        CHECK(find("a,b\n1,23456\r\n", step, 6).fault == SCAN_TOO_LONG);
        CHECK(find("a,b\n1,\"345\n7\"8\n", step, 6).fault == SCAN_TOO_LONG);
        CHECK(find("a,b\n1,\"345\n\n7", step, 6).fault == SCAN_TOO_LONG);
        CHECK(find("a,b\n1,2345\"\n", step, 6).fault == SCAN_QUOTE_IN_FIELD);
        CHECK(find("a,b\n1,23456\"\n", step, 6).fault == SCAN_TOO_LONG);
        CHECK(find("a,b\n1,2345,7\n", step, 6).fault == SCAN_TOO_LONG);
        CHECK(find("a,b\n1,2345678", step, 6).fault_at == 4);
    }
}

static void wide_rows(void)
{
    enum { FIELDS = 3 * 1000 * 1000 };
    Buffer text = {0};
    buffer_text(&text, "a,b\n");
    for (size_t i = 0; i < FIELDS; i++)
        buffer_byte(&text, ',');
    Finding finding = find(buffer_string(&text), 100000, 0);
    CHECK(finding.fault == SCAN_TOO_WIDE);
    CHECK(finding.fault_fields == FIELDS + 1);
    finding = find(buffer_string(&text) + 4, 100000, 0);
    CHECK(finding.fault == SCAN_TOO_WIDE);
    CHECK(finding.fault_fields == FIELDS + 1);
    buffer_free(&text);
}

static void bytes_counted(void)
{
    char text[300];
    for (size_t i = 0; i < rounds; i++) {
        size_t size = random_below(sizeof text), from = random_below(size + 1), wanted = 0;
        for (size_t j = 0; j < size; j++)
            text[j] = "a\"\n\xa2"[random_below(4)];
        for (size_t j = from; j < size; j++)
            wanted += text[j] == '"';
        CHECK(scanner_count(text + from, size - from, '"') == wanted);
    }
}

/* Every test with one kind of registers. */
static void test_variant(const char *name)
{
    printf("# %s\n", name);
    scanner_choose(name);
    test("short texts of every kind are read as libcsv reads them", short_texts);
    test("the same across the border of a block", short_texts_across_blocks);
    test("strict tables have libcsv's cells however they are cut", strict_tables);
    test("broken tables give the rows before the fault, and a fault", broken_tables);
    test("faults are told apart and found at their byte", faults_named);
    test("a row longer than allowed is that before all else", long_rows);
    test("fields past the width are counted without being kept", wide_rows);
    test("bytes are counted wherever they stand", bytes_counted);
}

int main(int count, char **arguments)
{
    static const char *const variants[] = {"portable", "sse", "avx2", "avx512"};
    uint64_t seed = count > 1 ? strtoull(arguments[1], NULL, 10) : (uint64_t)time(NULL);
    rounds = count > 2 ? strtoul(arguments[2], NULL, 10) : rounds;
    longest = count > 3 ? strtoul(arguments[3], NULL, 10) : longest;
    printf("# seed %llu\n", (unsigned long long)seed);
    random_seed(seed);
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
        Trap trap;
        if (TRAP_SET(&trap)) {
            test_variant(variants[i]);
            trap_end(&trap);
        } else {
            printf("# %s\n", trap.message);
        }
    }
    printf("1..%d\n", test_count);
    arena_free(&values);
    return failed_count != 0;
}
