/*
 * Help: what a filter says to --help, on one screen of 80 columns and 24 lines.
 */
#ifndef FILTERS_HELP_H
#define FILTERS_HELP_H

#include "filters/specification.h"

/* Prints it to standard output. */
void help_print(const Specification *specification);

#endif
