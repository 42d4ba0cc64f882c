#include "csv/scanner.h"

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"
#include "base/memory.h"
#include "base/text.h"
#include "csv/scanning.h"

static const ScanCarry AT_ROW_START = {.separator = 1};

/* --- the variants --- */

static const ScanVariant *variant;

/* The fastest first. */
static const ScanVariant *const variants[] = {
#ifdef __x86_64__
    &scan_avx512,   &scan_avx2, &scan_sse,
#endif
    &scan_portable, NULL,
};

static bool runs_here(const ScanVariant *candidate)
{
#ifdef __x86_64__
    if (candidate == &scan_avx512)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi") &&
               __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("pclmul");
    if (candidate == &scan_avx2)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
               __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("pclmul");
    if (candidate == &scan_sse)
        return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt") &&
               __builtin_cpu_supports("pclmul");
#endif
    return candidate == &scan_portable;
}

static const ScanVariant *variant_fastest(void)
{
    const ScanVariant *const *candidate = variants;
    while (!runs_here(*candidate))
        candidate++;
    return *candidate;
}

static const ScanVariant *variant_named(const char *name)
{
    if (strcmp(name, "portable") != 0 && strcmp(name, "sse") != 0 && strcmp(name, "avx2") != 0 &&
        strcmp(name, "avx512") != 0)
        fail_usage("WARRANT_SCANNER: neither portable, sse, avx2 nor avx512: %s",
                   shown(name, strlen(name)));
    for (const ScanVariant *const *candidate = variants; *candidate != NULL; candidate++)
        if (strcmp((*candidate)->name, name) == 0 && runs_here(*candidate))
            return *candidate;
    fail_usage("WARRANT_SCANNER: this processor has no %s", name);
}

void scanner_choose(const char *name)
{
    variant = name == NULL ? variant_fastest() : variant_named(name);
}

size_t scanner_count(const char *bytes, size_t size, char byte)
{
    return variant->count(bytes, size, byte);
}

/* --- what the loops share --- */

void scan_grow(Scan *scan)
{
    enum { FIRST = 4096 };
    if (scan->ends_room < scan->fields + SCAN_ROOM) {
        scan->ends_room = scan->ends_room == 0 ? FIRST : 2 * scan->ends_room;
        scan->ends = memory_resize(scan->ends, scan->ends_room, sizeof *scan->ends);
    }
    if (scan->starts_room < scan->found + SCAN_ROOM) {
        scan->starts_room = scan->starts_room == 0 ? FIRST : 2 * scan->starts_room;
        scan->starts = memory_resize(scan->starts, scan->starts_room, sizeof *scan->starts);
    }
}

bool fault_set(Scan *scan, ScanFault fault, size_t at, size_t reached)
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

bool ragged_set(Scan *scan, size_t newline)
{
    scan->fault_fields = row_fields(scan, newline);
    ScanFault fault = scan->fault_fields > scan->width ? SCAN_TOO_WIDE : SCAN_TOO_NARROW;
    return fault_set(scan, fault, scan->starts[scan->rows], scan->starts[scan->rows]);
}

bool width_set(Scan *scan, size_t newline)
{
    size_t fields = row_fields(scan, newline);
    if (fields > scan_widest(scan))
        return ragged_set(scan, newline);
    scan->width = fields;
    return true;
}

/* Nothing but bytes that continue a character up to the end of the text. */
static bool character_cut(const ScanText *text, size_t at)
{
    if (text->last || text->size - at >= 4)
        return false;
    for (size_t i = at + 1; i < text->size; i++)
        if ((text->bytes[i] & 0xc0) != 0x80)
            return false;
    return true;
}

size_t characters_check(ScanCarry *carry, const ScanText *text, size_t at, size_t end,
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
        length = utf8_length(text->bytes + next, text->size - next);
    }
    carry->checked = next;
    return next >= end || character_cut(text, next) ? SIZE_MAX : next;
}

Breach breach_first(size_t at, uint64_t nul, uint64_t after_carriage, uint64_t after_quote,
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

/* --- one call --- */

/* The input is at its end: a row that has begun is complete. */
static bool row_finish(Scan *scan, const ScanText *text)
{
    size_t start = scan->starts[scan->rows];
    if (start == text->size)
        return true;
    if (scan->carry.checked < text->size) /* a character was cut off, and stays so */
        return fault_set(scan, SCAN_NOT_UTF8, scan->carry.checked, scan->carry.checked);
    if (scan->carry.inside != 0)
        return fault_set(scan, SCAN_QUOTE_OPEN, text->size, text->size);
    if (text->bytes[text->size - 1] == '\r')
        return fault_set(scan, SCAN_CARRIAGE_RETURN, text->size - 1, text->size - 1);
    scan->ends[scan->fields++] = (uint32_t)text->size;
    return row_end(scan, text, text->size);
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
static void rest_scan(Scan *scan, const ScanText *text, size_t at)
{
    size_t fields = scan->fields;
    ScanCarry carry = scan->carry;
    if (!variant->tail(scan, text, at))
        return;
    size_t start = scan->starts[scan->rows];
    if (text->last)
        row_finish(scan, text);
    else if (scan->max_row != 0 && text->size - start > scan->max_row + 1)
        fault_set(scan, SCAN_TOO_LONG, start, text->size);
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
    scan->first = scan->rows = scan->found = scan->used = 0;
    scan->fault = SCAN_SOUND;
    scan_grow(scan);
    scan->starts[0] = 0;
    return at;
}

void scan_rows(Scan *scan, const char *bytes, size_t size, size_t limit, bool last)
{
    ScanText text = {bytes, size, limit, last};
    size_t at = scan_resume(scan);
    if (variant->blocks(scan, &text, &at))
        rest_scan(scan, &text, at);
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
