/* lookup: adds columns of a reference table, found by key. */

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/progress.h"
#include "filters/program.h"
#include "filters/reference.h"

typedef enum Unmatched {
    UNMATCHED_ERROR,
    UNMATCHED_KEEP,
    UNMATCHED_DROP,
    UNMATCHED_ONLY
} Unmatched;

enum { LISTED = 5 };

/* The rows without a match: how many, and their keys, of which a message lists the first few. */
typedef struct Tally {
    uint64_t rows;
    Dictionary keys; /* a missing key is the empty one */
    uint64_t *counts;
    size_t room;
    const char *place; /* of the first */
} Tally;

typedef struct Lookup {
    Program program;
    const char *path; /* of the reference */
    ColumnList keys, take;
    bool take_given, many, list;
    Unmatched unmatched;
    Header header; /* of the output */
    Reference reference;
    KeyColumns key; /* in the input */
    Buffer nothing; /* the taken cells of a row without a match */
    Tally tally;
} Lookup;

static Unmatched unmatched_of(const char *text)
{
    static const char *const words[] = {"keep", "drop", "only"};
    if (text == NULL)
        return UNMATCHED_ERROR;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i]) == 0)
            return (Unmatched)(UNMATCHED_KEEP + i);
    fail_usage("--unmatched: none of keep, drop, only: %s", shown(text, strlen(text)));
}

/* Standard input can be read once: as the table or as the reference. */
static void check_inputs(const Lookup *lookup)
{
    const Program *program = &lookup->program;
    if (strcmp(lookup->path, "-") != 0)
        return;
    bool taken = program->file_count == 0;
    for (size_t i = 0; i < program->file_count; i++)
        taken = taken || strcmp(program->files[i], "-") == 0;
    if (taken)
        fail_usage("--from - leaves no standard input for the table: name its FILE");
}

static void parse(Lookup *lookup, int argc, char **argv)
{
    Program *program = &lookup->program;
    program_start(program, &lookup_specification, argc, argv);
    const CommandLine *line = &program->line;
    lookup->keys = expression_columns(program->argument, lookup_specification.label, COLUMNS_EQUAL,
                                      &program->arena);
    lookup->take = program_columns(program, "take", COLUMNS_AS);
    columns_check_names(&lookup->take, "--take");
    lookup->take_given = command_line_has(line, "take");
    lookup->many = command_line_has(line, "many");
    lookup->unmatched = unmatched_of(command_line_value(line, "unmatched"));
    lookup->list = command_line_has(line, "list-unmatched");
    if (lookup->list && (lookup->take_given || lookup->unmatched != UNMATCHED_ERROR))
        fail_usage("--list-unmatched gives no rows: it goes with neither --take nor --unmatched");
    lookup->path = command_line_value(line, "from");
    if (lookup->path == NULL)
        fail_usage("--from FILE is missing: the table to look up in");
    if (lookup->take_given && lookup->unmatched == UNMATCHED_ONLY)
        fail_usage("--unmatched only adds no columns: it does not go with --take");
    check_inputs(lookup);
}

/* The key's columns in the reference: the name behind '=', or the same. */
static size_t *reference_keys(Lookup *lookup, const Reader *reader)
{
    size_t *columns = arena_array(&lookup->program.arena, lookup->keys.count, sizeof *columns);
    const char *place = arena_format(&lookup->program.arena, "%s: %s", reader_name(reader),
                                     lookup_specification.label);
    for (size_t i = 0; i < lookup->keys.count; i++)
        columns[i] = header_require(reader_header(reader),
                                    span_of(column_new_name(&lookup->keys.columns[i])), place);
    return columns;
}

static void add_name(Lookup *lookup, const char *name)
{
    if (header_find(&lookup->header, span_of(name)) != COLUMN_NONE)
        fail("%s: column %s is already there (--take 'COLUMN as NAME' gives it another name)",
             reader_name(lookup->program.reader), shown(name, strlen(name)));
    header_add(&lookup->header, name);
}

/* The columns to take, and their names added to the output's header. */
static size_t *taken_columns(Lookup *lookup, const Reader *reader, const size_t *keys,
                             size_t *count)
{
    Arena *arena = &lookup->program.arena;
    const Header *from = reader_header(reader);
    size_t *columns;
    if (lookup->unmatched == UNMATCHED_ONLY || lookup->list) {
        *count = 0;
        return NULL;
    }
    if (!lookup->take_given) {
        columns = columns_except(keys, lookup->keys.count, from->width, count, arena);
        for (size_t i = 0; i < *count; i++)
            add_name(lookup, arena_format(arena, "%s", from->names[columns[i]]));
        return columns;
    }
    *count = lookup->take.count;
    columns = arena_array(arena, *count, sizeof *columns);
    const char *place = arena_format(arena, "%s: --take", reader_name(reader));
    for (size_t i = 0; i < *count; i++) {
        const ColumnName *name = &lookup->take.columns[i];
        columns[i] = header_require(from, span_of(name->name), place);
        add_name(lookup, column_new_name(name));
    }
    return columns;
}

static void read_reference(Lookup *lookup)
{
    Program *program = &lookup->program;
    char *paths[] = {(char *)lookup->path};
    ReaderOptions options = program_reading(program);
    Reader *reader = reader_open(paths, 1, &options);
    const Header *input = reader_header(program->reader);
    lookup->header =
        header_copy(input, reader_header(reader)->width + lookup->take.count, &program->arena);
    KeyColumns key = {.columns = reference_keys(lookup, reader), .count = lookup->keys.count};
    size_t count;
    size_t *columns = taken_columns(lookup, reader, key.columns, &count);
    ColumnRuns taken = column_runs(columns, count, &program->arena);
    /* Whether a key has one row or several makes no odds to who asks only if there is one. */
    lookup->reference.memory = program->memory;
    bool many = lookup->many || lookup->list || lookup->unmatched == UNMATCHED_ONLY;
    reference_read(&lookup->reference, reader, &key, &taken, many);
    for (size_t i = 1; i < count; i++)
        buffer_byte(&lookup->nothing, program->delimiter);
    buffer_free(&key.joined);
    reader_close(reader);
    progress_again(); /* what was read up to here is not of the input */
}

static void write_list_header(Lookup *lookup)
{
    Arena *arena = &lookup->program.arena;
    Header header = {arena_array(arena, lookup->keys.count + 2, sizeof *header.names), 0};
    for (size_t i = 0; i < lookup->keys.count; i++)
        columns_add(&header, lookup->keys.columns[i].name, "keys");
    columns_add(&header, "rows", "--list-unmatched");
    columns_add(&header, "nearest", "--list-unmatched");
    writer_header(lookup->program.writer, &header);
}

static void open_all(Lookup *lookup)
{
    Program *program = &lookup->program;
    program_open(program);
    const Header *input = reader_header(program->reader);
    lookup->key = (KeyColumns){
        .columns = program_resolve(program, &lookup->keys, input, lookup_specification.label),
        .count = lookup->keys.count};
    read_reference(lookup);
    if (lookup->list)
        write_list_header(lookup);
    else
        writer_header(program->writer, &lookup->header);
}

static void tally_row(Lookup *lookup, const Batch *batch, size_t row, Span key)
{
    Tally *tally = &lookup->tally;
    if (tally->rows++ == 0)
        tally->place = arena_format(&lookup->program.arena, "%s",
                                    batch_place(batch, row, lookup->key.columns[0]));
    bool added = false;
    size_t number = tally->keys.count < LISTED || lookup->list
                        ? dictionary_add(&tally->keys, key, &added)
                        : dictionary_find(&tally->keys, key);
    if (number == DICTIONARY_NONE)
        return;
    tally->counts = memory_grow(tally->counts, &tally->room, number, sizeof *tally->counts);
    tally->counts[number] = added ? 1 : tally->counts[number] + 1;
}

static void write_joined(const Lookup *lookup, const Batch *batch, size_t row, Span taken)
{
    Writer *writer = lookup->program.writer;
    writer_fields(writer, batch_row(batch, row));
    if (lookup->header.width > batch->width)
        writer_fields(writer, taken);
    writer_end(writer);
}

static void write_unmatched(Lookup *lookup, const Batch *batch, size_t row, Span key)
{
    if (lookup->unmatched == UNMATCHED_ERROR)
        tally_row(lookup, batch, row, key);
    else if (lookup->unmatched == UNMATCHED_KEEP)
        write_joined(lookup, batch, row, buffer_span(&lookup->nothing));
    else if (lookup->unmatched == UNMATCHED_ONLY)
        writer_row(lookup->program.writer, batch, row);
}

/* Once a row had no match nothing more is written: the rest is only counted for the message. */
static void lookup_row(Lookup *lookup, const Batch *batch, size_t row)
{
    const Reference *reference = &lookup->reference;
    Span key;
    size_t match = REFERENCE_NONE;
    if (key_read(&lookup->key, batch, row, &key))
        match = reference_find(reference, key);
    else
        key = (Span){"", 0};
    if (match == REFERENCE_NONE) {
        write_unmatched(lookup, batch, row, key);
        return;
    }
    if (lookup->unmatched == UNMATCHED_ONLY || lookup->list || lookup->tally.rows > 0)
        return;
    for (; match != REFERENCE_NONE; match = reference->next[match])
        write_joined(lookup, batch, row, reference->taken[match]);
}

static void list_keys(Lookup *lookup, Buffer *text)
{
    const Tally *tally = &lookup->tally;
    Buffer key = {0};
    uint64_t listed = 0;
    for (size_t i = 0; i < tally->keys.count; i++) {
        key.size = 0;
        key_write(tally->keys.keys[i], &key);
        bool missing = key.size == 0;
        buffer_format(text, "%s%s (%llu row%s)", i == 0 ? "" : "; ",
                      missing ? "a missing key" : shown(key.at, key.size),
                      (unsigned long long)tally->counts[i], tally->counts[i] == 1 ? "" : "s");
        Span nearest =
            missing ? SPAN("") : reference_nearest(&lookup->reference, tally->keys.keys[i]);
        if (nearest.size > 0)
            buffer_format(text, " (did you mean %s?)", shown(nearest.at, nearest.size));
        listed += tally->counts[i];
    }
    if (listed < tally->rows)
        buffer_format(text, "; others (%llu)", (unsigned long long)(tally->rows - listed));
    buffer_free(&key);
}

static void check_matched(Lookup *lookup)
{
    const Tally *tally = &lookup->tally;
    if (tally->rows == 0)
        return;
    Buffer text = {0};
    list_keys(lookup, &text);
    fail("%s: %s: no match in %s for %s; --unmatched keep, drop or only passes over them%s",
         tally->place, lookup->keys.columns[0].name, file_name(lookup->path), buffer_string(&text),
         tally->keys.count == LISTED ? ", --list-unmatched lists them all" : "");
}

/* ---- the list ---- */

/* The key's parts, a NUL between; a missing key is so in all of them. */
static void write_key(const Lookup *lookup, Span key)
{
    for (size_t i = 0; i < lookup->keys.count; i++) {
        const char *end = key.size == 0 ? NULL : memchr(key.at, '\0', key.size);
        size_t size = end == NULL ? key.size : (size_t)(end - key.at);
        writer_value(lookup->program.writer, (Span){key.at, size});
        size += end != NULL;
        key = (Span){key.at + size, key.size - size};
    }
}

static void write_list(Lookup *lookup)
{
    const Tally *tally = &lookup->tally;
    Writer *writer = lookup->program.writer;
    for (size_t i = 0; i < tally->keys.count; i++) {
        Span key = tally->keys.keys[i];
        write_key(lookup, key);
        writer_number(writer, decimal_of((int64_t)tally->counts[i]));
        writer_value(writer, key.size == 0 ? SPAN("") : reference_nearest(&lookup->reference, key));
        writer_end(writer);
    }
}

static int finish(Lookup *lookup)
{
    if (lookup->list)
        write_list(lookup);
    else
        check_matched(lookup);
    free(lookup->tally.counts);
    reference_free(&lookup->reference);
    dictionary_free(&lookup->tally.keys);
    buffer_free(&lookup->key.joined);
    buffer_free(&lookup->nothing);
    return program_finish(&lookup->program);
}

int main(int argc, char **argv)
{
    Lookup lookup = {0};
    parse(&lookup, argc, argv);
    open_all(&lookup);
    Batch batch;
    while (reader_next(lookup.program.reader, &batch))
        for (size_t row = 0; row < batch.rows; row++)
            lookup_row(&lookup, &batch, row);
    return finish(&lookup);
}
