#include "filters/page.h"

#include <stdlib.h>

#include "filters/gnuplot.h"
#include "filters/typeset.h"

const Colour *series_colour(size_t series)
{
    return &palette_series[series % PALETTE_SERIES];
}

const char *series_dash(size_t series)
{
    static const char *const dashes[] = {"solid",  "(14,5)", "(3,4)",         "(14,4,3,4)",
                                         "(22,5)", "(7,4)",  "(14,4,3,4,3,4)"};
    return dashes[series % (sizeof dashes / sizeof *dashes)];
}

/* Gnuplot's numbers for a filled circle, square, triangle, diamond, triangle down, pentagon. */
int series_marker(size_t series)
{
    static const int markers[] = {7, 5, 9, 13, 11};
    return markers[series % (sizeof markers / sizeof *markers)];
}

int series_hatch(size_t series)
{
    static const int hatches[PALETTE_SERIES] = {0, 4, 5, 6, 7, 1, 2};
    return hatches[series % PALETTE_SERIES];
}

void page_text(Page *page, const PageText *text)
{
    if (text->text.size == 0)
        return;
    page->texts = memory_grow(page->texts, &page->text_room, page->text_count, sizeof *page->texts);
    page->texts[page->text_count++] = *text;
}

void page_paragraph(Page *page, Span text, double size, bool bold, const Colour *colour)
{
    enum { MOST_LINES = 4 };
    Span lines[MOST_LINES];
    /* Bold letters are wider by a tenth. */
    double width = (page->width - 2 * PAGE_MARGIN) / (bold ? 1.1 : 1);
    size_t count = typeset_fold(text, size, width, lines, MOST_LINES, page->arena);
    for (size_t i = 0; i < count; i++) {
        double height = size * 1.35;
        page_text(page, &(PageText){.text = lines[i],
                                    .x = PAGE_MARGIN,
                                    .y = page->y + height / 2,
                                    .size = size,
                                    .bold = bold,
                                    .colour = colour});
        page->y += height;
    }
}

void page_legend(Page *page, const Span *names, size_t count, bool lines)
{
    const double size = 14, row = 21, gap = 18, swatch = lines ? 40 : 16;
    double right = page->width - PAGE_MARGIN, x = PAGE_MARGIN;
    for (size_t i = 0; i < count; i++) {
        Span name;
        if (typeset_fold(names[i], size, right - PAGE_MARGIN - swatch - 6, &name, 1, page->arena) ==
            0)
            name = SPAN("\xe2\x80\x93");
        double width = swatch + 6 + typeset_width(name, size);
        if (x > PAGE_MARGIN && x + width > right) {
            x = PAGE_MARGIN;
            page->y += row;
        }
        page->swatches = memory_grow(page->swatches, &page->swatch_room, page->swatch_count,
                                     sizeof *page->swatches);
        page->swatches[page->swatch_count++] = (PageSwatch){x, page->y + row / 2, swatch, i, lines};
        page_text(page, &(PageText){.text = name,
                                    .x = x + swatch + 6,
                                    .y = page->y + row / 2,
                                    .size = size,
                                    .colour = &palette_ink});
        x += width + gap;
    }
    page->y += row;
}

/* ---- gnuplot's commands ---- */

typedef struct Place {
    double x, y; /* parts of the page, from its bottom left */
} Place;

static Place place(const Page *page, double height, double x, double y)
{
    return (Place){x / page->width, 1 - y / height};
}

static void write_text(const Page *page, double height, const PageText *text, Buffer *script)
{
    static const char *const anchors[] = {"left", "center", "right"};
    Place at = place(page, height, text->x, text->y);
    buffer_text(script, "set label ");
    gnuplot_quote(script, text->text);
    buffer_format(script, " at screen %.6f, screen %.6f %s%s noenhanced front tc rgb '%s'", at.x,
                  at.y, anchors[text->anchor], text->slanted ? " rotate by 45" : "",
                  text->colour->light);
    buffer_format(script, " font 'sans-serif%s,%g'\n", text->bold ? ":Bold" : "", text->size);
}

static void write_box(const Page *page, double height, const PageSwatch *swatch, Buffer *script)
{
    Place from = place(page, height, swatch->x, swatch->y + 7);
    Place to = place(page, height, swatch->x + swatch->width, swatch->y - 7);
    buffer_format(script,
                  "set object rectangle from screen %.6f, screen %.6f to screen %.6f, screen %.6f"
                  " fs solid noborder fc rgb '%s'\n",
                  from.x, from.y, to.x, to.y, series_colour(swatch->series)->light);
    if (page->hatches && series_hatch(swatch->series) > 0)
        buffer_format(script,
                      "set object rectangle from screen %.6f, screen %.6f to screen %.6f, screen"
                      " %.6f fs transparent pattern %d noborder fc rgb '%s'\n",
                      from.x, from.y, to.x, to.y, series_hatch(swatch->series),
                      palette_ground.light);
}

static void write_line(const Page *page, double height, const PageSwatch *swatch, Buffer *script)
{
    const char *colour = series_colour(swatch->series)->light;
    Place from = place(page, height, swatch->x, swatch->y);
    Place to = place(page, height, swatch->x + swatch->width, swatch->y);
    buffer_format(script,
                  "set arrow from screen %.6f, screen %.6f to screen %.6f, screen %.6f nohead"
                  " front lw 2.2 dt %s lc rgb '%s'\n",
                  from.x, from.y, to.x, to.y, series_dash(swatch->series), colour);
    buffer_format(
        script, "set label '' at screen %.6f, screen %.6f front point pt %d ps 0.85 lc rgb '%s'\n",
        (from.x + to.x) / 2, from.y, series_marker(swatch->series), colour);
}

void page_write(const Page *page, double height, Buffer *script)
{
    for (size_t i = 0; i < page->text_count; i++)
        write_text(page, height, &page->texts[i], script);
    for (size_t i = 0; i < page->swatch_count; i++)
        if (page->swatches[i].line)
            write_line(page, height, &page->swatches[i], script);
        else
            write_box(page, height, &page->swatches[i], script);
}

void page_free(Page *page)
{
    free(page->texts);
    free(page->swatches);
}
