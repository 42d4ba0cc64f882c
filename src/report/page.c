#include "report/page.h"

#include "report/markup.h"
#include "report/page_part.h"
#include "report/prose.h"
#include "report/style.h"

/*
 * A strip has a mark for each reading up to so many; past that it has a part for each verdict, and
 * the width of so many marks.
 */
enum { STRIP_MARKS = 12, STRIP_PARTS = 10, MARK_WIDTH = 9, MARK_GAP = 2, MARK_HEIGHT = 12 };

static const char *number(const Page *page, size_t value)
{
    return arena_format(page->arena, "%zu", value);
}

static const char *counted(const Page *page, size_t count, const char *one, const char *many)
{
    return arena_format(page->arena, "%zu %s", count, count == 1 ? one : many);
}

/* Drawings of one kind share their rules: each text is taken once. */
static void add_style(Buffer *style, const char *rules)
{
    if (rules == NULL || rules[0] == '\0' || strstr(buffer_string(style), rules) != NULL)
        return;
    buffer_text(style, rules);
    buffer_byte(style, '\n');
}

static const char *whole_style(const Page *page)
{
    const Report *report = page->report;
    Buffer style = {0};
    for (size_t c = 0; c < report->count; c++)
        for (size_t i = 0; i < report->chapters[c].exhibits.count; i++)
            add_style(&style, report->chapters[c].exhibits.items[i].drawing.style);
    buffer_text(&style, style_text); /* last, to have the last word */
    const char *copy = arena_copy(page->arena, style.at, style.size);
    buffer_free(&style);
    return copy;
}

static void write_head(Page *page)
{
    Buffer *out = page->out;
    const char *style = whole_style(page);
    MARKUP(out,
           "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
           "style-src '$'; base-uri 'none'; form-action 'none'\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"color-scheme\" content=\"light dark\">\n"
           "<meta name=\"referrer\" content=\"no-referrer\">\n"
           "<meta name=\"generator\" content=\"warrant " WARRANT_VERSION "\">\n"
           "<title>$</title>\n",
           style_source(style, page->arena), page->report->title);
    buffer_format(out, "<style>%s</style>\n</head>\n<body>\n", style);
    buffer_text(out, "<a class=\"skip\" href=\"#claims\">To the claims</a>\n");
    page_signs(page);
}

/* A bar cut by standing, and its key in words. */
static void write_tally(Page *page, const Totals *totals)
{
    Buffer *out = page->out;
    buffer_text(out, "<svg class=\"tally\" viewBox=\"0 0 600 14\" preserveAspectRatio=\"none\" "
                     "aria-hidden=\"true\">");
    size_t before = 0;
    for (size_t s = 0; s < STANDINGS && totals->claims != 0; s++) {
        size_t left = before * 600 / totals->claims;
        before += totals->standings[s];
        size_t right = before * 600 / totals->claims;
        if (right != left)
            MARKUP(out, "<rect class=\"$\" x=\"$\" y=\"0\" width=\"$\" height=\"14\"/>",
                   standing_class((Standing)s), number(page, left), number(page, right - left));
    }
    static const char *const several[STANDINGS] = {"hold", "depend on the reading", "contradicted",
                                                   "not testable", "failed"};
    buffer_text(out, "</svg>\n<ul class=\"key\">\n");
    for (size_t s = 0; s < STANDINGS; s++) {
        if (totals->standings[s] == 0)
            continue;
        MARKUP(out, "<li class=\"$\">", standing_class((Standing)s));
        page_sign(page, standing_class((Standing)s));
        MARKUP(out, " <b>$</b> $</li>\n", number(page, totals->standings[s]),
               totals->standings[s] == 1 ? standing_name((Standing)s) : several[s]);
    }
    buffer_text(out, "</ul>\n");
}

static void write_masthead(Page *page)
{
    const Report *report = page->report;
    Totals totals = report_totals(report);
    MARKUP(page->out,
           "<header class=\"masthead\">\n<p class=\"kicker\">Warrant report</p>\n<h1>$</h1>\n"
           "<p class=\"lede\">$ from $, each judged in every reading that its words allow: $. "
           "Each leads to the rows that decided it, the commands that found them and the files "
           "they came from.</p>\n",
           report->title, counted(page, totals.claims, "claim", "claims"),
           counted(page, report->count, "passage", "passages"),
           counted(page, totals.readings, "verdict", "verdicts"));
    write_tally(page, &totals);
    if (totals.beside != 0)
        MARKUP(page->out,
               "<p class=\"outside\">Not counted: $ beside the text, which it does not make.</p>\n",
               counted(page, totals.beside, "claim", "claims"));
    buffer_text(page->out, "</header>\n");
}

static void strip_mark(Page *page, size_t place, Verdict verdict)
{
    MARKUP(page->out, "<use href=\"#m-$\" x=\"$\"/>", verdict_class(verdict),
           number(page, place * (MARK_WIDTH + MARK_GAP)));
}

static void strip_part(Page *page, size_t left, size_t width, Verdict verdict)
{
    if (width != 0)
        MARKUP(page->out, "<rect class=\"$\" x=\"$\" y=\"1\" width=\"$\" height=\"10\"/>",
               verdict_class(verdict), number(page, left), number(page, width));
}

/* The verdicts of a claim side by side. */
static void write_strip(Page *page, const Section *section)
{
    static const Verdict order[] = {VERDICT_REPRODUCED, VERDICT_CONTRADICTED, VERDICT_NOT_TESTABLE,
                                    VERDICT_FAILED};
    const Stand *stand = &section->stand;
    const ClaimVerdicts *verdicts = section->verdicts;
    bool many = stand->readings > STRIP_MARKS;
    size_t width = (many ? STRIP_PARTS : stand->readings) * (MARK_WIDTH + MARK_GAP);
    buffer_format(page->out,
                  "<svg class=\"strip\" width=\"%zu\" height=\"%d\" viewBox=\"0 0 %zu %d\" "
                  "aria-hidden=\"true\">",
                  width, MARK_HEIGHT, width, MARK_HEIGHT);
    size_t place = 0;
    for (size_t i = 0; i < verdicts->count && !many; i++)
        if (verdicts->judgements[i].trial->other == NULL)
            strip_mark(page, place++, verdicts->judgements[i].verdict);
    for (size_t i = 0; i < sizeof order / sizeof *order && many; i++) {
        size_t left = place * width / stand->readings;
        place += stand->verdicts[order[i]];
        strip_part(page, left, place * width / stand->readings - left, order[i]);
    }
    buffer_text(page->out, "</svg>");
}

static void write_glance_claim(Page *page, const Section *section)
{
    const char *class = standing_class(section->stand.standing);
    MARKUP(page->out, "<li class=\"$\"><a href=\"#$\">", class, section->id);
    page_sign(page, class);
    MARKUP(page->out, "<span class=\"says\">$</span> <span class=\"word\">$</span></a>",
           section->verdicts->claim->says, standing_word(&section->stand));
    if (section->verdicts->claim->beside)
        buffer_text(page->out, " <span class=\"outside\">beside the text</span>");
    write_strip(page, section);
    buffer_text(page->out, "</li>\n");
}

/* Every claim's sign, a line for each passage: what fits on the first screen. */
static void write_map(Page *page)
{
    const Report *report = page->report;
    buffer_text(page->out, "<h2 id=\"glance\">At a glance</h2>\n<ul class=\"map\">\n");
    for (size_t i = 0; i < report->count; i++) {
        const Chapter *chapter = &report->chapters[i];
        MARKUP(page->out, "<li><a href=\"#$\">$</a> <span class=\"signs-of\">", chapter->id,
               chapter->title);
        for (size_t c = 0; c < chapter->count; c++) {
            const Section *section = &chapter->sections[c];
            const char *says = section->verdicts->claim->says;
            const char *standing = standing_word(&section->stand);
            MARKUP(page->out, "<a href=\"#$\" title=\"$ – $\" aria-label=\"$ – $\">", section->id,
                   says, standing, says, standing);
            page_sign(page, standing_class(section->stand.standing));
            buffer_text(page->out, "</a>");
        }
        buffer_text(page->out, "</span></li>\n");
    }
    buffer_text(page->out, "</ul>\n");
}

static void write_list(Page *page)
{
    const Report *report = page->report;
    buffer_text(page->out, "<h2>Claim by claim</h2>\n<div class=\"passages\">\n");
    for (size_t i = 0; i < report->count; i++) {
        const Chapter *chapter = &report->chapters[i];
        MARKUP(page->out, "<div class=\"passage\">\n<h3><a href=\"#$\">$</a></h3>\n<ul>\n",
               chapter->id, chapter->title);
        for (size_t c = 0; c < chapter->count; c++)
            write_glance_claim(page, &chapter->sections[c]);
        buffer_text(page->out, "</ul>\n</div>\n");
    }
    buffer_text(page->out, "</div>\n");
}

static void write_glance(Page *page)
{
    buffer_text(page->out, "<nav class=\"glance\" aria-labelledby=\"glance\">\n");
    write_map(page);
    write_list(page);
    buffer_text(page->out, "</nav>\n");
}

static void write_controls(Page *page, const Section *section)
{
    const ClaimVerdicts *verdicts = section->verdicts;
    const Claim *claim = verdicts->claim;
    if (claim->control_count == 0)
        return;
    buffer_text(page->out, "<details class=\"control\"><summary>Can this check fail? "
                           "What the control changes</summary>\n");
    for (size_t i = 0; i < claim->control_count; i++) {
        MARKUP(page->out, "<p>With the table <code>$</code> put through</p>\n<pre><code>",
               claim->controls[i].in);
        markup_lines(page->out, span_of(claim->controls[i].pipe.text));
        buffer_text(page->out, "</code></pre>\n");
    }
    if (verdicts->fault_count == 0)
        buffer_text(page->out, "<p>every observed value moves in every reading that can be "
                               "tested, and every check changes its verdict in at least one."
                               "</p>\n");
    for (size_t i = 0; i < verdicts->fault_count; i++)
        MARKUP(page->out, "<p class=\"fault\">The control $.</p>\n", verdicts->faults[i]);
    buffer_text(page->out, "</details>\n");
}

/* Grids, the rows that decided, what the steps show unless an earlier claim shows it already. */
static void write_evidence(Page *page, const Chapter *chapter, const Section *section)
{
    size_t linked = 0;
    buffer_text(page->out, "<div class=\"abreast\">\n");
    page_grids(page, section);
    page_decisions(page, section);
    for (size_t i = 0; i < section->exhibit_count; i++)
        if (report_owner(chapter, section->exhibits[i]) == section)
            page_exhibit(page, section->exhibits[i]);
    buffer_text(page->out, "</div>\n");
    for (size_t i = 0; i < section->exhibit_count; i++) {
        const Exhibit *exhibit = section->exhibits[i];
        if (report_owner(chapter, exhibit) == section)
            continue;
        buffer_text(page->out, linked++ == 0 ? "<p class=\"above\">Shown above: " : "; ");
        MARKUP(page->out, "<a href=\"#$\">$</a>", exhibit->id, exhibit->title);
    }
    buffer_text(page->out, linked == 0 ? "" : "</p>\n");
}

static void write_section(Page *page, const Chapter *chapter, const Section *section)
{
    Buffer *out = page->out;
    const Claim *claim = section->verdicts->claim;
    const char *class = standing_class(section->stand.standing);
    MARKUP(out,
           "<article class=\"claim $\" id=\"$\" aria-labelledby=\"h-$\">\n<p class=\"locator\">",
           class, section->id, section->id);
    if (claim->at != NULL)
        MARKUP(out, "$ <span aria-hidden=\"true\">·</span> ", claim->at);
    MARKUP(out,
           "<code>$</code></p>\n<h3 id=\"h-$\">$</h3>\n<p class=\"gist\"><span class=\"badge\">",
           section->name, section->id, claim->says);
    page_sign(page, class);
    MARKUP(out, " $</span> $</p>\n", standing_word(&section->stand), section->stand.line);
    if (section->note != NULL) {
        buffer_text(out, "<div class=\"prose\">\n");
        prose_html(out, section->note, 3);
        buffer_text(out, "</div>\n");
    }
    page_readings(page, section);
    write_evidence(page, chapter, section);
    page_derivations(page, section);
    write_controls(page, section);
    buffer_text(out, "</article>\n");
}

static void write_chapter(Page *page, const Chapter *chapter)
{
    Buffer *out = page->out;
    MARKUP(out,
           "<section class=\"chapter\" id=\"$\" aria-labelledby=\"h-$\">\n<h2 id=\"h-$\">$</h2>\n",
           chapter->id, chapter->id, chapter->id, chapter->title);
    if (chapter->about != NULL) {
        buffer_text(out, "<div class=\"prose about\">\n");
        prose_html(out, chapter->about, 2);
        buffer_text(out, "</div>\n");
    }
    for (size_t i = 0; i < chapter->count; i++)
        write_section(page, chapter, &chapter->sections[i]);
    if (chapter->beside_count != 0)
        buffer_text(out, "<div class=\"beside\">\n<h3>Beside the claims</h3>\n");
    for (size_t i = 0; i < chapter->beside_count; i++)
        page_exhibit(page, chapter->beside[i]);
    buffer_text(out, chapter->beside_count != 0 ? "</div>\n</section>\n" : "</section>\n");
}

static void write_legend(Page *page)
{
    static const struct {
        Verdict verdict;
        const char *meaning;
    } words[] = {
        {VERDICT_REPRODUCED, "the data, read so, give the figure."},
        {VERDICT_CONTRADICTED, "the data were there to test it, and they disagree."},
        {VERDICT_NOT_TESTABLE, "the data that would be needed are not there."},
        {VERDICT_FAILED, "something is broken, and there is no verdict."},
    };
    buffer_text(page->out, "<section class=\"legend\" aria-labelledby=\"legend\">\n"
                           "<h2 id=\"legend\">How to read the verdicts</h2>\n<dl>\n");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        buffer_text(page->out, "<div><dt>");
        page_verdict(page, words[i].verdict);
        MARKUP(page->out, "</dt><dd>$</dd></div>\n", words[i].meaning);
    }
    buffer_text(
        page->out,
        "</dl>\n<p>A reading is one way to take a sentence whose words leave something "
        "open. In the drawings the band is what the claim allows; a disc is an observed "
        "value inside it, a cross one outside, and a whisker through it shows where it may "
        "lie whatever the rounded inputs stand for. The margin is how far the value is from "
        "where the verdict would change.</p>\n</section>\n");
}

static void write_footer(Page *page)
{
    MARKUP(page->out,
           "<footer>\n<p>Made by warrant " WARRANT_VERSION ". To make it again, where the "
           "pipelines and the data lie:</p>\n<pre><code>$</code></pre>\n",
           page->report->command);
    if (page->report->checksums != NULL)
        MARKUP(page->out,
               "<p>To see that every file is the one used here:</p>\n"
               "<pre><code>sha256sum -c $</code></pre>\n",
               page->report->checksums);
    buffer_text(page->out, "</footer>\n</body>\n</html>\n");
}

void report_page_write(Buffer *out, const Report *report)
{
    Arena arena = {0};
    Page page = {out, report, &arena};
    write_head(&page);
    write_masthead(&page);
    write_glance(&page);
    buffer_text(out, "<main id=\"claims\">\n");
    write_legend(&page);
    for (size_t i = 0; i < report->count; i++)
        write_chapter(&page, &report->chapters[i]);
    page_sources(&page);
    page_programs(&page);
    buffer_text(out, "</main>\n");
    write_footer(&page);
    arena_free(&arena);
}
