#include "warrant/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"

static void parameter_set(Parameters *parameters, const Parameter *parameter)
{
    for (size_t i = 0; i < parameters->count; i++)
        if (strcmp(parameters->items[i].name, parameter->name) == 0) {
            parameters->items[i] = *parameter;
            return;
        }
    parameters->items[parameters->count++] = *parameter;
}

static void parameters_lay(Parameters *parameters, const Parameters *over)
{
    for (size_t i = 0; over != NULL && i < over->count; i++)
        parameter_set(parameters, &over->items[i]);
}

Setting *setting_make(const Document *document, const Catalogue *catalogue, const Reading *reading,
                      const char *vintage, const Parameters *given, Arena *arena)
{
    Setting *setting = arena_take(arena, sizeof *setting);
    *setting = (Setting){
        .document = document, .catalogue = catalogue, .reading = reading, .vintage = vintage};
    const Parameters *own = reading == NULL ? NULL : &reading->parameters;
    size_t room = document->parameters.count + (own == NULL ? 0 : own->count) +
                  (given == NULL ? 0 : given->count);
    setting->parameters.items = arena_array(arena, room, sizeof *setting->parameters.items);
    setting->parameters.room = room;
    parameters_lay(&setting->parameters, &document->parameters);
    parameters_lay(&setting->parameters, own);
    parameters_lay(&setting->parameters, given);
    size_t names = document->source_count + document->step_count;
    setting->known = arena_array(arena, names, sizeof *setting->known);
    for (size_t i = 0; i < names; i++)
        setting->known[i] = NULL;
    return setting;
}

static const Reading *find_in(const ReadingList *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i].name, name) == 0)
            return &list->items[i];
    return NULL;
}

static const Reading *find_reading(const Document *document, const char *name, Arena *arena)
{
    if (name == NULL)
        return NULL;
    const Reading *reading = find_in(&document->readings, name);
    for (size_t i = 0; i < document->claim_count && reading == NULL; i++)
        reading = find_in(&document->claims[i].readings, name);
    if (reading != NULL)
        return reading;
    const char **names = arena_array(arena, document->readings.count, sizeof *names);
    for (size_t i = 0; i < document->readings.count; i++)
        names[i] = document->readings.items[i].name;
    fail("%s: unknown reading: %s%s", document->path, shown(name, strlen(name)),
         text_suggestion(span_of(name), names, document->readings.count));
}

static void check_parameters(const Document *document, const Parameters *given)
{
    for (size_t i = 0; i < given->count; i++) {
        const char *name = given->items[i].name;
        if (parameters_find(&document->parameters, span_of(name)) == NULL)
            fail("%s: unknown parameter: %s%s", document->path, shown(name, strlen(name)),
                 parameters_suggestion(&document->parameters, span_of(name)));
    }
}

Setting *setting_asked(const Document *document, const Catalogue *catalogue, const char *reading,
                       const Parameters *given, Arena *arena)
{
    check_parameters(document, given);
    return setting_make(document, catalogue, find_reading(document, reading, arena), NULL, given,
                        arena);
}

Setting *setting_control(Setting *plain, const Control *control, Arena *arena)
{
    Setting *setting = setting_make(plain->document, plain->catalogue, plain->reading,
                                    plain->vintage, &plain->parameters, arena);
    setting->plain = plain;
    setting->control = control;
    return setting;
}

const char *setting_name(const Setting *setting)
{
    return setting->reading == NULL ? "default" : setting->reading->name;
}

const char *setting_vintage(const Setting *setting, const SourceName *source)
{
    if (source->series == NULL)
        return NULL;
    if (setting->vintage != NULL &&
        catalogue_vintage(setting->catalogue, source->series, setting->vintage) != NULL)
        return setting->vintage;
    const Reading *reading = setting->reading;
    for (size_t i = 0; reading != NULL && i < reading->vintage_count; i++)
        if (strcmp(reading->vintages[i].name, source->series) == 0)
            return reading->vintages[i].value;
    return source->vintage;
}

static void fail_no_vintage(const Catalogue *catalogue, const SourceName *source,
                            const char *vintage)
{
    char there[512] = "";
    for (size_t i = 0; i < catalogue->count; i++) {
        const Resource *resource = &catalogue->resources[i];
        if (resource->series == NULL || strcmp(resource->series, source->series) != 0)
            continue;
        size_t used = strlen(there);
        snprintf(there + used, sizeof there - used, "%s%s", used == 0 ? "" : ", ",
                 resource->vintage);
    }
    if (there[0] == '\0')
        fail("%s has no series %s", catalogue->path, source->series);
    fail("series %s has no vintage %s (there are %s)", source->series, vintage, there);
}

static _Noreturn void fail_no_resource(const Catalogue *catalogue, const char *name)
{
    const char **names = memory_array(catalogue->count, sizeof *names);
    for (size_t i = 0; i < catalogue->count; i++)
        names[i] = catalogue->resources[i].name;
    const char *suggestion = text_suggestion(span_of(name), names, catalogue->count);
    free(names);
    fail("%s has no resource %s%s", catalogue->path, name, suggestion);
}

size_t setting_resource_count(const SourceName *source)
{
    return source->series == NULL ? source->resource_count : 1;
}

const Resource *setting_resource(const Setting *setting, const SourceName *source, size_t number)
{
    const Catalogue *catalogue = setting->catalogue;
    if (source->series == NULL) {
        const char *name = source->resources[number];
        const Resource *resource = catalogue_resource(catalogue, name);
        if (resource == NULL)
            fail_no_resource(catalogue, name);
        return resource;
    }
    const char *vintage = setting_vintage(setting, source);
    const Resource *resource =
        vintage == NULL ? NULL : catalogue_vintage(catalogue, source->series, vintage);
    if (resource == NULL)
        fail_no_vintage(catalogue, source, vintage == NULL ? "of its own" : vintage);
    return resource;
}

static Decimal bound_value(const Setting *setting, const Bound *bound)
{
    if (bound->parameter == NULL)
        return bound->number;
    const Parameter *parameter = parameters_find(&setting->parameters, span_of(bound->parameter));
    if (parameter == NULL || parameter->list || parameter->values[0].kind != PARAMETER_NUMBER)
        fail("needs: parameter %s is not a number", bound->parameter);
    return parameter->values[0].number;
}

static const Cover *cover_of(const Resource *resource, const char *column)
{
    for (size_t i = 0; i < resource->cover_count; i++)
        if (strcmp(resource->covers[i].column, column) == 0)
            return &resource->covers[i];
    return NULL;
}

static const char *range_write(Decimal first, Decimal last, Arena *arena)
{
    Buffer text = {0};
    decimal_write(first, &text);
    buffer_text(&text, " to ");
    decimal_write(last, &text);
    const char *copy = arena_copy(arena, text.at, text.size);
    buffer_free(&text);
    return copy;
}

/* A source's covers of one column, in order. */
typedef struct Covers {
    Cover *items;
    size_t count;
} Covers;

static void covers_insert(Covers *covers, const Cover *cover)
{
    size_t at = covers->count++;
    for (; at > 0 && decimal_compare(covers->items[at - 1].first, cover->first) > 0; at--)
        covers->items[at] = covers->items[at - 1];
    covers->items[at] = *cover;
}

/* Those that touch become one: 2001 to 2003 and 2004 to 2005 leave no year out. */
static void covers_join(Covers *covers, Arena *arena)
{
    size_t kept = 0;
    for (size_t i = 1; i < covers->count; i++) {
        Cover *last = &covers->items[kept];
        const Cover *next = &covers->items[i];
        if (decimal_compare(next->first, decimal_add(last->last, decimal_of(1), arena)) > 0)
            covers->items[++kept] = *next;
        else if (decimal_compare(next->last, last->last) > 0)
            last->last = next->last;
    }
    covers->count = covers->count == 0 ? 0 : kept + 1;
}

static const char *covers_write(const Covers *covers, Arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < covers->count; i++)
        text = arena_format(arena, "%s%s%s", text, i == 0 ? "" : " and ",
                            range_write(covers->items[i].first, covers->items[i].last, arena));
    return text;
}

static const char *need_uncovered(const Setting *setting, const SourceName *source,
                                  const Need *need, Arena *arena)
{
    size_t count = setting_resource_count(source);
    Covers covers = {arena_array(arena, count, sizeof *covers.items), 0};
    Decimal first = bound_value(setting, &need->first);
    Decimal last = bound_value(setting, &need->last);
    for (size_t i = 0; i < count; i++) {
        const Resource *resource = setting_resource(setting, source, i);
        const Cover *cover = cover_of(resource, need->column);
        if (cover == NULL)
            return arena_format(arena, "%s does not say which %s it covers; %s is needed",
                                resource->name, need->column, range_write(first, last, arena));
        covers_insert(&covers, cover);
    }
    covers_join(&covers, arena);
    for (size_t i = 0; i < covers.count; i++)
        if (decimal_compare(covers.items[i].first, first) <= 0 &&
            decimal_compare(covers.items[i].last, last) >= 0)
            return NULL;
    const char *name = count == 1 ? setting_resource(setting, source, 0)->name : source->name;
    return arena_format(arena, "%s %s %s %s, not %s", name,
                        count == 1 ? "covers" : "together covers", need->column,
                        covers_write(&covers, arena), range_write(first, last, arena));
}

const char *setting_uncovered(const Setting *setting, const SourceName *source, Arena *arena)
{
    const char *problem = NULL;
    for (size_t i = 0; i < source->need_count && problem == NULL; i++)
        problem = need_uncovered(setting, source, &source->needs[i], arena);
    return problem;
}
