/*
 * Gnuplot: the program that draws what `plot` describes.
 *
 * It is found by PATH and started without a shell, without its user's settings, with an environment
 * of our own.  Script, picture and complaints go through files without a name, so neither side can
 * wait for the other.
 */
#ifndef FILTERS_GNUPLOT_H
#define FILTERS_GNUPLOT_H

#include "base/text.h"

/*
 * Runs the script and appends what gnuplot writes to its standard output.  Fails when gnuplot is
 * not there, ends with another status than 0, or complains.
 */
void gnuplot_run(Span script, Buffer *picture);

/* Appends text as a string in which gnuplot finds nothing to act on. */
void gnuplot_quote(Buffer *script, Span text);

#endif
