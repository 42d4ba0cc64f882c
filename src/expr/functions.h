/*
 * Functions: the table of those that an expression may call.
 *
 * A function with a body is strict: missing if any argument is missing, and the body sees values
 * only.  The others (coalesce, least …) are kinds of node of their own and the evaluator's matter.
 */
#ifndef EXPR_FUNCTIONS_H
#define EXPR_FUNCTIONS_H

#include "expr/tree.h"

enum { FUNCTION_ARGUMENTS = 3, FUNCTION_ANY_COUNT = 255 };

/* An argument or result of a body: a number or a text, as the table says. */
typedef struct Value {
    Number number;
    Span text;
} Value;

/* NULL, or a phrase that says why there is no result. An empty text as result is missing. */
typedef const char *FunctionBody(const Value *arguments, size_t count, Value *result, Arena *arena);

typedef struct Function {
    const char *name;
    const char *usage;   /* for messages: "round(x[, places])" */
    Kind kind;           /* KIND_CALL, or the kind of node it becomes */
    uint8_t least, most; /* how many arguments */
    Type arguments[FUNCTION_ARGUMENTS];
    Type result;
    FunctionBody *body;
} Function;

/* The function by name (case counts for nothing), or NULL. */
const Function *function_find(Span name);

/* " (did you mean NAME?)" over functions and summaries, or "". */
const char *function_suggestion(Span name);

#endif
