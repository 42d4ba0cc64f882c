/*
 * Tests of the reader, the writer and the intake, printed as TAP: reader_test [SEED [ROUNDS]]
 *
 * A failure ends a program, so what may fail runs in a child whose words are looked at.
 */
#include "csv/reader.h"

#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "csv/intake.h"
#include "csv/scanner.h"
#include "csv/writer.h"
#include "csv_oracle.h"

static size_t rounds = 300;

/* ---- children ---- */

typedef void Work(void *context);

/* What a child prints on standard output and standard error, in the order in which it does. */
static Buffer words_of(Work *work, void *context)
{
    int ends[2];
    Buffer words = {0};
    if (pipe(ends) != 0)
        abort();
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        work(context);
        exit(0);
    }
    close(ends[1]);
    buffer_reserve(&words, 1 << 16);
    for (size_t got; (got = file_read(ends[0], "words", words.at + words.size, 1 << 12)) != 0;) {
        words.size += got;
        buffer_reserve(&words, 1 << 12);
    }
    close(ends[0]);
    waitpid(child, NULL, 0);
    return words;
}

/* A file without a name; its path is good as long as the descriptor. */
typedef struct Scratch {
    int descriptor;
    char path[32];
} Scratch;

static Scratch scratch_of(Span bytes)
{
    Scratch scratch;
    char name[] = "/tmp/reader_test.XXXXXX";
    scratch.descriptor = mkstemp(name);
    unlink(name);
    if (write(scratch.descriptor, bytes.at, bytes.size) != (ssize_t)bytes.size)
        abort();
    snprintf(scratch.path, sizeof scratch.path, "/proc/self/fd/%d", scratch.descriptor);
    return scratch;
}

/* ---- the reader ---- */

typedef struct Reading {
    char **paths;
    size_t count;
    size_t chunk, max_row;
} Reading;

static void read_table(void *context)
{
    const Reading *reading = context;
    ReaderOptions options = {.max_row = reading->max_row, .chunk = reading->chunk};
    Reader *reader = reader_open(reading->paths, reading->count, &options);
    const Header *header = reader_header(reader);
    Buffer table = {0};
    for (size_t i = 0; i < header->width; i++)
        table_cell(&table, span_of(header->names[i]));
    buffer_byte(&table, '\n');
    Batch batch;
    do {
        if (write(STDOUT_FILENO, table.at, table.size) != (ssize_t)table.size)
            abort();
        table.size = 0;
        if (!reader_next(reader, &batch))
            break;
        for (size_t row = 0; row < batch.rows; row++) {
            for (size_t column = 0; column < batch.width; column++)
                table_cell(&table, batch_value(&batch, row, column));
            buffer_byte(&table, '\n');
        }
    } while (true);
    buffer_free(&table);
    reader_close(reader);
}

static Buffer read_words(const char *path, size_t chunk, size_t max_row)
{
    char *paths[] = {(char *)path};
    return words_of(read_table, &(Reading){paths, 1, chunk, max_row});
}

/* The rows before the fault, then "PROGRAM: FILE:LINE:COLUMN: ", as the oracle would have it. */
static Buffer oracle_words(Span text, const char *path)
{
    Oracle oracle = {0};
    Buffer words = {0};
    oracle_read(&oracle, text.at, text.size);
    buffer_append(&words, oracle.table.at, oracle.table.size);
    if (!oracle.sound) {
        size_t line = 1, start = 0;
        for (size_t i = 0; i < oracle.fault; i++)
            if (text.at[i] == '\n') {
                line++;
                start = i + 1;
            }
        buffer_format(&words, "reader_test: %s:%zu:%zu: ", path, line, oracle.fault - start + 1);
    }
    oracle_free(&oracle);
    return words;
}

static void tables_read(void)
{
    static const size_t chunks[] = {1, 5, 64, 100, READER_CHUNK};
    for (size_t i = 0; i < rounds && passing; i++) {
        Buffer text = {0};
        buffer_text(&text, "one,\"two\",\"th\"\"ree\"\r\n");
        size_t header = text.size;
        random_rows(&text, 3, random_below(20));
        for (size_t damages = random_below(3); damages > 0; damages--)
            random_damage(&text, header);
        Scratch scratch = scratch_of(buffer_span(&text));
        Buffer wanted = oracle_words(buffer_span(&text), scratch.path);
        Buffer got = read_words(scratch.path, chunks[random_below(5)], 0);
        bool broken = wanted.at[wanted.size - 1] == ' ';
        CHECK(got.size >= wanted.size && memcmp(got.at, wanted.at, wanted.size) == 0);
        CHECK(broken ? got.size > wanted.size : got.size == wanted.size);
        if (!passing) {
            show_bytes("input", buffer_span(&text));
            show_bytes("got", buffer_span(&got));
            show_bytes("wanted", buffer_span(&wanted));
        }
        close(scratch.descriptor);
        buffer_free(&wanted);
        buffer_free(&got);
        buffer_free(&text);
    }
}

static void say_check(Span text, size_t max_row, const char *sentence)
{
    static const size_t chunks[] = {1, 2, 3, 64, READER_CHUNK};
    for (size_t i = 0; i < 5; i++) {
        Scratch scratch = scratch_of(text);
        Buffer got = read_words(scratch.path, chunks[i], max_row);
        Buffer wanted = {0};
        buffer_format(&wanted, "reader_test: %s:%s\n", scratch.path, sentence);
        bool same = got.size >= wanted.size &&
                    memcmp(got.at + got.size - wanted.size, wanted.at, wanted.size) == 0;
        CHECK(same);
        if (!same) {
            show_bytes("got", buffer_span(&got));
            show_bytes("wanted", buffer_span(&wanted));
        }
        close(scratch.descriptor);
        buffer_free(&got);
        buffer_free(&wanted);
    }
}

#define SAYS(text, sentence) say_check(SPAN(text), 0, sentence)

static void faults_said(void)
{
    SAYS("", " empty file: no header line");
    SAYS("\xef\xbb\xbf", " empty file: no header line");
    SAYS("\n", "1:1: an empty line");
    SAYS("a,,c\n", "1:3: column 2 has no name");
    SAYS("a,\"\",c\n", "1:3: column 2 has no name");
    SAYS("a,\"b\n\",a\n", "2:3: columns 1 and 3 have the same name: a");
    SAYS("a,b\n1,2\n3\n", "3:1: 1 field where the header has 2");
    SAYS("a,b,c,d\n1,2,3,4,5", "2:1: 5 fields where the header has 4");
    SAYS("a,b\n\"1\n2\",2\n\n3,4\n", "4:1: an empty line");
    SAYS("a\n1\n\n", "3:1: an empty line (a missing cell is written \"\")");
    SAYS("a,b\n1,\"x\"y\n", "2:3: text after a closing quote: \"x\"y");
    SAYS("a,b\n1,x\"y\n", "2:3: a quote inside a field that is not quoted: x\"y");
    SAYS("a,b\n\"1\n2\",\"x\n\n\n", "3:4: a quote that is never closed");
    SAYS("a,b\n1,x\ry\n", "2:3: a carriage return that is not part of a line end: x\\ry");
    SAYS("a,b\n1,x\0y\n", "2:3: a NUL byte: x\\x00y");
    SAYS(
        "a,b\n1,S\xe3o Tom\xe9\n",
        "2:3: not UTF-8: S\\xe3o Tom\\xe9 (if it is windows-1252: ingest --encoding windows-1252)");
    SAYS("a\n0123456789012345678901234567890123456789012345678901234567890123456789\xff",
         "2:1: not UTF-8: 012345678901234567890123456789012345678901234567890123456789..."
         " (byte 71 of the field) (if it is windows-1252: ingest --encoding windows-1252)");
}

static void foreign_files_said(void)
{
    SAYS("\x1f\x8b\x08\0\0rest, of it\n", "1:1: compressed with gzip: ingest unpacks it");
    SAYS("BZh91AY&SY\xff, and so on\n", "1:1: compressed with bzip2: ingest unpacks it");
    SAYS("\xfd"
         "7zXZ\0, and so on\n",
         "1:1: compressed with xz: ingest unpacks it");
    SAYS("\x28\xb5\x2f\xfd, and so on\n", "1:1: compressed with zstd: ingest unpacks it");
    SAYS("\xff\xfe"
         "a\0,\0b\0\n\0",
         "1:1: encoded in UTF-16LE, not UTF-8: ingest decodes it");
    SAYS("\xfe\xff\0a\0,\0b\0\n", "1:1: encoded in UTF-16BE, not UTF-8: ingest decodes it");
    SAYS("\xff\xfe\0\0a\0\0\0\n\0\0\0", "1:1: encoded in UTF-32LE, not UTF-8: ingest decodes it");
    SAYS("\0\0\xfe\xff\0\0\0a\0\0\0\n", "1:1: encoded in UTF-32BE, not UTF-8: ingest decodes it");
    SAYS("a\0,\0b\0\n\0",
         "1:1: encoded in UTF-16LE, not UTF-8: ingest --encoding UTF-16LE decodes it");
    SAYS("\0a\0,\0b\0\n",
         "1:1: encoded in UTF-16BE, not UTF-8: ingest --encoding UTF-16BE decodes it");
    SAYS("a;b\n1;2\n1,5;2\n",
         "3:1: 2 fields where the header has 1 (are fields separated by ;? Then say -d ';')");
}

static void long_rows_said(void)
{
    say_check(SPAN("a,b\n1,2\n1234,567890\n"), 10,
              "3:1: a row longer than 10 bytes (see --max-row)");
    say_check(SPAN("a,b\n1,2\n12,\"67890\n1,2\n1,2\n"), 10,
              "3:1: a row longer than 10 bytes (see --max-row); is the quote at 3:4 ever closed?");
}

static Buffer read_two(const char *first, const char *second)
{
    Scratch scratches[] = {scratch_of(span_of(first)), scratch_of(span_of(second))};
    char *paths[] = {scratches[0].path, scratches[1].path};
    Buffer words = words_of(read_table, &(Reading){paths, 2, 3, 0});
    close(scratches[0].descriptor);
    close(scratches[1].descriptor);
    return words;
}

static bool ends_with(Buffer *words, const char *end)
{
    size_t size = strlen(end);
    bool holds = words->size >= size && memcmp(words->at + words->size - size, end, size) == 0;
    if (!holds)
        show_bytes("got", buffer_span(words));
    buffer_free(words);
    return holds;
}

static void files_joined(void)
{
    Buffer words = read_two("\xef\xbb\xbf\"a\",b\n1,2", "\xef\xbb\xbf"
                                                        "a,b\r\n3,4\r\n");
    CHECK(ends_with(&words, "1:a,1:b,\n1:1,1:2,\n1:3,1:4,\n"));
    words = read_two("a,b\n", "a,b\n5,6\n");
    CHECK(ends_with(&words, "1:a,1:b,\n1:5,1:6,\n"));
    words = read_two("a,b\n1,2\n", "a,c\n3,4\n");
    CHECK(strstr(buffer_string(&words), ":1:3: column 2 is \"c\" where /proc/self/fd/") != NULL);
    CHECK(ends_with(&words, " has \"b\"\n"));
    words = read_two("a,b\n1,2\n", "a\n3\n");
    CHECK(strstr(buffer_string(&words), ":1:1: 1 column where /proc/self/fd/") != NULL);
    CHECK(ends_with(&words, " has 2\n"));
    words = read_two("a,b\n1,2\n", "a,b,c\n3,4,5\n");
    CHECK(strstr(buffer_string(&words), ":1:1: 3 columns where /proc/self/fd/") != NULL);
    CHECK(ends_with(&words, " has 2\n"));
    words = read_two("a,b\n1,2\n", "");
    CHECK(ends_with(&words, ": empty file: no header line\n"));
    char *twice[] = {"-", "-"};
    words = words_of(read_table, &(Reading){twice, 2, 3, 0});
    CHECK(ends_with(&words, "standard input is named 2 times as a file\n"));
    char *folder[] = {"/dev/null", "/tmp"};
    words = words_of(read_table, &(Reading){folder, 2, 3, 0});
    CHECK(ends_with(&words, "/tmp: is a directory\n"));
}

/* The other end stays open and silent: whoever waits for more than came waits for ever. */
static void pipe_not_waited_for(void)
{
    int ends[2];
    char path[32];
    if (pipe(ends) != 0 || write(ends[1], "a,b\n1,2\n3,4\n5", 13) != 13)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    char *paths[] = {path};
    alarm(20);
    Reader *reader = reader_open(paths, 1, &(ReaderOptions){0});
    Batch batch;
    CHECK(reader_next(reader, &batch) && batch.rows == 2);
    CHECK(strstr(batch_place(&batch, 1, 1), ":3:3") != NULL);
    if (write(ends[1], ",6\n7,8", 6) != 6)
        abort();
    CHECK(reader_next(reader, &batch) && batch.rows == 1);
    CHECK(span_equal(batch_row(&batch, 0), SPAN("5,6")));
    close(ends[1]);
    CHECK(reader_next(reader, &batch) && batch.rows == 1);
    CHECK(span_equal(batch_row(&batch, 0), SPAN("7,8")));
    CHECK(!reader_next(reader, &batch));
    CHECK(reader_rows(reader) == 4 && reader_bytes(reader) == 19);
    alarm(0);
    reader_close(reader);
    close(ends[0]);
}

/* ---- the kind of scanner ---- */

static void choose_scanner(void *name)
{
    scanner_choose(name);
    printf("chosen\n");
}

static void scanners_named(void)
{
    static const char *const names[] = {"portable", "sse", "avx2", "avx512"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Buffer words = words_of(choose_scanner, (char *)names[i]);
        Buffer lacks = {0};
        buffer_format(&lacks, "reader_test: WARRANT_SCANNER: this processor has no %s\n", names[i]);
        const char *got = buffer_string(&words);
        CHECK(strcmp(got, "chosen\n") == 0 || (i > 0 && strcmp(got, buffer_string(&lacks)) == 0));
        buffer_free(&words);
        buffer_free(&lacks);
    }
    Buffer words = words_of(choose_scanner, "sse4");
    CHECK(ends_with(&words, "WARRANT_SCANNER: neither portable, sse, avx2 nor avx512: sse4\n"));
}

/* ---- the writer ---- */

/* Reads the text and writes it again: whole rows, or cell by cell from the values. */
static Buffer written_again(Span text, bool cells)
{
    Scratch from = scratch_of(text);
    char *paths[] = {from.path};
    Reader *reader = reader_open(paths, 1, &(ReaderOptions){.chunk = 100});
    char name[] = "/tmp/reader_test.XXXXXX";
    close(mkstemp(name));
    Writer *writer = writer_open(name, ',');
    writer_header(writer, reader_header(reader));
    Batch batch;
    while (reader_next(reader, &batch))
        for (size_t row = 0; row < batch.rows; row++) {
            if (!cells) {
                writer_row(writer, &batch, row);
                continue;
            }
            for (size_t column = 0; column < batch.width; column++)
                writer_value(writer, batch_value(&batch, row, column));
            writer_end(writer);
        }
    CHECK(writer_rows(writer) == reader_rows(reader));
    writer_close(writer);
    reader_close(reader);
    Buffer out = {0};
    out.at = file_load(name, SIZE_MAX, &out.size);
    unlink(name);
    close(from.descriptor);
    return out;
}

static void rows_written(void)
{
    for (size_t i = 0; i < rounds && passing; i++) {
        Buffer text = {0};
        size_t width = 1 + random_below(3);
        buffer_text(&text, &"one,two,three\n"[width == 1 ? 8 : width == 2 ? 4 : 0]);
        random_rows(&text, width, random_below(20));
        Buffer rows = written_again(buffer_span(&text), false);
        Buffer cells = written_again(buffer_span(&text), true);
        Oracle before = {0}, after = {0};
        oracle_read(&before, text.at, text.size);
        oracle_read(&after, cells.at, cells.size);
        CHECK(before.sound && after.sound);
        CHECK(span_equal(buffer_span(&before.table), buffer_span(&after.table)));
        Buffer again = written_again(buffer_span(&cells), true);
        CHECK(span_equal(buffer_span(&cells), buffer_span(&again)));
        /* Bytes pass unchanged but for line ends. */
        size_t out = 0;
        for (size_t in = 0; in < text.size; in++) {
            bool line_end = in + 1 < text.size && text.at[in] == '\r' && text.at[in + 1] == '\n';
            if (line_end && rows.at[out] == '\n')
                continue;
            CHECK(out < rows.size && rows.at[out++] == text.at[in]);
        }
        CHECK(rows.size - out <= 1);
        oracle_free(&before);
        oracle_free(&after);
        buffer_free(&rows);
        buffer_free(&cells);
        buffer_free(&again);
        buffer_free(&text);
    }
}

static void cells_quoted(void)
{
    static const struct {
        Span value;
        const char *cell;
    } cases[] = {
        {{"plain", 5}, "plain"}, {{"", 0}, ""},           {{" a ", 3}, " a "},
        {{"a,b", 3}, "\"a,b\""}, {{"\"", 1}, "\"\"\"\""}, {{"a\nb", 3}, "\"a\nb\""},
        {{"\r", 1}, "\"\r\""},   {{"a;b", 3}, "a;b"},     {{"x\"y\"", 4}, "\"x\"\"y\"\"\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buffer out = {0};
        cell_append(&out, cases[i].value, ',');
        CHECK(span_equal(buffer_span(&out), span_of(cases[i].cell)));
        buffer_free(&out);
    }
}

static void hard_headers_written(void)
{
    Buffer out = written_again(SPAN("\xef\xbb\xbf\"\xef\xbb\xbfx\",\"a,b\"\n,1\n"), true);
    CHECK(span_equal(buffer_span(&out), SPAN("\"\xef\xbb\xbfx\",\"a,b\"\n,1\n")));
    buffer_free(&out);
    out = written_again(SPAN("a\n\"\"\n"), true);
    CHECK(span_equal(buffer_span(&out), SPAN("a\n\"\"\n")));
    buffer_free(&out);
}

/* ---- the intake ---- */

typedef struct Pieces {
    Span left;
    size_t step;
} Pieces;

static size_t pieces_give(void *context, char *bytes, size_t size)
{
    Pieces *pieces = context;
    size_t given = pieces->left.size < pieces->step ? pieces->left.size : pieces->step;
    given = given < size ? given : size;
    memcpy(bytes, pieces->left.at, given);
    pieces->left = (Span){pieces->left.at + given, pieces->left.size - given};
    return given;
}

typedef struct Intaking {
    Span text;
    size_t step;
    IntakeDialect dialect;
    bool lines;
} Intaking;

static void take_table(void *context)
{
    const Intaking *intaking = context;
    Pieces pieces = {intaking->text, intaking->step};
    Intake *intake = intake_open(pieces_give, &pieces, &intaking->dialect, "raw");
    IntakeRow row;
    Buffer table = {0};
    while (intake_next(intake, &row)) {
        if (intaking->lines)
            buffer_format(&table, "%llu ", (unsigned long long)row.line);
        for (size_t i = 0; i < row.width; i++)
            table_cell(&table, row.values[i]);
        buffer_byte(&table, '\n');
    }
    if (intaking->lines)
        buffer_format(&table, "%llu stray\n", (unsigned long long)intake_stray_quotes(intake));
    if (write(STDOUT_FILENO, table.at, table.size) != (ssize_t)table.size)
        abort();
    buffer_free(&table);
    intake_close(intake);
}

static const IntakeDialect USUAL = {',', '"', '\0', 1 << 20, 100};

static void strict_taken_in(void)
{
    for (size_t i = 0; i < rounds && passing; i++) {
        Buffer text = {0};
        Oracle oracle = {0};
        random_rows(&text, 1 + random_below(4), 1 + random_below(9));
        oracle_read(&oracle, text.at, text.size);
        Intaking intaking = {buffer_span(&text), 1 + random_below(70), USUAL, false};
        Buffer words = words_of(take_table, &intaking);
        CHECK(span_equal(buffer_span(&words), buffer_span(&oracle.table)));
        if (!passing) {
            show_bytes("input", buffer_span(&text));
            show_bytes("got", buffer_span(&words));
        }
        oracle_free(&oracle);
        buffer_free(&words);
        buffer_free(&text);
    }
}

static void taken_check(Span text, IntakeDialect dialect, const char *wanted)
{
    for (size_t step = 1; step < 9; step++) {
        Buffer words = words_of(take_table, &(Intaking){text, step, dialect, true});
        bool same = span_equal(buffer_span(&words), span_of(wanted));
        CHECK(same);
        if (!same)
            show_bytes("got", buffer_span(&words));
        buffer_free(&words);
    }
}

static void mess_taken_in(void)
{
    taken_check(SPAN("\xef\xbb\xbf\"a\", b \n\n1,\"x\ny\"\r\n\r\nc"), USUAL,
                "1 1:a,3: b ,\n2 0:,\n3 1:1,3:x\ny,\n5 0:,\n6 1:c,\n0 stray\n");
    taken_check(SPAN("a\rb\"c,d\r\r\"3\" pipe\",5\r"), USUAL,
                "1 1:a,\n2 3:b\"c,1:d,\n3 0:,\n4 7:3\" pipe,1:5,\n2 stray\n");
    taken_check(SPAN("a\n\"3\" p,\n\",5\n"), USUAL,
                "reader_test: raw:2: text after a closing quote, and no telling where the row "
                "ends\n");
    taken_check(SPAN("a\n\nx,\"b\nc"), USUAL, "reader_test: raw:3: a quote that is never closed\n");
    taken_check(SPAN("a\nb\0c\n"), USUAL, "reader_test: raw:2: a NUL byte\n");
    taken_check(SPAN("a\n123456789\n"), (IntakeDialect){',', '"', '\0', 8, 9},
                "reader_test: raw:2: a row longer than 8 bytes (see --max-row)\n");
    taken_check(SPAN("a\n1,2,3\n"), (IntakeDialect){',', '"', '\0', 8, 2},
                "reader_test: raw:2: more than 2 columns (see --max-columns)\n");
}

static void dialects_taken_in(void)
{
    taken_check(SPAN("a;\"b;c\";d,e\n"), (IntakeDialect){';', '"', '\0', 99, 9},
                "1 1:a,3:b;c,3:d,e,\n0 stray\n");
    taken_check(SPAN("'it''s',\"x\"\n"), (IntakeDialect){',', '\'', '\0', 99, 9},
                "1 4:it's,3:\"x\",\n0 stray\n");
    taken_check(SPAN("a\"b,\"c\n"), (IntakeDialect){',', '\0', '\0', 99, 9},
                "1 3:a\"b,2:\"c,\n0 stray\n");
    taken_check(SPAN("a\\,b,\"c\\\"d\\\\\",\\\ne\nf\\"), (IntakeDialect){',', '"', '\\', 99, 9},
                "1 3:a,b,4:c\"d\\,2:\ne,\n3 2:f\\,\n0 stray\n");
}

int main(int count, char **arguments)
{
    uint64_t seed = count > 1 ? strtoull(arguments[1], NULL, 10) : (uint64_t)time(NULL);
    rounds = count > 2 ? strtoul(arguments[2], NULL, 10) : rounds;
    diagnostic_program("reader_test");
    printf("# seed %llu\n", (unsigned long long)seed);
    random_seed(seed);
    test("tables are read up to the fault, which is found at its line and column", tables_read);
    test("each fault has a sentence with place and value, however it is cut", faults_said);
    test("a file that is no text, or of another dialect, is named with what reads it",
         foreign_files_said);
    test("a row past the limit is refused, and an open quote is pointed at", long_rows_said);
    test("files with one header are one table, others are told apart", files_joined);
    test("rows from a pipe are given when they have come", pipe_not_waited_for);
    test("a kind of scanner is one of four, and one that this processor has", scanners_named);
    test("what was read is written: rows byte for byte, cells with the same values", rows_written);
    test("a cell is quoted only when it must be", cells_quoted);
    test("header and missing cells are written so that they are read again", hard_headers_written);
    test("the intake reads strict tables as libcsv does", strict_taken_in);
    test("the intake takes what the reader refuses, with the right lines", mess_taken_in);
    test("delimiters, quotes and escapes of other dialects are understood", dialects_taken_in);
    printf("1..%d\n", test_count);
    return failed_count != 0;
}
