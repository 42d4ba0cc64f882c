#include "report/prose.h"

#include <cmark.h>
#include <stdbool.h>
#include <stdlib.h>
#include <strings.h>

#include "base/diagnostic.h"

enum { DEEPEST_HEADING = 6 };

static void lower_heading(cmark_node *heading, int level)
{
    int lowered = cmark_node_get_heading_level(heading) + level;
    cmark_node_set_heading_level(heading, lowered > DEEPEST_HEADING ? DEEPEST_HEADING : lowered);
}

static void picture_to_link(cmark_node *picture)
{
    cmark_node *link = cmark_node_new(CMARK_NODE_LINK);
    cmark_node_set_url(link, cmark_node_get_url(picture));
    cmark_node_set_title(link, cmark_node_get_title(picture));
    for (cmark_node *child; (child = cmark_node_first_child(picture)) != NULL;)
        cmark_node_append_child(link, child);
    cmark_node_replace(picture, link);
    cmark_node_free(picture);
}

/* Whether a link leads where a page may lead: to the web, by mail, or within the same folder. */
static bool is_harmless(const char *url)
{
    static const char *const schemes[] = {"http:", "https:", "mailto:"};
    size_t scheme = strcspn(url, ":/?#");
    if (url[scheme] != ':')
        return true;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

/* Lines of code stay lines. */
static void show_controls(cmark_node *node, const char *text,
                          int (*set)(cmark_node *node, const char *text))
{
    Buffer visible = {0};
    buffer_visible(&visible, span_of(text), "\n\t");
    set(node, buffer_string(&visible));
    buffer_free(&visible);
}

static void change_node(cmark_node *node, int level)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_HEADING:
        lower_heading(node, level);
        return;
    case CMARK_NODE_LINK:
        show_controls(node, cmark_node_get_title(node), cmark_node_set_title);
        if (!is_harmless(cmark_node_get_url(node)))
            cmark_node_set_url(node, "");
        return;
    case CMARK_NODE_IMAGE:
        show_controls(node, cmark_node_get_title(node), cmark_node_set_title);
        if (!is_harmless(cmark_node_get_url(node)))
            cmark_node_set_url(node, "");
        picture_to_link(node);
        return;
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_HTML_INLINE:
        cmark_node_free(node);
        return;
    case CMARK_NODE_CODE_BLOCK:
    case CMARK_NODE_CODE:
    case CMARK_NODE_TEXT:
        show_controls(node, cmark_node_get_literal(node), cmark_node_set_literal);
        return;
    default:
        return;
    }
}

/* Whatever of a tree is no node above others: the iterator meets it once. */
static bool is_leaf(cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_HTML_INLINE:
    case CMARK_NODE_CODE_BLOCK:
    case CMARK_NODE_CODE:
    case CMARK_NODE_TEXT:
        return true;
    default:
        return false;
    }
}

/* A node is changed when the iterator is done with it: as it leaves it, or meets a leaf. */
static cmark_node *tree_of(const char *markdown, int level)
{
    cmark_node *tree =
        cmark_parse_document(markdown, strlen(markdown), CMARK_OPT_DEFAULT | CMARK_OPT_SMART);
    if (tree == NULL)
        fail("out of memory for a text");
    cmark_iter *iterator = cmark_iter_new(tree);
    for (cmark_event_type event; (event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iterator);
        if (event == CMARK_EVENT_EXIT || is_leaf(node))
            change_node(node, level);
    }
    cmark_iter_free(iterator);
    return tree;
}

/* In cmark's safe mode: whatever tree_of() may have overlooked neither runs nor loads. */
static char *html_of(cmark_node *tree)
{
    return cmark_render_html(tree, CMARK_OPT_SAFE);
}

static void take_text(Buffer *out, char *text, cmark_node *tree)
{
    buffer_text(out, text);
    free(text);
    cmark_node_free(tree);
}

void prose_html(Buffer *out, const char *markdown, int level)
{
    cmark_node *tree = tree_of(markdown, level);
    take_text(out, html_of(tree), tree);
}

void prose_markdown(Buffer *out, const char *markdown, int level)
{
    cmark_node *tree = tree_of(markdown, level);
    take_text(out, cmark_render_commonmark(tree, CMARK_OPT_DEFAULT, 0), tree);
}

void prose_escape(Buffer *out, Span text)
{
    char escape[ESCAPE_ROOM];
    while (text.size != 0) {
        Span seen = text_visible(&text, escape);
        if (seen.size == 1 && strchr("\\`*_[]<>#|&~$^", seen.at[0]) != NULL)
            buffer_byte(out, '\\');
        buffer_append(out, seen.at, seen.size);
    }
}
