/* plot: draws a chart of the rows. */

#define _GNU_SOURCE /* strcasestr */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "filters/chart.h"
#include "filters/columns.h"
#include "filters/display.h"
#include "filters/drawing.h"
#include "filters/gnuplot.h"
#include "filters/program.h"
#include "filters/svg.h"
#include "filters/typeset.h"

enum {
    MOST_ROWS = 20000, /* more is neither drawn in good time nor seen */
    /* With names, unless --limit says otherwise: */
    MOST_BARS = 30,
    MOST_RANKED = 40
};

typedef struct Plot {
    Program program;
    Chart chart;
    ColumnList named; /* by --y */
    Expression *mark; /* NULL without --mark */
    bool png;         /* and not SVG */
    size_t limit;     /* SIZE_MAX: none was given */
    size_t x;
    size_t *y; /* columns that may be drawn */
    size_t y_count;
    bool *numbers;         /* of these: every cell so far is a number or missing … */
    bool *filled;          /* … and one is not missing */
    const Vector **values; /* by column, for the batch at hand */
    uint32_t *marked;
    size_t marked_room;
    Output *output;
} Plot;

/* ---- the command line ---- */

static ChartKind kind_of(const char *word)
{
    static const char *const kinds[] = {"line", "bar", "ranked", "stacked"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(word, kinds[i]) == 0)
            return (ChartKind)i;
    fail_usage("none of line, bar, ranked, stacked: %s%s", shown(word, strlen(word)),
               text_suggestion(span_of(word), kinds, sizeof kinds / sizeof *kinds));
}

static Span option_text(Plot *plot, const char *option)
{
    const char *text = command_line_value(&plot->program.line, option);
    return text == NULL ? SPAN("") : typeset_clean(span_of(text), &plot->program.arena);
}

static void parse_mark(Plot *plot)
{
    Program *program = &plot->program;
    const char *mark = command_line_value(&program->line, "mark");
    if (mark == NULL)
        return;
    Source source = {mark, "mark", &program->parameters};
    plot->mark = expression_condition(&source, &program->arena);
    plot->chart.mark = option_text(plot, "mark");
}

static bool wants_png(const CommandLine *line)
{
    const char *path = command_line_value(line, "output");
    size_t size = path == NULL ? 0 : strlen(path);
    bool png =
        command_line_has(line, "png") || (size > 4 && strcasecmp(path + size - 4, ".png") == 0);
    if (png && path == NULL && isatty(STDOUT_FILENO))
        fail_usage("a PNG is nothing for a terminal: say -o FILE.png");
    return png;
}

static void parse(Plot *plot, int argc, char **argv)
{
    Program *program = &plot->program;
    Chart *chart = &plot->chart;
    program_start(program, &plot_specification, argc, argv);
    display_start();
    chart->arena = &program->arena;
    chart->kind = kind_of(program->argument);
    chart->title = option_text(plot, "title");
    chart->unit = option_text(plot, "unit");
    chart->source = option_text(plot, "source");
    parse_mark(plot);
    plot->named = program_columns(program, "y", COLUMNS_PLAIN);
    columns_check_names(&plot->named, "--y");
    if (plot->named.count > CHART_SERIES)
        fail_usage("--y: %zu columns; more than %d can't be told apart", plot->named.count,
                   CHART_SERIES);
    plot->png = wants_png(&program->line);
    long limit = command_line_number(&program->line, "limit", 1, LONG_MAX, -1);
    plot->limit = limit < 0 ? SIZE_MAX : (size_t)limit;
}

/* ---- opening ---- */

/* A column that tells when: a line or bars go along it. */
static bool tells_time(const char *name)
{
    static const char *const words[] = {"year", "date", "month", "day", "time"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(name, words[i]) != NULL)
            return true;
    return false;
}

/* Whether the first row has no number there, so that the column may hold names. */
static bool holds_names(const Batch *batch, size_t column)
{
    Decimal number;
    Span value = batch_value(batch, 0, column);
    return value.size > 0 && decimal_read(value, &number, batch->arena) != DECIMAL_READ;
}

/* Ranked bars are of things with names, the others go along time: else it is the first column. */
static size_t likely_x(const Plot *plot, const Header *header, const Batch *first)
{
    bool ranked = plot->chart.kind == CHART_RANKED;
    for (size_t i = 0; i < header->width; i++)
        if (ranked ? first != NULL && holds_names(first, i) : tells_time(header->names[i]))
            return i;
    return 0;
}

static size_t x_column(Plot *plot, const Header *header, const Batch *first)
{
    const char *name = command_line_value(&plot->program.line, "x");
    return name == NULL ? likely_x(plot, header, first)
                        : header_require(header, span_of(name),
                                         arena_format(&plot->program.arena, "%s: --x",
                                                      reader_name(plot->program.reader)));
}

/* By the header and, where nothing was said, the first rows; `first` is NULL if there are none. */
static void choose_columns(Plot *plot, const Batch *first)
{
    Arena *arena = &plot->program.arena;
    const Header *header = reader_header(plot->program.reader);
    plot->x = x_column(plot, header, first);
    plot->chart.x_name = typeset_clean(span_of(header->names[plot->x]), arena);
    plot->chart.numeric = true;
    plot->y_count = plot->named.count;
    plot->y = plot->named.count > 0
                  ? program_resolve(&plot->program, &plot->named, header, "--y")
                  : columns_except(&plot->x, 1, header->width, &plot->y_count, arena);
    plot->numbers = arena_array(arena, plot->y_count, sizeof *plot->numbers);
    plot->filled = arena_array(arena, plot->y_count, sizeof *plot->filled);
    plot->values = arena_array(arena, plot->y_count, sizeof *plot->values);
    for (size_t k = 0; k < plot->y_count; k++) {
        plot->numbers[k] = true;
        plot->filled[k] = false;
    }
}

static void open_all(Plot *plot)
{
    Program *program = &plot->program;
    program_check_files(program);
    ReaderOptions options = program_reading(program);
    program->reader = reader_open(program->files, program->file_count, &options);
    program->evaluation = program_evaluation(program);
    if (plot->mark != NULL)
        expression_bind(plot->mark, reader_header(program->reader), reader_name(program->reader));
    plot->output = output_open(command_line_value(&program->line, "output"));
}

/* ---- reading ---- */

static Datum datum_of(const Plot *plot, Decimal value, const Batch *batch, size_t row,
                      size_t column)
{
    Buffer digits = {0};
    decimal_write(value, &digits);
    Datum datum = {.value = decimal_keep(value, plot->chart.arena),
                   .at = strtod(buffer_string(&digits), NULL)};
    if (datum.at > 1e300 || datum.at < -1e300)
        fail("%s: too large a number to draw", batch_place(batch, row, column));
    buffer_free(&digits);
    return datum;
}

/* Of a column that was not named, and may hold anything. */
static Datum read_datum(Plot *plot, const Batch *batch, size_t row, size_t k)
{
    Span value = batch_value(batch, row, plot->y[k]);
    Decimal number;
    if (value.size == 0 || !plot->numbers[k])
        return (Datum){.missing = true};
    plot->numbers[k] = decimal_read(value, &number, batch->arena) == DECIMAL_READ;
    if (!plot->numbers[k])
        return (Datum){.missing = true};
    plot->filled[k] = true;
    return datum_of(plot, number, batch, row, plot->y[k]);
}

static Datum take_datum(Plot *plot, const Batch *batch, size_t row, size_t k)
{
    if (plot->named.count == 0)
        return read_datum(plot, batch, row, k);
    if (plot->values[k]->missing[row])
        return (Datum){.missing = true};
    Decimal number = plot->values[k]->numbers[row].value;
    if (plot->chart.kind == CHART_STACKED && decimal_sign(number) < 0)
        fail("%s: %s: a negative part can't be stacked", batch_place(batch, row, plot->y[k]),
             plot->named.columns[k].name);
    return datum_of(plot, number, batch, row, plot->y[k]);
}

/* Where the row stands, as long as all rows have a number there. */
static void take_x(Plot *plot, const Batch *batch, size_t row, ChartRow *taken)
{
    Chart *chart = &plot->chart;
    Span value = batch_value(batch, row, plot->x);
    taken->label = value.size == 0 ? SPAN("\xe2\x80\x93") : typeset_clean(value, chart->arena);
    Decimal number;
    chart->numeric = chart->numeric && value.size > 0 &&
                     decimal_read(value, &number, batch->arena) == DECIMAL_READ;
    if (chart->numeric)
        taken->x = datum_of(plot, number, batch, row, plot->x).at;
}

static void take_row(Plot *plot, const Batch *batch, size_t row, bool marked)
{
    Chart *chart = &plot->chart;
    bool ranked = chart->kind == CHART_RANKED;
    if (!ranked && chart->count >= plot->limit)
        return;
    if (chart->count == MOST_ROWS)
        fail("%s: more than %d rows to draw (rank --top or aggregate makes them fewer)",
             batch_place(batch, row, 0), MOST_ROWS);
    chart->rows = memory_grow(chart->rows, &chart->room, chart->count, sizeof *chart->rows);
    ChartRow taken = {.marked = marked, .number = chart->count};
    take_x(plot, batch, row, &taken);
    taken.values = arena_array(chart->arena, plot->y_count, sizeof *taken.values);
    for (size_t k = 0; k < plot->y_count; k++)
        taken.values[k] = take_datum(plot, batch, row, k);
    chart->rows[chart->count++] = taken;
}

/* Evaluates what the rows need; gives how many are marked. */
static size_t evaluate_batch(Plot *plot, const Batch *batch)
{
    Evaluation *evaluation = plot->program.evaluation;
    evaluation_batch(evaluation, batch);
    Selection rows = evaluation_all(evaluation);
    if (batch->rows > plot->marked_room) {
        plot->marked_room = batch->rows;
        plot->marked = memory_resize(plot->marked, batch->rows, sizeof *plot->marked);
    }
    evaluation_hold(evaluation);
    for (size_t k = 0; k < plot->named.count; k++)
        plot->values[k] = evaluate_column_numbers(evaluation, plot->y[k], rows);
    size_t count = plot->mark == NULL
                       ? 0
                       : evaluate_condition(evaluation, plot->mark, rows, TRUTH_TRUE, plot->marked);
    evaluation_release(evaluation);
    return count;
}

static void take_batch(Plot *plot, const Batch *batch)
{
    size_t marked = evaluate_batch(plot, batch), next = 0;
    for (size_t row = 0; row < batch->rows; row++) {
        bool is_marked = next < marked && plot->marked[next] == row;
        next += is_marked;
        take_row(plot, batch, row, is_marked);
    }
}

/* ---- what was not said ---- */

/* The columns of numbers: of bars the first, of lines and stacks all. */
static size_t choose_numbers(const Plot *plot, size_t *chosen)
{
    bool one = plot->chart.kind == CHART_BAR || plot->chart.kind == CHART_RANKED;
    size_t count = 0;
    for (size_t k = 0; k < plot->y_count; k++)
        if (plot->numbers[k] && plot->filled[k] && !(one && count == 1))
            chosen[count++] = k;
    const char *name = reader_name(plot->program.reader);
    if (count == 0 && plot->chart.count > 0)
        fail("%s: no column of numbers to draw (--y names one, and what is wrong in it is then "
             "said)",
             name);
    if (count > CHART_SERIES)
        fail("%s: %zu columns of numbers; more than %d can't be told apart (--y chooses)", name,
             count, CHART_SERIES);
    return count;
}

/* Those of columns that were named were refused where they stood. */
static void check_parts(const Plot *plot)
{
    const Chart *chart = &plot->chart;
    const Header *header = reader_header(plot->program.reader);
    for (size_t i = 0; chart->kind == CHART_STACKED && i < chart->count; i++)
        for (size_t k = 0; k < plot->y_count; k++)
            if (!chart->rows[i].values[k].missing && chart->rows[i].values[k].at < 0)
                fail("%s: %s: a negative part can't be stacked: that of %.*s (--y chooses columns)",
                     reader_name(plot->program.reader), header->names[plot->y[k]],
                     (int)chart->rows[i].label.size, chart->rows[i].label.at);
}

static void keep_numbers(Plot *plot)
{
    Chart *chart = &plot->chart;
    size_t *chosen = arena_array(chart->arena, plot->y_count + 1, sizeof *chosen);
    size_t count = choose_numbers(plot, chosen);
    if (count == 0 && plot->y_count > 0) /* no rows: any column will do */
        chosen[count++] = 0;
    for (size_t i = 0; i < chart->count; i++)
        for (size_t k = 0; k < count; k++)
            chart->rows[i].values[k] = chart->rows[i].values[chosen[k]];
    for (size_t k = 0; k < count; k++)
        plot->y[k] = plot->y[chosen[k]];
    plot->y_count = count;
    check_parts(plot);
}

static void name_series(Plot *plot)
{
    Chart *chart = &plot->chart;
    const Header *header = reader_header(plot->program.reader);
    if (plot->y_count == 0)
        fail("%s: one column only: nothing is left to draw", reader_name(plot->program.reader));
    chart->series_count = plot->y_count;
    chart->series = arena_array(chart->arena, plot->y_count, sizeof *chart->series);
    for (size_t k = 0; k < plot->y_count; k++)
        chart->series[k] = typeset_clean(span_of(header->names[plot->y[k]]), chart->arena);
    for (size_t i = 0; i < chart->count; i++)
        for (size_t k = 0; k < plot->y_count; k++) {
            const Datum *datum = &chart->rows[i].values[k];
            if (!datum->missing && datum->value.scale > chart->scale)
                chart->scale = datum->value.scale;
        }
}

static size_t default_limit(const Chart *chart)
{
    if (chart->kind == CHART_RANKED)
        return MOST_RANKED;
    return chart->kind == CHART_LINE || chart->numeric ? SIZE_MAX : MOST_BARS;
}

/* ---- the picture ---- */

static void draw_svg(Plot *plot, Buffer *out)
{
    const Chart *chart = &plot->chart;
    Buffer script = {0}, picture = {0}, description = {0};
    DrawingSize size = drawing_script(chart, &drawing_svg, &script);
    gnuplot_run(buffer_span(&script), &picture);
    chart_describe(chart, &description);
    SvgText text = {chart->title.size > 0 ? chart->title : chart_default_title(chart),
                    buffer_span(&description)};
    svg_write(buffer_span(&picture), size, &text,
              chart->series_count > 1 && chart->kind != CHART_LINE, out);
    buffer_free(&script);
    buffer_free(&picture);
    buffer_free(&description);
}

static void draw_png(Plot *plot, Buffer *out)
{
    Buffer script = {0};
    drawing_script(&plot->chart, &drawing_png, &script);
    gnuplot_run(buffer_span(&script), out);
    if (out->size < 8 || memcmp(out->at, "\x89PNG", 4) != 0)
        fail("gnuplot: what it wrote is no picture");
    buffer_free(&script);
}

static void draw(Plot *plot)
{
    Buffer picture = {0};
    (plot->png ? draw_png : draw_svg)(plot, &picture);
    output_write(plot->output, picture.at, picture.size);
    output_commit(plot->output);
    buffer_free(&picture);
}

static int finish(Plot *plot)
{
    Program *program = &plot->program;
    uint64_t invalid = evaluation_invalid(program->evaluation);
    if (invalid != 0)
        warn("%llu cell%s not a number, taken as missing", (unsigned long long)invalid,
             invalid == 1 ? " is" : "s are");
    program_report(program, reader_rows(program->reader), plot->chart.count,
                   reader_bytes(program->reader));
    evaluation_close(program->evaluation);
    reader_close(program->reader);
    free(plot->chart.rows);
    free(plot->marked);
    parameters_free(&program->parameters);
    command_line_free(&program->line);
    arena_free(&program->arena);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    Plot plot = {0};
    parse(&plot, argc, argv);
    open_all(&plot);
    Batch batch;
    bool more = reader_next(plot.program.reader, &batch);
    choose_columns(&plot, more ? &batch : NULL);
    for (; more; more = reader_next(plot.program.reader, &batch))
        take_batch(&plot, &batch);
    plot.chart.total = reader_rows(plot.program.reader);
    if (plot.named.count == 0)
        keep_numbers(&plot);
    name_series(&plot);
    chart_settle(&plot.chart, plot.limit != SIZE_MAX ? plot.limit : default_limit(&plot.chart));
    draw(&plot);
    return finish(&plot);
}
