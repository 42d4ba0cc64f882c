/* How a verdict came about: the rows, the commands, the sources. */

#include <stdlib.h>

#include "report/markup.h"
#include "report/page_part.h"
#include "report/recipe.h"
#include "warrant/sentence.h"

/* Past so many the passages of a claim are folded once more. */
enum { PASSAGES_APART = 8 };

static void write_source(Page *page, const Result *result)
{
    const Resource *resource = result->resource;
    MARKUP(page->out, "<li class=\"source\">source <code>$</code>: <a href=\"#source-",
           result->name);
    markup_id(page->out, resource->name);
    MARKUP(page->out, "\">$</a>", resource->name);
    if (resource->vintage != NULL)
        MARKUP(page->out, ", vintage $", resource->vintage);
    if (result->state != RESULT_THERE)
        MARKUP(page->out, " <span class=\"fault\">$</span>", result->reason);
    MARKUP(page->out, "<br><code class=\"sum\">sha256 $</code></li>\n", resource->sha256);
}

static void write_commands(Page *page, const Result *result)
{
    buffer_text(page->out, "<pre><code>");
    for (size_t i = 0; i < result->command_count; i++) {
        Buffer text = {0};
        recipe_stage(&text, result, i, page->arena);
        markup_text(page->out, buffer_span(&text));
        text.size = 0;
        recipe_rows(&text, result, i);
        buffer_text(page->out, "<span class=\"rows\">");
        markup_text(page->out, buffer_span(&text));
        buffer_text(page->out, "</span>\n");
        buffer_free(&text);
    }
    buffer_text(page->out, "</code></pre>");
}

static void write_step(Page *page, const Result *result)
{
    const char *why = result->step == NULL ? NULL : result->step->why;
    MARKUP(page->out, "<li class=\"step\">step <code>$</code>$$\n", result->name,
           why == NULL ? "" : ": ", why == NULL ? "" : why);
    if (result->command_count != 0)
        write_commands(page, result);
    else if (result->reason != NULL)
        MARKUP(page->out, "<p class=\"fault\">$</p>", result->reason);
    buffer_text(page->out, "</li>\n");
}

static void write_chain(Page *page, const Section *section, const Judgement *judgement)
{
    Chain chain = {0};
    inventory_judgement(&chain, section->verdicts, judgement);
    if (chain.count != 0)
        buffer_text(page->out, "<ol class=\"chain\">\n");
    for (size_t i = 0; i < chain.count; i++)
        if (inventory_is_step(chain.items[i]))
            write_step(page, chain.items[i]);
        else if (chain.items[i]->resource != NULL)
            write_source(page, chain.items[i]);
    if (chain.count != 0)
        buffer_text(page->out, "</ol>\n");
    free(chain.items);
}

static void write_rows(Page *page, const Section *section, const Judgement *judgement)
{
    Decisions decisions = {0};
    for (size_t i = 0; i < section->verdicts->claim->check_count; i++)
        decisions_add(&decisions, &judgement->outcomes[i], NULL, SIZE_MAX, page->arena);
    decisions_finish(&decisions, PLACES_EXACT, page->arena);
    for (size_t i = 0; i < decisions.count; i++)
        page_excerpt(page, &decisions.items[i].excerpt,
                     arena_format(page->arena, "Rows of %s that decided in %s",
                                  decisions.items[i].step, judgement->trial->reading->name),
                     "deciding");
}

static void write_outcomes(Page *page, const Section *section, const Judgement *judgement)
{
    const Claim *claim = section->verdicts->claim;
    for (size_t i = 0; i < claim->check_count; i++) {
        const char *effect = effect_name(judgement->effects[i]);
        MARKUP(page->out, "<p>$: $", verdict_name(judgement->outcomes[i].verdict),
               sentence_outcome(&judgement->outcomes[i], page->arena));
        const char *rounding = standing_rounding(&judgement->outcomes[i], page->arena);
        MARKUP(page->out, "$$", rounding[0] == '\0' ? "" : "; ", rounding);
        if (effect[0] != '\0')
            MARKUP(page->out, " <span class=\"effect\">(under the control: $)</span>", effect);
        buffer_text(page->out, "</p>\n");
    }
    if (claim->untestable != NULL)
        MARKUP(page->out, "<p>$</p>\n", claim->untestable);
}

static void write_derivation(Page *page, const Section *section, const Judgement *judgement)
{
    const Trial *trial = judgement->trial;
    MARKUP(page->out, "<details class=\"how $ $\"><summary>$$ ",
           judgement == section->verdicts->judgements ? "first" : "aside",
           verdict_class(judgement->verdict), trial->reading->name,
           trial->other == NULL ? "" : arena_format(page->arena, ", vintage %s", trial->other));
    page_verdict(page, judgement->verdict);
    /* A link to what is folded unfolds it; one to the line above it would not. */
    buffer_text(page->out, "</summary>\n<div class=\"inside\" id=\"");
    page_trial_id(page, section, judgement);
    buffer_text(page->out, "\">\n");
    write_outcomes(page, section, judgement);
    write_rows(page, section, judgement);
    write_chain(page, section, judgement);
    buffer_text(page->out, "</div>\n</details>\n");
}

void page_derivations(Page *page, const Section *section)
{
    const ClaimVerdicts *verdicts = section->verdicts;
    bool folded = verdicts->count > PASSAGES_APART;
    buffer_text(page->out, "<div class=\"derivations\">\n<h4>How each verdict came about</h4>\n");
    if (folded)
        buffer_format(page->out,
                      "<details class=\"all\"><summary>Rows, commands and sources of %zu verdicts"
                      "</summary>\n",
                      verdicts->count);
    for (size_t i = 0; i < verdicts->count; i++)
        write_derivation(page, section, &verdicts->judgements[i]);
    buffer_text(page->out, folded ? "</details>\n</div>\n" : "</div>\n");
}
