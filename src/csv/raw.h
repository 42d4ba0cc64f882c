/*
 * Raw: the bytes of a downloaded file, unpacked if it was compressed.
 *
 * gzip, bzip2, xz and zstd are known by their first bytes, whatever the file is called, and
 * unpacked by libarchive as they are read.
 */
#ifndef CSV_RAW_H
#define CSV_RAW_H

#include <stddef.h>
#include <stdint.h>

typedef struct Raw Raw;

/*
 * path as file_open(), and it must outlive the raw.  Fails on archives and workbooks, which hold
 * more than one table or none that is text.
 */
Raw *raw_open(const char *path);

/* An IntakeSource: up to `size` bytes, 0 at the end; fails on damaged compressed data. */
size_t raw_read(void *raw, char *bytes, size_t size);

/* Bytes read from the file so far, as they were before they were unpacked. */
uint64_t raw_bytes(const Raw *raw);

void raw_close(Raw *raw);

#endif
