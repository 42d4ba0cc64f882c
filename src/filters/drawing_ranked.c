#include "filters/drawing_parts.h"

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
        labels.counts[i] = typeset_fold(chart->rows[i].label, TEXT_SIZE, DRAWING_WIDTH * 0.4,
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

void lay_ranked(Drawing *drawing)
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
    drawing->right = DRAWING_WIDTH - PAGE_MARGIN - widest - 8;
    drawing->top = drawing->page.y;
    drawing->bottom = drawing->top + (chart->count == 0 ? 60 : pitch * (double)chart->count);
    write_all_bars(drawing);
    write_ranked_labels(drawing, &labels, labels_right);
    write_ranked_values(drawing);
    write_remark(drawing);
    drawing->page.y = drawing->bottom + 4;
}
