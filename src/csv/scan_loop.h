/*
 * The scan's loop, included once by each scan_*.c behind what it is made for:
 *
 *   SCAN_TARGET      attribute of functions that use the machine's instructions; part of SCAN_STEP
 *   SCAN_VARIANT     name of the ScanVariant to be defined
 *   SCAN_NAME        the same for people
 *   block_read()     the masks of 64 bytes
 *   block_find()     the mask of one byte among 64
 *   bits_count()     how many bits are set
 *   bits_first()     number of the lowest set bit; any number for none
 *   bits_parity()    bit i is the parity of bits 0 to i
 *
 * Everything is inlined into the loop: left to themselves compilers pass masks through memory,
 * which doubles the time.  What happens once in many rows is in scanner.c.
 */
#include <string.h>

/* Room for what a block can hold at most, and for what is written past the last field. */
SCAN_STEP void make_room(Scan *scan)
{
    if (scan->ends_room < scan->fields + SCAN_ROOM || scan->starts_room < scan->rows + SCAN_ROOM)
        scan_grow(scan);
}

/*
 * Appends the offsets of the set bits, eight at a time whether there are as many or not: a branch
 * per bit would be guessed wrong once a block (Langdale and Lemire, "Parsing gigabytes of JSON per
 * second", 2019, section 3.1.4).
 */
SCAN_STEP void ends_append(Scan *scan, size_t at, uint64_t separators)
{
    uint32_t *end = scan->ends + scan->fields;
    scan->fields += bits_count(separators);
    do {
        for (unsigned i = 0; i < 8; i++) {
            *end++ = (uint32_t)at + bits_first(separators);
            separators &= separators - 1;
        }
    } while (separators != 0);
}

/* The fields of a row that is too wide already are counted but not kept. */
SCAN_STEP void surplus_drop(Scan *scan)
{
    size_t widest = scan_widest(scan);
    if (__builtin_expect(scan->fields - scan->first > widest, 0)) {
        scan->carry.surplus += scan->fields - scan->first - widest;
        scan->fields = scan->first + widest;
    }
}

SCAN_STEP bool rows_walk(Scan *scan, const ScanText *text, size_t at, uint64_t separators,
                         uint64_t newlines)
{
    ends_append(scan, at, separators);
    for (; newlines != 0; newlines &= newlines - 1)
        if (!row_end(scan, text, at + (size_t)__builtin_ctzll(newlines)))
            return false;
    surplus_drop(scan);
    return true;
}

/*
 * Leaves in `block` only separators that stand outside quotes, moves the carry past the block, and
 * finds the first breach.  Once a quote is out of place the parity behind it means nothing, but
 * what is before the first breach is right.
 */
SCAN_STEP Breach block_check(ScanCarry *carry, const ScanText *text, size_t at, uint64_t valid,
                             Block *block, bool *folded)
{
    uint64_t inside = carry->inside ^ (block->quote != 0 ? bits_parity(block->quote) : 0);
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
    size_t end = at + bits_count(valid);
    if (block->high == 0 && carry->checked >= at) {
        carry->checked = end;
        return breach;
    }
    size_t malformed = characters_check(carry, text, at, end, block->high);
    return malformed < breach.at ? (Breach){SCAN_NOT_UTF8, malformed} : breach;
}

/* Nothing but delimiters and newlines here, and nothing from the block before to look after. */
SCAN_STEP bool block_plain(const ScanCarry *carry, size_t at, const Block *block)
{
    return (block->quote | block->carriage | block->nul | block->high | carry->inside |
            carry->closing | carry->carriage | (uint64_t)(carry->checked ^ at)) == 0;
}

/* One block, of which the bytes in `valid` count; false when the scan is to stop. */
SCAN_STEP bool scan_block(Scan *scan, const ScanText *text, size_t at, Block block, uint64_t valid)
{
    block.newline &= valid;
    block.delimiter &= valid;
    if (__builtin_expect(block_plain(&scan->carry, at, &block), 1)) {
        uint64_t separators = block.newline | block.delimiter;
        scan->carry.separator = separators >> 63;
        scan->carry.checked = at + BLOCK_SIZE;
        return rows_walk(scan, text, at, separators, block.newline);
    }
    block.quote &= valid;
    block.carriage &= valid;
    block.high &= valid;
    Breach breach = block_check(&scan->carry, text, at, valid, &block, &scan->folded);
    uint64_t sound = breach.at > at ? bits_below(breach.at - at) : 0;
    if (!rows_walk(scan, text, at, (block.newline | block.delimiter) & sound,
                   block.newline & sound))
        return false;
    return breach.fault == SCAN_SOUND || fault_set(scan, breach.fault, breach.at, breach.at);
}

static SCAN_TARGET bool scan_blocks(Scan *scan, const ScanText *text, size_t *at)
{
    bool going = true;
    for (; going && text->size - *at >= BLOCK_SIZE; *at += BLOCK_SIZE) {
        make_room(scan);
        Block block = block_read(text->bytes + *at, scan->delimiter);
        going = scan_block(scan, text, *at, block, ~UINT64_C(0));
    }
    return going;
}

static SCAN_TARGET bool scan_tail(Scan *scan, const ScanText *text, size_t at)
{
    char padded[BLOCK_SIZE] = {0};
    size_t rest = text->size - at;
    memcpy(padded, text->bytes + at, rest);
    make_room(scan);
    Block block = block_read(padded, scan->delimiter);
    return rest == 0 || scan_block(scan, text, at, block, bits_below(rest));
}

static SCAN_TARGET size_t count_byte(const char *bytes, size_t size, char byte)
{
    size_t count = 0, at = 0;
    for (; size - at >= BLOCK_SIZE; at += BLOCK_SIZE)
        count += bits_count(block_find(bytes + at, byte));
    for (; at < size; at++)
        count += bytes[at] == byte;
    return count;
}

const ScanVariant SCAN_VARIANT = {SCAN_NAME, scan_blocks, scan_tail, count_byte};
