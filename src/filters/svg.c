#define _GNU_SOURCE /* memmem */
#include "filters/svg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/quote.h"
#include "filters/palette.h"

/* What the shapes inside a <g> inherit from it. */
typedef struct Group {
    Span width;                                 /* of strokes */
    Span transform, fill, family, size, anchor; /* of a text */
} Group;

enum { DEEPEST = 16 };

typedef struct Svg {
    Span left; /* of gnuplot's text */
    Group groups[DEEPEST];
    size_t depth;
    char prefix[24]; /* of the ids of hatching patterns */
    bool hatched;
    Buffer *out;
} Svg;

static void append(Buffer *out, Span text)
{
    buffer_append(out, text.at, text.size);
}

/* ---- gnuplot's elements ---- */

static Span trimmed(Span text)
{
    while (text.size > 0 && text.at[0] == ' ')
        text = (Span){text.at + 1, text.size - 1};
    while (text.size > 0 && text.at[text.size - 1] == ' ')
        text.size--;
    return text;
}

static const char *find(Span text, const char *word)
{
    return text.size == 0 ? NULL : memmem(text.at, text.size, word, strlen(word));
}

static void move_to(Span *text, const char *at)
{
    text->size -= (size_t)(at - text->at);
    text->at = at;
}

/* The attribute's value in a tag, written  name='value'  or  name = "value"; `at` NULL: none. */
static Span attribute(Span tag, const char *name)
{
    size_t size = strlen(name);
    for (Span rest = tag; rest.size > size; move_to(&rest, rest.at + 1)) {
        if (rest.at[0] != ' ' || memcmp(rest.at + 1, name, size) != 0)
            continue;
        Span value = trimmed((Span){rest.at + 1 + size, rest.size - 1 - size});
        if (value.size == 0 || value.at[0] != '=')
            continue;
        value = trimmed((Span){value.at + 1, value.size - 1});
        const char *end = value.size < 2 ? NULL : memchr(value.at + 1, value.at[0], value.size - 1);
        if (end != NULL)
            return trimmed((Span){value.at + 1, (size_t)(end - value.at - 1)});
    }
    return (Span){NULL, 0};
}

static bool is_tag(Span tag, const char *name)
{
    size_t size = strlen(name);
    return tag.size >= size && memcmp(tag.at, name, size) == 0 &&
           (tag.size == size || tag.at[size] == ' ' || tag.at[size] == '/');
}

/* rgb( 12, 3,4) as #0c0304; anything else as the ink. */
static void colour_of(Span text, char colour[8])
{
    int red, green, blue;
    char copy[32];
    snprintf(copy, sizeof copy, "%.*s", (int)text.size, text.at == NULL ? "" : text.at);
    if (sscanf(copy, "rgb(%d,%d,%d)", &red, &green, &blue) == 3)
        snprintf(colour, 8, "#%02x%02x%02x", red & 255, green & 255, blue & 255);
    else
        snprintf(colour, 8, "%s", palette_ink.light);
}

/* ---- ours ---- */

static const Group *group(const Svg *svg)
{
    return &svg->groups[svg->depth];
}

static void write_path(Svg *svg, Span tag)
{
    Span path = attribute(tag, "d"), dash = attribute(tag, "stroke-dasharray");
    char colour[8];
    colour_of(attribute(tag, "stroke"), colour);
    if (find(path, "L") == NULL) /* of points without a neighbour */
        return;
    buffer_format(svg->out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"%.*s\"", colour,
                  (int)group(svg)->width.size, group(svg)->width.at);
    if (dash.at != NULL)
        buffer_format(svg->out, " stroke-dasharray=\"%.*s\"", (int)dash.size, dash.at);
    else
        buffer_text(svg->out, " stroke-linejoin=\"round\"");
    buffer_format(svg->out, " d=\"%.*s\"/>\n", (int)path.size, path.at);
}

/* The number of the series whose bars have this colour; 0 for the first, and for none. */
static size_t series_of(const char *colour)
{
    for (size_t i = 0; i < PALETTE_SERIES; i++)
        if (strcmp(colour, palette_series[i].light) == 0 ||
            strcmp(colour, palette_pale[i].light) == 0)
            return i;
    return 0;
}

static void write_polygon(Svg *svg, Span tag)
{
    Span points = attribute(tag, "points");
    char colour[8];
    colour_of(attribute(tag, "fill"), colour);
    buffer_format(svg->out, "<polygon fill=\"%s\" points=\"%.*s\"/>\n", colour, (int)points.size,
                  points.at);
    size_t series = series_of(colour);
    if (svg->hatched && series > 0)
        buffer_format(svg->out, "<polygon fill=\"url(#%s%zu)\" points=\"%.*s\"/>\n", svg->prefix,
                      series, (int)points.size, points.at);
}

/* Gnuplot's markers, of radius 1; the ring is not filled. */
static const struct {
    const char *link, *shape;
} markers[] = {
    {"#gpPt6", "<circle r=\"1\""},
    {"#gpPt5", "<circle r=\"1\" fill=\"none\" stroke-width=\"0.25\""},
    {"#gpPt4", "<rect x=\"-0.9\" y=\"-0.9\" width=\"1.8\" height=\"1.8\""},
    {"#gpPt8", "<path d=\"M0,-1.33L-1.33,0.67L1.33,0.67z\""},
    {"#gpPt12", "<path d=\"M0,-1.35L1.35,0L0,1.35L-1.35,0z\""},
    {"#gpPt10", "<path d=\"M0,1.33L-1.33,-0.67L1.33,-0.67z\""},
};

static void write_marker(Svg *svg, Span tag)
{
    Span link = attribute(tag, "xlink:href"), transform = attribute(tag, "transform");
    char colour[8];
    colour_of(attribute(tag, "color"), colour);
    for (size_t i = 0; i < sizeof markers / sizeof *markers; i++)
        if (span_equal(link, span_of(markers[i].link)))
            buffer_format(svg->out, "%s %s=\"%s\" transform=\"%.*s\"/>\n", markers[i].shape,
                          strstr(markers[i].shape, "none") == NULL ? "fill" : "stroke", colour,
                          (int)transform.size, transform.at);
}

/* `content` is escaped already. */
static void write_text(Svg *svg, Span content)
{
    const Group *style = group(svg);
    char colour[8];
    if (content.size == 0)
        return;
    colour_of(style->fill, colour);
    buffer_format(svg->out, "<text transform=\"%.*s\" font-size=\"%.*s\" fill=\"%s\"",
                  (int)style->transform.size, style->transform.at, (int)style->size.size,
                  style->size.at, colour);
    if (!span_equal(style->anchor, SPAN("start")))
        buffer_format(svg->out, " text-anchor=\"%.*s\"", (int)style->anchor.size, style->anchor.at);
    if (find(style->family, ":Bold") != NULL)
        buffer_text(svg->out, " font-weight=\"bold\"");
    buffer_byte(svg->out, '>');
    append(svg->out, content);
    buffer_text(svg->out, "</text>\n");
}

static void set_if_there(Span *value, Span tag, const char *name)
{
    Span there = attribute(tag, name);
    if (there.at != NULL)
        *value = there;
}

static void open_group(Svg *svg, Span tag)
{
    if (svg->depth + 1 == DEEPEST)
        fail("gnuplot: groups too deep in its picture");
    Group inner = *group(svg);
    set_if_there(&inner.width, tag, "stroke-width");
    set_if_there(&inner.transform, tag, "transform");
    set_if_there(&inner.fill, tag, "fill");
    set_if_there(&inner.family, tag, "font-family");
    set_if_there(&inner.size, tag, "font-size");
    set_if_there(&inner.anchor, tag, "text-anchor");
    svg->groups[++svg->depth] = inner;
}

/* The text up to the element's end, behind which the rest begins. */
static Span take_content(Svg *svg, const char *end_tag)
{
    const char *end = find(svg->left, end_tag);
    if (end == NULL)
        fail("gnuplot: its picture breaks off");
    Span content = {svg->left.at, (size_t)(end - svg->left.at)};
    move_to(&svg->left, end + strlen(end_tag));
    return content;
}

static void write_element(Svg *svg, Span tag)
{
    if (is_tag(tag, "g"))
        open_group(svg, tag);
    else if (is_tag(tag, "/g"))
        svg->depth -= svg->depth > 0;
    else if (is_tag(tag, "title"))
        take_content(svg, "</title>");
    else if (is_tag(tag, "text"))
        write_text(svg, take_content(svg, "</text>"));
    else if (is_tag(tag, "path"))
        write_path(svg, tag);
    else if (is_tag(tag, "polygon"))
        write_polygon(svg, tag);
    else if (is_tag(tag, "use"))
        write_marker(svg, tag);
}

static void write_shapes(Svg *svg)
{
    const char *start = find(svg->left, "</defs>");
    if (start == NULL)
        fail("gnuplot: what it wrote is no picture");
    move_to(&svg->left, start + strlen("</defs>"));
    while (svg->left.size > 0) {
        const char *open = memchr(svg->left.at, '<', svg->left.size);
        if (open == NULL)
            return;
        move_to(&svg->left, open + 1);
        write_element(svg, take_content(svg, ">"));
    }
}

/* ---- head ---- */

static void write_dark(Buffer *out, const Colour *colour)
{
    buffer_format(out, ".plot [fill=\"%s\"]{fill:%s}.plot [stroke=\"%s\"]{stroke:%s}\n",
                  colour->light, colour->dark, colour->light, colour->dark);
}

/*
 * The attributes hold the light colours, for readers that know no style sheets; on a dark ground
 * each is exchanged for its dark one.
 */
static void write_style(Buffer *out)
{
    buffer_text(out, "<style>.plot text{font-family:system-ui,\"Noto Sans\",sans-serif;"
                     "font-variant-numeric:tabular-nums}\n"
                     "@media screen and (prefers-color-scheme:dark){\n");
    const Colour *const single[] = {&palette_ground, &palette_ink, &palette_muted, &palette_axis,
                                    &palette_grid};
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        write_dark(out, single[i]);
    for (size_t i = 0; i < PALETTE_SERIES; i++) {
        write_dark(out, &palette_series[i]);
        write_dark(out, &palette_pale[i]);
    }
    buffer_text(out, "}</style>\n");
}

/* Thin lines of the ground's colour over the bars. */
static void write_patterns(const Svg *svg)
{
    static const char *const strokes[PALETTE_SERIES] = {
        "",
        "M-1,9L9,-1M-1,17L17,-1M7,17L17,7",
        "M0,4H16M0,12H16",
        "M-1,7L9,17M-1,-1L17,17M7,-1L17,9",
        "M4,0V16M12,0V16",
        "M-1,9L9,-1M-1,17L17,-1M7,17L17,7M-1,7L9,17M-1,-1L17,17M7,-1L17,9",
        "M0,4H16M0,12H16M4,0V16M12,0V16",
    };
    buffer_text(svg->out, "<defs>\n");
    for (size_t i = 1; i < PALETTE_SERIES; i++)
        buffer_format(svg->out,
                      "<pattern id=\"%s%zu\" patternUnits=\"userSpaceOnUse\" width=\"16\""
                      " height=\"16\"><path fill=\"none\" stroke=\"%s\" stroke-width=\"1.3\""
                      " stroke-opacity=\"0.75\" d=\"%s\"/></pattern>\n",
                      svg->prefix, i, palette_ground.light, strokes[i]);
    buffer_text(svg->out, "</defs>\n");
}

/* FNV-1a (Fowler, Noll and Vo): the same for the same picture, in every run. */
static uint32_t digest(Span text)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < text.size; i++)
        hash = (hash ^ (unsigned char)text.at[i]) * 16777619u;
    return hash;
}

static void write_head(const Svg *svg, DrawingSize size, const SvgText *text)
{
    Buffer *out = svg->out;
    buffer_format(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" role=\"img\""
                  " viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                  " font-family=\"sans-serif\">\n<title>",
                  size.width, size.height, size.width, size.height);
    quote_markup(text->title, out);
    buffer_text(out, "</title>\n<desc>");
    quote_markup(text->description, out);
    buffer_text(out, "</desc>\n");
    write_style(out);
    if (svg->hatched)
        write_patterns(svg);
    buffer_format(out, "<rect width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", size.width, size.height,
                  palette_ground.light);
}

void svg_write(Span gnuplot, DrawingSize size, const SvgText *text, int hatched, Buffer *out)
{
    Svg svg = {.left = gnuplot, .hatched = hatched, .out = out};
    snprintf(svg.prefix, sizeof svg.prefix, "hatch-%08x-", (unsigned)digest(gnuplot));
    write_head(&svg, size, text);
    write_shapes(&svg);
    buffer_text(out, "</svg>\n");
}
