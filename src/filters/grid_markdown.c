#include "filters/display.h"
#include "filters/grid.h"

/* So that a cell reads as it is: what Markdown acts on gets a backslash. */
static void write_cell(Buffer *out, Span text)
{
    Buffer visible = {0};
    display_append(&visible, text);
    for (size_t i = 0; i < visible.size; i++) {
        if (strchr("\\`*_<>[]|&~$", visible.at[i]) != NULL)
            buffer_byte(out, '\\');
        buffer_byte(out, visible.at[i]);
    }
    buffer_free(&visible);
}

static void write_header(const Grid *grid, Buffer *out)
{
    for (size_t i = 0; i < grid->width; i++) {
        buffer_text(out, i == 0 ? "| " : " | ");
        write_cell(out, grid->columns[i].name);
    }
    buffer_text(out, " |\n");
    for (size_t i = 0; i < grid->width; i++)
        buffer_text(out, grid->columns[i].number ? "|---:" : "|---");
    buffer_text(out, "|\n");
}

static void write_row(const Grid *grid, size_t row, Buffer *out)
{
    for (size_t i = 0; i < grid->width; i++) {
        Span cell = grid_cell(grid, row, i);
        buffer_text(out, i == 0 ? "| " : " | ");
        if (cell.size == 0)
            buffer_text(out, "\xe2\x80\x93");
        else
            write_cell(out, cell);
    }
    buffer_text(out, " |\n");
}

void grid_show_markdown(const Grid *grid, uint64_t more, Output *output)
{
    Buffer out = {0};
    write_header(grid, &out);
    for (size_t row = 0; row < grid->rows; row++) {
        write_row(grid, row, &out);
        output_write(output, out.at, out.size);
        out.size = 0;
    }
    if (more > 0)
        buffer_format(&out, "\n\xe2\x80\xa6 %llu more row%s\n", (unsigned long long)more,
                      more == 1 ? "" : "s");
    output_write(output, out.at, out.size);
    buffer_free(&out);
}
