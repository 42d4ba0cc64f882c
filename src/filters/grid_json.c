#include "base/quote.h"
#include "filters/grid.h"

static void write_value(Buffer *out, const GridColumn *column, Span value)
{
    if (value.size == 0)
        buffer_text(out, "null");
    else if (column->number && column->plain)
        buffer_append(out, value.at, value.size);
    else
        quote_json(value, out);
}

static void write_row(const Grid *grid, size_t row, Buffer *out)
{
    buffer_text(out, row == 0 ? "{" : ",\n {");
    for (size_t i = 0; i < grid->width; i++) {
        buffer_text(out, i == 0 ? "" : ", ");
        quote_json(grid->columns[i].name, out);
        buffer_text(out, ": ");
        write_value(out, &grid->columns[i], grid_cell(grid, row, i));
    }
    buffer_byte(out, '}');
}

void grid_show_json(const Grid *grid, Output *output)
{
    Buffer out = {0};
    output_write(output, "[", 1);
    for (size_t row = 0; row < grid->rows; row++) {
        out.size = 0;
        write_row(grid, row, &out);
        output_write(output, out.at, out.size);
    }
    output_write(output, "]\n", 2);
    buffer_free(&out);
}
