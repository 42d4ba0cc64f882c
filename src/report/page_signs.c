/* Signs of the verdicts: each has a shape of its own, so that colour is never needed. */

#include "report/markup.h"
#include "report/page_part.h"

const char *verdict_class(Verdict verdict)
{
    static const char *const classes[] = {"yes", "none", "no", "bad"};
    return classes[verdict];
}

const char *standing_class(Standing standing)
{
    static const char *const classes[] = {"yes", "mixed", "no", "none", "bad"};
    return classes[standing];
}

void page_signs(Page *page)
{
    buffer_text(
        page->out,
        "<svg class=\"signs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\n"
        "<symbol id=\"g-yes\" viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"7.5\"/>"
        "<path class=\"cut\" d=\"M4.3 8.3l2.6 2.6 4.9-5.4\"/></symbol>\n"
        "<symbol id=\"g-no\" viewBox=\"0 0 16 16\"><rect x=\"1\" y=\"1\" width=\"14\" "
        "height=\"14\" "
        "rx=\"2\"/><path class=\"cut\" d=\"M5 5l6 6m0-6l-6 6\"/></symbol>\n"
        "<symbol id=\"g-mixed\" viewBox=\"0 0 16 16\"><circle class=\"ring\" cx=\"8\" cy=\"8\" "
        "r=\"6.6\"/><path d=\"M8 1.4a6.6 6.6 0 0 1 0 13.2z\"/></symbol>\n"
        "<symbol id=\"g-none\" viewBox=\"0 0 16 16\"><circle class=\"ring dashed\" cx=\"8\" "
        "cy=\"8\" "
        "r=\"6.6\"/><rect x=\"4.5\" y=\"7\" width=\"7\" height=\"2\"/></symbol>\n"
        "<symbol id=\"g-bad\" viewBox=\"0 0 16 16\"><path d=\"M8 .8l7.6 14H.4z\"/>"
        "<path class=\"cut\" d=\"M8 5.5v4.2m0 1.9v1.1\"/></symbol>\n"
        "<rect id=\"m-yes\" class=\"yes\" y=\"1\" width=\"9\" height=\"10\" rx=\"1.5\"/>\n"
        "<path id=\"m-no\" class=\"no line\" d=\"M1.5 2.5l6 7m0-7l-6 7\"/>\n"
        "<path id=\"m-none\" class=\"none line\" d=\"M1 6h7\"/>\n"
        "<path id=\"m-bad\" class=\"bad\" d=\"M4.5 1l4.5 10h-9z\"/>\n"
        "</defs></svg>\n");
}

void page_sign(Page *page, const char *class)
{
    MARKUP(page->out,
           "<svg class=\"sign $\" width=\"16\" height=\"16\" aria-hidden=\"true\">"
           "<use href=\"#g-$\"/></svg>",
           class, class);
}

void page_verdict(Page *page, Verdict verdict)
{
    MARKUP(page->out, "<span class=\"verdict $\">", verdict_class(verdict));
    page_sign(page, verdict_class(verdict));
    MARKUP(page->out, " $</span>", verdict_name(verdict));
}

void page_trial_id(Page *page, const Section *section, const Judgement *judgement)
{
    const Trial *trial = judgement->trial;
    buffer_text(page->out, section->id);
    buffer_text(page->out, "..");
    markup_id(page->out, trial->reading->name);
    if (trial->other == NULL)
        return;
    buffer_text(page->out, "..");
    markup_id(page->out, trial->other);
}
