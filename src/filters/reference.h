/*
 * Reference: a table held in memory, to be found by key: what `lookup` joins with.
 *
 * A key is the text of one or several cells, compared bytewise; a key of which a part is missing
 * is no key.  Of each row only the cells to be taken are kept, as they stand in the file.
 */
#ifndef FILTERS_REFERENCE_H
#define FILTERS_REFERENCE_H

#include "base/hash.h"
#include "csv/reader.h"
#include "filters/columns.h"
#include "filters/likeness.h"

/* Columns that make a key, and room to join their cells. */
typedef struct KeyColumns {
    const size_t *columns;
    size_t count;
    Buffer joined;
} KeyColumns;

/*
 * A row's key, in the batch or in the key's own buffer (good until the next call); false when a
 * part is missing.
 */
bool key_read(KeyColumns *key, const Batch *batch, size_t row, Span *bytes);

/* A key for messages: parts joined by ", ".  Appends. */
void key_write(Span key, Buffer *out);

#define REFERENCE_NONE ((size_t)-1)

typedef struct Reference {
    Dictionary keys;
    size_t *first, *last; /* per key: its rows, chained in the file's order by `next` */
    size_t key_room;
    Span *taken;  /* per row: its cells, delimiters between them */
    size_t *next; /* per row: REFERENCE_NONE at the end of the chain */
    size_t count, taken_room, next_room;
    Span *names; /* the keys for messages, once one was looked for */
    Likeness likeness;
    Arena arena;
    size_t memory; /* ceiling for all this */
} Reference;       /* all zero but for the memory is an empty one */

/*
 * Reads every row.  `taken` are the columns to keep.  Unless `many`, two rows with one key are an
 * error that names the place and the key.
 */
void reference_read(Reference *reference, Reader *reader, KeyColumns *key, const ColumnRuns *taken,
                    bool many);

/* The first row with that key, or REFERENCE_NONE; the others follow in reference->next. */
size_t reference_find(const Reference *reference, Span key);

/*
 * The key that is most like this one (likeness.h), parts joined by ", ", or an empty span; good
 * until the reference is freed.  A pass over all keys, which are made ready at the first call; of a
 * reference with more than REFERENCE_LIKENESS keys none is given.
 */
enum { REFERENCE_LIKENESS = 20000 };
Span reference_nearest(Reference *reference, Span key);

void reference_free(Reference *reference);

#endif
