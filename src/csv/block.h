/*
 * Block: 64 bytes of text as bit masks, bit i for byte i.
 *
 * To turn bytes into masks is the only step of the scanner that looks at single bytes.  It is
 * written once for every kind of register (scan_portable.c, scan_sse.c, scan_avx2.c,
 * scan_avx512.c).
 */
#ifndef CSV_BLOCK_H
#define CSV_BLOCK_H

#include <stdint.h>

enum { BLOCK_SIZE = 64 };

typedef struct Block {
    uint64_t delimiter;
    uint64_t newline;
    uint64_t quote;
    uint64_t carriage; /* carriage return */
    uint64_t nul;
    uint64_t high; /* bytes past ASCII */
} Block;

#endif
