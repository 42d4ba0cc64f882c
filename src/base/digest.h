/*
 * Digest: sha256 of bytes and files (libcrypto), as 64 lower-case hex digits.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_SIZE = 65 };

typedef struct Digest Digest; /* a running one */
Digest *digest_begin(void);
void digest_add(Digest *digest, const void *bytes, size_t size);

/* Adds a string with its length, so that ("ab","c") differs from ("a","bc"). */
void digest_add_string(Digest *digest, const char *string);

/* Frees. */
void digest_end(Digest *digest, char hex[DIGEST_SIZE]);

/*
 * The digest in base 64 instead: with + and / and a = behind as a content-security policy wants it,
 * or in the alphabet of URLs without the =, as in RFC 6920.
 */
enum { DIGEST_BASE64_SIZE = 45 };
void digest_base64(const char *hex, bool url, char text[DIGEST_BASE64_SIZE]);

/* Of a file's bytes; *bytes (or NULL) gets how many. Fails if it cannot be read. */
void digest_file(const char *path, char hex[DIGEST_SIZE], uint64_t *bytes);

/* The same of what is left to read of an open file; `path` is for the message. */
void digest_descriptor(int descriptor, const char *path, char hex[DIGEST_SIZE], uint64_t *bytes);

#endif
