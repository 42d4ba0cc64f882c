/* The end of the page: where the data are from, and what computed on them. */

#include "report/markup.h"
#include "report/page_part.h"
#include "warrant/figure.h"

static void write_item(Page *page, const char *name, const char *text)
{
    if (text != NULL)
        MARKUP(page->out, "<div><dt>$</dt><dd>$</dd></div>\n", name, text);
}

static const char *cover_text(const Resource *resource, Arena *arena)
{
    const char *text = NULL;
    for (size_t i = 0; i < resource->cover_count; i++) {
        const Cover *cover = &resource->covers[i];
        text = arena_format(arena, "%s%s%s %s to %s", text == NULL ? "" : text,
                            text == NULL ? "" : ", ", cover->column,
                            figure_exact(cover->first, arena), figure_exact(cover->last, arena));
    }
    return text;
}

static const char *size_text(const Result *source, Arena *arena)
{
    unsigned long long rows, bytes = source->resource->bytes;
    if (source->parts.count == 0)
        return "the file is not there, or not the one that is meant";
    if (!provenance_source_rows(source, &rows))
        return arena_format(arena, "%llu bytes", bytes);
    if (source->resource->manifest)
        return arena_format(arena, "%llu rows in %zu parts", rows, source->parts.count);
    return arena_format(arena, "%llu rows, %llu bytes", rows, bytes);
}

static void write_source(Page *page, const Result *source)
{
    const Resource *resource = source->resource;
    buffer_text(page->out, "<div class=\"source\" id=\"source-");
    markup_id(page->out, resource->name);
    MARKUP(page->out, "\">\n<h3>$</h3>\n<dl>\n",
           resource->title == NULL ? resource->name : resource->title);
    write_item(page, "name", resource->name);
    write_item(page, "from", resource->source);
    write_item(page, "vintage", resource->vintage);
    write_item(page, "covers", cover_text(resource, page->arena));
    write_item(page, "licence", resource->licence);
    write_item(page, "file", resource->path);
    write_item(page, "size", size_text(source, page->arena));
    write_item(page, "sha256", resource->sha256);
    write_item(page, "names", resource->names);
    if (source->parts.count == 0)
        write_item(page, "to obtain it", resource->obtain);
    buffer_text(page->out, "</dl>\n</div>\n");
}

void page_sources(Page *page)
{
    const Inventory *inventory = &page->report->inventory;
    buffer_text(page->out,
                "<section class=\"sources\" id=\"sources\" aria-labelledby=\"h-sources\">"
                "\n<h2 id=\"h-sources\">Sources</h2>\n");
    for (size_t i = 0; i < inventory->source_count; i++)
        write_source(page, inventory->sources[i]);
    buffer_text(page->out, "</section>\n");
}

void page_programs(Page *page)
{
    const Inventory *inventory = &page->report->inventory;
    buffer_text(page->out,
                "<section class=\"programs\" aria-labelledby=\"programs\">\n"
                "<h2 id=\"programs\">Programs</h2>\n"
                "<div class=\"scroll\" role=\"group\" aria-label=\"Programs\" tabindex=\"0\">\n"
                "<table class=\"excerpt\">\n<caption>The programs that were run</caption>\n"
                "<thead><tr><th scope=\"col\">program</th><th scope=\"col\">sha256</th></tr>"
                "</thead>\n<tbody>\n");
    for (size_t i = 0; i < inventory->tool_count; i++)
        MARKUP(page->out,
               "<tr><th scope=\"row\">$</th><td><code class=\"sum\">$</code></td></tr>\n",
               inventory->tools[i].name, inventory->tools[i].sha256);
    buffer_text(page->out, "</tbody>\n</table>\n</div>\n</section>\n");
}
