#include "filters/drawing_parts.h"

#include <math.h>

double x_pixel(const Drawing *drawing, double x)
{
    return drawing->left + (x - drawing->x_low) / (drawing->x_high - drawing->x_low) *
                               (drawing->right - drawing->left);
}

double y_pixel(const Drawing *drawing, double value)
{
    return drawing->bottom - (value - drawing->scale.low) /
                                 (drawing->scale.high - drawing->scale.low) *
                                 (drawing->bottom - drawing->top);
}

Span value_text(Drawing *drawing, Decimal value)
{
    Buffer text = {0};
    chart_write(drawing->chart, value, &text);
    Span kept = {arena_copy(&drawing->arena, text.at, text.size), text.size};
    buffer_free(&text);
    return kept;
}

Span step_text(Drawing *drawing, const Scale *scale, int index)
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

/* ---- values beside the data ---- */

void write_value(Drawing *drawing, double x, double y, Anchor anchor, const Datum *datum,
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

double widest_value(Drawing *drawing)
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

void write_remark(Drawing *drawing)
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

/* ---- the script ---- */

static void write_frame(const Drawing *drawing, double height, Buffer *script)
{
    bool sideways = drawing->chart->kind == CHART_RANKED;
    double rows = drawing->chart->count == 0 ? 1 : (double)drawing->chart->count;
    buffer_format(script,
                  "unset key\nunset border\nunset xtics\nunset ytics\nset samples 2\n"
                  "set lmargin at screen %.6f\nset rmargin at screen %.6f\n"
                  "set tmargin at screen %.6f\nset bmargin at screen %.6f\n",
                  drawing->left / DRAWING_WIDTH, drawing->right / DRAWING_WIDTH,
                  1 - drawing->top / height, 1 - drawing->bottom / height);
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

const DrawingMedium drawing_svg = {"svg noenhanced font 'sans-serif,14'", 1, false};
const DrawingMedium drawing_png = {
    "pngcairo noenhanced font 'sans-serif,14' fontscale 1.5 linewidth 2 pointscale 2", 2, true};

DrawingSize drawing_script(const Chart *chart, const DrawingMedium *medium, Buffer *script)
{
    Drawing drawing = {.chart = chart, .medium = medium};
    drawing.page = (Page){.width = DRAWING_WIDTH,
                          .y = PAGE_MARGIN,
                          .hatches = medium->hatches && chart->series_count > 1,
                          .arena = &drawing.arena};
    write_head(&drawing);
    if (chart->kind == CHART_RANKED)
        lay_ranked(&drawing);
    else
        lay_upright(&drawing);
    write_foot(&drawing);
    DrawingSize size = {DRAWING_WIDTH, (int)ceil(drawing.page.y)};
    buffer_format(script, "set encoding utf8\nset terminal %s size %d,%d\n", medium->terminal,
                  size.width * medium->scale, size.height * medium->scale);
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
