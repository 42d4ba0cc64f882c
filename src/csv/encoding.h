/*
 * Encoding: text of any encoding as UTF-8, by way of iconv.
 *
 * A byte order mark says what the file is, whatever else was said (as the WHATWG's Encoding
 * standard has it), and is dropped.  Without one and without a name the text must be UTF-8.
 */
#ifndef CSV_ENCODING_H
#define CSV_ENCODING_H

#include <stdbool.h>

#include "csv/intake.h"

typedef struct Decoder Decoder;

/* Whether iconv knows the encoding by that name. */
bool encoding_known(const char *encoding);

/* `encoding` may be NULL; `name` is the input's, for messages. */
Decoder *decoder_open(IntakeSource *source, void *context, const char *encoding, const char *name);

/*
 * An IntakeSource of UTF-8 text; `size` is at least DECODER_LEAST.  Fails with NAME:LINE on bytes
 * that the encoding does not have.
 */
enum { DECODER_LEAST = 16 };
size_t decoder_read(void *decoder, char *bytes, size_t size);

void decoder_close(Decoder *decoder);

#endif
