/* warrant coverage: every number in a text, and which claim answers for it. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/option.h"
#include "csv/writer.h"
#include "warrant/commands.h"
#include "warrant/coverage.h"
#include "warrant/locate.h"
#include "warrant/tell.h"

static const Option coverage_options[] = {
    {"csv", 0, NULL, "print a table, one row for each number", 0},
    {"open", 0, NULL, "list only the numbers that no claim answers for", 0},
    {"strict", 0, NULL, "end with 1 if no claim answers for a number", 0},
    {"help", 'h', NULL, "show this help", 0},
    {0},
};

enum { TEXT_SIZE = 64 * 1024 * 1024 };

typedef struct Report {
    const char *path;
    Coverage coverage;
    Document **documents;
    size_t document_count;
    bool open; /* only what no claim answers for */
    Arena *arena;
} Report;

static const char *claim_name(const Covered *covered, Arena *arena)
{
    return covered->claim == NULL
               ? ""
               : arena_format(arena, "%s.%s", covered->document->name, covered->claim->name);
}

static bool is_listed(const Report *report, const Covered *covered)
{
    return !report->open || covered->claim == NULL;
}

/* A sentence may run over several lines in the text: blanks for breaks, and never two. */
static const char *unwrapped(Span text, Arena *arena)
{
    char *copy = arena_copy(arena, text.at, text.size);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        char byte = strchr("\t\r\n\f", copy[i]) != NULL ? ' ' : copy[i];
        if (byte == ' ' && (size == 0 || copy[size - 1] == ' '))
            continue;
        copy[size++] = byte;
    }
    while (size != 0 && copy[size - 1] == ' ')
        size--;
    copy[size] = '\0';
    return copy;
}

/* ---- for a person ---- */

static void print_padded(const char *text, size_t width)
{
    size_t size = utf8_count(span_of(text));
    printf("%s%*s", text, (int)(width > size ? width - size : 0), "");
}

static const char *place_of(const Report *report, const Covered *covered)
{
    const char *place =
        arena_format(report->arena, "%s:%zu:%zu", report->path, covered->line, covered->column);
    return on_one_line(span_of(place), report->arena);
}

static size_t wider(size_t width, const char *text)
{
    size_t size = utf8_count(span_of(text));
    return size > width ? size : width;
}

static void print_numbers(const Report *report)
{
    size_t places = 0, figures = 0;
    for (size_t i = 0; i < report->coverage.count; i++) {
        const Covered *covered = &report->coverage.items[i];
        if (!is_listed(report, covered))
            continue;
        places = wider(places, place_of(report, covered));
        figures = wider(figures, unwrapped(covered->numeral.text, report->arena));
    }
    for (size_t i = 0; i < report->coverage.count; i++) {
        const Covered *covered = &report->coverage.items[i];
        if (!is_listed(report, covered))
            continue;
        print_padded(place_of(report, covered), places + 2);
        print_padded(unwrapped(covered->numeral.text, report->arena), figures + 2);
        print_padded(numeral_kind_name(covered->numeral.kind), 13);
        const char *name = claim_name(covered, report->arena);
        tell(stdout, "%s\n",
             *name != '\0'              ? name
             : covered->problem != NULL ? covered->problem
                                        : "no claim");
    }
}

/* Claims that no number of the text stands for. */
static void print_silent(const Report *report)
{
    for (size_t d = 0; d < report->document_count; d++)
        for (size_t c = 0; c < report->documents[d]->claim_count; c++) {
            const Claim *claim = &report->documents[d]->claims[c];
            bool heard = false;
            for (size_t i = 0; i < report->coverage.count; i++)
                heard = heard || report->coverage.items[i].claim == claim;
            if (!heard)
                tell(stdout, "no number: %s.%s: %s\n", report->documents[d]->name, claim->name,
                     unwrapped(span_of(claim->says), report->arena));
        }
}

static void print_report(const Report *report)
{
    const Coverage *coverage = &report->coverage;
    print_numbers(report);
    print_silent(report);
    printf("%zu number%s: claims answer for %zu, none for %zu\n", coverage->count,
           coverage->count == 1 ? "" : "s", coverage->answered,
           coverage->count - coverage->answered);
    command_flush();
}

/* ---- for a program ---- */

static void write_number(Writer *writer, size_t number)
{
    writer_number(writer, decimal_of((int64_t)number));
}

static void write_table(const Report *report)
{
    static const char *names[] = {"line", "column", "page",  "paragraph", "figure",
                                  "kind", "value",  "claim", "sentence"};
    Writer *writer = writer_open(NULL, ',');
    writer_header(writer, &(Header){names, sizeof names / sizeof *names});
    for (size_t i = 0; i < report->coverage.count; i++) {
        const Covered *covered = &report->coverage.items[i];
        if (!is_listed(report, covered))
            continue;
        write_number(writer, covered->line);
        write_number(writer, covered->column);
        write_number(writer, covered->page);
        write_number(writer, covered->paragraph);
        writer_value(writer, span_of(unwrapped(covered->numeral.text, report->arena)));
        writer_value(writer, span_of(numeral_kind_name(covered->numeral.kind)));
        if (covered->numeral.has_value)
            writer_number(writer, covered->numeral.value);
        else
            writer_value(writer, SPAN(""));
        writer_value(writer, span_of(claim_name(covered, report->arena)));
        writer_value(writer, span_of(unwrapped(covered->sentence, report->arena)));
        writer_end(writer);
    }
    writer_close(writer);
}

/* ---- the command ---- */

static void require_text(const char *path, Span text)
{
    size_t valid = utf8_valid(text.at, text.size);
    if (memchr(text.at, '\0', text.size) != NULL || valid != text.size)
        fail("%s: not a text in UTF-8 (of a PDF, pdftotext makes one)", path);
}

static int cover(const CommandLine *line, Report *report)
{
    size_t size;
    char *bytes = file_load(report->path, TEXT_SIZE, &size);
    Span text = {bytes, size};
    require_text(report->path, text);
    for (; report->document_count + 1 < line->operand_count; report->document_count++)
        report->documents[report->document_count] = document_load(
            locate_pipeline(line->operands[report->document_count + 1], report->arena));
    report->coverage =
        coverage_find(text, report->documents, report->document_count, report->arena);
    if (command_line_has(line, "csv"))
        write_table(report);
    else
        print_report(report);
    free(bytes);
    return command_line_has(line, "strict") && report->coverage.answered != report->coverage.count
               ? EXIT_FAILED
               : EXIT_SUCCESS;
}

int coverage_command(int argc, char **argv)
{
    const Option *const tables[] = {coverage_options, NULL};
    CommandLine line;
    command_line_parse(&line, argc, argv, tables);
    int status = EXIT_SUCCESS;
    if (command_line_has(&line, "help")) {
        command_help("coverage [options] TEXT PIPELINE...",
                     "list every number in a text and the claim that answers for it", tables);
        command_line_free(&line);
        return status;
    }
    if (line.operand_count < 2)
        fail_usage("coverage: a TEXT and a PIPELINE are wanted");
    Arena arena = {0};
    Report report = {.path = line.operands[0],
                     .documents = memory_array(line.operand_count, sizeof *report.documents),
                     .open = command_line_has(&line, "open"),
                     .arena = &arena};
    status = cover(&line, &report);
    for (size_t i = 0; i < report.document_count; i++)
        document_free(report.documents[i]);
    free(report.documents);
    command_line_free(&line);
    arena_free(&arena);
    return status;
}
