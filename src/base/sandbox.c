#define _GNU_SOURCE /* O_PATH, syscall */
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights that came after the first version of Landlock, which older headers do not name. */
enum { REFER = 1 << 13, TRUNCATE = 1 << 14 };

enum {
    READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
    EXECUTE = LANDLOCK_ACCESS_FS_EXECUTE,
    WRITE_FILE = LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE,
    MAKE = LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
           LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG,
    OTHER = LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_SOCK |
            LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
            LANDLOCK_ACCESS_FS_MAKE_SYM,
    FILE_RIGHTS = LANDLOCK_ACCESS_FS_READ_FILE | EXECUTE | WRITE_FILE
};

/* The sanitizers look at a process from another one at its end. */
#if defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#elif defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED true
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

static bool landlocked, filtered;

/* ---- Landlock ---- */

static uint64_t rights_of(GrantKind kind)
{
    switch (kind) {
    case GRANT_READ:
        return READ;
    case GRANT_WRITE:
        return WRITE_FILE;
    case GRANT_FOLDER:
        return READ | WRITE_FILE | MAKE | REFER;
    default:
        return READ | EXECUTE;
    }
}

/* What is not there, or is no file or folder of a file system, needs no rule. */
static void landlock_grant(int ruleset, const Grant *grant, uint64_t handled)
{
    struct stat status;
    int descriptor = open(grant->path, O_PATH | O_CLOEXEC);
    if (descriptor < 0)
        return;
    if (fstat(descriptor, &status) == 0) {
        uint64_t rights = rights_of(grant->kind) & handled;
        if (!S_ISDIR(status.st_mode))
            rights &= FILE_RIGHTS;
        struct landlock_path_beneath_attr rule = {.allowed_access = rights,
                                                  .parent_fd = descriptor};
        syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    }
    close(descriptor);
}

static bool landlock_enter(const SandboxRules *rules)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return false;
    uint64_t handled = READ | EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | MAKE | OTHER;
    if (version >= 2)
        handled |= REFER;
    if (version >= 3)
        handled |= TRUNCATE;
    struct landlock_ruleset_attr attributes = {.handled_access_fs = handled};
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (ruleset < 0)
        return false;
    for (size_t i = 0; i < rules->count; i++)
        landlock_grant(ruleset, &rules->grants[i], handled);
    bool entered = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    close(ruleset);
    return entered;
}

/* ---- seccomp ---- */

/* Nothing that computes on files needs these; a program that tries is told it may not. */
static const int refused[] = {
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(kcmp),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(setns),
    SCMP_SYS(unshare),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(chmod),
    SCMP_SYS(chown),
    SCMP_SYS(setxattr),
    SCMP_SYS(symlink),
    SCMP_SYS(symlinkat),
};

/* Threads are made with clone() once clone3(), whose flags a filter cannot see, is said to be
 * missing. */
static bool refuse_children(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(fork), 0) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(vfork), 0) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(execve), 0) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(execveat), 0) == 0;
}

static bool filter_enter(const SandboxRules *rules)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL)
        return false;
    bool good = rules->children || refuse_children(filter);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        good = good && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0) == 0;
    good = good && seccomp_load(filter) == 0;
    seccomp_release(filter);
    return good;
}

/* ---- both ---- */

void sandbox_enter(const SandboxRules *rules)
{
    if (SANITIZED || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return;
    landlocked = landlock_enter(rules);
    filtered = filter_enter(rules);
}

const char *sandbox_entered(void)
{
    static const char *const words[] = {"nothing", "Landlock alone", "seccomp alone",
                                        "Landlock and seccomp"};
    return words[(filtered ? 2 : 0) + (landlocked ? 1 : 0)];
}
