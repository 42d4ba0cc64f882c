/* Tables and drawings of the page. */

#include "report/markup.h"
#include "report/page_part.h"
#include "report/recipe.h"

static const char *role_word(RowRole role)
{
    static const char *const words[] = {"", "decides", "rival", "compared with"};
    return words[role];
}

static bool has_roles(const Excerpt *excerpt)
{
    return excerpt->count != 0 && excerpt->rows[0].role != ROW_PLAIN;
}

static bool has_readings(const Excerpt *excerpt)
{
    for (size_t i = 0; i < excerpt->count; i++)
        if (excerpt->rows[i].reading != NULL)
            return true;
    return false;
}

static void write_header(Page *page, const Excerpt *excerpt)
{
    buffer_text(page->out, "<thead><tr>");
    if (has_readings(excerpt))
        buffer_text(page->out, "<th scope=\"col\">reading</th>");
    if (has_roles(excerpt))
        buffer_text(page->out, "<th scope=\"col\">row</th>");
    for (size_t i = 0; i < excerpt->width; i++)
        MARKUP(page->out, "<th scope=\"col\" class=\"$\">$</th>",
               excerpt->numeric[i] ? "number" : "text", excerpt->names[i]);
    buffer_text(page->out, "</tr></thead>\n<tbody>\n");
}

static void write_cell(Page *page, const Excerpt *excerpt, size_t column, Span cell)
{
    buffer_text(page->out, excerpt->numeric[column] ? "<td class=\"number\">" : "<td>");
    if (cell.size == 0)
        buffer_text(page->out, "<span class=\"missing\" title=\"missing\">–</span>");
    else
        markup_text(page->out, cell);
    buffer_text(page->out, "</td>");
}

static void write_row(Page *page, const Excerpt *excerpt, const ExcerptRow *row)
{
    MARKUP(page->out, "<tr class=\"role-$\">",
           row->role == ROW_RIVAL   ? "rival"
           : row->role == ROW_PLAIN ? "plain"
                                    : "decides");
    if (has_readings(excerpt))
        MARKUP(page->out, "<th scope=\"row\">$</th>", row->reading == NULL ? "" : row->reading);
    if (has_roles(excerpt))
        MARKUP(page->out, "<td class=\"role\">$</td>", role_word(row->role));
    for (size_t i = 0; i < excerpt->width; i++)
        write_cell(page, excerpt, i, row->cells[i]);
    buffer_text(page->out, "</tr>\n");
}

void page_excerpt(Page *page, const Excerpt *excerpt, const char *caption, const char *class)
{
    MARKUP(page->out,
           "<div class=\"scroll\" role=\"group\" aria-label=\"$\" tabindex=\"0\">\n"
           "<table class=\"excerpt $\">\n<caption>$</caption>\n",
           caption, class, caption);
    write_header(page, excerpt);
    for (size_t i = 0; i < excerpt->count; i++)
        write_row(page, excerpt, &excerpt->rows[i]);
    buffer_text(page->out, "</tbody>\n</table>\n");
    if (excerpt->more != 0)
        buffer_format(page->out, "<p class=\"more\">and %llu more row%s</p>\n",
                      (unsigned long long)excerpt->more, excerpt->more == 1 ? "" : "s");
    buffer_text(page->out, "</div>\n");
}

static void write_caption(Page *page, const Exhibit *exhibit)
{
    buffer_text(page->out, "<figcaption>");
    if (exhibit->problem != NULL) /* a table and a drawing have their titles in them */
        MARKUP(page->out, "<b>$</b> ", exhibit->title);
    MARKUP(page->out, "Step <code>$</code>", exhibit->step->name);
    if (exhibit->reading != NULL)
        MARKUP(page->out, ", reading <code>$</code>", exhibit->reading);
    buffer_text(page->out, ".</figcaption>\n");
}

static void write_command(Page *page, const Exhibit *exhibit)
{
    Buffer command = {0};
    recipe_command(&command, exhibit->command, exhibit->result, page->arena);
    MARKUP(page->out, "<pre><code>$</code></pre>\n", buffer_string(&command));
    buffer_free(&command);
}

static void write_drawing(Page *page, const Exhibit *exhibit)
{
    MARKUP(page->out, "<div class=\"scroll\" role=\"group\" aria-label=\"$\" tabindex=\"0\">\n",
           exhibit->title);
    buffer_text(page->out, exhibit->drawing.markup);
    buffer_text(
        page->out,
        "\n</div>\n<details class=\"aside\"><summary>The rows behind the drawing</summary>\n");
    page_excerpt(page, &exhibit->excerpt, exhibit->title, "behind");
    write_command(page, exhibit);
    buffer_text(page->out, "</details>\n");
}

void page_exhibit(Page *page, const Exhibit *exhibit)
{
    MARKUP(page->out, "<figure class=\"exhibit\" id=\"$\">\n", exhibit->id);
    if (exhibit->problem != NULL)
        MARKUP(page->out, "<p class=\"fault\">$ cannot be shown: $</p>\n",
               exhibit->is_plot ? "The drawing" : "The table", exhibit->problem);
    if (exhibit->drawing.markup != NULL)
        write_drawing(page, exhibit);
    else if (exhibit->excerpt.width != 0)
        page_excerpt(page, &exhibit->excerpt, exhibit->title, "shown");
    write_caption(page, exhibit);
    buffer_text(page->out, "</figure>\n");
}
