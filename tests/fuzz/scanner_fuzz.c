/*
 * The reader against libcsv: the same rows before the first fault, and a fault where it sees one.
 *
 * First byte: kind of registers; second: bytes read at a time; the rest: the file.
 */
#include "../unit/csv_oracle.h"
#include "csv/reader.h"
#include "csv/scanner.h"
#include "fuzz.h"

typedef struct Reading {
    const char *path;
    size_t chunk;
    Buffer table;
} Reading;

static void read_table(void *context)
{
    Reading *reading = context;
    char *paths[] = {(char *)reading->path};
    ReaderOptions options = {.chunk = reading->chunk};
    Reader *reader = reader_open(paths, 1, &options);
    Batch batch;
    while (reader_next(reader, &batch))
        for (size_t row = 0; row < batch.rows; row++) {
            for (size_t column = 0; column < batch.width; column++)
                table_cell(&reading->table, batch_value(&batch, row, column));
            buffer_byte(&reading->table, '\n');
        }
    reader_close(reader);
}

/* "FILE:LINE:COLUMN: " of the oracle's fault. */
static void oracle_place(Buffer *place, Span text, const char *path, size_t fault)
{
    size_t line = 1, start = 0;
    for (size_t i = 0; i < fault; i++)
        if (text.at[i] == '\n') {
            line++;
            start = i + 1;
        }
    buffer_format(place, "%s:%zu:%zu: ", path, line, fault - start + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const kinds[] = {"portable", "sse", "avx2", "avx512"};
    static const size_t chunks[] = {1, 7, 63, 64, 65, 4096};
    FuzzInput input = {(const char *)bytes, size};
    setenv("WARRANT_SCANNER", kinds[fuzz_byte(&input) % 4], 1);
    size_t chunk = chunks[fuzz_byte(&input) % 6];
    static const char header[] = "one,\"two\",three\n"; /* faults of a header are the reader's own */
    Buffer text = {0}, place = {0};
    buffer_text(&text, header);
    buffer_append(&text, input.at, input.size);
    Span file = {text.at, text.size};

    /* The table outlives a failure: it has its room before the attempt. */
    Reading reading = {.path = fuzz_file(0, file), .chunk = chunk};
    buffer_reserve(&reading.table, 32 * file.size + 4096);
    bool sound = fuzz_attempt(read_table, &reading);
    Oracle oracle = {0};
    oracle_read(&oracle, file.at, file.size);
    FUZZ_CHECK(sound == oracle.sound);
    const char *rows = memchr(oracle.table.at, '\n', oracle.table.size);
    size_t before = (size_t)(rows - oracle.table.at) + 1;
    FUZZ_CHECK(span_equal((Span){reading.table.at, reading.table.size},
                          (Span){rows + 1, oracle.table.size - before}));
    if (!sound) {
        oracle_place(&place, file, reading.path, oracle.fault);
        FUZZ_CHECK(strncmp(fuzz_message, place.at, place.size) == 0);
    }
    oracle_free(&oracle);
    buffer_free(&reading.table);
    buffer_free(&place);
    buffer_free(&text);
    return 0;
}
