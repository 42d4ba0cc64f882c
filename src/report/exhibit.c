#include "report/exhibit.h"

#include <stdlib.h>

#include "base/attempt.h"
#include "report/inset.h"
#include "report/inventory.h"
#include "report/markup.h"
#include "warrant/invocation.h"
#include "warrant/toolkit.h"

/* Rows of a table that names no limit, and of the table behind a plot. */
enum { ROWS_SHOWN = 50, ROWS_BEHIND_PLOT = 200 };

typedef struct Showing {
    PipelineVerdicts *pipeline;
    Setting *plain; /* the file as it stands */
    Arena *arena;
} Showing;

static Setting *plain_setting(PipelineVerdicts *pipeline)
{
    return setting_make(pipeline->document, pipeline->catalogue, NULL, NULL, NULL,
                        &pipeline->builder.arena);
}

static bool there(const Result *result)
{
    return result->state == RESULT_THERE;
}

/*
 * Finds the first trial in which the step's result is there, or is just that of `same`: of the
 * claims that stand on the step, or of all.
 */
static const Trial *find_trial(const Showing *showing, const Step *step, const Result *same,
                               bool standing)
{
    PipelineVerdicts *pipeline = showing->pipeline;
    for (size_t c = 0; c < pipeline->count; c++) {
        const ClaimVerdicts *verdicts = &pipeline->claims[c];
        if (standing && !inventory_stands_on(verdicts, step))
            continue;
        for (size_t i = 0; i < verdicts->count; i++) {
            const Trial *trial = verdicts->judgements[i].trial;
            const Result *result =
                trial->other != NULL ? NULL : build(&pipeline->builder, trial->setting, step->name);
            if (result != NULL && there(result) &&
                (same == NULL || strcmp(result->path, same->path) == 0))
                return trial;
        }
    }
    return NULL;
}

/* A claim that stands on the step must find beside it what it was judged by. */
static const Trial *choose_trial(const Showing *showing, const Step *step, const Result *plain)
{
    const Result *same = there(plain) ? plain : NULL;
    const Trial *trial = find_trial(showing, step, same, true);
    if (trial == NULL && same != NULL)
        trial = find_trial(showing, step, NULL, true);
    return trial != NULL ? trial : find_trial(showing, step, same, false);
}

/* The setting that a step is shown in. */
static Setting *choose_setting(const Showing *showing, Exhibit *exhibit)
{
    const Result *plain = build(&showing->pipeline->builder, showing->plain, exhibit->step->name);
    const Trial *trial = choose_trial(showing, exhibit->step, plain);
    exhibit->result = plain;
    if (trial == NULL)
        return showing->plain;
    exhibit->reading = trial->reading->name;
    exhibit->result = build(&showing->pipeline->builder, trial->setting, exhibit->step->name);
    return trial->setting;
}

typedef struct Plotting {
    Exhibit *exhibit;
    StageRun run;
    Buffer svg;
    Arena *arena;
} Plotting;

static void take_svg(void *context, const char *bytes, size_t size)
{
    buffer_append(&((Plotting *)context)->svg, bytes, size);
}

static void run_plot(void *context)
{
    Plotting *plotting = context;
    Exhibit *exhibit = plotting->exhibit;
    plotting->run = (StageRun){.program = toolkit_program(exhibit->command[0], plotting->arena),
                               .argv = exhibit->command};
    if (!stages_run(&plotting->run, 1, take_svg, plotting))
        fail("%s", stages_blame(&plotting->run, 1, plotting->arena));
    exhibit->drawing =
        inset_make(buffer_span(&plotting->svg), exhibit->id, exhibit->title, plotting->arena);
    exhibit->problem = exhibit->drawing.problem;
}

static void make_plot(Exhibit *exhibit, Arena *arena)
{
    Plotting plotting = {.exhibit = exhibit, .arena = arena};
    Trap trap;
    if (!attempt(run_plot, &plotting, &trap))
        exhibit->problem = arena_copy(arena, trap.message, strlen(trap.message));
    stages_free(&plotting.run, 1);
    buffer_free(&plotting.svg);
}

/* An option of a display command as a number; the command line was checked with the document. */
static long option_number(const Stage *stage, const char *name, long otherwise)
{
    const char *value = stage_option(stage, name);
    char *end;
    long number = value == NULL ? otherwise : strtol(value, &end, 10);
    return value != NULL && *end != '\0' ? otherwise : number;
}

typedef struct Tabling {
    Exhibit *exhibit;
    const Stage *stage;
    Arena *arena;
} Tabling;

static void make_excerpt(void *context)
{
    Tabling *tabling = context;
    Exhibit *exhibit = tabling->exhibit;
    long rows =
        exhibit->is_plot ? ROWS_BEHIND_PLOT : option_number(tabling->stage, "limit", ROWS_SHOWN);
    long places = option_number(tabling->stage, "places", PLACES_EXACT);
    exhibit->excerpt =
        excerpt_read(exhibit->result, (uint64_t)rows, (int32_t)places, tabling->arena);
}

static const char *title_of(const Step *step, const Stage *stage, Arena *arena)
{
    const char *title = stage_option(stage, "title");
    if (title != NULL)
        return title;
    return step->why != NULL ? step->why : arena_format(arena, "The table %s", step->name);
}

static void fill(const Showing *showing, Exhibit *exhibit, const Stage *stage)
{
    Arena *arena = showing->arena;
    const Setting *setting = choose_setting(showing, exhibit);
    exhibit->title = title_of(exhibit->step, stage, arena);
    exhibit->is_plot = strcmp(stage->filter->name, "plot") == 0;
    if (!there(exhibit->result)) {
        exhibit->problem = exhibit->result->reason;
        return;
    }
    exhibit->command = invocation_words(stage, &setting->parameters, &(TablePaths){0},
                                        &exhibit->result->path, 1, arena);
    Tabling tabling = {exhibit, stage, arena};
    Trap trap;
    if (!attempt(make_excerpt, &tabling, &trap))
        exhibit->problem = arena_copy(arena, trap.message, strlen(trap.message));
    else if (exhibit->is_plot)
        make_plot(exhibit, arena);
}

static const char *make_id(const char *pipeline, const char *step, size_t number, Arena *arena)
{
    Buffer id = {0};
    markup_id(&id, pipeline);
    buffer_byte(&id, '-');
    markup_id(&id, step);
    buffer_format(&id, "-%zu", number);
    const char *copy = arena_copy(arena, id.at, id.size);
    buffer_free(&id);
    return copy;
}

Exhibits exhibits_make(PipelineVerdicts *pipeline, Arena *arena)
{
    const Document *document = pipeline->document;
    Showing showing = {pipeline, plain_setting(pipeline), arena};
    Exhibits exhibits = {0};
    for (size_t i = 0; i < document->step_count; i++)
        exhibits.count += document->steps[i].show_count;
    exhibits.items = arena_array(arena, exhibits.count, sizeof *exhibits.items);
    exhibits.count = 0;
    for (size_t i = 0; i < document->step_count; i++)
        for (size_t s = 0; s < document->steps[i].show_count; s++) {
            const Step *step = &document->steps[i];
            Exhibit *exhibit = &exhibits.items[exhibits.count++];
            *exhibit =
                (Exhibit){.step = step, .id = make_id(pipeline->name, step->name, s + 1, arena)};
            fill(&showing, exhibit, &step->show[s].stages[0]);
        }
    return exhibits;
}
