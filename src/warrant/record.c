#include "warrant/record.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

/* The first line of the file; another format is another number, and so another key. */
#define RECORD_TITLE "warrant-record 1"

enum { RECORD_MOST = 16 * 1024 * 1024 };

static const char *const kinds[] = {"source",  "step",  "parameter", "filter",
                                    "command", "stage", "said",      "output"};
enum { KINDS = sizeof kinds / sizeof *kinds };

void record_add(Record *record, EntryKind kind, const char *name, const char *value, Arena *arena)
{
    if (record->count == record->room) {
        record->room = record->room == 0 ? 16 : record->room * 2;
        Entry *wider = arena_array(arena, record->room, sizeof *wider);
        if (record->count != 0)
            memcpy(wider, record->entries, record->count * sizeof *wider);
        record->entries = wider;
    }
    record->entries[record->count++] = (Entry){kind, name, value};
}

const char *record_value(const Record *record, EntryKind kind, const char *name)
{
    for (size_t i = 0; i < record->count; i++) {
        const Entry *entry = &record->entries[i];
        if (entry->kind == kind && (name == NULL || strcmp(entry->name, name) == 0))
            return entry->value;
    }
    return NULL;
}

const Entry *record_entry(const Record *record, EntryKind kind, size_t n)
{
    for (size_t i = 0; i < record->count; i++)
        if (record->entries[i].kind == kind && n-- == 0)
            return &record->entries[i];
    return NULL;
}

static bool is_input(const Entry *entry)
{
    return entry->kind == ENTRY_SOURCE || entry->kind == ENTRY_STEP;
}

void record_key(const Record *record, char hex[DIGEST_SIZE])
{
    Digest *digest = digest_begin();
    digest_add_string(digest, RECORD_TITLE);
    for (size_t i = 0; i < record->count; i++) {
        const Entry *entry = &record->entries[i];
        if (entry->kind > ENTRY_COMMAND)
            continue;
        digest_add_string(digest, is_input(entry) ? "input" : kinds[entry->kind]);
        digest_add_string(digest, is_input(entry) ? "" : entry->name);
        digest_add_string(digest, entry->value);
    }
    digest_end(digest, hex);
}

/* Backslash and newline as \\ and \n, so that a value stays on its line. */
static void escape(const char *value, Buffer *out)
{
    for (; *value != '\0'; value++)
        if (*value == '\n')
            buffer_text(out, "\\n");
        else if (*value == '\\')
            buffer_text(out, "\\\\");
        else
            buffer_byte(out, *value);
}

static char *unescape(Span text, Arena *arena)
{
    char *value = arena_take(arena, text.size + 1);
    size_t used = 0;
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] == '\\' && i + 1 < text.size)
            value[used++] = text.at[++i] == 'n' ? '\n' : text.at[i];
        else
            value[used++] = text.at[i];
    value[used] = '\0';
    return value;
}

/* Cuts the text at the first `stop`: what stands before it is returned, *rest moves behind. */
static bool cut(Span *rest, char stop, Span *before)
{
    const char *at = rest->size == 0 ? NULL : memchr(rest->at, stop, rest->size);
    if (at == NULL)
        return false;
    *before = (Span){rest->at, (size_t)(at - rest->at)};
    rest->size -= before->size + 1;
    rest->at = at + 1;
    return true;
}

static bool record_read_line(Record *record, Span line, Arena *arena)
{
    Span kind, name;
    if (!cut(&line, ' ', &kind) || !cut(&line, ' ', &name))
        return false;
    for (unsigned i = 0; i < KINDS; i++)
        if (span_equal(kind, span_of(kinds[i]))) {
            record_add(record, (EntryKind)i, arena_copy(arena, name.at, name.size),
                       unescape(line, arena), arena);
            return true;
        }
    return false;
}

static Record *record_read(Span text, Arena *arena)
{
    Record *record = arena_take(arena, sizeof *record);
    *record = (Record){0};
    Span line;
    if (!cut(&text, '\n', &line) || !span_equal(line, SPAN(RECORD_TITLE)))
        return NULL;
    while (cut(&text, '\n', &line))
        if (!record_read_line(record, line, arena))
            return NULL;
    return text.size == 0 ? record : NULL;
}

Record *record_load(const char *path, Arena *arena)
{
    if (access(path, R_OK) != 0)
        return NULL;
    size_t size;
    char *bytes = file_load(path, RECORD_MOST, &size);
    Record *record = record_read((Span){bytes, size}, arena);
    free(bytes);
    return record;
}

void record_save(const Record *record, const char *path)
{
    Buffer text = {0};
    buffer_text(&text, RECORD_TITLE "\n");
    for (size_t i = 0; i < record->count; i++) {
        const Entry *entry = &record->entries[i];
        buffer_format(&text, "%s %s ", kinds[entry->kind], entry->name);
        escape(entry->value, &text);
        buffer_byte(&text, '\n');
    }
    Output *output = output_open(path);
    output_write(output, text.at, text.size);
    buffer_free(&text);
    output_commit(output);
}

static void because(Buffer *reasons)
{
    if (reasons->size != 0)
        buffer_text(reasons, "; ");
}

/* The n-th input of either kind. */
static const Entry *input_entry(const Record *record, size_t n)
{
    for (size_t i = 0; i < record->count; i++)
        if (is_input(&record->entries[i]) && n-- == 0)
            return &record->entries[i];
    return NULL;
}

static void compare_inputs(const Record *now, const Record *before, Buffer *reasons)
{
    for (size_t n = 0;; n++) {
        const Entry *new = input_entry(now, n), *old = input_entry(before, n);
        if (new == NULL && old == NULL)
            return;
        if (new == NULL || old == NULL) {
            because(reasons);
            buffer_format(reasons, "%s %s %s", kinds[(new ? new : old)->kind],
                          (new ? new : old)->name, new ? "added" : "dropped");
        } else if (strcmp(new->value, old->value) != 0) {
            because(reasons);
            if (strcmp(new->name, old->name) == 0)
                buffer_format(reasons, "%s %s changed", kinds[new->kind], new->name);
            else
                buffer_format(reasons, "%s %s → %s", kinds[new->kind], old->name, new->name);
        }
    }
}

static void compare_parameters(const Record *now, const Record *before, Buffer *reasons)
{
    for (size_t i = 0; i < now->count; i++) {
        const Entry *entry = &now->entries[i];
        const char *old = record_value(before, ENTRY_PARAMETER, entry->name);
        if (entry->kind != ENTRY_PARAMETER || (old != NULL && strcmp(old, entry->value) == 0))
            continue;
        because(reasons);
        buffer_format(reasons, "parameter %s ", entry->name);
        if (old != NULL)
            buffer_format(reasons, "%s → ", old);
        buffer_text(reasons, entry->value);
    }
}

/* "filter aggregate changed", "filters aggregate, share changed". */
static void compare_filters(const Record *now, const Record *before, Buffer *reasons)
{
    Buffer names = {0};
    size_t count = 0;
    for (size_t i = 0; i < now->count; i++) {
        const Entry *entry = &now->entries[i];
        if (entry->kind != ENTRY_FILTER)
            continue;
        const char *old = record_value(before, ENTRY_FILTER, entry->name);
        if (old == NULL || strcmp(old, entry->value) == 0)
            continue;
        buffer_format(&names, "%s%s", count++ == 0 ? "" : ", ", entry->name);
    }
    if (count != 0) {
        because(reasons);
        buffer_format(reasons, "filter%s %s changed", count == 1 ? "" : "s", buffer_string(&names));
    }
    buffer_free(&names);
}

static void compare_commands(const Record *now, const Record *before, Buffer *reasons)
{
    for (size_t n = 0;; n++) {
        const Entry *new = record_entry(now, ENTRY_COMMAND, n);
        const Entry *old = record_entry(before, ENTRY_COMMAND, n);
        if (new == NULL && old == NULL)
            return;
        if (new == NULL || old == NULL || strcmp(new->value, old->value) != 0) {
            because(reasons);
            buffer_text(reasons, "command changed");
            return;
        }
    }
}

const char *record_difference(const Record *now, const Record *before, Arena *arena)
{
    Buffer reasons = {0};
    compare_commands(now, before, &reasons);
    compare_parameters(now, before, &reasons);
    compare_inputs(now, before, &reasons);
    compare_filters(now, before, &reasons);
    const char *text = reasons.size == 0 ? NULL : arena_copy(arena, reasons.at, reasons.size);
    buffer_free(&reasons);
    return text;
}
