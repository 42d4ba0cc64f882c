/*
 * ingest: whatever the file and the dialect, strict CSV or one sentence.
 *
 * First byte: which of the command lines below; the rest: the file.
 */
#include "../unit/csv_oracle.h"
#include "fuzz.h"
#include "mains.h"

enum { MOST_WORDS = 10 };
static const char *const commands[][MOST_WORDS] = {
    {NULL},
    {"-d", ";", "--decimal", ",", "--thousands", ".", NULL},
    {"-d", "\\t", "--quote", "none", NULL},
    {"--quote", "'", "--escape", "\\", NULL},
    {"--no-header", "--trim", NULL},
    {"--skip", "1", "--header", "2", "--footer", "1", NULL},
    {"--missing", ":", "--trim", "--rename-duplicates", NULL},
    {"--encoding", "latin1", NULL},
    {"--encoding", "utf-16", NULL},
    {"--encoding", "windows-1252", "-d", "|", NULL},
    {"--file-column", "file", "--rename", "1=first", NULL},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

typedef struct Command {
    int count;
    char *words[MOST_WORDS + 4];
} Command;

static void ingest(void *context)
{
    Command *command = context;
    FUZZ_CHECK(ingest_main(command->count, command->words) == 0);
}

static Command command_of(unsigned number, const char *path)
{
    Command command = {.count = 1, .words = {(char *)"ingest"}};
    for (const char *const *word = commands[number % COMMANDS]; *word != NULL; word++)
        command.words[command.count++] = (char *)*word;
    command.words[command.count++] = (char *)"--";
    command.words[command.count++] = (char *)path;
    return command;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    FuzzInput input = {(const char *)bytes, size};
    unsigned number = fuzz_byte(&input);
    Command command = command_of(number, fuzz_file(0, fuzz_rest(&input)));
    fuzz_output();
    if (!fuzz_attempt(ingest, &command)) {
        FUZZ_CHECK(fuzz_message[0] != '\0' && strchr(fuzz_message, '\n') == NULL);
        return 0;
    }
    Span out = fuzz_contents(FUZZ_OUTPUT);
    for (const char *const *word = commands[number % COMMANDS]; *word != NULL; word++)
        if (strcmp(*word, "-d") == 0) /* the oracle knows commas only */
            return 0;
    Oracle oracle = {0};
    oracle_read(&oracle, out.at, out.size);
    FUZZ_CHECK(oracle.sound && oracle.rows > 0);
    oracle_free(&oracle);
    return 0;
}
