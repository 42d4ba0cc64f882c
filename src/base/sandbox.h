/*
 * Sandbox: what a program may still do once its command line has been read.
 *
 * A filter's input is a stranger's; should it find a way to run code of its own, that code may read
 * the inputs named on the command line and the system's shared files under /usr, write where the
 * outputs and temporary files go, and nothing else: it starts no program, opens no socket, looks
 * into no other process.  Files and folders are fenced by Landlock (Linux 5.13), calls by seccomp;
 * a kernel without one of them leaves the other, and sandbox_entered() says what there is.
 *
 * The fence cannot be left again, and threads and children inherit it.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

typedef enum GrantKind {
    GRANT_READ,   /* a file, or a folder and all below it */
    GRANT_WRITE,  /* a file that is there and is written to, a device say */
    GRANT_FOLDER, /* a folder in which files are made, written, renamed and removed */
    GRANT_EXECUTE /* a folder whose programs may be run, and read */
} GrantKind;

typedef struct Grant {
    GrantKind kind;
    const char *path; /* one that is not there grants nothing */
} Grant;

typedef struct SandboxRules {
    const Grant *grants;
    size_t count;
    bool children; /* programs may be started: those of GRANT_EXECUTE */
} SandboxRules;

/* Enters, as far as the kernel lets it. Call while there is one thread. */
void sandbox_enter(const SandboxRules *rules);

/* "Landlock and seccomp", "seccomp alone", "Landlock alone" or "nothing". */
const char *sandbox_entered(void);

#endif
