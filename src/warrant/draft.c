#define _XOPEN_SOURCE 700 /* realpath */
#include "warrant/draft.h"

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "warrant/catalogue.h"
#include "warrant/entry.h"
#include "warrant/invocation.h"
#include "warrant/pipe.h"

enum { INDENT = 6 };

static const char default_catalogue[] = "data/datapackage.json";

/* ---- taking the line apart ---- */

typedef struct StageReading {
    Draft *draft;
    const Stage *stage;
    CommandLine command;
    bool first; /* of the line */
    Arena *arena;
} StageReading;

static _Noreturn void fail_stage(const StageReading *reading, const char *text)
{
    place_fail("standard input", reading->stage->mark, "%s: %s", reading->stage->filter->name,
               text);
}

/* The source for a file, made if it is new. */
static DraftSource *source_for(Draft *draft, const char *file, Arena *arena)
{
    for (size_t i = 0; i < draft->source_count; i++)
        if (strcmp(draft->sources[i].file, file) == 0)
            return &draft->sources[i];
    DraftSource *source = &draft->sources[draft->source_count++];
    *source = (DraftSource){.file = arena_copy(arena, file, strlen(file))};
    return source;
}

static void bind_parameter(Draft *draft, const char *assignment)
{
    Span name = {assignment, strcspn(assignment, "=")};
    const Parameter *known = parameters_find(&draft->parameters, name);
    Buffer text = {0};
    if (known != NULL)
        parameter_write(known, &text);
    bool same = known != NULL && strcmp(buffer_string(&text), assignment) == 0;
    buffer_free(&text);
    if (!same)
        parameters_bind(&draft->parameters, assignment);
}

static const char *option_text(const GivenOption *given, Arena *arena)
{
    const char *value = given->value == NULL ? "" : given->value;
    const char *gap = given->value == NULL ? "" : " ";
    if (given->option->letter != '\0')
        return arena_format(arena, "-%c%s%s", given->option->letter, gap, value);
    return arena_format(arena, "--%s%s%s", given->option->name, gap, value);
}

static void add_option_words(const GivenOption *given, const char *value, char **words,
                             size_t *count, Arena *arena)
{
    const Option *option = given->option;
    words[(*count)++] = option->letter != '\0' ? arena_format(arena, "-%c", option->letter)
                                               : arena_format(arena, "--%s", option->name);
    if (value != NULL)
        words[(*count)++] = arena_copy(arena, value, strlen(value));
}

/* Each option goes where it belongs. */
static void take_option(StageReading *reading, const GivenOption *given, char **words,
                        size_t *count)
{
    Draft *draft = reading->draft;
    const Option *option = given->option;
    const char *value = given->value;
    if (strcmp(option->name, "param") == 0) {
        bind_parameter(draft, value);
        return;
    }
    if (strcmp(option->name, "rejected") == 0)
        fail_stage(reading, "--rejected writes a second table, which a step has no place for");
    if (option->flags & OPTION_NOT_IN_PIPES || strcmp(option->name, "stats") == 0) {
        draft->left_out[draft->left_out_count++] = option_text(given, reading->arena);
        return;
    }
    if (option->flags & OPTION_SOURCE)
        source_for(draft, value, reading->arena); /* the name is known when it is catalogued */
    add_option_words(given, value, words, count, reading->arena);
}

static void take_files(StageReading *reading, size_t arguments)
{
    Draft *draft = reading->draft;
    const CommandLine *command = &reading->command;
    if (reading->first && command->operand_count == arguments)
        fail_stage(reading, "which FILE does it read? (a pipeline can't read standard input)");
    for (size_t i = arguments; i < command->operand_count; i++) {
        const char *file = command->operands[i];
        if (!reading->first)
            fail_stage(reading, arena_format(reading->arena, "reads the filter before it, not %s",
                                             shown(file, strlen(file))));
        if (strcmp(file, "-") == 0)
            fail_stage(reading, "a pipeline can't read standard input: name the FILE");
        source_for(draft, file, reading->arena);
        draft->input_count = draft->source_count;
    }
}

/* The stage's words in a pipeline: name, arguments, options. */
static char **take_words(StageReading *reading)
{
    const Stage *stage = reading->stage;
    const CommandLine *command = &reading->command;
    size_t arguments = specification_arguments(stage->filter, command), count = 0;
    if (command->operand_count < arguments)
        fail_stage(reading, arena_format(reading->arena, "%s is missing",
                                         specification_usage(stage->filter)));
    char **words = arena_array(
        reading->arena, 2 + command->operand_count + 2 * command->given_count, sizeof *words);
    words[count++] = arena_format(reading->arena, "%s", stage->filter->name);
    for (size_t i = 0; i < arguments; i++)
        words[count++] = arena_format(reading->arena, "%s", command->operands[i]);
    take_files(reading, arguments);
    for (size_t i = 0; i < command->given_count; i++)
        take_option(reading, &command->given[i], words, &count);
    words[count] = NULL;
    return words;
}

static void take_stage(StageReading *reading)
{
    Draft *draft = reading->draft;
    const Stage *stage = reading->stage;
    const Option *const tables[] = {stage->filter->options, common_options, NULL};
    bool display = stage->filter->kind == STAGE_DISPLAY;
    command_line_parse(&reading->command, (int)stage->word_count, stage->words, tables);
    char **words = take_words(reading);
    if (display)
        draft->shows[draft->show_count++] = words;
    else if (draft->show_count != 0)
        fail_stage(reading, "what is for the eye must come last in the line");
    else
        draft->commands[draft->command_count++] = words;
}

static void read_stage(Draft *draft, size_t number, Arena *arena)
{
    StageReading *reading = arena_take(arena, sizeof *reading);
    *reading = (StageReading){
        .draft = draft, .stage = &draft->line.stages[number], .first = number == 0, .arena = arena};
    Trap trap;
    if (!TRAP_SET(&trap)) {
        command_line_free(&reading->command);
        if (strncmp(trap.message, "standard input:", 15) == 0)
            fail("%s", trap.message);
        place_fail("standard input", reading->stage->mark, "%s: %s", reading->stage->filter->name,
                   trap.message);
    }
    take_stage(reading);
    trap_end(&trap);
    command_line_free(&reading->command);
}

/* A prompt that was pasted along, and blank lines about the line. */
static const char *without_prompt(const char *text)
{
    text += strspn(text, " \t\r\n");
    return strncmp(text, "$ ", 2) == 0 ? text + 2 : text;
}

static const char *name_of(const char *path, Arena *arena)
{
    const char *slash = strrchr(path, '/'), *base = slash == NULL ? path : slash + 1;
    size_t size = strlen(base);
    if (size < 6 || strcmp(base + size - 5, ".yaml") != 0)
        fail_usage("new: the pipeline's file is called NAME.yaml: %s", shown(path, strlen(path)));
    return arena_copy(arena, base, size - 5);
}

Draft draft_read(const char *text, const char *path, Arena *arena)
{
    Draft draft = {.name = name_of(path, arena)};
    const char *line = without_prompt(text);
    Passage passage = {.file = "standard input", .text = line, .mark = {1, 1}, .literal = true};
    draft.line = pipe_parse_line(&passage, arena);
    size_t words = strlen(line) + 1, stages = draft.line.count;
    draft.sources = arena_array(arena, words, sizeof *draft.sources);
    draft.left_out = arena_array(arena, words, sizeof *draft.left_out);
    draft.commands = arena_array(arena, stages, sizeof *draft.commands);
    draft.shows = arena_array(arena, stages, sizeof *draft.shows);
    for (size_t i = 0; i < stages; i++)
        read_stage(&draft, i, arena);
    const char *slash = strrchr(path, '/');
    const char *folder = slash == NULL ? "." : arena_copy(arena, path, (size_t)(slash - path));
    draft.catalogue = catalogue_nearest(*folder == '\0' ? "/" : folder, arena);
    if (draft.catalogue == NULL)
        draft.catalogue = default_catalogue;
    return draft;
}

void draft_close(Draft *draft)
{
    parameters_free(&draft->parameters);
}

/* ---- the catalogue ---- */

static bool same_file(const char *a, const char *b)
{
    char *one = realpath(a, NULL), *other = realpath(b, NULL);
    bool same = one != NULL && other != NULL && strcmp(one, other) == 0;
    free(one);
    free(other);
    return same;
}

/* Letters, digits, - and _, as names in a pipeline are, and not taken yet. */
static const char *source_name(const Draft *draft, const DraftSource *source, Arena *arena)
{
    const char *base = source->series != NULL ? source->series : source->resource;
    char *name = arena_copy(arena, base, strlen(base));
    for (char *at = name; *at != '\0'; at++)
        if (*at == '.')
            *at = '-';
    for (const DraftSource *other = draft->sources; other != source; other++)
        if (strcmp(other->name, name) == 0)
            return arena_format(arena, "%s-%zu", name, (size_t)(source - draft->sources) + 1);
    return strcmp(name, "result") == 0 ? "results" : name;
}

static bool find_resource(const Draft *draft, DraftSource *source, Arena *arena)
{
    Catalogue *catalogue = catalogue_load(draft->catalogue);
    bool found = false;
    for (size_t i = 0; i < catalogue->count && !found; i++) {
        const Resource *resource = &catalogue->resources[i];
        found = same_file(resource->path, source->file);
        if (!found)
            continue;
        source->resource = arena_copy(arena, resource->name, strlen(resource->name));
        if (resource->series == NULL)
            continue;
        source->series = arena_copy(arena, resource->series, strlen(resource->series));
        source->vintage = arena_copy(arena, resource->vintage, strlen(resource->vintage));
    }
    catalogue_free(catalogue);
    return found;
}

void draft_catalogue(Draft *draft, Arena *arena)
{
    for (size_t i = 0; i < draft->source_count; i++) {
        DraftSource *source = &draft->sources[i];
        bool begun = same_file(draft->catalogue, draft->catalogue);
        if (!begun || !find_resource(draft, source, arena)) {
            Entry entry = entry_add(draft->catalogue, source->file, arena);
            source->resource = entry.name;
            source->rows = entry.rows;
            source->fields = entry.fields;
            source->added = true;
        }
        source->name = source_name(draft, source, arena);
    }
}

/* ---- writing ---- */

/* A YAML text in double quotes. */
static void write_quoted(Buffer *out, const char *text)
{
    buffer_byte(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            buffer_byte(out, '\\');
        if (*text == '\n')
            buffer_text(out, "\\n");
        else
            buffer_byte(out, *text);
    }
    buffer_byte(out, '"');
}

static void write_value(Buffer *out, const ParameterValue *value)
{
    if (value->kind == PARAMETER_MISSING)
        buffer_text(out, "null");
    else if (value->kind == PARAMETER_NUMBER)
        buffer_append(out, value->text.at, value->text.size);
    else {
        Buffer text = {0};
        buffer_append(&text, value->text.at, value->text.size);
        write_quoted(out, buffer_string(&text));
        buffer_free(&text);
    }
}

static void write_parameters(const Draft *draft, Buffer *out)
{
    if (draft->parameters.count == 0)
        return;
    buffer_text(out, "params: # values that expressions call :NAME, and readings may change\n");
    for (size_t i = 0; i < draft->parameters.count; i++) {
        const Parameter *parameter = &draft->parameters.items[i];
        buffer_format(out, "  %s: %s", parameter->name, parameter->list ? "[" : "");
        for (size_t v = 0; v < parameter->count; v++) {
            buffer_text(out, v == 0 ? "" : ", ");
            write_value(out, &parameter->values[v]);
        }
        buffer_text(out, parameter->list ? "]\n" : "\n");
    }
}

static void write_sources(const Draft *draft, Buffer *out)
{
    buffer_format(out, "sources: # tables of %s\n", draft->catalogue);
    for (size_t i = 0; i < draft->source_count; i++) {
        const DraftSource *source = &draft->sources[i];
        buffer_format(out, "  %s: ", source->name);
        if (source->series == NULL) {
            buffer_format(out, "%s\n", source->resource);
            continue;
        }
        buffer_format(out, "{ series: %s, vintage: ", source->series);
        write_quoted(out, source->vintage);
        buffer_text(out, " }\n");
    }
}

static bool names_table(const char *word)
{
    return strcmp(word, "--from") == 0;
}

/* The words as a shell reads them, indented where a quoted word goes on in the next line. */
static void write_command(const Draft *draft, char *const *words, Buffer *out)
{
    Buffer text = {0};
    size_t count = 0;
    while (words[count] != NULL)
        count++;
    char **told = memory_array(count + 1, sizeof *told);
    for (size_t i = 0; i <= count; i++) {
        told[i] = words[i];
        for (size_t s = 0; i != 0 && i < count && s < draft->source_count; s++)
            if (names_table(words[i - 1]) && strcmp(draft->sources[s].file, words[i]) == 0)
                told[i] = (char *)draft->sources[s].name;
    }
    invocation_write(told, &text);
    for (const char *at = buffer_string(&text); *at != '\0'; at++) {
        buffer_byte(out, *at);
        if (*at == '\n')
            buffer_format(out, "%*s", INDENT, "");
    }
    free(told);
    buffer_free(&text);
}

static void write_from(const Draft *draft, Buffer *out)
{
    bool several = draft->input_count > 1;
    buffer_text(out, several ? "    from: [" : "    from: ");
    for (size_t i = 0; i < draft->input_count; i++)
        buffer_format(out, "%s%s", i == 0 ? "" : ", ", draft->sources[i].name);
    buffer_text(out, several ? "]\n" : "\n");
}

static void write_step(const Draft *draft, Buffer *out)
{
    buffer_text(out, "steps:\n  result:\n");
    write_from(draft, out);
    buffer_text(out, "    why: (what this step is for, in a sentence)\n");
    buffer_text(out, draft->command_count == 0 ? "" : "    pipe: |\n");
    for (size_t i = 0; i < draft->command_count; i++) {
        buffer_format(out, "%*s", INDENT, "");
        write_command(draft, draft->commands[i], out);
        buffer_text(out, i + 1 == draft->command_count ? "\n" : " |\n");
    }
    buffer_text(out, "    show: | # for the eye, in the report\n");
    for (size_t i = 0; i < draft->show_count; i++) {
        buffer_format(out, "%*s", INDENT, "");
        write_command(draft, draft->shows[i], out);
        buffer_byte(out, '\n');
    }
    if (draft->show_count == 0)
        buffer_format(out, "%*stable --limit 10\n", INDENT, "");
}

static void write_claim(const Draft *draft, const DraftExample *example, Buffer *out)
{
    buffer_text(out,
                "claims:\n"
                "  claim: # a name for it\n"
                "    at: \"(where in the text: p. 2, paragraph 3)\"\n"
                "    says: (what the text says, in your words)\n"
                "    # Once that is filled in, drop the next line and uncomment those behind it.\n"
                "    untestable: to be filled in\n"
                "    # from: result\n"
                "    # check: # what the text says of the step's table, here as it is now\n");
    buffer_format(out, "    #   - value: %s\n", example->found ? example->column : "COLUMN");
    if (!example->found || example->where != NULL) {
        buffer_text(out, "    #     where: ");
        write_quoted(out, example->found ? example->where : "CONDITION");
        buffer_text(out, " # the one row that is meant\n");
    }
    buffer_text(out, "    #     printed: ");
    write_quoted(out, example->found ? example->value : "FIGURE");
    buffer_text(out, " # as in the text: 9 stands for 8.5 to 9.5\n"
                     "    # control: # a change of a source that must upset the check\n");
    buffer_format(out, "    #   in: %s\n    #   pipe: |\n    #     %s\n", draft->sources[0].name,
                  example->control != NULL ? example->control : "filter 'CONDITION'");
}

void draft_write(const Draft *draft, const DraftExample *example, Buffer *out)
{
    buffer_text(out, "# A pipeline: from a table to a figure, and what a text says of it.\n"
                     "# Fill in what stands in parentheses; warrant.yaml(5) describes the form.\n"
                     "version: 1\n");
    buffer_format(out, "title: (%s)\n", draft->name);
    write_parameters(draft, out);
    write_sources(draft, out);
    write_step(draft, out);
    write_claim(draft, example, out);
}
