#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/file.h"
#include "base/memory.h"

struct Digest {
    EVP_MD_CTX *context;
};

/*
 * libcrypto sets itself up at the first call, and where it gets no memory for that it follows null
 * pointers later.  Nothing can be mended then: the program ends here, past any trap.
 */
static void *block_resize(void *block, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    void *resized = realloc(block, size);
    if (resized == NULL && size != 0) {
        warn("out of memory: %zu bytes", size);
        exit(EXIT_FAILED);
    }
    return resized;
}

static void *block_take(size_t size, const char *file, int line)
{
    return size == 0 ? NULL : block_resize(NULL, size, file, line);
}

static void block_free(void *block, const char *file, int line)
{
    (void)file;
    (void)line;
    free(block);
}

__attribute__((constructor)) static void blocks_are_watched(void)
{
    CRYPTO_set_mem_functions(block_take, block_resize, block_free);
}

Digest *digest_begin(void)
{
    /* Its exit handler would wait for a lock that block_resize() may have been called under. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
    Digest *digest = memory_array(1, sizeof *digest);
    digest->context = EVP_MD_CTX_new();
    if (digest->context == NULL || EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) != 1)
        fail("sha256 cannot be computed: libcrypto refuses");
    return digest;
}

void digest_add(Digest *digest, const void *bytes, size_t size)
{
    if (EVP_DigestUpdate(digest->context, bytes, size) != 1)
        fail("sha256 cannot be computed: libcrypto refuses");
}

void digest_add_string(Digest *digest, const char *string)
{
    char size[32];
    int digits = snprintf(size, sizeof size, "%zu:", strlen(string));
    digest_add(digest, size, (size_t)digits);
    digest_add(digest, string, strlen(string));
}

void digest_end(Digest *digest, char hex[DIGEST_SIZE])
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_DigestFinal_ex(digest->context, bytes, &size) != 1 || size != (DIGEST_SIZE - 1) / 2)
        fail("sha256 cannot be computed: libcrypto refuses");
    for (unsigned i = 0; i < size; i++)
        snprintf(hex + (size_t)2 * i, 3, "%02x", bytes[i]);
    EVP_MD_CTX_free(digest->context);
    free(digest);
}

void digest_descriptor(int descriptor, const char *path, char hex[DIGEST_SIZE], uint64_t *bytes)
{
    enum { CHUNK = 256 * 1024 };
    char *chunk = memory_array(CHUNK, 1);
    Digest *digest = digest_begin();
    *bytes = 0;
    for (size_t got; (got = file_read(descriptor, path, chunk, CHUNK)) != 0; *bytes += got)
        digest_add(digest, chunk, got);
    digest_end(digest, hex);
    free(chunk);
}

static unsigned nibble(char digit)
{
    return (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

/* 32 bytes give 43 characters. */
void digest_base64(const char *hex, bool url, char text[DIGEST_BASE64_SIZE])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    uint32_t bits = 0;
    unsigned waiting = 0;
    size_t used = 0;
    for (size_t i = 0; i <= DIGEST_SIZE; i++) { /* two nibbles more than there are: zero bits */
        bits = bits << 4 | (i < DIGEST_SIZE - 1 ? nibble(hex[i]) : 0);
        for (waiting += 4; waiting >= 6 && used < 43; waiting -= 6) {
            unsigned value = bits >> (waiting - 6) & 63;
            text[used++] = value < 62 ? letters[value] : (url ? "-_" : "+/")[value - 62];
        }
    }
    if (!url)
        text[used++] = '=';
    text[used] = '\0';
}

void digest_file(const char *path, char hex[DIGEST_SIZE], uint64_t *bytes)
{
    uint64_t size;
    int descriptor = file_open(path);
    digest_descriptor(descriptor, path, hex, bytes != NULL ? bytes : &size);
    close(descriptor);
}
