#include "csv/excerpt.h"

#include <stdio.h>
#include <string.h>

#include "base/diagnostic.h"
#include "csv/recognise.h"

Position excerpt_position(const Excerpt *excerpt, size_t offset)
{
    Position position = {excerpt->line, 1};
    const char *start = excerpt->bytes, *end = excerpt->bytes + offset;
    for (const char *at; (at = memchr(start, '\n', (size_t)(end - start))) != NULL; start = at + 1)
        position.line++;
    position.column = (size_t)(end - start) + 1;
    return position;
}

static _Noreturn void fail_at(const Excerpt *excerpt, size_t offset, const char *sentence)
{
    Position position = excerpt_position(excerpt, offset);
    fail("%s:%llu:%zu: %s", excerpt->name, (unsigned long long)position.line, position.column,
         sentence);
}

/* Where the field around `offset` begins; the row begins at 0 and is sound up to there. */
static size_t field_start(const Excerpt *excerpt, size_t offset, char delimiter)
{
    size_t start = 0;
    bool inside = false;
    for (size_t i = 0; i < offset; i++) {
        if (excerpt->bytes[i] == '"')
            inside = !inside;
        else if (excerpt->bytes[i] == delimiter && !inside)
            start = i + 1;
    }
    return start;
}

/* How much of a field `offset` lies in is worth showing: to its end, if that is not far. */
static size_t field_reach(const Excerpt *excerpt, size_t offset, char delimiter)
{
    enum { IN_SIGHT = 256 };
    const char *bytes = excerpt->bytes;
    size_t end = offset;
    while (end < excerpt->size && end - offset < IN_SIGHT && bytes[end] != delimiter &&
           bytes[end] != '\n')
        end++;
    return end;
}

bool excerpt_shows_fault(const Excerpt *excerpt, const Scan *scan)
{
    return field_reach(excerpt, scan->fault_at, scan->delimiter) < excerpt->size;
}

/* 1,5;2 under the header a;b */
static const char *delimiter_hint(const Excerpt *excerpt, const Scan *scan)
{
    static const char *const hints[] = {" (are fields separated by ;? Then say -d ';')",
                                        " (are fields separated by tabs? Then say -d '\\t')"};
    const char *row = excerpt->bytes + scan->fault_at;
    size_t left = excerpt->size - scan->fault_at;
    const char *newline = memchr(row, '\n', left);
    size_t size = newline == NULL ? left : (size_t)(newline - row);
    if (scan->width != 1)
        return "";
    return memchr(row, ';', size) != NULL    ? hints[0]
           : memchr(row, '\t', size) != NULL ? hints[1]
                                             : "";
}

static _Noreturn void fail_ragged(const Excerpt *excerpt, const Scan *scan)
{
    char sentence[128];
    size_t fields = scan->fault_fields;
    if (scan->width == 0)
        snprintf(sentence, sizeof sentence,
                 "%zu columns, which is more than %zu (see --max-columns)", fields,
                 scan_widest(scan));
    else
        snprintf(sentence, sizeof sentence, "%zu field%s where the header has %zu%s", fields,
                 fields == 1 ? "" : "s", scan->width, delimiter_hint(excerpt, scan));
    fail_at(excerpt, scan->fault_at, sentence);
}

/* A row without end is most often a quote that is never closed. */
static _Noreturn void fail_long(const Excerpt *excerpt, const Scan *scan)
{
    size_t start = field_start(excerpt, scan->max_row, scan->delimiter);
    char sentence[192], hint[96] = "";
    if (excerpt->bytes[start] == '"') {
        Position quote = excerpt_position(excerpt, start);
        snprintf(hint, sizeof hint, "; is the quote at %llu:%zu ever closed?",
                 (unsigned long long)quote.line, quote.column);
    }
    snprintf(sentence, sizeof sentence, "a row longer than %zu bytes (see --max-row)%s",
             scan->max_row, hint);
    fail_at(excerpt, 0, sentence);
}

static const char *breach_sentence(ScanFault fault)
{
    switch (fault) {
    case SCAN_QUOTE_IN_FIELD:
        return "a quote inside a field that is not quoted";
    case SCAN_AFTER_QUOTE:
        return "text after a closing quote";
    case SCAN_CARRIAGE_RETURN:
        return "a carriage return that is not part of a line end";
    case SCAN_NUL:
        return "a NUL byte";
    default:
        return "not UTF-8";
    }
}

/* The breach is shown with its field; far into a long one, with the byte's number too. */
static _Noreturn void fail_breach(const Excerpt *excerpt, const Scan *scan)
{
    enum { LONG = 40 };
    size_t at = scan->fault_at;
    size_t start = field_start(excerpt, at, scan->delimiter);
    size_t size = field_reach(excerpt, at, scan->delimiter) - start;
    char sentence[512], number[48] = "";
    if (at - start > LONG)
        snprintf(number, sizeof number, " (byte %zu of the field)", at - start + 1);
    snprintf(sentence, sizeof sentence, "%s: %s%s%s", breach_sentence(scan->fault),
             shown(excerpt->bytes + start, size), number,
             scan->fault == SCAN_NOT_UTF8
                 ? " (if it is windows-1252: ingest --encoding windows-1252)"
                 : "");
    fail_at(excerpt, start, sentence);
}

/* A file that is no text, or not in our encoding, by its first bytes. */
static void refuse_foreign(const Excerpt *excerpt)
{
    char sentence[128];
    if (excerpt->line != 1)
        return;
    /* NOLINTNEXTLINE: recognise() sets every member */
    Recognised found = recognise((Span){excerpt->bytes, excerpt->size});
    if (found.compression != NULL)
        snprintf(sentence, sizeof sentence, "compressed with %s: ingest unpacks it",
                 found.compression);
    else if (found.encoding != NULL)
        snprintf(sentence, sizeof sentence, "encoded in %s, not UTF-8: ingest%s%s decodes it",
                 found.encoding, found.marked ? "" : " --encoding ",
                 found.marked ? "" : found.encoding);
    else
        return;
    fail_at(excerpt, 0, sentence);
}

_Noreturn void excerpt_fail(const Excerpt *excerpt, const Scan *scan)
{
    refuse_foreign(excerpt);
    switch (scan->fault) {
    case SCAN_EMPTY_LINE:
        fail_at(excerpt, scan->fault_at,
                scan->width == 1 ? "an empty line (a missing cell is written \"\")"
                                 : "an empty line");
    case SCAN_TOO_NARROW:
    case SCAN_TOO_WIDE:
        fail_ragged(excerpt, scan);
    case SCAN_TOO_LONG:
        fail_long(excerpt, scan);
    case SCAN_QUOTE_OPEN:
        fail_at(excerpt, field_start(excerpt, scan->fault_at, scan->delimiter),
                "a quote that is never closed");
    default:
        fail_breach(excerpt, scan);
    }
}
