#include <math.h>

#include "base/memory.h"
#include "filters/display.h"
#include "filters/grid_layout.h"

typedef struct Sheet {
    const Grid *grid;
    const GridStyle *style;
    GridLayout layout;
    Output *output;
    Buffer line;
    Buffer *visible; /* by part of the band: what stands there, to be folded … */
    Span *left;      /* … and what of it is not written yet */
} Sheet;

/* ---- lines ---- */

static void pad(Buffer *line, size_t wanted, size_t width)
{
    if (width < wanted)
        display_blanks(line, wanted - width);
}

static void line_write(Sheet *sheet)
{
    Buffer *line = &sheet->line;
    while (line->size > 0 && line->at[line->size - 1] == ' ')
        line->size--;
    buffer_byte(line, '\n');
    output_write(sheet->output, line->at, line->size);
    line->size = 0;
}

static void write_styled(Sheet *sheet, const char *style, Span text)
{
    if (sheet->style->colour)
        buffer_text(&sheet->line, style);
    buffer_append(&sheet->line, text.at, text.size);
    if (sheet->style->colour)
        buffer_text(&sheet->line, "\033[0m");
}

static Span missing_mark(void)
{
    return display_utf8() ? SPAN("\xe2\x80\x93") : SPAN("-");
}

/* Takes the next line of what stands in the part. */
static Span next_piece(Sheet *sheet, const Part *part, size_t i)
{
    if (sheet->left[i].size == 0)
        return SPAN("");
    if (part->folded)
        return display_line(&sheet->left[i], part->width);
    Span all = sheet->left[i];
    sheet->left[i].size = 0;
    return all;
}

static bool anything_left(const Sheet *sheet, const Band *band)
{
    for (size_t i = 0; i < band->count; i++)
        if (sheet->left[i].size > 0)
            return true;
    return false;
}

static void fill(Sheet *sheet, size_t i, Span text)
{
    sheet->visible[i].size = 0;
    display_append(&sheet->visible[i], text);
    sheet->left[i] = buffer_span(&sheet->visible[i]);
}

/* ---- the header ---- */

static Span name_of(const Sheet *sheet, const Part *part)
{
    return part->kind == PART_BAR ? SPAN("") : sheet->grid->columns[part->column].name;
}

static void write_name_piece(Sheet *sheet, const Part *part, Span piece)
{
    size_t width = display_width(piece);
    if (part->kind == PART_NUMBER)
        pad(&sheet->line, part->width, width);
    if (piece.size > 0)
        write_styled(sheet, "\033[1m", piece);
    if (part->kind != PART_NUMBER)
        pad(&sheet->line, part->width, width);
}

static void write_names(Sheet *sheet, const Band *band)
{
    for (size_t i = 0; i < band->count; i++)
        fill(sheet, i, name_of(sheet, band->parts[i]));
    do {
        for (size_t i = 0; i < band->count; i++) {
            pad(&sheet->line, i == 0 ? 0 : GRID_GAP, 0);
            write_name_piece(sheet, band->parts[i], next_piece(sheet, band->parts[i], i));
        }
        line_write(sheet);
    } while (anything_left(sheet, band));
}

static void write_rule(Sheet *sheet, const Band *band)
{
    for (size_t i = 0; i < band->count; i++) {
        pad(&sheet->line, i == 0 ? 0 : GRID_GAP, 0);
        for (size_t dash = 0; band->parts[i]->kind != PART_BAR && dash < band->parts[i]->width;
             dash++)
            buffer_byte(&sheet->line, '-');
        if (band->parts[i]->kind == PART_BAR)
            display_blanks(&sheet->line, band->parts[i]->width);
    }
    line_write(sheet);
}

/* ---- rows ---- */

/* Points stand under each other; a mark for a missing cell stands where units do. */
static void write_number(Sheet *sheet, const Part *part, Span piece, bool missing)
{
    size_t all = display_width(piece);
    size_t whole = missing ? 1 : number_whole(piece);
    if (all > part->whole + part->behind)
        whole = all; /* a piece of a number that is wider than the terminal */
    pad(&sheet->line, part->width, whole + part->behind);
    if (missing)
        write_styled(sheet, "\033[2m", piece);
    else
        buffer_append(&sheet->line, piece.at, piece.size);
    pad(&sheet->line, part->behind, all - whole);
}

static void write_text(Sheet *sheet, const Part *part, Span piece, bool missing)
{
    if (missing)
        write_styled(sheet, "\033[2m", piece);
    else
        buffer_append(&sheet->line, piece.at, piece.size);
    pad(&sheet->line, part->width, display_width(piece));
}

/* Eighths of a character, as far as the terminal has them. */
static void write_stretch(Buffer *line, double from, double to)
{
    static const char *const eighths[] = {"",
                                          "\xe2\x96\x8f",
                                          "\xe2\x96\x8e",
                                          "\xe2\x96\x8d",
                                          "\xe2\x96\x8c",
                                          "\xe2\x96\x8b",
                                          "\xe2\x96\x8a",
                                          "\xe2\x96\x89"};
    size_t start = (size_t)floor(from + 0.5), used;
    display_blanks(line, start);
    if (!display_utf8()) {
        used = (size_t)floor(to - (double)start + 0.5);
        for (size_t i = 0; i < used; i++)
            buffer_byte(line, '#');
        return;
    }
    size_t parts = (size_t)floor((to - (double)start) * 8 + 0.5);
    if (parts == 0)
        parts = to > from; /* what is there shows */
    for (used = 0; used < parts / 8; used++)
        buffer_text(line, "\xe2\x96\x88");
    buffer_text(line, eighths[parts % 8]);
}

static void write_bar(Sheet *sheet, const Part *part, size_t row)
{
    double value = grid_number(sheet->grid, row, part->column), span = part->high - part->low;
    size_t before = sheet->line.size;
    if (span > 0 && value != 0) {
        double zero = -part->low / span * (double)part->width;
        double end = (value - part->low) / span * (double)part->width;
        write_stretch(&sheet->line, value < 0 ? end : zero, value < 0 ? floor(zero + 0.5) : end);
    }
    pad(&sheet->line, part->width,
        display_width((Span){sheet->line.at + before, sheet->line.size - before}));
}

static void write_piece(Sheet *sheet, const Part *part, size_t row, size_t i, bool first)
{
    bool missing = first && sheet->left[i].size == 0;
    if (part->kind == PART_BAR && first) {
        write_bar(sheet, part, row);
        return;
    }
    Span piece = missing && part->kind != PART_BAR ? missing_mark() : next_piece(sheet, part, i);
    if (piece.size == 0)
        pad(&sheet->line, part->width, 0);
    else if (part->kind == PART_NUMBER)
        write_number(sheet, part, piece, missing);
    else
        write_text(sheet, part, piece, missing);
}

static void fill_row(Sheet *sheet, const Band *band, size_t row)
{
    for (size_t i = 0; i < band->count; i++)
        fill(sheet, i,
             band->parts[i]->kind == PART_BAR
                 ? SPAN("")
                 : grid_cell(sheet->grid, row, band->parts[i]->column));
}

static void write_row(Sheet *sheet, const Band *band, size_t row)
{
    bool first = true;
    fill_row(sheet, band, row);
    do {
        for (size_t i = 0; i < band->count; i++) {
            pad(&sheet->line, i == 0 ? 0 : GRID_GAP, 0);
            write_piece(sheet, band->parts[i], row, i, first);
        }
        line_write(sheet);
        first = false;
    } while (anything_left(sheet, band));
}

/* ---- screens ---- */

static size_t count_lines(Sheet *sheet, const Band *band)
{
    size_t lines = 1;
    for (size_t i = 0; i < band->count; i++) {
        size_t count = 0;
        while (sheet->left[i].size > 0) {
            next_piece(sheet, band->parts[i], i);
            count++;
        }
        lines = count > lines ? count : lines;
    }
    return lines;
}

static size_t header_lines(Sheet *sheet, const Band *band)
{
    for (size_t i = 0; i < band->count; i++)
        fill(sheet, i, name_of(sheet, band->parts[i]));
    return count_lines(sheet, band) + 1;
}

/* The row behind the last that fits on a screen below the header; at least one more than `from`. */
static size_t screen_end(Sheet *sheet, const Band *band, size_t from)
{
    size_t rows = sheet->grid->rows, end = from;
    if (sheet->style->height == 0)
        return rows;
    size_t lines = header_lines(sheet, band);
    for (; end < rows; end++) {
        fill_row(sheet, band, end);
        lines += count_lines(sheet, band);
        if (lines > sheet->style->height && end > from)
            return end;
    }
    return rows;
}

static void write_screen(Sheet *sheet, const Band *band, size_t from, size_t end)
{
    write_names(sheet, band);
    write_rule(sheet, band);
    for (size_t row = from; row < end; row++)
        write_row(sheet, band, row);
}

/* A screen of rows at a time, each band of it below the other. */
static void write_screens(Sheet *sheet)
{
    const GridLayout *layout = &sheet->layout;
    size_t from = 0, end;
    do {
        end = sheet->grid->rows;
        for (size_t i = 0; i < layout->band_count; i++) {
            size_t fits = screen_end(sheet, &layout->bands[i], from);
            end = fits < end ? fits : end;
        }
        for (size_t i = 0; i < layout->band_count; i++) {
            if (layout->band_count > 1 && (from > 0 || i > 0))
                line_write(sheet);
            write_screen(sheet, &layout->bands[i], from, end);
        }
        from = end;
    } while (from < sheet->grid->rows);
}

void grid_show_text(const Grid *grid, const GridStyle *style, Output *output)
{
    Sheet sheet = {.grid = grid, .style = style, .output = output};
    grid_layout(&sheet.layout, grid, style);
    sheet.visible = arena_array(&sheet.layout.arena, sheet.layout.count + 1, sizeof *sheet.visible);
    sheet.left = arena_array(&sheet.layout.arena, sheet.layout.count + 1, sizeof *sheet.left);
    for (size_t i = 0; i <= sheet.layout.count; i++)
        sheet.visible[i] = (Buffer){0};
    write_screens(&sheet);
    if (style->more > 0) {
        buffer_format(&sheet.line, "%s %llu more row%s", display_utf8() ? "\xe2\x80\xa6" : "...",
                      (unsigned long long)style->more, style->more == 1 ? "" : "s");
        line_write(&sheet);
    }
    for (size_t i = 0; i <= sheet.layout.count; i++)
        buffer_free(&sheet.visible[i]);
    buffer_free(&sheet.line);
    grid_layout_free(&sheet.layout);
}
