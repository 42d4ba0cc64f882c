#include "filters/drawing_parts.h"

#include <math.h>

/* ---- values beside the data ---- */

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

/* ---- axes ---- */

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

void lay_upright(Drawing *drawing)
{
    const Chart *chart = drawing->chart;
    drawing->scale = value_scale(chart);
    drawing->top = drawing->page.y + 6;
    drawing->bottom = drawing->top + DRAWING_HEIGHT;
    write_value_axis(drawing);
    drawing->right = DRAWING_WIDTH - PAGE_MARGIN - 6;
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
