#include "tables.h"

#include "chance.h"

void make_columns(Table *table)
{
    static const char *const names[][KINDS] = {
        {"n", "tiv", "delta", "wide", "spelt", "code", "words", "day", "dirty"},
        {"Year", "two words", "Größe", "select", "it's", "user", "x,y", "\"q\"", "row_dirty"},
    };
    for (size_t kind = 0; kind < KINDS; kind++) {
        const char *name = names[chance(60) ? 0 : 1][kind];
        bool plain = strspn(name, "abcdefghijklmnopqrstuvwxyzY_") == strlen(name);
        table->columns[kind] = (Column){name, (Kind)kind, !plain};
    }
    table->count = KINDS;
}

const Column *column_of(const Table *table, bool (*fits)(Kind kind))
{
    for (size_t tries = 0; tries < 20; tries++) {
        const Column *column = &table->columns[any(table->count)];
        if (fits(column->kind))
            return column;
    }
    return NULL;
}

void write_name(Buffer *out, const Column *column)
{
    if (!column->taken) {
        buffer_text(out, column->name);
        return;
    }
    buffer_byte(out, '"');
    for (const char *at = column->name; *at != '\0'; at++)
        buffer_format(out, *at == '"' ? "\"\"" : "%c", *at);
    buffer_byte(out, '"');
}

static const char *const letters[] = {
    "a",  "b", "é",  "Z", "ß",  " ",  "x", "0", "%", "_",
    "\\", "'", "\"", ",", "\n", "日", ";", "-", "$", "\xf0\x9f\x9a\x80"};
static const char *const codes[] = {"US", "KR", "FR", "de", "Éire", "it's", "a,b", "10", "9"};

static void write_digits(Buffer *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_byte(out, (char)('0' + (i == 0 ? 1 + any(9) : any(10))));
}

static void write_places(Buffer *out, size_t most)
{
    size_t count = any(most + 1);
    if (count != 0)
        buffer_byte(out, '.');
    for (size_t i = 0; i < count; i++)
        buffer_byte(out, (char)('0' + any(10)));
}

static void write_number(Buffer *out, Kind kind)
{
    static const char *const spellings[] = {"1.5",  "1.50",   "+1.5",   "15e-1", "0.15E1", "001.5",
                                            "2",    "2.0",    "2.00",   "-2",    "-2.0",   "20e-1",
                                            "1e3",  "1000",   "1000.0", "0",     "-0",     "0.00",
                                            "1e-7", "0.1e-6", "-2.00",  "7.25"};
    if (kind == WRITTEN) {
        buffer_text(out, ONE_OF(spellings));
        return;
    }
    if ((kind == SIGNED || kind == WIDE || (kind == WHOLE && chance(20))) && chance(40))
        buffer_byte(out, '-');
    if (kind == WHOLE) {
        buffer_format(out, "%zu", any(chance(70) ? 6 : 3000));
    } else if (kind == WIDE && chance(50)) {
        buffer_text(out, "0.");
        for (size_t i = any(30); i > 0; i--)
            buffer_byte(out, '0');
        write_digits(out, 1 + any(20));
    } else if (kind == WIDE) {
        write_digits(out, 15 + any(25));
        write_places(out, 12);
    } else {
        write_digits(out, 1 + any(5));
        write_places(out, kind == AMOUNT ? 2 : 5);
    }
}

static void write_cell_text(Buffer *out, Kind kind)
{
    static const char *const none[] = {"n/a", "-", "1,5", " 1", "1.", ".5", "NaN", "0x1", "1e"};
    if (is_number(kind))
        write_number(out, kind);
    else if (kind == CODE)
        buffer_text(out, ONE_OF(codes));
    else if (kind == DATE)
        buffer_format(out, "%zu-%02zu-%02zu", 1990 + any(40), 1 + any(12), 1 + any(28));
    else if (kind == DIRTY && chance(20))
        buffer_text(out, ONE_OF(none));
    else if (kind == DIRTY)
        write_number(out, chance(50) ? WRITTEN : AMOUNT);
    else
        for (size_t i = 1 + any(6); i > 0; i--)
            buffer_text(out, ONE_OF(letters));
}

static void write_csv(Buffer *out, Span cell)
{
    bool quoted = chance(5);
    for (size_t i = 0; i < cell.size; i++)
        quoted = quoted || strchr(",\"\n\r", cell.at[i]) != NULL;
    buffer_text(out, quoted ? "\"" : "");
    for (size_t i = 0; i < cell.size; i++)
        buffer_format(out, cell.at[i] == '"' ? "\"\"" : "%c", cell.at[i]);
    buffer_text(out, quoted ? "\"" : "");
}

void write_header(Buffer *out, const Table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        buffer_text(out, i == 0 ? "" : ",");
        write_csv(out, span_of(table->columns[i].name));
    }
    buffer_byte(out, '\n');
}

void write_rows(Buffer *out, const Table *table, size_t count, unsigned missing)
{
    Buffer cell = {0};
    for (size_t row = 0; row < count; row++) {
        for (size_t i = 0; i < table->count; i++) {
            buffer_text(out, i == 0 ? "" : ",");
            cell.size = 0;
            if (!chance(missing))
                write_cell_text(&cell, table->columns[i].kind);
            else if (chance(20))
                buffer_text(out, "\"\"");
            if (cell.size != 0)
                write_csv(out, buffer_span(&cell));
        }
        buffer_byte(out, '\n');
    }
    buffer_free(&cell);
}

/* One row for some pairs of a code and a small number, which together are a key. */
void write_pairs(Buffer *out)
{
    Buffer cell = {0};
    buffer_text(out, "code,size,label\n");
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        for (size_t size = 0; size < 6; size++) {
            if (chance(50))
                continue;
            cell.size = 0;
            write_csv(out, span_of(chance(95) ? codes[i] : ""));
            buffer_format(out, ",%zu,", size);
            write_cell_text(&cell, WORDS);
            write_csv(out, buffer_span(&cell));
            buffer_byte(out, '\n');
        }
    buffer_free(&cell);
}

/* One row for each code, but for some that have none; `many`: up to three. */
void write_reference(Buffer *out, bool many)
{
    Buffer cell = {0};
    buffer_text(out, "code,label,weight\n");
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        for (size_t n = chance(80) ? 1 + (many ? any(3) : 0) : 0; n > 0; n--) {
            cell.size = 0;
            write_csv(out, span_of(codes[i]));
            buffer_byte(out, ',');
            if (chance(80))
                write_cell_text(&cell, WORDS);
            write_csv(out, buffer_span(&cell));
            buffer_byte(out, ',');
            if (chance(80))
                write_number(out, AMOUNT);
            buffer_byte(out, '\n');
        }
    buffer_free(&cell);
}
