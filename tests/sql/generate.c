/*
 * generate SEED FOLDER: a random project in a folder that is there - two tables with one header,
 * two to look things up in, a catalogue, and pipelines/random-SEED.yaml with one to three steps.
 * Most pipelines can be run; those that divide by zero or total negative parts must fail both ways.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/digest.h"
#include "chance.h"
#include "stages.h"

static const char *folder;

static void save(const char *path, const Buffer *text)
{
    char name[4096];
    snprintf(name, sizeof name, "%s/%s", folder, path);
    FILE *file = fopen(name, "w");
    if (file == NULL || fwrite(text->at, 1, text->size, file) != text->size || fclose(file) != 0) {
        perror(name);
        exit(1);
    }
}

/* What the catalogue says of the columns is not looked at here, only that there are some. */
static void save_table(const char *name, const Buffer *text, Buffer *catalogue)
{
    char path[100], hex[DIGEST_SIZE];
    snprintf(path, sizeof path, "data/%s.csv", name);
    save(path, text);
    Digest *digest = digest_begin();
    digest_add(digest, text->at, text->size);
    digest_end(digest, hex);
    buffer_format(catalogue,
                  "%s{\"name\": \"%s\", \"path\": \"%s.csv\", \"bytes\": %zu, \"hash\": "
                  "\"sha256:%s\", \"title\": \"%s\", \"schema\": {\"fields\": "
                  "[{\"name\": \"code\", \"type\": \"string\"}]}}",
                  catalogue->size < 100 ? "" : ",\n", name, name, text->size, hex, name);
}

static void write_step(Buffer *yaml, Stages *s, const char *name, const char *from)
{
    for (size_t tries = 1 + any(4); s->count == 0 || tries > 0; tries -= tries > 0)
        stage(s);
    /* Last, since PostgreSQL does not try what nothing reads. */
    if (chance(8))
        require(s);
    buffer_format(yaml, "  %s:\n    from: %s\n    pipe: |\n      %s\n", name, from,
                  buffer_string(&s->out));
}

static void write_pipeline(const Table *facts, const char *seed)
{
    Buffer yaml = {0};
    buffer_text(&yaml, "version: 1\ntitle: Random\n"
                       "params: { n: 2, m: -1.50, q: 0.25, t: \"Éire's\", numbers: [1, 2.0, 10], "
                       "texts: [US, \"it's\", \"é\"], none: [] }\n"
                       "sources:\n  facts: { resource: facts }\n  more: { resource: more }\n"
                       "  both: { resource: [facts, more] }\n"
                       "  names: { resource: names }\n  many: { resource: many }\n"
                       "  pairs: { resource: pairs }\nsteps:\n");
    Stages first = {.table = *facts};
    static const char *const inputs[] = {"facts", "facts", "both", "[facts, more]"};
    write_step(&yaml, &first, "first", ONE_OF(inputs));
    stages_know(&first.table);
    if (chance(50)) {
        Stages second = {.table = first.table, .made = 100};
        write_step(&yaml, &second, "second", "first");
    }
    if (chance(30)) {
        Stages third = {.table = *facts, .made = 200};
        write_step(&yaml, &third, "third", chance(50) ? "more" : "[more, facts]");
    }
    char path[100];
    snprintf(path, sizeof path, "pipelines/random-%s.yaml", seed);
    save(path, &yaml);
    buffer_free(&yaml);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: generate SEED FOLDER\n");
        return 64;
    }
    chance_seed(strtoull(argv[1], NULL, 10));
    folder = argv[2];
    Table facts = {.name = "facts"};
    make_columns(&facts);
    unsigned missing = chance(80) ? (unsigned)any(30) : 0;
    Buffer catalogue = {0}, table = {0};
    buffer_text(&catalogue, "{\"name\": \"random\", \"resources\": [\n");
    write_header(&table, &facts);
    write_rows(&table, &facts, chance(90) ? 1 + any(60) : 0, missing);
    save_table("facts", &table, &catalogue);
    table.size = 0;
    write_header(&table, &facts);
    write_rows(&table, &facts, any(20), missing);
    save_table("more", &table, &catalogue);
    for (size_t many = 0; many < 2; many++) {
        table.size = 0;
        write_reference(&table, many == 1);
        save_table(many == 1 ? "many" : "names", &table, &catalogue);
    }
    table.size = 0;
    write_pairs(&table);
    save_table("pairs", &table, &catalogue);
    buffer_text(&catalogue, "\n]}\n");
    save("data/datapackage.json", &catalogue);
    write_pipeline(&facts, argv[1]);
    return 0;
}
