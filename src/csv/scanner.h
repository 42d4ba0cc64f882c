/*
 * Scanner: finds the structure of strict CSV in a chunk of bytes.
 *
 * One pass turns bytes into the offsets at which fields end (delimiters and newlines outside
 * quotes), and checks while passing that the text is strict: quotes only around whole fields or
 * doubled within them, no NUL, no stray carriage return, UTF-8, every row as wide as the first.
 * It copies nothing and allocates nothing per field.  Where a chunk is at fault it says only at
 * which offset and why; lines and columns are worked out by the reader when there is an error.
 *
 * Blocks of 64 bytes become bit masks, by the widest registers that the processor has; the rest
 * works on masks.
 */
#ifndef CSV_SCANNER_H
#define CSV_SCANNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ScanFault {
    SCAN_SOUND = 0,
    SCAN_QUOTE_IN_FIELD,  /* a quote inside an unquoted field */
    SCAN_AFTER_QUOTE,     /* something other than a delimiter or newline after a closing quote */
    SCAN_QUOTE_OPEN,      /* the input ends inside quotes; offset of the end */
    SCAN_CARRIAGE_RETURN, /* not before a newline, outside quotes */
    SCAN_NUL,
    SCAN_NOT_UTF8,
    SCAN_EMPTY_LINE,
    SCAN_TOO_NARROW, /* a row with fewer fields than `width`; offset of the row */
    SCAN_TOO_WIDE,   /* a row with more, or a first row with more than `max_width`; likewise */
    SCAN_TOO_LONG    /* a row with more than `max_row` bytes; offset of the row */
} ScanFault;

/* A bound on the memory that a hostile first row can ask for, unless another is said, and the
 * highest that can be. */
enum { SCAN_MAX_WIDTH = 1 << 20, SCAN_TOP_WIDTH = 1 << 24 };

/* What the scanner must know of the bytes before a block. */
typedef struct ScanCarry {
    uint64_t inside;    /* all ones inside quotes, else zero */
    uint64_t separator; /* 1 if the byte before is a separator or nothing */
    uint64_t closing;   /* 1 if it is a closing quote */
    uint64_t carriage;  /* 1 if it is a carriage return outside quotes */
    size_t checked;     /* offset of the next character to be checked as UTF-8 */
    size_t surplus;     /* fields of an overlong row that were counted, not kept */
} ScanCarry;

/*
 * The rows found: row r begins at starts[r]; its field c ends before ends[r * width + c] and the
 * next begins one byte behind that.  The last field's end leaves out the newline and a carriage
 * return before it.  All zero but for the delimiter is a new scan.
 */
typedef struct Scan {
    char delimiter;
    size_t width;     /* fields in a row; 0 before the header is known: the first row sets it */
    size_t max_row;   /* longest row in bytes, newline not counted; 0: any */
    size_t max_width; /* most fields of a first row; 0: SCAN_MAX_WIDTH */
    uint32_t *starts;
    uint32_t *ends;
    size_t rows;
    size_t used;         /* bytes that belong to the whole rows found */
    ScanFault fault;     /* the first fault in reading order; rows before it are valid */
    size_t fault_at;     /* its offset */
    size_t fault_fields; /* for TOO_NARROW / TOO_WIDE: how many fields that row has */
    bool folded;         /* there may be rows that hold a newline in quotes; false: surely none */

    /* The scanner's own. */
    size_t starts_room, ends_room;
    size_t fields;    /* ends found, those of an incomplete row among them */
    size_t found;     /* newlines found: ends of rows, and of some behind them not yet closed */
    size_t first;     /* of which this is the current row's first */
    ScanCarry carry;  /* before the block at hand */
    size_t resume_at; /* offset in the incomplete row up to which it has been scanned */
    size_t resume_fields;
    ScanCarry resume_carry;
} Scan;

/* The most fields that a row may have. */
static inline size_t scan_widest(const Scan *scan)
{
    return scan->width != 0 ? scan->width : scan->max_width != 0 ? scan->max_width : SCAN_MAX_WIDTH;
}

/*
 * Scans bytes[0, size), which begins at the start of a row.  Stops after `limit` rows (at least 1)
 * or at the last complete row; with `last` a final row without newline counts as complete.
 *
 * Unless scan_restart() comes between, the next call must be given bytes from `used` on again with
 * more behind them: an incomplete row is then not scanned anew, so that rows that arrive in small
 * pieces cost no more than others.  Arrays grow as needed and are reused; size is below 2^32.
 */
void scan_rows(Scan *scan, const char *bytes, size_t size, size_t limit, bool last);

/*
 * Chooses the kind of registers: "portable", "sse", "avx2" or "avx512"; NULL: the best there are.
 * Fails as usage on another name, or if the processor has none of those.  Before anything is
 * scanned or counted, and not while other threads do that.
 */
void scanner_choose(const char *name);

/* How often a byte stands in a text; as fast as it can be read. */
size_t scanner_count(const char *bytes, size_t size, char byte);

/* Forgets an incomplete row: other bytes will come. */
void scan_restart(Scan *scan);
void scan_free(Scan *scan);

#endif
