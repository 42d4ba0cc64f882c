/*
 * Layout: where things stand in a JSON text, which jansson does not tell.
 *
 * The text must have been accepted by jansson already: nothing is checked again here.
 */
#ifndef WARRANT_LAYOUT_H
#define WARRANT_LAYOUT_H

#include <stddef.h>

/* Offset of the array under a key of the outermost object (of its bracket); SIZE_MAX if none. */
size_t layout_array(const char *text, const char *key);

/* Offset of the array's item with that index, or of the closing bracket if it has no more. */
size_t layout_item(const char *text, size_t array, size_t index);

/* The line on which an offset stands, from 1. */
size_t layout_line(const char *text, size_t offset);

#endif
