/*
 * Tables: random ones that hold what data hold - missing cells, ties, negative and very large and
 * very small numbers, several ways of writing one number, texts with quotes, commas, line breaks,
 * wildcards, letters past ASCII.
 */
#ifndef SQL_TABLES_H
#define SQL_TABLES_H

#include <stdbool.h>

#include "base/text.h"

typedef enum Kind {
    WHOLE,   /* small whole numbers, many ties */
    AMOUNT,  /* not negative, some places */
    SIGNED,  /* any sign, some places */
    WIDE,    /* forty digits, or thirty zeros behind the point */
    WRITTEN, /* one number in several spellings */
    CODE,    /* few texts */
    WORDS,   /* odd texts */
    DATE,
    DIRTY, /* numbers and what is none */
    KINDS
} Kind;

typedef struct Column {
    const char *name;
    Kind kind;
    bool taken; /* its name cannot stand bare in an expression */
} Column;

enum { COLUMNS = 40 };

typedef struct Table {
    const char *name;
    Column columns[COLUMNS];
    size_t count;
} Table;

static inline bool is_number(Kind kind)
{
    return kind <= WRITTEN;
}

static inline bool is_text(Kind kind)
{
    return kind == CODE || kind == WORDS || kind == DATE;
}

static inline bool is_written(Kind kind)
{
    return kind == WRITTEN;
}

static inline bool is_dirty(Kind kind)
{
    return kind == DIRTY;
}

static inline bool is_amount(Kind kind)
{
    return kind == AMOUNT;
}

static inline bool is_code(Kind kind)
{
    return kind == CODE;
}

static inline bool is_whole(Kind kind)
{
    return kind == WHOLE;
}

/* A column of each kind. */
void make_columns(Table *table);

/* A random column whose kind fits, or NULL. */
const Column *column_of(const Table *table, bool (*fits)(Kind kind));

/* The name as an expression takes it. */
void write_name(Buffer *out, const Column *column);

/* The CSV of a table; `missing` is how many cells in a hundred are. */
void write_header(Buffer *out, const Table *table);
void write_rows(Buffer *out, const Table *table, size_t count, unsigned missing);

/* Tables to look codes up in: one row for each, or up to three; pairs of a code and a number. */
void write_reference(Buffer *out, bool many);
void write_pairs(Buffer *out);

#endif
