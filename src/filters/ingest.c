/* ingest: turns raw downloads into strict CSV. */

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "csv/encoding.h"
#include "filters/columns.h"
#include "filters/division.h"
#include "filters/download.h"
#include "filters/naming.h"
#include "filters/program.h"
#include "filters/repair.h"

enum { MOST_HEADER_ROWS = 100, MOST_FOOTER_ROWS = 1000 * 1000, MOST_COLUMNS = 1000 * 1000 };

typedef struct Ingest {
    Program program;
    DownloadForm form;
    NamingRules naming;
    Repair repair;
    const char *file_column; /* NULL: none */
    Header header;           /* of the first file; the others must have the same */
    Download *download;      /* at hand: whoever looks for what was lost when it fails finds it */
    DownloadCounts counts;
    NamingCounts named;
    size_t parts;       /* 0: one table */
    Division *division; /* of parts, or NULL */
    Writer *writer;
} Ingest;

/* One byte that can mean something between fields, or `otherwise`. */
static char byte_option(const CommandLine *line, const char *name, char otherwise)
{
    const char *text = command_line_value(line, name);
    if (text == NULL)
        return otherwise;
    if (strcmp(text, "none") == 0)
        return '\0';
    if (strlen(text) != 1 || strchr("\r\n", text[0]) != NULL || (unsigned char)text[0] >= 0x80)
        fail_usage("--%s: neither one byte nor none: %s", name, shown(text, strlen(text)));
    return text[0];
}

/* One character that can stand in a number, or an empty span. */
static Span mark_option(const CommandLine *line, const char *name)
{
    const char *text = command_line_value(line, name);
    if (text == NULL)
        return (Span){"", 0};
    Span mark = span_of(text);
    if (mark.size == 0 || utf8_length(mark.at, mark.size) != mark.size ||
        strchr("0123456789+-eE\"\r\n", text[0]) != NULL)
        fail_usage("--%s: not one character that can stand in a number: %s", name,
                   shown(text, strlen(text)));
    return mark;
}

static void parse_dialect(Ingest *ingest)
{
    const Program *program = &ingest->program;
    const CommandLine *line = &program->line;
    IntakeDialect *dialect = &ingest->form.dialect;
    *dialect =
        (IntakeDialect){program->delimiter, byte_option(line, "quote", '"'),
                        byte_option(line, "escape", '\0'), program->max_row, program->max_columns};
    if (dialect->quote == dialect->delimiter || dialect->escape == dialect->delimiter)
        fail_usage("--%s is the delimiter too",
                   dialect->quote == dialect->delimiter ? "quote" : "escape");
    if (dialect->escape == dialect->quote)
        dialect->escape = '\0'; /* a quote that escapes a quote is a doubled one */
    ingest->form.delimiter_given = command_line_has(line, "delimiter");
    ingest->form.encoding = command_line_value(line, "encoding");
    if (ingest->form.encoding != NULL && !encoding_known(ingest->form.encoding))
        fail_usage("--encoding: unknown: %s (iconv -l lists those that are known)",
                   shown(ingest->form.encoding, strlen(ingest->form.encoding)));
}

static void parse_extent(Ingest *ingest)
{
    const CommandLine *line = &ingest->program.line;
    DownloadForm *form = &ingest->form;
    form->skip = (uint64_t)command_line_number(line, "skip", 0, LONG_MAX, 0);
    form->header = (size_t)command_line_number(line, "header", 1, MOST_HEADER_ROWS, 1);
    form->footer = (size_t)command_line_number(line, "footer", 0, MOST_FOOTER_ROWS, 0);
    if (!command_line_has(line, "no-header"))
        return;
    if (command_line_has(line, "header"))
        fail_usage("--header and --no-header contradict each other");
    form->header = 0;
}

static Rename parse_rename(const char *text)
{
    char *end;
    long column = strtol(text, &end, 10);
    if (end == text || *end != '=' || end[1] == '\0' || column < 1 || column > MOST_COLUMNS)
        fail_usage("--rename: not NUMBER=NAME: %s", shown(text, strlen(text)));
    return (Rename){(size_t)column, end + 1};
}

static void add_rename(Ingest *ingest, const char *text)
{
    NamingRules *naming = &ingest->naming;
    Rename rename = parse_rename(text);
    for (size_t i = 0; i < naming->rename_count; i++)
        if (naming->renames[i].column == rename.column)
            fail_usage("--rename: column %zu is renamed twice", rename.column);
    naming->renames[naming->rename_count++] = rename;
}

static void parse_repairs(Ingest *ingest)
{
    const CommandLine *line = &ingest->program.line;
    Repair *repair = &ingest->repair;
    repair->trim = ingest->naming.trim = ingest->form.trim = command_line_has(line, "trim");
    repair->decimal = mark_option(line, "decimal");
    repair->thousands = mark_option(line, "thousands");
    if (repair->decimal.size == 0 && repair->thousands.size > 0)
        repair->decimal = SPAN(".");
    if (repair->thousands.size > 0 && span_equal(repair->decimal, repair->thousands))
        fail_usage("--thousands and the decimal mark are the same: %s (see --decimal)",
                   repair->thousands.at);
    ingest->naming.number_duplicates = command_line_has(line, "rename-duplicates");
    ingest->naming.renames =
        arena_array(&ingest->program.arena, line->given_count, sizeof *ingest->naming.renames);
    for (size_t i = 0; i < line->given_count; i++) {
        const GivenOption *given = &line->given[i];
        if (strcmp(given->option->name, "missing") == 0)
            dictionary_add(&repair->missing, span_of(given->value), NULL);
        else if (strcmp(given->option->name, "rename") == 0)
            add_rename(ingest, given->value);
    }
}

static void parse_parts(Ingest *ingest)
{
    const CommandLine *line = &ingest->program.line;
    ingest->parts = (size_t)command_line_number(line, "parts", 1, DIVISION_MOST, 0);
    const char *folder = command_line_value(line, "output");
    if (ingest->parts != 0 && (folder == NULL || strcmp(folder, "-") == 0))
        fail_usage("--parts: -o is to name a folder for them");
}

static void parse(Ingest *ingest, int argc, char **argv)
{
    Program *program = &ingest->program;
    program_start(program, &ingest_specification, argc, argv);
    ingest->file_column = command_line_value(&program->line, "file-column");
    if (ingest->file_column != NULL && ingest->file_column[0] == '\0')
        fail_usage("--file-column: a column needs a name");
    parse_dialect(ingest);
    parse_extent(ingest);
    parse_repairs(ingest);
    parse_parts(ingest);
    program_check_files(program);
}

static void write_header(Ingest *ingest, const Header *header)
{
    ingest->header = header_copy(header, 1, &ingest->program.arena);
    if (ingest->file_column != NULL)
        columns_add(&ingest->header, ingest->file_column, "--file-column");
    const char *output = command_line_value(&ingest->program.line, "output");
    if (ingest->parts != 0) {
        ingest->division = division_open(output, ingest->parts);
        division_header(ingest->division, &ingest->header);
        ingest->writer = division_writer(ingest->division);
    } else {
        ingest->writer = writer_open(output, ',');
        writer_header(ingest->writer, &ingest->header);
    }
}

static void check_header(const Ingest *ingest, const Header *header, const char *name)
{
    size_t width = ingest->header.width - (ingest->file_column != NULL);
    const char *first = file_name(ingest->program.files[0]);
    if (header->width != width)
        fail("%s: %zu column%s where %s has %zu", name, header->width,
             header->width == 1 ? "" : "s", first, width);
    for (size_t i = 0; i < width; i++)
        if (strcmp(header->names[i], ingest->header.names[i]) != 0)
            fail("%s: column %zu is named %s where %s has %s", name, i + 1,
                 shown(header->names[i], strlen(header->names[i])), first,
                 shown(ingest->header.names[i], strlen(ingest->header.names[i])));
}

static void take_header(Ingest *ingest, const Download *download, const char *name)
{
    size_t width;
    const Span *cells = download_header(download, &width);
    NamingCounts counts = {0};
    Arena arena = {0};
    Header header = naming_apply(&ingest->naming, cells, width, name, &counts, &arena);
    if (ingest->writer == NULL) {
        write_header(ingest, &header);
        ingest->named = counts;
    } else {
        check_header(ingest, &header, name);
    }
    arena_free(&arena);
}

static void write_row(Ingest *ingest, const IntakeRow *row, const char *name, Span file)
{
    for (size_t i = 0; i < row->width; i++)
        writer_value(ingest->writer, repair_cell(&ingest->repair, row->values[i], name, row->line));
    if (ingest->file_column != NULL)
        writer_value(ingest->writer, file);
    writer_end(ingest->writer);
    if (ingest->division != NULL)
        division_row(ingest->division);
}

/* What --file-column says of a path; standard input is `-`. */
static Span base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return span_of(slash == NULL ? path : slash + 1);
}

static void ingest_file(Ingest *ingest, const char *path)
{
    const char *name = file_name(path);
    Span file = base_name(path);
    if (ingest->file_column != NULL && utf8_valid(file.at, file.size) != file.size)
        fail("%s: the file's name is not UTF-8: it cannot be a cell", shown(path, strlen(path)));
    Download *download = ingest->download = download_open(path, &ingest->form);
    take_header(ingest, download, name);
    IntakeRow row;
    while (download_next(download, &row))
        write_row(ingest, &row, name, file);
    download_close(download, &ingest->counts);
    ingest->download = NULL;
}

/* "3 rows WHAT", "1 row WHAT"; nothing for none. */
static void report(uint64_t count, const char *noun, const char *what)
{
    if (count > 0)
        warn("%llu %s%s %s", (unsigned long long)count, noun, count == 1 ? "" : "s", what);
}

static void report_repairs(const Ingest *ingest)
{
    const DownloadCounts *counts = &ingest->counts;
    const Repair *repair = &ingest->repair;
    report(counts->separator_lines, "sep= line", "taken for the delimiter, not for a row");
    report(ingest->form.header == 0 ? 0 : ingest->named.unnamed, "column",
           "without a name: column_N, N its number");
    report(ingest->named.repeated, "repeated name", "numbered");
    report(counts->empty_rows, "empty row", "dropped at the end");
    report(counts->wide_rows, "row", "with empty cells past the last column, which were cut off");
    report(counts->stray_quotes, "row", "with a quote inside a field, kept as text");
    report(repair->trimmed, "cell", "trimmed");
    report(repair->made_missing, "cell", "made missing (--missing)");
    report(repair->rewritten, "number", "rewritten with a decimal point and no thousands mark");
    if (repair->pointed > 0)
        warn("%llu number%s with a point, which is not the decimal mark, left as found; first %s",
             (unsigned long long)repair->pointed, repair->pointed == 1 ? "" : "s",
             repair->pointed_at);
}

static int finish(Ingest *ingest)
{
    Program *program = &ingest->program;
    uint64_t rows = writer_rows(ingest->writer);
    if (ingest->division != NULL)
        division_close(ingest->division);
    else
        writer_close(ingest->writer);
    report_repairs(ingest);
    program_report(program, ingest->counts.rows, rows, ingest->counts.bytes);
    repair_free(&ingest->repair);
    parameters_free(&program->parameters);
    command_line_free(&program->line);
    arena_free(&program->arena);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    Ingest ingest = {0};
    parse(&ingest, argc, argv);
    static char *standard_input[] = {"-", NULL};
    Program *program = &ingest.program;
    if (program->file_count == 0) {
        program->files = standard_input;
        program->file_count = 1;
    }
    for (size_t i = 0; i < program->file_count; i++)
        ingest_file(&ingest, program->files[i]);
    return finish(&ingest);
}
