#include "report/excerpt.h"

#include "base/attempt.h"
#include "warrant/figure.h"

enum { NEAT = 4 };

void excerpt_begin(Excerpt *excerpt, const Header *header, Arena *arena)
{
    excerpt->width = header->width;
    excerpt->names = header_copy(header, 0, arena).names;
}

void excerpt_add(Excerpt *excerpt, ExcerptRow row, Arena *arena)
{
    if (excerpt->count == excerpt->room) {
        ExcerptRow *old = excerpt->rows;
        excerpt->room = excerpt->room * 2 + 8;
        excerpt->rows = arena_array(arena, excerpt->room, sizeof *old);
        if (excerpt->count != 0)
            memcpy(excerpt->rows, old, excerpt->count * sizeof *old);
    }
    Span *cells = arena_array(arena, excerpt->width, sizeof *cells); /* may be rounded later */
    if (excerpt->width != 0)
        memcpy(cells, row.cells, excerpt->width * sizeof *cells);
    row.cells = cells;
    excerpt->rows[excerpt->count++] = row;
}

static void round_column(Excerpt *excerpt, size_t column, int32_t places, Arena *arena)
{
    for (size_t i = 0; i < excerpt->count; i++) {
        Span *cell = &excerpt->rows[i].cells[column];
        Decimal number;
        if (cell->size != 0 && decimal_read(*cell, &number, arena) == DECIMAL_READ)
            *cell =
                span_of(figure_exact(decimal_round(number, places, ROUND_HALF_AWAY, arena), arena));
    }
}

/* Whether the column has numbers and nothing else; *scale: the most digits behind a point. */
static bool is_numeric(const Excerpt *excerpt, size_t column, int32_t *scale, Arena *arena)
{
    bool filled = false;
    *scale = 0;
    for (size_t i = 0; i < excerpt->count; i++) {
        Span cell = excerpt->rows[i].cells[column];
        Decimal number = {0};
        if (cell.size == 0)
            continue;
        if (decimal_read(cell, &number, arena) != DECIMAL_READ)
            return false;
        filled = true;
        *scale = number.scale > *scale ? number.scale : *scale;
    }
    return filled;
}

static void finish_column(Excerpt *excerpt, size_t column, int32_t places, Arena *arena)
{
    int32_t scale;
    excerpt->numeric[column] = is_numeric(excerpt, column, &scale, arena);
    if (!excerpt->numeric[column] || scale == 0 || places == PLACES_EXACT)
        return;
    if (places == PLACES_NEAT)
        places = scale < NEAT ? scale : NEAT;
    round_column(excerpt, column, places, arena);
}

void excerpt_finish(Excerpt *excerpt, int32_t places, Arena *arena)
{
    excerpt->numeric = arena_array(arena, excerpt->width, sizeof *excerpt->numeric);
    for (size_t i = 0; i < excerpt->width; i++)
        finish_column(excerpt, i, places, arena);
}

/* What the reading of a result needs to be given back if it fails. */
typedef struct Taking {
    const Result *result;
    uint64_t limit;
    Excerpt excerpt;
    Table table;
    Arena *arena;
} Taking;

static void take_row(void *context, const Batch *batch, size_t row, uint64_t number)
{
    Taking *taking = context;
    if (number >= taking->limit) {
        taking->excerpt.more++;
        return;
    }
    Span *cells = arena_array(taking->arena, batch->width, sizeof *cells);
    for (size_t i = 0; i < batch->width; i++) {
        Span value = batch_value(batch, row, i);
        cells[i] = (Span){arena_copy(taking->arena, value.at, value.size), value.size};
    }
    excerpt_add(&taking->excerpt, (ExcerptRow){.cells = cells}, taking->arena);
}

static void take_rows(void *context)
{
    Taking *taking = context;
    table_open(&taking->table, taking->result->path, taking->arena);
    excerpt_begin(&taking->excerpt, table_header(&taking->table), taking->arena);
    table_visit(&taking->table, NULL, take_row, taking);
}

Excerpt excerpt_read(const Result *result, uint64_t limit, int32_t places, Arena *arena)
{
    Taking taking = {.result = result, .limit = limit, .arena = arena};
    Trap trap;
    bool read = attempt(take_rows, &taking, &trap);
    table_close(&taking.table);
    if (!read)
        fail("%s", trap.message);
    excerpt_finish(&taking.excerpt, places, arena);
    return taking.excerpt;
}
