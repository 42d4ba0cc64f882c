#include "filters/figure.h"

#include <math.h>
#include <stdio.h>

#include "filters/gnuplot.h"
#include "filters/page.h"
#include "filters/scale.h"
#include "filters/typeset.h"

enum { WIDTH = 640, DATA_HEIGHT = 300 };

static const double TITLE_SIZE = 18, TEXT_SIZE = 14, LABEL_SIZE = 13, NOTE_SIZE = 12.5;

/* The data's part of the page and what its edges stand for. */
typedef struct Figure {
    const Chart *chart;
    Page page;
    double left, right, top, bottom; /* pixels */
    double x_low, x_high;            /* of the axis of rows */
    Scale scale;                     /* of values */
    Buffer blocks;                   /* data */
    Buffer plots;                    /* what is drawn of them, commas between */
    size_t block_count;
    Arena arena;
} Figure;

static double x_pixel(const Figure *figure, double x)
{
    return figure->left +
           (x - figure->x_low) / (figure->x_high - figure->x_low) * (figure->right - figure->left);
}

static double y_pixel(const Figure *figure, double value)
{
    return figure->bottom - (value - figure->scale.low) / (figure->scale.high - figure->scale.low) *
                                (figure->bottom - figure->top);
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static Span value_text(Figure *figure, Decimal value)
{
    Buffer text = {0};
    chart_write(figure->chart, value, &text);
    Span kept = {arena_copy(&figure->arena, text.at, text.size), text.size};
    buffer_free(&text);
    return kept;
}

static Span step_text(Figure *figure, const Scale *scale, int index)
{
    Buffer text = {0};
    scale_write_step(scale, index, &text);
    Span kept = {arena_copy(&figure->arena, text.at, text.size), text.size};
    buffer_free(&text);
    return kept;
}

/* ---- head and foot ---- */

static void write_head(Figure *figure)
{
    const Chart *chart = figure->chart;
    Page *page = &figure->page;
    bool titled = chart->title.size > 0;
    page_paragraph(page, titled ? chart->title : chart_default_title(chart), TITLE_SIZE, true,
                   &palette_ink);
    if (titled && chart->kind == CHART_RANKED && chart->series_count == 1) {
        Span name = chart_value_name(chart);
        name = span_of(arena_format(&figure->arena, "%.*s by %.*s", (int)name.size, name.at,
                                    (int)chart->x_name.size, chart->x_name.at));
        page_paragraph(page, name, TEXT_SIZE, false, &palette_muted);
    } else if (titled || chart->unit.size > 0) {
        page_paragraph(page, chart_value_name(chart), TEXT_SIZE, false, &palette_muted);
    }
    page->y += 4;
    if (chart->series_count > 1)
        page_legend(page, chart->series, chart->series_count, chart->kind == CHART_LINE);
    page->y += 8;
}

static void write_foot(Figure *figure)
{
    Span notes[4];
    size_t count = chart_notes(figure->chart, notes);
    figure->page.y += 6;
    for (size_t i = 0; i < count; i++)
        page_paragraph(&figure->page, notes[i], NOTE_SIZE, false, &palette_muted);
    figure->page.y += PAGE_MARGIN - 4;
}

/* ---- data ---- */

/* Begins a block of data; gives its number. */
static size_t block_begin(Figure *figure)
{
    buffer_format(&figure->blocks, "$d%zu << EOD\n", figure->block_count);
    return figure->block_count++;
}

static void block_end(Figure *figure)
{
    buffer_text(&figure->blocks, "EOD\n");
}

/* The beginning of what draws a block; its style follows. */
static Buffer *plot_block(Figure *figure, size_t block)
{
    buffer_format(&figure->plots, "%s$d%zu using ", figure->plots.size == 0 ? "" : ", ", block);
    return &figure->plots;
}

/* A bar in the row's place, `from` … `to` in values. */
static void add_bar(Figure *figure, double low, double high, double from, double to)
{
    bool sideways = figure->chart->kind == CHART_RANKED;
    double middle = (low + high) / 2;
    if (sideways)
        buffer_format(&figure->blocks, "%.17g %.17g %.17g %.17g %.17g %.17g\n", to, middle, from,
                      to, low, high);
    else
        buffer_format(&figure->blocks, "%.17g %.17g %.17g %.17g %.17g %.17g\n", middle, to, low,
                      high, from, to);
}

typedef struct Band {
    double low, high; /* of one series' bar, from the middle of its row, in parts of a row */
} Band;

/* All series stand beside each other, or, stacked, in one place. */
static Band band_of(const Chart *chart, size_t series)
{
    double width = chart->series_count > 1 && chart->kind != CHART_STACKED ? 0.84 : 0.74;
    if (chart->kind == CHART_STACKED)
        return (Band){-width / 2, width / 2};
    double each = width / (double)chart->series_count;
    double low = -width / 2 + each * (double)series;
    return (Band){low, low + each};
}

static double stacked_below(const ChartRow *row, size_t series)
{
    double sum = 0;
    for (size_t k = 0; k < series; k++)
        if (!row->values[k].missing)
            sum += row->values[k].at;
    return sum;
}

/* The bars of a series, those that are marked or those that are not. */
static void write_bars(Figure *figure, size_t series, bool marked)
{
    const Chart *chart = figure->chart;
    Band band = band_of(chart, series);
    size_t before = figure->blocks.size, block = block_begin(figure), bars = 0;
    for (size_t i = 0; i < chart->count; i++) {
        const ChartRow *row = &chart->rows[i];
        bool shown = chart->mark.size == 0 ? marked : row->marked == marked;
        if (row->values[series].missing || !shown)
            continue;
        double from = chart->kind == CHART_STACKED ? stacked_below(row, series) : 0;
        add_bar(figure, row->x + band.low * chart->step, row->x + band.high * chart->step, from,
                from + row->values[series].at);
        bars++;
    }
    block_end(figure);
    if (bars == 0) {
        figure->blocks.size = before;
        figure->block_count--;
        return;
    }
    const Colour *colour = marked ? series_colour(series) : &palette_pale[series % PALETTE_SERIES];
    buffer_format(plot_block(figure, block),
                  "1:2:3:4:5:6 with boxxyerror fs solid noborder lc rgb '%s' notitle",
                  colour->light);
}

static void write_all_bars(Figure *figure)
{
    for (size_t k = 0; k < figure->chart->series_count; k++) {
        write_bars(figure, k, false);
        write_bars(figure, k, true);
    }
}

static bool has_values(const Chart *chart, size_t series)
{
    for (size_t i = 0; i < chart->count; i++)
        if (!chart->rows[i].values[series].missing)
            return true;
    return false;
}

static void write_curve(Figure *figure, size_t series)
{
    const Chart *chart = figure->chart;
    if (!has_values(chart, series))
        return;
    size_t block = block_begin(figure);
    for (size_t i = 0; i < chart->count; i++)
        if (chart->rows[i].values[series].missing)
            buffer_text(&figure->blocks, "\n"); /* an empty line ends the curve */
        else
            buffer_format(&figure->blocks, "%.17g %.17g\n", chart->rows[i].x,
                          chart->rows[i].values[series].at);
    block_end(figure);
    buffer_format(plot_block(figure, block), "1:2 with lines lw 2.2 dt %s lc rgb '%s' notitle",
                  series_dash(series), series_colour(series)->light);
}

static bool is_value(const Chart *chart, size_t series, size_t row)
{
    return row < chart->count && !chart->rows[row].values[series].missing;
}

typedef bool WantsMarker(const Chart *chart, size_t series, size_t row);

/* Few points all have one; of many, those without a neighbour, which would be no line. */
static bool wants_dot(const Chart *chart, size_t series, size_t row)
{
    enum { FEW = 40 };
    return is_value(chart, series, row) &&
           (chart->count <= FEW ||
            (!is_value(chart, series, row + 1) && (row == 0 || !is_value(chart, series, row - 1))));
}

static bool wants_ring(const Chart *chart, size_t series, size_t row)
{
    return is_value(chart, series, row) && chart->rows[row].marked;
}

static void write_markers(Figure *figure, size_t series, WantsMarker *wanted, const char *style)
{
    const Chart *chart = figure->chart;
    size_t before = figure->blocks.size, block = block_begin(figure), points = 0;
    for (size_t i = 0; i < chart->count; i++) {
        if (!wanted(chart, series, i))
            continue;
        buffer_format(&figure->blocks, "%.17g %.17g\n", chart->rows[i].x,
                      chart->rows[i].values[series].at);
        points++;
    }
    block_end(figure);
    if (points == 0) {
        figure->blocks.size = before;
        figure->block_count--;
        return;
    }
    buffer_format(plot_block(figure, block), "1:2 with points %s lc rgb '%s' notitle", style,
                  series_colour(series)->light);
}

static void write_all_curves(Figure *figure)
{
    char style[32];
    for (size_t k = 0; k < figure->chart->series_count; k++) {
        write_curve(figure, k);
        snprintf(style, sizeof style, "pt %d ps %s", series_marker(k),
                 figure->chart->series_count > 1 ? "0.85" : "0.7");
        write_markers(figure, k, wants_dot, style);
        write_markers(figure, k, wants_ring, "pt 6 ps 1.7 lw 2");
    }
}

/* ---- values beside the data ---- */

static void write_value(Figure *figure, double x, double y, Anchor anchor, const Datum *datum,
                        bool marked)
{
    page_text(&figure->page, &(PageText){.text = value_text(figure, datum->value),
                                         .x = x,
                                         .y = y,
                                         .size = LABEL_SIZE,
                                         .bold = marked,
                                         .anchor = anchor,
                                         .colour = &palette_ink});
}

static double widest_value(Figure *figure)
{
    const Chart *chart = figure->chart;
    double widest = 0;
    for (size_t i = 0; i < chart->count; i++)
        for (size_t k = 0; k < chart->series_count; k++)
            if (!chart->rows[i].values[k].missing)
                widest =
                    larger(widest, typeset_width(value_text(figure, chart->rows[i].values[k].value),
                                                 LABEL_SIZE * 1.08));
    return widest;
}

/* Whether a bar so near that the value would stand over it reaches higher. */
static bool stands_over(const Figure *figure, size_t row, double width)
{
    const Chart *chart = figure->chart;
    double x = x_pixel(figure, chart->rows[row].x), value = chart->rows[row].values[0].at;
    double reach = x_pixel(figure, chart->step * 0.5) - x_pixel(figure, 0) + width / 2;
    for (size_t i = 0; i < chart->count; i++) {
        const Datum *other = &chart->rows[i].values[0];
        if (i == row || other->missing || fabs(x_pixel(figure, chart->rows[i].x) - x) > reach)
            continue;
        if (value >= 0 ? other->at > value : other->at < value)
            return true;
    }
    return false;
}

/*
 * Above bars and points of one series, or below bars that hang: all bars if there is room, else
 * what is marked, as far as values do not run into each other or into other bars.
 */
static void write_upright_values(Figure *figure, double row_width)
{
    const Chart *chart = figure->chart;
    if (chart->kind == CHART_STACKED || chart->series_count > 1)
        return;
    bool bars = chart->kind == CHART_BAR;
    double widest = widest_value(figure) + 4, taken = -1e9, away = bars ? 10 : 16;
    bool all = bars && widest <= row_width;
    for (size_t i = 0; i < chart->count; i++) {
        const ChartRow *row = &chart->rows[i];
        const Datum *datum = &row->values[0];
        double x = x_pixel(figure, row->x);
        if (datum->missing || !(all || row->marked) || x - widest / 2 < taken ||
            (bars && !all && stands_over(figure, i, widest)))
            continue;
        double y = y_pixel(figure, datum->at) + (bars && datum->at < 0 ? away : -away);
        write_value(figure, x, y, ANCHOR_MIDDLE, datum, row->marked);
        taken = x + widest / 2;
    }
}

/* ---- axes: rows from left to right, values upward ---- */

static Scale value_scale(const Chart *chart)
{
    double low = chart->low, high = chart->high;
    if (chart->kind == CHART_STACKED)
        for (size_t i = 0; i < chart->count; i++)
            high = larger(high, stacked_below(&chart->rows[i], chart->series_count));
    bool bars = chart->kind != CHART_LINE;
    if (chart->values == 0)
        high = 1;
    /* Bars stand on zero; a line shows it where it is not far away. */
    if (low > 0 && (bars || low < high / 2))
        low = 0;
    if (high < 0 && (bars || high > low / 2))
        high = 0;
    return scale_make(low, high, 5, false);
}

static void write_value_axis(Figure *figure)
{
    double widest = 0;
    int count = scale_count(&figure->scale);
    for (int i = 0; i < count; i++)
        widest = larger(widest, typeset_width(step_text(figure, &figure->scale, i), LABEL_SIZE));
    figure->left = PAGE_MARGIN + widest + 8;
    for (int i = 0; i < count; i++)
        page_text(&figure->page, &(PageText){.text = step_text(figure, &figure->scale, i),
                                             .x = figure->left - 8,
                                             .y = y_pixel(figure, scale_first(&figure->scale) +
                                                                      i * figure->scale.step),
                                             .size = LABEL_SIZE,
                                             .anchor = ANCHOR_END,
                                             .colour = &palette_muted});
}

static double widest_label(const Chart *chart)
{
    double widest = 0;
    for (size_t i = 0; i < chart->count; i++)
        widest = larger(widest, typeset_width(chart->rows[i].label, LABEL_SIZE));
    return widest;
}

static void write_row_label(Figure *figure, double x, Span label, bool marked)
{
    page_text(&figure->page, &(PageText){.text = label,
                                         .x = x,
                                         .y = figure->bottom + 14,
                                         .size = LABEL_SIZE,
                                         .bold = marked && figure->chart->kind != CHART_LINE,
                                         .anchor = ANCHOR_MIDDLE,
                                         .colour = &palette_ink});
}

/* Every row's label, or every second, third … */
static void write_level_labels(Figure *figure, double room, double widest)
{
    const Chart *chart = figure->chart;
    size_t every = (size_t)ceil((widest + 8) / room);
    for (size_t i = 0; i < chart->count; i += every == 0 ? 1 : every)
        write_row_label(figure, x_pixel(figure, chart->rows[i].x), chart->rows[i].label,
                        chart->rows[i].marked);
    figure->page.y = figure->bottom + 26;
}

static void write_slanted_labels(Figure *figure)
{
    enum { LONGEST = 170 };
    const Chart *chart = figure->chart;
    double deepest = 0;
    for (size_t i = 0; i < chart->count; i++) {
        /* What begins left of the page would be cut. */
        double x = x_pixel(figure, chart->rows[i].x) + 4, room = (x - 6) * 1.4;
        Span label;
        if (typeset_fold(chart->rows[i].label, LABEL_SIZE, room < LONGEST ? room : LONGEST, &label,
                         1, &figure->arena) == 0)
            continue;
        deepest = larger(deepest, typeset_width(label, LABEL_SIZE));
        page_text(&figure->page, &(PageText){.text = label,
                                             .x = x,
                                             .y = figure->bottom + 10,
                                             .size = LABEL_SIZE,
                                             .bold = chart->rows[i].marked,
                                             .slanted = true,
                                             .anchor = ANCHOR_END,
                                             .colour = &palette_ink});
    }
    figure->page.y = figure->bottom + 18 + deepest * 0.71;
}

static bool all_whole(const Chart *chart)
{
    for (size_t i = 0; i < chart->count; i++)
        if (chart->rows[i].x != floor(chart->rows[i].x))
            return false;
    return true;
}

/* Round numbers along the axis. */
static void write_number_labels(Figure *figure, double widest)
{
    double low = figure->x_low, high = figure->x_high;
    int steps = (int)((figure->right - figure->left) / (widest + 24));
    Scale scale = scale_make(low, high, steps < 2 ? 2 : steps, true);
    if (!all_whole(figure->chart)) {
        Scale fine = scale_make(low, high, steps < 2 ? 2 : steps, false);
        scale.step = fine.step;
        scale.places = fine.places;
    }
    int count = scale_count(&scale);
    for (int i = 0; i < count; i++)
        write_row_label(figure, x_pixel(figure, scale_first(&scale) + i * scale.step),
                        step_text(figure, &scale, i), false);
    figure->page.y = figure->bottom + 26;
}

static void write_row_labels(Figure *figure, double room)
{
    enum { NARROW = 18 };
    const Chart *chart = figure->chart;
    double widest = widest_label(chart);
    bool bars = chart->kind != CHART_LINE;
    if (chart->numeric && chart->count > 1 && (!bars || widest + 8 > room))
        write_number_labels(figure, widest);
    else if (widest + 8 <= room || room < NARROW)
        write_level_labels(figure, room, widest);
    else
        write_slanted_labels(figure);
    page_text(&figure->page, &(PageText){.text = chart->x_name,
                                         .x = (figure->left + figure->right) / 2,
                                         .y = figure->page.y + 8,
                                         .size = LABEL_SIZE,
                                         .anchor = ANCHOR_MIDDLE,
                                         .colour = &palette_muted});
    figure->page.y += 20;
}

static void range_of_rows(Figure *figure)
{
    const Chart *chart = figure->chart;
    double first = chart->count == 0 ? 0 : chart->rows[0].x;
    double last = chart->count == 0 ? 0 : chart->rows[chart->count - 1].x;
    double room =
        chart->kind == CHART_LINE && chart->numeric ? (last - first) * 0.015 : chart->step * 0.6;
    if (room == 0)
        room = 1;
    figure->x_low = first - room;
    figure->x_high = last + room;
}

static void write_remark(Figure *figure)
{
    const Chart *chart = figure->chart;
    if (chart->values > 0)
        return;
    page_text(&figure->page,
              &(PageText){.text = chart->count == 0 ? SPAN("No rows.") : SPAN("No values."),
                          .x = (figure->left + figure->right) / 2,
                          .y = (figure->top + figure->bottom) / 2,
                          .size = TEXT_SIZE,
                          .anchor = ANCHOR_MIDDLE,
                          .colour = &palette_muted});
}

static void lay_upright(Figure *figure)
{
    const Chart *chart = figure->chart;
    figure->scale = value_scale(chart);
    figure->top = figure->page.y + 6;
    figure->bottom = figure->top + DATA_HEIGHT;
    write_value_axis(figure);
    figure->right = WIDTH - PAGE_MARGIN - 6;
    range_of_rows(figure);
    double room = (figure->right - figure->left) * chart->step / (figure->x_high - figure->x_low);
    if (chart->kind == CHART_LINE)
        write_all_curves(figure);
    else
        write_all_bars(figure);
    write_upright_values(figure, room);
    write_remark(figure);
    write_row_labels(figure, room);
}

/* ---- axes: rows from top to bottom, values to the right ---- */

typedef struct RankedLabels {
    Span (*lines)[2];
    size_t *counts;
    double width;
    size_t most; /* lines of one */
} RankedLabels;

static RankedLabels fold_labels(Figure *figure)
{
    const Chart *chart = figure->chart;
    RankedLabels labels = {arena_array(&figure->arena, chart->count, sizeof *labels.lines),
                           arena_array(&figure->arena, chart->count, sizeof *labels.counts), 0, 1};
    for (size_t i = 0; i < chart->count; i++) {
        labels.counts[i] = typeset_fold(chart->rows[i].label, TEXT_SIZE, WIDTH * 0.4,
                                        labels.lines[i], 2, &figure->arena);
        if (labels.counts[i] > labels.most)
            labels.most = labels.counts[i];
        for (size_t line = 0; line < labels.counts[i]; line++)
            labels.width =
                larger(labels.width, typeset_width(labels.lines[i][line], TEXT_SIZE * 1.05));
    }
    return labels;
}

static double ranked_y(const Figure *figure, double row)
{
    return figure->top + (row + 0.5) * (figure->bottom - figure->top) /
                             (double)(figure->chart->count == 0 ? 1 : figure->chart->count);
}

static void write_ranked_labels(Figure *figure, const RankedLabels *labels, double x)
{
    const double line_height = TEXT_SIZE * 1.2;
    for (size_t i = 0; i < figure->chart->count; i++) {
        double y = ranked_y(figure, (double)i) - line_height * (double)(labels->counts[i] - 1) / 2;
        for (size_t line = 0; line < labels->counts[i]; line++)
            page_text(&figure->page, &(PageText){.text = labels->lines[i][line],
                                                 .x = x,
                                                 .y = y + line_height * (double)line,
                                                 .size = TEXT_SIZE,
                                                 .bold = figure->chart->rows[i].marked,
                                                 .anchor = ANCHOR_END,
                                                 .colour = &palette_ink});
    }
}

static double value_pixel(const Figure *figure, double value)
{
    return figure->left + (value - figure->scale.low) / (figure->scale.high - figure->scale.low) *
                              (figure->right - figure->left);
}

static void write_ranked_values(Figure *figure)
{
    const Chart *chart = figure->chart;
    for (size_t i = 0; i < chart->count; i++)
        for (size_t k = 0; k < chart->series_count; k++) {
            const Datum *datum = &chart->rows[i].values[k];
            Band band = band_of(chart, k);
            double y = ranked_y(figure, (double)i + (band.low + band.high) / 2);
            if (datum->missing)
                page_text(&figure->page, &(PageText){.text = SPAN("\xe2\x80\x93"),
                                                     .x = value_pixel(figure, 0) + 6,
                                                     .y = y,
                                                     .size = LABEL_SIZE,
                                                     .colour = &palette_muted});
            else
                write_value(figure, value_pixel(figure, datum->at) + (datum->at < 0 ? -6 : 6), y,
                            datum->at < 0 ? ANCHOR_END : ANCHOR_START, datum,
                            chart->rows[i].marked);
        }
}

static void lay_sideways(Figure *figure)
{
    const Chart *chart = figure->chart;
    RankedLabels labels = fold_labels(figure);
    double pitch = labels.most > 1 ? 40 : 27;
    if (chart->series_count > 1)
        pitch = larger(pitch, 17 * (double)chart->series_count + 12);
    figure->scale =
        (Scale){.low = chart->low < 0 ? chart->low : 0, .high = chart->high > 0 ? chart->high : 0};
    if (figure->scale.high == figure->scale.low)
        figure->scale.high = 1;
    double widest = widest_value(figure);
    double labels_right = PAGE_MARGIN + labels.width;
    figure->left = labels_right + 10 + (chart->low < 0 ? widest + 8 : 0);
    figure->right = WIDTH - PAGE_MARGIN - widest - 8;
    figure->top = figure->page.y;
    figure->bottom = figure->top + (chart->count == 0 ? 60 : pitch * (double)chart->count);
    write_all_bars(figure);
    write_ranked_labels(figure, &labels, labels_right);
    write_ranked_values(figure);
    write_remark(figure);
    figure->page.y = figure->bottom + 4;
}

/* ---- the script ---- */

static void write_frame(const Figure *figure, double height, Buffer *script)
{
    bool sideways = figure->chart->kind == CHART_RANKED;
    double rows = figure->chart->count == 0 ? 1 : (double)figure->chart->count;
    buffer_format(script,
                  "unset key\nunset border\nunset xtics\nunset ytics\nset samples 2\n"
                  "set lmargin at screen %.6f\nset rmargin at screen %.6f\n"
                  "set tmargin at screen %.6f\nset bmargin at screen %.6f\n",
                  figure->left / WIDTH, figure->right / WIDTH, 1 - figure->top / height,
                  1 - figure->bottom / height);
    if (sideways)
        buffer_format(script, "set xrange [%.17g:%.17g]\nset yrange [%.17g:-0.5]\n",
                      figure->scale.low, figure->scale.high, rows - 0.5);
    else
        buffer_format(script, "set xrange [%.17g:%.17g]\nset yrange [%.17g:%.17g]\n", figure->x_low,
                      figure->x_high, figure->scale.low, figure->scale.high);
}

static void write_grid(const Figure *figure, Buffer *script)
{
    if (figure->chart->kind == CHART_RANKED)
        return;
    buffer_format(script, "set ytics %.17g,%.17g scale 0 format ''\n", scale_first(&figure->scale),
                  figure->scale.step);
    buffer_format(script, "set grid noxtics ytics back lt 1 lw 1 lc rgb '%s'\n",
                  palette_grid.light);
}

/* The line on which bars stand, or below which a line chart does not go. */
static void write_ground_line(const Figure *figure, Buffer *script)
{
    bool sideways = figure->chart->kind == CHART_RANKED;
    double at = figure->scale.low > 0    ? figure->scale.low
                : figure->scale.high < 0 ? figure->scale.high
                                         : 0;
    if (sideways)
        buffer_format(script, "set arrow from first %.17g, graph 0 to first %.17g, graph 1", at,
                      at);
    else
        buffer_format(script, "set arrow from graph 0, first %.17g to graph 1, first %.17g", at,
                      at);
    buffer_format(script, " nohead front lw 1.2 lc rgb '%s'\n", palette_axis.light);
}

FigureSize figure_script(const Chart *chart, const char *terminal, Buffer *script)
{
    Figure figure = {.chart = chart};
    figure.page = (Page){.width = WIDTH, .y = PAGE_MARGIN, .arena = &figure.arena};
    write_head(&figure);
    if (chart->kind == CHART_RANKED)
        lay_sideways(&figure);
    else
        lay_upright(&figure);
    write_foot(&figure);
    FigureSize size = {WIDTH, (int)ceil(figure.page.y)};
    buffer_format(script, "set encoding utf8\nset terminal %s size %d,%d\n", terminal, size.width,
                  size.height);
    write_frame(&figure, size.height, script);
    write_grid(&figure, script);
    write_ground_line(&figure, script);
    page_write(&figure.page, size.height, script);
    buffer_append(script, figure.blocks.at, figure.blocks.size);
    buffer_text(script, "plot ");
    if (figure.plots.size == 0)
        buffer_text(script, "NaN notitle");
    buffer_append(script, figure.plots.at, figure.plots.size);
    buffer_byte(script, '\n');
    page_free(&figure.page);
    buffer_free(&figure.blocks);
    buffer_free(&figure.plots);
    arena_free(&figure.arena);
    return size;
}
