#include "csv/preamble.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

enum { PREAMBLE_CHUNK = 64 * 1024, PREAMBLE_HEAD = 16 };

struct Preamble {
    IntakeSource *source;
    void *context;
    uint64_t skip;  /* lines still to be blanked */
    uint64_t lines; /* blanked so far */
    char delimiter;
    bool returned; /* a carriage return was the last byte: it ends a line if no newline follows */
    bool ended;
    size_t at, end;
    char chunk[PREAMBLE_CHUNK];
};

static void fill(Preamble *preamble)
{
    size_t got = preamble->source(preamble->context, preamble->chunk + preamble->end,
                                  PREAMBLE_CHUNK - preamble->end);
    preamble->end += got;
    preamble->ended = got == 0;
}

/* sep=; or "sep=;" and the end of the line. */
static char find_delimiter(const Preamble *preamble)
{
    const char *text = preamble->chunk;
    size_t size = preamble->end;
    bool quoted = size > 0 && text[0] == '"';
    text += quoted;
    size -= quoted;
    if (size < 6 || strncasecmp(text, "sep=", 4) != 0)
        return '\0';
    if (quoted && (size < 7 || text[5] != '"'))
        return '\0';
    char delimiter = text[4], behind = text[5 + quoted];
    bool ends = behind == '\n' || behind == '\r';
    return ends && strchr("\"\r\n", delimiter) == NULL ? delimiter : '\0';
}

Preamble *preamble_open(IntakeSource *source, void *context, uint64_t skip)
{
    Preamble *preamble = memory_zeroed(1, sizeof *preamble);
    preamble->source = source;
    preamble->context = context;
    while (!preamble->ended && preamble->end < PREAMBLE_HEAD)
        fill(preamble);
    preamble->delimiter = find_delimiter(preamble);
    preamble->skip = skip + (preamble->delimiter != '\0');
    return preamble;
}

char preamble_delimiter(const Preamble *preamble)
{
    return preamble->delimiter;
}

uint64_t preamble_lines(const Preamble *preamble)
{
    return preamble->lines;
}

static void refill(Preamble *preamble)
{
    if (preamble->at < preamble->end || preamble->ended)
        return;
    preamble->at = preamble->end = 0;
    fill(preamble);
}

/* Passes over one line; false if the text ended before it did. */
static bool skip_line(Preamble *preamble)
{
    for (;;) {
        refill(preamble);
        if (preamble->at == preamble->end)
            return preamble->returned;
        char byte = preamble->chunk[preamble->at];
        if (preamble->returned && byte != '\n')
            return true;
        preamble->at++;
        if (byte == '\n')
            return true;
        preamble->returned = byte == '\r';
    }
}

size_t preamble_read(void *context, char *bytes, size_t size)
{
    Preamble *preamble = context;
    size_t blank = 0;
    while (preamble->skip > 0 && blank < size) {
        bool whole = skip_line(preamble);
        preamble->returned = false;
        preamble->skip = whole ? preamble->skip - 1 : 0;
        if (whole)
            bytes[blank++] = '\n';
    }
    preamble->lines += blank;
    if (blank > 0)
        return blank;
    if (preamble->at == preamble->end)
        return preamble->ended ? 0 : preamble->source(preamble->context, bytes, size);
    size_t left = preamble->end - preamble->at;
    size_t taken = left < size ? left : size;
    memcpy(bytes, preamble->chunk + preamble->at, taken);
    preamble->at += taken;
    return taken;
}

void preamble_close(Preamble *preamble)
{
    free(preamble);
}
