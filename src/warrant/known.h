/*
 * Known: digests of files that were hashed before and have not changed since.
 */
#ifndef WARRANT_KNOWN_H
#define WARRANT_KNOWN_H

#include "base/digest.h"

/*
 * sha256 of a file, remembered between runs by device, inode, size and times in
 * CACHE_FOLDER/digests; a file that changes within the clock's resolution of being hashed is not
 * remembered.  Fails if it cannot be read.
 */
void known_digest(const char *path, const char *cache_folder, char hex[DIGEST_SIZE]);

#endif
