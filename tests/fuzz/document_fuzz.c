/*
 * Pipeline files: whatever the bytes, a document or one sentence.
 */
#include "fuzz.h"
#include "warrant/document.h"

static void load(void *path)
{
    Document *document = document_load(path);
    for (size_t i = 0; i < document->claim_count; i++) {
        const Claim *claim = &document->claims[i];
        const ReadingList *readings = document_readings(document, claim);
        for (size_t j = 0; j < readings->count; j++)
            claim_expectation(claim, readings->items[j].name, NULL);
    }
    document_free(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *path = fuzz_file(0, (Span){(const char *)bytes, size});
    if (!fuzz_attempt(load, (void *)path))
        FUZZ_CHECK(fuzz_message[0] != '\0' && strchr(fuzz_message, '\n') == NULL);
    return 0;
}
