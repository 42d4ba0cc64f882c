#include "warrant/split.h"

#include <string.h>

#include "base/attempt.h"
#include "base/diagnostic.h"
#include "csv/reader.h"
#include "warrant/invocation.h"

/* An option may make a row-wise filter look at the whole: the first N rows are not those of a part.
 */
static bool is_row_wise(const Stage *stage)
{
    if (stage->filter->kind != STAGE_ROW_WISE)
        return false;
    for (const Option *option = stage->filter->options; option->name != NULL; option++)
        if ((option->flags & OPTION_WHOLE) && stage_has_option(stage, option->name))
            return false;
    return true;
}

static uint64_t bytes_of(const Part *parts, size_t count)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += parts[i].bytes;
    return bytes;
}

/*
 * A task ends where its share of all bytes is nearest, but has a part, and leaves one for each of
 * the tasks behind it.
 */
static void deal_out(Split *split, const Parts *parts)
{
    uint64_t all = bytes_of(parts->items, parts->count), done = 0;
    size_t at = 0;
    for (size_t task = 0; task < split->count; task++) {
        size_t begin = at, most = parts->count - (split->count - task - 1);
        uint64_t wanted = (uint64_t)((unsigned __int128)all * (task + 1) / split->count);
        do
            done += parts->items[at++].bytes;
        while (at < most &&
               (task + 1 == split->count || done + parts->items[at].bytes / 2 < wanted));
        split->tasks[task] = (SplitTask){parts->items + begin, at - begin};
    }
}

Split split_plan(const Pipe *pipe, const Parts *parts, size_t most, Arena *arena)
{
    Split split = {0};
    if (most == 0)
        return split;
    while (split.row_wise < pipe->count && is_row_wise(&pipe->stages[split.row_wise]))
        split.row_wise++;
    split.merged = split.row_wise < pipe->count &&
                   pipe->stages[split.row_wise].filter->kind == STAGE_MERGEABLE;
    if (split_stages(&split) == 0)
        return split;
    split.count = parts->count < most ? parts->count : most;
    split.tasks = arena_array(arena, split.count, sizeof *split.tasks);
    deal_out(&split, parts);
    return split;
}

size_t split_stages(const Split *split)
{
    return split->row_wise + split->merged;
}

/* "stage 2 (rank)", "stages 2 to 4 (rank, share, filter)", from 0 and up to, not with, `end`. */
static void write_stages(FILE *out, const Pipe *pipe, size_t from, size_t end)
{
    fprintf(out, end - from == 1 ? "stage %zu (" : "stages %zu to ", from + 1);
    if (end - from != 1)
        fprintf(out, "%zu (", end);
    for (size_t i = from; i < end; i++)
        fprintf(out, "%s%s", i == from ? "" : ", ", pipe->stages[i].filter->name);
    fprintf(out, ")");
}

static void explain_rest(FILE *out, const Split *split, const Pipe *pipe, const char *indent)
{
    size_t done = split_stages(split);
    fprintf(out, "%sonce:          ", indent);
    if (split->merged)
        fprintf(out, "the states are merged");
    else
        fprintf(out, "the rows that are left are put one behind the other");
    if (done < pipe->count) {
        fprintf(out, "; ");
        write_stages(out, pipe, done, pipe->count);
    }
    fprintf(out, "\n");
    if (!split->merged && done < pipe->count)
        fprintf(out,
                "%scost:          every row that is left passes through one place, since %s needs "
                "all of them\n",
                indent, pipe->stages[done].filter->name);
}

void split_explain(FILE *out, const Split *split, const Pipe *pipe, size_t files,
                   const char *indent)
{
    if (split->count == 0) {
        fprintf(out,
                "%sonce:          all stages, on the %zu parts one behind the other\n"
                "%scost:          every row of the table passes through one place, since %s needs "
                "all of them\n",
                indent, files, indent, pipe->stages[0].filter->name);
        return;
    }
    fprintf(out, "%sper part (%zu):  ", indent, split->count);
    write_stages(out, pipe, 0, split_stages(split));
    fprintf(out, "%s\n", split->merged ? ", to a state" : "");
    explain_rest(out, split, pipe, indent);
}

/* Two readers that attempt() may leave open. */
typedef struct HeaderCheck {
    const Parts *parts;
    ReaderOptions options;
    Reader *first, *other;
    char *first_path, *path; /* which the readers point to */
    size_t at;
} HeaderCheck;

static void check_header(void *context)
{
    HeaderCheck *check = context;
    char *path = check->path = (char *)check->parts->items[check->at].path;
    if (check->at == 0) {
        check->first_path = path;
        check->options.held = &check->first;
        reader_open(&check->first_path, 1, &check->options);
        return;
    }
    check->options.held = &check->other;
    reader_open(&check->path, 1, &check->options);
    const Header *one = reader_header(check->first), *two = reader_header(check->other);
    for (size_t i = 0; i < one->width && i < two->width; i++)
        if (strcmp(one->names[i], two->names[i]) != 0)
            fail("%s:1: column %zu is \"%s\" where %s has \"%s\"", path, i + 1,
                 shown(two->names[i], strlen(two->names[i])), check->first_path,
                 shown(one->names[i], strlen(one->names[i])));
    if (one->width != two->width)
        fail("%s:1: %zu column%s where %s has %zu", path, two->width, two->width == 1 ? "" : "s",
             check->first_path, one->width);
}

static char delimiter_of(const Stage *stage)
{
    const char *text = stage_option(stage, "delimiter");
    return text == NULL ? ',' : strcmp(text, "\\t") == 0 ? '\t' : text[0];
}

void split_check_headers(const Pipe *pipe, const Parts *parts)
{
    HeaderCheck check = {.parts = parts, .options.delimiter = delimiter_of(&pipe->stages[0])};
    bool same = true;
    Trap trap;
    for (; check.at < parts->count && same; check.at++) {
        same = attempt(check_header, &check, &trap);
        if (check.other != NULL)
            reader_close(check.other);
        check.other = NULL;
    }
    if (check.first != NULL)
        reader_close(check.first);
    if (!same)
        fail("%s", trap.message);
}
