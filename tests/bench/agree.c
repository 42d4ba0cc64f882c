/*
 * agree [-a COLUMNS] [-c COUNT] OURS THEIRS: do two CSV files hold the same rows?
 *
 * Rows may come in any order, and are read by libcsv, which is not ours.  The first row of each is
 * a header and not looked at; a further row that equals it is passed over.  Cells are the same if
 * their text is, and numbers if they are equal as numbers: 12.50 is 12.5.  In the columns that -a
 * lists (from 1, commas between) they may differ by one part in a thousand million, for rivals who
 * count in binary.  With -c only the first COUNT columns are compared.
 *
 * Exit 0 if they agree; 1 after a line that says what is wrong.
 *
 * Each row is remembered as a hash of its exact cells and the values of the others, so that files
 * of five million rows need no more than a few hundred MB.
 */
#include <csv.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NEAR_MAX = 3, COLUMNS_MAX = 64 };

typedef struct Row {
    uint64_t exact;
    double near[NEAR_MAX];
    uint64_t number; /* in its file, the header being 0 */
} Row;

typedef struct Table {
    Row *rows;
    size_t count, room;
    Row row;               /* the one being read */
    uint64_t text, header; /* hash of all its cells as they stand; that of the first row */
    uint64_t number;
    size_t column, near_count;
} Table;

static bool near_columns[COLUMNS_MAX];
static size_t columns = COLUMNS_MAX;

static uint64_t hashed(uint64_t hash, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return (hash ^ 0xff) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Without the zeros at the end of a decimal fraction; other text whole. */
static size_t significant(const char *text, size_t size)
{
    size_t sign = size > 0 && text[0] == '-', digits = 0, points = 0;
    for (size_t i = sign; i < size; i++) {
        digits += text[i] >= '0' && text[i] <= '9';
        points += text[i] == '.';
    }
    if (points != 1 || digits + points + sign != size)
        return size;
    while (text[size - 1] == '0')
        size--;
    return text[size - 1] == '.' ? size - 1 : size;
}

/* libcsv trims blanks unless told that there are none. */
static int no_blank(unsigned char byte)
{
    (void)byte;
    return 0;
}

static void take_cell(void *text, size_t size, void *data)
{
    Table *table = data;
    size_t column = table->column++;
    if (column >= columns)
        return;
    table->text = hashed(table->text, text, size);
    if (!near_columns[column]) {
        table->row.exact = hashed(table->row.exact, text, significant(text, size));
        return;
    }
    char copy[64];
    snprintf(copy, sizeof copy, "%.*s", (int)size, (const char *)text);
    if (table->near_count < NEAR_MAX)
        table->row.near[table->near_count++] = strtod(copy, NULL);
}

static void take_row(int end, void *data)
{
    (void)end;
    Table *table = data;
    if (table->number == 0)
        table->header = table->text;
    else if (table->text != table->header) {
        if (table->count == table->room) {
            table->room = table->room == 0 ? 1024 : 2 * table->room;
            table->rows = realloc(table->rows, table->room * sizeof *table->rows);
            if (table->rows == NULL)
                abort();
        }
        table->row.number = table->number;
        table->rows[table->count++] = table->row;
    }
    table->number++;
    table->row = (Row){0};
    table->column = table->near_count = 0;
    table->text = 0;
}

static int by_content(const void *a, const void *b)
{
    const Row *x = a, *y = b;
    if (x->exact != y->exact)
        return x->exact < y->exact ? -1 : 1;
    for (int i = 0; i < NEAR_MAX; i++)
        if (x->near[i] != y->near[i])
            return x->near[i] < y->near[i] ? -1 : 1;
    return 0;
}

static Table table_read(const char *path)
{
    static char block[1 << 16];
    Table table = {0};
    struct csv_parser parser;
    FILE *file = fopen(path, "r");
    if (file == NULL || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        perror(path);
        exit(1);
    }
    csv_set_space_func(&parser, no_blank);
    size_t size;
    while ((size = fread(block, 1, sizeof block, file)) > 0)
        if (csv_parse(&parser, block, size, take_cell, take_row, &table) != size)
            break;
    if (csv_error(&parser) != 0 || csv_fini(&parser, take_cell, take_row, &table) != 0) {
        fprintf(stderr, "agree: %s: %s\n", path, csv_strerror(csv_error(&parser)));
        exit(1);
    }
    csv_free(&parser);
    fclose(file);
    if (table.count != 0)
        qsort(table.rows, table.count, sizeof *table.rows, by_content);
    return table;
}

static bool rows_equal(const Row *a, const Row *b)
{
    bool equal = a->exact == b->exact;
    for (int i = 0; i < NEAR_MAX; i++)
        equal = equal && fabs(a->near[i] - b->near[i]) <= 1e-9 * fabs(a->near[i]);
    return equal;
}

int main(int argc, char **argv)
{
    for (int option; (option = getopt(argc, argv, "a:c:")) != -1;) {
        if (option == 'c')
            columns = strtoul(optarg, NULL, 10);
        for (char *at = optarg; option == 'a' && *at != '\0'; at += *at == ',') {
            size_t column = strtoul(at, &at, 10);
            if (column == 0 || column > COLUMNS_MAX || (*at != ',' && *at != '\0'))
                return 64;
            near_columns[column - 1] = true;
        }
    }
    if (optind + 2 != argc)
        return 64;
    const char *ours_path = argv[optind], *theirs_path = argv[optind + 1];
    Table ours = table_read(ours_path), theirs = table_read(theirs_path);
    if (ours.count != theirs.count) {
        fprintf(stderr, "agree: %s has %zu rows, %s has %zu\n", ours_path, ours.count, theirs_path,
                theirs.count);
        return 1;
    }
    for (size_t i = 0; i < ours.count; i++)
        if (!rows_equal(&ours.rows[i], &theirs.rows[i])) {
            fprintf(stderr, "agree: row %llu of %s or row %llu of %s is not in the other\n",
                    (unsigned long long)ours.rows[i].number, ours_path,
                    (unsigned long long)theirs.rows[i].number, theirs_path);
            return 1;
        }
    return 0;
}
