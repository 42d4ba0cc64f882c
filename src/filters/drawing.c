#include "filters/drawing.h"

#include <math.h>
#include <stdio.h>

#include "filters/gnuplot.h"
#include "filters/page.h"
#include "filters/scale.h"
#include "filters/typeset.h"

enum { WIDTH = 640, DATA_HEIGHT = 300 };

static const double TITLE_SIZE = 18, TEXT_SIZE = 14, LABEL_SIZE = 13, NOTE_SIZE = 12.5;

/* The data's part of the page and what its edges stand for. */
typedef struct Drawing {
    const Chart *chart;
    Page page;
    double left, right, top, bottom; /* pixels */
    double x_low, x_high;            /* of the axis of rows */
    Scale scale;                     /* of values */
    Buffer blocks;                   /* data */
    Buffer plots;                    /* what is drawn of them, commas between */
    size_t block_count;
    Arena arena;
} Drawing;

static double x_pixel(const Drawing *drawing, double x)
{
    return drawing->left + (x - drawing->x_low) / (drawing->x_high - drawing->x_low) *
                               (drawing->right - drawing->left);
}

static double y_pixel(const Drawing *drawing, double value)
{
    return drawing->bottom - (value - drawing->scale.low) /
                                 (drawing->scale.high - drawing->scale.low) *
                                 (drawing->bottom - drawing->top);
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static Span value_text(Drawing *drawing, Decimal value)
{
    Buffer text = {0};
    chart_write(drawing->chart, value, &text);
    Span kept = {arena_copy(&drawing->arena, text.at, text.size), text.size};
    buffer_free(&text);
    return kept;
}

static Span step_text(Drawing *drawing, const Scale *scale, int index)
{
    Buffer text = {0};
    scale_write_step(scale, index, &text);
    Span kept = {arena_copy(&drawing->arena, text.at, text.size), text.size};
    buffer_free(&text);
    return kept;
}

/* ---- head and foot ---- */

static void write_head(Drawing *drawing)
{
    const Chart *chart = drawing->chart;
    Page *page = &drawing->page;
    bool titled = chart->title.size > 0;
    page_paragraph(page, titled ? chart->title : chart_default_title(chart), TITLE_SIZE, true,
                   &palette_ink);
    if (titled && chart->kind == CHART_RANKED && chart->series_count == 1) {
        Span name = chart_value_name(chart);
        name = span_of(arena_format(&drawing->arena, "%.*s by %.*s", (int)name.size, name.at,
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

static void write_foot(Drawing *drawing)
{
    Span notes[4];
    size_t count = chart_notes(drawing->chart, notes);
    drawing->page.y += 6;
    for (size_t i = 0; i < count; i++)
        page_paragraph(&drawing->page, notes[i], NOTE_SIZE, false, &palette_muted);
    drawing->page.y += PAGE_MARGIN - 4;
}

/* ---- data ---- */

/* Begins a block of data; gives its number. */
static size_t block_begin(Drawing *drawing)
{
    buffer_format(&drawing->blocks, "$d%zu << EOD\n", drawing->block_count);
    return drawing->block_count++;
}

static void block_end(Drawing *drawing)
{
    buffer_text(&drawing->blocks, "EOD\n");
}

/* The beginning of what draws a block; its style follows. */
static Buffer *plot_block(Drawing *drawing, size_t block)
{
    buffer_format(&drawing->plots, "%s$d%zu using ", drawing->plots.size == 0 ? "" : ", ", block);
    return &drawing->plots;
}

/* A bar in the row's place, `from` … `to` in values. */
static void add_bar(Drawing *drawing, double low, double high, double from, double to)
{
    bool sideways = drawing->chart->kind == CHART_RANKED;
    double middle = (low + high) / 2;
    if (sideways)
        buffer_format(&drawing->blocks, "%.17g %.17g %.17g %.17g %.17g %.17g\n", to, middle, from,
                      to, low, high);
    else
        buffer_format(&drawing->blocks, "%.17g %.17g %.17g %.17g %.17g %.17g\n", middle, to, low,
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
static void write_bars(Drawing *drawing, size_t series, bool marked)
{
    const Chart *chart = drawing->chart;
    Band band = band_of(chart, series);
    size_t before = drawing->blocks.size, block = block_begin(drawing), bars = 0;
    for (size_t i = 0; i < chart->count; i++) {
        const ChartRow *row = &chart->rows[i];
        bool shown = chart->mark.size == 0 ? marked : row->marked == marked;
        if (row->values[series].missing || !shown)
            continue;
        double from = chart->kind == CHART_STACKED ? stacked_below(row, series) : 0;
        add_bar(drawing, row->x + band.low * chart->step, row->x + band.high * chart->step, from,
                from + row->values[series].at);
        bars++;
    }
    block_end(drawing);
    if (bars == 0) {
        drawing->blocks.size = before;
        drawing->block_count--;
        return;
    }
    const Colour *colour = marked ? series_colour(series) : &palette_pale[series % PALETTE_SERIES];
    buffer_format(plot_block(drawing, block),
                  "1:2:3:4:5:6 with boxxyerror fs solid noborder lc rgb '%s' notitle",
                  colour->light);
}

static void write_all_bars(Drawing *drawing)
{
    for (size_t k = 0; k < drawing->chart->series_count; k++) {
        write_bars(drawing, k, false);
        write_bars(drawing, k, true);
    }
}

static bool has_values(const Chart *chart, size_t series)
{
    for (size_t i = 0; i < chart->count; i++)
        if (!chart->rows[i].values[series].missing)
            return true;
    return false;
}

static void write_curve(Drawing *drawing, size_t series)
{
    const Chart *chart = drawing->chart;
    if (!has_values(chart, series))
        return;
    size_t block = block_begin(drawing);
    for (size_t i = 0; i < chart->count; i++)
        if (chart->rows[i].values[series].missing)
            buffer_text(&drawing->blocks, "\n"); /* an empty line ends the curve */
        else
            buffer_format(&drawing->blocks, "%.17g %.17g\n", chart->rows[i].x,
                          chart->rows[i].values[series].at);
    block_end(drawing);
    buffer_format(plot_block(drawing, block), "1:2 with lines lw 2.2 dt %s lc rgb '%s' notitle",
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

static void write_markers(Drawing *drawing, size_t series, WantsMarker *wanted, const char *style)
{
    const Chart *chart = drawing->chart;
    size_t before = drawing->blocks.size, block = block_begin(drawing), points = 0;
    for (size_t i = 0; i < chart->count; i++) {
        if (!wanted(chart, series, i))
            continue;
        buffer_format(&drawing->blocks, "%.17g %.17g\n", chart->rows[i].x,
                      chart->rows[i].values[series].at);
        points++;
    }
    block_end(drawing);
    if (points == 0) {
        drawing->blocks.size = before;
        drawing->block_count--;
        return;
    }
    buffer_format(plot_block(drawing, block), "1:2 with points %s lc rgb '%s' notitle", style,
                  series_colour(series)->light);
}

static void write_all_curves(Drawing *drawing)
{
    char style[32];
    for (size_t k = 0; k < drawing->chart->series_count; k++) {
        write_curve(drawing, k);
        snprintf(style, sizeof style, "pt %d ps %s", series_marker(k),
                 drawing->chart->series_count > 1 ? "0.85" : "0.7");
        write_markers(drawing, k, wants_dot, style);
        write_markers(drawing, k, wants_ring, "pt 6 ps 1.7 lw 2");
    }
}

/* ---- values beside the data ---- */

static void write_value(Drawing *drawing, double x, double y, Anchor anchor, const Datum *datum,
                        bool marked)
{
    page_text(&drawing->page, &(PageText){.text = value_text(drawing, datum->value),
                                          .x = x,
                                          .y = y,
                                          .size = LABEL_SIZE,
                                          .bold = marked,
                                          .anchor = anchor,
                                          .colour = &palette_ink});
}

static double widest_value(Drawing *drawing)
{
    const Chart *chart = drawing->chart;
    double widest = 0;
    for (size_t i = 0; i < chart->count; i++)
        for (size_t k = 0; k < chart->series_count; k++)
            if (!chart->rows[i].values[k].missing)
                widest = larger(widest,
                                typeset_width(value_text(drawing, chart->rows[i].values[k].value),
                                              LABEL_SIZE * 1.08));
    return widest;
}

/* Whether a bar so near that the value would stand over it reaches higher. */
static bool stands_over(const Drawing *drawing, size_t row, double width)
{
    const Chart *chart = drawing->chart;
    double x = x_pixel(drawing, chart->rows[row].x), value = chart->rows[row].values[0].at;
    double reach = x_pixel(drawing, chart->step * 0.5) - x_pixel(drawing, 0) + width / 2;
    for (size_t i = 0; i < chart->count; i++) {
        const Datum *other = &chart->rows[i].values[0];
        if (i == row || other->missing || fabs(x_pixel(drawing, chart->rows[i].x) - x) > reach)
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
static void write_upright_values(Drawing *drawing, double row_width)
{
    const Chart *chart = drawing->chart;
    if (chart->kind == CHART_STACKED || chart->series_count > 1)
        return;
    bool bars = chart->kind == CHART_BAR;
    double widest = widest_value(drawing) + 4, taken = -1e9, away = bars ? 10 : 16;
    bool all = bars && widest <= row_width;
    for (size_t i = 0; i < chart->count; i++) {
        const ChartRow *row = &chart->rows[i];
        const Datum *datum = &row->values[0];
        double x = x_pixel(drawing, row->x);
        if (datum->missing || !(all || row->marked) || x - widest / 2 < taken ||
            (bars && !all && stands_over(drawing, i, widest)))
            continue;
        double y = y_pixel(drawing, datum->at) + (bars && datum->at < 0 ? away : -away);
        write_value(drawing, x, y, ANCHOR_MIDDLE, datum, row->marked);
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

static void write_value_axis(Drawing *drawing)
{
    double widest = 0;
    int count = scale_count(&drawing->scale);
    for (int i = 0; i < count; i++)
        widest = larger(widest, typeset_width(step_text(drawing, &drawing->scale, i), LABEL_SIZE));
    drawing->left = PAGE_MARGIN + widest + 8;
    for (int i = 0; i < count; i++)
        page_text(&drawing->page, &(PageText){.text = step_text(drawing, &drawing->scale, i),
                                              .x = drawing->left - 8,
                                              .y = y_pixel(drawing, scale_first(&drawing->scale) +
                                                                        i * drawing->scale.step),
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

static void write_row_label(Drawing *drawing, double x, Span label, bool marked)
{
    page_text(&drawing->page, &(PageText){.text = label,
                                          .x = x,
                                          .y = drawing->bottom + 14,
                                          .size = LABEL_SIZE,
                                          .bold = marked && drawing->chart->kind != CHART_LINE,
                                          .anchor = ANCHOR_MIDDLE,
                                          .colour = &palette_ink});
}

/* Every row's label, or every second, third … */
static void write_level_labels(Drawing *drawing, double room, double widest)
{
    const Chart *chart = drawing->chart;
    size_t every = (size_t)ceil((widest + 8) / room);
    for (size_t i = 0; i < chart->count; i += every == 0 ? 1 : every)
        write_row_label(drawing, x_pixel(drawing, chart->rows[i].x), chart->rows[i].label,
                        chart->rows[i].marked);
    drawing->page.y = drawing->bottom + 26;
}

static void write_slanted_labels(Drawing *drawing)
{
    enum { LONGEST = 170 };
    const Chart *chart = drawing->chart;
    double deepest = 0;
    for (size_t i = 0; i < chart->count; i++) {
        /* What begins left of the page would be cut. */
        double x = x_pixel(drawing, chart->rows[i].x) + 4, room = (x - 6) * 1.4;
        Span label;
        if (typeset_fold(chart->rows[i].label, LABEL_SIZE, room < LONGEST ? room : LONGEST, &label,
                         1, &drawing->arena) == 0)
            continue;
        deepest = larger(deepest, typeset_width(label, LABEL_SIZE));
        page_text(&drawing->page, &(PageText){.text = label,
                                              .x = x,
                                              .y = drawing->bottom + 10,
                                              .size = LABEL_SIZE,
                                              .bold = chart->rows[i].marked,
                                              .slanted = true,
                                              .anchor = ANCHOR_END,
                                              .colour = &palette_ink});
    }
    drawing->page.y = drawing->bottom + 18 + deepest * 0.71;
}

static bool all_whole(const Chart *chart)
{
    for (size_t i = 0; i < chart->count; i++)
        if (chart->rows[i].x != floor(chart->rows[i].x))
            return false;
    return true;
}

/* Round numbers along the axis. */
static void write_number_labels(Drawing *drawing, double widest)
{
    double low = drawing->x_low, high = drawing->x_high;
    int steps = (int)((drawing->right - drawing->left) / (widest + 24));
    Scale scale = scale_make(low, high, steps < 2 ? 2 : steps, true);
    if (!all_whole(drawing->chart)) {
        Scale fine = scale_make(low, high, steps < 2 ? 2 : steps, false);
        scale.step = fine.step;
        scale.places = fine.places;
    }
    int count = scale_count(&scale);
    for (int i = 0; i < count; i++)
        write_row_label(drawing, x_pixel(drawing, scale_first(&scale) + i * scale.step),
                        step_text(drawing, &scale, i), false);
    drawing->page.y = drawing->bottom + 26;
}

static void write_row_labels(Drawing *drawing, double room)
{
    enum { NARROW = 18 };
    const Chart *chart = drawing->chart;
    double widest = widest_label(chart);
    bool bars = chart->kind != CHART_LINE;
    if (chart->numeric && chart->count > 1 && (!bars || widest + 8 > room))
        write_number_labels(drawing, widest);
    else if (widest + 8 <= room || room < NARROW)
        write_level_labels(drawing, room, widest);
    else
        write_slanted_labels(drawing);
    page_text(&drawing->page, &(PageText){.text = chart->x_name,
                                          .x = (drawing->left + drawing->right) / 2,
                                          .y = drawing->page.y + 8,
                                          .size = LABEL_SIZE,
                                          .anchor = ANCHOR_MIDDLE,
                                          .colour = &palette_muted});
    drawing->page.y += 20;
}

static void range_of_rows(Drawing *drawing)
{
    const Chart *chart = drawing->chart;
    double first = chart->count == 0 ? 0 : chart->rows[0].x;
    double last = chart->count == 0 ? 0 : chart->rows[chart->count - 1].x;
    double room =
        chart->kind == CHART_LINE && chart->numeric ? (last - first) * 0.015 : chart->step * 0.6;
    if (room == 0)
        room = 1;
    drawing->x_low = first - room;
    drawing->x_high = last + room;
}

static void write_remark(Drawing *drawing)
{
    const Chart *chart = drawing->chart;
    if (chart->values > 0)
        return;
    page_text(&drawing->page,
              &(PageText){.text = chart->count == 0 ? SPAN("No rows.") : SPAN("No values."),
                          .x = (drawing->left + drawing->right) / 2,
                          .y = (drawing->top + drawing->bottom) / 2,
                          .size = TEXT_SIZE,
                          .anchor = ANCHOR_MIDDLE,
                          .colour = &palette_muted});
}

static void lay_upright(Drawing *drawing)
{
    const Chart *chart = drawing->chart;
    drawing->scale = value_scale(chart);
    drawing->top = drawing->page.y + 6;
    drawing->bottom = drawing->top + DATA_HEIGHT;
    write_value_axis(drawing);
    drawing->right = WIDTH - PAGE_MARGIN - 6;
    range_of_rows(drawing);
    double room =
        (drawing->right - drawing->left) * chart->step / (drawing->x_high - drawing->x_low);
    if (chart->kind == CHART_LINE)
        write_all_curves(drawing);
    else
        write_all_bars(drawing);
    write_upright_values(drawing, room);
    write_remark(drawing);
    write_row_labels(drawing, room);
}

/* ---- axes: rows from top to bottom, values to the right ---- */

typedef struct RankedLabels {
    Span (*lines)[2];
    size_t *counts;
    double width;
    size_t most; /* lines of one */
} RankedLabels;

static RankedLabels fold_labels(Drawing *drawing)
{
    const Chart *chart = drawing->chart;
    RankedLabels labels = {arena_array(&drawing->arena, chart->count, sizeof *labels.lines),
                           arena_array(&drawing->arena, chart->count, sizeof *labels.counts), 0, 1};
    for (size_t i = 0; i < chart->count; i++) {
        labels.counts[i] = typeset_fold(chart->rows[i].label, TEXT_SIZE, WIDTH * 0.4,
                                        labels.lines[i], 2, &drawing->arena);
        if (labels.counts[i] > labels.most)
            labels.most = labels.counts[i];
        for (size_t line = 0; line < labels.counts[i]; line++)
            labels.width =
                larger(labels.width, typeset_width(labels.lines[i][line], TEXT_SIZE * 1.05));
    }
    return labels;
}

static double ranked_y(const Drawing *drawing, double row)
{
    return drawing->top + (row + 0.5) * (drawing->bottom - drawing->top) /
                              (double)(drawing->chart->count == 0 ? 1 : drawing->chart->count);
}

static void write_ranked_labels(Drawing *drawing, const RankedLabels *labels, double x)
{
    const double line_height = TEXT_SIZE * 1.2;
    for (size_t i = 0; i < drawing->chart->count; i++) {
        double y = ranked_y(drawing, (double)i) - line_height * (double)(labels->counts[i] - 1) / 2;
        for (size_t line = 0; line < labels->counts[i]; line++)
            page_text(&drawing->page, &(PageText){.text = labels->lines[i][line],
                                                  .x = x,
                                                  .y = y + line_height * (double)line,
                                                  .size = TEXT_SIZE,
                                                  .bold = drawing->chart->rows[i].marked,
                                                  .anchor = ANCHOR_END,
                                                  .colour = &palette_ink});
    }
}

static double value_pixel(const Drawing *drawing, double value)
{
    return drawing->left + (value - drawing->scale.low) /
                               (drawing->scale.high - drawing->scale.low) *
                               (drawing->right - drawing->left);
}

static void write_ranked_values(Drawing *drawing)
{
    const Chart *chart = drawing->chart;
    for (size_t i = 0; i < chart->count; i++)
        for (size_t k = 0; k < chart->series_count; k++) {
            const Datum *datum = &chart->rows[i].values[k];
            Band band = band_of(chart, k);
            double y = ranked_y(drawing, (double)i + (band.low + band.high) / 2);
            if (datum->missing)
                page_text(&drawing->page, &(PageText){.text = SPAN("\xe2\x80\x93"),
                                                      .x = value_pixel(drawing, 0) + 6,
                                                      .y = y,
                                                      .size = LABEL_SIZE,
                                                      .colour = &palette_muted});
            else
                write_value(drawing, value_pixel(drawing, datum->at) + (datum->at < 0 ? -6 : 6), y,
                            datum->at < 0 ? ANCHOR_END : ANCHOR_START, datum,
                            chart->rows[i].marked);
        }
}

static void lay_sideways(Drawing *drawing)
{
    const Chart *chart = drawing->chart;
    RankedLabels labels = fold_labels(drawing);
    double pitch = labels.most > 1 ? 40 : 27;
    if (chart->series_count > 1)
        pitch = larger(pitch, 17 * (double)chart->series_count + 12);
    drawing->scale =
        (Scale){.low = chart->low < 0 ? chart->low : 0, .high = chart->high > 0 ? chart->high : 0};
    if (drawing->scale.high == drawing->scale.low)
        drawing->scale.high = 1;
    double widest = widest_value(drawing);
    double labels_right = PAGE_MARGIN + labels.width;
    drawing->left = labels_right + 10 + (chart->low < 0 ? widest + 8 : 0);
    drawing->right = WIDTH - PAGE_MARGIN - widest - 8;
    drawing->top = drawing->page.y;
    drawing->bottom = drawing->top + (chart->count == 0 ? 60 : pitch * (double)chart->count);
    write_all_bars(drawing);
    write_ranked_labels(drawing, &labels, labels_right);
    write_ranked_values(drawing);
    write_remark(drawing);
    drawing->page.y = drawing->bottom + 4;
}

/* ---- the script ---- */

static void write_frame(const Drawing *drawing, double height, Buffer *script)
{
    bool sideways = drawing->chart->kind == CHART_RANKED;
    double rows = drawing->chart->count == 0 ? 1 : (double)drawing->chart->count;
    buffer_format(script,
                  "unset key\nunset border\nunset xtics\nunset ytics\nset samples 2\n"
                  "set lmargin at screen %.6f\nset rmargin at screen %.6f\n"
                  "set tmargin at screen %.6f\nset bmargin at screen %.6f\n",
                  drawing->left / WIDTH, drawing->right / WIDTH, 1 - drawing->top / height,
                  1 - drawing->bottom / height);
    if (sideways)
        buffer_format(script, "set xrange [%.17g:%.17g]\nset yrange [%.17g:-0.5]\n",
                      drawing->scale.low, drawing->scale.high, rows - 0.5);
    else
        buffer_format(script, "set xrange [%.17g:%.17g]\nset yrange [%.17g:%.17g]\n",
                      drawing->x_low, drawing->x_high, drawing->scale.low, drawing->scale.high);
}

static void write_grid(const Drawing *drawing, Buffer *script)
{
    if (drawing->chart->kind == CHART_RANKED)
        return;
    buffer_format(script, "set ytics %.17g,%.17g scale 0 format ''\n", scale_first(&drawing->scale),
                  drawing->scale.step);
    buffer_format(script, "set grid noxtics ytics back lt 1 lw 1 lc rgb '%s'\n",
                  palette_grid.light);
}

/* The line on which bars stand, or below which a line chart does not go. */
static void write_ground_line(const Drawing *drawing, Buffer *script)
{
    bool sideways = drawing->chart->kind == CHART_RANKED;
    double at = drawing->scale.low > 0    ? drawing->scale.low
                : drawing->scale.high < 0 ? drawing->scale.high
                                          : 0;
    if (sideways)
        buffer_format(script, "set arrow from first %.17g, graph 0 to first %.17g, graph 1", at,
                      at);
    else
        buffer_format(script, "set arrow from graph 0, first %.17g to graph 1, first %.17g", at,
                      at);
    buffer_format(script, " nohead front lw 1.2 lc rgb '%s'\n", palette_axis.light);
}

DrawingSize drawing_script(const Chart *chart, const char *terminal, Buffer *script)
{
    Drawing drawing = {.chart = chart};
    drawing.page = (Page){.width = WIDTH, .y = PAGE_MARGIN, .arena = &drawing.arena};
    write_head(&drawing);
    if (chart->kind == CHART_RANKED)
        lay_sideways(&drawing);
    else
        lay_upright(&drawing);
    write_foot(&drawing);
    DrawingSize size = {WIDTH, (int)ceil(drawing.page.y)};
    buffer_format(script, "set encoding utf8\nset terminal %s size %d,%d\n", terminal, size.width,
                  size.height);
    write_frame(&drawing, size.height, script);
    write_grid(&drawing, script);
    write_ground_line(&drawing, script);
    page_write(&drawing.page, size.height, script);
    buffer_append(script, drawing.blocks.at, drawing.blocks.size);
    buffer_text(script, "plot ");
    if (drawing.plots.size == 0)
        buffer_text(script, "NaN notitle");
    buffer_append(script, drawing.plots.at, drawing.plots.size);
    buffer_byte(script, '\n');
    page_free(&drawing.page);
    buffer_free(&drawing.blocks);
    buffer_free(&drawing.plots);
    arena_free(&drawing.arena);
    return size;
}
