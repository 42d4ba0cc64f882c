/*
 * Tree: the nodes of an expression, shared by the parser, the typing, the evaluator and whatever
 * prints an expression.  Not for the filters: they see expression.h.
 *
 * A tree keeps every operator as it was written; parentheses are not kept because precedence tells
 * where they are needed.  `and` and `or` have any number of parts, so a long chain is not deep.
 */
#ifndef EXPR_TREE_H
#define EXPR_TREE_H

#include "expr/expression.h"
#include "num/number.h"

/* Where an expression was written. */
typedef struct Origin {
    const char *label;
    const char *text;
    size_t size;
} Origin;

/* Ends the program as usage: "LABEL:LINE:COLUMN: sentence" (column: 1-based byte of the line). */
_Noreturn void origin_fail(const Origin *origin, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* "LABEL:LINE:COLUMN" in a ring of static buffers; on a terminal the next failure shows the place.
 */
const char *origin_place(const Origin *origin, size_t at);

/* Families are ranges of these (kind_is_…). */
typedef enum Kind {
    KIND_NULL, /* constants: null and '', a number, 'text', true and false */
    KIND_NUMBER,
    KIND_TEXT,
    KIND_TRUTH,
    KIND_COLUMN,
    KIND_SLOT,    /* the result of a summary, or a group column (expression_take_summaries) */
    KIND_SUMMARY, /* parts: its argument, none for count(*) */
    KIND_OR,
    KIND_AND,
    KIND_NOT,
    KIND_IS_NULL,
    KIND_EQUAL, /* the six comparisons, in the order of comparison_truths (compare.c) */
    KIND_UNEQUAL,
    KIND_LESS,
    KIND_LESS_EQUAL,
    KIND_GREATER,
    KIND_GREATER_EQUAL,
    KIND_BETWEEN, /* parts: value, low, high */
    KIND_IN,      /* parts: value, items */
    KIND_LIKE,    /* parts: value, pattern */
    KIND_JOIN,    /* || */
    KIND_ADD,
    KIND_SUBTRACT,
    KIND_MULTIPLY,
    KIND_DIVIDE,
    KIND_REMAINDER,
    KIND_NEGATE,
    KIND_PLUS, /* unary */
    KIND_CASE, /* parts: [operand,] when, then, when, then, … [else]; see case_layout() */
    KIND_COALESCE,
    KIND_NULLIF,
    KIND_LEAST,
    KIND_GREATEST,
    KIND_AS_NUMBER, /* number(x) */
    KIND_AS_TEXT,   /* text(x) */
    KIND_CALL       /* a function with a body (functions.h) */
} Kind;

static inline bool kind_is_constant(Kind kind)
{
    return kind <= KIND_TRUTH;
}

/* Of type TRUTH whatever its parts are: from `or` to `like`. */
static inline bool kind_is_condition(Kind kind)
{
    return kind >= KIND_OR && kind <= KIND_LIKE;
}

static inline bool kind_is_comparison(Kind kind)
{
    return kind >= KIND_EQUAL && kind <= KIND_GREATER_EQUAL;
}

/* With two sides. */
static inline bool kind_is_arithmetic(Kind kind)
{
    return kind >= KIND_ADD && kind <= KIND_REMAINDER;
}

/* The sign of an arithmetic kind, of the unary ones too. */
const char *kind_sign(Kind kind);

/* The comparison that holds of the same two the other way round: of < it is >. */
Kind kind_mirrored(Kind kind);

struct Function; /* functions.h */

struct Expression {
    Kind kind;
    Type type;     /* of the value, once typed */
    Type operands; /* as what the parts are compared, once typed */
    bool negated;  /* not between, not in, not like, is not null */
    bool folds;    /* ilike */
    bool simple;   /* case with an operand */
    bool quoted;   /* a column in double quotes */
    bool constant; /* the value is known: number, text, truth or NULL's missing */
    uint32_t at;   /* offset of the operator or first byte in the origin's text */
    uint32_t height;
    const Origin *origin;
    Expression **parts;
    size_t count;

    Number number;                   /* a constant's value, also of 2000 + 1 */
    Span text;                       /* KIND_TEXT's value, KIND_COLUMN's name (NUL behind) */
    bool truth;                      /* KIND_TRUTH */
    const char *parameter;           /* a constant that was written :NAME */
    size_t column;                   /* KIND_COLUMN once bound */
    int slot;                        /* KIND_SLOT: >= 0 a summary's, -1-i group column i */
    const struct Function *function; /* KIND_CALL */
    SummaryFunction summary;         /* KIND_SUMMARY */
    const struct ConstantSet *set;   /* KIND_IN: items that are all constants */
};

/* The constants of an `in`, sorted, those that are missing left out. */
typedef struct ConstantSet {
    const Decimal *numbers;
    const Span *texts;
    size_t count;
    bool missing; /* there was a missing one */
} ConstantSet;

/* A new node with room for `count` parts, which the caller fills, then calls node_close(). */
Expression *node_new(Arena *arena, Kind kind, const Origin *origin, size_t at, size_t count);

/* Sets the height; fails when the tree is too deep for a bounded stack. */
Expression *node_close(Expression *node);

/* The parts of a case: pairs begin at `first`; `otherwise` is NULL without else. */
typedef struct CaseLayout {
    Expression *operand;
    Expression **pairs;
    size_t pair_count;
    Expression *otherwise;
} CaseLayout;

CaseLayout case_layout(const Expression *node);

/* The same expression, whatever the positions. */
bool tree_equal(const Expression *a, const Expression *b);

/* Types every node (typing.c); fails as usage on a mixture. */
void tree_type(Expression *node, Arena *arena);

/* What a node's values are once cells and null are taken as `wanted`. */
static inline Type type_as(const Expression *node, Type wanted)
{
    return node->type == TYPE_CELL || node->type == TYPE_NULL ? wanted : node->type;
}

/* As what the parts of a comparison are compared: those of nothing but cells and null as texts,
 * which is as good as anything since they come out missing. */
static inline Type operands_of(const Expression *node)
{
    return node->operands == TYPE_NUMBER || node->operands == TYPE_TRUTH ? node->operands
                                                                         : TYPE_TEXT;
}

/* Fails unless the expression, already typed, can stand as a condition. */
void tree_require_truth(const Expression *node);

/* The name of a summary function, and the function by name (case counts for nothing). */
const char *summary_name(SummaryFunction function);
bool summary_find(Span name, SummaryFunction *function);

#endif
