#include "csv/scanner.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "csv/block.h"

/* What one call of scan_rows() works on. */
typedef struct Chunk {
    const char *bytes;
    size_t size;
    size_t limit;
    bool last;
} Chunk;

/* A breach found in the masks of a block, before its rows have been looked at. */
typedef struct Breach {
    ScanFault fault;
    size_t at;
} Breach;

static const ScanCarry AT_ROW_START = {.separator = 1};

/* The baseline of some machines has no instruction for it, and a call would cost too much. */
static inline size_t count_bits(uint64_t bits)
{
    bits -= bits >> 1 & UINT64_C(0x5555555555555555);
    bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
    bits = (bits + (bits >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (size_t)(bits * UINT64_C(0x0101010101010101) >> 56);
}

/* Bit i is the parity of bits 0 to i. */
static inline uint64_t prefix_parity(uint64_t bits)
{
    for (unsigned step = 1; step < 64; step *= 2)
        bits ^= bits << step;
    return bits;
}

static inline uint64_t bits_below(uint64_t count)
{
    return count < 64 ? (UINT64_C(1) << count) - 1 : ~UINT64_C(0);
}

/* Room for what a block can hold at most, and for what is written past the last field. */
static void make_room(Scan *scan)
{
    enum { MORE = BLOCK_SIZE + 8, FIRST = 4096 };
    if (scan->ends_room < scan->fields + MORE) {
        scan->ends_room = scan->ends_room == 0 ? FIRST : 2 * scan->ends_room;
        scan->ends = memory_resize(scan->ends, scan->ends_room, sizeof *scan->ends);
    }
    if (scan->starts_room < scan->rows + MORE) {
        scan->starts_room = scan->starts_room == 0 ? FIRST : 2 * scan->starts_room;
        scan->starts = memory_resize(scan->starts, scan->starts_room, sizeof *scan->starts);
    }
}

/* A row past the limit is that before all else, so that chunk sizes do not decide what is said. */
static bool fault_set(Scan *scan, ScanFault fault, size_t at, size_t reached)
{
    size_t start = scan->starts[scan->rows];
    bool long_row = scan->max_row != 0 && reached - start > scan->max_row;
    scan->fault = long_row ? SCAN_TOO_LONG : fault;
    scan->fault_at = long_row ? start : at;
    return false;
}

static size_t row_fields(const Scan *scan, size_t newline)
{
    size_t count = scan->carry.surplus;
    for (size_t i = scan->first; i < scan->fields && scan->ends[i] <= newline; i++)
        count++;
    return count;
}

static bool ragged_set(Scan *scan, size_t newline)
{
    scan->fault_fields = row_fields(scan, newline);
    ScanFault fault = scan->fault_fields > scan->width ? SCAN_TOO_WIDE : SCAN_TOO_NARROW;
    return fault_set(scan, fault, scan->starts[scan->rows], scan->starts[scan->rows]);
}

static bool width_set(Scan *scan, size_t newline)
{
    size_t fields = row_fields(scan, newline);
    if (fields > SCAN_MAX_WIDTH)
        return ragged_set(scan, newline);
    scan->width = fields;
    return true;
}

/* Closes the current row at its newline; false when the scan is to stop there. */
static inline bool row_end(Scan *scan, const Chunk *chunk, size_t newline)
{
    size_t start = scan->starts[scan->rows];
    size_t end = newline > start && chunk->bytes[newline - 1] == '\r' ? newline - 1 : newline;
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
    return scan->rows < chunk->limit;
}

/*
 * Appends the offsets of the set bits, eight at a time whether there are as many or not: a branch
 * per bit would be guessed wrong once a block (Langdale and Lemire, "Parsing gigabytes of JSON per
 * second", 2019, section 3.1.4).  The bit at the top only keeps the count defined for an empty
 * mask.
 */
static inline void ends_append(Scan *scan, size_t at, uint64_t separators)
{
    uint32_t *end = scan->ends + scan->fields;
    scan->fields += count_bits(separators);
    do {
        for (unsigned i = 0; i < 8; i++) {
            *end++ = (uint32_t)at + (uint32_t)__builtin_ctzll(separators | UINT64_C(1) << 63);
            separators &= separators - 1;
        }
    } while (separators != 0);
}

/* The fields of a row that is too wide already are counted but not kept. */
static inline void surplus_drop(Scan *scan)
{
    size_t widest = scan->width != 0 ? scan->width : SCAN_MAX_WIDTH;
    if (__builtin_expect(scan->fields - scan->first > widest, 0)) {
        scan->carry.surplus += scan->fields - scan->first - widest;
        scan->fields = scan->first + widest;
    }
}

static inline bool rows_walk(Scan *scan, const Chunk *chunk, size_t at, uint64_t separators,
                             uint64_t newlines)
{
    ends_append(scan, at, separators);
    for (; newlines != 0; newlines &= newlines - 1)
        if (!row_end(scan, chunk, at + (size_t)__builtin_ctzll(newlines)))
            return false;
    surplus_drop(scan);
    return true;
}

/* Nothing but bytes that continue a character up to the end of the chunk. */
static bool character_cut(const Chunk *chunk, size_t at)
{
    if (chunk->last || chunk->size - at >= 4)
        return false;
    for (size_t i = at + 1; i < chunk->size; i++)
        if ((chunk->bytes[i] & 0xc0) != 0x80)
            return false;
    return true;
}

/*
 * Checks the characters that begin in a block; the last may reach past it, or be cut off by the end
 * of the chunk and is then left for the next call.  Gives the offset of a breach or SIZE_MAX.
 */
static size_t characters_check(ScanCarry *carry, const Chunk *chunk, size_t at, size_t end,
                               uint64_t high)
{
    size_t next = carry->checked;
    for (size_t length = 1; length != 0; next += length) {
        if (next >= at) {
            uint64_t ahead = high & ~bits_below(next - at);
            next = ahead != 0 ? at + (size_t)__builtin_ctzll(ahead) : next > end ? next : end;
        }
        if (next >= end)
            break;
        length = utf8_length(chunk->bytes + next, chunk->size - next);
    }
    carry->checked = next;
    return next >= end || character_cut(chunk, next) ? SIZE_MAX : next;
}

/* The first breach among masks; `after_carriage` marks the byte behind the culprit. */
static Breach breach_first(size_t at, uint64_t nul, uint64_t after_carriage, uint64_t after_quote,
                           uint64_t quote)
{
    uint64_t any = nul | after_carriage | after_quote | quote;
    if (any == 0)
        return (Breach){SCAN_SOUND, SIZE_MAX};
    uint64_t bit = any & -any;
    size_t offset = at + (size_t)__builtin_ctzll(any);
    if (after_carriage & bit)
        return (Breach){SCAN_CARRIAGE_RETURN, offset - 1};
    if (nul & bit)
        return (Breach){SCAN_NUL, offset};
    return (Breach){quote & bit ? SCAN_QUOTE_IN_FIELD : SCAN_AFTER_QUOTE, offset};
}

/*
 * Leaves in `block` only separators that stand outside quotes, moves the carry past the block, and
 * finds the first breach.  Once a quote is out of place the parity behind it means nothing, but
 * what is before the first breach is right.
 */
static Breach block_check(ScanCarry *carry, const Chunk *chunk, size_t at, uint64_t valid,
                          Block *block, bool *folded)
{
    uint64_t inside = carry->inside ^ (block->quote != 0 ? prefix_parity(block->quote) : 0);
    *folded |= (block->newline & inside) != 0;
    block->newline &= ~inside;
    block->delimiter &= ~inside;
    uint64_t separators = block->newline | block->delimiter;
    uint64_t opening = block->quote & inside, closing = block->quote & ~inside;
    uint64_t carriage = block->carriage & ~inside;
    uint64_t after_separator = separators << 1 | carry->separator;
    uint64_t after_closing = closing << 1 | carry->closing;
    uint64_t after_carriage = carriage << 1 | carry->carriage;
    Breach breach = breach_first(at, block->nul & valid, after_carriage & ~block->newline & valid,
                                 after_closing & ~(separators | block->quote | carriage) & valid,
                                 opening & ~(after_separator | after_closing) & valid);
    carry->inside = -(inside >> 63);
    carry->separator = separators >> 63;
    carry->closing = closing >> 63;
    carry->carriage = carriage >> 63;
    size_t end = at + count_bits(valid);
    if (block->high == 0 && carry->checked >= at) {
        carry->checked = end;
        return breach;
    }
    size_t malformed = characters_check(carry, chunk, at, end, block->high);
    return malformed < breach.at ? (Breach){SCAN_NOT_UTF8, malformed} : breach;
}

/* Nothing but delimiters and newlines here, and nothing from the block before to look after. */
static inline bool block_plain(const ScanCarry *carry, size_t at, const Block *block)
{
    return (block->quote | block->carriage | block->nul | block->high | carry->inside |
            carry->closing | carry->carriage | (uint64_t)(carry->checked ^ at)) == 0;
}

/* One block, of which the bytes in `valid` count; false when the scan is to stop. */
static inline bool scan_block(Scan *scan, const Chunk *chunk, size_t at, Block block,
                              uint64_t valid)
{
    block.newline &= valid;
    block.delimiter &= valid;
    if (__builtin_expect(block_plain(&scan->carry, at, &block), 1)) {
        uint64_t separators = block.newline | block.delimiter;
        scan->carry.separator = separators >> 63;
        scan->carry.checked = at + BLOCK_SIZE;
        return rows_walk(scan, chunk, at, separators, block.newline);
    }
    block.quote &= valid;
    block.carriage &= valid;
    block.high &= valid;
    Breach breach = block_check(&scan->carry, chunk, at, valid, &block, &scan->folded);
    uint64_t sound = breach.at > at ? bits_below(breach.at - at) : 0;
    if (!rows_walk(scan, chunk, at, (block.newline | block.delimiter) & sound,
                   block.newline & sound))
        return false;
    return breach.fault == SCAN_SOUND || fault_set(scan, breach.fault, breach.at, breach.at);
}

/* The input is at its end: a row that has begun is complete. */
static bool row_finish(Scan *scan, const Chunk *chunk)
{
    size_t start = scan->starts[scan->rows];
    if (start == chunk->size)
        return true;
    if (scan->carry.checked < chunk->size) /* a character was cut off, and stays so */
        return fault_set(scan, SCAN_NOT_UTF8, scan->carry.checked, scan->carry.checked);
    if (scan->carry.inside != 0)
        return fault_set(scan, SCAN_QUOTE_OPEN, chunk->size, chunk->size);
    if (chunk->bytes[chunk->size - 1] == '\r')
        return fault_set(scan, SCAN_CARRIAGE_RETURN, chunk->size - 1, chunk->size - 1);
    scan->ends[scan->fields++] = (uint32_t)chunk->size;
    return row_end(scan, chunk, chunk->size);
}

/* Notes how far an incomplete row was scanned in whole blocks. */
static void resume_set(Scan *scan, size_t at, size_t fields, ScanCarry carry)
{
    size_t start = scan->starts[scan->rows];
    if (at <= start)
        return;
    scan->resume_at = at - start;
    scan->resume_fields = fields - scan->first;
    scan->resume_carry = carry;
    scan->resume_carry.checked -= start;
}

/* What is left behind the last whole block. */
static void scan_tail(Scan *scan, const Chunk *chunk, size_t at)
{
    size_t fields = scan->fields, rest = chunk->size - at;
    ScanCarry carry = scan->carry;
    char padded[BLOCK_SIZE] = {0};
    memcpy(padded, chunk->bytes + at, rest);
    make_room(scan);
    Block block = block_read(padded, scan->delimiter);
    if (rest != 0 && !scan_block(scan, chunk, at, block, bits_below(rest)))
        return;
    size_t start = scan->starts[scan->rows];
    if (chunk->last)
        row_finish(scan, chunk);
    else if (scan->max_row != 0 && chunk->size - start > scan->max_row + 1)
        fault_set(scan, SCAN_TOO_LONG, start, chunk->size);
    else
        resume_set(scan, at, fields, carry);
}

/* Brings the ends of the row that was left incomplete to the front. Returns where to go on. */
static size_t scan_resume(Scan *scan)
{
    size_t at = scan->resume_at;
    for (size_t i = 0; i < scan->resume_fields; i++)
        scan->ends[i] = scan->ends[scan->first + i] - (uint32_t)scan->used;
    scan->fields = scan->resume_fields;
    scan->carry = at == 0 ? AT_ROW_START : scan->resume_carry;
    scan->folded = scan->folded && at != 0;
    scan_restart(scan);
    scan->first = scan->rows = scan->used = 0;
    scan->fault = SCAN_SOUND;
    make_room(scan);
    scan->starts[0] = 0;
    return at;
}

void scan_rows(Scan *scan, const char *bytes, size_t size, size_t limit, bool last)
{
    Chunk chunk = {bytes, size, limit, last};
    size_t at = scan_resume(scan);
    bool going = true;
    for (; going && size - at >= BLOCK_SIZE; at += BLOCK_SIZE) {
        make_room(scan);
        Block block = block_read(bytes + at, scan->delimiter);
        going = scan_block(scan, &chunk, at, block, ~UINT64_C(0));
    }
    if (going)
        scan_tail(scan, &chunk, at);
    /* A final row without newline has none to be counted. */
    scan->used = scan->starts[scan->rows] < size ? scan->starts[scan->rows] : size;
}

void scan_restart(Scan *scan)
{
    scan->resume_at = 0;
    scan->resume_fields = 0;
}

void scan_free(Scan *scan)
{
    free(scan->starts);
    free(scan->ends);
    *scan = (Scan){.delimiter = scan->delimiter};
}
