/*
 * Tests of what keeps the text of strangers from becoming markup, printed as TAP: prose_test
 *
 * A report is guarded by several layers, most of which would do alone; so a test that looks at a
 * whole report stays green when one of them is gone.  Here each is held alone: what this project
 * takes out of a text, cmark's safe mode, the escaping of values.  The fourth, the page's policy,
 * is held in warrant-weave.bats.
 */
#include "report/prose.c" /* for the steps behind prose_html() */

#include <stdio.h>

#include "report/markup.h"

static int test_count, failed_count;

static void check(bool holds, const char *sentence)
{
    failed_count += !holds;
    printf("%s %d - %s\n", holds ? "ok" : "not ok", ++test_count, sentence);
}

/* Each line is one that both layers refuse. */
static const char attack[] = "<script>alert(1)</script>\n\n"
                             "a <b onclick=alert(2)>word</b>\n\n"
                             "[a](javascript:alert(3)) [b](JaVaScRiPt:alert(4)) [c](vbscript:x)\n"
                             "[d](&#106;avascript:alert(5)) [e](file:///etc/passwd)\n"
                             "[f](data:text/html,%3Cscript%3E) <javascript:alert(6)>\n"
                             "![g](javascript:alert(7)) ![h](data:text/html,x)\n";

static const char *const forbidden[] = {"<script",       "<b",          "onclick=", "\"javascript:",
                                        "\"JaVaScRiPt:", "\"vbscript:", "\"file:",  "\"data:"};

/* Takes the text. */
static bool is_clean(char *html)
{
    bool clean = true;
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        if (strstr(html, forbidden[i]) != NULL) {
            printf("# holds %s\n", forbidden[i]);
            clean = false;
        }
    free(html);
    return clean;
}

static void test_own_pass(void)
{
    cmark_node *tree = tree_of(attack, 1);
    check(is_clean(cmark_render_html(tree, CMARK_OPT_UNSAFE)),
          "what could run is gone before cmark's safe mode sees it");
    cmark_node_free(tree);
    tree = tree_of("![p](http://example.org/p.png)", 1);
    char *html = cmark_render_html(tree, CMARK_OPT_UNSAFE);
    check(strstr(html, "<img") == NULL &&
              strstr(html, "<a href=\"http://example.org/p.png\"") != NULL,
          "a picture from elsewhere is a link to it");
    free(html);
    cmark_node_free(tree);
    tree = tree_of("[p](view-source:x) [q](blob:x) [r](x-custom:y)", 1);
    html = cmark_render_html(tree, CMARK_OPT_UNSAFE);
    check(strstr(html, "view-source") == NULL && strstr(html, "blob") == NULL &&
              strstr(html, "x-custom") == NULL,
          "a link leads to the web, by mail or within the folder, whatever else there is");
    free(html);
    cmark_node_free(tree);
}

/* Entities are taken for what they stand for before that is looked at. */
static void test_directions(void)
{
    Buffer html = {0};
    prose_html(&html,
               "a&#x202e;b `c\xe2\x80\xae" "d` [e](x \"f&#x202e;g\")\n\n    h\xe2\x80\xae" "i\n    j\n",
               1);
    check(strstr(buffer_string(&html), "\xe2\x80\xae") == NULL &&
              strstr(buffer_string(&html), "a\\u202eb") != NULL &&
              strstr(buffer_string(&html), "c\\u202ed") != NULL &&
              strstr(buffer_string(&html), "f\\u202eg") != NULL &&
              strstr(buffer_string(&html), "h\\u202ei\nj\n") != NULL,
          "turns of direction are shown in prose, its code and its titles");
    buffer_free(&html);
}

static void test_safe_mode(void)
{
    cmark_node *tree = cmark_parse_document(attack, strlen(attack), CMARK_OPT_DEFAULT);
    check(is_clean(html_of(tree)), "cmark's safe mode stops what was not taken out before");
    cmark_node_free(tree);
}

static bool escapes(void (*escape)(Buffer *, Span), Span text, const char *expected)
{
    Buffer out = {0};
    escape(&out, text);
    bool same = strcmp(buffer_string(&out), expected) == 0;
    if (!same)
        printf("# %s\n# %s\n", expected, buffer_string(&out));
    buffer_free(&out);
    return same;
}

static void test_values(void)
{
    check(escapes(markup_text, SPAN("<a b=\"c\" d='e'> & &lt;"),
                  "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt; &amp; &amp;lt;"),
          "a value closes no attribute, whatever quotes stand around it, and opens no element");
    check(escapes(markup_text, SPAN("a\x1b[2J\n\xe2\x80\xae\x7f"), "a\\x1b[2J\\n\\u202e\\x7f"),
          "control characters and turns of direction are shown");
    check(escapes(markup_lines, SPAN("<a>\n\"b\"\n"), "&lt;a&gt;\n&quot;b&quot;\n"),
          "lines stay lines and nothing else");
    Buffer out = {0};
    MARKUP(&out, "<i t=\"$\">$</i>", "$\"", "$<");
    check(strcmp(buffer_string(&out), "<i t=\"$&quot;\">$&lt;</i>") == 0,
          "a template's values are escaped, and not filled themselves");
    buffer_free(&out);
    out = (Buffer){0};
    markup_id(&out, "a\"><b c=d_");
    check(strcmp(buffer_string(&out), "a_22_3e_3cb_20c_3dd_5f") == 0,
          "a name in an id has no byte that means something there");
    buffer_free(&out);
    check(escapes(prose_escape, SPAN("<b>|`*_[x](y)#&~$^\\"),
                  "\\<b\\>\\|\\`\\*\\_\\[x\\](y)\\#\\&\\~\\$\\^\\\\"),
          "a value in Markdown is shown as it is");
}

int main(void)
{
    test_own_pass();
    test_directions();
    test_safe_mode();
    test_values();
    printf("1..%d\n", test_count);
    return failed_count == 0 ? 0 : 1;
}
