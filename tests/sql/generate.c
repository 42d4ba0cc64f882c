/*
 * generate SEED FOLDER: a random project in a folder that is there - two tables with one header,
 * two to look things up in, a catalogue, and pipelines/random-SEED.yaml with one to three steps.
 *
 * The tables hold what data hold: missing cells, ties, negative and very large and very small
 * numbers, several ways of writing one number, texts with quotes, commas, line breaks, wildcards,
 * letters past ASCII.  Most pipelines can be run; those that divide by zero or total negative parts
 * must fail both ways.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "base/text.h"

/* ---- chance ---- */

static uint64_t state;

/* splitmix64 (Steele, Lea & Flood 2014). */
static uint64_t next(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* 0 … count-1 */
static size_t any(size_t count)
{
    return (size_t)(next() % count);
}

static bool chance(unsigned percent)
{
    return any(100) < percent;
}

#define ONE_OF(list) ((list)[any(sizeof(list) / sizeof *(list))])

/* ---- tables ---- */

typedef enum Kind {
    WHOLE,   /* small whole numbers, many ties */
    AMOUNT,  /* not negative, some places */
    SIGNED,  /* any sign, some places */
    WIDE,    /* forty digits, or thirty zeros behind the point */
    WRITTEN, /* one number in several spellings */
    CODE,    /* few texts */
    WORDS,   /* odd texts */
    DATE,
    DIRTY, /* numbers and what is none */
    KINDS
} Kind;

static bool is_number(Kind kind)
{
    return kind <= WRITTEN;
}

static bool is_text(Kind kind)
{
    return kind == CODE || kind == WORDS || kind == DATE;
}

typedef struct Column {
    const char *name;
    Kind kind;
    bool taken; /* its name cannot stand bare in an expression */
} Column;

enum { COLUMNS = 40 };

typedef struct Table {
    const char *name;
    Column columns[COLUMNS];
    size_t count;
} Table;

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
                                            "1e-7", "0.1e-6", "-7.25",  "7.25"};
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

static void write_header(Buffer *out, const Table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        buffer_text(out, i == 0 ? "" : ",");
        write_csv(out, span_of(table->columns[i].name));
    }
    buffer_byte(out, '\n');
}

static void write_rows(Buffer *out, const Table *table, size_t count, unsigned missing)
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
static void write_pairs(Buffer *out)
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
static void write_reference(Buffer *out, bool many)
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

/* ---- files ---- */

static const char *folder;

static void save(const char *path, const Buffer *text)
{
    char name[4096];
    snprintf(name, sizeof name, "%s/%s", folder, path);
    FILE *file = fopen(name, "w");
    if (file == NULL || fwrite(text->at, 1, text->size, file) != text->size || fclose(file) != 0) {
        perror(name);
        exit(1);
    }
}

/* What the catalogue says of the columns is not looked at here, only that there are some. */
static void save_table(const char *name, const Buffer *text, Buffer *catalogue)
{
    char path[100], hex[DIGEST_SIZE];
    snprintf(path, sizeof path, "data/%s.csv", name);
    save(path, text);
    Digest *digest = digest_begin();
    digest_add(digest, text->at, text->size);
    digest_end(digest, hex);
    buffer_format(catalogue,
                  "%s{\"name\": \"%s\", \"path\": \"%s.csv\", \"bytes\": %zu, \"hash\": "
                  "\"sha256:%s\", \"title\": \"%s\", \"schema\": {\"fields\": "
                  "[{\"name\": \"code\", \"type\": \"string\"}]}}",
                  catalogue->size < 100 ? "" : ",\n", name, name, text->size, hex, name);
}

/* ---- expressions ---- */

typedef struct Context {
    const Table *table;
    bool dirty; /* under --invalid missing */
    Buffer *out;
} Context;

static void number(Context *c, size_t depth);
static void text(Context *c, size_t depth);
static void condition(Context *c, size_t depth);

static void write_name(Buffer *out, const Column *column)
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

static const Column *column_of(const Table *table, bool (*fits)(Kind kind))
{
    for (size_t tries = 0; tries < 20; tries++) {
        const Column *column = &table->columns[any(table->count)];
        if (fits(column->kind))
            return column;
    }
    return NULL;
}

static bool is_dirty(Kind kind)
{
    return kind == DIRTY;
}

static void literal_number(Context *c)
{
    static const char *const numbers[] = {
        "0", "1",     "2",  "3",  "10",   "0.5", "2.50",   "100",   "1.0",         "0.001",
        "7", "12.75", ":n", ":m", "1000", "1e2", "3.1416", "0.333", "999999999999"};
    buffer_text(c->out, ONE_OF(numbers));
}

static void literal_text(Context *c)
{
    static const char *const texts[] = {"'US'",   "'a'", "'it''s'", "'é'", "'10'", ":t",
                                        "'b\\%'", "' '", "'Z_'",    "'%'", "'日'", "'2005-06-15'"};
    buffer_text(c->out, ONE_OF(texts));
}

static void number_atom(Context *c)
{
    const Column *column =
        c->dirty && chance(30) ? column_of(c->table, is_dirty) : column_of(c->table, is_number);
    bool bare = chance(12);
    if (column == NULL || chance(30)) {
        literal_number(c);
        return;
    }
    buffer_text(c->out, bare ? "" : "number(");
    write_name(c->out, column);
    buffer_text(c->out, bare ? "" : ")");
}

static void text_atom(Context *c)
{
    const Column *column = column_of(c->table, is_text);
    if (column == NULL || chance(25)) {
        literal_text(c);
    } else {
        buffer_text(c->out, "text(");
        write_name(c->out, column);
        buffer_byte(c->out, ')');
    }
}

static void infix(Context *c, void (*part)(Context *c, size_t depth), const char *symbol,
                  size_t depth)
{
    bool left = chance(50), right = chance(50);
    buffer_text(c->out, left ? "(" : "");
    part(c, depth - 1);
    buffer_format(c->out, left ? ") %s " : " %s ", symbol);
    buffer_text(c->out, right ? "(" : "");
    part(c, depth - 1);
    buffer_text(c->out, right ? ")" : "");
}

static void call(Context *c, const char *name, void (*part)(Context *c, size_t depth), size_t count,
                 size_t depth)
{
    buffer_format(c->out, "%s(", name);
    for (size_t i = 0; i < count; i++) {
        buffer_text(c->out, i == 0 ? "" : ", ");
        part(c, depth - 1);
    }
    buffer_byte(c->out, ')');
}

/* A quotient whose divisor is nearly always other than 0. */
static void quotient(Context *c, size_t depth)
{
    buffer_byte(c->out, '(');
    number(c, depth - 1);
    buffer_text(c->out, chance(70) ? ") / " : ") % ");
    if (chance(40)) {
        static const char *const divisors[] = {"3", "7", "0.25", "-6", "11.0", "1e3"};
        buffer_text(c->out, ONE_OF(divisors));
        return;
    }
    bool guarded = chance(97);
    buffer_text(c->out, guarded ? "nullif(" : "(");
    number(c, depth - 1);
    buffer_text(c->out, guarded ? ", 0)" : ")");
}

static void cases(Context *c, void (*part)(Context *c, size_t depth), size_t depth)
{
    bool simple = chance(30);
    void (*tested)(Context *, size_t) = chance(50) ? number : text;
    buffer_text(c->out, "case ");
    if (simple)
        tested(c, depth - 1);
    for (size_t i = 1 + any(2); i > 0; i--) {
        buffer_text(c->out, " when ");
        if (simple)
            tested(c, depth - 1);
        else
            condition(c, depth - 1);
        buffer_text(c->out, " then ");
        part(c, depth - 1);
    }
    if (chance(70)) {
        buffer_text(c->out, " else ");
        if (chance(10))
            buffer_text(c->out, "null");
        else
            part(c, depth - 1);
    }
    buffer_text(c->out, " end");
}

/* Functions of one number, kept in the range where they have a value. */
static void function_of_number(Context *c, size_t depth)
{
    static const char *const forms[][2] = {
        {"abs(", ")"},
        {"round(", ")"},
        {"round(", ", 2)"},
        {"round(", ", -1)"},
        {"floor(", ")"},
        {"ceil(", ")"},
        {"sqrt(abs(", "))"},
        {"ln(1 + abs(", "))"},
        {"exp((", ") % 20)"},
        {"power(", ", 2)"},
        {"power(", ", 3)"},
        {"power(abs(", ") + 1, -2)"},
        {"power(2, (", ") % 9)"},
        {"power(abs(", ") + 0.5, 0.5)"},
        {"round(", ", 17)"},
        {"-(", ")"},
        {"+(", ")"},
        {"number(text(", "))"},
    };
    const char *const *form = forms[any(sizeof forms / sizeof *forms)];
    buffer_text(c->out, form[0]);
    number(c, depth - 1);
    buffer_text(c->out, form[1]);
}

static void number(Context *c, size_t depth)
{
    if (depth == 0) {
        number_atom(c);
        return;
    }
    switch (any(13)) {
    case 0:
    case 1:
        infix(c, number, "+", depth);
        break;
    case 2:
        infix(c, number, "-", depth);
        break;
    case 3:
    case 4:
        infix(c, number, "*", depth);
        break;
    case 5:
        quotient(c, depth);
        break;
    case 6:
    case 7:
        function_of_number(c, depth);
        break;
    case 8:
        cases(c, number, depth);
        break;
    case 9:
        call(c, chance(60) ? "coalesce" : "nullif", number, 2, depth);
        break;
    case 10:
        call(c, chance(50) ? "least" : "greatest", number, 1 + any(3), depth);
        break;
    case 11:
        call(c, "length", text, 1, depth);
        break;
    default:
        number_atom(c);
    }
}

static void cut(Context *c, size_t depth)
{
    static const char *const ends[] = {", 2)",  ", 1, 3)", ", 0, 2)",
                                       ", -1)", ", 3, 0)", ", 2, :n)"};
    buffer_text(c->out, "substr(");
    text(c, depth - 1);
    buffer_text(c->out, ONE_OF(ends));
}

static void part_of(Context *c, size_t depth)
{
    static const char *const ends[] = {", ' ', 1)", ", 'a', 2)", ", '-', -1)", ", 'x', 9)"};
    buffer_text(c->out, "split_part(");
    text(c, depth - 1);
    buffer_text(c->out, ONE_OF(ends));
}

static void text(Context *c, size_t depth)
{
    static const char *const unary[] = {"lower", "upper", "trim"};
    static const char *const several[] = {"coalesce", "least", "greatest"};
    if (depth == 0) {
        text_atom(c);
        return;
    }
    switch (any(10)) {
    case 0:
    case 1:
        infix(c, text, "||", depth);
        break;
    case 2:
        call(c, ONE_OF(unary), text, 1, depth);
        break;
    case 3:
        cut(c, depth);
        break;
    case 4:
        call(c, "replace", text, 2, depth);
        c->out->size--;
        buffer_text(c->out, chance(50) ? ", '')" : ", '<>')");
        break;
    case 5:
        part_of(c, depth);
        break;
    case 6:
        cases(c, text, depth);
        break;
    case 7:
        call(c, ONE_OF(several), text, 1 + any(3), depth);
        break;
    case 8:
        call(c, "text", chance(70) ? number : condition, 1, depth);
        break;
    default:
        text_atom(c);
    }
}

static void compared(Context *c, size_t depth)
{
    static const char *const symbols[] = {"=", "<>", "!=", "<", "<=", ">", ">="};
    void (*part)(Context *, size_t) = chance(65) ? number : text;
    infix(c, part, ONE_OF(symbols), depth);
}

static void between(Context *c, size_t depth)
{
    void (*part)(Context *, size_t) = chance(65) ? number : text;
    buffer_byte(c->out, '(');
    part(c, depth - 1);
    buffer_text(c->out, chance(30) ? ") not between (" : ") between (");
    part(c, depth - 1);
    buffer_text(c->out, ") and (");
    part(c, depth - 1);
    buffer_byte(c->out, ')');
}

static void in(Context *c, size_t depth)
{
    bool numbers = chance(50);
    void (*part)(Context *, size_t) = numbers ? number : text;
    buffer_byte(c->out, '(');
    part(c, depth - 1);
    buffer_text(c->out, chance(30) ? ") not in " : ") in ");
    if (chance(30)) {
        buffer_text(c->out, numbers ? ":numbers" : chance(80) ? ":texts" : ":none");
        return;
    }
    call(c, "", part, 1 + any(3), chance(50) ? 1 : depth);
}

static void like(Context *c, size_t depth)
{
    static const char *const patterns[] = {"'%a%'",  "'_'",  "'%'",  "'U_'",   "'%\\%%'", "'é%'",
                                           "'%\\_'", "'A%'", "'%z'", "'%''%'", "'20%-%'"};
    buffer_byte(c->out, '(');
    text(c, depth - 1);
    buffer_text(c->out, chance(30) ? ") not " : ") ");
    buffer_format(c->out, chance(50) ? "like %s" : "ilike %s", ONE_OF(patterns));
}

static void is_null(Context *c, size_t depth)
{
    void (*parts[])(Context *, size_t) = {number, text, condition};
    buffer_byte(c->out, '(');
    parts[any(3)](c, depth - 1);
    buffer_text(c->out, chance(50) ? ") is null" : ") is not null");
}

static void condition(Context *c, size_t depth)
{
    if (depth == 0) {
        const Column *column = &c->table->columns[any(c->table->count)];
        write_name(c->out, column);
        buffer_text(c->out, chance(50) ? " is null" : " is not null");
        return;
    }
    switch (any(10)) {
    case 0:
    case 1:
    case 2:
        compared(c, depth);
        break;
    case 3:
        between(c, depth);
        break;
    case 4:
        in(c, depth);
        break;
    case 5:
        like(c, depth);
        break;
    case 6:
        is_null(c, depth);
        break;
    case 7:
        infix(c, condition, "and", depth);
        break;
    case 8:
        infix(c, condition, "or", depth);
        break;
    default:
        buffer_text(c->out, "not (");
        condition(c, depth - 1);
        buffer_byte(c->out, ')');
    }
}

/* ---- stages ---- */

typedef struct Stages {
    Table table; /* what has come out so far */
    Buffer out;  /* words of the pipe */
    size_t made; /* columns, for names */
    size_t count;
} Stages;

/* A word of a pipe, in single quotes. */
static void word(Stages *s, const Buffer *text)
{
    buffer_text(&s->out, " '");
    for (size_t i = 0; i < text->size; i++)
        buffer_format(&s->out, text->at[i] == '\'' ? "'\\''" : "%c", text->at[i]);
    buffer_byte(&s->out, '\'');
}

/* An argument that begins with a minus would be taken for an option. */
static void option_free(Buffer *argument)
{
    if (argument->at[0] != '-')
        return;
    buffer_byte(argument, ' ');
    memmove(argument->at + 1, argument->at, argument->size - 1);
    argument->at[0] = ' ';
}

static void begin(Stages *s, const char *filter)
{
    buffer_format(&s->out, "%s%s", s->count++ == 0 ? "" : " |\n      ", filter);
}

static const char *new_name(Stages *s)
{
    static const char *const odd[] = {"new", "order", "Año", "two words", "row_no", "_x"};
    static char names[1000][24];
    static size_t used;
    snprintf(names[used], sizeof *names, "%s %zu", ONE_OF(odd), s->made++);
    if (chance(70))
        snprintf(names[used], sizeof *names, "c%zu", s->made++);
    return names[used++];
}

static Column *add_column(Stages *s, const char *name, Kind kind)
{
    Column *column = &s->table.columns[s->table.count++];
    *column = (Column){name, kind, strchr(name, ' ') != NULL};
    return column;
}

static void dirty_word(Stages *s, bool dirty)
{
    if (dirty)
        buffer_text(&s->out, " --invalid missing");
}

static void list_name(Buffer *out, const Column *column)
{
    if (strpbrk(column->name, ",\"") == NULL)
        buffer_text(out, column->name);
    else
        write_name(out, &(Column){column->name, column->kind, true});
}

/* Up to `most` different columns, which go into `chosen`. */
static size_t choose(const Stages *s, size_t most, const Column **chosen)
{
    size_t count = 0;
    for (size_t i = any(most + 1); i > 0; i--) {
        const Column *column = &s->table.columns[any(s->table.count)];
        bool there = false;
        for (size_t j = 0; j < count; j++)
            there = there || chosen[j] == column;
        if (!there)
            chosen[count++] = column;
    }
    return count;
}

static void list_word(Stages *s, const char *option, const Column *const *columns, size_t count)
{
    Buffer list = {0};
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        buffer_text(&list, i == 0 ? "" : ", ");
        list_name(&list, columns[i]);
    }
    buffer_format(&s->out, *option == '\0' ? "" : " %s", option);
    word(s, &list);
    buffer_free(&list);
}

static void filter(Stages *s)
{
    Buffer text_of = {0};
    Context c = {.table = &s->table, .dirty = chance(20), .out = &text_of};
    condition(&c, 1 + any(3));
    begin(s, "filter");
    option_free(&text_of);
    word(s, &text_of);
    dirty_word(s, c.dirty);
    if (chance(20))
        buffer_text(&s->out, " -v");
    if (chance(15))
        buffer_format(&s->out, " -n %zu", any(20));
    buffer_free(&text_of);
}

/* Mostly a few items; now and then many deep ones. */
static void derive(Stages *s)
{
    Buffer list = {0};
    Table before = s->table;
    Context c = {.table = &before, .dirty = chance(20), .out = &list};
    size_t count = chance(85) ? 1 + any(4) : 10, depth = count == 10 ? 5 : 3;
    for (size_t i = 0; i < count && s->table.count + 8 < COLUMNS; i++) {
        void (*parts[])(Context *, size_t) = {number, number, text, condition};
        size_t kind = any(4);
        buffer_text(&list, i == 0 ? "" : ", ");
        parts[kind](&c, 1 + any(depth));
        Column *column = add_column(s, new_name(s), kind < 2 ? SIGNED : WORDS);
        if (chance(15) && i == 0) { /* in the place of one that is there */
            s->table.count--;
            Column *replaced = &s->table.columns[any(before.count)];
            replaced->kind = kind < 2 ? SIGNED : WORDS;
            column = replaced;
        }
        buffer_text(&list, " as ");
        write_name(&list, column);
    }
    begin(s, "derive");
    option_free(&list);
    word(s, &list);
    dirty_word(s, c.dirty);
    if (chance(15))
        buffer_format(&s->out, " --places %zu", any(7));
    buffer_free(&list);
}

static void summary(Context *c)
{
    static const char *const of_numbers[] = {
        "sum", "mean",         "min",  "max",   "median", "stddev", "variance",      "stddev_pop",
        "sum", "variance_pop", "mode", "first", "last",   "count",  "count(distinct"};
    static const char *const fractions[] = {"0", "1", "0.5", "0.9", "0.333", ":q"};
    if (chance(10)) {
        buffer_text(c->out, "count(*)");
    } else if (chance(10)) {
        buffer_text(c->out, "quantile(");
        number(c, any(2));
        buffer_format(c->out, ", %s)", ONE_OF(fractions));
    } else {
        const char *name = ONE_OF(of_numbers);
        bool distinct = strcmp(name, "count(distinct") == 0;
        buffer_format(c->out, distinct ? "%s number(" : "%s(number(", name);
        number(c, any(3));
        buffer_text(c->out, "))");
    }
}

static void text_summary(Context *c)
{
    static const char *const names[] = {"min", "max", "mode", "first", "last"};
    buffer_format(c->out, "%s(", ONE_OF(names));
    text(c, any(2));
    buffer_byte(c->out, ')');
}

static void cell_summary(Context *c)
{
    static const char *const names[] = {"mode", "first", "last", "count", "count(distinct"};
    const char *name = ONE_OF(names);
    buffer_format(c->out, strchr(name, '(') != NULL ? "%s " : "%s(", name);
    write_name(c->out, &c->table->columns[any(c->table->count)]);
    buffer_byte(c->out, ')');
}

/* A summary of numbers, or a computation with some. */
static void number_item(Context *c)
{
    summary(c);
    if (chance(30)) {
        static const char *const symbols[] = {" + ", " - ", " * "};
        buffer_text(c->out, ONE_OF(symbols));
        summary(c);
    }
    if (chance(15)) {
        buffer_text(c->out, " / nullif(");
        summary(c);
        buffer_text(c->out, ", 0)");
    }
}

static void aggregate(Stages *s)
{
    const Column *groups[3];
    Column kept[3];
    Buffer list = {0};
    Table before = s->table;
    Context c = {.table = &before, .dirty = chance(20), .out = &list};
    size_t group_count = choose(s, 2, groups), count = 1 + any(4);
    begin(s, "aggregate");
    for (size_t i = 0; i < group_count; i++)
        kept[i] = *groups[i];
    list_word(s, "-g", groups, group_count);
    memcpy(s->table.columns, kept, group_count * sizeof *kept);
    s->table.count = group_count;
    for (size_t i = 0; i < count; i++) {
        size_t kind = any(8);
        buffer_text(&list, i == 0 ? "" : ", ");
        if (kind < 6)
            number_item(&c);
        else if (kind == 6)
            text_summary(&c);
        else
            cell_summary(&c);
        buffer_text(&list, " as ");
        write_name(&list, add_column(s, new_name(s), kind < 6 ? SIGNED : WORDS));
    }
    word(s, &list);
    dirty_word(s, c.dirty);
    if (chance(15))
        buffer_format(&s->out, " --places %zu", any(5));
    buffer_free(&list);
}

static bool is_amount(Kind kind)
{
    return kind == AMOUNT;
}

static void share(Stages *s)
{
    const Column *column = column_of(&s->table, chance(95) ? is_amount : is_number), *groups[2];
    Buffer name = {0};
    if (column == NULL)
        return;
    list_name(&name, column);
    begin(s, "share");
    word(s, &name);
    list_word(s, "-g", groups, choose(s, 2, groups));
    dirty_word(s, chance(30));
    if (chance(50))
        buffer_text(&s->out, " --percent");
    bool cumulative = chance(40);
    if (cumulative)
        buffer_text(&s->out, " --cumulative");
    if (chance(40)) {
        buffer_format(&s->out, " --places %zu", any(4));
        if (chance(50))
            buffer_text(&s->out, " --largest-remainder");
    }
    const char *as = new_name(s);
    buffer_format(&s->out, " --as '%s'", as);
    add_column(s, as, AMOUNT);
    if (cumulative) {
        char *more = memory_array(strlen(as) + 20, 1);
        strcat(strcpy(more, as), "_cumulative");
        add_column(s, more, AMOUNT);
    }
    buffer_free(&name);
}

static void neighbours(Stages *s, const char *way)
{
    const Column *columns[2];
    size_t count = choose(s, 2, columns);
    Column kept[2];
    for (size_t i = 0; i < count; i++)
        kept[i] = *columns[i];
    char option[10] = "--";
    list_word(s, strcat(option, way), columns, count);
    for (size_t i = 0; i < count; i++) {
        char *name = memory_array(strlen(kept[i].name) + 6, 1);
        strcat(strcat(strcpy(name, kept[i].name), "_"), way);
        *add_column(s, name, kept[i].kind) = (Column){name, kept[i].kind, true};
    }
}

static void rank(Stages *s)
{
    static const char *const methods[] = {"competition", "dense", "ordinal", "max"};
    static const char *const fractions[] = {"average", "percent"};
    const Column *groups[2];
    Buffer order = {0};
    Context c = {.table = &s->table, .dirty = chance(20), .out = &order};
    for (size_t i = 1 + any(2); i > 0; i--) {
        (chance(75) ? number : text)(&c, any(3));
        buffer_text(&order, chance(50) ? " desc" : "");
        buffer_text(&order, i > 1 ? ", " : "");
    }
    begin(s, "rank");
    option_free(&order);
    word(s, &order);
    dirty_word(s, c.dirty);
    list_word(s, "-g", groups, choose(s, 2, groups));
    bool whole = chance(70), only = chance(20), top = whole && chance(40);
    if (!only || top)
        buffer_format(&s->out, " --method %s", whole ? ONE_OF(methods) : ONE_OF(fractions));
    if (top)
        buffer_format(&s->out, " --top %zu", any(8));
    const char *as = new_name(s), *tied = new_name(s);
    bool with_tied = !only && chance(30);
    if (only)
        buffer_text(&s->out, " --order-only");
    else
        buffer_format(&s->out, " --as '%s'", as);
    if (with_tied)
        buffer_format(&s->out, " --tied '%s'", tied);
    Table before = s->table;
    if (chance(30))
        neighbours(s, "lag");
    size_t lagged = s->table.count;
    Column behind[2 * COLUMNS];
    memcpy(behind, s->table.columns + before.count, (lagged - before.count) * sizeof *behind);
    s->table.count = before.count;
    if (!only)
        add_column(s, as, WHOLE);
    if (with_tied)
        add_column(s, tied, WHOLE);
    for (size_t i = 0; i < lagged - before.count; i++)
        s->table.columns[s->table.count++] = behind[i];
    buffer_free(&order);
}

static void pick(Stages *s)
{
    const Column *columns[8];
    Column kept[8];
    size_t count = choose(s, 8, columns);
    if (count == 0)
        return;
    Buffer list = {0};
    begin(s, "pick");
    for (size_t i = 0; i < count; i++) {
        kept[i] = *columns[i];
        buffer_text(&list, i == 0 ? "" : ", ");
        list_name(&list, columns[i]);
        if (chance(20)) {
            kept[i].name = new_name(s);
            kept[i].taken = true;
            buffer_format(&list, " as %s", kept[i].name);
        }
    }
    word(s, &list);
    memcpy(s->table.columns, kept, count * sizeof *kept);
    s->table.count = count;
    buffer_free(&list);
}

static void pick_except(Stages *s)
{
    const Column *columns[3];
    size_t count = choose(s, 3, columns);
    if (count == 0 || count == s->table.count)
        return;
    begin(s, "pick");
    list_word(s, "--except", columns, count);
    Table rest = {.name = s->table.name};
    for (size_t i = 0; i < s->table.count; i++) {
        bool out = false;
        for (size_t j = 0; j < count; j++)
            out = out || columns[j] == &s->table.columns[i];
        if (!out)
            rest.columns[rest.count++] = s->table.columns[i];
    }
    s->table = rest;
}

static void unpivot(Stages *s)
{
    const Column *columns[3];
    size_t count = choose(s, 3, columns);
    if (count == 0)
        return;
    begin(s, "unpivot");
    list_word(s, "", columns, count);
    const char *name = new_name(s), *cell = new_name(s);
    buffer_format(&s->out, " --into '%s,%s'%s", name, cell, chance(50) ? " --keep-missing" : "");
    Table rest = {.name = s->table.name};
    for (size_t i = 0; i < s->table.count; i++) {
        bool out = false;
        for (size_t j = 0; j < count; j++)
            out = out || columns[j] == &s->table.columns[i];
        if (!out)
            rest.columns[rest.count++] = s->table.columns[i];
    }
    s->table = rest;
    add_column(s, name, CODE);
    add_column(s, cell, WORDS);
}

static bool is_code(Kind kind)
{
    return kind == CODE;
}

static void lookup(Stages *s)
{
    static const char *const ways[] = {"keep", "drop", "only", NULL};
    const Column *key = column_of(&s->table, is_code);
    bool many = chance(40);
    const char *way = ways[any(chance(90) ? 3 : 4)];
    if (key == NULL)
        return;
    Buffer keys = {0};
    begin(s, "lookup");
    write_name(&keys, &(Column){key->name, CODE, strpbrk(key->name, ",\"=") != NULL});
    buffer_text(&keys, "=code");
    word(s, &keys);
    buffer_format(&s->out, " --from %s", many ? "many" : "names");
    if (many && (way == NULL || strcmp(way, "only") != 0))
        buffer_text(&s->out, " --many");
    if (way != NULL)
        buffer_format(&s->out, " --unmatched %s", way);
    buffer_free(&keys);
    if (way != NULL && strcmp(way, "only") == 0)
        return;
    const char *label = new_name(s), *weight = new_name(s);
    buffer_format(&s->out, " --take 'label as %s, weight as %s'", label, weight);
    add_column(s, label, WORDS);
    add_column(s, weight, AMOUNT);
}

static bool is_whole(Kind kind)
{
    return kind == WHOLE;
}

/* A key of two columns. */
static void lookup_pair(Stages *s)
{
    static const char *const ways[] = {"keep", "drop", "only"};
    const Column *code = column_of(&s->table, is_code), *size = column_of(&s->table, is_whole);
    const char *way = ONE_OF(ways);
    Buffer keys = {0};
    if (code == NULL || size == NULL)
        return;
    begin(s, "lookup");
    write_name(&keys, &(Column){code->name, CODE, strpbrk(code->name, ",\"=") != NULL});
    buffer_text(&keys, chance(90) ? ", " : " = code,");
    write_name(&keys, &(Column){size->name, CODE, strpbrk(size->name, ",\"=") != NULL});
    buffer_text(&keys, "=size");
    if (strstr(keys.at, "= code") == NULL && strcmp(code->name, "code") != 0) {
        keys.size = 0;
        write_name(&keys, &(Column){code->name, CODE, strpbrk(code->name, ",\"=") != NULL});
        buffer_text(&keys, "=code, ");
        write_name(&keys, &(Column){size->name, CODE, strpbrk(size->name, ",\"=") != NULL});
        buffer_text(&keys, "=size");
    }
    word(s, &keys);
    buffer_format(&s->out, " --from pairs --unmatched %s", way);
    buffer_free(&keys);
    if (strcmp(way, "only") == 0)
        return;
    const char *label = new_name(s);
    buffer_format(&s->out, " --take 'label as %s'", label);
    add_column(s, label, WORDS);
}

static const Table *built; /* what the first step gives */

/* In the table of another step, whose cells may have been computed. */
static void lookup_step(Stages *s)
{
    const Column *key = &s->table.columns[any(s->table.count)];
    Buffer keys = {0};
    if (built == NULL || built->count == 0)
        return;
    const Column *there = &built->columns[any(built->count)];
    begin(s, "lookup");
    write_name(&keys, &(Column){key->name, CODE, true});
    buffer_byte(&keys, '=');
    write_name(&keys, &(Column){there->name, CODE, true});
    word(s, &keys);
    buffer_format(&s->out, " --from first --many --unmatched %s", chance(50) ? "keep" : "drop");
    keys.size = 0;
    const Column *taken = &built->columns[any(built->count)];
    const char *name = new_name(s);
    write_name(&keys, &(Column){taken->name, CODE, true});
    buffer_format(&keys, " as %s", name);
    buffer_text(&s->out, " --take");
    word(s, &keys);
    add_column(s, name, taken->kind);
    buffer_free(&keys);
}

/* Rows into columns; what they are called only the data know. */
static void pivot(Stages *s)
{
    const Column *code = column_of(&s->table, is_code), *size = column_of(&s->table, is_whole);
    const Column *amount = column_of(&s->table, is_number);
    Buffer text_of = {0};
    if (code == NULL || size == NULL || amount == NULL || amount == size)
        return;
    begin(s, "filter");
    write_name(&text_of, code);
    buffer_text(&text_of, " is not null");
    word(s, &text_of);
    begin(s, "aggregate");
    text_of.size = 0;
    buffer_text(&text_of, chance(50) ? "sum(" : "mean(");
    write_name(&text_of, amount);
    buffer_text(&text_of, ") as value");
    word(s, &text_of);
    list_word(s, "-g", (const Column *[]){code, size}, 2);
    begin(s, "pivot");
    text_of.size = 0;
    list_name(&text_of, code);
    word(s, &text_of);
    buffer_text(&s->out, " value");
    list_word(s, "-g", (const Column *[]){size}, 1);
    s->table.columns[0] = *size;
    s->table.count = 1;
    buffer_free(&text_of);
}

static void require(Stages *s)
{
    const Column *column = column_of(&s->table, is_number);
    Buffer text_of = {0};
    if (column == NULL)
        return;
    begin(s, "filter");
    write_name(&text_of, column);
    buffer_text(&text_of, chance(80) ? " is null or " : " is not null and ");
    write_name(&text_of, column);
    buffer_text(&text_of, " > -1e60");
    word(s, &text_of);
    buffer_text(&s->out, " --require");
    buffer_free(&text_of);
}

static void stage(Stages *s)
{
    static void (*const all[])(Stages *) = {filter,    filter,      derive,      derive,  derive,
                                            aggregate, aggregate,   share,       share,   rank,
                                            rank,      pick,        pick_except, unpivot, lookup,
                                            lookup,    lookup_pair, lookup_step, pivot};
    if (s->table.count + 6 > COLUMNS || s->table.count == 0)
        return;
    ONE_OF(all)(s);
}

/* ---- the project ---- */

static void make_columns(Table *table)
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

static void write_step(Buffer *yaml, Stages *s, const char *name, const char *from)
{
    for (size_t tries = 1 + any(4); s->count == 0 || tries > 0; tries -= tries > 0)
        stage(s);
    /* Last, since PostgreSQL does not try what nothing reads. */
    if (chance(8))
        require(s);
    buffer_format(yaml, "  %s:\n    from: %s\n    pipe: |\n      %s\n", name, from,
                  buffer_string(&s->out));
}

static void write_pipeline(const Table *facts, const char *seed)
{
    Buffer yaml = {0};
    buffer_text(&yaml, "version: 1\ntitle: Random\n"
                       "params: { n: 2, m: -1.50, q: 0.25, t: \"Éire's\", numbers: [1, 2.0, 10], "
                       "texts: [US, \"it's\", \"é\"], none: [] }\n"
                       "sources:\n  facts: { resource: facts }\n  more: { resource: more }\n"
                       "  names: { resource: names }\n  many: { resource: many }\n"
                       "  pairs: { resource: pairs }\nsteps:\n");
    Stages first = {.table = *facts};
    write_step(&yaml, &first, "first", chance(80) ? "facts" : "[facts, more]");
    built = &first.table;
    if (chance(50)) {
        Stages second = {.table = first.table, .made = 100};
        write_step(&yaml, &second, "second", "first");
    }
    if (chance(30)) {
        Stages third = {.table = *facts, .made = 200};
        write_step(&yaml, &third, "third", chance(50) ? "more" : "[more, facts]");
    }
    char path[100];
    snprintf(path, sizeof path, "pipelines/random-%s.yaml", seed);
    save(path, &yaml);
    buffer_free(&yaml);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: generate SEED FOLDER\n");
        return 64;
    }
    state = strtoull(argv[1], NULL, 10);
    folder = argv[2];
    Table facts = {.name = "facts"};
    make_columns(&facts);
    unsigned missing = chance(80) ? (unsigned)any(30) : 0;
    Buffer catalogue = {0}, table = {0};
    buffer_text(&catalogue, "{\"name\": \"random\", \"resources\": [\n");
    write_header(&table, &facts);
    write_rows(&table, &facts, chance(90) ? 1 + any(60) : 0, missing);
    save_table("facts", &table, &catalogue);
    table.size = 0;
    write_header(&table, &facts);
    write_rows(&table, &facts, any(20), missing);
    save_table("more", &table, &catalogue);
    for (size_t many = 0; many < 2; many++) {
        table.size = 0;
        write_reference(&table, many == 1);
        save_table(many == 1 ? "many" : "names", &table, &catalogue);
    }
    table.size = 0;
    write_pairs(&table);
    save_table("pairs", &table, &catalogue);
    buffer_text(&catalogue, "\n]}\n");
    save("data/datapackage.json", &catalogue);
    write_pipeline(&facts, argv[1]);
    return 0;
}
