#include "filters/survey.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/diagnostic.h"
#include "base/file.h"
#include "csv/encoding.h"
#include "csv/intake.h"
#include "csv/preamble.h"
#include "csv/raw.h"
#include "csv/recognise.h"
#include "csv/scanner.h"
#include "filters/repair.h"

enum { MOST_ROW = 16 << 20, FIRST_ROWS = 200, TOLD_ROWS = 10 };

void survey_find(Survey *survey, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    survey->findings =
        memory_grow(survey->findings, &survey->room, survey->count, sizeof *survey->findings);
    survey->findings[survey->count++] = arena_format(&survey->arena, "%s", text);
}

void survey_option(Survey *survey, const char *option)
{
    const char *padded = arena_format(&survey->arena, " %s ", option);
    buffer_byte(&survey->options, ' ');
    bool there = strstr(buffer_string(&survey->options), padded) != NULL;
    survey->options.size--;
    if (!there)
        buffer_format(&survey->options, " %s", option);
}

/* ---- bytes ---- */

static Span file_head(Survey *survey)
{
    char *head = arena_take(&survey->arena, RECOGNISE_HEAD);
    int file = file_open(survey->path);
    size_t size = file_read(file, file_name(survey->path), head, RECOGNISE_HEAD);
    close(file);
    return (Span){head, size};
}

static Span take_head(Survey *survey, IntakeSource *source, void *context)
{
    char *head = arena_take(&survey->arena, RECOGNISE_HEAD);
    size_t size = 0, got;
    while (size + DECODER_LEAST <= RECOGNISE_HEAD &&
           (got = source(context, head + size, RECOGNISE_HEAD - size)) > 0)
        size += got;
    return (Span){head, size};
}

static void look_at_compression(Survey *survey)
{
    const char *compression = recognise(file_head(survey)).compression;
    if (compression != NULL)
        survey_find(survey, "compressed with %s, which ingest unpacks", compression);
}

/* The line of the first byte that is not UTF-8, or 0; a character may lie across two chunks. */
static uint64_t first_foreign_line(Raw *raw)
{
    enum { CHUNK = 64 * 1024 };
    static char bytes[CHUNK + 8];
    uint64_t line = 1;
    size_t kept = 0, got;
    while ((got = raw_read(raw, bytes + kept, CHUNK)) > 0 || kept > 0) {
        size_t size = kept + got, valid = utf8_valid(bytes, size);
        for (size_t i = 0; i < valid; i++)
            line += bytes[i] == '\n';
        kept = size - valid;
        if (kept > 3 || (got == 0 && kept > 0))
            return line;
        memmove(bytes, bytes + valid, kept);
    }
    return 0;
}

static void look_at_encoding(Survey *survey)
{
    Raw *raw = raw_open(survey->path);
    /* NOLINTNEXTLINE: recognise() sets every member */
    Recognised found = recognise(take_head(survey, raw_read, raw));
    raw_close(raw);
    if (found.encoding != NULL) {
        survey->encoding = found.marked ? NULL : found.encoding;
        survey_find(survey, "encoded in %s, which %s", found.encoding,
                    found.marked ? "ingest knows by its byte order mark" : "has to be said");
    } else {
        raw = raw_open(survey->path);
        uint64_t line = first_foreign_line(raw);
        raw_close(raw);
        if (line == 0)
            return;
        survey->encoding = "windows-1252";
        survey_find(survey,
                    "line %llu: not UTF-8; most often it is windows-1252 (look at names with "
                    "accents, and try others)",
                    (unsigned long long)line);
    }
    if (survey->encoding != NULL)
        survey_option(survey, arena_format(&survey->arena, "--encoding %s", survey->encoding));
}

/* ---- rows ---- */

typedef struct Chain {
    Raw *raw;
    Decoder *decoder;
    Preamble *preamble;
    Intake *intake;
} Chain;

static Chain chain_open(const Survey *survey)
{
    const char *name = file_name(survey->path);
    Chain chain = {.raw = raw_open(survey->path)};
    chain.decoder = decoder_open(raw_read, chain.raw, survey->encoding, name);
    chain.preamble = preamble_open(decoder_read, chain.decoder, 0);
    char said = preamble_delimiter(chain.preamble);
    IntakeDialect dialect = {said != '\0' ? said : survey->delimiter, '"', '\0', MOST_ROW,
                             SCAN_MAX_WIDTH};
    chain.intake = intake_open(preamble_read, chain.preamble, &dialect, name);
    return chain;
}

static void chain_close(Chain *chain)
{
    intake_close(chain->intake);
    preamble_close(chain->preamble);
    decoder_close(chain->decoder);
    raw_close(chain->raw);
}

/* What even the intake refuses - a NUL, a quote that never closes - ends the survey. */
static bool next_row(Survey *survey, Chain *chain, IntakeRow *row)
{
    Trap trap;
    bool more = false;
    if (survey->broken)
        return false;
    if (TRAP_SET(&trap)) {
        more = intake_next(chain->intake, row);
        trap_end(&trap);
        return more;
    }
    survey->broken = true;
    survey_find(survey, "%s", trap.message);
    return false;
}

static void find_delimiter(Survey *survey, char delimiter)
{
    const char *name = delimiter == '\t' ? "\\t" : arena_format(&survey->arena, "%c", delimiter);
    survey_find(survey, "fields are separated by %s", delimiter == '\t' ? "tabs" : name);
    survey_option(survey, arena_format(&survey->arena, "-d '%s'", name));
}

static void look_at_delimiter(Survey *survey)
{
    Raw *raw = raw_open(survey->path);
    Decoder *decoder = decoder_open(raw_read, raw, survey->encoding, survey->path);
    char found = recognise_delimiter(take_head(survey, decoder_read, decoder));
    decoder_close(decoder);
    raw_close(raw);
    survey->delimiter = found == '\0' ? ',' : found;
    if (survey->delimiter != ',')
        find_delimiter(survey, found);
}

/*
 * The width of most of the first rows, of equals the first, and the line where it begins; lines of
 * one field are no table if there are others.
 */
static void look_at_width(Survey *survey)
{
    size_t widths[FIRST_ROWS], count = 0, best = 0;
    uint64_t lines[FIRST_ROWS];
    Chain chain = chain_open(survey);
    for (IntakeRow row; count < FIRST_ROWS && next_row(survey, &chain, &row); count++) {
        widths[count] = row.width;
        lines[count] = row.line;
    }
    chain_close(&chain);
    if (survey->broken && count > 0) { /* the second pass will come to it again */
        survey->count--;
        survey->broken = false;
    }
    for (size_t i = 0; i < count; i++) {
        size_t same = 0;
        for (size_t j = 0; j < count; j++)
            same += widths[j] == widths[i];
        same = widths[i] > 1 ? same : 0;
        if (i > 0 && same <= best)
            continue;
        best = same;
        survey->width = widths[i];
        survey->header = lines[i];
    }
}

/* ---- the header ---- */

static void look_at_names(Survey *survey, const IntakeRow *row)
{
    Dictionary seen = {0};
    bool blanks = false, again = false;
    budget_check(survey->width * PROFILE_LEAST, survey->memory, "so many columns");
    survey->profiles = arena_array(&survey->arena, survey->width, sizeof *survey->profiles);
    for (size_t i = 0; i < survey->width; i++) {
        Span name = row->values[i], trimmed = span_trimmed(name);
        bool added = true;
        if (trimmed.size == 0)
            survey_find(survey,
                        "line %llu: column %zu has no name: ingest calls it column_%zu (--rename "
                        "%zu=NAME names it)",
                        (unsigned long long)row->line, i + 1, i + 1, i + 1);
        else
            dictionary_add(&seen, trimmed, &added);
        blanks |= trimmed.size < name.size;
        again |= !added;
        if (!added)
            survey_find(survey, "line %llu: column %zu has a name that stands before: %s",
                        (unsigned long long)row->line, i + 1, shown(trimmed.at, trimmed.size));
        const char *own = trimmed.size == 0 ? arena_format(&survey->arena, "column_%zu", i + 1)
                                            : arena_copy(&survey->arena, trimmed.at, trimmed.size);
        profile_open(&survey->profiles[i], own, survey->bound);
    }
    if (blanks)
        survey_find(survey, "line %llu: blanks around names", (unsigned long long)row->line);
    if (blanks)
        survey_option(survey, "--trim");
    if (again)
        survey_option(survey, "--rename-duplicates");
    dictionary_free(&seen);
}

/* ---- rows of the table and around it ---- */

/* Rows of another width that may turn out to be the footer. */
typedef struct Outside {
    uint64_t count;       /* all of them since the last row of the table */
    uint64_t before_text; /* of these, empty lines before the first that is not */
    bool text;
    const char *told[TOLD_ROWS];
    uint64_t rows; /* that are not empty */
} Outside;

static bool is_blank(const IntakeRow *row)
{
    return row->width == 1 && span_trimmed(row->values[0]).size == 0;
}

static void add_outside(Survey *survey, Outside *outside, const IntakeRow *row)
{
    outside->count++;
    if (!outside->text && is_blank(row)) {
        outside->before_text++;
        return;
    }
    outside->text = true;
    if (outside->rows++ < TOLD_ROWS)
        outside->told[outside->rows - 1] = arena_format(
            &survey->arena, "line %llu: %s", (unsigned long long)row->line,
            is_blank(row) ? "empty"
                          : arena_format(&survey->arena, "%zu field%s where the header has %zu",
                                         row->width, row->width == 1 ? "" : "s", survey->width));
}

/* They were no footer: a row of the table came behind them. */
static void close_outside(Survey *survey, Outside *outside)
{
    if (outside->before_text > 0)
        survey_find(survey, "%llu empty line%s inside the table",
                    (unsigned long long)outside->before_text, outside->before_text == 1 ? "" : "s");
    for (uint64_t i = 0; i < outside->rows && i < TOLD_ROWS && survey->ragged + i < TOLD_ROWS; i++)
        survey_find(survey, "%s", outside->told[i]);
    survey->ragged += outside->rows + outside->before_text;
    *outside = (Outside){0};
}

static void find_footer(Survey *survey, const Outside *outside)
{
    if (outside->before_text > 0 || (outside->count > 0 && !outside->text))
        survey_find(survey, "%llu empty line%s behind the table, which ingest drops",
                    (unsigned long long)outside->before_text, outside->before_text == 1 ? "" : "s");
    if (!outside->text)
        return;
    uint64_t footer = outside->count - outside->before_text;
    survey_find(survey, "the last %s of the table (%s)",
                footer == 1 ? "line is not"
                            : arena_format(&survey->arena, "%llu lines are not",
                                           (unsigned long long)footer),
                outside->told[0]);
    survey_option(survey,
                  arena_format(&survey->arena, "--footer %llu", (unsigned long long)footer));
}

static void find_preamble(Survey *survey, const Preamble *preamble)
{
    uint64_t lines = survey->header - 1, said = preamble_lines(preamble);
    if (said > 0)
        survey_find(survey, "line 1: a sep= line, which ingest follows");
    if (lines <= said)
        return;
    lines -= said;
    survey_find(
        survey, "the first %s of the table",
        lines == 1 ? "line is not"
                   : arena_format(&survey->arena, "%llu lines are not", (unsigned long long)lines));
    survey_option(survey, arena_format(&survey->arena, "--skip %llu", (unsigned long long)lines));
}

static void add_row(Survey *survey, const IntakeRow *row)
{
    survey->rows++;
    for (size_t i = 0; i < survey->width; i++)
        if (profile_add(&survey->profiles[i], row->values[i]))
            profile_place(&survey->profiles[i], (ProfilePlace){.line = row->line});
}

static void read_rows(Survey *survey)
{
    Chain chain = chain_open(survey);
    Outside outside = {0};
    bool begun = false;
    for (IntakeRow row; next_row(survey, &chain, &row);) {
        bool cut = row.width > survey->width; /* whose surplus cells may all be empty */
        for (size_t i = survey->width; cut && i < row.width; i++)
            cut = row.values[i].size == 0;
        if (!begun && row.line < survey->header)
            continue;
        if (row.width != survey->width && !cut) {
            add_outside(survey, &outside, &row);
        } else if (!begun) {
            find_preamble(survey, chain.preamble);
            look_at_names(survey, &row);
            begun = true;
        } else {
            close_outside(survey, &outside);
            add_row(survey, &row);
        }
    }
    if (survey->ragged > TOLD_ROWS)
        survey_find(survey, "%llu such lines in all", (unsigned long long)survey->ragged);
    find_footer(survey, &outside);
    uint64_t quotes = intake_stray_quotes(chain.intake);
    if (quotes > 0)
        survey_find(survey,
                    "%llu row%s a quote where strict CSV has none, which ingest takes for text",
                    (unsigned long long)quotes, quotes == 1 ? " has" : "s have");
    chain_close(&chain);
}

static void read_table(Survey *survey)
{
    look_at_width(survey);
    if (survey->width > 0)
        read_rows(survey);
    else if (!survey->broken)
        survey_find(survey, "there is no row in it");
}

void survey_file(Survey *survey, const char *path, size_t bound, size_t memory)
{
    *survey = (Survey){.path = path, .bound = bound, .memory = memory, .delimiter = ','};
    look_at_compression(survey);
    look_at_encoding(survey);
    look_at_delimiter(survey);
    read_table(survey);
}

void survey_delimiter(Survey *survey, const char *path)
{
    *survey = (Survey){.path = path, .delimiter = ','};
    Span head = file_head(survey);
    char found = recognise_delimiter(head);
    bool said = head.size > 4 && memcmp(head.at, "sep=", 4) == 0;
    if (!said && (found == '\0' || found == ','))
        return;
    if (said)
        survey_find(survey, "a sep= line, as Excel writes it, which ingest follows");
    else
        find_delimiter(survey, found);
}

void survey_free(Survey *survey)
{
    for (size_t i = 0; survey->profiles != NULL && i < survey->width; i++)
        profile_free(&survey->profiles[i]);
    free(survey->findings);
    buffer_free(&survey->options);
    arena_free(&survey->arena);
}
