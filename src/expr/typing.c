/*
 * Typing: what every node's value is, from the leaves up (see expression.h for the rules).
 *
 * A CELL is weak: whatever stands beside it decides how it is read.  NULL fits anything.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/diagnostic.h"
#include "expr/functions.h"

static const char *type_phrase(Type type)
{
    switch (type) {
    case TYPE_NUMBER:
        return "a number";
    case TYPE_TEXT:
        return "text";
    case TYPE_TRUTH:
        return "a condition";
    case TYPE_CELL:
        return "a bare column";
    default:
        return "null";
    }
}

#define FAIL_NODE(node, ...) origin_fail((node)->origin, (node)->at, __VA_ARGS__)

/* What would make the types agree, as the end of a sentence. */
static const char *advice(Type a, Type b)
{
    return a == TYPE_TRUTH || b == TYPE_TRUTH ? "" : "; write number(…) or text(…) around one";
}

static const char *parameter_advice(const Expression *a, const Expression *b)
{
    const Expression *node = a->parameter != NULL ? a : b;
    static _Thread_local char said[160];
    if (node->parameter == NULL)
        return "";
    const char *name = shown(node->parameter, strlen(node->parameter));
    snprintf(said, sizeof said,
             node->type == TYPE_NUMBER
                 ? " (:%s is a number; -p %s=\"'…'\" makes it text)"
                 : " (:%s is text, since its value does not read as a number)",
             name, name);
    return said;
}

static _Noreturn void refuse_mixture(const Expression *node, const char *what, const Expression *a,
                                     const Expression *b)
{
    FAIL_NODE(node, "%s mixes %s and %s%s%s", what, type_phrase(a->type), type_phrase(b->type),
              advice(a->type, b->type), parameter_advice(a, b));
}

/* A column that the cell comes from, for messages: case and coalesce of cells are cells too. */
static const Expression *some_column(const Expression *cell)
{
    for (size_t i = 0; i < cell->count; i++)
        if (cell->parts[i]->type == TYPE_CELL)
            return some_column(cell->parts[i]);
    return cell;
}

static _Noreturn void refuse_cells(const Expression *node, const Expression *a, const Expression *b)
{
    const Expression *left = some_column(a), *right = some_column(b);
    const char *one = shown(left->text.at, left->text.size);
    const char *two = shown(right->text.at, right->text.size);
    if (right->quoted)
        FAIL_NODE(
            node,
            "two bare columns: \"%s\" in double quotes is one, a text stands in single quotes: "
            "'%s' (of columns, write number(%s) and number(\"%s\"), or text())",
            two, two, one, two);
    FAIL_NODE(node,
              "two bare columns: write number(%s) and number(%s), or text(%s) and text(%s), to say "
              "how they compare (is %s a text? It needs single quotes that the shell does not eat: "
              "\"%s = '%s'\")",
              one, two, one, two, two, one, two);
}

/*
 * The type that these parts share: the one strong type among them; else CELL if there is a cell,
 * else NULL.  `compares`: two cells are not enough to know how.
 */
typedef struct Common {
    const Expression *node;
    const char *what;
    bool compares;
    const Expression *strong, *cell, *other_cell;
} Common;

static void common_add(Common *common, const Expression *part)
{
    if (part->type == TYPE_CELL && common->cell == NULL)
        common->cell = part;
    else if (part->type == TYPE_CELL && common->other_cell == NULL)
        common->other_cell = part;
    if (part->type == TYPE_CELL || part->type == TYPE_NULL)
        return;
    if (common->strong == NULL)
        common->strong = part;
    else if (common->strong->type != part->type)
        refuse_mixture(common->node, common->what, common->strong, part);
}

static Type common_type(const Common *common)
{
    if (common->strong != NULL && common->strong->type == TYPE_TRUTH && common->cell != NULL)
        FAIL_NODE(common->cell, "a bare column is not a condition; write %s = 'true'",
                  shown(some_column(common->cell)->text.at, some_column(common->cell)->text.size));
    if (common->strong != NULL)
        return common->strong->type;
    if (common->compares && common->other_cell != NULL)
        refuse_cells(common->node, common->cell, common->other_cell);
    return common->cell != NULL ? TYPE_CELL : TYPE_NULL;
}

static Type common_of(const Expression *node, const char *what, bool compares)
{
    Common common = {.node = node, .what = what, .compares = compares};
    for (size_t i = 0; i < node->count; i++)
        common_add(&common, node->parts[i]);
    return common_type(&common);
}

void tree_require_truth(const Expression *node)
{
    if (node->type == TYPE_TRUTH || node->type == TYPE_NULL)
        return;
    if (node->type == TYPE_CELL) {
        const Expression *column = some_column(node);
        FAIL_NODE(node, "a bare column is not a condition; write %s = 'true'",
                  shown(column->text.at, column->text.size));
    }
    FAIL_NODE(node, "%s is not a condition", type_phrase(node->type));
}

static void require_number(const Expression *node, const Expression *part, const char *what)
{
    /* NOLINTNEXTLINE: only count(*) has no argument */
    if (part->type == TYPE_TEXT)
        FAIL_NODE(node, "%s takes a number, not text; write number(…)%s", what,
                  parameter_advice(part, part));
    if (part->type == TYPE_TRUTH)
        FAIL_NODE(node, "%s takes a number, not a condition; write case when … then 1 else 0 end",
                  what);
}

static void require_text(const Expression *node, const Expression *part, const char *what)
{
    if (part->type == TYPE_NUMBER || part->type == TYPE_TRUTH)
        FAIL_NODE(node, "%s takes text, not %s; write text(…)%s", what, type_phrase(part->type),
                  parameter_advice(part, part));
}

static void type_logic(Expression *node)
{
    for (size_t i = 0; i < node->count; i++)
        tree_require_truth(node->parts[i]);
}

static void type_comparison(Expression *node)
{
    node->operands = common_of(node, "the comparison", true);
    if (node->operands == TYPE_TRUTH && node->kind != KIND_EQUAL && node->kind != KIND_UNEQUAL)
        FAIL_NODE(node, "conditions are compared with = and <> only");
}

static int constant_order(const void *a, const void *b)
{
    return decimal_compare(*(const Decimal *)a, *(const Decimal *)b);
}

static int text_order(const void *a, const void *b)
{
    return span_compare(*(const Span *)a, *(const Span *)b);
}

/* Sorts the items of an `in` once and for all if they are all constants. */
static void set_prepare(Expression *node, Arena *arena)
{
    if (node->operands != TYPE_NUMBER && node->operands != TYPE_TEXT)
        return;
    for (size_t i = 1; i < node->count; i++)
        if (!node->parts[i]->constant)
            return;
    ConstantSet *set = arena_take(arena, sizeof *set);
    Decimal *numbers = arena_array(arena, node->count, sizeof *numbers);
    Span *texts = arena_array(arena, node->count, sizeof *texts);
    *set = (ConstantSet){.numbers = numbers, .texts = texts};
    for (size_t i = 1; i < node->count; i++) {
        const Expression *item = node->parts[i];
        numbers[set->count] = item->number.value;
        texts[set->count] = item->text;
        set->count += item->type != TYPE_NULL;
        set->missing |= item->type == TYPE_NULL;
    }
    if (node->operands == TYPE_NUMBER)
        qsort(numbers, set->count, sizeof *numbers, constant_order);
    else
        qsort(texts, set->count, sizeof *texts, text_order);
    node->set = set;
}

static void type_in(Expression *node, Arena *arena)
{
    node->operands = common_of(node, "in", true);
    set_prepare(node, arena);
}

static void type_between(Expression *node)
{
    node->operands = common_of(node, "between", true);
    if (node->operands == TYPE_TRUTH)
        FAIL_NODE(node, "between takes numbers or texts, not conditions");
}

static void type_like(Expression *node)
{
    const char *word = node->folds ? "ilike" : "like";
    node->operands = TYPE_TEXT;
    require_text(node, node->parts[0], word);
    require_text(node, node->parts[1], word);
}

/* 2000 + 1 and -5 are constants too; division is left to the rows it is asked for. */
static void fold(Expression *node, Arena *arena)
{
    for (size_t i = 0; i < node->count; i++)
        if (!node->parts[i]->constant || node->parts[i]->type != TYPE_NUMBER)
            return;
    Number a = node->parts[0]->number, b = node->count == 2 ? node->parts[1]->number : a;
    node->constant = true;
    switch (node->kind) {
    case KIND_ADD:
        node->number = number_add(a, b, arena);
        break;
    case KIND_SUBTRACT:
        node->number = number_subtract(a, b, arena);
        break;
    case KIND_NEGATE:
        node->number = number_negate(a, arena);
        break;
    case KIND_PLUS:
        node->number = a;
        break;
    default:
        node->constant = false;
    }
}

static void type_arithmetic(Expression *node, Arena *arena)
{
    for (size_t i = 0; i < node->count; i++)
        require_number(node, node->parts[i], kind_sign(node->kind));
    node->type = TYPE_NUMBER;
    node->operands = TYPE_NUMBER;
    fold(node, arena);
}

static void type_join(Expression *node)
{
    for (size_t i = 0; i < node->count; i++)
        if (node->parts[i]->type == TYPE_TRUTH)
            FAIL_NODE(node, "|| joins texts; conditions are joined with or");
    node->type = TYPE_TEXT;
    node->operands = TYPE_TEXT;
}

static void type_case(Expression *node)
{
    CaseLayout layout = case_layout(node);
    Common values = {.node = node, .what = "case"};
    Common compared = {.node = node, .what = "case", .compares = true};
    if (layout.operand != NULL)
        common_add(&compared, layout.operand);
    for (size_t i = 0; i < layout.pair_count; i++) {
        if (layout.operand != NULL)
            common_add(&compared, layout.pairs[2 * i]);
        else
            tree_require_truth(layout.pairs[2 * i]);
        common_add(&values, layout.pairs[2 * i + 1]);
    }
    if (layout.otherwise != NULL)
        common_add(&values, layout.otherwise);
    node->operands = common_type(&compared);
    node->type = common_type(&values);
}

static void type_choice(Expression *node)
{
    bool compares = node->kind != KIND_COALESCE;
    node->type = common_of(node, node->function->name, compares);
    node->operands = node->type;
    if (node->type == TYPE_TRUTH && (node->kind == KIND_LEAST || node->kind == KIND_GREATEST))
        FAIL_NODE(node, "%s takes numbers or texts, not conditions", node->function->name);
}

static void type_call(Expression *node)
{
    const Function *function = node->function;
    for (size_t i = 0; i < node->count; i++)
        if (function->arguments[i] == TYPE_NUMBER)
            require_number(node, node->parts[i], function->name);
        else
            require_text(node, node->parts[i], function->name);
    node->type = function->result;
}

static Decimal fraction_of(const Expression *node, const Expression *part)
{
    static const Decimal one = {.small = 1};
    if (!part->constant || part->type != TYPE_NUMBER)
        FAIL_NODE(node, "the second argument of quantile must be a number or a parameter");
    Decimal p = part->number.value;
    if (decimal_sign(p) < 0 || decimal_compare(p, one) > 0)
        FAIL_NODE(part, "the second argument of quantile must lie between 0 and 1");
    return p;
}

static void type_summary(Expression *node)
{
    SummaryCall call = {.function = node->summary};
    if (node->count != 0)
        call.argument = node->parts[0];
    if (node->summary == SUMMARY_QUANTILE)
        (void)fraction_of(node, node->parts[1]);
    bool any = node->summary <= SUMMARY_COUNT_DISTINCT || node->summary == SUMMARY_MODE ||
               node->summary == SUMMARY_FIRST || node->summary == SUMMARY_LAST;
    bool extreme = node->summary == SUMMARY_MIN || node->summary == SUMMARY_MAX;
    /* NOLINTNEXTLINE: only count(*) has no argument */
    if (!any && !(extreme && call.argument->type == TYPE_TEXT))
        require_number(node, call.argument, summary_name(node->summary));
    node->type = summary_type(&call);
}

Type summary_type(const SummaryCall *call)
{
    switch (call->function) {
    case SUMMARY_MIN:
    case SUMMARY_MAX:
        return call->argument->type == TYPE_TEXT ? TYPE_TEXT : TYPE_NUMBER;
    case SUMMARY_MODE:
    case SUMMARY_FIRST:
    case SUMMARY_LAST:
        /* NOLINTNEXTLINE: only count(*) has no argument */
        return call->argument->type == TYPE_NUMBER ? TYPE_NUMBER
               : call->argument->type == TYPE_CELL ? TYPE_CELL
                                                   : TYPE_TEXT;
    default:
        return TYPE_NUMBER;
    }
}

static void type_constant(Expression *node)
{
    static const Type types[] = {[KIND_NULL] = TYPE_NULL,
                                 [KIND_NUMBER] = TYPE_NUMBER,
                                 [KIND_TEXT] = TYPE_TEXT,
                                 [KIND_TRUTH] = TYPE_TRUTH};
    node->type = types[node->kind];
    node->constant = true;
}

static void type_condition(Expression *node, Arena *arena)
{
    node->type = TYPE_TRUTH;
    if (kind_is_comparison(node->kind))
        type_comparison(node);
    else if (node->kind == KIND_BETWEEN)
        type_between(node);
    else if (node->kind == KIND_IN)
        type_in(node, arena);
    else if (node->kind == KIND_LIKE)
        type_like(node);
    else if (node->kind != KIND_IS_NULL)
        type_logic(node);
}

static void type_as_number(Expression *node)
{
    if (node->parts[0]->type == TYPE_TRUTH)
        require_number(node, node->parts[0], "number");
    node->type = TYPE_NUMBER;
}

static void type_value(Expression *node)
{
    switch (node->kind) {
    case KIND_COLUMN:
        node->type = TYPE_CELL;
        break;
    case KIND_SUMMARY:
        type_summary(node);
        break;
    case KIND_JOIN:
        type_join(node);
        break;
    case KIND_CASE:
        type_case(node);
        break;
    case KIND_AS_NUMBER:
        type_as_number(node);
        break;
    case KIND_AS_TEXT:
        node->type = TYPE_TEXT;
        break;
    case KIND_CALL:
        type_call(node);
        break;
    case KIND_SLOT:
        break; /* it has its type from the summary that it was */
    default:
        type_choice(node);
    }
}

void tree_type(Expression *node, Arena *arena)
{
    for (size_t i = 0; i < node->count; i++)
        tree_type(node->parts[i], arena);
    if (kind_is_constant(node->kind))
        type_constant(node);
    else if (kind_is_condition(node->kind))
        type_condition(node, arena);
    else if (kind_is_arithmetic(node->kind) || node->kind == KIND_NEGATE || node->kind == KIND_PLUS)
        type_arithmetic(node, arena);
    else
        type_value(node);
}
