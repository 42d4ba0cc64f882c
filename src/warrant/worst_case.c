#include "warrant/worst_case.h"

#include <string.h>

#include "base/attempt.h"
#include "base/diagnostic.h"
#include "base/digest.h"
#include "csv/writer.h"
#include "warrant/sheet.h"

typedef struct Search {
    Builder *builder;
    Setting *setting;
    const Claim *claim;
    Outcome *outcome;
    Enclosures enclosures;
    Enclosed observed, other; /* as they are enclosed */
    unsigned round;           /* of notes on source cells */
    bool flipped;
} Search;

/* ---- whether anything is uncertain ---- */

static bool resource_uncertain(const Resource *resource)
{
    for (size_t i = 0; i < resource->field_count; i++)
        if (resource->fields[i].precision.text != NULL &&
            decimal_sign(resource->fields[i].precision.most) != 0)
            return true;
    return false;
}

static bool result_uncertain(const Result *result)
{
    if (result->resource != NULL)
        return resource_uncertain(result->resource);
    for (size_t i = 0; i < result->input_count; i++)
        if (result_uncertain(result->inputs[i]))
            return true;
    return false;
}

static bool finding_uncertain(const Finding *finding)
{
    return finding->result != NULL && result_uncertain(finding->result);
}

/* ---- the value, enclosed ---- */

static Expression *condition_of(const Search *search, const char *text, const char *label,
                                const Sheet *sheet)
{
    if (text == NULL)
        return NULL;
    Source source = {text, label, &search->setting->parameters};
    Expression *condition = expression_condition(&source, sheet->arena);
    sheet_bind(sheet, condition);
    return condition;
}

static unsigned truths_of(Encloser *encloser, const Expression *condition, const Sheet *sheet,
                          size_t row)
{
    EnclosedRow seen = {.cells = sheet_row(sheet, row), .cell_count = sheet->header.width};
    if (condition == NULL)
        return MAY_BE_TRUE;
    encloser_row(encloser, &seen);
    return enclose_truth(encloser, condition);
}

/* What the row's uncertain cells are made of: they decide whether it is counted. */
static const Influence *row_influence(const Sheet *sheet, size_t row)
{
    Influence *influence = influence_make(sheet->header.width, sheet->arena);
    for (size_t i = 0; i < sheet->header.width; i++)
        influence_set(influence, i, sheet_row(sheet, row)[i].influence, 1);
    return influence;
}

static Enclosed count_rows(const Sheet *sheet, Encloser *encloser, const Expression *condition)
{
    int64_t surely = 0, perhaps = 0;
    Influence *influence = influence_make(sheet->rows, sheet->arena);
    for (size_t row = 0; row < sheet->rows; row++) {
        unsigned truths = truths_of(encloser, condition, sheet, row);
        surely += truths == MAY_BE_TRUE && !sheet->maybe[row];
        perhaps += (truths & MAY_BE_TRUE) != 0;
        if (truths != MAY_BE_TRUE && (truths & MAY_BE_TRUE))
            influence_set(influence, row, row_influence(sheet, row), 1);
    }
    return (Enclosed){.known = KNOWN_BOUNDS,
                      .low = decimal_of(surely),
                      .high = decimal_of(perhaps),
                      .influence = influence};
}

/* The one row that meets the condition: which it is must be certain. */
static Enclosed cell_where(const Sheet *sheet, Encloser *encloser, const Expression *condition,
                           const char *column)
{
    const Enclosed *found = NULL;
    size_t at = sheet_column(sheet, column);
    for (size_t row = 0; row < sheet->rows; row++) {
        unsigned truths = truths_of(encloser, condition, sheet, row);
        if (!(truths & MAY_BE_TRUE))
            continue;
        if (truths != MAY_BE_TRUE || sheet->maybe[row] || found != NULL)
            fail("not enclosed: which row is observed is uncertain");
        found = &sheet_row(sheet, row)[at];
    }
    if (found == NULL)
        fail("not enclosed: the row that is observed is not there");
    return *found;
}

static Enclosed enclose_observed(Search *search, const Observed *observed)
{
    const char *step = judge_step(search->setting, search->claim, observed);
    Enclosures *enclosures = &search->enclosures;
    const Sheet *sheet = enclosures_sheet(enclosures, step);
    if (enclosures->strict == NULL)
        enclosures->strict = encloser_open(false, &enclosures->arena);
    bool counting = observed->count != NULL;
    const Expression *condition = condition_of(search, counting ? observed->count : observed->where,
                                               counting ? "count" : "where", sheet);
    if (counting)
        return count_rows(sheet, enclosures->strict, condition);
    return cell_where(sheet, enclosures->strict, condition, observed->value);
}

static void enclose(void *context)
{
    Search *search = context;
    const Check *check = search->outcome->check;
    search->observed = enclose_observed(search, &check->observed);
    if (check->other != NULL)
        search->other = enclose_observed(search, check->other);
}

/* ---- decided ---- */

/* A cell as an interval of numbers; false if it is none, but perhaps a number or missing. */
static bool numbers_of(const Enclosed *cell, Decimal *low, Decimal *high, Arena *arena)
{
    Range range = range_of_cell(cell, arena);
    if (range.state != RANGE_BOUNDS)
        return false;
    *low = range.low.value;
    *high = range.high.value;
    return true;
}

static bool contains(const Enclosed *cell, const Value *value, Arena *arena)
{
    Decimal low, high;
    if (cell->known == KNOWN_TEXT)
        return span_equal(cell->text, value->text);
    return cell->known == KNOWN_NOTHING ||
           (value->is_number && numbers_of(cell, &low, &high, arena) &&
            decimal_compare(low, value->number) <= 0 && decimal_compare(value->number, high) <= 0);
}

static bool below(const Interval *interval, Decimal value)
{
    int order = interval->has_low ? decimal_compare(value, interval->low) : 1;
    return order < 0 || (interval->open && order == 0);
}

static bool above(const Interval *interval, Decimal value)
{
    int order = interval->has_high ? decimal_compare(value, interval->high) : -1;
    return order > 0 || (interval->open && order == 0);
}

/*
 * An interval moves with what its ends are told by.  The pairs (observed, target) with which the
 * check holds are a convex set, so it holds for all if it holds at the four corners; it fails for
 * all if the greatest observed value is below the least interval, or the least above the greatest.
 */
static bool numbers_decided(Search *search, bool holds)
{
    const Check *check = search->outcome->check;
    WorstCase *worst = &search->outcome->worst_case;
    Arena *arena = &search->builder->arena;
    Decimal low, high, target_low = check->target_number, target_high = target_low;
    if (search->observed.optional || search->other.optional ||
        !numbers_of(&search->observed, &low, &high, arena) ||
        (check->other != NULL && !numbers_of(&search->other, &target_low, &target_high, arena)))
        return false;
    worst->enclosed = true;
    worst->low = decimal_keep(low, arena);
    worst->high = decimal_keep(high, arena);
    Interval least = interval_of(check, target_low, arena);
    Interval greatest = interval_of(check, target_high, arena);
    if (!holds)
        return below(&least, high) || above(&greatest, low);
    return interval_holds(&least, low) && interval_holds(&least, high) &&
           interval_holds(&greatest, low) && interval_holds(&greatest, high);
}

static bool is_decided(Search *search)
{
    const Outcome *outcome = search->outcome;
    if (outcome->has_interval)
        return numbers_decided(search, outcome->verdict == VERDICT_REPRODUCED);
    return search->observed.known == KNOWN_TEXT &&
           (outcome->check->other == NULL || search->other.known == KNOWN_TEXT);
}

/* ---- inside ---- */

/* The end of a cell that the round's notes, or `otherwise`, ask for. */
static void write_cell(Writer *writer, const Enclosed *cell, unsigned round, int otherwise)
{
    if (cell->known != KNOWN_BOUNDS) {
        writer_value(writer, cell->text);
        return;
    }
    int way = influence_way(cell->influence, round);
    way = way == 0 ? otherwise : way;
    writer_number(writer, way > 0 ? cell->high : cell->low);
}

static void take_bytes(void *context, const char *bytes, size_t size)
{
    buffer_append(context, bytes, size);
}

static void write_sheet(const Sheet *sheet, unsigned round, int otherwise, Buffer *out)
{
    Writer *writer = writer_open_sink(take_bytes, out, ',');
    writer_header(writer, &sheet->header);
    for (size_t row = 0; row < sheet->rows; row++) {
        for (size_t i = 0; i < sheet->header.width; i++)
            write_cell(writer, &sheet_row(sheet, row)[i], round, otherwise);
        writer_end(writer);
    }
    writer_close(writer);
}

/* The table as a source's result, kept in the cache like any other. */
static const Result *keep_table(const Search *search, const SourceName *source, const Result *plain,
                                const Buffer *bytes)
{
    Arena *arena = &search->builder->arena;
    char hex[DIGEST_SIZE];
    Digest *digest = digest_begin();
    digest_add(digest, bytes->at, bytes->size);
    digest_end(digest, hex);
    const char *folder =
        arena_format(arena, "%s/%s", search->builder->folder, search->setting->document->name);
    folder_make(folder);
    const char *path = arena_format(arena, "%s/%s-%.16s.csv", folder, source->name, hex);
    Output *output = output_open(path);
    output_write(output, bytes->at, bytes->size);
    output_commit(output);
    const char *sha256 = arena_copy(arena, hex, strlen(hex));
    Part *part = arena_take(arena, sizeof *part);
    *part = (Part){.path = path, .sha256 = sha256, .bytes = bytes->size};
    Result *result = arena_take(arena, sizeof *result);
    *result = (Result){.state = RESULT_THERE,
                       .path = path,
                       .digest = sha256,
                       .parts = {part, 1},
                       .name = source->name,
                       .resource =
                           plain->resource != NULL ? plain->resource : plain->inputs[0]->resource};
    return result;
}

/* The same setting with every uncertain source at its corner. */
static Setting *setting_at_corner(Search *search, int otherwise)
{
    const Setting *setting = search->setting;
    const Document *document = setting->document;
    Setting *corner = setting_make(document, setting->catalogue, setting->reading, setting->vintage,
                                   &setting->parameters, &search->builder->arena);
    for (size_t i = 0; i < document->source_count; i++) {
        const Sheet *sheet = search->enclosures.sheets[i];
        if (sheet == NULL || !result_uncertain(setting->known[i]))
            continue;
        Buffer bytes = {0};
        write_sheet(sheet, search->round, otherwise, &bytes);
        corner->known[i] = keep_table(search, &document->sources[i], setting->known[i], &bytes);
        buffer_free(&bytes);
    }
    return corner;
}

/* `sign` 1: the observed value as high as it goes, and what it is held against as low. */
static bool corner_flips(Search *search, int sign, int otherwise)
{
    search->round++;
    if (sign > 0)
        influence_aim(search->observed.influence, search->other.influence, search->round);
    else
        influence_aim(search->other.influence, search->observed.influence, search->round);
    Setting *corner = setting_at_corner(search, otherwise);
    Outcome outcome = judge(search->builder, corner, search->claim, search->outcome->check, false);
    Verdict verdict = outcome.verdict;
    return (verdict == VERDICT_REPRODUCED || verdict == VERDICT_CONTRADICTED) &&
           verdict != search->outcome->verdict;
}

static void try_corners(void *context)
{
    Search *search = context;
    static const int ways[][2] = {{1, 1}, {-1, -1}, {1, -1}, {-1, 1}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways && !search->flipped; i++)
        search->flipped = corner_flips(search, ways[i][0], ways[i][1]);
}

/* The sources as far as they were read: where a stage could not be enclosed they still have
 * corners. */
static void read_sources(void *context)
{
    Search *search = context;
    const Document *document = search->setting->document;
    for (size_t i = 0; i < document->source_count; i++) {
        const Result *known = search->setting->known[i];
        if (known != NULL && known->state == RESULT_THERE)
            enclosures_sheet(&search->enclosures, document->sources[i].name);
    }
}

/* Whether an uncertain table of one source is a table of the other too. */
static bool share_table(const Result *a, const Result *b)
{
    if (a->resource == NULL) {
        for (size_t i = 0; i < a->input_count; i++)
            if (share_table(a->inputs[i], b))
                return true;
        return false;
    }
    if (b->resource == NULL)
        return share_table(b, a);
    return resource_uncertain(a->resource) && strcmp(a->digest, b->digest) == 0;
}

/*
 * Two sources that are one table would be moved apart from each other, to values that no table
 * could have: then nothing is tried.
 */
static bool tables_differ(const Search *search)
{
    const Setting *setting = search->setting;
    size_t count = setting->document->source_count;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++) {
            const Result *a = setting->known[i], *b = setting->known[j];
            if (a != NULL && b != NULL && a->state == RESULT_THERE && b->state == RESULT_THERE &&
                share_table(a, b))
                return false;
        }
    return true;
}

static bool is_inside(Search *search)
{
    if (!tables_differ(search))
        return false;
    bool quiet = search->builder->quiet;
    Trap trap;
    search->builder->quiet = true;
    if (attempt(read_sources, search, &trap))
        attempt(try_corners, search, &trap);
    search->builder->quiet = quiet;
    return search->flipped;
}

/* ---- both ---- */

static const char *keep_reason(const Search *search, const char *text)
{
    return arena_copy(&search->builder->arena, text, strlen(text));
}

static WorstCaseState find_state(Search *search)
{
    WorstCase *worst = &search->outcome->worst_case;
    Trap trap;
    bool enclosed = attempt(enclose, search, &trap);
    table_close(&search->enclosures.table);
    if (!enclosed)
        worst->reason = keep_reason(search, trap.message);
    else if (!contains(&search->observed, &search->outcome->observed.value,
                       &search->builder->arena) ||
             (search->outcome->check->other != NULL &&
              !contains(&search->other, &search->outcome->other.value, &search->builder->arena)))
        worst->reason = "the bounds do not hold the value itself: a fault in this program";
    else if (is_decided(search))
        return WORST_CASE_DECIDED;
    if (is_inside(search))
        return WORST_CASE_INSIDE;
    if (worst->reason == NULL)
        worst->reason = "neither do the bounds decide it nor does a corner of them flip it";
    return WORST_CASE_UNKNOWN;
}

static bool compared(const Outcome *outcome)
{
    return outcome->verdict == VERDICT_REPRODUCED || outcome->verdict == VERDICT_CONTRADICTED;
}

void worst_case_find(Builder *builder, Setting *setting, const Claim *claim, Outcome *outcomes)
{
    Search search = {.builder = builder, .setting = setting, .claim = claim};
    enclosures_open(&search.enclosures, builder, setting);
    for (size_t i = 0; i < claim->check_count; i++) {
        Outcome *outcome = &outcomes[i];
        WorstCase *worst = &outcome->worst_case;
        if (!compared(outcome))
            continue;
        worst->uncertain =
            finding_uncertain(&outcome->observed) || finding_uncertain(&outcome->other);
        search.outcome = outcome;
        search.observed = search.other = (Enclosed){.known = KNOWN_NOTHING};
        search.flipped = false;
        worst->state = worst->uncertain ? find_state(&search) : WORST_CASE_DECIDED;
    }
    enclosures_close(&search.enclosures);
}

const char *worst_case_name(WorstCaseState state)
{
    static const char *const names[] = {"", "decided", "inside", "unknown"};
    return names[state];
}
