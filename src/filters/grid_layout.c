#include "filters/grid_layout.h"

#include <limits.h>
#include <stdlib.h>

#include "filters/display.h"

enum {
    /* Without a width to fit into, a text column is padded to no more than this; what is longer
     * pushes the rest of its line to the right. */
    WIDEST_TEXT = 80,
    NARROWEST_TEXT = 12, /* no text is folded below this before bands are made */
    LEAST_BAR = 10,
    USUAL_BAR = 20,
    MOST_BAR = 40
};

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t number_whole(Span number)
{
    const char *point = number.size == 0 ? NULL : memchr(number.at, '.', number.size);
    return point == NULL ? number.size : (size_t)(point - number.at);
}

/* ---- what each would take ---- */

static void measure_number(Part *part, Span cell)
{
    size_t whole = cell.size == 0 ? 1 : number_whole(cell); /* the mark of a missing cell */
    part->whole = larger(part->whole, whole);
    part->behind = larger(part->behind, cell.size == 0 ? 0 : cell.size - whole);
    part->width = part->whole + part->behind;
}

static size_t visible_width(Span text, Buffer *scratch)
{
    scratch->size = 0;
    return display_append(scratch, text);
}

static void measure(Part *part, const Grid *grid, Buffer *scratch)
{
    for (size_t row = 0; row < grid->rows; row++) {
        Span cell = grid_cell(grid, row, part->column);
        if (part->kind == PART_NUMBER)
            measure_number(part, cell);
        else
            part->width = larger(part->width, cell.size == 0 ? 1 : visible_width(cell, scratch));
    }
}

static void measure_bars(Part *part, const Grid *grid)
{
    for (size_t row = 0; row < grid->rows; row++) {
        double value = grid_number(grid, row, part->column);
        part->low = value < part->low ? value : part->low;
        part->high = value > part->high ? value : part->high;
    }
}

static void make_parts(GridLayout *layout, const Grid *grid, const GridStyle *style)
{
    Buffer scratch = {0};
    layout->parts = arena_array(&layout->arena, grid->width + 1, sizeof *layout->parts);
    for (size_t i = 0; i < grid->width; i++) {
        Part *part = &layout->parts[layout->count++];
        *part = (Part){.kind = grid->columns[i].number ? PART_NUMBER : PART_TEXT, .column = i};
        measure(part, grid, &scratch);
        if (i != style->bar)
            continue;
        part = &layout->parts[layout->count++];
        *part = (Part){.kind = PART_BAR, .column = i};
        measure_bars(part, grid);
    }
    buffer_free(&scratch);
}

/* ---- what each gets ---- */

/* With texts and names folded to `most`; numbers and bars keep their width. */
static size_t width_within(const Part *part, size_t name, size_t most)
{
    switch (part->kind) {
    case PART_BAR:
        return LEAST_BAR;
    case PART_NUMBER:
        return larger(part->width, smaller(name, most));
    default:
        return smaller(larger(part->width, name), most);
    }
}

static size_t total_width(const GridLayout *layout, const size_t *names, size_t most)
{
    size_t total = 0;
    for (size_t i = 0; i < layout->count; i++)
        total += width_within(&layout->parts[i], names[i], most) + (i == 0 ? 0 : GRID_GAP);
    return total;
}

/* The widest that a text may be for all to fit; if they can't, so wide that a band has several. */
static size_t widest_fitting(const GridLayout *layout, const size_t *names, size_t width)
{
    for (size_t most = width; most >= NARROWEST_TEXT; most--)
        if (total_width(layout, names, most) <= width)
            return most;
    return larger(width / 3, NARROWEST_TEXT);
}

static void set_bar(GridLayout *layout, size_t left)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->parts[i].kind == PART_BAR)
            layout->parts[i].width = smaller(LEAST_BAR + left, left == 0 ? LEAST_BAR : MOST_BAR);
}

static void set_widths(GridLayout *layout, const Grid *grid, const GridStyle *style)
{
    size_t *names = arena_array(&layout->arena, layout->count, sizeof *names);
    Buffer scratch = {0};
    for (size_t i = 0; i < layout->count; i++) {
        const Part *part = &layout->parts[i];
        names[i] =
            part->kind == PART_BAR ? 0 : visible_width(grid->columns[part->column].name, &scratch);
    }
    buffer_free(&scratch);
    size_t most = style->width == 0 ? WIDEST_TEXT : widest_fitting(layout, names, style->width);
    size_t total = total_width(layout, names, most);
    for (size_t i = 0; i < layout->count; i++) {
        Part *part = &layout->parts[i];
        size_t natural = larger(part->width, names[i]);
        part->width = width_within(part, names[i], most);
        if (style->width > 0) {
            part->width = smaller(part->width, style->width);
            part->folded = natural > part->width;
        }
    }
    size_t left = style->width == 0      ? USUAL_BAR - LEAST_BAR
                  : style->width > total ? style->width - total
                                         : 0;
    set_bar(layout, left);
}

/* ---- bands ---- */

static void band_add(Band *band, const Part *part)
{
    band->parts[band->count++] = part;
}

static size_t band_width(const Band *band)
{
    size_t width = 0;
    for (size_t i = 0; i < band->count; i++)
        width += band->parts[i]->width + (i == 0 ? 0 : GRID_GAP);
    return width;
}

static Band *band_begin(GridLayout *layout)
{
    Band *band = &layout->bands[layout->band_count++];
    band->parts = arena_array(&layout->arena, layout->count + 1, sizeof(const Part *));
    band->count = 0;
    return band;
}

/* The first column comes again in each band if it leaves two thirds of it to others. */
static void make_bands(GridLayout *layout, size_t width)
{
    layout->bands = arena_array(&layout->arena, layout->count, sizeof *layout->bands);
    Band *band = band_begin(layout);
    const Part *first = &layout->parts[0];
    for (size_t i = 0; i < layout->count; i++) {
        const Part *part = &layout->parts[i];
        bool fits =
            band->count == 0 || width == 0 || band_width(band) + GRID_GAP + part->width <= width;
        if (!fits) {
            band = band_begin(layout);
            if (first->width * 3 <= width && first->width + GRID_GAP + part->width <= width)
                band_add(band, first);
        }
        band_add(band, part);
    }
}

GridStyle grid_style(const CommandLine *line)
{
    size_t columns = 0, lines = 0;
    /* What goes into a file is for no screen. */
    bool terminal =
        command_line_value(line, "output") == NULL && display_terminal(&columns, &lines);
    const char *when = command_line_value(line, "color");
    return (GridStyle){
        .colour = display_colour(when) && (terminal || when != NULL),
        .width = (size_t)command_line_number(line, "width", 0, INT_MAX, (long)columns),
        .height = terminal && lines > 1 ? lines - 1 : 0, /* one line is the prompt's */
        .bar = COLUMN_NONE,
    };
}

void grid_layout(GridLayout *layout, const Grid *grid, const GridStyle *style)
{
    *layout = (GridLayout){0};
    make_parts(layout, grid, style);
    set_widths(layout, grid, style);
    make_bands(layout, style->width);
}

void grid_layout_free(GridLayout *layout)
{
    arena_free(&layout->arena);
}
