/*
 * Toolkit: the filters as programs, found beside `warrant` itself and nowhere else.
 *
 * Installed with a prefix before all names, as wwarrant, wfilter, …, the running executable's own
 * name tells the prefix.
 */
#ifndef WARRANT_TOOLKIT_H
#define WARRANT_TOOLKIT_H

#include "base/memory.h"

/* The size of the prefix, if the name begins with it; else 0. */
size_t toolkit_prefix(const char *name);

/* Path of the filter's program in the folder of the running executable. */
const char *toolkit_program(const char *filter, Arena *arena);

/* sha256 of that program, remembered in the cache folder; hex in the arena. */
const char *toolkit_digest(const char *filter, const char *cache_folder, Arena *arena);

#endif
