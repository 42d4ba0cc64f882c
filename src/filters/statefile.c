#include "filters/statefile.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/diagnostic.h"
#include "csv/reader.h"
#include "table/state.h"

#ifndef WARRANT_VERSION
#define WARRANT_VERSION "0.0"
#endif

enum { COLUMN_RECORD, COLUMN_ITEM, COLUMN_VALUE, COLUMN_N, COLUMNS };
static const char *const columns[] = {"record", "item", "value", "n"};

void statefacts_add(StateFacts *facts, const char *item, const char *value)
{
    facts->items = memory_grow(facts->items, &facts->room, facts->count, sizeof *facts->items);
    facts->items[facts->count++] = (StateFact){item, value};
}

const char *statefacts_value(const StateFacts *facts, const char *item)
{
    for (size_t i = 0; i < facts->count; i++)
        if (strcmp(facts->items[i].item, item) == 0)
            return facts->items[i].value;
    return NULL;
}

/* ---- writing ---- */

static void row_append(Buffer *out, const char *record, Span item, Span value)
{
    buffer_text(out, record);
    buffer_byte(out, ',');
    cell_append(out, item, ',');
    buffer_byte(out, ',');
    cell_append(out, value, ',');
    buffer_byte(out, ',');
}

/* Rows whose last newline is not there yet. */
static void rows_write(StateWriter *state, Span rows)
{
    digest_add(state->digest, rows.at, rows.size);
    digest_add(state->digest, "\n", 1);
    writer_fields(state->writer, rows);
    writer_end(state->writer);
}

static void row_write(StateWriter *state, const char *record, const char *item, const char *value,
                      const char *n)
{
    state->line.size = 0;
    row_append(&state->line, record, span_of(item), span_of(value));
    buffer_text(&state->line, n);
    rows_write(state, buffer_span(&state->line));
}

static void count_write(StateWriter *state, const char *item, uint64_t count)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, count);
    row_write(state, "end", item, "", digits);
}

void statewriter_open(StateWriter *state, Writer *writer, size_t part, size_t parts,
                      const StateFacts *facts)
{
    char this[24], all[24];
    snprintf(this, sizeof this, "%zu", part);
    snprintf(all, sizeof all, "%zu", parts);
    *state = (StateWriter){.writer = writer, .digest = digest_begin()};
    rows_write(state, SPAN("record,item,value,n"));
    row_write(state, "header", "version", WARRANT_VERSION, "");
    row_write(state, "header", "part", this, all);
    for (size_t i = 0; i < facts->count; i++)
        row_write(state, "header", facts->items[i].item, facts->items[i].value, "");
}

/* What state_each() hands the entries of a summary to. */
typedef struct Appending {
    Buffer *out;
    size_t summary; /* from 1 */
} Appending;

static void entry_append(void *context, const StateEntry *entry)
{
    const Appending *appending = context;
    char item[40];
    snprintf(item, sizeof item, "%zu%s", appending->summary, entry->squares ? " squares" : "");
    buffer_byte(appending->out, '\n');
    row_append(appending->out, "state", span_of(item), entry->value);
    if (entry->count != 0)
        buffer_format(appending->out, "%" PRIu64, entry->count);
}

void stategroup_append(Partial *partial, size_t group, const ColumnList *keys, Buffer *out)
{
    if (keys->count == 0)
        buffer_text(out, "group,,,");
    for (size_t i = 0; i < keys->count; i++) {
        buffer_text(out, i == 0 ? "" : "\n");
        row_append(out, i == 0 ? "group" : "key", span_of(keys->columns[i].name),
                   groups_key(&partial->groups, group, i));
    }
    for (size_t i = 0; i < partial->count; i++)
        state_each(&partial->summaries[i], group, entry_append, &(Appending){out, i + 1});
}

void statewriter_group(StateWriter *state, Span rows)
{
    rows_write(state, rows);
}

void statewriter_close(StateWriter *state, uint64_t rows, uint64_t invalid)
{
    char hex[DIGEST_SIZE];
    count_write(state, "rows", rows);
    count_write(state, "invalid", invalid);
    digest_end(state->digest, hex);
    state->digest = digest_begin(); /* of the row that no digest is of */
    row_write(state, "end", "sha256", hex, "");
    digest_end(state->digest, hex);
    buffer_free(&state->line);
}

/* ---- the headers of all files ---- */

static bool cell_is(const Batch *batch, size_t row, size_t column, const char *text)
{
    return span_equal(batch_value(batch, row, column), span_of(text));
}

static const char *cell_shown(const Batch *batch, size_t row, size_t column)
{
    Span value = batch_value(batch, row, column);
    return shown(value.at, value.size);
}

static _Noreturn void fail_whole(const char *path, const char *what)
{
    fail("%s: %s: it is not a whole state that aggregate --partial wrote", path, what);
}

static void check_columns(const char *path, const Header *header)
{
    bool same = header->width == COLUMNS;
    for (size_t i = 0; i < COLUMNS && same; i++)
        same = strcmp(header->names[i], columns[i]) == 0;
    if (!same)
        fail_whole(path, "its columns are not record,item,value,n");
}

/* The header of one file, before it is known whether it belongs to the others. */
typedef struct StateHead {
    const char *path;
    StateFacts facts;
    uint64_t part, parts; /* 0: not said */
} StateHead;

/* A whole number from 1 on, or 0. */
static uint64_t read_count(Span text)
{
    uint64_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        unsigned digit = (unsigned char)text.at[i] - (unsigned)'0';
        if (digit > 9 || count > (UINT64_MAX - digit) / 10)
            return 0;
        count = count * 10 + digit;
    }
    return count;
}

static const char *keep(Span text, Arena *arena)
{
    return arena_copy(arena, text.at, text.size);
}

static void head_row(StateHead *head, const Batch *batch, size_t row, Arena *arena)
{
    Span value = batch_value(batch, row, COLUMN_VALUE);
    if (cell_is(batch, row, COLUMN_ITEM, "part")) {
        head->part = read_count(value);
        head->parts = read_count(batch_value(batch, row, COLUMN_N));
        return;
    }
    statefacts_add(&head->facts, keep(batch_value(batch, row, COLUMN_ITEM), arena),
                   keep(value, arena));
}

static void head_check(const StateHead *head)
{
    const char *version = statefacts_value(&head->facts, "version");
    if (version == NULL)
        fail_whole(head->path, "no version stands in its header");
    if (strcmp(version, WARRANT_VERSION) != 0)
        fail("%s: made by version %s, this is %s", head->path, shown(version, strlen(version)),
             WARRANT_VERSION);
    if (head->part == 0 || head->parts == 0 || head->part > head->parts)
        fail_whole(head->path, "its header does not say which part it is");
    if (statefacts_value(&head->facts, "summaries") == NULL)
        fail_whole(head->path, "no summaries stand in its header");
}

/* Every file is read twice. */
static void check_regular(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        fail_errno("%s", path);
    if (!S_ISREG(status.st_mode))
        fail("%s: not a file; a state is read twice", path);
}

static StateHead head_read(char *path, Arena *arena)
{
    StateHead head = {.path = path};
    check_regular(path);
    Reader *reader = reader_open(&path, 1, &(ReaderOptions){.max_row = READER_TOP_ROW});
    check_columns(path, reader_header(reader));
    Batch batch;
    for (bool more = true; more && reader_next(reader, &batch);)
        for (size_t row = 0; row < batch.rows && more; row++) {
            more = cell_is(&batch, row, COLUMN_RECORD, "header");
            if (more)
                head_row(&head, &batch, row, arena);
        }
    reader_close(reader);
    head_check(&head);
    return head;
}

/* The first thing that two specifications differ in. */
static void check_same(const StateHead *first, const StateHead *other)
{
    for (size_t i = 0; i < first->facts.count || i < other->facts.count; i++) {
        StateFact none = {"nothing", ""};
        StateFact one = i < first->facts.count ? first->facts.items[i] : none;
        StateFact two = i < other->facts.count ? other->facts.items[i] : none;
        if (strcmp(one.item, two.item) != 0 || strcmp(one.value, two.value) != 0)
            fail("%s: another specification: %s %s, where %s has %s %s", other->path,
                 shown(two.item, strlen(two.item)), shown(two.value, strlen(two.value)),
                 first->path, shown(one.item, strlen(one.item)),
                 shown(one.value, strlen(one.value)));
    }
    if (first->parts != other->parts)
        fail("%s: part %" PRIu64 " of %" PRIu64 ", where %s is one of %" PRIu64, other->path,
             other->part, other->parts, first->path, first->parts);
}

/* "part 3", "parts 3 and 5", "parts 3, 5, 6 and 2 more" of those that are not there. */
static const char *parts_missing(char *const *paths, size_t count, Arena *arena)
{
    enum { TOLD = 5 };
    size_t missing = 0, told = 0;
    for (size_t i = 0; i < count; i++)
        missing += paths[i] == NULL;
    const char *text = missing == 1 ? "part" : "parts";
    for (size_t i = 0; i < count && told < TOLD; i++)
        if (paths[i] == NULL) {
            const char *join = told == 0 ? " " : told + 1 == missing ? " and " : ", ";
            text = arena_format(arena, "%s%s%zu", text, join, i + 1);
            told++;
        }
    return missing > told ? arena_format(arena, "%s and %zu more", text, missing - told) : text;
}

static void check_complete(const StateSet *set, size_t given, Arena *arena)
{
    if (given == set->count)
        return;
    fail("%s of %zu %s missing", parts_missing(set->paths, set->count, arena), set->count,
         set->count - given == 1 ? "is" : "are");
}

static void set_place(StateSet *set, const StateHead *head)
{
    char **place = &set->paths[head->part - 1];
    if (*place != NULL)
        fail("%s: part %" PRIu64 " a second time, after %s: its rows would count twice", head->path,
             head->part, *place);
    *place = (char *)head->path;
}

void stateset_open(StateSet *set, char *const *paths, size_t count)
{
    StateHead first = {0};
    *set = (StateSet){0};
    for (size_t i = 0; i < count; i++) {
        StateHead head = head_read(paths[i], &set->arena);
        if (i == 0) {
            first = head;
            if (first.parts > STATE_PARTS_MOST)
                fail_whole(first.path, "it is one of too many parts");
            set->count = (size_t)first.parts;
            set->paths = memory_zeroed(set->count, sizeof *set->paths);
        } else {
            check_same(&first, &head);
            free(head.facts.items);
        }
        set_place(set, &head);
    }
    set->facts = first.facts;
    check_complete(set, count, &set->arena);
}

/* ---- the groups of all files ---- */

typedef struct Reading {
    StateSet *set;
    Partial *partial;
    const ColumnList *keys;
    StateRest *rest;
    void *context;
    const char *path;
    Batch batch;
    size_t row;

    /* Of the file at hand: */
    uint64_t part; /* from 0 */
    Digest *digest;
    size_t facts;     /* rows of the header seen, that of the part not among them */
    uint64_t groups;  /* begun */
    size_t key_cells; /* of the group at hand */
    Buffer key;
    uint32_t group;   /* in the partial, once its key is there */
    uint64_t *values; /* by summary: of how many it has been told */
    uint64_t rows;    /* told at the end */
    bool ended, whole;
} Reading;

static _Noreturn void fail_row(const Reading *reading, size_t column, const char *what)
{
    fail("%s: %s: %s: \"%s\"; the file is not as aggregate --partial wrote it",
         batch_place(&reading->batch, reading->row, column), columns[column], what,
         cell_shown(&reading->batch, reading->row, column));
}

static Span cell(const Reading *reading, size_t column)
{
    return batch_value(&reading->batch, reading->row, column);
}

static bool record_is(const Reading *reading, const char *record)
{
    return cell_is(&reading->batch, reading->row, COLUMN_RECORD, record);
}

/* It was looked at before; here it must be the same still. */
static void read_fact(Reading *reading)
{
    const StateFacts *facts = &reading->set->facts;
    if (reading->groups != 0 || reading->ended)
        fail_row(reading, COLUMN_RECORD, "out of place");
    if (cell_is(&reading->batch, reading->row, COLUMN_ITEM, "part")) {
        if (read_count(cell(reading, COLUMN_VALUE)) != reading->part + 1)
            fail_row(reading, COLUMN_VALUE, "changed while it was read");
        return;
    }
    if (reading->facts >= facts->count ||
        !span_equal(cell(reading, COLUMN_VALUE), span_of(facts->items[reading->facts].value)))
        fail_row(reading, COLUMN_VALUE, "changed while it was read");
    reading->facts++;
}

/* Its place among all groups: parts follow each other, and so do groups within one. */
static uint64_t group_ordinal(const Reading *reading)
{
    return reading->part << 32 | (reading->groups - 1);
}

static void read_key(Reading *reading)
{
    const ColumnList *keys = reading->keys;
    const char *name = keys->count == 0 ? "" : keys->columns[reading->key_cells].name;
    if (!cell_is(&reading->batch, reading->row, COLUMN_ITEM, name))
        fail_row(reading, COLUMN_ITEM, "not the key column that comes next");
    Span value = cell(reading, COLUMN_VALUE);
    if (reading->key_cells > 0)
        buffer_byte(&reading->key, '\0');
    buffer_append(&reading->key, value.at, value.size);
    reading->key_cells++;
    if (reading->key_cells >= keys->count)
        reading->group = groups_add_key(&reading->partial->groups, buffer_span(&reading->key),
                                        group_ordinal(reading));
}

static bool key_whole(const Reading *reading)
{
    return reading->groups != 0 && reading->key_cells >= reading->keys->count;
}

static void read_group(Reading *reading)
{
    if ((reading->groups != 0 && !key_whole(reading)) || reading->ended)
        fail_row(reading, COLUMN_RECORD, "out of place");
    reading->groups++;
    reading->key.size = 0;
    reading->key_cells = 0;
    read_key(reading);
}

static void read_further_key(Reading *reading)
{
    if (reading->groups == 0 || key_whole(reading) || reading->ended)
        fail_row(reading, COLUMN_RECORD, "out of place");
    read_key(reading);
}

/* "3" or "3 squares"; false if it is neither. */
static bool read_item(Span item, size_t *summary, bool *squares)
{
    static const char suffix[] = " squares";
    size_t tail = sizeof suffix - 1;
    *squares = item.size > tail && memcmp(item.at + item.size - tail, suffix, tail) == 0;
    if (*squares)
        item.size -= tail;
    *summary = (size_t)read_count(item);
    return *summary != 0;
}

/* No sum of counts may wrap around before it is known how many rows there are. */
static void count_values(Reading *reading, size_t summary, uint64_t count)
{
    uint64_t *values = &reading->values[summary - 1];
    if (count > STATE_ROWS_MOST - reading->set->rows - *values)
        fail_row(reading, COLUMN_N, "more values than a table has rows");
    *values += count;
}

static void read_state(Reading *reading)
{
    size_t summary;
    StateEntry entry = {.value = cell(reading, COLUMN_VALUE)};
    Span count = cell(reading, COLUMN_N);
    if (!key_whole(reading) || reading->ended)
        fail_row(reading, COLUMN_RECORD, "out of place");
    if (!read_item(cell(reading, COLUMN_ITEM), &summary, &entry.squares) ||
        summary > reading->partial->count)
        fail_row(reading, COLUMN_ITEM, "no summary of this specification");
    entry.count = read_count(count);
    if (count.size != 0 && entry.count == 0)
        fail_row(reading, COLUMN_N, "not a count");
    count_values(reading, summary, entry.count);
    const char *wrong = state_add(&reading->partial->summaries[summary - 1], reading->group, &entry,
                                  group_ordinal(reading));
    if (wrong != NULL)
        fail_row(reading, COLUMN_VALUE, wrong);
}

/* How many rows or cells; none is written 0. */
static uint64_t read_total(const Reading *reading)
{
    Span text = cell(reading, COLUMN_N);
    uint64_t total = read_count(text);
    if ((total == 0 && !span_equal(text, SPAN("0"))) || total > STATE_ROWS_MOST)
        fail_row(reading, COLUMN_N, "not a count");
    return total;
}

static void read_rows(Reading *reading)
{
    reading->rows = read_total(reading);
    if (reading->rows > STATE_ROWS_MOST - reading->set->rows)
        fail_row(reading, COLUMN_N, "more rows than a table has");
}

static void check_values(const Reading *reading)
{
    for (size_t i = 0; i < reading->partial->count; i++)
        if (reading->values[i] > reading->rows)
            fail_whole(reading->path, "it summarises more values than it has rows");
}

static void check_digest(Reading *reading)
{
    char hex[DIGEST_SIZE];
    digest_end(reading->digest, hex);
    reading->digest = NULL;
    if (!cell_is(&reading->batch, reading->row, COLUMN_VALUE, hex) ||
        !cell_is(&reading->batch, reading->row, COLUMN_N, ""))
        fail("%s: its bytes are not those that aggregate --partial wrote: their sha256 is another",
             reading->path);
    reading->whole = true;
}

static void read_end(Reading *reading)
{
    if (reading->groups != 0 && !key_whole(reading))
        fail_row(reading, COLUMN_RECORD, "out of place");
    reading->ended = true;
    if (cell_is(&reading->batch, reading->row, COLUMN_ITEM, "rows"))
        read_rows(reading);
    else if (cell_is(&reading->batch, reading->row, COLUMN_ITEM, "invalid"))
        reading->set->invalid += read_total(reading);
    else if (cell_is(&reading->batch, reading->row, COLUMN_ITEM, "sha256"))
        check_digest(reading);
    else
        fail_row(reading, COLUMN_ITEM, "unknown");
}

static void read_row(Reading *reading)
{
    static const struct {
        const char *record;
        void (*read)(Reading *reading);
    } records[] = {{"state", read_state},
                   {"group", read_group},
                   {"key", read_further_key},
                   {"header", read_fact},
                   {"end", read_end}};
    if (reading->whole)
        fail_row(reading, COLUMN_RECORD, "a row behind the checksum");
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        if (record_is(reading, records[i].record)) {
            records[i].read(reading);
            return;
        }
    fail_row(reading, COLUMN_RECORD, "unknown");
}

/* The digest is of all rows before the one it stands in. */
static void read_batch(Reading *reading)
{
    const Batch *batch = &reading->batch;
    for (reading->row = 0; reading->row < batch->rows; reading->row++) {
        read_row(reading);
        if (reading->digest == NULL)
            continue;
        Span bytes = batch_row(batch, reading->row);
        digest_add(reading->digest, bytes.at, bytes.size);
        digest_add(reading->digest, "\n", 1);
    }
    reading->rest(reading->context);
    if (key_whole(reading)) /* its states may go on in the next batch */
        reading->group = groups_add_key(&reading->partial->groups, buffer_span(&reading->key),
                                        group_ordinal(reading));
}

static void read_file(Reading *reading, char *path, uint64_t part)
{
    static const char first_line[] = "record,item,value,n\n";
    reading->path = path;
    reading->part = part;
    reading->facts = 0;
    reading->groups = 0;
    reading->key_cells = 0;
    reading->ended = reading->whole = false;
    reading->rows = 0;
    memset(reading->values, 0, reading->partial->count * sizeof *reading->values);
    reading->digest = digest_begin();
    digest_add(reading->digest, first_line, sizeof first_line - 1);
    Reader *reader = reader_open(&path, 1, &(ReaderOptions){.max_row = READER_TOP_ROW});
    check_columns(path, reader_header(reader));
    while (reader_next(reader, &reading->batch))
        read_batch(reading);
    if (!reading->whole)
        fail_whole(path, "it breaks off before its checksum");
    if (reading->facts != reading->set->facts.count)
        fail_whole(path, "its header has changed while it was read");
    check_values(reading);
    reading->set->rows += reading->rows;
    reading->set->bytes += reader_bytes(reader);
    reader_close(reader);
}

void stateset_read(StateSet *set, Partial *partial, const ColumnList *keys, StateRest *rest,
                   void *context)
{
    Reading reading = {
        .set = set, .partial = partial, .keys = keys, .rest = rest, .context = context};
    reading.values = memory_array(partial->count, sizeof *reading.values);
    for (size_t part = 0; part < set->count; part++)
        read_file(&reading, set->paths[part], part);
    buffer_free(&reading.key);
    free(reading.values);
}

void stateset_close(StateSet *set)
{
    free(set->paths);
    free(set->facts.items);
    arena_free(&set->arena);
}
