#include "emit/sql.h"

#include <string.h>
#include <unistd.h>

#include "base/attempt.h"
#include "base/diagnostic.h"
#include "base/hash.h"
#include "csv/reader.h"
#include "emit/prelude.h"
#include "emit/sql_check.h"
#include "emit/sql_stage.h"
#include "warrant/build.h"
#include "warrant/invocation.h"
#include "warrant/split.h"

typedef struct Writing {
    const Script *script;
    const char *prefix; /* that the names of working columns begin with */
    Relation *tables;   /* sources, then steps, as far as they are written */
    size_t table_count;
    Buffer *out;
    const ScriptTable *step; /* being written */
    Builder builder;         /* for names that only the data have */
} Writing;

/* ---- names ---- */

static bool pipe_holds(const Pipe *pipe, const char *text)
{
    for (size_t i = 0; i < pipe->count; i++)
        for (size_t word = 0; word < pipe->stages[i].word_count; word++)
            if (strstr(pipe->stages[i].words[word], text) != NULL)
                return true;
    return false;
}

static bool is_spoken_of(const Writing *writing, const char *text)
{
    for (size_t t = 0; t < writing->table_count; t++)
        for (size_t i = 0; i < writing->tables[t].count; i++)
            if (strstr(writing->tables[t].columns[i].name, text) != NULL)
                return true;
    for (size_t i = 0; i < writing->script->step_count; i++)
        if (pipe_holds(&writing->script->steps[i].step->pipe, text))
            return true;
    return false;
}

/* "row_", or something like it that stands in no name of the pipeline. */
static const char *find_prefix(const Writing *writing)
{
    const char *prefix = "row_";
    for (size_t i = 1; is_spoken_of(writing, prefix); i++)
        prefix = arena_format(writing->script->arena, "row%zu_", i);
    return prefix;
}

/* The same for an expression, whose name must not hide a table. */
static const char *stage_name(const Writing *writing, const Stage *stage, size_t number)
{
    const char *name = NULL;
    for (const char *line = "_";; line = arena_format(writing->script->arena, "%s_", line)) {
        name = arena_format(writing->script->arena, "%s%s%zu", stage->filter->name, line, number);
        bool taken = false;
        for (size_t i = 0; i < writing->table_count; i++)
            taken = taken || strncmp(writing->tables[i].name, name, strlen(name)) == 0;
        if (!taken)
            return name;
    }
}

static const Relation *find_table(void *context, const char *name)
{
    const Writing *writing = context;
    for (size_t i = 0; i < writing->table_count; i++)
        if (strcmp(writing->tables[i].name, name) == 0)
            return &writing->tables[i];
    return NULL;
}

static void check_table_name(const char *name)
{
    if (strlen(name) > SQL_NAME_SIZE)
        fail("%s: PostgreSQL takes no name of more than %d bytes", name, (int)SQL_NAME_SIZE);
}

/* ---- sources ---- */

/* The columns of the file; when it is not there, those that the catalogue speaks of. */
static Relation read_columns(const Writing *writing, const ScriptTable *source)
{
    Arena *arena = writing->script->arena;
    char *path =
        arena_copy(arena, source->parts.items[0].path, strlen(source->parts.items[0].path));
    Trap trap;
    if (TRAP_SET(&trap)) {
        Reader *reader = reader_open(&path, 1, &(ReaderOptions){0});
        Header header = header_copy(reader_header(reader), 0, arena);
        reader_close(reader);
        trap_end(&trap);
        Relation relation = relation_make(source->name, header.width, arena);
        for (size_t i = 0; i < header.width; i++)
            relation_add(&relation, arena_copy(arena, header.names[i], strlen(header.names[i])),
                         SQL_TEXT);
        return relation;
    }
    const Resource *resource = source->resource;
    Relation relation = relation_make(source->name, resource->field_count, arena);
    for (size_t i = 0; i < resource->field_count; i++)
        relation_add(&relation, resource->fields[i].name, SQL_TEXT);
    return relation;
}

static void write_names(const Relation *relation, Buffer *out)
{
    /* NOLINTNEXTLINE: a document that was read names only tables that are there */
    for (size_t i = 0; i < relation->count; i++) {
        buffer_text(out, i == 0 ? "" : ", ");
        sql_identifier(relation->columns[i].name, out);
    }
}

static void write_load(const Relation *relation, const char *path, Buffer *out)
{
    if (strpbrk(path, "\n\r") != NULL)
        fail("%s: a path with a line break cannot stand in the script", shown(path, strlen(path)));
    buffer_text(out, "\\copy ");
    sql_identifier(relation->name, out);
    buffer_text(out, " (");
    write_names(relation, out);
    buffer_text(out, ") FROM ");
    sql_literal(span_of(path), out);
    buffer_text(out, " WITH (FORMAT csv, HEADER, FORCE_NULL (");
    write_names(relation, out);
    buffer_text(out, "))\n");
}

static void write_source(const Writing *writing, const ScriptTable *source,
                         const Relation *relation)
{
    Buffer *out = writing->out;
    buffer_byte(out, '\n');
    comment_write("-- ", source->resource->title, out);
    for (size_t i = 0; i < source->parts.count; i++)
        comment_write(
            "-- ", arena_format(writing->script->arena, "sha256 %s", source->parts.items[i].sha256),
            out);
    buffer_text(out, "CREATE TABLE ");
    sql_identifier(relation->name, out);
    buffer_format(out, " (\n    %s bigint GENERATED ALWAYS AS IDENTITY",
                  sql_row_number(writing->prefix, writing->script->arena));
    for (size_t i = 0; i < relation->count; i++) {
        buffer_text(out, ",\n    ");
        sql_identifier(relation->columns[i].name, out);
        buffer_text(out, " text COLLATE \"C\"");
    }
    buffer_text(out, "\n);\n");
    for (size_t i = 0; i < source->parts.count; i++)
        write_load(relation, source->parts.items[i].path, out);
}

/* ---- steps ---- */

/* Several tables, one behind the other. */
static Relation write_union(const Writing *writing, const Step *step, const char *name)
{
    Arena *arena = writing->script->arena;
    const char *number = sql_row_number(writing->prefix, arena);
    Buffer *out = writing->out;
    const Relation *first = find_table((void *)writing, step->from[0]);
    Relation result = relation_copy(name, first, 0, arena);
    buffer_format(out,
                  "%s AS MATERIALIZED (\n    SELECT row_number() OVER (ORDER BY %spart, %s) AS "
                  "%s, ",
                  name, writing->prefix, number, number);
    write_names(first, out);
    buffer_text(out, "\n    FROM (");
    for (size_t i = 0; i < step->from_count; i++) {
        const Relation *table = find_table((void *)writing, step->from[i]);
        buffer_format(out, "%s\n        SELECT %zu AS %spart, %s", i == 0 ? "" : " UNION ALL",
                      i + 1, writing->prefix, number);
        /* NOLINTNEXTLINE: a document that was read names only tables that are there */
        for (size_t c = 0; c < first->count; c++) {
            /* NOLINTNEXTLINE: a document that was read names only tables that are there */
            size_t column = relation_require(table, first->columns[c].name, table->name);
            buffer_text(out, ", ");
            sql_column_text(&table->columns[column], out);
            result.columns[c].form = SQL_TEXT;
        }
        buffer_text(out, " FROM ");
        /* NOLINTNEXTLINE: a document that was read names only tables that are there */
        sql_identifier(table->name, out);
    }
    buffer_text(out, "\n    ) AS parts\n)");
    return result;
}

static void write_command(const Writing *writing, const Stage *stage)
{
    Buffer command = {0};
    invocation_write(stage->words, &command);
    comment_write("-- ", buffer_string(&command), writing->out);
    buffer_free(&command);
}

typedef struct StageWork {
    Writing *writing;
    size_t number;
    SqlStage stage;
    Relation result;
} StageWork;

static void find_names(Writing *writing, size_t number, SqlStage *stage);

static void write_one(void *context)
{
    StageWork *work = context;
    if (work->stage.stage->filter == &pivot_specification)
        find_names(work->writing, work->number, &work->stage);
    work->result = sql_stage_write(&work->stage);
}

/*
 * The names that a pivot turns into columns: what its stage reads is built, as `warrant run` would.
 */
static void find_names(Writing *writing, size_t number, SqlStage *stage)
{
    Arena *arena = writing->script->arena;
    const Result *result =
        build_begun(&writing->builder, writing->script->setting, writing->step->step, number);
    if (result->state != RESULT_THERE)
        fail("its columns are those of the data, and %s", result->reason);
    char *path = arena_copy(arena, result->path, strlen(result->path));
    ColumnList list =
        expression_columns(stage_argument(stage->stage), "NAME", COLUMNS_PLAIN, arena);
    Reader *reader = reader_open(&path, 1, &(ReaderOptions){0});
    size_t column = header_require(reader_header(reader), span_of(list.columns[0].name), "NAME");
    Dictionary names = {0};
    for (Batch batch; reader_next(reader, &batch);)
        for (size_t row = 0; row < batch.rows; row++)
            dictionary_add(&names, batch_value(&batch, row, column), NULL);
    reader_close(reader);
    const char **across = arena_array(arena, names.count, sizeof *across);
    for (size_t i = 0; i < names.count; i++)
        across[i] = arena_copy(arena, names.keys[i].at, names.keys[i].size);
    stage->across = across;
    stage->across_count = names.count;
    dictionary_free(&names);
}

static Relation write_stage(Writing *writing, size_t number, const Relation *input)
{
    const Stage *stage = &writing->step->step->pipe.stages[number];
    const Script *script = writing->script;
    StageWork work = {.writing = writing,
                      .number = number,
                      .stage = {.stage = stage,
                                .name = stage_name(writing, stage, number + 1),
                                .input = *input,
                                .prefix = writing->prefix,
                                .parameters = &script->setting->parameters,
                                .arena = script->arena,
                                .out = writing->out}};
    if (stage->tables[0] != NULL)
        /* NOLINTNEXTLINE: a document that was read names only tables that are there */
        work.stage.reference = *find_table((void *)writing, stage->tables[0]);
    Trap trap;
    if (!attempt(write_one, &work, &trap))
        fail("%s: %s: stage %zu (%s): %s", script->setting->document->name, writing->step->name,
             number + 1, stage->filter->name, trap.message);
    return work.result;
}

static Relation write_pipe(Writing *writing)
{
    const Step *step = writing->step->step;
    /* NOLINTNEXTLINE: a document that was read names only tables that are there */
    Relation table = *find_table((void *)writing, step->from[0]);
    buffer_text(writing->out, "WITH\n");
    if (step->from_count > 1) {
        table = write_union(writing, step, "inputs");
        buffer_text(writing->out, ",\n");
    }
    for (size_t i = 0; i < step->pipe.count; i++) {
        write_command(writing, &step->pipe.stages[i]);
        table = write_stage(writing, i, &table);
        buffer_text(writing->out, i + 1 < step->pipe.count ? ",\n" : "\n");
    }
    return table;
}

static void write_step(Writing *writing)
{
    const Step *step = writing->step->step;
    Buffer *out = writing->out;
    check_table_name(step->name);
    buffer_byte(out, '\n');
    comment_write("-- ", step->name, out);
    comment_write("-- ", step->why, out);
    buffer_text(out, "CREATE TABLE ");
    sql_identifier(step->name, out);
    buffer_text(out, " AS\n");
    Relation table = write_pipe(writing);
    buffer_format(out, "SELECT * FROM %s;\n", table.name);
    table.name = step->name;
    writing->tables[writing->table_count++] = table;
}

/* ---- the script ---- */

/* A missing cell that is alone in its row is written "", which is what COPY makes of an empty text.
 */
static void write_results_columns(const Relation *table, Buffer *out)
{
    if (table->count > 1) {
        write_names(table, out);
        return;
    }
    buffer_text(out, "coalesce(");
    sql_column_text(&table->columns[0], out);
    buffer_text(out, ", '') AS ");
    sql_identifier(table->columns[0].name, out);
}

static void write_results(const Writing *writing)
{
    Buffer *out = writing->out;
    buffer_text(out,
                "\n-- psql -v out=FOLDER: each step's table as FOLDER/STEP.csv.\n\\if :{?out}\n");
    for (size_t i = 0; i < writing->table_count; i++) {
        const Relation *table = &writing->tables[i];
        if (document_step(writing->script->setting->document, table->name) == NULL)
            continue;
        buffer_format(out, "\\set file :out '/%s.csv'\nCOPY (SELECT ", table->name);
        write_results_columns(table, out);
        buffer_text(out, " FROM ");
        sql_identifier(table->name, out);
        buffer_format(out, " ORDER BY %s) TO STDOUT WITH (FORMAT csv, HEADER) \\g :file\n",
                      sql_row_number(writing->prefix, writing->script->arena));
    }
    buffer_text(out, "\\endif\n");
}

static void write_head(const Script *script, Buffer *body, Buffer *out)
{
    script_heading(script, "-- ", out);
    comment_write(
        "-- ",
        "Run it with psql -X -f in the folder that paths start from, against PostgreSQL 14 "
        "or later; nothing stays behind unless psql is given -v keep=1.\n"
        "Cells are text, an empty cell is NULL; numbers are numeric; the order of texts is "
        "that of their bytes (COLLATE \"C\"). Conditions stand in (...) IS TRUE so that "
        "their parts are tried from left to right.",
        out);
    buffer_text(out, "\n\\set ON_ERROR_STOP on\n\\set QUIET on\n\\pset null ''\n"
                     "BEGIN;\n"
                     "SET LOCAL client_encoding = 'UTF8';\n"
                     "SET LOCAL client_min_messages = warning;\n"
                     "SET LOCAL standard_conforming_strings = on;\n"
                     "CREATE SCHEMA ");
    sql_identifier(script->setting->document->name, out);
    buffer_text(out, ";\nSET LOCAL search_path TO ");
    sql_identifier(script->setting->document->name, out);
    buffer_text(out, ", pg_catalog;\n");
    prelude_write(body, out);
}

/* COPY passes over each file's header; what stands in it must be what stands in the first. */
static void check_headers(const Script *script, const ScriptTable *source)
{
    bool there = true;
    for (size_t i = 0; i < source->parts.count; i++)
        there = there && access(source->parts.items[i].path, R_OK) == 0;
    if (there)
        split_check_headers(&step_with_pipe(&(Step){0}, script->arena)->pipe, &source->parts);
}

static void read_sources(Writing *writing)
{
    const Script *script = writing->script;
    for (size_t i = 0; i < script->source_count; i++) {
        check_table_name(script->sources[i].name);
        if (script->sources[i].parts.count > 1)
            check_headers(script, &script->sources[i]);
        writing->tables[writing->table_count++] = read_columns(writing, &script->sources[i]);
    }
}

static void write_body(Writing *writing)
{
    const Script *script = writing->script;
    for (size_t i = 0; i < script->source_count; i++)
        write_source(writing, &script->sources[i], &writing->tables[i]);
    for (size_t i = 0; i < script->step_count; i++) {
        writing->step = &script->steps[i];
        /* What puts a source's files together is not needed: they are loaded into one table. */
        if (document_step(script->setting->document, writing->step->name) != NULL)
            write_step(writing);
    }
    write_results(writing);
    sql_checks_write(script, find_table, writing, writing->out);
}

void sql_write(const Script *script, Buffer *out)
{
    script_require_sources(script);
    check_table_name(script->setting->document->name);
    Buffer body = {0};
    Writing writing = {.script = script, .out = &body};
    builder_open(&writing.builder, script->setting->catalogue);
    writing.tables = arena_array(script->arena, script->source_count + script->step_count,
                                 sizeof *writing.tables);
    read_sources(&writing);
    writing.prefix = find_prefix(&writing);
    write_body(&writing);
    write_head(script, &body, out);
    buffer_text(out, buffer_string(&body));
    buffer_text(out, "\n\\if :{?keep}\nCOMMIT;\n\\else\nROLLBACK;\n\\endif\n");
    builder_close(&writing.builder);
    buffer_free(&body);
}
