/* table: shows rows as aligned text. */

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/diagnostic.h"
#include "filters/display.h"
#include "filters/grid.h"
#include "filters/program.h"
#include "num/decimal.h"

typedef enum Form { FORM_TEXT, FORM_MARKDOWN, FORM_JSON } Form;

typedef struct Table {
    Program program;
    Form form;
    Output *output;
    uint64_t left;  /* rows still to be shown */
    int32_t places; /* -1: as they come */
    GridStyle style;
    Grid grid;
} Table;

static Form form_of(const CommandLine *line)
{
    bool markdown = command_line_has(line, "markdown"), json = command_line_has(line, "json");
    if (markdown && json)
        fail_usage("--markdown and --json are two forms: choose one");
    if ((markdown || json) && (command_line_has(line, "bar") || command_line_has(line, "width")))
        fail_usage("--bar and --width are for text, not for --%s", json ? "json" : "markdown");
    return markdown ? FORM_MARKDOWN : json ? FORM_JSON : FORM_TEXT;
}

static void parse(Table *table, int argc, char **argv)
{
    Program *program = &table->program;
    program_start(program, &table_specification, argc, argv);
    display_start();
    long limit = command_line_number(&program->line, "limit", 0, LONG_MAX, -1);
    table->left = limit < 0 ? UINT64_MAX : (uint64_t)limit;
    table->places =
        (int32_t)command_line_number(&program->line, "places", 0, DECIMAL_MAX_DIGITS, -1);
    table->form = form_of(&program->line);
    table->style = grid_style(&program->line);
}

static void open_all(Table *table)
{
    Program *program = &table->program;
    program_check_files(program);
    ReaderOptions options = program_reading(program);
    program->reader = reader_open(program->files, program->file_count, &options);
    const Header *header = reader_header(program->reader);
    const char *bar = command_line_value(&program->line, "bar");
    if (bar != NULL)
        table->style.bar = header_require(
            header, span_of(bar),
            arena_format(&program->arena, "%s: --bar", reader_name(program->reader)));
    grid_open(&table->grid, header);
    table->output = output_open(command_line_value(&program->line, "output"));
}

static void hold_batch(Table *table, const Batch *batch)
{
    for (size_t row = 0; row < batch->rows && table->left > 0; row++) {
        grid_add(&table->grid, batch, row);
        table->left--;
    }
    budget_check(grid_size(&table->grid), table->program.memory, "so many rows to be laid out");
}

static void show(Table *table)
{
    Grid *grid = &table->grid;
    GridStyle *style = &table->style;
    grid_close(grid, table->places);
    style->more = reader_rows(table->program.reader) - grid->rows;
    if (style->bar != COLUMN_NONE && grid->rows > 0 && !grid->columns[style->bar].number)
        fail("%s: --bar: %s is not a column of numbers", reader_name(table->program.reader),
             reader_header(table->program.reader)->names[style->bar]);
    if (table->form == FORM_MARKDOWN)
        grid_show_markdown(grid, style->more, table->output);
    else if (table->form == FORM_JSON)
        grid_show_json(grid, table->output);
    else
        grid_show_text(grid, style, table->output);
    output_commit(table->output);
}

static int finish(Table *table)
{
    Program *program = &table->program;
    program_report(program, reader_rows(program->reader), table->grid.rows,
                   reader_bytes(program->reader));
    reader_close(program->reader);
    grid_free(&table->grid);
    parameters_free(&program->parameters);
    command_line_free(&program->line);
    arena_free(&program->arena);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    Table table = {0};
    parse(&table, argc, argv);
    open_all(&table);
    Batch batch;
    while (reader_next(table.program.reader, &batch))
        hold_batch(&table, &batch);
    show(&table);
    return finish(&table);
}
