#include "filters/chart.h"

#include <math.h>
#include <stdlib.h>

#include "filters/scale.h"

/* ---- order and place ---- */

static int compare_doubles(double a, double b)
{
    return (a > b) - (a < b);
}

static int by_number(const ChartRow *a, const ChartRow *b)
{
    return (a->number > b->number) - (a->number < b->number);
}

static int by_order(const void *left, const void *right)
{
    return by_number(left, right);
}

static int by_x(const void *left, const void *right)
{
    const ChartRow *a = left, *b = right;
    int order = compare_doubles(a->x, b->x);
    return order != 0 ? order : by_number(a, b);
}

/* The largest first, what is missing last. */
static int by_value(const void *left, const void *right)
{
    const ChartRow *a = left, *b = right;
    if (a->values[0].missing != b->values[0].missing)
        return a->values[0].missing - b->values[0].missing;
    int order = a->values[0].missing ? 0 : decimal_compare(b->values[0].value, a->values[0].value);
    return order != 0 ? order : by_number(a, b);
}

/* Bars stand at their numbers if no two share one and the gaps between them leave them a width. */
static bool bars_fit(Chart *chart)
{
    enum { MOST_STEPS = 500 };
    chart->step = 1;
    for (size_t i = 1; i < chart->count; i++) {
        double gap = chart->rows[i].x - chart->rows[i - 1].x;
        if (gap <= 0)
            return false;
        if (i == 1 || gap < chart->step)
            chart->step = gap;
    }
    double span = chart->count == 0 ? 0 : chart->rows[chart->count - 1].x - chart->rows[0].x;
    return span / chart->step < MOST_STEPS;
}

static void sort_rows(Chart *chart, int (*compare)(const void *, const void *))
{
    if (chart->count > 0) /* the array may be none at all */
        qsort(chart->rows, chart->count, sizeof *chart->rows, compare);
}

static void place_rows(Chart *chart)
{
    chart->step = 1;
    if (chart->kind == CHART_RANKED) {
        sort_rows(chart, by_value);
        chart->numeric = false;
    }
    if (!chart->numeric)
        return;
    sort_rows(chart, by_x);
    if (chart->kind == CHART_LINE || bars_fit(chart))
        return;
    sort_rows(chart, by_order);
    chart->numeric = false;
    chart->step = 1;
}

static void find_range(Chart *chart)
{
    chart->low = chart->high = 0;
    chart->values = 0;
    chart->any_missing = false;
    for (size_t i = 0; i < chart->count; i++)
        for (size_t k = 0; k < chart->series_count; k++) {
            const Datum *datum = &chart->rows[i].values[k];
            chart->any_missing |= datum->missing;
            if (datum->missing)
                continue;
            bool first = chart->values++ == 0;
            if (first || datum->at < chart->low)
                chart->low = datum->at;
            if (first || datum->at > chart->high)
                chart->high = datum->at;
        }
}

/* Three significant digits of the greatest value, but no more than the cells have. */
static void choose_places(Chart *chart)
{
    double greatest = fmax(fabs(chart->low), fabs(chart->high));
    int places = greatest == 0 ? 0 : 2 - (int)floor(log10(greatest));
    if (places < 0)
        places = 0;
    chart->places = places < chart->scale ? places : chart->scale;
}

void chart_settle(Chart *chart, size_t limit)
{
    bool ranked = chart->kind == CHART_RANKED;
    if (!ranked && chart->count > limit)
        chart->count = limit;
    place_rows(chart);
    if (ranked && chart->count > limit)
        chart->count = limit;
    if (!chart->numeric)
        for (size_t i = 0; i < chart->count; i++)
            chart->rows[i].x = (double)i;
    find_range(chart);
    choose_places(chart);
}

/* ---- words ---- */

static Span keep(const Chart *chart, Buffer *text)
{
    Span kept = {arena_copy(chart->arena, text->at, text->size), text->size};
    buffer_free(text);
    return kept;
}

static void append(Buffer *out, Span text)
{
    buffer_append(out, text.at, text.size);
}

static void append_unit(const Chart *chart, Buffer *out)
{
    if (chart->unit.size > 0)
        buffer_format(out, " (%.*s)", (int)chart->unit.size, chart->unit.at);
}

static void append_series(const Chart *chart, Buffer *out)
{
    for (size_t k = 0; k < chart->series_count; k++) {
        buffer_text(out, k == 0 ? "" : ", ");
        append(out, chart->series[k]);
    }
}

Span chart_default_title(const Chart *chart)
{
    Buffer text = {0};
    append_series(chart, &text);
    buffer_text(&text, " by ");
    append(&text, chart->x_name);
    return keep(chart, &text);
}

Span chart_value_name(const Chart *chart)
{
    if (chart->series_count > 1)
        return chart->unit;
    Buffer text = {0};
    append(&text, chart->series[0]);
    append_unit(chart, &text);
    return keep(chart, &text);
}

static Span note_limit(const Chart *chart)
{
    bool ranked = chart->kind == CHART_RANKED;
    return span_of(arena_format(chart->arena, "The %s%zu%s of %llu%s.", ranked ? "" : "first ",
                                chart->count, ranked ? " largest" : "",
                                (unsigned long long)chart->total, ranked ? "" : " rows"));
}

static bool any_marked(const Chart *chart)
{
    for (size_t i = 0; i < chart->count; i++)
        if (chart->rows[i].marked)
            return true;
    return false;
}

size_t chart_notes(const Chart *chart, Span notes[4])
{
    size_t count = 0;
    if (chart->count < chart->total)
        notes[count++] = note_limit(chart);
    if (chart->mark.size > 0)
        notes[count++] =
            span_of(arena_format(chart->arena, "Marked: %.*s%s.", (int)chart->mark.size,
                                 chart->mark.at, any_marked(chart) ? "" : " (no row)"));
    if (chart->any_missing && chart->values > 0)
        notes[count++] = chart->kind == CHART_RANKED ? SPAN("\xe2\x80\x93 is a missing value.")
                                                     : SPAN("A gap is a missing value.");
    if (chart->source.size > 0)
        notes[count++] = span_of(
            arena_format(chart->arena, "Source: %.*s", (int)chart->source.size, chart->source.at));
    return count;
}

/* 0.02 among numbers of one digit behind the point is "<0.1" and not 0.0. */
void chart_write(const Chart *chart, Decimal value, Buffer *out)
{
    Arena arena = {0};
    Decimal rounded = decimal_round(value, chart->places, ROUND_HALF_AWAY, &arena);
    if (decimal_sign(rounded) == 0 && decimal_sign(value) != 0) {
        buffer_text(out, decimal_sign(value) > 0 ? "<" : ">-");
        rounded = (Decimal){.small = 1, .scale = chart->places};
    }
    scale_write(rounded, chart->places, scale_apart(fmax(fabs(chart->low), fabs(chart->high))),
                out);
    arena_free(&arena);
}

static void describe_values(const Chart *chart, Buffer *out)
{
    enum { TOLD = 60 };
    size_t rows = TOLD / chart->series_count;
    if (rows > chart->count)
        rows = chart->count;
    for (size_t i = 0; i < rows; i++) {
        const ChartRow *row = &chart->rows[i];
        buffer_text(out, i == 0 ? "" : "; ");
        append(out, row->label);
        for (size_t k = 0; k < chart->series_count; k++) {
            buffer_text(out, k == 0 ? " " : ", ");
            if (chart->series_count > 1) {
                append(out, chart->series[k]);
                buffer_byte(out, ' ');
            }
            if (row->values[k].missing)
                buffer_text(out, "missing");
            else
                chart_write(chart, row->values[k].value, out);
        }
        buffer_text(out, row->marked ? " (marked)" : "");
    }
    if (rows < chart->count)
        buffer_format(out, "; and %zu more", chart->count - rows);
    buffer_text(out, ". ");
}

/* Where a line begins, ends, and is lowest and highest. */
static void describe_line(const Chart *chart, size_t series, Buffer *out)
{
    const ChartRow *first = NULL, *last = NULL, *low = NULL, *high = NULL;
    for (size_t i = 0; i < chart->count; i++) {
        const ChartRow *row = &chart->rows[i];
        if (row->values[series].missing)
            continue;
        first = first == NULL ? row : first;
        last = row;
        low = low == NULL || row->values[series].at < low->values[series].at ? row : low;
        high = high == NULL || row->values[series].at > high->values[series].at ? row : high;
    }
    append(out, chart->series[series]);
    const struct {
        const char *words;
        const ChartRow *row;
    } told[] = {
        {" begins at ", first}, {", ends at ", last}, {", lowest ", low}, {", highest ", high}};
    if (first == NULL)
        buffer_text(out, " has no value");
    for (size_t i = 0; first != NULL && i < sizeof told / sizeof *told; i++) {
        buffer_text(out, told[i].words);
        chart_write(chart, told[i].row->values[series].value, out);
        buffer_text(out, " in ");
        append(out, told[i].row->label);
    }
    buffer_text(out, ". ");
}

static void describe_marked_points(const Chart *chart, Buffer *out)
{
    enum { TOLD = 10 };
    size_t told = 0;
    for (size_t i = 0; i < chart->count && told < TOLD; i++) {
        if (!chart->rows[i].marked)
            continue;
        buffer_text(out, told++ == 0 ? "Marked points: " : ", ");
        append(out, chart->rows[i].label);
    }
    buffer_text(out, told > 0 ? ". " : "");
}

void chart_describe(const Chart *chart, Buffer *out)
{
    static const char *const kinds[] = {"Line chart", "Bar chart", "Ranked bar chart",
                                        "Stacked bar chart"};
    buffer_format(out, "%s of ", kinds[chart->kind]);
    append_series(chart, out);
    append_unit(chart, out);
    buffer_text(out, " by ");
    append(out, chart->x_name);
    buffer_format(out, ", %zu row%s. ", chart->count, chart->count == 1 ? "" : "s");
    if (chart->kind != CHART_LINE && chart->count > 0)
        describe_values(chart, out);
    for (size_t k = 0; chart->kind == CHART_LINE && k < chart->series_count; k++)
        describe_line(chart, k, out);
    if (chart->kind == CHART_LINE)
        describe_marked_points(chart, out);
    Span notes[4];
    size_t count = chart_notes(chart, notes);
    for (size_t i = 0; i < count; i++) {
        append(out, notes[i]);
        buffer_byte(out, ' ');
    }
    while (out->size > 0 && out->at[out->size - 1] == ' ')
        out->size--;
}
