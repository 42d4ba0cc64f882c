#include "expr/parameters.h"

#include <stdlib.h>

#include "base/diagnostic.h"
#include "expr/lexer.h"

/* What is being bound, for messages and as a cursor. */
typedef struct Binding {
    Parameters *parameters;
    Span name, rest;
} Binding;

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static Span trimmed(Span text)
{
    while (text.size != 0 && is_blank(text.at[0]))
        text = (Span){text.at + 1, text.size - 1};
    while (text.size != 0 && is_blank(text.at[text.size - 1]))
        text.size--;
    return text;
}

/* Bytes of the 'text' in front, quotes included, 0 if it is never closed. */
static size_t quoted_size(Span text)
{
    for (size_t i = 1; i < text.size; i++) {
        if (text.at[i] != '\'')
            continue;
        if (i + 1 == text.size || text.at[i + 1] != '\'')
            return i + 1;
        i++;
    }
    return 0;
}

static Span unquoted(Span quoted, Arena *arena)
{
    char *value = arena_take(arena, quoted.size);
    size_t size = 0;
    for (size_t i = 1; i + 1 < quoted.size; i++) {
        value[size++] = quoted.at[i];
        i += quoted.at[i] == '\'';
    }
    return (Span){value, size};
}

static ParameterValue text_value(Span text)
{
    return (ParameterValue){.kind = text.size == 0 ? PARAMETER_MISSING : PARAMETER_TEXT,
                            .text = text};
}

/* A value without quotes: a number if it reads as one, text if not. */
static ParameterValue plain_value(const Binding *binding, Span text)
{
    Arena *arena = &binding->parameters->arena;
    ParameterValue value = text_value((Span){arena_copy(arena, text.at, text.size), text.size});
    if (text.size == 0)
        return value;
    DecimalSyntax syntax = decimal_read(text, &value.number, arena);
    if (syntax == DECIMAL_TOO_LONG)
        fail_usage("parameter %s: number has more than %d digits: %s",
                   shown(binding->name.at, binding->name.size), (int)DECIMAL_MAX_DIGITS,
                   shown(text.at, text.size));
    if (syntax == DECIMAL_READ)
        value.kind = PARAMETER_NUMBER;
    return value;
}

static ParameterValue quoted_value(const Binding *binding, Span text)
{
    const char *name = shown(binding->name.at, binding->name.size);
    size_t size = quoted_size(text);
    if (size == 0)
        fail_usage("parameter %s: this ' is never closed: %s", name, shown(text.at, text.size));
    if (size != text.size)
        fail_usage("parameter %s: a quote inside a text is doubled: %s", name,
                   shown(text.at, text.size));
    return text_value(unquoted(text, &binding->parameters->arena));
}

static ParameterValue value_of(const Binding *binding, Span text)
{
    return text.size != 0 && text.at[0] == '\'' ? quoted_value(binding, text)
                                                : plain_value(binding, text);
}

/* The list's next item, without the blanks around it; moves `rest` behind its comma. */
static Span next_item(const Binding *binding, Span *rest, bool *more)
{
    Span text = trimmed(*rest);
    size_t end = text.size != 0 && text.at[0] == '\'' ? quoted_size(text) : 0;
    while (end < text.size && text.at[end] != ',')
        end++;
    *more = end < text.size;
    *rest = (Span){text.at + end + *more, text.size - end - *more};
    Span item = trimmed((Span){text.at, end});
    if (item.size == 0)
        fail_usage("parameter %s: an item of the list is empty",
                   shown(binding->name.at, binding->name.size));
    return item;
}

static void bind_list(const Binding *binding, Parameter *parameter)
{
    Span inside = trimmed((Span){binding->rest.at + 1, binding->rest.size - 1});
    if (inside.size == 0 || inside.at[inside.size - 1] != ')')
        fail_usage("parameter %s: the list is never closed: %s (quote it if it is text: '(…')",
                   shown(binding->name.at, binding->name.size),
                   shown(binding->rest.at, binding->rest.size));
    inside = trimmed((Span){inside.at, inside.size - 1});
    ParameterValue *values = NULL;
    size_t room = 0;
    for (bool more = inside.size != 0; more; parameter->count++) {
        Arena *arena = &binding->parameters->arena;
        if (parameter->count == room) {
            room = room == 0 ? 8 : room * 2;
            ParameterValue *wider = arena_array(arena, room, sizeof *wider);
            if (values != NULL)
                memcpy(wider, values, parameter->count * sizeof *wider);
            values = wider;
        }
        values[parameter->count] = value_of(binding, next_item(binding, &inside, &more));
    }
    parameter->list = true;
    parameter->values = values;
}

static void bind_scalar(const Binding *binding, Parameter *parameter)
{
    parameter->count = 1;
    parameter->values = arena_take(&binding->parameters->arena, sizeof *parameter->values);
    parameter->values[0] = value_of(binding, binding->rest);
}

static Binding split(Parameters *parameters, const char *assignment)
{
    Span text = span_of(assignment);
    size_t size = name_length(text);
    if (utf8_valid(text.at, text.size) != text.size)
        fail_usage("parameter is not UTF-8: %s", shown(text.at, text.size));
    if (size == 0 || text.at[size] != '=')
        fail_usage("parameter must be NAME=VALUE, the name of letters, digits and _: %s",
                   shown(text.at, text.size));
    Binding binding = {.parameters = parameters,
                       .name = {text.at, size},
                       .rest = {text.at + size + 1, text.size - size - 1}};
    if (parameters_find(parameters, binding.name) != NULL)
        fail_usage("parameter %s is bound twice", shown(text.at, size));
    return binding;
}

void parameters_bind(Parameters *parameters, const char *assignment)
{
    Binding binding = split(parameters, assignment);
    Parameter parameter = {.name =
                               arena_copy(&parameters->arena, binding.name.at, binding.name.size)};
    if (binding.rest.size != 0 && binding.rest.at[0] == '(')
        bind_list(&binding, &parameter);
    else
        bind_scalar(&binding, &parameter);
    parameters->items = memory_grow(parameters->items, &parameters->room, parameters->count,
                                    sizeof *parameters->items);
    parameters->items[parameters->count++] = parameter;
}

const Parameter *parameters_find(const Parameters *parameters, Span name)
{
    for (size_t i = 0; i < parameters->count; i++)
        if (span_equal(span_of(parameters->items[i].name), name))
            return &parameters->items[i];
    return NULL;
}

const char *parameters_suggestion(const Parameters *parameters, Span name)
{
    enum { NAMES = 64 };
    const char *names[NAMES];
    size_t count = parameters->count < NAMES ? parameters->count : NAMES;
    for (size_t i = 0; i < count; i++)
        names[i] = parameters->items[i].name;
    return text_suggestion(name, names, count);
}

void parameters_free(Parameters *parameters)
{
    arena_free(&parameters->arena);
    free(parameters->items);
    *parameters = (Parameters){0};
}

static void value_write(const ParameterValue *value, Buffer *out)
{
    if (value->kind == PARAMETER_NUMBER)
        buffer_append(out, value->text.at, value->text.size);
    if (value->kind != PARAMETER_TEXT)
        return;
    buffer_byte(out, '\'');
    for (size_t i = 0; i < value->text.size; i++) {
        if (value->text.at[i] == '\'')
            buffer_byte(out, '\'');
        buffer_byte(out, value->text.at[i]);
    }
    buffer_byte(out, '\'');
}

void parameter_write(const Parameter *parameter, Buffer *out)
{
    buffer_text(out, parameter->name);
    buffer_byte(out, '=');
    if (parameter->list)
        buffer_byte(out, '(');
    for (size_t i = 0; i < parameter->count; i++) {
        if (i != 0)
            buffer_text(out, ", ");
        if (parameter->list && parameter->values[i].kind == PARAMETER_MISSING)
            buffer_text(out, "''");
        value_write(&parameter->values[i], out);
    }
    if (parameter->list)
        buffer_byte(out, ')');
}
