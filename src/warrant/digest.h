/*
 * Digest: sha256 of bytes and files (libcrypto), as 64 lower-case hex digits.
 */
#ifndef WARRANT_DIGEST_H
#define WARRANT_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_SIZE = 65 };

typedef struct Digest Digest; /* a running one */
Digest *digest_begin(void);
void digest_add(Digest *digest, const void *bytes, size_t size);

/* Adds a string with its length, so that ("ab","c") differs from ("a","bc"). */
void digest_add_string(Digest *digest, const char *string);
void digest_end(Digest *digest, char hex[DIGEST_SIZE]);

/* Of a file's bytes; *bytes (or NULL) gets how many. Fails if it cannot be read. */
void digest_file(const char *path, char hex[DIGEST_SIZE], uint64_t *bytes);

/*
 * The same, remembered between runs by device, inode, size and times in CACHE_FOLDER/digests; a
 * file that changes within the clock's resolution of being hashed is not remembered.
 */
void digest_file_remembered(const char *path, const char *cache_folder, char hex[DIGEST_SIZE]);

#endif
