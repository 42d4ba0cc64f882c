#include "expressions.h"

#include "chance.h"

static void literal_number(Context *c)
{
    static const char *const numbers[] = {
        "0", "1",     "2",  "3",  "10",   "0.5", "2.50",   "100",   "1.0",         "0.001",
        "7", "12.75", ":n", ":m", "1000", "1e2", "3.1416", "0.333", "999999999999"};
    buffer_text(c->out, ONE_OF(numbers));
}

static void literal_text(Context *c)
{
    static const char *const texts[] = {"'US'",   "'a'", "'it''s'", "'é'", "'10'", ":t",
                                        "'b\\%'", "' '", "'Z_'",    "'%'", "'日'", "'2005-06-15'"};
    buffer_text(c->out, ONE_OF(texts));
}

static void number_atom(Context *c)
{
    const Column *column =
        c->dirty && chance(30) ? column_of(c->table, is_dirty) : column_of(c->table, is_number);
    bool bare = chance(12);
    if (column == NULL || chance(30)) {
        literal_number(c);
        return;
    }
    buffer_text(c->out, bare ? "" : "number(");
    write_name(c->out, column);
    buffer_text(c->out, bare ? "" : ")");
}

static void text_atom(Context *c)
{
    const Column *column = column_of(c->table, is_text);
    if (column == NULL || chance(25)) {
        literal_text(c);
    } else {
        buffer_text(c->out, "text(");
        write_name(c->out, column);
        buffer_byte(c->out, ')');
    }
}

static void infix(Context *c, void (*part)(Context *c, size_t depth), const char *symbol,
                  size_t depth)
{
    bool left = chance(50), right = chance(50);
    buffer_text(c->out, left ? "(" : "");
    part(c, depth - 1);
    buffer_format(c->out, left ? ") %s " : " %s ", symbol);
    buffer_text(c->out, right ? "(" : "");
    part(c, depth - 1);
    buffer_text(c->out, right ? ")" : "");
}

static void call(Context *c, const char *name, void (*part)(Context *c, size_t depth), size_t count,
                 size_t depth)
{
    buffer_format(c->out, "%s(", name);
    for (size_t i = 0; i < count; i++) {
        buffer_text(c->out, i == 0 ? "" : ", ");
        part(c, depth - 1);
    }
    buffer_byte(c->out, ')');
}

/* A quotient whose divisor is nearly always other than 0. */
static void quotient(Context *c, size_t depth)
{
    buffer_byte(c->out, '(');
    number(c, depth - 1);
    buffer_text(c->out, chance(70) ? ") / " : ") % ");
    if (chance(40)) {
        static const char *const divisors[] = {"3", "7", "0.25", "-6", "11.0", "1e3"};
        buffer_text(c->out, ONE_OF(divisors));
        return;
    }
    bool guarded = chance(97);
    buffer_text(c->out, guarded ? "nullif(" : "(");
    number(c, depth - 1);
    buffer_text(c->out, guarded ? ", 0)" : ")");
}

static void cases(Context *c, void (*part)(Context *c, size_t depth), size_t depth)
{
    bool simple = chance(30);
    void (*tested)(Context *, size_t) = chance(50) ? number : text;
    buffer_text(c->out, "case ");
    if (simple)
        tested(c, depth - 1);
    for (size_t i = 1 + any(2); i > 0; i--) {
        buffer_text(c->out, " when ");
        if (simple)
            tested(c, depth - 1);
        else
            condition(c, depth - 1);
        buffer_text(c->out, " then ");
        part(c, depth - 1);
    }
    if (chance(70)) {
        buffer_text(c->out, " else ");
        if (chance(10))
            buffer_text(c->out, "null");
        else
            part(c, depth - 1);
    }
    buffer_text(c->out, " end");
}

/* Functions of one number, kept in the range where they have a value. */
static void function_of_number(Context *c, size_t depth)
{
    static const char *const forms[][2] = {
        {"abs(", ")"},
        {"round(", ")"},
        {"round(", ", 2)"},
        {"round(", ", -1)"},
        {"floor(", ")"},
        {"ceil(", ")"},
        {"sqrt(abs(", "))"},
        {"ln(1 + abs(", "))"},
        {"exp((", ") % 20)"},
        {"power(", ", 2)"},
        {"power(", ", 3)"},
        {"power(abs(", ") + 1, -2)"},
        {"power(2, (", ") % 9)"},
        {"power(abs(", ") + 0.5, 0.5)"},
        {"round(", ", 17)"},
        {"-(", ")"},
        {"+(", ")"},
        {"number(text(", "))"},
    };
    const char *const *form = forms[any(sizeof forms / sizeof *forms)];
    buffer_text(c->out, form[0]);
    number(c, depth - 1);
    buffer_text(c->out, form[1]);
}

void number(Context *c, size_t depth)
{
    if (depth == 0) {
        number_atom(c);
        return;
    }
    switch (any(13)) {
    case 0:
    case 1:
        infix(c, number, "+", depth);
        break;
    case 2:
        infix(c, number, "-", depth);
        break;
    case 3:
    case 4:
        infix(c, number, "*", depth);
        break;
    case 5:
        quotient(c, depth);
        break;
    case 6:
    case 7:
        function_of_number(c, depth);
        break;
    case 8:
        cases(c, number, depth);
        break;
    case 9:
        call(c, chance(60) ? "coalesce" : "nullif", number, 2, depth);
        break;
    case 10:
        call(c, chance(50) ? "least" : "greatest", number, 1 + any(3), depth);
        break;
    case 11:
        call(c, "length", text, 1, depth);
        break;
    default:
        number_atom(c);
    }
}

static void cut(Context *c, size_t depth)
{
    static const char *const ends[] = {", 2)",  ", 1, 3)", ", 0, 2)",
                                       ", -1)", ", 3, 0)", ", 2, :n)"};
    buffer_text(c->out, "substr(");
    text(c, depth - 1);
    buffer_text(c->out, ONE_OF(ends));
}

static void part_of(Context *c, size_t depth)
{
    static const char *const ends[] = {", ' ', 1)", ", 'a', 2)", ", '-', -1)", ", 'x', 9)"};
    buffer_text(c->out, "split_part(");
    text(c, depth - 1);
    buffer_text(c->out, ONE_OF(ends));
}

void text(Context *c, size_t depth)
{
    static const char *const unary[] = {"lower", "upper", "trim"};
    static const char *const several[] = {"coalesce", "least", "greatest"};
    if (depth == 0) {
        text_atom(c);
        return;
    }
    switch (any(10)) {
    case 0:
    case 1:
        infix(c, text, "||", depth);
        break;
    case 2:
        call(c, ONE_OF(unary), text, 1, depth);
        break;
    case 3:
        cut(c, depth);
        break;
    case 4:
        call(c, "replace", text, 2, depth);
        c->out->size--;
        buffer_text(c->out, chance(50) ? ", '')" : ", '<>')");
        break;
    case 5:
        part_of(c, depth);
        break;
    case 6:
        cases(c, text, depth);
        break;
    case 7:
        call(c, ONE_OF(several), text, 1 + any(3), depth);
        break;
    case 8:
        call(c, "text", chance(70) ? number : condition, 1, depth);
        break;
    default:
        text_atom(c);
    }
}

static void compared(Context *c, size_t depth)
{
    static const char *const symbols[] = {"=", "<>", "!=", "<", "<=", ">", ">="};
    void (*part)(Context *, size_t) = chance(65) ? number : text;
    infix(c, part, ONE_OF(symbols), depth);
}

static void between(Context *c, size_t depth)
{
    void (*part)(Context *, size_t) = chance(65) ? number : text;
    buffer_byte(c->out, '(');
    part(c, depth - 1);
    buffer_text(c->out, chance(30) ? ") not between (" : ") between (");
    part(c, depth - 1);
    buffer_text(c->out, ") and (");
    part(c, depth - 1);
    buffer_byte(c->out, ')');
}

static void in(Context *c, size_t depth)
{
    bool numbers = chance(50);
    void (*part)(Context *, size_t) = numbers ? number : text;
    buffer_byte(c->out, '(');
    part(c, depth - 1);
    buffer_text(c->out, chance(30) ? ") not in " : ") in ");
    if (chance(30)) {
        buffer_text(c->out, numbers ? ":numbers" : chance(80) ? ":texts" : ":none");
        return;
    }
    call(c, "", part, 1 + any(3), chance(50) ? 1 : depth);
}

static void like(Context *c, size_t depth)
{
    static const char *const patterns[] = {"'%a%'",  "'_'",  "'%'",  "'U_'",   "'%\\%%'", "'é%'",
                                           "'%\\_'", "'A%'", "'%z'", "'%''%'", "'20%-%'"};
    buffer_byte(c->out, '(');
    text(c, depth - 1);
    buffer_text(c->out, chance(30) ? ") not " : ") ");
    buffer_format(c->out, chance(50) ? "like %s" : "ilike %s", ONE_OF(patterns));
}

static void is_null(Context *c, size_t depth)
{
    void (*parts[])(Context *, size_t) = {number, text, condition};
    buffer_byte(c->out, '(');
    parts[any(3)](c, depth - 1);
    buffer_text(c->out, chance(50) ? ") is null" : ") is not null");
}

void condition(Context *c, size_t depth)
{
    if (depth == 0) {
        const Column *column = &c->table->columns[any(c->table->count)];
        write_name(c->out, column);
        buffer_text(c->out, chance(50) ? " is null" : " is not null");
        return;
    }
    switch (any(10)) {
    case 0:
    case 1:
    case 2:
        compared(c, depth);
        break;
    case 3:
        between(c, depth);
        break;
    case 4:
        in(c, depth);
        break;
    case 5:
        like(c, depth);
        break;
    case 6:
        is_null(c, depth);
        break;
    case 7:
        infix(c, condition, "and", depth);
        break;
    case 8:
        infix(c, condition, "or", depth);
        break;
    default:
        buffer_text(c->out, "not (");
        condition(c, depth - 1);
        buffer_byte(c->out, ')');
    }
}
