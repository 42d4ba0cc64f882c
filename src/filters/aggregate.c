/* aggregate: one row per group, made of summaries. */

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "filters/columns.h"
#include "filters/program.h"
#include "table/group.h"
#include "table/summary.h"

enum { GROUPS_AT_ONCE = 1024 }; /* that are evaluated and written */

typedef struct Aggregate {
    Program program;
    ColumnList keys;
    ItemList items;     /* expressions over summaries */
    SummaryCalls calls; /* the summaries in them, each once */
    Summary *summaries; /* by call */
    Groups groups;
    int32_t places; /* -1: as they come */

    /* Some groups at a time, from `first`: */
    size_t first;
    Vector *results;       /* by call */
    Vector *key_values;    /* by key column */
    const Vector **values; /* by item */
} Aggregate;

/* All names of the output stand on the command line. */
static void check_names(const Aggregate *aggregate)
{
    columns_check_names(&aggregate->keys, "group");
    for (size_t i = 0; i < aggregate->items.count; i++)
        for (size_t j = 0; j < aggregate->keys.count; j++) {
            const char *name = aggregate->items.items[i].name;
            if (strcmp(name, aggregate->keys.columns[j].name) == 0)
                fail_usage("summaries: column %s is there twice: it is a group column",
                           shown(name, strlen(name)));
        }
}

static void parse(Aggregate *aggregate, int argc, char **argv)
{
    Program *program = &aggregate->program;
    program_start(program, &aggregate_specification, argc, argv);
    Source source = program_source(program);
    aggregate->items = expression_summaries(&source, &program->arena);
    aggregate->keys = program_columns(program, "group", COLUMNS_PLAIN);
    check_names(aggregate);
    for (size_t i = 0; i < aggregate->items.count; i++)
        expression_take_summaries(aggregate->items.items[i].expression, &aggregate->calls,
                                  &aggregate->keys);
    aggregate->places =
        (int32_t)command_line_number(&program->line, "places", 0, DECIMAL_MAX_DIGITS, -1);
}

static void write_header(Aggregate *aggregate)
{
    const ColumnList *keys = &aggregate->keys;
    const ItemList *items = &aggregate->items;
    Header header = {0};
    header.names =
        arena_array(&aggregate->program.arena, keys->count + items->count, sizeof *header.names);
    for (size_t i = 0; i < keys->count; i++)
        header_add(&header, keys->columns[i].name);
    for (size_t i = 0; i < items->count; i++)
        header_add(&header, items->items[i].name);
    writer_header(aggregate->program.writer, &header);
}

static void open_all(Aggregate *aggregate)
{
    Program *program = &aggregate->program;
    program_open(program);
    const Header *header = reader_header(program->reader);
    const SummaryCalls *calls = &aggregate->calls;
    aggregate->summaries = arena_array(&program->arena, calls->count, sizeof(Summary));
    for (size_t i = 0; i < calls->count; i++) {
        if (calls->calls[i].argument != NULL)
            expression_bind(calls->calls[i].argument, header, reader_name(program->reader));
        summary_open(&aggregate->summaries[i], &calls->calls[i]);
    }
    groups_open(&aggregate->groups, program_resolve(program, &aggregate->keys, header, "group"),
                aggregate->keys.count);
    write_header(aggregate);
}

static void aggregate_batch(Aggregate *aggregate, const Batch *batch)
{
    Evaluation *evaluation = aggregate->program.evaluation;
    evaluation_batch(evaluation, batch);
    const uint32_t *groups = groups_of_batch(&aggregate->groups, batch);
    evaluation_hold(evaluation);
    for (size_t i = 0; i < aggregate->calls.count; i++)
        summary_add(&aggregate->summaries[i], evaluation, groups, groups_count(&aggregate->groups));
    evaluation_release(evaluation);
}

/* ---- results ---- */

/* A vector that can hold numbers or texts. */
static Vector vector_make(Arena *arena)
{
    return (Vector){.room = GROUPS_AT_ONCE,
                    .numbers = arena_array(arena, GROUPS_AT_ONCE, sizeof(Number)),
                    .missing = arena_array(arena, GROUPS_AT_ONCE, sizeof(uint8_t)),
                    .texts = arena_array(arena, GROUPS_AT_ONCE, sizeof(Span))};
}

static Vector *vectors_make(size_t count, Arena *arena)
{
    Vector *vectors = arena_array(arena, count, sizeof *vectors);
    for (size_t i = 0; i < count; i++)
        vectors[i] = vector_make(arena);
    return vectors;
}

static const char *group_place(void *context, size_t row)
{
    Aggregate *aggregate = context;
    Program *program = &aggregate->program;
    return arena_format(&program->arena, "%s%s", reader_name(program->reader),
                        groups_shown(&aggregate->groups, reader_header(program->reader),
                                     aggregate->first + row, ", ", &program->arena));
}

/* Draws the results of some groups from the summaries and evaluates the items over them. */
static void evaluate_groups(Aggregate *aggregate, size_t first, size_t count, Arena *arena)
{
    for (size_t i = 0; i < aggregate->calls.count; i++)
        summary_results(&aggregate->summaries[i], first, count, &aggregate->results[i], arena);
    for (size_t i = 0; i < aggregate->keys.count; i++) {
        aggregate->key_values[i].type = TYPE_CELL;
        for (size_t row = 0; row < count; row++)
            aggregate->key_values[i].texts[row] = groups_key(&aggregate->groups, first + row, i);
    }
    Evaluation *evaluation = aggregate->program.evaluation;
    aggregate->first = first;
    evaluation_slots(evaluation, aggregate->results, aggregate->key_values, count, group_place,
                     aggregate);
    evaluation_hold(evaluation);
    for (size_t i = 0; i < aggregate->items.count; i++) {
        const Expression *item = aggregate->items.items[i].expression;
        aggregate->values[i] = expression_type(item) == TYPE_NUMBER
                                   ? evaluate_numbers(evaluation, item, evaluation_all(evaluation))
                                   : evaluate_texts(evaluation, item, evaluation_all(evaluation));
    }
    evaluation_release(evaluation);
}

static void write_value(const Aggregate *aggregate, const Vector *values, size_t row, Arena *arena)
{
    Writer *writer = aggregate->program.writer;
    if (values->type != TYPE_NUMBER)
        writer_value(writer, values->texts[row]);
    else if (values->missing[row])
        writer_value(writer, SPAN(""));
    else if (aggregate->places < 0)
        writer_number(writer, number_settle(values->numbers[row], arena));
    else
        writer_number(
            writer, number_round(values->numbers[row], aggregate->places, ROUND_HALF_AWAY, arena));
}

static void write_groups(Aggregate *aggregate)
{
    Arena *lasting = &aggregate->program.arena;
    aggregate->results = vectors_make(aggregate->calls.count, lasting);
    aggregate->key_values = vectors_make(aggregate->keys.count, lasting);
    aggregate->values = arena_array(lasting, aggregate->items.count, sizeof(const Vector *));
    Arena arena = {0};
    size_t groups = groups_count(&aggregate->groups);
    for (size_t first = 0; first < groups; first += GROUPS_AT_ONCE) {
        size_t count = groups - first < GROUPS_AT_ONCE ? groups - first : GROUPS_AT_ONCE;
        evaluate_groups(aggregate, first, count, &arena);
        for (size_t row = 0; row < count; row++) {
            for (size_t i = 0; i < aggregate->keys.count; i++)
                writer_value(aggregate->program.writer, aggregate->key_values[i].texts[row]);
            for (size_t i = 0; i < aggregate->items.count; i++)
                write_value(aggregate, aggregate->values[i], row, &arena);
            writer_end(aggregate->program.writer);
        }
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static void close_all(Aggregate *aggregate)
{
    for (size_t i = 0; i < aggregate->calls.count; i++)
        summary_close(&aggregate->summaries[i]);
    free(aggregate->calls.calls);
    groups_free(&aggregate->groups);
}

int main(int argc, char **argv)
{
    Aggregate aggregate = {0};
    parse(&aggregate, argc, argv);
    open_all(&aggregate);
    Batch batch;
    while (reader_next(aggregate.program.reader, &batch))
        aggregate_batch(&aggregate, &batch);
    write_groups(&aggregate);
    close_all(&aggregate);
    return program_finish(&aggregate.program);
}
