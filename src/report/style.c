#include "report/style.h"

#include <string.h>

#include "base/digest.h"

const char style_text[] = {
#include "report/style.inc" /* made from style.css by the Makefile */
};

const char *style_source(const char *style, Arena *arena)
{
    char hex[DIGEST_SIZE], text[DIGEST_BASE64_SIZE];
    Digest *digest = digest_begin();
    digest_add(digest, style, strlen(style));
    digest_end(digest, hex);
    digest_base64(hex, false, text);
    return arena_format(arena, "sha256-%s", text);
}
