/*
 * Parameters: the values that :NAME stands for in expressions.
 *
 * A parameter is bound as a value and never pasted as text, so no value can change what an
 * expression means.
 */
#ifndef EXPR_PARAMETERS_H
#define EXPR_PARAMETERS_H

#include <stdbool.h>

#include "base/memory.h"
#include "base/text.h"
#include "num/decimal.h"

typedef enum ParameterKind { PARAMETER_MISSING, PARAMETER_NUMBER, PARAMETER_TEXT } ParameterKind;

typedef struct ParameterValue {
    ParameterKind kind;
    Decimal number;
    Span text; /* TEXT: the value; NUMBER: as it was written */
} ParameterValue;

typedef struct Parameter {
    const char *name;
    bool list;    /* for `in :name` only */
    size_t count; /* 1 unless a list; a list may be empty */
    ParameterValue *values;
} Parameter;

typedef struct Parameters {
    Arena arena;
    Parameter *items;
    size_t count, room;
} Parameters; /* all zero is an empty set */

/*
 * Binds "NAME=VALUE" as given to -p: a number if VALUE reads as one, text if it is quoted as in SQL
 * ('it''s') or does not, a list in parentheses ('FRA','DEU', 3), missing if nothing stands there.
 * Fails as usage on a bad name, a name bound twice, an unfinished quote or list.
 */
void parameters_bind(Parameters *parameters, const char *assignment);

/* NULL when no parameter has that name. */
const Parameter *parameters_find(const Parameters *parameters, Span name);
/* " (did you mean NAME?)", or what is bound, or "": for a name that is not. */
const char *parameters_suggestion(const Parameters *parameters, Span name);

void parameters_free(Parameters *parameters);

/* Writes a parameter as -p would take it back: NAME=VALUE. Appends. */
void parameter_write(const Parameter *parameter, Buffer *out);

#endif
