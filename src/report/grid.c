#include "report/grid.h"

typedef struct Laying {
    PipelineVerdicts *pipeline;
    const ClaimVerdicts *verdicts;
    const ReadingList *readings;
    Arena *arena;
} Laying;

static const Judgement *judged(const ClaimVerdicts *verdicts, const Reading *reading,
                               const char *vintage)
{
    for (size_t i = 0; i < verdicts->count; i++) {
        const Trial *trial = verdicts->judgements[i].trial;
        bool same = vintage == NULL ? trial->other == NULL
                                    : trial->other != NULL && strcmp(trial->other, vintage) == 0;
        if (same && trial->reading == reading)
            return &verdicts->judgements[i];
    }
    return NULL;
}

GridCell grid_find(PipelineVerdicts *pipeline, const ClaimVerdicts *verdicts,
                   const Reading *reading, const char *vintage)
{
    const Judgement *judgement = judged(verdicts, reading, vintage);
    if (judgement != NULL)
        return (GridCell){judgement, false};
    Plan plan = plan_claim(&pipeline->builder, pipeline->document, pipeline->catalogue,
                           verdicts->claim, reading->name, vintage);
    for (size_t i = 0; i < verdicts->count && plan.count != 0; i++)
        if (strcmp(verdicts->judgements[i].trial->same, plan.trials[0].same) == 0)
            return (GridCell){&verdicts->judgements[i],
                              verdicts->judgements[i].trial->reading != reading};
    return (GridCell){0};
}

static void find_alone(const Laying *laying, Arrangement *arrangement)
{
    const ClaimVerdicts *verdicts = laying->verdicts;
    arrangement->alone = arena_array(laying->arena, verdicts->count, sizeof *arrangement->alone);
    for (size_t i = 0; i < verdicts->count; i++) {
        const Trial *trial = verdicts->judgements[i].trial;
        if (trial->other == NULL && trial->reading->grid == NULL)
            arrangement->alone[arrangement->alone_count++] = &verdicts->judgements[i];
    }
}

/* "growth:last=2015,base=10" has two axes, and those are the last parameters it changes. */
static size_t axis_count(const Reading *reading)
{
    size_t count = 1;
    for (const char *at = reading->name + strlen(reading->grid); *at != '\0'; at++)
        count += *at == ',';
    return count;
}

static const Parameter *axis(const Reading *reading, size_t number)
{
    return &reading->parameters.items[reading->parameters.count - axis_count(reading) + number];
}

/* The other axes' values, one name and one text for all of them. */
static const char *row_text(const Reading *reading, bool names, Arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i + 1 < axis_count(reading); i++)
        text = arena_format(arena, "%s%s%s", text, i == 0 ? "" : ", ",
                            names ? axis(reading, i)->name
                                  : factor_of_parameter(axis(reading, i), arena).value);
    return text;
}

static bool same_grid(const Reading *a, const Reading *b)
{
    return b->grid != NULL && strcmp(a->grid, b->grid) == 0;
}

/* Readings of a matrix follow one another, the last axis turning fastest. */
static size_t grid_columns(const Reading *first, size_t count, Arena *arena)
{
    const char *row = row_text(first, false, arena);
    size_t columns = 0;
    while (columns < count && strcmp(row, row_text(&first[columns], false, arena)) == 0)
        columns++;
    return columns;
}

static Grid grid_of(const Laying *laying, const Reading *first, size_t count)
{
    Arena *arena = laying->arena;
    Grid grid = {.name = first->grid,
                 .row_name = row_text(first, true, arena),
                 .column_name = axis(first, axis_count(first) - 1)->name};
    grid.column_count = grid_columns(first, count, arena);
    /* NOLINTNEXTLINE: the first reading is one column at least */
    grid.row_count = count / grid.column_count;
    grid.rows = arena_array(arena, grid.row_count, sizeof *grid.rows);
    grid.columns = arena_array(arena, grid.column_count, sizeof *grid.columns);
    grid.cells = arena_array(arena, count, sizeof *grid.cells);
    for (size_t i = 0; i < grid.row_count; i++)
        grid.rows[i] = row_text(&first[i * grid.column_count], false, arena);
    for (size_t i = 0; i < grid.column_count; i++)
        grid.columns[i] = factor_of_parameter(axis(&first[i], axis_count(first) - 1), arena).value;
    for (size_t i = 0; i < count; i++)
        grid.cells[i] = grid_find(laying->pipeline, laying->verdicts, &first[i], NULL);
    return grid;
}

static void find_matrices(const Laying *laying, Arrangement *arrangement)
{
    const ReadingList *list = laying->readings;
    arrangement->matrices = arena_array(laying->arena, list->count, sizeof *arrangement->matrices);
    for (size_t i = 0; i < list->count;) {
        size_t end = i + 1;
        if (list->items[i].grid == NULL) {
            i = end;
            continue;
        }
        while (end < list->count && same_grid(&list->items[i], &list->items[end]))
            end++;
        arrangement->matrices[arrangement->matrix_count++] =
            grid_of(laying, &list->items[i], end - i);
        i = end;
    }
}

/* The vintages that some reading was judged on beside its own, in the catalogue's order. */
static void find_columns(const Laying *laying, Grid *grid)
{
    const Catalogue *catalogue = laying->pipeline->catalogue;
    grid->columns = arena_array(laying->arena, catalogue->count, sizeof *grid->columns);
    for (size_t r = 0; r < catalogue->count; r++) {
        const char *vintage = catalogue->resources[r].vintage;
        bool wanted = false, known = false;
        for (size_t i = 0; vintage != NULL && i < laying->verdicts->count; i++) {
            const char *other = laying->verdicts->judgements[i].trial->other;
            wanted = wanted || (other != NULL && strcmp(other, vintage) == 0);
        }
        for (size_t i = 0; vintage != NULL && i < laying->verdicts->count; i++)
            wanted =
                wanted || strcmp(laying->verdicts->judgements[i].trial->vintages, vintage) == 0;
        for (size_t c = 0; wanted && c < grid->column_count; c++)
            known = known || strcmp(grid->columns[c], vintage) == 0;
        if (wanted && !known)
            grid->columns[grid->column_count++] = vintage;
    }
}

static bool has_others(const ClaimVerdicts *verdicts)
{
    for (size_t i = 0; i < verdicts->count; i++)
        if (verdicts->judgements[i].trial->other != NULL)
            return true;
    return false;
}

static void find_vintages(const Laying *laying, Arrangement *arrangement)
{
    if (!has_others(laying->verdicts))
        return;
    Arena *arena = laying->arena;
    const ReadingList *list = laying->readings;
    Grid *grid = &arrangement->vintages;
    *grid = (Grid){.row_name = "reading", .column_name = "vintage of the data"};
    find_columns(laying, grid);
    grid->rows = arena_array(arena, list->count, sizeof *grid->rows);
    grid->cells = arena_array(arena, list->count * grid->column_count, sizeof *grid->cells);
    for (size_t i = 0; i < list->count; i++) {
        if (judged(laying->verdicts, &list->items[i], NULL) == NULL)
            continue; /* the same as another reading in every vintage of the same data */
        for (size_t c = 0; c < grid->column_count; c++)
            grid->cells[grid->row_count * grid->column_count + c] =
                grid_find(laying->pipeline, laying->verdicts, &list->items[i], grid->columns[c]);
        grid->rows[grid->row_count++] = list->items[i].name;
    }
}

Arrangement grid_arrange(PipelineVerdicts *pipeline, const ClaimVerdicts *verdicts, Arena *arena)
{
    Arrangement arrangement = {0};
    Laying laying = {pipeline, verdicts, document_readings(pipeline->document, verdicts->claim),
                     arena};
    find_alone(&laying, &arrangement);
    find_matrices(&laying, &arrangement);
    find_vintages(&laying, &arrangement);
    return arrangement;
}
