#define _GNU_SOURCE /* O_TMPFILE, mkostemp */
#include "base/spill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diagnostic.h"
#include "base/memory.h"

const char *spill_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder == NULL || folder[0] == '\0' ? "/tmp" : folder;
}

static _Noreturn void fail_spill(const char *doing)
{
    const char *reason = strerror(errno);
    fail_exhausted("%s: cannot %s a temporary file: %s (TMPDIR says where, --memory how much)",
                   spill_folder(), doing, reason);
}

/* Where the file system cannot make a file without a name, it loses its name at once. */
static int open_hidden(void)
{
    const char *folder = spill_folder();
    int descriptor = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor >= 0)
        return descriptor;
    size_t room = strlen(folder) + sizeof "/warrant.XXXXXX";
    char *name = memory_array(room, 1);
    snprintf(name, room, "%s/warrant.XXXXXX", folder);
    descriptor = mkostemp(name, O_CLOEXEC);
    if (descriptor < 0) {
        free(name);
        fail_spill("make");
    }
    unlink(name);
    free(name);
    return descriptor;
}

void spill_open(Spill *spill)
{
    if (spill->file == 0)
        spill->file = open_hidden() + 1;
}

uint64_t spill_put(Spill *spill, const void *bytes, size_t size)
{
    uint64_t offset = atomic_fetch_add(&spill->size, size);
    for (size_t done = 0; done < size;) {
        ssize_t put = pwrite(spill->file - 1, (const char *)bytes + done, size - done,
                             (off_t)(offset + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            fail_spill("write");
        done += (size_t)put;
    }
    return offset;
}

void spill_get(const Spill *spill, uint64_t offset, void *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t got =
            pread(spill->file - 1, (char *)bytes + done, size - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            errno = EIO;
        if (got <= 0)
            fail_spill("read");
        done += (size_t)got;
    }
}

uint64_t spill_size(const Spill *spill)
{
    return spill->size;
}

void spill_close(Spill *spill)
{
    if (spill->file != 0)
        close(spill->file - 1);
    *spill = (Spill){0};
}
