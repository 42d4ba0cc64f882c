/*
 * The scan's loop, included once by each scan_*.c behind what it is made for:
 *
 *   SCAN_TARGET      attribute of functions that use the machine's instructions; part of SCAN_STEP
 *   SCAN_VARIANT     name of the ScanVariant to be defined
 *   SCAN_NAME        the same for people
 *   block_read()     the masks of 64 bytes
 *   block_find()     the mask of one byte among 64
 *   bits_count()     how many bits are set
 *   bits_first()     number of the lowest set bit; any number for none (for offsets_write())
 *   bits_parity()    bit i is the parity of bits 0 to i
 *   SCAN_WRITES_OFFSETS  is defined where there is a better offsets_write() than the one here
 *
 * Everything is inlined into the loop: left to themselves compilers pass masks through memory,
 * which doubles the time.  What happens once in many rows is in scanner.c.
 */
#include <string.h>

/* Room for what a block can hold at most, and for what is written past the last field. */
SCAN_STEP void make_room(Scan *scan)
{
    if (scan->ends_room < scan->fields + SCAN_ROOM || scan->starts_room < scan->found + SCAN_ROOM)
        scan_grow(scan);
}

#ifndef SCAN_WRITES_OFFSETS
/*
 * Writes base + i for every set bit i, `step` at a time whether there are as many or not: a branch
 * per bit would be guessed wrong once a block (Langdale and Lemire, "Parsing gigabytes of JSON per
 * second", 2019, section 3.1.4).
 */
SCAN_STEP void offsets_write(uint32_t *out, size_t base, uint64_t bits, unsigned step)
{
    do {
        for (unsigned i = 0; i < step; i++) {
            *out++ = (uint32_t)base + bits_first(bits);
            bits &= bits - 1;
        }
    } while (bits != 0);
}
#endif

/* The fields of a row that is too wide already are counted but not kept. */
SCAN_STEP void surplus_drop(Scan *scan)
{
    size_t widest = scan_widest(scan);
    if (__builtin_expect(scan->fields - scan->first > widest, 0)) {
        scan->carry.surplus += scan->fields - scan->first - widest;
        scan->fields = scan->first + widest;
    }
}

/* Closes the rows whose newlines have been found; false when the scan is to stop. */
SCAN_STEP bool rows_settle(Scan *scan, const ScanText *text)
{
    for (size_t found = scan->found; scan->rows < found;)
        if (!row_end(scan, text, scan->starts[scan->rows + 1] - 1)) {
            scan->found = scan->rows;
            return false;
        }
    surplus_drop(scan);
    return true;
}

/* Where the ends of fields and of rows go next. */
typedef struct Ends {
    uint32_t *fields, *rows;
} Ends;

SCAN_STEP void separators_note(Ends *ends, size_t at, uint64_t separators, uint64_t newlines)
{
    enum { FIELDS_STEP = 8, ROWS_STEP = 2 };
    offsets_write(ends->fields, at, separators, FIELDS_STEP);
    offsets_write(ends->rows, at + 1, newlines, ROWS_STEP);
    ends->fields += bits_count(separators);
    ends->rows += bits_count(newlines);
}

SCAN_STEP Ends ends_take(const Scan *scan)
{
    return (Ends){scan->ends + scan->fields, scan->starts + scan->found + 1};
}

/* Rows are closed some at a time: how many newlines a block has is guessed wrong too often for a
 * loop over them in every block. */
SCAN_STEP void ends_give(Scan *scan, Ends ends)
{
    scan->fields = (size_t)(ends.fields - scan->ends);
    scan->found = (size_t)(ends.rows - scan->starts) - 1;
}

/* What quotes are in a block, and where they are out of place. */
typedef struct Quotes {
    uint64_t inside, closing;
    uint64_t stray;    /* bytes behind a closing quote that may not stand there */
    uint64_t in_field; /* quotes inside an unquoted field */
} Quotes;

/*
 * Leaves in `block` only separators that stand outside quotes.  Once a quote is out of place the
 * parity behind it means nothing, but what is before is right.
 */
SCAN_STEP Quotes quotes_apply(const ScanCarry *carry, Block *block, uint64_t carriage, bool *folded)
{
    uint64_t inside = carry->inside ^ bits_parity(block->quote);
    *folded |= (block->newline & inside) != 0;
    block->newline &= ~inside;
    block->delimiter &= ~inside;
    uint64_t separators = block->newline | block->delimiter;
    uint64_t opening = block->quote & inside, closing = block->quote & ~inside;
    uint64_t after_separator = separators << 1 | carry->separator;
    uint64_t after_closing = closing << 1 | carry->closing;
    return (Quotes){
        .inside = inside,
        .closing = closing,
        .stray = after_closing & ~(separators | block->quote | (carriage & ~inside)),
        .in_field = opening & ~(after_separator | after_closing),
    };
}

SCAN_STEP void quotes_carry(ScanCarry *carry, const Quotes *quotes)
{
    carry->inside = -(quotes->inside >> 63);
    carry->closing = quotes->closing >> 63;
}

/* Moves the carry past the block, whose separators it leaves, and finds the first breach. */
SCAN_STEP Breach block_check(ScanCarry *carry, const ScanText *text, size_t at, uint64_t valid,
                             Block *block, bool *folded)
{
    Quotes quotes = quotes_apply(carry, block, block->carriage, folded);
    uint64_t carriage = block->carriage & ~quotes.inside;
    uint64_t after_carriage = carriage << 1 | carry->carriage;
    Breach breach = breach_first(at, block->nul & valid, after_carriage & ~block->newline & valid,
                                 quotes.stray & valid, quotes.in_field & valid);
    quotes_carry(carry, &quotes);
    carry->separator = (block->newline | block->delimiter) >> 63;
    carry->carriage = carriage >> 63;
    size_t end = at + bits_count(valid);
    if (block->high == 0 && carry->checked >= at) {
        carry->checked = end;
        return breach;
    }
    size_t malformed = characters_check(carry, text, at, end, block->high);
    return malformed < breach.at ? (Breach){SCAN_NOT_UTF8, malformed} : breach;
}

/* One block, of which the bytes in `valid` count; false when the scan is to stop. */
SCAN_STEP bool scan_block(Scan *scan, const ScanText *text, size_t at, Block block, uint64_t valid)
{
    block.newline &= valid;
    block.delimiter &= valid;
    block.quote &= valid;
    block.carriage &= valid;
    block.high &= valid;
    Breach breach = block_check(&scan->carry, text, at, valid, &block, &scan->folded);
    uint64_t sound = breach.at > at ? bits_below(breach.at - at) : 0;
    Ends ends = ends_take(scan);
    separators_note(&ends, at, (block.newline | block.delimiter) & sound, block.newline & sound);
    ends_give(scan, ends);
    return breach.fault == SCAN_SOUND ||
           (rows_settle(scan, text) && fault_set(scan, breach.fault, breach.at, breach.at));
}

/* Nothing but separators and quotes is in the block, and these are where they may be. */
SCAN_STEP bool block_simple(ScanCarry *carry, Block *block, bool *folded)
{
    if ((block->carriage | block->nul | block->high) != 0)
        return false;
    if ((block->quote | carry->inside | carry->closing) != 0) {
        Quotes quotes = quotes_apply(carry, block, 0, folded);
        if ((quotes.stray | quotes.in_field) != 0)
            return false;
        quotes_carry(carry, &quotes);
    }
    carry->separator = (block->newline | block->delimiter) >> 63;
    return true;
}

/*
 * Goes through simple blocks from *at on until there is another or enough has been noted.  Most
 * text is like that, and takes no more than this.  False if it has met a block that is not simple.
 */
SCAN_STEP bool scan_simple(Scan *scan, const ScanText *text, size_t *at)
{
    Ends ends = ends_take(scan);
    const uint32_t *enough = ends.fields + SCAN_ENOUGH;
    ScanCarry carry = scan->carry;
    bool folded = false, simple = carry.carriage == 0 && carry.checked == *at;
    for (; simple && text->size - *at >= BLOCK_SIZE && ends.fields < enough; *at += BLOCK_SIZE) {
        Block block = block_read(text->bytes + *at, scan->delimiter);
        simple = block_simple(&carry, &block, &folded);
        if (!simple)
            break;
        separators_note(&ends, *at, block.newline | block.delimiter, block.newline);
        carry.checked = *at + BLOCK_SIZE;
    }
    ends_give(scan, ends);
    scan->carry = carry;
    scan->folded |= folded;
    return simple;
}

static SCAN_TARGET bool scan_blocks(Scan *scan, const ScanText *text, size_t *at)
{
    bool going = true;
    while (going && text->size - *at >= BLOCK_SIZE) {
        make_room(scan);
        if (!scan_simple(scan, text, at)) {
            Block block = block_read(text->bytes + *at, scan->delimiter);
            going = scan_block(scan, text, *at, block, ~UINT64_C(0));
            *at += BLOCK_SIZE;
        }
        going = going && rows_settle(scan, text);
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
    return rest == 0 ||
           (scan_block(scan, text, at, block, bits_below(rest)) && rows_settle(scan, text));
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
