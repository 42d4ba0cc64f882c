#include "warrant/encloser.h"

#include <stdlib.h>
#include <string.h>

#include "expr/functions.h"

struct Encloser {
    Arena *arena;
    Evaluation *evaluation;
    const EnclosedRow *row;
    Vector *cells, *slots; /* of the row, those that are exact; one value each */
    size_t cells_room, slots_room;
};

Encloser *encloser_open(bool invalid_missing, Arena *arena)
{
    Encloser *encloser = memory_zeroed(1, sizeof *encloser);
    encloser->arena = arena;
    encloser->evaluation = evaluation_open(invalid_missing);
    return encloser;
}

static void vectors_free(Vector *vectors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(vectors[i].numbers);
        free(vectors[i].missing);
        free(vectors[i].texts);
    }
    free(vectors);
}

void encloser_close(Encloser *encloser)
{
    vectors_free(encloser->cells, encloser->cells_room);
    vectors_free(encloser->slots, encloser->slots_room);
    evaluation_close(encloser->evaluation);
    free(encloser);
}

static Vector *vectors_room(Vector *vectors, size_t *room, size_t count)
{
    if (count <= *room)
        return vectors;
    vectors = memory_resize(vectors, count, sizeof *vectors);
    for (size_t i = *room; i < count; i++)
        vectors[i] = (Vector){.room = 1,
                              .numbers = memory_zeroed(1, sizeof(Number)),
                              .missing = memory_zeroed(1, sizeof(uint8_t)),
                              .texts = memory_zeroed(1, sizeof(Span))};
    *room = count;
    return vectors;
}

static const char *place(void *context, size_t row)
{
    (void)context;
    (void)row;
    return "a row";
}

static void set_cell(Vector *vector, const Enclosed *cell)
{
    vector->type = TYPE_CELL;
    vector->texts[0] = cell->known == KNOWN_TEXT ? cell->text : (Span){"", 0};
}

static void set_slot(Vector *vector, const Enclosed *slot, const SummaryCall *call, Arena *arena)
{
    set_cell(vector, slot);
    vector->type = summary_type(call);
    if (vector->type != TYPE_NUMBER)
        return;
    Decimal number = decimal_of(0);
    vector->missing[0] =
        slot->known != KNOWN_TEXT || decimal_read(slot->text, &number, arena) != DECIMAL_READ;
    vector->numbers[0] = number_of(number);
}

void encloser_row(Encloser *encloser, const EnclosedRow *row)
{
    size_t slots = row->calls == NULL ? 0 : row->calls->count;
    encloser->row = row;
    encloser->cells = vectors_room(encloser->cells, &encloser->cells_room, row->cell_count);
    encloser->slots = vectors_room(encloser->slots, &encloser->slots_room, slots);
    for (size_t i = 0; i < row->cell_count; i++)
        set_cell(&encloser->cells[i], &row->cells[i]);
    for (size_t i = 0; i < slots; i++)
        set_slot(&encloser->slots[i], &row->slots[i], &row->calls->calls[i], encloser->arena);
    evaluation_slots(encloser->evaluation, encloser->slots, encloser->cells, 1, place, NULL);
}

/* ---- what is exact ---- */

static const Enclosed *cell_of(const Encloser *encloser, const Expression *node)
{
    return node->slot >= 0 ? &encloser->row->slots[node->slot]
                           : &encloser->row->cells[-1 - node->slot];
}

static bool is_exact(const Encloser *encloser, const Expression *node)
{
    if (node->constant)
        return true;
    if (node->kind == KIND_SLOT)
        return cell_of(encloser, node)->known == KNOWN_TEXT;
    for (size_t i = 0; i < node->count; i++)
        if (!is_exact(encloser, node->parts[i]))
            return false;
    return true;
}

static Range exact_number(Encloser *encloser, const Expression *node)
{
    const Vector *values =
        evaluate_numbers(encloser->evaluation, node, evaluation_all(encloser->evaluation));
    if (values->missing[0])
        return range_missing();
    return range_point(number_keep(values->numbers[0], encloser->arena));
}

static Span exact_text(Encloser *encloser, const Expression *node)
{
    const Vector *values =
        evaluate_texts(encloser->evaluation, node, evaluation_all(encloser->evaluation));
    Span text = values->texts[0];
    return (Span){arena_copy(encloser->arena, text.at, text.size), text.size};
}

static unsigned exact_truth(Encloser *encloser, const Expression *node)
{
    const Vector *values =
        evaluate(encloser->evaluation, node, evaluation_all(encloser->evaluation));
    return values->type == TYPE_TRUTH ? 1u << values->truths[0] : MAY_BE_MISSING;
}

/* ---- truths ---- */

/* Which truths are possible of two that are joined by a table over (false, true, missing). */
static unsigned combine(unsigned a, unsigned b, const uint8_t table[3][3])
{
    unsigned possible = 0;
    for (unsigned i = 0; i < 3; i++)
        for (unsigned j = 0; j < 3; j++)
            if ((a & 1u << i) && (b & 1u << j))
                possible |= 1u << table[i][j];
    return possible;
}

static unsigned both_true(unsigned a, unsigned b)
{
    static const uint8_t table[3][3] = {{TRUTH_FALSE, TRUTH_FALSE, TRUTH_FALSE},
                                        {TRUTH_FALSE, TRUTH_TRUE, TRUTH_MISSING},
                                        {TRUTH_FALSE, TRUTH_MISSING, TRUTH_MISSING}};
    return combine(a, b, table);
}

static unsigned opposite(unsigned truths)
{
    return (truths & MAY_BE_MISSING) | (truths & MAY_BE_TRUE ? MAY_BE_FALSE : 0u) |
           (truths & MAY_BE_FALSE ? MAY_BE_TRUE : 0u);
}

/*
 * Parts are looked at in turn, as the evaluator does: one behind a part that is surely false is
 * never evaluated, and so cannot fail.  `or` is `and` of opposites.
 */
static unsigned enclose_logic(Encloser *encloser, const Expression *node)
{
    bool either = node->kind == KIND_OR;
    unsigned truths = MAY_BE_TRUE;
    if (node->kind == KIND_NOT)
        return opposite(enclose_truth(encloser, node->parts[0]));
    for (size_t i = 0; i < node->count && truths != MAY_BE_FALSE; i++) {
        unsigned part = enclose_truth(encloser, node->parts[i]);
        truths = both_true(truths, either ? opposite(part) : part);
    }
    return either ? opposite(truths) : truths;
}

static unsigned truths_of_orders(Kind kind, unsigned orders)
{
    static const unsigned holding[] = {MAY_BE_EQUAL,   MAY_BE_LESS | MAY_BE_GREATER,
                                       MAY_BE_LESS,    MAY_BE_LESS | MAY_BE_EQUAL,
                                       MAY_BE_GREATER, MAY_BE_GREATER | MAY_BE_EQUAL};
    unsigned holds = holding[kind - KIND_EQUAL];
    return (orders & holds ? MAY_BE_TRUE : 0u) | (orders & ~holds ? MAY_BE_FALSE : 0u);
}

static unsigned compare_ranges(Kind kind, Range a, Range b)
{
    if (a.state == RANGE_MISSING || b.state == RANGE_MISSING)
        return MAY_BE_MISSING;
    if (a.state == RANGE_NOTHING || b.state == RANGE_NOTHING)
        return MAY_BE_ANY;
    return truths_of_orders(kind, range_orders(a, b)) |
           (a.optional || b.optional ? MAY_BE_MISSING : 0u);
}

/* Uncertain values are numbers: compared as texts nothing is known of them. */
static unsigned enclose_comparison(Encloser *encloser, const Expression *node)
{
    if (node->operands != TYPE_NUMBER)
        return MAY_BE_ANY;
    return compare_ranges(node->kind, enclose_number(encloser, node->parts[0]),
                          enclose_number(encloser, node->parts[1]));
}

static unsigned enclose_between(Encloser *encloser, const Expression *node)
{
    if (node->operands != TYPE_NUMBER)
        return MAY_BE_ANY;
    Range value = enclose_number(encloser, node->parts[0]);
    unsigned truths = both_true(
        compare_ranges(KIND_GREATER_EQUAL, value, enclose_number(encloser, node->parts[1])),
        compare_ranges(KIND_LESS_EQUAL, value, enclose_number(encloser, node->parts[2])));
    return node->negated ? opposite(truths) : truths;
}

/* x in (a, b) is x = a or x = b; the items of a set are constants. */
static unsigned enclose_in(Encloser *encloser, const Expression *node)
{
    if (node->operands != TYPE_NUMBER)
        return MAY_BE_ANY;
    Range value = enclose_number(encloser, node->parts[0]);
    unsigned unequal = MAY_BE_TRUE;
    if (node->set == NULL)
        for (size_t i = 1; i < node->count; i++)
            unequal = both_true(unequal, compare_ranges(KIND_UNEQUAL, value,
                                                        enclose_number(encloser, node->parts[i])));
    for (size_t i = 0; node->set != NULL && i < node->set->count; i++)
        unequal = both_true(unequal, compare_ranges(KIND_UNEQUAL, value,
                                                    range_point(number_of(node->set->numbers[i]))));
    if (node->set != NULL && node->set->missing)
        unequal = both_true(unequal, MAY_BE_MISSING);
    return node->negated ? unequal : opposite(unequal);
}

static unsigned enclose_is_null(Encloser *encloser, const Expression *node)
{
    const Expression *part = node->parts[0];
    unsigned truths = MAY_BE_TRUE | MAY_BE_FALSE;
    if (part->type == TYPE_NUMBER || part->type == TYPE_CELL) {
        Range value = enclose_number(encloser, part);
        if (value.state != RANGE_NOTHING && !value.optional)
            truths = value.state == RANGE_MISSING ? MAY_BE_TRUE : MAY_BE_FALSE;
    }
    return node->negated ? opposite(truths) : truths;
}

/* ---- case: the branches that may be taken ---- */

static unsigned when_truths(Encloser *encloser, const Expression *node, const CaseLayout *layout,
                            const Expression *when)
{
    if (layout->operand == NULL)
        return enclose_truth(encloser, when);
    if (node->operands == TYPE_NUMBER)
        return compare_ranges(KIND_EQUAL, enclose_number(encloser, layout->operand),
                              enclose_number(encloser, when));
    if (!is_exact(encloser, layout->operand) || !is_exact(encloser, when))
        return MAY_BE_ANY;
    Span a = exact_text(encloser, layout->operand), b = exact_text(encloser, when);
    if (a.size == 0 || b.size == 0)
        return MAY_BE_MISSING;
    return span_equal(a, b) ? MAY_BE_TRUE : MAY_BE_FALSE;
}

/* Calls `take` for each branch that may be the one; NULL where there is no else. */
static void each_branch(Encloser *encloser, const Expression *node,
                        void (*take)(void *context, const Expression *branch), void *context)
{
    CaseLayout layout = case_layout(node);
    for (size_t i = 0; i < layout.pair_count; i++) {
        unsigned truths = when_truths(encloser, node, &layout, layout.pairs[2 * i]);
        if (truths & MAY_BE_TRUE)
            take(context, layout.pairs[2 * i + 1]);
        if (truths == MAY_BE_TRUE)
            return;
    }
    take(context, layout.otherwise);
}

typedef struct Branches {
    Encloser *encloser;
    bool begun;
    Range range;
    unsigned truths;
    Enclosed cell;
} Branches;

static void take_number(void *context, const Expression *branch)
{
    Branches *branches = context;
    Range range = branch == NULL ? range_missing() : enclose_number(branches->encloser, branch);
    branches->range =
        branches->begun ? range_either(branches->range, range, branches->encloser->arena) : range;
    branches->begun = true;
}

static void take_truth(void *context, const Expression *branch)
{
    Branches *branches = context;
    branches->truths |= branch == NULL ? MAY_BE_MISSING : enclose_truth(branches->encloser, branch);
}

static Enclosed either_cell(Enclosed a, Enclosed b, Arena *arena)
{
    if (a.known == KNOWN_TEXT && b.known == KNOWN_TEXT && span_equal(a.text, b.text))
        return a;
    return range_cell(range_either(range_of_cell(&a, arena), range_of_cell(&b, arena), arena), -1,
                      arena);
}

static void take_cell(void *context, const Expression *branch)
{
    Branches *branches = context;
    Enclosed cell = {.known = KNOWN_TEXT, .text = {"", 0}};
    if (branch != NULL)
        cell = enclose_cell(branches->encloser, branch, -1);
    branches->cell =
        branches->begun ? either_cell(branches->cell, cell, branches->encloser->arena) : cell;
    branches->begun = true;
}

/* ---- numbers ---- */

/* A function with all its arguments, of which the first is to vary. */
typedef struct Call {
    const Function *function;
    Value arguments[FUNCTION_ARGUMENTS];
    size_t count;
} Call;

static NumberRefusal call_with(Number first, Number *result, void *context, Arena *arena)
{
    Call *call = context;
    Value value;
    call->arguments[0].number = first;
    NumberRefusal refusal = call->function->body(call->arguments, call->count, &value, arena);
    if (refusal == NULL)
        *result = value.number;
    return refusal; /* cppcheck-suppress returnDanglingLifetime; refusals are constant texts */
}

/* round, floor and ceil never fall, nor do sqrt, ln and exp. */
static Range enclose_rising(Encloser *encloser, const Expression *node, bool irrational)
{
    Call call = {.function = node->function, .count = node->count};
    Range first = enclose_number(encloser, node->parts[0]);
    for (size_t i = 1; i < node->count; i++) {
        Range other = enclose_number(encloser, node->parts[i]);
        if (!is_exact(encloser, node->parts[i]) || other.state != RANGE_BOUNDS)
            return range_nothing();
        call.arguments[i].number = other.low;
    }
    return range_rising(first, call_with, &call, irrational, encloser->arena);
}

static Range enclose_call(Encloser *encloser, const Expression *node)
{
    static const char *const exact[] = {"round", "floor", "ceil"};
    static const char *const irrational[] = {"sqrt", "ln", "exp"};
    const char *name = node->function->name;
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(name, exact[i]) == 0)
            return enclose_rising(encloser, node, false);
        if (strcmp(name, irrational[i]) == 0)
            return enclose_rising(encloser, node, true);
    }
    if (strcmp(name, "abs") == 0)
        return range_absolute(enclose_number(encloser, node->parts[0]), encloser->arena);
    if (strcmp(name, "power") == 0)
        return range_power(enclose_number(encloser, node->parts[0]),
                           enclose_number(encloser, node->parts[1]), encloser->arena);
    return range_nothing();
}

static Range enclose_arithmetic(Encloser *encloser, const Expression *node)
{
    Arena *arena = encloser->arena;
    Range a = enclose_number(encloser, node->parts[0]);
    Range b = enclose_number(encloser, node->parts[1]);
    switch (node->kind) {
    case KIND_ADD:
        return range_add(a, b, arena);
    case KIND_SUBTRACT:
        return range_subtract(a, b, arena);
    case KIND_MULTIPLY:
        return range_multiply(a, b, tree_equal(node->parts[0], node->parts[1]), arena);
    default:
        return range_divide(a, b, arena);
    }
}

static Range enclose_extreme(Encloser *encloser, const Expression *node)
{
    Range range = range_missing();
    for (size_t i = 0; i < node->count; i++)
        range = range_extreme(range, enclose_number(encloser, node->parts[i]),
                              node->kind == KIND_GREATEST, encloser->arena);
    return range;
}

/* The first that is there; what follows one that surely is there is never evaluated. */
static Range enclose_coalesce(Encloser *encloser, const Expression *node)
{
    Range result = range_missing();
    bool open = true; /* all so far may be missing */
    for (size_t i = 0; i < node->count && open; i++) {
        Range range = enclose_number(encloser, node->parts[i]);
        open = range.state == RANGE_MISSING || range.optional;
        range.optional = false;
        if (range.state != RANGE_MISSING)
            result = result.state == RANGE_MISSING ? range
                                                   : range_either(result, range, encloser->arena);
    }
    result.optional = open && result.state == RANGE_BOUNDS;
    return result;
}

Range enclose_number(Encloser *encloser, const Expression *node)
{
    if (is_exact(encloser, node))
        return exact_number(encloser, node);
    Branches branches = {.encloser = encloser};
    switch (node->kind) {
    case KIND_SLOT:
        return range_of_cell(cell_of(encloser, node), encloser->arena);
    case KIND_ADD:
    case KIND_SUBTRACT:
    case KIND_MULTIPLY:
    case KIND_DIVIDE:
        return enclose_arithmetic(encloser, node);
    case KIND_NEGATE:
        return range_negate(enclose_number(encloser, node->parts[0]), encloser->arena);
    case KIND_PLUS:
    case KIND_AS_NUMBER:
        return enclose_number(encloser, node->parts[0]);
    case KIND_LEAST:
    case KIND_GREATEST:
        return enclose_extreme(encloser, node);
    case KIND_COALESCE:
        return enclose_coalesce(encloser, node);
    case KIND_CASE:
        each_branch(encloser, node, take_number, &branches);
        return branches.range;
    case KIND_CALL:
        return enclose_call(encloser, node);
    default:
        return range_nothing();
    }
}

unsigned enclose_truth(Encloser *encloser, const Expression *node)
{
    if (is_exact(encloser, node))
        return exact_truth(encloser, node);
    if (kind_is_comparison(node->kind))
        return enclose_comparison(encloser, node);
    Branches branches = {.encloser = encloser};
    switch (node->kind) {
    case KIND_OR:
    case KIND_AND:
    case KIND_NOT:
        return enclose_logic(encloser, node);
    case KIND_IS_NULL:
        return enclose_is_null(encloser, node);
    case KIND_BETWEEN:
        return enclose_between(encloser, node);
    case KIND_IN:
        return enclose_in(encloser, node);
    case KIND_CASE:
        each_branch(encloser, node, take_truth, &branches);
        return branches.truths;
    default:
        return MAY_BE_ANY;
    }
}

/* ---- cells ---- */

static Enclosed text_cell(Span text)
{
    return (Enclosed){.known = KNOWN_TEXT, .text = text};
}

static Enclosed truth_cell(unsigned truths)
{
    if (truths == MAY_BE_TRUE)
        return text_cell(SPAN("true"));
    if (truths == MAY_BE_FALSE)
        return text_cell(SPAN("false"));
    if (truths == MAY_BE_MISSING)
        return text_cell(SPAN(""));
    return (Enclosed){.known = KNOWN_NOTHING};
}

/* What is exact is written by the digits that a filter would write. */
static Enclosed exact_cell(Encloser *encloser, const Expression *node, int32_t places)
{
    if (node->type != TYPE_NUMBER || places < 0)
        return text_cell(exact_text(encloser, node));
    return range_cell(exact_number(encloser, node), places, encloser->arena);
}

static Enclosed coalesce_cell(Encloser *encloser, const Expression *node)
{
    for (size_t i = 0; i < node->count; i++) {
        Enclosed cell = enclose_cell(encloser, node->parts[i], -1);
        if (cell.optional)
            return (Enclosed){.known = KNOWN_NOTHING};
        if (cell.known != KNOWN_TEXT || cell.text.size != 0)
            return cell;
    }
    return text_cell(SPAN(""));
}

Enclosed enclose_cell(Encloser *encloser, const Expression *node, int32_t places)
{
    if (is_exact(encloser, node))
        return exact_cell(encloser, node, places);
    if (node->type == TYPE_NUMBER)
        return range_cell(enclose_number(encloser, node), places, encloser->arena);
    if (node->type == TYPE_TRUTH)
        return truth_cell(enclose_truth(encloser, node));
    Branches branches = {.encloser = encloser};
    switch (node->kind) {
    case KIND_SLOT:
        branches.cell = *cell_of(encloser, node);
        branches.cell.portion = NULL; /* which holds among the slots of one row */
        branches.cell.whole = NULL;
        return branches.cell;
    case KIND_CASE:
        each_branch(encloser, node, take_cell, &branches);
        return branches.cell;
    case KIND_COALESCE:
        return coalesce_cell(encloser, node);
    default:
        return (Enclosed){.known = KNOWN_NOTHING};
    }
}
