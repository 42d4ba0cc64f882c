/* describe: tells what is in each column, and what is wrong with a file. */

#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/diagnostic.h"
#include "base/file.h"
#include "base/quote.h"
#include "csv/lines.h"
#include "csv/reading.h"
#include "filters/display.h"
#include "filters/grid.h"
#include "filters/profile.h"
#include "filters/program.h"
#include "filters/survey.h"

typedef struct Describe {
    Program program;
    bool schema;
    int32_t places;
    GridStyle style;
    Output *output;
    Profile *profiles;
    size_t width;
    size_t bound; /* of distinct values in a column */
} Describe;

static void parse(Describe *describe, int argc, char **argv)
{
    Program *program = &describe->program;
    program_start(program, &describe_specification, argc, argv);
    display_start();
    const CommandLine *line = &program->line;
    describe->schema = command_line_has(line, "schema");
    describe->places = (int32_t)command_line_number(line, "places", 0, DECIMAL_MAX_DIGITS, -1);
    describe->style = grid_style(line);
    program_check_files(program);
}

/* ---- strict tables ---- */

/* Half of the memory for values that are kept to count them, of some 100 bytes each. */
static size_t distinct_bound(const Program *program, size_t width)
{
    size_t bound = program->memory / 200 / (width == 0 ? 1 : width);
    return bound < PROFILE_DISTINCT ? bound : PROFILE_DISTINCT;
}

static void open_profiles(Describe *describe)
{
    Program *program = &describe->program;
    ReaderOptions options = program_reading(program);
    options.held = &program->reader;
    reader_open(program->files, program->file_count, &options);
    const Header *header = reader_header(program->reader);
    budget_check(header->width * PROFILE_LEAST, program->memory, "so many columns");
    describe->width = header->width;
    describe->bound = distinct_bound(program, header->width);
    describe->profiles = arena_array(&program->arena, header->width, sizeof *describe->profiles);
    for (size_t i = 0; i < header->width; i++)
        profile_open(&describe->profiles[i], header->names[i], describe->bound);
}

static ProfilePlace place_of(Lines *lines, const Batch *batch, size_t row, size_t column)
{
    Position position = lines_position(lines, batch_field(batch, row, column));
    return (ProfilePlace){reader_file_name(batch->reader, batch->file), position.line,
                          position.column};
}

static void add_batch(Describe *describe, const Batch *batch)
{
    Lines lines = lines_of(batch);
    for (size_t row = 0; row < batch->rows; row++)
        for (size_t i = 0; i < batch->width; i++)
            if (profile_add(&describe->profiles[i], batch_value(batch, row, i)))
                profile_place(&describe->profiles[i], place_of(&lines, batch, row, i));
}

/* False if it is not strict CSV: the trap says where. */
static bool read_strictly(Describe *describe, Trap *trap)
{
    if (!TRAP_SET(trap))
        return false;
    open_profiles(describe);
    Batch batch;
    while (reader_next(describe->program.reader, &batch))
        add_batch(describe, &batch);
    trap_end(trap);
    return true;
}

/* ---- the profile ---- */

static void show_profiles(const Describe *describe, Profile *profiles, size_t width)
{
    static const char *const names[] = {"column", "type", "missing", "distinct",
                                        "min",    "max",  "mean",    "examples"};
    enum { COLUMNS = sizeof names / sizeof *names };
    Header header = {(const char **)names, COLUMNS};
    Grid grid;
    grid_open(&grid, &header);
    for (size_t i = 0; i < width; i++) {
        Buffer cells[COLUMNS] = {0};
        const Profile *profile = &profiles[i];
        buffer_text(&cells[0], profile->name);
        buffer_text(&cells[1], celltype_guessed(&profile->guess));
        buffer_format(&cells[2], "%llu", (unsigned long long)profile->missing);
        profile_distinct(profile, &cells[3]);
        profile_least(profile, &cells[4]);
        profile_most(profile, &cells[5]);
        profile_mean(profile, describe->places, &cells[6]);
        profile_examples(profile, &cells[7]);
        Span values[COLUMNS];
        for (size_t k = 0; k < COLUMNS; k++)
            values[k] = buffer_span(&cells[k]);
        grid_add_values(&grid, values);
        for (size_t k = 0; k < COLUMNS; k++)
            buffer_free(&cells[k]);
    }
    grid_close(&grid, -1);
    grid_show_text(&grid, &describe->style, describe->output);
    grid_free(&grid);
}

/* ---- cells that are nearly numbers ---- */

static uint64_t in_some_notation(const Profile *profile)
{
    return profile->shapes[SHAPE_NUMBER].count + profile->shapes[SHAPE_BLANKS].count +
           profile->shapes[SHAPE_THOUSANDS].count + profile->shapes[SHAPE_COMMA].count;
}

/* The option that makes numbers of such cells, or NULL. */
static const char *cure_of(const Profile *profile, Shape shape, Arena *arena)
{
    const ProfileShape *cells = &profile->shapes[shape];
    Span mark = cells->mark;
    switch (shape) {
    case SHAPE_BLANKS:
        return "--trim";
    case SHAPE_THOUSANDS:
        /* 1,234 beside 0,5 has a decimal comma. */
        if (profile->shapes[SHAPE_COMMA].count > 0 && span_equal(mark, SPAN(",")))
            return "--decimal ,";
        return arena_format(arena, "--thousands '%s%.*s'", *mark.at == '\'' ? "\\" : "",
                            (int)mark.size, mark.at);
    case SHAPE_COMMA:
        return mark.size == 0
                   ? "--decimal ,"
                   : arena_format(arena, "--decimal , --thousands '%.*s'", (int)mark.size, mark.at);
    case SHAPE_MISSING:
        return arena_format(arena, "--missing '%.*s'", (int)cells->cell.size, cells->cell.at);
    default:
        return NULL;
    }
}

static const char *place_shown(ProfilePlace place, Arena *arena)
{
    if (place.name == NULL)
        return arena_format(arena, "line %llu", (unsigned long long)place.line);
    return arena_format(arena, "%s:%llu:%zu", place.name, (unsigned long long)place.line,
                        place.column);
}

static void remark_shape(Survey *survey, const Profile *profile, Shape shape)
{
    const ProfileShape *cells = &profile->shapes[shape];
    if (cells->count == 0)
        return;
    const char *cure = cure_of(profile, shape, &survey->arena);
    survey_find(survey, "%s: %llu cell%s no number%s, first %s at %s%s%s", profile->name,
                (unsigned long long)cells->count, cells->count == 1 ? " is" : "s are",
                cells->count == 1 ? "" : "s", shown(cells->cell.at, cells->cell.size),
                place_shown(cells->place, &survey->arena), cure == NULL ? "" : ": ingest ",
                cure == NULL ? "" : cure);
    if (cure != NULL)
        survey_option(survey, cure);
}

static void remark_column(Survey *survey, const Profile *profile)
{
    uint64_t filled = profile->cells - profile->missing;
    if (filled == 0)
        return;
    if (profile->padded.count > 0 && profile->shapes[SHAPE_BLANKS].count == 0) {
        survey_find(survey, "%s: %llu cell%s with a blank, first at %s: ingest --trim",
                    profile->name, (unsigned long long)profile->padded.count,
                    profile->padded.count == 1 ? " begins or ends" : "s begin or end",
                    place_shown(profile->padded.place, &survey->arena));
        survey_option(survey, "--trim");
    }
    if (in_some_notation(profile) * 2 < filled)
        return;
    for (Shape shape = SHAPE_BLANKS; shape < SHAPES; shape++)
        remark_shape(survey, profile, shape);
}

/* ---- a page ---- */

static void write_line(Output *output, const char *text)
{
    Buffer line = {0};
    display_append(&line, span_of(text));
    buffer_byte(&line, '\n');
    output_write(output, line.at, line.size);
    buffer_free(&line);
}

static void write_size(const Describe *describe, const char *name, uint64_t rows, size_t width,
                       const char *as)
{
    Arena arena = {0};
    write_line(describe->output, arena_format(&arena, "%s: %llu row%s, %zu column%s%s", name,
                                              (unsigned long long)rows, rows == 1 ? "" : "s", width,
                                              width == 1 ? "" : "s", as));
    write_line(describe->output, "");
    arena_free(&arena);
}

static void write_findings(const Describe *describe, const Survey *survey)
{
    for (size_t i = 0; i < survey->count; i++)
        write_line(describe->output, survey->findings[i]);
}

/* The command that mends it all, as a shell takes it. */
static void write_command(const Describe *describe, Survey *survey, char *const *files,
                          size_t count)
{
    Buffer command = {0};
    buffer_format(&command, "    ingest%s", buffer_string(&survey->options));
    for (size_t i = 0; i < count; i++) {
        buffer_byte(&command, ' ');
        quote_shell(files[i], &command);
    }
    write_line(describe->output, "");
    write_line(describe->output, buffer_string(&command));
    buffer_free(&command);
}

/* Whether all input is in files, which can be read again. */
static bool named(const Program *program)
{
    for (size_t i = 0; i < program->file_count; i++)
        if (strcmp(program->files[i], "-") == 0)
            return false;
    return program->file_count > 0;
}

static const char *delimiter_shown(const Program *program)
{
    return command_line_value(&program->line, "delimiter");
}

static void show_strict(Describe *describe)
{
    Program *program = &describe->program;
    Survey survey = {0};
    if (describe->width == 1 && named(program))
        survey_delimiter(&survey, program->files[0]);
    write_size(describe, reader_name(program->reader), reader_rows(program->reader),
               describe->width, "");
    show_profiles(describe, describe->profiles, describe->width);
    for (size_t i = 0; i < describe->width; i++)
        remark_column(&survey, &describe->profiles[i]);
    if (survey.count > 0)
        write_line(describe->output, "");
    write_findings(describe, &survey);
    if (survey.count > 0 && program->delimiter != ',')
        survey_option(&survey, arena_format(&survey.arena, "-d '%s'", delimiter_shown(program)));
    if (survey.count > 0 && named(program))
        write_command(describe, &survey, program->files, program->file_count);
    survey_free(&survey);
}

/* What is wrong with a file, the table in it as far as there is one, and the command that mends it.
 */
static void show_survey(const Describe *describe, char *path)
{
    Survey survey;
    survey_file(&survey, path, PROFILE_DISTINCT / 10, describe->program.memory);
    if (survey.profiles != NULL)
        write_size(describe, path, survey.rows, survey.width, ", as far as it can be read");
    if (survey.profiles != NULL)
        show_profiles(describe, survey.profiles, survey.width);
    for (size_t i = 0; survey.profiles != NULL && i < survey.width; i++)
        remark_column(&survey, &survey.profiles[i]);
    write_line(describe->output, "");
    write_findings(describe, &survey);
    if (survey.width > 0 && !survey.broken && survey.ragged == 0)
        write_command(describe, &survey, &path, 1);
    survey_free(&survey);
}

/* ---- a schema ---- */

static void write_schema(const Describe *describe)
{
    Buffer out = {0};
    buffer_text(&out, "{\n  \"fields\": [");
    for (size_t i = 0; i < describe->width; i++) {
        buffer_text(&out, i == 0 ? "\n    {\"name\": " : ",\n    {\"name\": ");
        quote_json(span_of(describe->profiles[i].name), &out);
        buffer_format(&out, ", \"type\": \"%s\", \"title\": \"\"}",
                      celltype_guessed(&describe->profiles[i].guess));
    }
    buffer_text(&out, "\n  ],\n  \"missingValues\": [\"\"]\n}\n");
    output_write(describe->output, out.at, out.size);
    buffer_free(&out);
}

/* ---- */

static int finish(Describe *describe)
{
    Program *program = &describe->program;
    output_commit(describe->output);
    program_report(program, reader_rows(program->reader), describe->width,
                   reader_bytes(program->reader));
    reader_close(program->reader);
    for (size_t i = 0; i < describe->width; i++)
        profile_free(&describe->profiles[i]);
    parameters_free(&program->parameters);
    command_line_free(&program->line);
    arena_free(&program->arena);
    return EXIT_SUCCESS;
}

static _Noreturn void finish_refused(Describe *describe, const Trap *trap)
{
    const Program *program = &describe->program;
    if (trap->exhausted)
        fail_again(trap);
    if (describe->schema || command_line_has(&program->line, "output"))
        fail("%s (describe without --schema and -o tells all that is wrong)", trap->message);
    if (!named(program))
        fail("%s (of a named FILE, describe tells all that is wrong)", trap->message);
    describe->output = output_open(NULL);
    for (size_t i = 0; i < program->file_count; i++)
        show_survey(describe, program->files[i]);
    output_commit(describe->output);
    fail_again(trap);
}

int main(int argc, char **argv)
{
    static Describe describe;
    static Trap trap;
    parse(&describe, argc, argv);
    if (!read_strictly(&describe, &trap))
        finish_refused(&describe, &trap);
    describe.output = output_open(command_line_value(&describe.program.line, "output"));
    if (describe.schema)
        write_schema(&describe);
    else
        show_strict(&describe);
    return finish(&describe);
}
