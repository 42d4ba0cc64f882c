#include "filters/program.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/diagnostic.h"
#include "base/progress.h"
#include "base/quote.h"
#include "base/sandbox.h"
#include "csv/scanner.h"
#include "filters/fence.h"
#include "filters/help.h"

#ifndef WARRANT_VERSION
#define WARRANT_VERSION "0.0"
#endif

enum { MOST_JOBS = 1024 };

static _Noreturn void finish_printing(void)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        fail_errno("standard output: cannot write");
    exit(EXIT_SUCCESS);
}

static char delimiter_of(const char *text)
{
    if (text == NULL)
        return ',';
    if (strcmp(text, "\\t") == 0)
        return '\t';
    if (strlen(text) != 1 || strchr("\"\r\n", text[0]) != NULL || (unsigned char)text[0] >= 0x80)
        fail_usage("--delimiter: not one byte that may separate fields: %s",
                   shown(text, strlen(text)));
    return text[0];
}

static bool invalid_is_missing(const char *text)
{
    if (text == NULL || strcmp(text, "error") == 0)
        return false;
    if (strcmp(text, "missing") != 0)
        fail_usage("--invalid: neither error nor missing: %s", shown(text, strlen(text)));
    return true;
}

static void take_operands(Program *program)
{
    const Specification *specification = program->specification;
    CommandLine *line = &program->line;
    size_t wanted = specification_arguments(specification, line);
    if (line->operand_count < wanted)
        fail_usage("%s is missing (usage: %s [options] %s [FILE...])",
                   line->operand_count == 0 ? specification->argument : specification->second,
                   specification->name, specification_usage(specification));
    program->argument = wanted > 0 ? line->operands[0] : NULL;
    program->second = wanted > 1 ? line->operands[1] : NULL;
    program->files = line->operands + wanted;
    program->file_count = line->operand_count - wanted;
}

static bool is_there(const char *path)
{
    return strcmp(path, "-") == 0 || access(path, F_OK) == 0;
}

/* A text and the files that may have been cut off it, as one word for the shell. */
static const char *quoted_whole(Program *program, const char *text, size_t count)
{
    Buffer whole = {0}, quoted = {0};
    buffer_text(&whole, text);
    for (size_t i = 0; i < count; i++)
        buffer_format(&whole, " %s", program->files[i]);
    quote_shell(buffer_string(&whole), &quoted);
    const char *kept = arena_copy(&program->arena, quoted.at, quoted.size);
    buffer_free(&whole);
    buffer_free(&quoted);
    return kept;
}

static bool is_cut_off(const char *value)
{
    size_t size = value == NULL ? 0 : strlen(value);
    return size > 1 && value[size - 1] == ','; /* `-d ,` is whole */
}

/* `-g year, recipient`: the comma at its end tells whose the word is. */
static void check_option_quoting(Program *program, const char *first, size_t last)
{
    const CommandLine *line = &program->line;
    for (size_t i = 0; i < line->given_count; i++) {
        const char *value = line->given[i].value, *name = line->given[i].option->name;
        if (is_cut_off(value))
            fail("%s: no such file; if it belongs to --%s, quote the whole: --%s %s",
                 shown(first, strlen(first)), name, name, quoted_whole(program, value, last));
    }
}

/*
 * `pick year, recipient` without quotes makes `recipient` a FILE.  Said before the argument is
 * parsed, since what is left of it, `year,`, is most often a mistake of its own.
 */
static void check_quoting(Program *program)
{
    if (program->argument == NULL || program->second != NULL)
        return;
    const char *first = NULL;
    size_t last = 0;
    for (size_t i = 0; i < program->file_count; i++) {
        const char *path = program->files[i];
        if (is_there(path) || strpbrk(path, "/.") != NULL)
            continue;
        first = first == NULL ? path : first;
        last = i + 1;
    }
    if (first == NULL)
        return;
    check_option_quoting(program, first, last);
    bool texts = strpbrk(program->argument, "=<>") != NULL || strpbrk(first, "=<>") != NULL;
    fail("%s: no such file; if it belongs to the %s, quote the whole: %s %s%s",
         shown(first, strlen(first)), program->specification->argument,
         program->specification->name, quoted_whole(program, program->argument, last),
         texts ? " (a text in it needs single quotes of its own)" : "");
}

void program_start(Program *program, const Specification *specification, int argc, char **argv)
{
    *program = (Program){.specification = specification};
    diagnostic_program(specification->name);
    signal(SIGPIPE, SIG_DFL); /* whoever started us may have ignored it */
    clock_gettime(CLOCK_MONOTONIC, &program->started);
    const Option *const tables[] = {specification->options, common_options, NULL};
    CommandLine *line = &program->line;
    command_line_parse(line, argc, argv, tables);
    if (command_line_has(line, "help")) {
        help_print(specification);
        finish_printing();
    }
    if (command_line_has(line, "version")) {
        printf("%s (warrant) %s\n", specification->name, WARRANT_VERSION);
        finish_printing();
    }
    for (size_t i = 0; i < line->given_count; i++)
        if (strcmp(line->given[i].option->name, "param") == 0)
            parameters_bind(&program->parameters, line->given[i].value);
    program->delimiter = delimiter_of(command_line_value(line, "delimiter"));
    program->max_row = command_line_size(line, "max-row", READER_MAX_ROW);
    program->max_columns =
        (size_t)command_line_number(line, "max-columns", 1, SCAN_TOP_WIDTH, SCAN_MAX_WIDTH);
    program->jobs = (size_t)command_line_number(line, "jobs", 1, MOST_JOBS, 0);
    program->memory = command_line_size(line, "memory", 0);
    if (program->memory == 0)
        program->memory = budget_default();
    program->invalid_missing = invalid_is_missing(command_line_value(line, "invalid"));
    take_operands(program);
    check_quoting(program);
    fence_enter(program);
}

Source program_source(const Program *program)
{
    return (Source){program->argument, program->specification->label, &program->parameters};
}

ColumnList program_columns(Program *program, const char *option, ColumnSyntax syntax)
{
    const char *text = command_line_value(&program->line, option);
    if (text == NULL)
        return (ColumnList){0};
    return expression_columns(text, option, syntax, &program->arena);
}

const char *program_new_column(const Program *program, const char *option, const char *otherwise)
{
    const char *name = command_line_value(&program->line, option);
    if (name == NULL)
        return otherwise;
    size_t size = strlen(name);
    if (size == 0 || utf8_valid(name, size) != size)
        fail_usage("--%s: not a name for a column: \"%s\"", option, shown(name, size));
    return name;
}

ReaderOptions program_reading(const Program *program)
{
    return (ReaderOptions){.delimiter = program->delimiter,
                           .max_row = program->max_row,
                           .max_columns = program->max_columns};
}

Evaluation *program_evaluation(const Program *program)
{
    Evaluation *evaluation = evaluation_open(program->invalid_missing);
    evaluation_limit(evaluation, program->memory / (program->jobs != 0 ? program->jobs : 1));
    return evaluation;
}

/* Bytes of the input if it is all in regular files, else 0. */
static uint64_t input_size(const Program *program)
{
    static char standard[] = "-";
    char *const input[] = {standard}, *const *files =
                                          program->file_count == 0 ? input : program->files;
    size_t count = program->file_count == 0 ? 1 : program->file_count;
    uint64_t size = 0;
    for (size_t i = 0; i < count; i++) {
        struct stat status;
        bool there = strcmp(files[i], "-") == 0 ? fstat(STDIN_FILENO, &status) == 0
                                                : stat(files[i], &status) == 0;
        if (!there || !S_ISREG(status.st_mode))
            return 0;
        size += (uint64_t)status.st_size;
    }
    return size;
}

/*
 * In a pipe only the filter that reads the file speaks.  Where rows run over the terminal as they
 * are read, they say enough.
 */
static void start_progress(const Program *program)
{
    uint64_t size = input_size(program);
    bool rows_seen = program->specification->kind == STAGE_ROW_WISE && isatty(STDOUT_FILENO) &&
                     command_line_value(&program->line, "output") == NULL;
    if (command_line_has(&program->line, "progress") ||
        (size > 0 && isatty(STDERR_FILENO) && !rows_seen))
        progress_start(program->specification->name, size);
}

void program_check_files(const Program *program)
{
    for (size_t i = 0; i < program->file_count; i++)
        if (!is_there(program->files[i]))
            fail_errno("%s", program->files[i]);
    start_progress(program);
}

static void open_all(Program *program, size_t keep)
{
    program_check_files(program);
    ReaderOptions options = program_reading(program);
    options.keep = keep;
    program->reader = reader_open(program->files, program->file_count, &options);
    program->jobs = crew_size(program->reader, program->jobs);
    program->evaluation = program_evaluation(program);
    program->writer = writer_open(command_line_value(&program->line, "output"), program->delimiter);
}

void program_open(Program *program)
{
    open_all(program, 0);
}

void program_open_to_repeat(Program *program)
{
    open_all(program, program->memory / 2);
}

size_t *program_resolve(Program *program, const ColumnList *list, const Header *header,
                        const char *label)
{
    size_t *columns = arena_array(&program->arena, list->count, sizeof *columns);
    const char *place =
        arena_format(&program->arena, "%s: %s", reader_name(program->reader), label);
    for (size_t i = 0; i < list->count; i++)
        columns[i] = header_require(header, span_of(list->columns[i].name), place);
    return columns;
}

void program_report(const Program *program, uint64_t rows_in, uint64_t rows_out, uint64_t bytes)
{
    if (!command_line_has(&program->line, "stats"))
        return;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double seconds = (double)(now.tv_sec - program->started.tv_sec) +
                     (double)(now.tv_nsec - program->started.tv_nsec) / 1e9;
    warn("%llu rows in, %llu rows out, %llu bytes, %.3f seconds, confined by %s",
         (unsigned long long)rows_in, (unsigned long long)rows_out, (unsigned long long)bytes,
         seconds, sandbox_entered());
}

int program_finish(Program *program)
{
    const ProgramCounts counts = {
        .rows_in = reader_rows(program->reader),
        .rows_out = writer_rows(program->writer),
        .bytes = reader_bytes(program->reader),
        .invalid = evaluation_invalid(program->evaluation),
    };
    return program_finish_counted(program, &counts);
}

int program_finish_counted(Program *program, const ProgramCounts *counts)
{
    writer_close(program->writer);
    if (counts->invalid != 0)
        warn("%llu cell%s not a number, taken as missing", (unsigned long long)counts->invalid,
             counts->invalid == 1 ? " is" : "s are");
    program_report(program, counts->rows_in, counts->rows_out, counts->bytes);
    if (program->evaluation != NULL)
        evaluation_close(program->evaluation);
    if (program->reader != NULL)
        reader_close(program->reader);
    parameters_free(&program->parameters);
    command_line_free(&program->line);
    arena_free(&program->arena);
    return EXIT_SUCCESS;
}
