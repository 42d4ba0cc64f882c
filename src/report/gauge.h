/*
 * Gauge: a verdict as a drawing - the interval that a claim allows, and the observed value on it.
 *
 * The gauges of one check share a scale, so that readings can be compared by eye.  Places on the
 * scale are computed exactly and printed to a tenth of a pixel.  What a gauge shows is also said in
 * its label; whether the value is inside shows by shape (a disc, or a cross) as well as by colour.
 * A whisker through the value shows where it may lie whatever the rounded inputs stand for.
 */
#ifndef REPORT_GAUGE_H
#define REPORT_GAUGE_H

#include "warrant/judge.h"

typedef struct Scale {
    bool any; /* something was measured */
    Decimal low, high;
    int32_t places; /* the most digits behind the point of what lies on it */
} Scale;            /* all zero is an empty one */

/* Widens the scale so that the outcome's value and interval lie on it. */
void scale_include(Scale *scale, const Outcome *outcome, Arena *arena);

/* Leaves room at both ends; call once, when all are included. */
void scale_finish(Scale *scale, Arena *arena);

/* The scale's own drawing: a line with a few round values. */
void gauge_axis(Buffer *out, const Scale *scale, Arena *arena);

/* The outcome on the scale; nothing if no numbers were compared.  `label` says it in words. */
void gauge_draw(Buffer *out, const Scale *scale, const Outcome *outcome, const char *label,
                Arena *arena);

#endif
