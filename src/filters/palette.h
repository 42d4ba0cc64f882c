/*
 * Palette: the colours of a picture, on a light ground and on a dark one.
 *
 * Series have the colours of Okabe and Ito (Color Universal Design, 2008), which the common kinds
 * of colour blindness keep apart, in an order that alternates in lightness; past the seventh they
 * come again, and dashes, markers and hatching tell them apart.
 */
#ifndef FILTERS_PALETTE_H
#define FILTERS_PALETTE_H

typedef struct Colour {
    const char *light, *dark; /* "#rrggbb", lower case; the light ones are all different */
} Colour;

extern const Colour palette_ground, palette_ink, palette_muted, palette_axis, palette_grid;

enum { PALETTE_SERIES = 7 };

/* Of a series, and its pale form for bars that are not marked beside those that are. */
extern const Colour palette_series[PALETTE_SERIES], palette_pale[PALETTE_SERIES];

#endif
