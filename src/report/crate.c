#include "report/crate.h"

#include <jansson.h>
#include <stdlib.h>
#include <time.h>

#include "base/diagnostic.h"
#include "base/digest.h"
#include "base/hash.h"
#include "report/recipe.h"
#include "warrant/figure.h"
#include "warrant/sentence.h"

static const char context[] = "https://w3id.org/ro/crate/1.1/context";
static const char profile[] = "https://w3id.org/ro/wfrun/process/0.1";

/* Every entity stands in one flat list and is referred to by its id. */
typedef struct Crate {
    const Report *report;
    const Files *written;
    json_t *graph, *parts, *actions;
    Dictionary ids;
    Arena arena;
} Crate;

const char *crate_path(const char *report, Arena *arena)
{
    const char *slash = strrchr(report, '/');
    int size = slash == NULL ? 0 : (int)(slash - report + 1);
    return arena_format(arena, "%.*sro-crate-metadata.json", size, report);
}

static json_t *checked(json_t *value)
{
    if (value == NULL)
        fail("out of memory for the provenance record");
    return value;
}

/* Text for JSON; what is not UTF-8 (a path may be anything) becomes escapes. */
static json_t *text_of(const char *text)
{
    json_t *string = json_string(text);
    if (string != NULL)
        return string;
    Buffer seen = {0};
    char escape[ESCAPE_ROOM];
    for (Span rest = span_of(text); rest.size != 0;) {
        Span one = text_visible(&rest, escape);
        buffer_append(&seen, one.at, one.size);
    }
    string = json_stringn(seen.at, seen.size);
    buffer_free(&seen);
    return checked(string);
}

static void put(json_t *entity, const char *key, json_t *value)
{
    if (json_object_set_new(entity, key, checked(value)) != 0)
        fail("out of memory for the provenance record");
}

static void put_text(json_t *entity, const char *key, const char *text)
{
    if (text != NULL && text[0] != '\0')
        put(entity, key, text_of(text));
}

static json_t *link_to(const char *id)
{
    json_t *link = checked(json_object());
    put_text(link, "@id", id);
    return link;
}

static void put_link(json_t *entity, const char *key, const char *id)
{
    put(entity, key, link_to(id));
}

static void append(json_t *array, json_t *value)
{
    if (json_array_append_new(array, checked(value)) != 0)
        fail("out of memory for the provenance record");
}

/* A new entity in the graph, or NULL if there is one of that id. */
static json_t *entity_new(Crate *crate, const char *id, const char *type)
{
    bool added;
    dictionary_add(&crate->ids, span_of(id), &added);
    if (!added)
        return NULL;
    json_t *entity = checked(json_object());
    put_text(entity, "@id", id);
    put_text(entity, "@type", type);
    append(crate->graph, entity);
    return entity;
}

static const char *name_by_bytes(const char *hex, Arena *arena)
{
    char text[DIGEST_BASE64_SIZE];
    digest_base64(hex, true, text);
    return arena_format(arena, "ni:///sha-256;%s", text);
}

static void put_digest(json_t *entity, const char *hex)
{
    put_text(entity, "sha256", hex);
}

static json_t *file_new(Crate *crate, const char *hex, const char *name, const char *format)
{
    const char *id = name_by_bytes(hex, &crate->arena);
    json_t *file = entity_new(crate, id, "File");
    if (file == NULL)
        return NULL;
    put_text(file, "name", name);
    put_text(file, "encodingFormat", format);
    put_digest(file, hex);
    append(crate->parts, link_to(id));
    return file;
}

static const char *digest_now(const char *path, Arena *arena)
{
    char hex[DIGEST_SIZE];
    digest_file(path, hex, NULL);
    return arena_copy(arena, hex, strlen(hex));
}

static void add_source(Crate *crate, const Result *source)
{
    const Resource *resource = source->resource;
    json_t *file = file_new(crate, resource->sha256, resource->path, "text/csv");
    if (file == NULL)
        return;
    put_text(file, "alternateName", resource->name);
    put_text(file, "description", resource->title);
    put_text(file, "version", resource->vintage);
    put_text(file, "citation", resource->source);
    put_text(file, "license", resource->licence);
    put_text(file, "contentSize",
             arena_format(&crate->arena, "%llu", (unsigned long long)resource->bytes));
    if (source->parts.count == 0)
        put_text(file, "conditionsOfAccess", resource->obtain);
    for (size_t i = 0; resource->manifest && i < source->parts.count; i++)
        file_new(crate, source->parts.items[i].sha256, source->parts.items[i].path, "text/csv");
}

static const char *tool_id(const char *name, Arena *arena)
{
    return arena_format(arena, "#program-%s", name);
}

static void add_tools(Crate *crate)
{
    const Inventory *inventory = &crate->report->inventory;
    for (size_t i = 0; i < inventory->tool_count; i++) {
        const Tool *tool = &inventory->tools[i];
        json_t *entity =
            entity_new(crate, tool_id(tool->name, &crate->arena), "SoftwareApplication");
        put_text(entity, "name", tool->name);
        put_text(entity, "softwareVersion", WARRANT_VERSION);
        put_digest(entity, tool->sha256);
    }
}

static void add_instruments(Crate *crate, json_t *action, const Result *result)
{
    json_t *instruments = checked(json_array());
    for (size_t i = 0; i < result->command_count; i++) {
        bool known = false;
        for (size_t before = 0; before < i && !known; before++)
            known = strcmp(result->commands[before][0], result->commands[i][0]) == 0;
        if (!known)
            append(instruments, link_to(tool_id(result->commands[i][0], &crate->arena)));
    }
    put(action, "instrument", instruments);
}

static void add_parameter(Crate *crate, json_t *objects, const Entry *entry)
{
    const char *id = arena_format(&crate->arena, "#parameter-%s=%s", entry->name, entry->value);
    append(objects, link_to(id));
    json_t *value = entity_new(crate, id, "PropertyValue");
    if (value == NULL)
        return;
    put_text(value, "name", entry->name);
    put_text(value, "value", entry->value);
}

/* A list of tables has no bytes of its own. */
static void add_object(Crate *crate, json_t *objects, const Result *input)
{
    if (input->digest != NULL) {
        append(objects, link_to(name_by_bytes(input->digest, &crate->arena)));
        return;
    }
    for (size_t i = 0; i < input->input_count; i++)
        add_object(crate, objects, input->inputs[i]);
}

static void add_objects(Crate *crate, json_t *action, const Result *result)
{
    json_t *objects = checked(json_array());
    for (size_t i = 0; i < result->input_count; i++)
        add_object(crate, objects, result->inputs[i]);
    const Entry *entry;
    for (size_t n = 0; (entry = record_entry(result->record, ENTRY_PARAMETER, n)) != NULL; n++)
        add_parameter(crate, objects, entry);
    put(action, "object", objects);
}

static const char *commands_text(const Result *result, Arena *arena)
{
    Buffer text = {0};
    for (size_t i = 0; i < result->command_count; i++) {
        recipe_stage(&text, result, i, arena);
        recipe_rows(&text, result, i);
        buffer_byte(&text, '\n');
    }
    const char *copy = arena_copy(arena, text.at, text.size);
    buffer_free(&text);
    return copy;
}

/* Equal work has one action, in however many readings it was done. */
static void add_action(Crate *crate, const Result *result)
{
    if (result->state != RESULT_THERE || result->record == NULL)
        return;
    Arena *arena = &crate->arena;
    char key[DIGEST_SIZE];
    record_key(result->record, key);
    const char *id = arena_format(arena, "#%s-%.16s", result->name, key);
    json_t *action = entity_new(crate, id, "CreateAction");
    if (action == NULL)
        return;
    put_text(action, "name",
             result->step == NULL || result->step->why == NULL
                 ? result->name
                 : arena_format(arena, "%s: %s", result->name, result->step->why));
    put_text(action, "description", commands_text(result, arena));
    put_link(action, "actionStatus", "http://schema.org/CompletedActionStatus");
    add_instruments(crate, action, result);
    add_objects(crate, action, result);
    put_link(action, "result", name_by_bytes(result->digest, arena));
    append(crate->actions, link_to(id));
    file_new(crate, result->digest, arena_format(arena, "%s.csv", result->name), "text/csv");
}

static void put_number(json_t *entity, const char *key, bool there, Decimal number, Arena *arena)
{
    if (there)
        put_text(entity, key, figure_exact(number, arena));
}

static void add_observed(Crate *crate, json_t *about, const char *review, const Outcome *outcome)
{
    Arena *arena = &crate->arena;
    const Interval *interval = &outcome->interval;
    if (!outcome->observed.found)
        return;
    const char *id = arena_format(arena, "%s..%s", review, outcome->check->name);
    json_t *value = entity_new(crate, id, "PropertyValue");
    append(about, link_to(id));
    if (value == NULL)
        return;
    Span text = outcome->observed.value.text;
    put_text(value, "name", outcome->check->name);
    put_text(value, "value", arena_copy(arena, text.at, text.size));
    put_text(value, "unitText", outcome->check->unit);
    put_number(value, "minValue", outcome->has_interval && interval->has_low, interval->low, arena);
    put_number(value, "maxValue", outcome->has_interval && interval->has_high, interval->high,
               arena);
    const char *rounding = standing_rounding(outcome, arena);
    put_text(value, "description",
             arena_format(arena, "%s%s%s", sentence_outcome(outcome, arena),
                          rounding[0] == '\0' ? "" : "; ", rounding));
}

static void add_grounds(Crate *crate, json_t *grounds, const Outcome *outcome)
{
    const Result *results[] = {outcome->observed.result, outcome->other.result};
    for (size_t i = 0; i < 2; i++)
        if (results[i] != NULL && results[i]->state == RESULT_THERE)
            append(grounds, link_to(name_by_bytes(results[i]->digest, &crate->arena)));
}

static const char *review_body(const Claim *claim, const Judgement *judgement, Arena *arena)
{
    const char *text = claim->untestable == NULL ? "" : claim->untestable;
    for (size_t i = 0; i < claim->check_count; i++)
        text = arena_format(arena, "%s%s%s", text, i == 0 ? "" : "; ",
                            sentence_outcome(&judgement->outcomes[i], arena));
    return text;
}

static void add_rating(Crate *crate, json_t *review, Verdict verdict)
{
    const char *id = arena_format(&crate->arena, "#verdict-%d", (int)verdict);
    put_link(review, "reviewRating", id);
    json_t *rating = entity_new(crate, id, "Rating");
    if (rating != NULL)
        put_text(rating, "alternateName", verdict_name(verdict));
}

static void add_review(Crate *crate, const Section *section, const Judgement *judgement)
{
    Arena *arena = &crate->arena;
    const Claim *claim = section->verdicts->claim;
    const Trial *trial = judgement->trial;
    const char *id =
        arena_format(arena, "#%s..%s%s%s", section->id, trial->reading->name,
                     trial->other == NULL ? "" : "..", trial->other == NULL ? "" : trial->other);
    json_t *review = entity_new(crate, id, "ClaimReview");
    if (review == NULL)
        return;
    put_text(review, "name", trial->reading->name);
    put_text(review, "version", trial->vintages);
    put_text(review, "claimReviewed", claim->says);
    put_link(review, "itemReviewed", arena_format(arena, "#%s", section->id));
    put_text(review, "reviewBody", review_body(claim, judgement, arena));
    add_rating(crate, review, judgement->verdict);
    json_t *about = checked(json_array()), *grounds = checked(json_array());
    put(review, "about", about);
    put(review, "isBasedOn", grounds);
    for (size_t i = 0; i < claim->check_count; i++) {
        add_observed(crate, about, id, &judgement->outcomes[i]);
        add_grounds(crate, grounds, &judgement->outcomes[i]);
    }
}

static void add_section(Crate *crate, const Section *section)
{
    const Claim *claim = section->verdicts->claim;
    json_t *entity = entity_new(crate, arena_format(&crate->arena, "#%s", section->id), "Claim");
    if (entity == NULL)
        return;
    put_text(entity, "name", section->name);
    put_text(entity, "text", claim->says);
    put_text(entity, "position", claim->at);
    put_text(entity, "abstract", section->stand.line);
    for (size_t i = 0; i < section->verdicts->count; i++)
        add_review(crate, section, &section->verdicts->judgements[i]);
}

static void add_inventory(Crate *crate)
{
    const Inventory *inventory = &crate->report->inventory;
    Arena *arena = &crate->arena;
    for (size_t i = 0; i < inventory->document_count; i++)
        file_new(crate, digest_now(inventory->documents[i], arena), inventory->documents[i],
                 "application/yaml");
    for (size_t i = 0; i < inventory->catalogue_count; i++)
        file_new(crate, digest_now(inventory->catalogues[i], arena), inventory->catalogues[i],
                 "application/json");
    for (size_t i = 0; i < inventory->source_count; i++)
        add_source(crate, inventory->sources[i]);
    add_tools(crate);
    for (size_t i = 0; i < inventory->chain.count; i++)
        if (inventory_is_step(inventory->chain.items[i]))
            add_action(crate, inventory->chain.items[i]);
}

static const char *format_of(const char *path)
{
    const char *point = strrchr(path, '.');
    return point != NULL && strncmp(point, ".htm", 4) == 0 ? "text/html" : "text/markdown";
}

static void add_written(Crate *crate)
{
    for (const File *file = crate->written->first; file != NULL; file = file->next) {
        const char *slash = strrchr(file->path, '/');
        const char *name = slash == NULL ? file->path : slash + 1;
        if (file->bytes.size == 0)
            continue;
        char hex[DIGEST_SIZE];
        Digest *digest = digest_begin();
        digest_add(digest, file->bytes.at, file->bytes.size);
        digest_end(digest, hex);
        json_t *entity = entity_new(crate, name, "File");
        put_text(entity, "name", crate->report->title);
        put_text(entity, "encodingFormat", format_of(name));
        put_digest(entity, hex);
        append(crate->parts, link_to(name));
    }
}

/* The newest vintage that reads as a date, or the day the clock began. */
static const char *date_of(const Inventory *inventory, Arena *arena)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    time_t seconds = epoch == NULL ? 0 : (time_t)strtoll(epoch, NULL, 10);
    struct tm day;
    char text[32];
    const char *newest = NULL;
    if (epoch == NULL)
        for (size_t i = 0; i < inventory->source_count; i++) {
            const char *vintage = inventory->sources[i]->resource->vintage;
            bool dated = vintage != NULL && strspn(vintage, "0123456789-") == strlen(vintage) &&
                         strlen(vintage) >= 4;
            if (dated && (newest == NULL || strcmp(vintage, newest) > 0))
                newest = vintage;
        }
    if (newest != NULL)
        return newest;
    if (gmtime_r(&seconds, &day) == NULL || strftime(text, sizeof text, "%Y-%m-%d", &day) == 0)
        return "1970-01-01";
    return arena_copy(arena, text, strlen(text));
}

static void add_root(Crate *crate)
{
    json_t *descriptor = entity_new(crate, "ro-crate-metadata.json", "CreativeWork");
    put_link(descriptor, "conformsTo", "https://w3id.org/ro/crate/1.1");
    put_link(descriptor, "about", "./");
    json_t *root = entity_new(crate, "./", "Dataset");
    put_text(root, "name", crate->report->title);
    put_text(root, "description",
             "A report on claims, with the tables, steps, programs and parameters behind each "
             "verdict.");
    put_text(root, "datePublished", date_of(&crate->report->inventory, &crate->arena));
    put_text(root, "license", "Each table has terms of its own: see the license of each file.");
    put_link(root, "conformsTo", profile);
    crate->parts = checked(json_array());
    crate->actions = checked(json_array());
    put(root, "hasPart", crate->parts);
    put(root, "mentions", crate->actions);
    json_t *conforming = entity_new(crate, profile, "CreativeWork");
    put_text(conforming, "name", "Process Run Crate");
    put_text(conforming, "version", "0.1");
}

static json_t *context_new(void)
{
    json_t *array = checked(json_array()), *terms = checked(json_object());
    append(array, text_of(context));
    put_text(terms, "sha256", "https://w3id.org/ro/terms/workflow-run#sha256");
    append(array, terms);
    return array;
}

void crate_write(Buffer *out, const Report *report, const Files *written)
{
    Crate crate = {.report = report, .written = written};
    json_t *document = checked(json_object());
    put(document, "@context", context_new());
    crate.graph = checked(json_array());
    put(document, "@graph", crate.graph);
    add_root(&crate);
    add_written(&crate);
    add_inventory(&crate);
    for (size_t c = 0; c < report->count; c++)
        for (size_t i = 0; i < report->chapters[c].count; i++)
            add_section(&crate, &report->chapters[c].sections[i]);
    char *text = json_dumps(document, JSON_INDENT(1));
    if (text == NULL)
        fail("out of memory for the provenance record");
    buffer_text(out, text);
    buffer_byte(out, '\n');
    free(text);
    json_decref(document);
    dictionary_free(&crate.ids);
    arena_free(&crate.arena);
}
