#include "filters/drawing_parts.h"

#include <stdio.h>

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

Band band_of(const Chart *chart, size_t series)
{
    double width = chart->series_count > 1 && chart->kind != CHART_STACKED ? 0.84 : 0.74;
    if (chart->kind == CHART_STACKED)
        return (Band){-width / 2, width / 2};
    double each = width / (double)chart->series_count;
    double low = -width / 2 + each * (double)series;
    return (Band){low, low + each};
}

double stacked_below(const ChartRow *row, size_t series)
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
    if (drawing->page.hatches && series_hatch(series) > 0)
        buffer_format(plot_block(drawing, block),
                      "1:2:3:4:5:6 with boxxyerror fs transparent pattern %d noborder"
                      " lc rgb '%s' notitle",
                      series_hatch(series), palette_ground.light);
}

void write_all_bars(Drawing *drawing)
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

void write_all_curves(Drawing *drawing)
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
