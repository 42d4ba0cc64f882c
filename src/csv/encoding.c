#include "csv/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/memory.h"
#include "base/text.h"

enum { DECODER_CHUNK = 64 * 1024 };

#define NO_CONVERTER ((iconv_t)-1)

struct Decoder {
    IntakeSource *source;
    void *context;
    const char *encoding; /* NULL: UTF-8 because nothing else was said */
    const char *name;
    iconv_t converter; /* NO_CONVERTER: the text is UTF-8 */
    bool begun, ended, flushed;
    uint64_t line;  /* of the next byte to be given */
    size_t at, end; /* what is left of the chunk */
    char chunk[DECODER_CHUNK];
};

/* A slash would bring in iconv's //IGNORE, which drops text without a word. */
bool encoding_known(const char *encoding)
{
    if (encoding[0] == '\0' || strchr(encoding, '/') != NULL)
        return false;
    iconv_t converter = iconv_open("UTF-8", encoding);
    /* NOLINTNEXTLINE: what iconv_open() gives for an error holds nothing */
    if (converter == NO_CONVERTER)
        return false;
    iconv_close(converter);
    return true;
}

Decoder *decoder_open(IntakeSource *source, void *context, const char *encoding, const char *name)
{
    Decoder *decoder = memory_zeroed(1, sizeof *decoder);
    decoder->source = source;
    decoder->context = context;
    decoder->encoding = encoding;
    decoder->name = name;
    decoder->converter = NO_CONVERTER;
    decoder->line = 1;
    return decoder;
}

/* Moves what is left to the front and reads more behind it. */
static void fill(Decoder *decoder)
{
    size_t left = decoder->end - decoder->at;
    memmove(decoder->chunk, decoder->chunk + decoder->at, left);
    decoder->at = 0;
    size_t got = decoder->source(decoder->context, decoder->chunk + left, DECODER_CHUNK - left);
    decoder->end = left + got;
    decoder->ended = got == 0;
}

/* UTF-32's mark begins like UTF-16's, so it is looked for first. */
static void take_mark(Decoder *decoder)
{
    static const struct {
        const char *encoding, *bytes;
        size_t size;
    } marks[] = {
        {"UTF-8", "\xef\xbb\xbf", 3},    {"UTF-32LE", "\xff\xfe\0\0", 4},
        {"UTF-32BE", "\0\0\xfe\xff", 4}, {"UTF-16LE", "\xff\xfe", 2},
        {"UTF-16BE", "\xfe\xff", 2},
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (decoder->end < marks[i].size ||
            memcmp(decoder->chunk, marks[i].bytes, marks[i].size) != 0)
            continue;
        decoder->encoding = marks[i].encoding;
        decoder->at = marks[i].size;
        return;
    }
}

static void begin(Decoder *decoder)
{
    while (!decoder->ended && decoder->end < 4)
        fill(decoder);
    take_mark(decoder);
    const char *chunk = decoder->chunk;
    if (decoder->encoding == NULL && decoder->end >= 2 && (chunk[0] == '\0' || chunk[1] == '\0'))
        fail("%s:1: a NUL byte where text begins: if this is UTF-16, say --encoding UTF-16%s",
             decoder->name, chunk[0] == '\0' ? "BE" : "LE");
    if (decoder->encoding != NULL && strcmp(decoder->encoding, "UTF-8") != 0) {
        decoder->converter = iconv_open("UTF-8", decoder->encoding);
        if (decoder->converter == NO_CONVERTER)
            fail_errno("%s: cannot decode %s", decoder->name, decoder->encoding);
    }
    decoder->begun = true;
}

static void count_lines(Decoder *decoder, const char *bytes, size_t size)
{
    const char *end = bytes + size;
    while ((bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL) {
        decoder->line++;
        bytes++;
    }
}

static _Noreturn void fail_undecodable(const Decoder *decoder)
{
    const char *encoding = decoder->encoding == NULL ? "UTF-8" : decoder->encoding;
    fail("%s:%llu: not %s: the byte %s%s", decoder->name, (unsigned long long)decoder->line,
         encoding, shown(decoder->chunk + decoder->at, 1),
         decoder->encoding == NULL ? " (--encoding latin1, windows-1252 ... says what it is)" : "");
}

/* As much as is there and whole; a character cut by the chunk's end waits for the next. */
static size_t pass_utf8(Decoder *decoder, char *bytes, size_t size)
{
    for (;;) {
        size_t left = decoder->end - decoder->at;
        size_t good = utf8_valid(decoder->chunk + decoder->at, left < size ? left : size);
        if (good > 0) {
            memcpy(bytes, decoder->chunk + decoder->at, good);
            decoder->at += good;
            return good;
        }
        if (decoder->ended && left == 0)
            return 0;
        if (decoder->ended || left >= 4)
            fail_undecodable(decoder);
        fill(decoder);
    }
}

/* A stateful encoding may hold a last character back until it is told of the end. */
static size_t flush(Decoder *decoder, char *bytes, size_t size)
{
    char *out = bytes;
    size_t room = size;
    decoder->flushed = true;
    iconv(decoder->converter, NULL, NULL, &out, &room);
    return size - room;
}

static size_t convert(Decoder *decoder, char *bytes, size_t size)
{
    while (!decoder->flushed) {
        char *in = decoder->chunk + decoder->at, *out = bytes;
        size_t left = decoder->end - decoder->at, room = size;
        size_t result = iconv(decoder->converter, &in, &left, &out, &room);
        int reason = result == (size_t)-1 ? errno : 0;
        decoder->at = decoder->end - left;
        if (room < size)
            return size - room;
        if (reason == EILSEQ || (reason == EINVAL && decoder->ended))
            fail_undecodable(decoder);
        if (decoder->ended)
            return flush(decoder, bytes, size);
        fill(decoder);
    }
    return 0;
}

size_t decoder_read(void *context, char *bytes, size_t size)
{
    Decoder *decoder = context;
    if (!decoder->begun)
        begin(decoder);
    size_t given = decoder->converter == NO_CONVERTER ? pass_utf8(decoder, bytes, size)
                                                      : convert(decoder, bytes, size);
    count_lines(decoder, bytes, given);
    return given;
}

void decoder_close(Decoder *decoder)
{
    if (decoder->converter != NO_CONVERTER)
        iconv_close(decoder->converter);
    free(decoder);
}
