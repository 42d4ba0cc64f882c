/*
 * Scanner: finds the structure of strict CSV in a chunk of bytes.
 *
 * One pass turns bytes into the offsets at which fields end (delimiters and newlines outside
 * quotes), and checks while passing that the text is strict: quotes only around whole fields or
 * doubled within them, no NUL, no stray carriage return, UTF-8, every row as wide as the first.
 * It copies nothing and allocates nothing per field.  Where a chunk is at fault it says only at
 * which offset and why; lines and columns are worked out by the reader when there is an error.
 *
 * The portable scanner works on words of eight bytes; others with the same contract can stand
 * beside it.
 */
#ifndef CSV_SCANNER_H
#define CSV_SCANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ScanFault {
    SCAN_SOUND = 0,
    SCAN_QUOTE_IN_FIELD,   /* a quote inside an unquoted field */
    SCAN_AFTER_QUOTE,      /* something other than a delimiter or newline after a closing quote */
    SCAN_QUOTE_OPEN,       /* the input ends inside quotes; offset of the opening quote */
    SCAN_CARRIAGE_RETURN,  /* not before a newline, outside quotes */
    SCAN_NUL,
    SCAN_NOT_UTF8,
    SCAN_EMPTY_LINE,
    SCAN_TOO_NARROW,       /* a row with fewer fields than `width`; offset of the row */
    SCAN_TOO_WIDE          /* offset of the row */
} ScanFault;

/*
 * The rows found: row r begins at starts[r]; its field c ends before ends[r * width + c] and the
 * next begins one byte behind that.  The last field's end leaves out the newline and a carriage
 * return before it.
 */
typedef struct Scan {
    char delimiter;
    size_t width; /* fields in a row; 0 before the header is known: the first row sets it */
    uint32_t *starts;
    uint32_t *ends;
    size_t rows;
    size_t starts_room, ends_room;
    size_t used;      /* bytes that belong to the whole rows found */
    ScanFault fault;  /* the first fault in reading order; rows before it are valid */
    size_t fault_at;  /* its offset */
    size_t fault_fields; /* for TOO_NARROW / TOO_WIDE: how many fields that row has */
} Scan;

/*
 * Scans bytes[0, size) which begins at the start of a row.  Stops after `limit` rows or at the last complete
 * row; with `last` a final row without newline counts as complete.  Arrays grow as needed and are
 * reused between calls.  size must be below 2^32.
 */
void scan_rows(Scan *scan, const char *bytes, size_t size, size_t limit, bool last);
void scan_free(Scan *scan);

#endif
