/*
 * Scanner, seen from inside: what its loop (scan_loop.h), which is there once for every kind of
 * register, shares with the rest (scanner.c).
 */
#ifndef CSV_SCANNING_H
#define CSV_SCANNING_H

#include "csv/block.h"
#include "csv/scanner.h"

/* What one pass of the loop is made of; each scan_*.c says which instructions it may use. */
#define SCAN_STEP static inline __attribute__((always_inline)) SCAN_TARGET

/* What one call of scan_rows() works on. */
typedef struct ScanText {
    const char *bytes;
    size_t size;
    size_t limit;
    bool last;
} ScanText;

/* A breach found in the masks of a block, before its rows have been looked at. */
typedef struct Breach {
    ScanFault fault;
    size_t at;
} Breach;

/* The scanner for one kind of register. */
typedef struct ScanVariant {
    const char *name;
    /* Scans whole blocks from *at on, which it moves past them; false when the scan is to stop. */
    bool (*blocks)(Scan *scan, const ScanText *text, size_t *at);
    /* Scans the bytes from `at` on, less than a block; likewise. */
    bool (*tail)(Scan *scan, const ScanText *text, size_t at);
    size_t (*count)(const char *bytes, size_t size, char byte);
} ScanVariant;

extern const ScanVariant scan_portable, scan_sse, scan_avx2, scan_avx512;

/* Fields after which rows are closed; what is added to rows and fields at most between two looks at
 * the room for them, and what is written past the last. */
enum { SCAN_ENOUGH = 256, SCAN_ROOM = SCAN_ENOUGH + BLOCK_SIZE + 16 };

static inline uint64_t bits_below(uint64_t count)
{
    return count < 64 ? (UINT64_C(1) << count) - 1 : ~UINT64_C(0);
}

/* Room for SCAN_ROOM more rows and fields. */
void scan_grow(Scan *scan);

/*
 * Notes a fault; false, so that a scan can end with it.  A row past the limit when `reached` was
 * scanned is that before all else, so that chunk sizes do not decide what is said.
 */
bool fault_set(Scan *scan, ScanFault fault, size_t at, size_t reached);

/* The row that ends at this newline is not as wide as it should be. */
bool ragged_set(Scan *scan, size_t newline);

/* The first row is complete, and says how wide rows are. */
bool width_set(Scan *scan, size_t newline);

/*
 * Checks the characters that begin in a block; the last may reach past it, or be cut off by the end
 * of the text and is then left for the next call.  Gives the offset of a breach or SIZE_MAX.
 */
size_t characters_check(ScanCarry *carry, const ScanText *text, size_t at, size_t end,
                        uint64_t high);

/* The first breach among masks; `after_carriage` marks the byte behind the culprit. */
Breach breach_first(size_t at, uint64_t nul, uint64_t after_carriage, uint64_t after_quote,
                    uint64_t quote);

/* Closes the current row at its newline; false when the scan is to stop there. */
static inline __attribute__((always_inline)) bool row_end(Scan *scan, const ScanText *text,
                                                          size_t newline)
{
    size_t start = scan->starts[scan->rows];
    size_t end = newline > start && text->bytes[newline - 1] == '\r' ? newline - 1 : newline;
    if (end == start)
        return fault_set(scan, SCAN_EMPTY_LINE, start, end);
    if (scan->max_row != 0 && end - start > scan->max_row)
        return fault_set(scan, SCAN_TOO_LONG, start, end);
    if (scan->width == 0 && !width_set(scan, newline))
        return false;
    /* A row is as wide as it should be if its width-th separator is this newline. */
    size_t next = scan->first + scan->width;
    if (next > scan->fields || scan->ends[next - 1] != newline)
        return ragged_set(scan, newline);
    scan->ends[next - 1] = (uint32_t)end;
    scan->first = next;
    scan->rows++;
    scan->starts[scan->rows] = (uint32_t)newline + 1;
    return scan->rows < text->limit;
}

#endif
