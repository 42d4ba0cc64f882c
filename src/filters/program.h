/*
 * Program: what every filter does before and after its work.
 *
 *     Program program;
 *     program_start(&program, &filter_specification, argc, argv);   options, -h, -V, -p
 *     ... parse the argument: mistakes are usage errors ...
 *     program_open(&program);                                       first input, header
 *     ... bind, write the header, work ...
 *     return program_finish(&program);                              output in place, counts
 */
#ifndef FILTERS_PROGRAM_H
#define FILTERS_PROGRAM_H

#include <stdbool.h>
#include <time.h>

#include "base/memory.h"
#include "base/option.h"
#include "csv/crew.h"
#include "csv/reader.h"
#include "csv/writer.h"
#include "expr/evaluate.h"
#include "expr/expression.h"
#include "expr/parameters.h"
#include "filters/specification.h"

typedef struct Program {
    const Specification *specification;
    CommandLine line;
    Arena arena; /* for what lives as long as the program */
    Parameters parameters;
    const char *argument; /* NULL if there is none */
    const char *second;   /* the second argument, NULL if there is none */
    char **files;         /* operands behind the argument */
    size_t file_count;
    char delimiter;
    size_t max_row, max_columns;
    size_t jobs;   /* threads there will be at most, once opened; before, -j, 0 if not given */
    size_t memory; /* ceiling in bytes for what has to be held: --memory or base/budget.h */
    bool invalid_missing;
    Reader *reader;
    Writer *writer;
    Evaluation *evaluation;
    struct timespec started;
} Program;

void program_start(Program *program, const Specification *specification, int argc, char **argv);

/* The argument as source for an expression parser. */
Source program_source(const Program *program);

/* An option's value as a source: `-g`'s label is "-g". */
ColumnList program_columns(Program *program, const char *option, ColumnSyntax syntax);

/* An option's value as the name of a new column; usage error if no column can have it. */
const char *program_new_column(const Program *program, const char *option, const char *otherwise);

/* How the program's inputs are to be read. */
ReaderOptions program_reading(const Program *program);

/* An evaluation for one of the program's threads, to be closed by the caller. */
Evaluation *program_evaluation(const Program *program);

/* Opens reader, evaluation and writer; the header is the caller's to write. */
void program_open(Program *program);

/* The same where the rows are read more than once: up to half of the memory keeps what comes
 * through a pipe. */
void program_open_to_repeat(Program *program);

/* Closes all, says counts. Returns the exit status. */
int program_finish(Program *program);

/* The same for a program that counts in its own way. */
typedef struct ProgramCounts {
    uint64_t rows_in, rows_out, bytes;
    uint64_t invalid; /* cells taken as missing */
} ProgramCounts;

int program_finish_counted(Program *program, const ProgramCounts *counts);

/* The pieces of program_open/program_finish for programs that read or write in their own way. */
void program_check_files(const Program *program);
void program_report(const Program *program, uint64_t rows_in, uint64_t rows_out, uint64_t bytes);

/* Indexes of columns in a header, or fail() naming the option they were given with. */
size_t *program_resolve(Program *program, const ColumnList *list, const Header *header,
                        const char *label);

#endif
