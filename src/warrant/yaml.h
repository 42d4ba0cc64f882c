/*
 * YAML: a file as a tree of nodes that know where they stand.
 *
 * libyaml's events make the tree, so that whatever a pipeline file has no use for is refused at the
 * first event that shows it, with "FILE:LINE:COLUMN: sentence": anchors, aliases, tags, duplicate
 * keys, keys that are not scalars, a second document, nesting past YAML_DEPTH levels (libyaml's own
 * time is quadratic in nesting), bytes that are not UTF-8, NUL.  Files end at YAML_SIZE bytes.
 *
 * Lines and columns count from 1, columns in characters.
 */
#ifndef WARRANT_YAML_H
#define WARRANT_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/memory.h"
#include "num/decimal.h"

enum { YAML_SIZE = 1024 * 1024, YAML_DEPTH = 32, YAML_KEYS = 2000 };

/* Where something stands in the file, both from 1. */
typedef struct Mark {
    size_t line, column;
} Mark;

/* A scalar's text and how its offsets lead back into the file. */
typedef struct Passage {
    const char *file;
    const char *text;
    Mark mark;     /* of the text's first character */
    size_t indent; /* literal block: blanks before each of its lines */
    bool literal;  /* lines of the text are lines of the file */
    bool folded;   /* lines were joined: only the beginning is known */
} Passage;

typedef enum NodeKind { NODE_SCALAR, NODE_LIST, NODE_MAP } NodeKind;

typedef struct Node {
    NodeKind kind;
    Mark mark;
    Passage passage;    /* scalar: its text, never with a NUL inside; all: the file */
    bool quoted;        /* scalar: in quotes or a block, thus text even if it reads as a number */
    struct Node *keys;  /* map: scalars, each once */
    struct Node *items; /* list, map */
    size_t count;
} Node;

/* The file's one document, in the arena; fails with a sentence. */
const Node *yaml_load(const char *path, Arena *arena);

/* fail() with "FILE:LINE:COLUMN: " before the text. */
_Noreturn void place_fail(const char *file, Mark mark, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
_Noreturn void node_fail(const Node *node, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Where the byte at that offset of the text stands. */
Mark passage_mark(const Passage *passage, size_t offset);

/* Fails unless the node is of that kind; `what` is the key it stands under. */
void node_require(const Node *node, NodeKind kind, const char *what);

/* Fails on a key of the map that is not among `keys` (NULL-ended). */
void node_check_keys(const Node *map, const char *const *keys, const char *what);

/* The item under a key, or NULL. */
const Node *node_get(const Node *map, const char *key);

/* A plain scalar that is empty, ~ or null. */
bool node_is_null(const Node *node);

/* The text of a scalar that is neither null nor empty. */
const char *node_text(const Node *node, const char *what);

/* The same for the item under `key`; NULL when there is no such key. */
const char *node_get_text(const Node *map, const char *key);

/* Reads a scalar as a number whether quoted or not; false if it is none. */
bool node_number(const Node *node, Decimal *number, Arena *arena);

#endif
