#include "emit/dot.h"

#include <string.h>

#include "base/quote.h"
#include "warrant/invocation.h"
#include "warrant/judge.h"

enum { LINE_WIDTH = 60 };

/* A name in the drawing's own language; sources, steps and claims are kept apart by a letter. */
static void write_node(const char *kind, const char *name, Buffer *out)
{
    buffer_format(out, "\"%s.%s\"", kind, name);
}

/* A text inside a label, which is written as in HTML. */
static void write_text(Span text, Buffer *out)
{
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.at[i] < ' ')
            buffer_byte(out, ' ');
        else if (text.at[i] == '"')
            buffer_byte(out, '"');
        else
            quote_markup((Span){text.at + i, 1}, out);
}

/* The size of the longest piece that ends before a blank and is not too wide, at least one word. */
static size_t piece_size(Span text)
{
    size_t best = 0;
    for (size_t i = 1; i <= text.size; i++) {
        if (i < text.size && text.at[i] != ' ' && text.at[i] != '\n')
            continue;
        if (best != 0 && utf8_count((Span){text.at, i}) > LINE_WIDTH)
            break;
        best = i;
    }
    return best;
}

/* A text as lines that begin at the left, those behind the first set in by `indent`. */
static void write_lines(const char *text, const char *indent, Buffer *out)
{
    Span rest = span_of(text);
    for (bool first = true; rest.size != 0; first = false) {
        size_t size = piece_size(rest);
        buffer_text(out, first ? "" : indent);
        write_text((Span){rest.at, size}, out);
        buffer_text(out, "<br align=\"left\"/>");
        while (size < rest.size && (rest.at[size] == ' ' || rest.at[size] == '\n'))
            size++;
        rest = (Span){rest.at + size, rest.size - size};
    }
}

static void write_name(const char *name, Buffer *out)
{
    buffer_format(out, "<b>%s</b><br align=\"left\"/>", name);
}

static void write_source(const ScriptTable *table, Buffer *out)
{
    buffer_text(out, "    ");
    write_node("source", table->name, out);
    buffer_text(out, " [shape=cylinder, label=<");
    write_name(table->name, out);
    write_lines(table->resource->name, "", out);
    buffer_text(out, ">];\n");
}

static void write_edge(const char *kind, const char *from, const char *to_kind, const char *to,
                       const char *style, Buffer *out)
{
    buffer_text(out, "    ");
    write_node(kind, from, out);
    buffer_text(out, " -> ");
    write_node(to_kind, to, out);
    buffer_format(out, "%s;\n", style);
}

static const char *kind_of(const ScriptTable *table)
{
    return table->source != NULL ? "source" : "step";
}

static void write_step(const Script *script, const Step *step, Buffer *out)
{
    buffer_text(out, "    ");
    write_node("step", step->name, out);
    buffer_text(out, " [shape=box, label=<");
    write_name(step->name, out);
    for (size_t i = 0; i < step->pipe.count; i++) {
        Buffer command = {0};
        invocation_write(step->pipe.stages[i].words, &command);
        if (i + 1 < step->pipe.count)
            buffer_text(&command, " |");
        write_lines(buffer_string(&command), "&nbsp;&nbsp;&nbsp;&nbsp;", out);
        buffer_free(&command);
    }
    buffer_text(out, ">];\n");
    for (size_t i = 0; i < step->from_count; i++)
        write_edge(kind_of(script_table(script, step->from[i])), step->from[i], "step", step->name,
                   "", out);
    for (size_t i = 0; i < step->pipe.count; i++)
        for (const char *const *table = step->pipe.stages[i].tables; *table != NULL; table++)
            write_edge(kind_of(script_table(script, *table)), *table, "step", step->name,
                       " [style=dashed]", out);
}

/* The steps that a claim's checks look at, each once. */
static void write_looks(const Script *script, const Claim *claim, Buffer *out)
{
    bool *drawn = arena_array(script->arena, script->step_count, sizeof *drawn);
    memset(drawn, 0, script->step_count * sizeof *drawn);
    for (size_t i = 0; i < 2 * claim->check_count; i++) {
        const Check *check = &claim->checks[i / 2];
        /* NOLINTNEXTLINE: every i is of a check that is there */
        const Observed *observed = i % 2 == 0 ? &check->observed : check->other;
        if (observed == NULL)
            continue;
        const char *step = judge_step(script->setting, claim, observed);
        size_t number = (size_t)(script_table(script, step) - script->steps);
        if (!drawn[number])
            write_edge("step", step, "claim", claim->name, "", out);
        drawn[number] = true;
    }
}

static void write_claim(const Script *script, const Claim *claim, Buffer *out)
{
    buffer_text(out, "    ");
    write_node("claim", claim->name, out);
    buffer_text(out, " [shape=note, style=filled, fillcolor=\"#f4f1e4\", label=<");
    write_name(claim->name, out);
    if (claim->says != NULL)
        write_lines(claim->says, "", out);
    buffer_text(out, ">];\n");
    write_looks(script, claim, out);
}

void dot_write(const Script *script, Buffer *out)
{
    const Document *document = script->setting->document;
    script_heading(script, "// ", out);
    buffer_text(out, "digraph pipeline {\n"
                     "    rankdir=LR;\n"
                     "    node [fontname=\"sans-serif\", fontsize=10, margin=\"0.15,0.08\"];\n"
                     "    edge [arrowsize=0.7];\n");
    for (size_t i = 0; i < script->source_count; i++)
        write_source(&script->sources[i], out);
    for (size_t i = 0; i < script->step_count; i++)
        write_step(script, script->steps[i].step, out);
    for (size_t i = 0; i < document->claim_count; i++)
        write_claim(script, &document->claims[i], out);
    buffer_text(out, "}\n");
}
