#include "report/inset.h"

#include "base/quote.h"
#include "report/markup.h"

enum { DEEPEST = 64 };

typedef struct Taking {
    const char *at, *end;
    Buffer *out;
    const char *prefix;
    const char *label;
    Span open[DEEPEST]; /* names of the elements that are open */
    size_t depth;
    size_t silent; /* depth from which nothing is let through; 0: all is */
    bool begun;    /* the root has been seen */
    bool described;
    Span style;
    const char *problem;
} Taking;

static const char *const elements[] = {
    "svg",      "g",       "path",  "rect", "circle", "ellipse", "line",           "polyline",
    "polygon",  "text",    "tspan", "defs", "use",    "symbol",  "linearGradient", "stop",
    "clipPath", "pattern", NULL};

static const char *const attributes[] = {"id",
                                         "class",
                                         "d",
                                         "x",
                                         "y",
                                         "x1",
                                         "y1",
                                         "x2",
                                         "y2",
                                         "cx",
                                         "cy",
                                         "r",
                                         "rx",
                                         "ry",
                                         "dx",
                                         "dy",
                                         "width",
                                         "height",
                                         "points",
                                         "transform",
                                         "viewBox",
                                         "preserveAspectRatio",
                                         "fill",
                                         "fill-opacity",
                                         "fill-rule",
                                         "stroke",
                                         "stroke-width",
                                         "stroke-opacity",
                                         "stroke-linecap",
                                         "stroke-linejoin",
                                         "stroke-dasharray",
                                         "stroke-dashoffset",
                                         "opacity",
                                         "font-family",
                                         "font-size",
                                         "font-weight",
                                         "font-style",
                                         "text-anchor",
                                         "dominant-baseline",
                                         "clip-path",
                                         "href",
                                         "xlink:href",
                                         "offset",
                                         "stop-color",
                                         "stop-opacity",
                                         "patternUnits",
                                         "gradientUnits",
                                         "patternTransform",
                                         "textLength",
                                         NULL};

static bool listed(Span name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (span_equal(name, span_of(*names)))
            return true;
    return false;
}

static bool begins(const Taking *taking, Span text)
{
    return (size_t)(taking->end - taking->at) >= text.size &&
           memcmp(taking->at, text.at, text.size) == 0;
}

/* Moves behind the next occurrence of the text. */
static void pass(Taking *taking, Span text)
{
    for (; taking->at != taking->end; taking->at++)
        if (begins(taking, text)) {
            taking->at += text.size;
            return;
        }
    taking->problem = "an unfinished tag";
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

static void pass_blanks(Taking *taking)
{
    while (taking->at != taking->end && is_blank(*taking->at))
        taking->at++;
}

static bool is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '_' || byte == ':' || byte == '.';
}

static Span take_name(Taking *taking)
{
    const char *start = taking->at;
    while (taking->at != taking->end && is_name_byte(*taking->at))
        taking->at++;
    if (taking->at == start)
        taking->problem = "a tag without a name";
    return (Span){start, (size_t)(taking->at - start)};
}

/* A quoted value, as it is written. */
static Span take_value(Taking *taking)
{
    pass_blanks(taking);
    if (taking->at == taking->end || *taking->at != '=') {
        taking->problem = "an attribute without a value";
        return SPAN("");
    }
    taking->at++;
    pass_blanks(taking);
    char quote = taking->at == taking->end ? '\0' : *taking->at;
    const char *start = taking->at + 1;
    const char *close =
        quote == '"' || quote == '\'' ? memchr(start, quote, (size_t)(taking->end - start)) : NULL;
    if (close == NULL) {
        taking->problem = "an attribute without quotes";
        return SPAN("");
    }
    taking->at = close + 1;
    return (Span){start, (size_t)(close - start)};
}

/* Text that stands in the file with its entities; quotes and angles are made safe again. */
static void put_text(Buffer *out, Span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.at[i] == '&')
            buffer_byte(out, '&');
        else
            quote_markup((Span){text.at + i, 1}, out);
}

static void put_reference(const Taking *taking, Span name, const char *opening, const char *closing)
{
    buffer_format(taking->out, "%s%s-", opening, taking->prefix);
    put_text(taking->out, name);
    buffer_text(taking->out, closing);
}

static bool is_black(Span value)
{
    return span_equal(value, SPAN("black")) || span_equal(value, SPAN("#000000")) ||
           span_equal(value, SPAN("#000")) || span_equal(value, SPAN("rgb(0,0,0)")) ||
           span_equal(value, SPAN("rgb(  0,   0,   0)"));
}

static bool starts_with(Span text, Span start)
{
    return text.size >= start.size && memcmp(text.at, start.at, start.size) == 0;
}

/* Only what is inside the same taking may be referred to. */
static void put_value(const Taking *taking, Span name, Span value)
{
    bool is_link = span_equal(name, SPAN("href")) || span_equal(name, SPAN("xlink:href"));
    if (span_equal(name, SPAN("id")))
        put_reference(taking, value, "", "");
    else if (is_link)
        put_reference(taking, (Span){value.at + 1, value.size - 1}, "#", "");
    else if (starts_with(value, SPAN("url(#")) && value.at[value.size - 1] == ')')
        put_reference(taking, (Span){value.at + 5, value.size - 6}, "url(#", ")");
    else if (is_black(value))
        buffer_text(taking->out, "currentColor");
    else
        put_text(taking->out, value);
}

static bool holds(Span text, Span part)
{
    for (size_t i = 0; i + part.size <= text.size; i++)
        if (memcmp(text.at + i, part.at, part.size) == 0)
            return true;
    return false;
}

/* An entity could spell what is looked for here in other letters. */
static bool fit(Span name, Span value)
{
    if (holds(value, SPAN("&")))
        return false;
    bool is_link = span_equal(name, SPAN("href")) || span_equal(name, SPAN("xlink:href"));
    if (is_link)
        return starts_with(value, SPAN("#"));
    return listed(name, attributes) &&
           (!holds(value, SPAN("url(")) || starts_with(value, SPAN("url(#")));
}

static void put_attribute(Taking *taking, Span name, Span value)
{
    if (!fit(name, value))
        return;
    if (span_equal(name, SPAN("xlink:href")))
        buffer_text(taking->out, " href=\"");
    else
        buffer_format(taking->out, " %.*s=\"", (int)name.size, name.at);
    put_value(taking, name, value);
    buffer_byte(taking->out, '"');
}

/* The root gets a name and a class; how large it is the page decides by its viewBox. */
static void put_root(Taking *taking)
{
    taking->begun = true;
    buffer_text(taking->out, "<svg class=\"plot\" role=\"img\" aria-label=\"");
    markup_text(taking->out, span_of(taking->label));
    buffer_byte(taking->out, '"');
    if (taking->described)
        buffer_format(taking->out, " aria-describedby=\"%s-desc\"", taking->prefix);
}

static void take_attributes(Taking *taking, bool root)
{
    for (;;) {
        pass_blanks(taking);
        if (taking->problem != NULL || taking->at == taking->end || *taking->at == '>' ||
            *taking->at == '/')
            return;
        Span name = take_name(taking);
        Span value = taking->problem == NULL ? take_value(taking) : name;
        bool wanted = !root || span_equal(name, SPAN("viewBox"));
        if (taking->problem == NULL && taking->silent == 0 && wanted)
            put_attribute(taking, name, value);
    }
}

static void close_tag(Taking *taking, Span name)
{
    if (taking->depth == 0 || !span_equal(taking->open[taking->depth - 1], name)) {
        taking->problem = "tags that do not match";
        return;
    }
    if (taking->silent == 0)
        buffer_format(taking->out, "</%.*s>", (int)name.size, name.at);
    if (taking->silent == taking->depth)
        taking->silent = 0;
    taking->depth--;
}

static bool is_description(const Taking *taking)
{
    return taking->depth == 2 && taking->silent == 0 && span_equal(taking->open[1], SPAN("desc"));
}

static void open_tag(Taking *taking, Span name)
{
    bool root = taking->depth == 0;
    if (root != span_equal(name, SPAN("svg")) || (root && taking->begun) ||
        taking->depth == DEEPEST) {
        taking->problem = "not one <svg>";
        return;
    }
    taking->open[taking->depth++] = name;
    bool wanted = listed(name, elements) || (taking->depth == 2 && span_equal(name, SPAN("desc")));
    if (taking->silent == 0 && !wanted)
        taking->silent = taking->depth;
    if (root)
        put_root(taking);
    else if (taking->silent == 0)
        buffer_format(taking->out, "<%.*s", (int)name.size, name.at);
    if (is_description(taking))
        buffer_format(taking->out, " id=\"%s-desc\"", taking->prefix);
    take_attributes(taking, root);
    if (taking->silent == 0)
        buffer_byte(taking->out, '>');
}

static void take_tag(Taking *taking)
{
    taking->at++;
    bool closing = taking->at != taking->end && *taking->at == '/';
    taking->at += closing;
    Span name = take_name(taking);
    if (taking->problem != NULL)
        return;
    if (closing)
        close_tag(taking, name);
    else
        open_tag(taking, name);
    pass_blanks(taking);
    bool empty = taking->at != taking->end && *taking->at == '/';
    taking->at += empty;
    if (taking->at == taking->end || *taking->at != '>')
        taking->problem = "an unfinished tag";
    else
        taking->at++;
    if (empty && !closing && taking->problem == NULL)
        close_tag(taking, name);
}

/* Rules that can't load anything, nor hide from this look at them. */
static bool is_style(Span text)
{
    return !holds(text, SPAN("<")) && !holds(text, SPAN("@import")) && !holds(text, SPAN("url(")) &&
           !holds(text, SPAN("\\"));
}

static void take_text(Taking *taking)
{
    const char *start = taking->at;
    while (taking->at != taking->end && *taking->at != '<')
        taking->at++;
    Span text = {start, (size_t)(taking->at - start)};
    if (taking->depth != 0 && taking->silent == 0)
        put_text(taking->out, text);
    else if (taking->depth == 2 && span_equal(taking->open[1], SPAN("style")) && is_style(text))
        taking->style = text;
}

static void take_token(Taking *taking)
{
    if (*taking->at != '<')
        take_text(taking);
    else if (begins(taking, SPAN("<!--")))
        pass(taking, SPAN("-->"));
    else if (begins(taking, SPAN("<?")))
        pass(taking, SPAN("?>"));
    else if (begins(taking, SPAN("<![CDATA[")))
        pass(taking, SPAN("]]>"));
    else if (begins(taking, SPAN("<!")))
        taking->problem = "a document type";
    else
        take_tag(taking);
}

Inset inset_make(Span svg, const char *prefix, const char *label, Arena *arena)
{
    Buffer out = {0};
    Taking taking = {.at = svg.at,
                     .end = svg.at + svg.size,
                     .out = &out,
                     .prefix = prefix,
                     .label = label,
                     .described = holds(svg, SPAN("<desc>"))};
    if (utf8_valid(svg.at, svg.size) != svg.size || holds(svg, (Span){"", 1}))
        taking.problem = "bytes that are not UTF-8";
    while (taking.problem == NULL && taking.at != taking.end)
        take_token(&taking);
    if (taking.problem == NULL && (taking.depth != 0 || !taking.begun))
        taking.problem = "an <svg> that does not end";
    Inset inset = {.problem = taking.problem};
    if (taking.problem == NULL) {
        inset.markup = arena_copy(arena, out.at, out.size);
        inset.style = arena_copy(arena, taking.style.at, taking.style.size);
    }
    buffer_free(&out);
    return inset;
}
