/*
 * Placeholder: figures in a text, filled in from the verdicts that stand behind them.
 *
 *     {{PIPELINE.CLAIM[.CHECK][@READING[@VINTAGE]][:PLACES][!]}}
 *
 * is replaced by the value that the check observes.  A claim with one check needs no CHECK. Without
 * READING the value must be the same, as it is printed, in every reading that can be tested.
 * Without PLACES it has as many as the figure it is held against, or else all its digits.  In an
 * author's text a value that contradicts its claim is refused, unless a ! says that it is to be
 * quoted so.
 *
 * Two braces around anything that has no point in it, unless it names a pipeline, are none of ours
 * and stay: LaTeX and other templates are full of them.
 */
#ifndef REPORT_PLACEHOLDER_H
#define REPORT_PLACEHOLDER_H

#include "report/library.h"

/* The language of the text, in which the values have to stand for themselves. */
typedef enum TextForm { FORM_PLAIN, FORM_MARKDOWN, FORM_HTML, FORM_LATEX } TextForm;

typedef struct Template {
    Span text;
    const char *place; /* what messages call it: a path, "PIPELINE.CLAIM: note" */
    bool lines;        /* the text is the file at `place`: messages add line and column */
    TextForm form;
    bool strict; /* a value that can't be had, or has left its interval: fail() */
} Template;

/* Appends the text with its placeholders filled; fails at one that is unknown or ambiguous. */
void placeholder_fill(Buffer *out, const Template *template, Library *library, Arena *arena);

/* By the end of a file's name: .md, .markdown; .html, .htm; .tex; any other is plain. */
TextForm form_of_path(const char *path);

#endif
