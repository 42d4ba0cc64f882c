#include "stages.h"

#include <stdio.h>

#include "base/memory.h"
#include "chance.h"
#include "expressions.h"

/* A word of a pipe, in single quotes. */
static void word(Stages *s, const Buffer *text)
{
    buffer_text(&s->out, " '");
    for (size_t i = 0; i < text->size; i++)
        buffer_format(&s->out, text->at[i] == '\'' ? "'\\''" : "%c", text->at[i]);
    buffer_byte(&s->out, '\'');
}

/* An argument that begins with a minus would be taken for an option. */
static void option_free(Buffer *argument)
{
    if (argument->at[0] != '-')
        return;
    buffer_byte(argument, ' ');
    memmove(argument->at + 1, argument->at, argument->size - 1);
    argument->at[0] = ' ';
}

static void begin(Stages *s, const char *filter)
{
    buffer_format(&s->out, "%s%s", s->count++ == 0 ? "" : " |\n      ", filter);
}

static const char *new_name(Stages *s)
{
    static const char *const odd[] = {"new", "order", "Año", "two words", "row_no", "_x"};
    static char names[1000][24];
    static size_t used;
    snprintf(names[used], sizeof *names, "%s %zu", ONE_OF(odd), s->made++);
    if (chance(70))
        snprintf(names[used], sizeof *names, "c%zu", s->made++);
    return names[used++];
}

static Column *add_column(Stages *s, const char *name, Kind kind)
{
    Column *column = &s->table.columns[s->table.count++];
    *column = (Column){name, kind, strchr(name, ' ') != NULL};
    return column;
}

static void dirty_word(Stages *s, bool dirty)
{
    if (dirty)
        buffer_text(&s->out, " --invalid missing");
}

static void list_name(Buffer *out, const Column *column)
{
    if (strpbrk(column->name, ",\"") == NULL)
        buffer_text(out, column->name);
    else
        write_name(out, &(Column){column->name, column->kind, true});
}

/* Up to `most` different columns, which go into `chosen`. */
static size_t choose(const Stages *s, size_t most, const Column **chosen)
{
    size_t count = 0;
    for (size_t i = any(most + 1); i > 0; i--) {
        const Column *column = &s->table.columns[any(s->table.count)];
        bool there = false;
        for (size_t j = 0; j < count; j++)
            there = there || chosen[j] == column;
        if (!there)
            chosen[count++] = column;
    }
    return count;
}

/* Up to two columns, mostly such that a group has several rows. */
static size_t choose_groups(const Stages *s, const Column **chosen)
{
    const Column *code = column_of(&s->table, is_code), *size = column_of(&s->table, is_whole);
    if (code == NULL || size == NULL || chance(25))
        return choose(s, 2, chosen);
    chosen[0] = chance(60) ? code : size;
    chosen[1] = chosen[0] == code ? size : code;
    return chance(20) ? 0 : chance(80) ? 1 : 2;
}

static void list_word(Stages *s, const char *option, const Column *const *columns, size_t count)
{
    Buffer list = {0};
    if (count == 0)
        return;
    for (size_t i = 0; i < count; i++) {
        buffer_text(&list, i == 0 ? "" : ", ");
        list_name(&list, columns[i]);
    }
    if (*option != '\0')
        buffer_format(&s->out, " %s", option);
    word(s, &list);
    buffer_free(&list);
}

static void filter(Stages *s)
{
    Buffer text_of = {0};
    Context c = {.table = &s->table, .dirty = chance(20), .out = &text_of};
    condition(&c, 1 + any(3));
    begin(s, "filter");
    option_free(&text_of);
    word(s, &text_of);
    dirty_word(s, c.dirty);
    if (chance(20))
        buffer_text(&s->out, " -v");
    if (chance(15))
        buffer_format(&s->out, " -n %zu", any(20));
    buffer_free(&text_of);
}

/* Mostly a few items; now and then many deep ones. */
static void derive(Stages *s)
{
    Buffer list = {0};
    Table before = s->table;
    Context c = {.table = &before, .dirty = chance(20), .out = &list};
    size_t count = chance(85) ? 1 + any(4) : 10, depth = count == 10 ? 5 : 3;
    for (size_t i = 0; i < count && s->table.count + 8 < COLUMNS; i++) {
        void (*parts[])(Context *, size_t) = {number, number, text, condition};
        size_t kind = any(4);
        buffer_text(&list, i == 0 ? "" : ", ");
        parts[kind](&c, 1 + any(depth));
        Column *column = add_column(s, new_name(s), kind < 2 ? SIGNED : WORDS);
        if (chance(15) && i == 0) { /* in the place of one that is there */
            s->table.count--;
            Column *replaced = &s->table.columns[any(before.count)];
            replaced->kind = kind < 2 ? SIGNED : WORDS;
            column = replaced;
        }
        buffer_text(&list, " as ");
        write_name(&list, column);
    }
    begin(s, "derive");
    option_free(&list);
    word(s, &list);
    dirty_word(s, c.dirty);
    if (chance(15))
        buffer_format(&s->out, " --places %zu", any(7));
    buffer_free(&list);
}

/* Often the column whose numbers are written in many ways, so that equals differ in scale. */
static void summed_up(Context *c)
{
    const Column *column = column_of(c->table, is_written);
    if (column == NULL || chance(35))
        column = column_of(c->table, is_number);
    if (column == NULL || chance(35))
        number(c, any(3));
    else
        write_name(c->out, column);
}

static void summary(Context *c)
{
    static const char *const of_numbers[] = {
        "sum", "mean",         "min",  "max",   "median", "stddev", "variance",      "stddev_pop",
        "sum", "variance_pop", "mode", "first", "last",   "count",  "count(distinct"};
    static const char *const fractions[] = {"0", "1", "0.5", "0.9", "0.333", ":q"};
    if (chance(10)) {
        buffer_text(c->out, "count(*)");
    } else if (chance(10)) {
        buffer_text(c->out, "quantile(");
        number(c, any(2));
        buffer_format(c->out, ", %s)", ONE_OF(fractions));
    } else if (chance(8)) {
        buffer_text(c->out, "geomean(abs(number(");
        summed_up(c);
        buffer_text(c->out, ")) + 0.5)");
    } else {
        const char *name = ONE_OF(of_numbers);
        bool distinct = strcmp(name, "count(distinct") == 0;
        buffer_format(c->out, distinct ? "%s number(" : "%s(number(", name);
        summed_up(c);
        buffer_text(c->out, "))");
    }
}

static void text_summary(Context *c)
{
    static const char *const names[] = {"min", "max", "mode", "first", "last"};
    buffer_format(c->out, "%s(", ONE_OF(names));
    text(c, any(2));
    buffer_byte(c->out, ')');
}

static void cell_summary(Context *c)
{
    static const char *const names[] = {"mode", "first", "last", "count", "count(distinct"};
    const char *name = ONE_OF(names);
    buffer_format(c->out, strchr(name, '(') != NULL ? "%s " : "%s(", name);
    write_name(c->out, &c->table->columns[any(c->table->count)]);
    buffer_byte(c->out, ')');
}

/* A summary of numbers, or a computation with some. */
static void number_item(Context *c)
{
    summary(c);
    if (chance(30)) {
        static const char *const symbols[] = {" + ", " - ", " * "};
        buffer_text(c->out, ONE_OF(symbols));
        summary(c);
    }
    if (chance(15)) {
        buffer_text(c->out, " / nullif(");
        summary(c);
        buffer_text(c->out, ", 0)");
    }
}

static void aggregate(Stages *s)
{
    const Column *groups[3];
    Column kept[3];
    Buffer list = {0};
    Table before = s->table;
    Context c = {.table = &before, .dirty = chance(20), .out = &list};
    size_t group_count = choose_groups(s, groups), count = 1 + any(6);
    begin(s, "aggregate");
    for (size_t i = 0; i < group_count; i++)
        kept[i] = *groups[i];
    list_word(s, "-g", groups, group_count);
    memcpy(s->table.columns, kept, group_count * sizeof *kept);
    s->table.count = group_count;
    for (size_t i = 0; i < count; i++) {
        size_t kind = any(8);
        if (s->table.count == COLUMNS)
            break;
        buffer_text(&list, i == 0 ? "" : ", ");
        if (kind < 6)
            number_item(&c);
        else if (kind == 6)
            text_summary(&c);
        else
            cell_summary(&c);
        buffer_text(&list, " as ");
        write_name(&list, add_column(s, new_name(s), kind < 6 ? SIGNED : WORDS));
    }
    word(s, &list);
    dirty_word(s, c.dirty);
    if (chance(15))
        buffer_format(&s->out, " --places %zu", any(5));
    buffer_free(&list);
}

static void share(Stages *s)
{
    const Column *column = column_of(&s->table, chance(95) ? is_amount : is_number), *groups[2];
    Buffer name = {0};
    if (column == NULL)
        return;
    list_name(&name, column);
    begin(s, "share");
    word(s, &name);
    list_word(s, "-g", groups, choose_groups(s, groups));
    dirty_word(s, chance(30));
    if (chance(50))
        buffer_text(&s->out, " --percent");
    bool cumulative = chance(40);
    if (cumulative)
        buffer_text(&s->out, " --cumulative");
    if (chance(40)) {
        buffer_format(&s->out, " --places %zu", any(4));
        if (chance(50))
            buffer_text(&s->out, " --largest-remainder");
    }
    const char *as = new_name(s);
    buffer_format(&s->out, " --as '%s'", as);
    add_column(s, as, AMOUNT);
    if (cumulative) {
        char *more = memory_array(strlen(as) + 20, 1);
        strcat(strcpy(more, as), "_cumulative");
        add_column(s, more, AMOUNT);
    }
    buffer_free(&name);
}

static void neighbours(Stages *s, const char *way)
{
    const Column *columns[2];
    size_t count = choose(s, 2, columns);
    Column kept[2];
    for (size_t i = 0; i < count; i++)
        kept[i] = *columns[i];
    char option[10] = "--";
    list_word(s, strcat(option, way), columns, count);
    for (size_t i = 0; i < count; i++) {
        char *name = memory_array(strlen(kept[i].name) + 6, 1);
        strcat(strcat(strcpy(name, kept[i].name), "_"), way);
        *add_column(s, name, kept[i].kind) = (Column){name, kept[i].kind, true};
    }
}

static void rank(Stages *s)
{
    static const char *const methods[] = {"competition", "dense", "ordinal", "max"};
    static const char *const fractions[] = {"average", "percent"};
    const Column *groups[2];
    Buffer order = {0};
    Context c = {.table = &s->table, .dirty = chance(20), .out = &order};
    for (size_t i = 1 + any(2); i > 0; i--) {
        (chance(75) ? number : text)(&c, any(3));
        buffer_text(&order, chance(50) ? " desc" : "");
        buffer_text(&order, i > 1 ? ", " : "");
    }
    begin(s, "rank");
    option_free(&order);
    word(s, &order);
    dirty_word(s, c.dirty);
    list_word(s, "-g", groups, choose_groups(s, groups));
    bool whole = chance(70), only = chance(20), top = whole && chance(40);
    if (!only || top)
        buffer_format(&s->out, " --method %s", whole ? ONE_OF(methods) : ONE_OF(fractions));
    if (top)
        buffer_format(&s->out, " --top %zu", any(8));
    const char *as = new_name(s), *tied = new_name(s);
    bool with_tied = !only && chance(30);
    if (only)
        buffer_text(&s->out, " --order-only");
    else
        buffer_format(&s->out, " --as '%s'", as);
    if (with_tied)
        buffer_format(&s->out, " --tied '%s'", tied);
    Table before = s->table;
    if (chance(30))
        neighbours(s, "lag");
    size_t lagged = s->table.count;
    Column behind[2 * COLUMNS];
    memcpy(behind, s->table.columns + before.count, (lagged - before.count) * sizeof *behind);
    s->table.count = before.count;
    if (!only)
        add_column(s, as, WHOLE);
    if (with_tied)
        add_column(s, tied, WHOLE);
    for (size_t i = 0; i < lagged - before.count; i++)
        s->table.columns[s->table.count++] = behind[i];
    buffer_free(&order);
}

static void pick(Stages *s)
{
    const Column *columns[8];
    Column kept[8];
    size_t count = choose(s, 8, columns);
    if (count == 0)
        return;
    Buffer list = {0};
    begin(s, "pick");
    for (size_t i = 0; i < count; i++) {
        kept[i] = *columns[i];
        buffer_text(&list, i == 0 ? "" : ", ");
        list_name(&list, columns[i]);
        if (chance(20)) {
            kept[i].name = new_name(s);
            kept[i].taken = true;
            buffer_format(&list, " as %s", kept[i].name);
        }
    }
    word(s, &list);
    memcpy(s->table.columns, kept, count * sizeof *kept);
    s->table.count = count;
    buffer_free(&list);
}

static void pick_except(Stages *s)
{
    const Column *columns[3];
    size_t count = choose(s, 3, columns);
    if (count == 0 || count == s->table.count)
        return;
    begin(s, "pick");
    list_word(s, "--except", columns, count);
    Table rest = {.name = s->table.name};
    for (size_t i = 0; i < s->table.count; i++) {
        bool out = false;
        for (size_t j = 0; j < count; j++)
            out = out || columns[j] == &s->table.columns[i];
        if (!out)
            rest.columns[rest.count++] = s->table.columns[i];
    }
    s->table = rest;
}

static void unpivot(Stages *s)
{
    const Column *columns[3];
    size_t count = choose(s, 3, columns);
    if (count == 0)
        return;
    begin(s, "unpivot");
    list_word(s, "", columns, count);
    const char *name = new_name(s), *cell = new_name(s);
    buffer_format(&s->out, " --into '%s,%s'%s", name, cell, chance(50) ? " --keep-missing" : "");
    Table rest = {.name = s->table.name};
    for (size_t i = 0; i < s->table.count; i++) {
        bool out = false;
        for (size_t j = 0; j < count; j++)
            out = out || columns[j] == &s->table.columns[i];
        if (!out)
            rest.columns[rest.count++] = s->table.columns[i];
    }
    s->table = rest;
    add_column(s, name, CODE);
    add_column(s, cell, WORDS);
}

static void lookup(Stages *s)
{
    static const char *const ways[] = {"keep", "drop", "only", NULL};
    const Column *key = column_of(&s->table, is_code);
    bool many = chance(40);
    const char *way = ways[any(chance(90) ? 3 : 4)];
    if (key == NULL)
        return;
    Buffer keys = {0};
    begin(s, "lookup");
    write_name(&keys, &(Column){key->name, CODE, strpbrk(key->name, ",\"=") != NULL});
    buffer_text(&keys, "=code");
    word(s, &keys);
    buffer_format(&s->out, " --from %s", many ? "many" : "names");
    if (many && (way == NULL || strcmp(way, "only") != 0))
        buffer_text(&s->out, " --many");
    if (way != NULL)
        buffer_format(&s->out, " --unmatched %s", way);
    buffer_free(&keys);
    if (way != NULL && strcmp(way, "only") == 0)
        return;
    const char *label = new_name(s), *weight = new_name(s);
    buffer_format(&s->out, " --take 'label as %s, weight as %s'", label, weight);
    add_column(s, label, WORDS);
    add_column(s, weight, AMOUNT);
}

/* A key of two columns. */
static void lookup_pair(Stages *s)
{
    static const char *const ways[] = {"keep", "drop", "only"};
    const Column *code = column_of(&s->table, is_code), *size = column_of(&s->table, is_whole);
    const char *way = ONE_OF(ways);
    Buffer keys = {0};
    if (code == NULL || size == NULL)
        return;
    begin(s, "lookup");
    write_name(&keys, &(Column){code->name, CODE, strpbrk(code->name, ",\"=") != NULL});
    buffer_text(&keys, chance(90) ? ", " : " = code,");
    write_name(&keys, &(Column){size->name, CODE, strpbrk(size->name, ",\"=") != NULL});
    buffer_text(&keys, "=size");
    if (strstr(keys.at, "= code") == NULL && strcmp(code->name, "code") != 0) {
        keys.size = 0;
        write_name(&keys, &(Column){code->name, CODE, strpbrk(code->name, ",\"=") != NULL});
        buffer_text(&keys, "=code, ");
        write_name(&keys, &(Column){size->name, CODE, strpbrk(size->name, ",\"=") != NULL});
        buffer_text(&keys, "=size");
    }
    word(s, &keys);
    buffer_format(&s->out, " --from pairs --unmatched %s", way);
    buffer_free(&keys);
    if (strcmp(way, "only") == 0)
        return;
    const char *label = new_name(s);
    buffer_format(&s->out, " --take 'label as %s'", label);
    add_column(s, label, WORDS);
}

static const Table *built;

void stages_know(const Table *table)
{
    built = table;
}

/* In the table of another step, whose cells may have been computed. */
static void lookup_step(Stages *s)
{
    const Column *key = &s->table.columns[any(s->table.count)];
    Buffer keys = {0};
    if (built == NULL || built->count == 0)
        return;
    const Column *there = &built->columns[any(built->count)];
    begin(s, "lookup");
    write_name(&keys, &(Column){key->name, CODE, true});
    buffer_byte(&keys, '=');
    write_name(&keys, &(Column){there->name, CODE, true});
    word(s, &keys);
    buffer_format(&s->out, " --from first --many --unmatched %s", chance(50) ? "keep" : "drop");
    keys.size = 0;
    const Column *taken = &built->columns[any(built->count)];
    const char *name = new_name(s);
    write_name(&keys, &(Column){taken->name, CODE, true});
    buffer_format(&keys, " as %s", name);
    buffer_text(&s->out, " --take");
    word(s, &keys);
    add_column(s, name, taken->kind);
    buffer_free(&keys);
}

/* Rows into columns; what they are called only the data know. */
static void pivot(Stages *s)
{
    const Column *code = column_of(&s->table, is_code), *size = column_of(&s->table, is_whole);
    const Column *amount = column_of(&s->table, is_number);
    Buffer text_of = {0};
    if (code == NULL || size == NULL || amount == NULL || amount == size)
        return;
    begin(s, "filter");
    write_name(&text_of, code);
    buffer_text(&text_of, " is not null");
    word(s, &text_of);
    begin(s, "aggregate");
    text_of.size = 0;
    buffer_text(&text_of, chance(50) ? "sum(" : "mean(");
    write_name(&text_of, amount);
    buffer_text(&text_of, ") as value");
    word(s, &text_of);
    list_word(s, "-g", (const Column *[]){code, size}, 2);
    begin(s, "pivot");
    text_of.size = 0;
    list_name(&text_of, code);
    word(s, &text_of);
    buffer_text(&s->out, " value");
    list_word(s, "-g", (const Column *[]){size}, 1);
    s->table.columns[0] = *size;
    s->table.count = 1;
    buffer_free(&text_of);
}

void require(Stages *s)
{
    const Column *column = column_of(&s->table, is_number);
    Buffer text_of = {0};
    if (column == NULL)
        return;
    begin(s, "filter");
    write_name(&text_of, column);
    buffer_text(&text_of, chance(80) ? " is null or " : " is not null and ");
    write_name(&text_of, column);
    buffer_text(&text_of, " > -1e60");
    word(s, &text_of);
    buffer_text(&s->out, " --require");
    buffer_free(&text_of);
}

void stage(Stages *s)
{
    static void (*const all[])(Stages *) = {
        filter,      filter,  derive, derive, derive,      aggregate,   aggregate,
        aggregate,   share,   share,  rank,   rank,        rank,        pick,
        pick_except, unpivot, lookup, lookup, lookup_pair, lookup_step, pivot};
    if (s->table.count + 8 > COLUMNS || s->table.count == 0)
        return;
    ONE_OF(all)(s);
}
